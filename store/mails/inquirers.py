"""Who asked and sent no material (只咨询未报送者): whom reminders may go to."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from config.call import Call
from store.states import MessageKind
from store.tables import MessageRow, SubmissionMessageRow, SubmissionRow


def inquirers(session: Session, call: Call, intents: Collection[str]) -> dict[str, MessageRow]:
    """Return the last inquiry of each address that asked during this call and of which no submission is known.

    Mail in junk folders and mail older than the call are left out. Addresses stand in alphabetical order.
    """
    query = select(MessageRow).where(
        MessageRow.kind == MessageKind.INQUIRY,
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
