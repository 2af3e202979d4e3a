"""The tables (数据表): what we keep, row by row.

Times are stored as UTC without a zone and come back with one (``store.columns.UtcTime``). Words of closed sets come
back as members of their enum (``store.states``). Values that a parser or a rule made are stored as JSON text of their
dataclass (``pydantic.TypeAdapter``). Nothing is deleted but what other rows say again (docs/architecture.md, invariant
7): states change, and the journal says who changed them and why.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Column, Field, SQLModel

from store.columns import json_of, large, moment, one_of, text
from store.states import (
    AliasKind,
    Basis,
    LedgerState,
    LetterState,
    ListKind,
    MessageKind,
    MessageState,
    OperationKind,
    Relation,
    Standing,
    SubmissionStatus,
    SuggestionKind,
    SuggestionState,
    VersionState,
)


class MessageRow(SQLModel, table=True):
    """One mail as it arrived (来信). The raw bytes lie in the blobs under the same hash."""

    __tablename__ = "message"

    sha256: str = Field(primary_key=True, max_length=64)
    size: int = large()
    account: str = ""
    message_id: str = Field(default="", index=True)
    received: datetime = moment(index=True)
    """INTERNALDATE: when the receiving server took it. The clock that counts."""
    received_evidence: str = text()
    """The top Received header, kept beside INTERNALDATE."""
    received_doubt: str = text()
    """What speaks against ``received``, where it decides whether the mail came in time; empty where nothing does."""
    told_size: int = large(0)
    """RFC822.SIZE where it is not the number of bytes that were fetched; 0 where it is."""
    fetch_doubt: str = text()
    """Why the mail may be longer than what the server gave; empty where it is whole."""
    fetched: datetime = moment()
    folder: str = ""
    junk: bool = False
    """It lay in a junk, virus or advert folder: never answered until staff confirm."""
    before_call: bool = False
    """Older than the call's start: imported, never answered."""
    subject: str = text()
    sender_name: str = ""
    sender_address: str = Field(default="", index=True)
    state: MessageState = one_of(MessageState, MessageState.STORED, index=True)
    kind: MessageKind = one_of(MessageKind, MessageKind.UNREAD, index=True)
    intent: str = ""
    reason: str = text()
    """Why it is of that kind, and what became of it: one Chinese sentence."""
    reading: dict[str, Any] | None = Field(sa_column=Column(JSON, nullable=True), default=None)
    """The ``MailReading`` without its looks."""
    reader_version: str = ""
    attempts: int = 0
    next_attempt: datetime | None = moment(nullable=True)
    last_error: str = text()
    lease_owner: str = ""
    lease_until: datetime | None = moment(nullable=True)
    fence: int = 0
    """Grows with each lease; a worker whose fence is old may not write."""
    deaths: int = 0
    """How often in a row the process that held it died and its reader did not: no attempt of this mail."""
    answer_due: datetime | None = moment(nullable=True, index=True)
    """When an answer to the mail itself (a bundle, a question) is to be decided; None where none is waited for."""


