"""Which exceptions are refusals (拒绝的理由): told in a sentence each, never as a traceback."""

from __future__ import annotations

from config.load import CallFault
from config.settings import SettingsFault
from flows.steps.orchestrator import OrchestratorError
from flows.transport.ports import TransportError
from store.engine import StoreError, sentence_of


def sentences_of(error: Exception) -> tuple[str, ...]:
    """Return the sentences that tell a person what is wrong and how to mend it; empty where it is our own fault."""
    if isinstance(error, SettingsFault | CallFault):
        return tuple(str(fault) for fault in error.faults)
    if isinstance(error, TransportError):
        return (error.sentence,)
    if isinstance(error, StoreError | OrchestratorError):
        return (str(error),)
    told = sentence_of(error)
    return (told,) if told else ()
