"""Look-ups for the desk (经办查找): mails by the beginning of their hash, files with their versions."""

from __future__ import annotations

from sqlmodel import Session, col, select

from store.tables import LeafRow, LetterRow, MessageRow, OperationRow, VersionRow


def messages_beginning(session: Session, start: str) -> list[MessageRow]:
    """Return up to three mails whose SHA-256 begins so."""
    query = select(MessageRow).where(col(MessageRow.sha256).startswith(start, autoescape=True))
    return list(session.exec(query.order_by(col(MessageRow.sha256)).limit(3)).all())


def filed(session: Session, submission_id: int) -> list[tuple[VersionRow, LeafRow]]:
    """Return a submission's versions with their leaves, in the order they were filed."""
    query = (
        select(VersionRow, LeafRow)
        .where(VersionRow.submission_id == submission_id, VersionRow.leaf_id == LeafRow.id)
        .order_by(col(VersionRow.id))
    )
    return [(version, leaf) for version, leaf in session.exec(query).all()]


def leaves(session: Session, message: str) -> list[LeafRow]:
    """Return a mail's leaves in the order of its reading."""
    query = select(LeafRow).where(LeafRow.message == message, col(LeafRow.position) >= 0)
    return list(session.exec(query.order_by(col(LeafRow.position))).all())


def letter(session: Session, letter_id: int) -> LetterRow | None:
    """Return a letter's row; None where there is no such letter."""
    return session.get(LetterRow, letter_id)


def operation(session: Session, operation_id: int) -> OperationRow | None:
    """Return a merge, split or move; None where there is no such operation."""
    return session.get(OperationRow, operation_id)
