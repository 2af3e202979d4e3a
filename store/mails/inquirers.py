"""Who asked and sent no material (只咨询未报送者), and which letters were made of late: what reminders need to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from config.call import Call
from store.tables import LetterRow, MessageRow, SubmissionMessageRow, SubmissionRow


def askers(session: Session, call: Call, intents: Collection[str]) -> dict[str, MessageRow]:
    """Return the last inquiry of each address that asked during this call and of which no submission is known.

    Mail in junk folders and mail older than the call are left out. Addresses stand in alphabetical order.
    """
    query = select(MessageRow).where(
        MessageRow.kind == "inquiry",
        col(MessageRow.intent).in_(list(intents)),
        col(MessageRow.junk).is_(False),
        col(MessageRow.before_call).is_(False),
        MessageRow.received >= call.window.opens,
    )
    asked = {row.sender_address: row for row in session.exec(query.order_by(col(MessageRow.received))).all()}
    sent = set(
        session.exec(
            select(MessageRow.sender_address)
            .join(SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256)
            .join(SubmissionRow, col(SubmissionRow.id) == SubmissionMessageRow.submission_id)
            .where(SubmissionRow.call == call.id)
        ).all()
    )
    return {address: asked[address] for address in sorted(asked) if address and address not in sent}


def letters_to(session: Session, address: str) -> list[LetterRow]:
    """Return the letters made for this address, oldest first."""
    query = select(LetterRow).where(LetterRow.to_address == address)
    return list(session.exec(query.order_by(col(LetterRow.id))).all())


def made_since(session: Session, kinds: Collection[str], since: datetime) -> int:
    """Return how many letters of these kinds were made after this moment."""
    query = select(LetterRow.id).where(col(LetterRow.kind).in_(list(kinds)), LetterRow.created > since)
    return len(session.exec(query).all())
