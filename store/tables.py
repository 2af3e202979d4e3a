"""The tables (数据表): what we keep, row by row.

Times are stored as UTC without a zone and come back with one (``UtcTime``). Values that a parser or a rule made are
stored as JSON text of their dataclass (``pydantic.TypeAdapter``). Nothing is ever deleted: states change, and the
journal says who changed them and why.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Column, Field, SQLModel


class UtcTime(TypeDecorator[datetime]):
    """A moment: refuses times without a zone, stores UTC, returns UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC without a zone; ``ValueError`` for a time that has no zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def _moment(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(sa_column=Column(UtcTime, nullable=nullable, index=index), default=None if nullable else ...)


def _json(default: Any) -> Any:
    return Field(sa_column=Column(JSON, nullable=False), default_factory=default)


def _text(default: str = "") -> Any:
    return Field(sa_column=Column(Text, nullable=False), default=default)


def _large(default: Any = ...) -> Any:
    """Hold a whole number that may pass 2**31: UIDs and UIDVALIDITY are 32 bits without a sign (RFC 3501)."""
    return Field(sa_column=Column(BigInteger, nullable=False), default=default)


class MessageRow(SQLModel, table=True):
    """One mail as it arrived (来信). The raw bytes lie in the blobs under the same hash."""

    __tablename__ = "message"

    sha256: str = Field(primary_key=True, max_length=64)
    size: int = _large()
    account: str = ""
    message_id: str = Field(default="", index=True)
    received: datetime = _moment(index=True)
    """INTERNALDATE: when the receiving server took it. The clock that counts."""
    received_evidence: str = _text()
    """The top Received header, kept beside INTERNALDATE."""
    fetched: datetime = _moment()
    folder: str = ""
    junk: bool = False
    """It lay in a junk, virus or advert folder: never answered until staff confirm."""
    before_call: bool = False
    """Older than the call's start: imported, never answered."""
    subject: str = _text()
    sender_name: str = ""
    sender_address: str = Field(default="", index=True)
    state: str = Field(default="stored", index=True)
    """``stored``, ``examined``, ``quarantined``, ``settled`` (staff said it is none of ours, or answered it)."""
    kind: str = Field(default="", index=True)
    """``submission``, ``supplement``, ``inquiry``, ``machine``, ``bounce``, ``irrelevant``, ``quarantined``."""
    intent: str = ""
    reason: str = _text()
    """Why it is of that kind, and what became of it: one Chinese sentence."""
    reading: dict[str, Any] | None = Field(sa_column=Column(JSON, nullable=True), default=None)
    """The ``MailReading`` without its looks."""
    reader_version: str = ""
    attempts: int = 0
    next_attempt: datetime | None = _moment(nullable=True)
    last_error: str = _text()
    lease_owner: str = ""
    lease_until: datetime | None = _moment(nullable=True)
    fence: int = 0
    """Grows with each lease; a worker whose fence is old may not write."""
    answer_due: datetime | None = _moment(nullable=True, index=True)
    """When an answer to the mail itself (a bundle, a question) is to be decided; None where none is waited for."""


class LedgerRow(SQLModel, table=True):
    """One UID that the server showed us (收件登记): never deleted, so that nothing is imported twice."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity", "uid"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    folder: str
    uidvalidity: int = _large()
    uid: int = _large()
    message: str | None = Field(default=None, foreign_key="message.sha256", index=True)
    """The mail it holds; None where the mail vanished before we could fetch it or has not been fetched yet."""
    state: str = "fetched"
    """``fetched``, ``vanished``, ``failed`` (will be tried again), ``given-up`` (staff see it)."""
    attempts: int = 0
    next_attempt: datetime | None = _moment(nullable=True)
    seen: datetime = _moment()
    note: str = _text()


class FolderRow(SQLModel, table=True):
    """A folder of the mailbox as last seen (信箱文件夹)."""

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("account", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    name: str
    role: str = "inbox"
    """``inbox``, ``junk``, ``sent``, ``drafts``."""
    uidvalidity: int = _large(0)
    last_polled: datetime | None = _moment(nullable=True)
    last_reconciled: datetime | None = _moment(nullable=True)
    server_count: int = 0
    gaps: list[Any] = _json(list)
    """What the last reconciliation found missing, each a short dictionary."""


class LeafRow(SQLModel, table=True):
    """One file found in a mail (附件文件)."""

    __tablename__ = "leaf"
    __table_args__ = (UniqueConstraint("message", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    position: int
    """Its place in the reading, from 0."""
    path: str = _text()
    name: str = _text()
    size: int = _large(0)
    sha256: str = Field(index=True)
    type: str = ""
    role: str = ""
    reason: str = _text()
    sure: bool = True
    caption: str = _text()
    caption_from: str = ""
    problems: list[Any] = _json(list)
    role_by: str = ""
    """Who corrected the role; empty where it is the reader's. A correction outlives another reading."""


class LookRow(SQLModel, table=True):
    """What was read in a file (读出的内容), kept under the file's hash and the reader's version."""

    __tablename__ = "look"

    sha256: str = Field(primary_key=True, max_length=64)
    reader_version: str = Field(primary_key=True, max_length=40)
    look: dict[str, Any] = _json(dict)


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
    applicant_reason: str = _text()
    recommender: str = ""
    status: str = Field(default="incomplete", index=True)
    """``complete``, ``incomplete``, ``doubtful``, ``late``, ``withdrawn``, ``merged``."""
    first_received: datetime = _moment()
    last_received: datetime = _moment()
    extended_to: datetime | None = _moment(nullable=True)
    late_accepted: bool = False
    withdrawn: bool = False
    merged_into: str = ""
    """Number of the submission that took this one in."""
    second_case_of: str = ""
    settle_until: datetime | None = _moment(nullable=True)
    """Until then a deficiency letter waits for further mails."""
    answer_due: datetime | None = _moment(nullable=True, index=True)
    """When the next answer is to be decided: at once after a change, and again when the settling time is over."""
    decision: str = ""
    """``ACKNOWLEDGE``, ``ASK``, ``HOLD`` or ``SILENT``: the last decision, with its reason beside it."""
    decision_reason: str = _text()


class SubmissionMessageRow(SQLModel, table=True):
    """Which mails belong to which submission (来信归属), with the reason."""

    __tablename__ = "submission_message"
    __table_args__ = (UniqueConstraint("submission_id", "message"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    relation: str = "opens"
    """``opens``, ``supplements``, ``pending`` (a stranger's mail, waiting for staff), ``bundle``."""
    reason: str = _text()
    folder: str = ""
    """In a bundle: the folder in the mail that belongs to this applicant."""
    basis: str = ""
    """What the attribution rests on: ``token``, ``number``, ``thread``, ``code``, ``name``, ``alias``, ``sender``,
    ``new``, ``staff``."""


class VersionRow(SQLModel, table=True):
    """One leaf filed in a submission (版本)."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("submission_id", "leaf_id"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    leaf_id: int = Field(foreign_key="leaf.id", index=True)
    material: str = ""
    state: str = "current"
    """A ``VersionState``: follows from standings, times and contents of all versions (``store.filing.versions``)."""
    reason: str = _text()
    standing: str = "filed"
    """What was decided about this leaf itself: ``filed``, ``pending`` (a stranger's), ``accepted`` or ``refused``
    (by staff)."""
    standing_reason: str = _text()


class FindingRow(SQLModel, table=True):
    """A finding of the last examination (结论)."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("submission_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    position: int
    code: str
    verdict: str
    finding: dict[str, Any] = _json(dict)
    """The whole ``Finding``."""


class RulingRow(SQLModel, table=True):
    """A staff decision about a finding (人工裁定)."""

    __tablename__ = "ruling"

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    code: str
    item: str = ""
    verdict: str
    reason: str = _text()
    by: str
    at: datetime = _moment()
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
    subject: str = _text()
    message_id: str = Field(unique=True)
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The final bytes, frozen when queued; a resend is identical."""
    said: list[Any] = _json(list)
    """What it told the reader to mend (``Letter.said``), so that the next letter can say what is settled since."""
    priority: int = 50
    """Lower goes first: receipts 10, deficiencies 30, digests 80."""
    state: str = "queued"
    """``held``, ``queued``, ``sending``, ``sent``, ``failed``, ``bounced``, ``unknown``, ``cancelled``, ``refused``,
    ``shadow``, ``drafted``."""
    state_reason: str = _text()
    not_before: datetime | None = _moment(nullable=True)
    created: datetime = _moment()
    attempted: datetime | None = _moment(nullable=True)
    attempts: int = 0
    sent: datetime | None = _moment(nullable=True)
    server_answer: str = _text()
    queue_id: str = ""
    bounce: str = _text()
    claim: str = ""
    """Who is sending it now."""


class SendRow(SQLModel, table=True):
    """One attempt to send (发信流水): the budgets count these, so they survive a restart."""

    __tablename__ = "send"

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    to_address: str = Field(index=True)
    at: datetime = _moment(index=True)
    outcome: str
    """``accepted``, ``throttle``, ``day-quota``, ``content``, ``account``, ``recipient``, ``message``, ``lost``."""
    answer: str = _text()


class JournalRow(SQLModel, table=True):
    """Who or what did what, when and why (流水): append-only."""

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _moment(index=True)
    actor: str
    """``系统`` or the name that staff gave (经办人)."""
    action: str
    """kebab-case verb of the office: ``mail-stored``, ``filed``, ``found``, ``decided``, ``letter-queued`` …"""
    about: str = Field(default="", index=True)
    """``submission:<number>``, ``message:<sha256>``, ``letter:<id>``, ``mailbox:<account>`` …"""
    sentence: str = _text()
    """What happened, in one Chinese sentence."""
    details: dict[str, Any] = _json(dict)


class WatermarkRow(SQLModel, table=True):
    """A small fact that must survive a restart (水位与开关): freeze moments, switches, confirmed policies."""

    __tablename__ = "watermark"

    key: str = Field(primary_key=True)
    value: str = _text()
    at: datetime = _moment()


class ListRow(SQLModel, table=True):
    """One imported list (名单): titles, members, recommenders."""

    __tablename__ = "list"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """``title``, ``member``, ``recommender``."""
    name: str
    """The title, or the list's name."""
    as_of: date
    file_sha256: str
    imported: datetime = _moment()
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
    aliases: list[Any] = _json(list)
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
    booked: datetime = _moment()


class AliasRow(SQLModel, table=True):
    """A correction that staff made and that is remembered (归属规则)."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """``sender`` (address), ``domain``, ``name``."""
    key: str
    applicant_id: int = Field(foreign_key="applicant.id", index=True)
    by: str = ""
    reason: str = _text()
    at: datetime = _moment()


class SuggestionRow(SQLModel, table=True):
    """Files that the machine would not place by itself, with where they might belong (归属建议)."""

    __tablename__ = "suggestion"

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.sha256", index=True)
    kind: str
    """``leftover`` (fits no firm of a bundle), ``maybe`` (may belong to the submission), ``second-case``."""
    paths: list[Any] = _json(list)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    """Where they might belong; None where the machine has no guess."""
    reason: str = _text()
    confidence: float = 0.0
    state: str = Field(default="open", index=True)
    """``open``, ``accepted``, ``refused`` (by staff), ``withdrawn`` (by the machine, when the mail is filed again)."""
    at: datetime = _moment()
    settled: datetime | None = _moment(nullable=True)
    by: str = ""


class OperationRow(SQLModel, table=True):
    """A merge, split or move that staff made, with what stood before it, so that it can be undone (归并记录)."""

    __tablename__ = "operation"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """``merge``, ``split``, ``move``."""
    at: datetime = _moment()
    by: str = ""
    reason: str = _text()
    about: str = Field(default="", index=True)
    before: dict[str, Any] = _json(dict)
    """The rows as they stood, by table and row number."""
    undone: datetime | None = _moment(nullable=True)