class LedgerRow(SQLModel, table=True):
    """One UID that the server showed us (收件登记): never deleted, so that nothing is imported twice."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity", "uid"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    folder: str
    uidvalidity: int = large()
    uid: int = large()
    message: str | None = Field(default=None, foreign_key="message.sha256", index=True)
    """The mail it holds; None where the mail vanished before we could fetch it or has not been fetched yet."""
    state: LedgerState = one_of(LedgerState, LedgerState.FETCHED)
    attempts: int = 0
    next_attempt: datetime | None = moment(nullable=True)
    seen: datetime = moment()
    note: str = text()
    looks: list[Any] = json_of(list)
    """Each fetch that gave less than the server had told: when, over which connection, how many bytes, which hash."""


class FolderRow(SQLModel, table=True):
    """A folder of the mailbox as last seen (信箱文件夹)."""

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("account", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    name: str
    role: str = "inbox"
    """``inbox``, ``junk``, ``sent``, ``drafts``, ``other``."""
    uidvalidity: int = large(0)
    last_polled: datetime | None = moment(nullable=True)
    last_reconciled: datetime | None = moment(nullable=True)
    server_count: int = 0
    gaps: list[Any] = json_of(list)
    """What the last reconciliation found missing, each a short dictionary."""


class LeafRow(SQLModel, table=True):
    """One file found in a mail (附件文件)."""

    __tablename__ = "leaf"
    __table_args__ = (UniqueConstraint("message", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    position: int
    """Its place in the reading, from 0."""
    path: str = text()
    name: str = text()
    size: int = large(0)
    sha256: str = Field(index=True)
    type: str = ""
    role: str = ""
    reason: str = text()
    sure: bool = True
    caption: str = text()
    caption_from: str = ""
    problems: list[Any] = json_of(list)
    role_by: str = ""
    """Who corrected the role; empty where it is the reader's. A correction outlives another reading."""


class LookRow(SQLModel, table=True):
    """What was read in a file (读出的内容), kept under the file's hash and the reader's version."""

    __tablename__ = "look"

    sha256: str = Field(primary_key=True, max_length=64)
    reader_version: str = Field(primary_key=True, max_length=40)
    look: dict[str, Any] = json_of(dict)


class ApplicantRow(SQLModel, table=True):
    """An enterprise (申报单位)."""

    __tablename__ = "applicant"

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    """Full name as chosen; empty where none is known yet."""
    normal_name: str = Field(default="", index=True)
    credit_code: str = Field(default="", index=True)
    contact: str = ""


class SubmissionRow(SQLModel, table=True):
    """One applicant's answer to one call (申报件)."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("call", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    call: str = Field(index=True)
    serial: int
    number: str = Field(unique=True)
    applicant_id: int = Field(foreign_key="applicant.id", index=True)
    applicant_certain: bool = True
    applicant_reason: str = text()
    recommender: str = ""
    status: SubmissionStatus = one_of(SubmissionStatus, SubmissionStatus.INCOMPLETE, index=True)
    first_received: datetime = moment()
    last_received: datetime = moment()
    extended_to: datetime | None = moment(nullable=True)
    late_accepted: bool = False
    withdrawn: bool = False
    merged_into: str = ""
    """Number of the submission that took this one in."""
    second_case_of: str = ""
    settle_until: datetime | None = moment(nullable=True)
    """Until then a deficiency letter waits for further mails."""
    answer_due: datetime | None = moment(nullable=True, index=True)
    """When the next answer is to be decided: at once after a change, and again when the settling time is over."""
    decision: str = ""
    """``ACKNOWLEDGE``, ``ASK``, ``HOLD`` or ``SILENT``: the last decision, with its reason beside it."""
    decision_reason: str = text()
    shelf_changed: int = 1
    shelf_laid: int = 0
    """The ``shelf_changed`` that the folder on the shelf shows; less means that it is due (``store.shelf_due``)."""


class SubmissionMessageRow(SQLModel, table=True):
    """Which mails belong to which submission (来信归属), with the reason."""

    __tablename__ = "submission_message"
    __table_args__ = (UniqueConstraint("submission_id", "message"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    relation: Relation = one_of(Relation, Relation.OPENS)
    reason: str = text()
    folder: str = ""
    """In a bundle: the folder in the mail that belongs to this applicant."""
    basis: Basis = one_of(Basis)


class VersionRow(SQLModel, table=True):
    """One leaf filed in a submission (版本)."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("submission_id", "leaf_id"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    leaf_id: int = Field(foreign_key="leaf.id", index=True)
    material: str = ""
    state: VersionState = one_of(VersionState, VersionState.CURRENT)
    """Follows from standings, times and contents of all versions (``store.filing.versions``)."""
    reason: str = text()
    standing: Standing = one_of(Standing, Standing.FILED)
    standing_reason: str = text()


