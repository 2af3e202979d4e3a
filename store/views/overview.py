"""What the digest and the pages ask of the rows (概览): folders against the ledger, links, waiting files, contacts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Text, and_, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from parsers.facts.leaf import Role
from parsers.facts.mails import CloudLink
from store.states import LedgerState, LetterState, MessageKind, MessageState, Relation, VersionState
from store.tables import (
    FolderRow,
    LeafRow,
    LedgerRow,
    LetterRow,
    LookRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    VersionRow,
)

_LINKS = TypeAdapter(list[CloudLink])
_SAY_NOTHING = (MessageKind.MACHINE, MessageKind.ASIDE, MessageKind.IRRELEVANT, MessageKind.BOUNCE)
_NOT_POLLED = ("sent", "drafts")


@dataclass(frozen=True, slots=True)
class FolderCount:
    """One folder of the mailbox (信箱文件夹): how many mails the server showed last, and what our ledger has of them.

    ``gaps`` are those that the last reconciliation named, each with ``uid``, ``received``, ``size``, ``reason``.
    """

    name: str
    server: int
    stored: int
    """UIDs of the folder's present epoch whose mail we have."""
    failed: int
    """UIDs that could not be fetched so far."""
    polled: datetime | None
    reconciled: datetime | None
    gaps: tuple[dict[str, Any], ...]
    kinds: dict[MessageKind, int]
    """The mails we have of it, by kind."""


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A mail that was put off for a fault of our own surroundings (暂缓的来信), with the sentence that says which."""

    message: str
    received: datetime
    why: str


def held_up(session: Session) -> tuple[HeldUp, ...]:
    """Return the mails that wait to be examined after an attempt that failed, in order of receipt."""
    query = select(MessageRow).where(MessageRow.state == MessageState.STORED, MessageRow.last_error != "")
    rows = session.exec(query.order_by(col(MessageRow.received), col(MessageRow.sha256)))
    return tuple(HeldUp(row.sha256, row.received, row.last_error) for row in rows)


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A cloud link that says when it ends (将到期的云附件), with the mail it stands in."""

    message: str
    received: datetime
    sender: str
    link: CloudLink


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits for staff (待定文件)."""

    number: str
    name: str
    message: str
    sender: str
    received: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who wrote for a submission (来信人), newest mail last, and what their mails and form say of how to reach them."""

    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Signatures, mail texts and the form's 联系人, as written."""


def folder_counts(session: Session) -> tuple[FolderCount, ...]:
    """Return every folder that is polled or was looked through, in the order they were first seen."""
    found = []
    folders = select(FolderRow).where(col(FolderRow.role).not_in(_NOT_POLLED)).order_by(col(FolderRow.id))
    for row in session.exec(folders):
        here = and_(
            col(LedgerRow.account) == row.account,
            col(LedgerRow.folder) == row.name,
            col(LedgerRow.uidvalidity) == row.uidvalidity,
        )
        states = dict(
            session.exec(select(LedgerRow.state, func.count()).where(here).group_by(col(LedgerRow.state))).all()
        )
        of_kinds = (
            select(MessageRow.kind, func.count())
            .join(LedgerRow, col(LedgerRow.message) == MessageRow.sha256)
            .where(here, LedgerRow.state == LedgerState.FETCHED)
            .group_by(col(MessageRow.kind))
            .order_by(col(MessageRow.kind))
        )
        kinds = {MessageKind(kind): count for kind, count in session.exec(of_kinds)}
        failed = states.get(LedgerState.FAILED, 0) + states.get(LedgerState.GIVEN_UP, 0)
        gaps = tuple(dict(gap) for gap in row.gaps)
        stored = states.get(LedgerState.FETCHED, 0)
        found.append(
            FolderCount(row.name, row.server_count, stored, failed, row.last_polled, row.last_reconciled, gaps, kinds)
        )
    return tuple(found)


def fetched_since(session: Session, since: datetime) -> int:
    """Return how many mails were taken in after this moment."""
    return session.exec(select(func.count()).select_from(MessageRow).where(MessageRow.fetched > since)).one()


def last_letter_before(session: Session, kind: str, subject: str, before: datetime) -> datetime | None:
    """Return when the last letter of this kind, about such a matter (beginning of its key), was made before then."""
    query = select(func.max(LetterRow.created)).where(
        LetterRow.kind == kind, col(LetterRow.subject_key).startswith(subject), LetterRow.created < before
    )
    return session.exec(query).one()


def ending_links(session: Session) -> tuple[LinkSeen, ...]:
    """Return every cloud link whose mail says when it ends, by that moment."""
    query = select(MessageRow).where(cast(MessageRow.reading, Text).contains('"provider"'))
    found = [
        LinkSeen(row.sha256, row.received, row.sender_address, link)
        for row in session.exec(query)
        for link in _LINKS.validate_python((row.reading or {}).get("links", []))
        if link.expires is not None
    ]
    return tuple(sorted(found, key=lambda seen: (seen.link.expires or seen.received, seen.message)))


WHOLE_ANSWERS = ("templates", "no-attachment")
"""Kinds of letters that answer a mail wholly: the forms that it asked for, the request for a forgotten file."""
_READ = (LetterState.QUEUED, LetterState.SENDING, LetterState.SENT, LetterState.DRAFTED, LetterState.SHADOW)


