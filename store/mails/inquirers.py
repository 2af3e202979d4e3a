"""Who asked and sent no material (只咨询未报送者), and of whom something lies with us: whom reminders may go to."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, or_, select

from config.call import Call
from store.states import LetterState, MessageKind, MessageState, Relation, SuggestionState, VersionState
from store.tables import (
    LeafRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)


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


def mails_from(session: Session, address: str) -> list[MessageRow]:
    """Return the mails of an address, oldest first."""
    query = select(MessageRow).where(MessageRow.sender_address == address)
    return list(session.exec(query.order_by(col(MessageRow.received), col(MessageRow.sha256))).all())


def senders_that_wait(session: Session, call: Call, asking: Collection[str]) -> frozenset[str]:
    """Return the addresses of which something lies with us undecided: the next step is ours, not theirs.

    That is a mail that was not read or could not be, lies in a junk folder, waits for an answer, or asks (``asking``)
    what staff did not answer yet; a file that waits for staff; a question to staff about a mail; a letter that waits.
    """
    senders = select(MessageRow.sender_address).where(MessageRow.received >= call.window.opens)
    waiting = senders.where(
        or_(
            col(MessageRow.state).in_([MessageState.STORED, MessageState.QUARANTINED]),
            col(MessageRow.answer_due).is_not(None),
            (col(MessageRow.junk).is_(True)) & (col(MessageRow.state) != MessageState.SETTLED),
            (col(MessageRow.kind) == MessageKind.INQUIRY)
            & col(MessageRow.intent).in_(list(asking))
            & (col(MessageRow.state) != MessageState.SETTLED),
        )
    )
    asked_about = senders.join(SuggestionRow, col(SuggestionRow.message) == MessageRow.sha256).where(
        SuggestionRow.state == SuggestionState.OPEN
    )
    pending = (
        senders.join(LeafRow, col(LeafRow.message) == MessageRow.sha256)
        .join(VersionRow, col(VersionRow.leaf_id) == LeafRow.id)
        .where(VersionRow.state == VersionState.PENDING)
    )
    held = select(LetterRow.to_address).where(LetterRow.state == LetterState.HELD)
    return frozenset(
        address for query in (waiting, asked_about, pending, held) for address in session.exec(query) if address
    )


def submissions_that_wait(session: Session, call: Call) -> frozenset[int]:
    """Return the submissions of which something is undecided: an answer, a letter, a stranger's mail, a question."""
    own = select(SubmissionRow.id).where(SubmissionRow.call == call.id)
    due = own.where(col(SubmissionRow.answer_due).is_not(None))
    asked_about = own.join(SuggestionRow, col(SuggestionRow.submission_id) == SubmissionRow.id).where(
        SuggestionRow.state == SuggestionState.OPEN
    )
    held = own.join(LetterRow, col(LetterRow.submission_id) == SubmissionRow.id).where(
        LetterRow.state == LetterState.HELD
    )
    pending = own.join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id).where(
        SubmissionMessageRow.relation == Relation.PENDING
    )
    pending = pending.join(LeafRow, col(LeafRow.message) == SubmissionMessageRow.message)
    pending = pending.join(VersionRow, col(VersionRow.leaf_id) == LeafRow.id).where(
        VersionRow.state == VersionState.PENDING, VersionRow.submission_id == SubmissionRow.id
    )
    return frozenset(
        number for query in (due, asked_about, held, pending) for number in session.exec(query) if number is not None
    )
