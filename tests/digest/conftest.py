"""The desk's small office, with a mailbox that the ledger can be held against."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.workshop import Workshop
from store.filing import submissions
from store.letters import outbox
from store.mails import messages
from tests.desk.conftest import SHANGHAI, number, office, shop

__all__ = ["number", "office", "shop"]

MORNING = datetime(2026, 5, 31, 8, 30, tzinfo=SHANGHAI) + timedelta(days=1)
"""The digest's hour on the day after the office's last mail."""
GOLDENS = Path(__file__).parent / "goldens"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the golden file of this name; ``ZHENGJI_ACCEPT_GOLDENS=1`` writes it anew for review."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / name
        if os.environ.get("ZHENGJI_ACCEPT_GOLDENS") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.is_file(), f"{path.name} is missing; accept it with ZHENGJI_ACCEPT_GOLDENS=1 and review it"
        assert text == path.read_text("utf-8")

    return compare


def show_mailbox(shop: Workshop, count: int, *, gaps: list[dict[str, object]] | None = None) -> None:
    """Let the server have shown so many mails in the inbox, and the last proof have found these gaps."""
    with shop.store.transaction() as session:
        row = messages.folder_row(session, "u@163.example", "INBOX")
        row.uidvalidity, row.server_count, row.last_polled = 1, count, MORNING
        row.last_reconciled, row.gaps = MORNING.replace(hour=3, minute=0), gaps or []
        session.add(row)


def recommend(shop: Workshop, number: str, recommender: str) -> None:
    """Let a submission have come by this recommender."""
    with shop.store.transaction() as session:
        row = submissions.by_number(session, number)
        assert row is not None
        row.recommender = recommender
        session.add(row)


def send_held(shop: Workshop, address: str, at: datetime) -> list[str]:
    """Release every held letter to this address and let the server take it; return their kinds."""
    with shop.store.reading() as session:
        held = [row for row in outbox.in_state(session, "held") if row.to_address == address]
    for row in held:
        perform(shop, "release", forms.LetterForm(by="李经办", reason="已核对", letters=str(row.id)), at)
        with shop.store.transaction() as session:
            assert outbox.claim(session, row.id or 0, "test", at)
            outbox.settle(session, row.id or 0, "test", at, state="sent", outcome="accepted", answer="250 OK")
    return [row.kind for row in held]
