"""Who or what did what, when and why (流水): written once, never changed (the database itself refuses)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from store.tables import JournalRow

SYSTEM = "系统"
"""The actor of everything that no person did."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``about`` names the thing: ``submission:<number>``, ``message:<sha256>`` and so on."""

    id: int
    at: datetime
    actor: str
    action: str
    about: str
    sentence: str
    details: Mapping[str, Any]


def write(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    about: str,
    sentence: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one line: ``action`` is a kebab-case verb, ``sentence`` says in Chinese what happened and why.

    ``details`` must be writable as JSON and hold no personal data beyond what the mail itself holds.
    """
    session.add(
        JournalRow(at=at, actor=actor, action=action, about=about, sentence=sentence, details=dict(details or {}))
    )


def read(
    session: Session,
    about: str | None = None,
    *,
    actions: Sequence[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
) -> tuple[Entry, ...]:
    """Return lines in the order they were written; with a ``limit``, the newest so many."""
    query = select(JournalRow)
    if about is not None:
        query = query.where(JournalRow.about == about)
    if actions:
        query = query.where(col(JournalRow.action).in_(actions))
    if since is not None:
        query = query.where(JournalRow.at >= since.astimezone(UTC))
    rows = session.exec(query.order_by(col(JournalRow.id).desc()).limit(limit)).all()
    return tuple(
        Entry(row.id or 0, row.at, row.actor, row.action, row.about, row.sentence, row.details)
        for row in reversed(rows)
    )


def last_entries(session: Session) -> dict[str, int]:
    """Return the number of the newest line about each thing."""
    query = select(JournalRow.about, func.max(JournalRow.id)).group_by(JournalRow.about)
    return {about: newest or 0 for about, newest in session.exec(query).all()}
