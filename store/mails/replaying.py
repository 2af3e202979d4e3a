"""What a replay takes over besides raw mail (重放所需): lists, and the mails as they came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, SQLModel, col, select

from store.tables import LetterRow, ListEntryRow, ListRow, MessageRow

_AS_IT_CAME = (
    "sha256",
    "size",
    "account",
    "message_id",
    "received",
    "received_evidence",
    "received_doubt",
    "told_size",
    "fetch_doubt",
    "fetched",
    "folder",
)


def mails_by_round(session: Session) -> list[tuple[datetime, list[MessageRow]]]:
    """Return the mails grouped by the poll that fetched them, in order; within a poll by their moment of receipt."""
    rounds: dict[datetime, list[MessageRow]] = {}
    query = select(MessageRow).order_by(col(MessageRow.fetched), col(MessageRow.received), col(MessageRow.sha256))
    for row in session.exec(query).all():
        rounds.setdefault(row.fetched, []).append(row)
    return list(rounds.items())


def letters_by_moment(session: Session) -> dict[datetime, set[str]]:
    """Return when letters were made, with the kinds made then: at these moments the season was looked at."""
    moments: dict[datetime, set[str]] = {}
    for created, kind in session.exec(select(LetterRow.created, LetterRow.kind)).all():
        moments.setdefault(created, set()).add(kind)
    return moments


def take_in(session: Session, rows: Sequence[MessageRow]) -> None:
    """Write mails into another store as they came in, not yet read."""
    for row in rows:
        kept = {name: getattr(row, name) for name in _AS_IT_CAME}
        session.add(MessageRow(**kept, junk=row.junk, before_call=row.before_call))


def copy_lists(source: Session, target: Session) -> None:
    """Copy the imported lists with their rows."""
    for table in (ListRow, ListEntryRow):
        for row in source.exec(select(table).order_by(col(table.id))).all():
            target.add(_copy(row))
        target.flush()


def _copy(row: SQLModel) -> SQLModel:
    return type(row)(**{name: getattr(row, name) for name in type(row).model_fields})
