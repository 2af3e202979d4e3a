"""What was tied by the sender alone (弱归属): which of it is doubted when the same sender applies for another firm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from store.dossier.holdings import SenderTie
from store.states import Basis

WEAK = frozenset({Basis.SENDER, Basis.UNNAMED})
"""Bases of attributions that rest on the sender alone."""

WEAK_FOR = timedelta(days=3)
"""How near two mails of one sender must be for the second to throw doubt on what the first one was tied to."""


def doubted(ties: Sequence[SenderTie], received: datetime) -> tuple[SenderTie, ...]:
    """Return the ties to take back, now that a mail received at this moment opened a submission for another firm."""
    return tuple(
        tie for tie in ties if tie.basis in WEAK and abs(tie.received - received) <= WEAK_FOR and _may_lose(tie)
    )


def _may_lose(tie: SenderTie) -> bool:
    """Whether a submission may give back what it holds by the sender alone: it has more, or it never had a name."""
    return bool(tie.bases - WEAK) or not tie.named
