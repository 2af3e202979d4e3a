"""What the machine noted about a mail for people to settle by telephone (待电话处理): no address, a vague bounce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from store import journal
from store.states import MessageKind, MessageState, SubmissionStatus
from store.tables import LetterRow, MessageRow, SubmissionRow

NO_ADDRESS = "no-address"
"""A letter that can go to nobody, because the mail gives no usable address."""
VAGUE_BOUNCE = "bounce-vague"
"""A delivery report that names no letter, but whose recipient or subject is that of one of ours."""
SETTLED_BY = "answered-by-staff"


@dataclass(frozen=True, slots=True)
class Note:
    """One note that waits (待办)."""

    action: str
    message: str
    number: str
    sentence: str
    received: datetime


def open_notes(session: Session) -> tuple[Note, ...]:
    """Return the notes that nobody settled, oldest mail first.

    A note ends when staff say that they answered, when the mail is none of ours, when its submission was withdrawn, or
    when a later mail gave an address to which a letter could be made.
    """
    notes: dict[tuple[str, str], Note] = {}
    for entry in journal.read(session, actions=(NO_ADDRESS, VAGUE_BOUNCE)):
        row = session.get(MessageRow, str(entry.details.get("message") or ""))
        if row is None or _settled(session, row) or _answered_since(session, entry):
            continue
        number = str(entry.details.get("number") or "")
        notes[entry.action, row.sha256] = Note(entry.action, row.sha256, number, entry.sentence, row.received)
    return tuple(sorted(notes.values(), key=lambda note: (note.received, note.message, note.action)))


def has_note(session: Session, message: str) -> bool:
    """Whether a note about this mail waits."""
    return any(note.message == message for note in open_notes(session))


def _settled(session: Session, row: MessageRow) -> bool:
    if row.state is MessageState.SETTLED or row.kind is MessageKind.IRRELEVANT:
        return True
    return bool(journal.read(session, f"message:{row.sha256}", actions=(SETTLED_BY,)))


def _answered_since(session: Session, entry: journal.Entry) -> bool:
    if entry.action != NO_ADDRESS:
        return False
    number = str(entry.details.get("number") or "")
    submission = session.exec(select(SubmissionRow).where(SubmissionRow.number == number)).first() if number else None
    if submission is not None and submission.status in {SubmissionStatus.WITHDRAWN, SubmissionStatus.MERGED}:
        return True
    later = select(LetterRow.id).where(LetterRow.subject_key == entry.about, col(LetterRow.created) >= entry.at)
    return session.exec(later).first() is not None