class FindingRow(SQLModel, table=True):
    """A finding of the last examination (结论)."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("submission_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    position: int
    code: str
    verdict: str
    finding: dict[str, Any] = json_of(dict)
    """The whole ``Finding``."""


class RulingRow(SQLModel, table=True):
    """A staff decision about a finding (人工裁定)."""

    __tablename__ = "ruling"

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    code: str
    item: str = ""
    verdict: str
    reason: str = text()
    by: str
    at: datetime = moment()
    basis: str = ""
    taken_back: bool = False


class LetterRow(SQLModel, table=True):
    """An outgoing mail (回信): one row, frozen bytes, one state."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("subject_key", "kind", "state_key"),
        Index("ix_letter_state_priority", "state", "priority"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_key: str
    """What it is about: ``submission:<number>``, ``message:<sha256>``, ``recommender:<name>``, ``digest:<date>``."""
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    answers: str | None = Field(default=None, foreign_key="message.sha256")
    """The mail it answers."""
    kind: str
    state_key: str
    """Hash of what the letter says (findings, files), so that one state is told once."""
    to_address: str = Field(index=True)
    to_name: str = ""
    subject: str = text()
    message_id: str = Field(unique=True)
    raw_sha256: str = Field(max_length=64)
    """Hash of the final bytes, frozen when queued; a resend is identical."""
    frame_sha256: str = Field(max_length=64)
    """Hash in the blobs of the mail without the files that it encloses (``store.frozen``)."""
    enclosed: list[Any] = json_of(list)
    """Place in the frame and hash in the blobs of each of these files."""
    said: list[Any] = json_of(list)
    """What it told the reader to mend (``Letter.said``), so that the next letter can say what is settled since."""
    priority: int = 50
    """Lower goes first: receipts 10, deficiencies 30, digests 80."""
    state: LetterState = one_of(LetterState, LetterState.QUEUED)
    state_reason: str = text()
    not_before: datetime | None = moment(nullable=True)
    created: datetime = moment()
    attempted: datetime | None = moment(nullable=True)
    attempts: int = 0
    sent: datetime | None = moment(nullable=True)
    server_answer: str = text()
    queue_id: str = ""
    bounce: str = text()
    claim: str = ""
    """Who is sending it now."""


class SendRow(SQLModel, table=True):
    """One attempt to send (发信流水): the budgets count these, so they survive a restart."""

    __tablename__ = "send"

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    to_address: str = Field(index=True)
    at: datetime = moment(index=True)
    outcome: str
    """``accepted``, ``throttle``, ``day-quota``, ``content``, ``account``, ``recipient``, ``recipient-later``,
    ``message``, ``unreachable``, ``lost``."""
    answer: str = text()


class JournalRow(SQLModel, table=True):
    """Who or what did what, when and why (流水): append-only."""

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(index=True)
    actor: str
    """``系统`` or the name that staff gave (经办人)."""
    action: str
    """kebab-case verb of the office: ``mail-stored``, ``filed``, ``found``, ``decided``, ``letter-queued`` …"""
    about: str = Field(default="", index=True)
    """``submission:<number>``, ``message:<sha256>``, ``letter:<id>``, ``mailbox:<account>`` …"""
    sentence: str = text()
    """What happened, in one Chinese sentence."""
    details: dict[str, Any] = json_of(dict)


class WatermarkRow(SQLModel, table=True):
    """A small fact that must survive a restart (水位与开关): freeze moments, switches, confirmed policies."""

    __tablename__ = "watermark"

    key: str = Field(primary_key=True)
    value: str = text()
    at: datetime = moment()


class ListRow(SQLModel, table=True):
    """One imported list (名单): titles, members, recommenders."""

    __tablename__ = "list"

    id: int | None = Field(default=None, primary_key=True)
    kind: ListKind = one_of(ListKind)
    name: str
    """The title, or the list's name."""
    as_of: date
    file_sha256: str
    imported: datetime = moment()
    current: bool = True


class ListEntryRow(SQLModel, table=True):
    """One row of an imported list (名单条目)."""

    __tablename__ = "list_entry"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="list.id", index=True)
    row: int
    name: str
    normal_name: str = Field(index=True)
    credit_code: str = Field(default="", index=True)
    region: str = ""
    batch: str = ""
    conferred_on: date | None = None
    valid_until: date | None = None
    pool: str = ""
    quota: int | None = None
    aliases: list[Any] = json_of(list)
    contact: str = ""
    email: str = ""