def settled_mails(session: Session) -> frozenset[str]:
    """Return the mails that need nobody any more: settled by staff, or answered wholly by a letter of ours."""
    by_staff = session.exec(select(MessageRow.sha256).where(MessageRow.state == MessageState.SETTLED)).all()
    answered = select(LetterRow.answers).where(
        col(LetterRow.kind).in_(WHOLE_ANSWERS), col(LetterRow.state).in_(_READ), col(LetterRow.answers).is_not(None)
    )
    return frozenset([*by_staff, *(sha256 for sha256 in session.exec(answered) if sha256)])


@dataclass(frozen=True, slots=True)
class MailWords:
    """What a mail says that staff must act on (来信所言)."""

    notice: str = ""
    """Which program's own message it is, as ``parsers.facts.mails.Notice`` has it; empty where somebody speaks."""
    withdrawal: str = ""
    """The sentence in which the sender takes an application back."""
    text: str = ""


def mail_words(session: Session) -> dict[str, MailWords]:
    """Return what the mails say that may wait for staff, by hash."""
    found = {}
    for row in session.exec(select(MessageRow).where(col(MessageRow.kind).not_in(_SAY_NOTHING))):
        reading = row.reading or {}
        words = MailWords(reading.get("notice") or "", reading.get("withdrawal") or "", reading.get("text") or "")
        if row.kind == MessageKind.INQUIRY or words.withdrawal:
            found[row.sha256] = words
    return found


def answered_mails(session: Session) -> frozenset[str]:
    """Return the mails to which a letter of ours went out, or is on its way."""
    gone = [LetterState.QUEUED, LetterState.SENDING, LetterState.SENT, LetterState.DRAFTED, LetterState.UNKNOWN]
    query = select(LetterRow.answers).where(col(LetterRow.answers).is_not(None), col(LetterRow.state).in_(gone))
    return frozenset(one for one in session.exec(query).all() if one is not None)


def waiting_files(session: Session, call_id: str) -> tuple[WaitingFile, ...]:
    """Return the files that wait for staff to take or refuse them, by arrival."""
    query = (
        select(SubmissionRow.number, LeafRow.name, MessageRow, VersionRow.standing_reason)
        .where(VersionRow.submission_id == SubmissionRow.id, VersionRow.leaf_id == LeafRow.id)
        .where(LeafRow.message == MessageRow.sha256)
        .where(VersionRow.state == VersionState.PENDING, SubmissionRow.call == call_id)
        .where(~_lies_there_already())
        .order_by(col(MessageRow.received), col(VersionRow.id))
    )
    return tuple(
        WaitingFile(number, name, mail.sha256, mail.sender_address, mail.received, reason)
        for number, name, mail, reason in session.exec(query)
    )


def _lies_there_already() -> ColumnElement[bool]:
    """Whether a version's very bytes count in its submission already, from another mail."""
    version, leaf = aliased(VersionRow), aliased(LeafRow)
    counts = [VersionState.CURRENT, VersionState.SUPERSEDED]
    return (
        select(version.id)
        .join(leaf, col(leaf.id) == version.leaf_id)
        .where(version.submission_id == VersionRow.submission_id, leaf.sha256 == LeafRow.sha256)
        .where(col(version.state).in_(counts))
        .exists()
    )


def letters_by_submission(session: Session, call_id: str) -> dict[str, list[LetterRow]]:
    """Return the letters about each submission of a call, by its number, oldest first."""
    query = (
        select(SubmissionRow.number, LetterRow)
        .where(LetterRow.submission_id == SubmissionRow.id, SubmissionRow.call == call_id)
        .order_by(col(LetterRow.id))
    )
    found: dict[str, list[LetterRow]] = defaultdict(list)
    for number, letter in session.exec(query):
        found[number].append(letter)
    return found


def spoken_of(session: Session, number: str) -> Spoken:
    """Return who wrote for a submission and how they may be reached; mails of strangers are left out."""
    spoken = Spoken()
    mails = (
        select(MessageRow)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256)
        .join(SubmissionRow, col(SubmissionRow.id) == SubmissionMessageRow.submission_id)
        .where(SubmissionRow.number == number, SubmissionMessageRow.relation != Relation.PENDING)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    for mail in session.exec(mails):
        reading = mail.reading or {}
        spoken.names.append(mail.sender_name)
        spoken.addresses.append(mail.sender_address)
        spoken.texts.extend((str(reading.get("signature") or ""), str(reading.get("text") or "")))
    forms = (
        select(LookRow)
        .join(LeafRow, col(LeafRow.sha256) == LookRow.sha256)
        .join(VersionRow, col(VersionRow.leaf_id) == LeafRow.id)
        .join(SubmissionRow, col(SubmissionRow.id) == VersionRow.submission_id)
        .where(SubmissionRow.number == number, VersionRow.material != "", VersionRow.state == VersionState.CURRENT)
        .where(LeafRow.role == Role.FORM.value)
    )
    for look in session.exec(forms):
        form = ((look.look.get("scan") or {}).get("form")) or {}
        spoken.texts.append(str(form.get("contact") or ""))
    return spoken
