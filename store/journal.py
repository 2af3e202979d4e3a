"""Who or what did what, when and why (流水): written once, never changed (the database itself refuses)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from store.persons import NO_ADDRESS, without_persons
from store.tables import JournalRow, LetterRow, MessageRow

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

    ``details`` must be writable as JSON. In both an address is put as a reference to a row that holds it, the actor's
    name as a reference to the actor, and telephone and identity numbers are left out; names of others nobody may write
    here. ``read`` puts back what the references stand for, as long as the rows still say it.
    """
    kept = _Persons(session, actor)
    session.add(
        JournalRow(
            at=at,
            actor=actor,
            action=action,
            about=about,
            sentence=kept.without(sentence),
            details=kept.without_in(dict(details or {})),
        )
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
    said = _References(session)
    return tuple(
        Entry(row.id or 0, row.at, row.actor, row.action, row.about, said.resolved(row), row.details)
        for row in reversed(rows)
    )


ACTOR = "〔经办〕"
_REFERENCE = re.compile(r"〔(发件人|收件人) (message|letter):([0-9a-f]+)〕")
_SHORT = 16
"""Digits of a mail's hash in a reference."""


class _Persons:
    """Takes what points to a person out of a line that is being written."""

    def __init__(self, session: Session, actor: str) -> None:
        self.session, self.actor = session, actor

    def without(self, text: str) -> str:
        """Return the text with references."""
        if self.actor and self.actor != SYSTEM:
            text = text.replace(self.actor, ACTOR)
        return without_persons(text, self.refer)

    def without_in(self, value: Any) -> Any:
        """Do the same with every text in a value."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, Mapping):
            return {key: self.without_in(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.without_in(inner) for inner in value]
        return value

    def refer(self, address: str) -> str:
        """Return the reference that stands for an address."""
        with self.session.no_autoflush:
            told = select(LetterRow.id).where(LetterRow.to_address == address).order_by(col(LetterRow.id))
            letter = self.session.exec(told).first()
            if letter is not None:
                return f"〔收件人 letter:{letter}〕"
            wrote = select(MessageRow.sha256).where(MessageRow.sender_address == address)
            mail = self.session.exec(wrote.order_by(MessageRow.sha256)).first()
        return f"〔发件人 message:{mail[:_SHORT]}〕" if mail else NO_ADDRESS


class _References:
    """Puts back what the references in lines stand for, each looked up once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: dict[str, str] = {}

    def resolved(self, row: JournalRow) -> str:
        """Return the sentence as people read it."""
        if "〔" not in row.sentence:
            return row.sentence
        return _REFERENCE.sub(self._said, row.sentence.replace(ACTOR, row.actor))

    def _said(self, found: re.Match[str]) -> str:
        whole, (role, table, key) = found.group(), found.groups()
        if whole not in self.known:
            if table == "letter":
                letter = self.session.get(LetterRow, int(key)) if key.isdecimal() else None
                address = letter.to_address if letter is not None else ""
            else:
                query = select(MessageRow.sender_address).where(col(MessageRow.sha256).startswith(key))
                address = self.session.exec(query).first() or ""
            self.known[whole] = address or role
        return self.known[whole]


def last_entries(session: Session) -> dict[str, int]:
    """Return the number of the newest line about each thing."""
    query = select(JournalRow.about, func.max(JournalRow.id)).group_by(JournalRow.about)
    return {about: newest or 0 for about, newest in session.exec(query).all()}