class PaperRow(SQLModel, table=True):
    """A paper original that staff booked in (纸质件)."""

    __tablename__ = "paper"

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    material: str
    received_on: date
    courier: str = ""
    sealed: bool = True
    by: str = ""
    booked: datetime = moment()


class AliasRow(SQLModel, table=True):
    """A correction that staff made and that is remembered (归属规则)."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: AliasKind = one_of(AliasKind)
    key: str
    applicant_id: int = Field(foreign_key="applicant.id", index=True)
    by: str = ""
    reason: str = text()
    at: datetime = moment()


class SuggestionRow(SQLModel, table=True):
    """Files that the machine would not place by itself, with where they might belong (归属建议)."""

    __tablename__ = "suggestion"

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    kind: SuggestionKind = one_of(SuggestionKind)
    paths: list[Any] = json_of(list)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    reason: str = text()
    confidence: float = 0.0
    state: SuggestionState = one_of(SuggestionState, SuggestionState.OPEN, index=True)
    at: datetime = moment()
    settled: datetime | None = moment(nullable=True)
    by: str = ""


class OperationRow(SQLModel, table=True):
    """A merge, split or move that staff made, with what stood before it, so that it can be undone (归并记录)."""

    __tablename__ = "operation"

    id: int | None = Field(default=None, primary_key=True)
    kind: OperationKind = one_of(OperationKind)
    at: datetime = moment()
    by: str = ""
    reason: str = text()
    about: str = Field(default="", index=True)
    before: dict[str, Any] = json_of(dict)
    undone: datetime | None = moment(nullable=True)


_PERSONAL: dict[str, tuple[str, str]] = {
    "applicant": ("contact", "name normal_name credit_code"),
    "folder": ("", "account name role gaps"),
    "journal": ("actor", "action about sentence details"),
    "list": ("", "name file_sha256"),
    "look": ("look", "sha256 reader_version"),
    "message": (
        "received_evidence subject sender_name sender_address reason reading last_error",
        "sha256 account message_id received_doubt fetch_doubt folder intent reader_version lease_owner",
    ),
    "operation": ("by reason before", "about"),
    "watermark": ("value", "key"),
    "alias": ("key by reason", ""),
    "leaf": ("path name reason caption problems role_by", "message sha256 type role caption_from"),
    "ledger": ("looks", "account folder message note"),
    "list_entry": ("contact email", "name normal_name credit_code region batch pool aliases"),
    "submission": ("applicant_reason decision_reason", "call number recommender merged_into second_case_of decision"),
    "finding": ("finding", "code verdict"),
    "letter": (
        "subject_key to_address to_name subject said state_reason server_answer bounce",
        "answers kind state_key message_id raw_sha256 frame_sha256 enclosed queue_id claim",
    ),
    "paper": ("by", "material courier"),
    "ruling": ("reason by", "code item verdict basis"),
    "submission_message": ("reason folder", "message"),
    "suggestion": ("paths reason by", "message"),
    "version": ("reason standing_reason", "material"),
    "send": ("to_address answer", "outcome"),
}
"""For each table: the text columns that may hold personal data (个人信息), and those that hold none.

Names of firms and bodies, and our own mailbox, are nobody's. Words of closed sets hold nothing of anybody.
"""

for _table in SQLModel.metadata.sorted_tables:
    for _may, _names in zip((True, False), _PERSONAL.get(_table.name, ("", "")), strict=True):
        for _name in _names.split():
            _table.columns[_name].info["personal"] = _may
