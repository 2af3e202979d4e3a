"""Passwords that were told in another mail (另信告知的密码): whose words may open which mail's archives."""

from __future__ import annotations

from sqlmodel import Session, and_, col, or_, select

from parsers.containers.password_clues import joined_halves
from parsers.containers.passwords import find_passwords
from parsers.facts.leaf import Role
from parsers.mail.intent import bare_password
from store.tables import LeafRow, MessageRow, SubmissionMessageRow

MOST_MAILS = 50
"""Mails whose words are looked through, the newest first."""


def told_beside(session: Session, sha256: str) -> tuple[str, ...]:
    """Return the passwords that other mails of the same sender or of the same submissions tell, the newest first."""
    row = session.get(MessageRow, sha256)
    if row is None:
        return ()
    mine = select(SubmissionMessageRow.submission_id).where(SubmissionMessageRow.message == sha256)
    beside = select(SubmissionMessageRow.message).where(col(SubmissionMessageRow.submission_id).in_(mine))
    mine_too = and_(col(MessageRow.sender_address) == row.sender_address, col(MessageRow.sender_address) != "")
    query = select(MessageRow).where(or_(col(MessageRow.sha256).in_(beside), mine_too), MessageRow.sha256 != sha256)
    mails = session.exec(query.order_by(col(MessageRow.received).desc()).limit(MOST_MAILS)).all()
    halves = joined_halves([_words(mail) for mail in (*mails, row)])
    return tuple(dict.fromkeys((*halves, *(one for mail in mails for one in _told(mail)))))


def still_shut(session: Session, sha256: str) -> tuple[str, ...]:
    """Return the other mails of the same submissions of which a file could not be opened."""
    mine = select(SubmissionMessageRow.submission_id).where(SubmissionMessageRow.message == sha256)
    query = (
        select(LeafRow.message)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.message) == LeafRow.message)
        .where(col(SubmissionMessageRow.submission_id).in_(mine), LeafRow.message != sha256)
        .where(LeafRow.role == Role.UNREADABLE.value, col(LeafRow.position) >= 0)
        .distinct()
    )
    return tuple(session.exec(query.order_by(LeafRow.message)).all())


def _words(mail: MessageRow) -> str:
    return f"{mail.subject}\n{(mail.reading or {}).get('text') or ''}"


def _told(mail: MessageRow) -> tuple[str, ...]:
    reading = mail.reading or {}
    text = str(reading.get("text") or "")
    bare = bare_password(mail.subject, text)
    return (*find_passwords((mail.subject, text)), *((bare,) if bare else ()))
