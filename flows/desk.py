"""The desk in the Prefect UI (经办): one flow for each operation of the table, with one form; all call ``perform``."""

from __future__ import annotations

from prefect import Flow

from config.settings import load_settings
from flows.screens import publish
from flows.steps.desk.forms import DeskForm
from flows.steps.desk.operations import OPERATIONS, Operation, perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import open_workshop, system_now


def _do(name: str, form: DeskForm) -> str:
    """Do one operation now and bring the screens up to date; a refusal is the run's failure, told in one sentence."""
    now = system_now()
    with open_workshop(load_settings()) as shop:
        try:
            sentence = perform(shop, name, form, now)
        except DeskRefusal as refusal:
            raise DeskRefusal(f"没有办理：{refusal}") from None
        publish(shop, now)
    return sentence


def _attribute(operation: Operation) -> str:
    return f"desk_{operation.name.replace('-', '_')}"


def _flow_of(operation: Operation) -> Flow[[DeskForm], str]:
    """Return the flow of one operation, named so that this module holds it and Prefect can import it."""

    def act(form: DeskForm) -> str:
        return _do(operation.name, form)

    act.__name__ = act.__qualname__ = _attribute(operation)
    # Prefect makes the form that staff fill in from this annotation: the operation's own, not the common base.
    act.__annotations__["form"] = operation.form
    about = "-{form.number}" if "number" in operation.form.model_fields else ""
    return Flow(
        act,
        name=operation.title,
        description=operation.description,
        flow_run_name=f"{operation.title}{about}",
        persist_result=False,
    )


FLOWS = tuple(_flow_of(operation) for operation in OPERATIONS)
"""Every operation's flow, as ``flows.serve`` deploys them."""

# A deployment names its flow by module and attribute, and the process of a run imports it by these.
globals().update(zip(map(_attribute, OPERATIONS), FLOWS, strict=True))
