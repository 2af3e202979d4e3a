"""A letter (回信) as a value, before it becomes bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LetterKind(StrEnum):
    """Which letter (回信种类): the value names its templates in the call, ``LETTER_NAMES`` has the Chinese."""

    RECEIVED = "received"
    """收讫."""
    RECEIVED_CHECKING = "received-checking"
    """收讫待核."""
    DEFICIENT = "deficient"
    """补正."""
    COMPLETED = "completed"
    """补正完成."""
    LATE = "late"
    """逾期收到."""
    UNREADABLE = "unreadable"
    """无法打开."""
    CLOUD_LINK = "cloud-link"
    """云附件请改发."""
    NO_ATTACHMENT = "no-attachment"
    """请补发附件: the mail says that it brings materials and brings no file."""
    INQUIRY = "inquiry"
    """咨询已转办."""
    TEMPLATES = "templates"
    """模板寄送."""
    BUNDLE = "bundle"
    """批量报送回执."""
    CONTACT = "contact"
    """函告企业: to a firm's own contact, where a recommender sent its papers."""
    WITHDRAWN = "withdrawn"
    """撤回确认."""
    PAPER_RECEIVED = "paper-received"
    """纸质件收讫."""
    REMIND_OPEN = "remind-open"
    """催补正."""
    REMIND_DEADLINE = "remind-deadline"
    """截止提醒."""
    MINIMAL = "minimal"
    """已收到 (and no more, where the sender's domain is not vouched for)."""
    DIGEST = "digest"
    """每日简报."""
    ALARM = "alarm"
    """告警."""


LETTER_NAMES: dict[LetterKind, str] = {
    LetterKind.RECEIVED: "收讫",
    LetterKind.RECEIVED_CHECKING: "收讫待核",
    LetterKind.DEFICIENT: "补正",
    LetterKind.COMPLETED: "补正完成",
    LetterKind.LATE: "逾期收到",
    LetterKind.UNREADABLE: "无法打开",
    LetterKind.CLOUD_LINK: "云附件请改发",
    LetterKind.NO_ATTACHMENT: "请补发附件",
    LetterKind.INQUIRY: "咨询已转办",
    LetterKind.TEMPLATES: "模板寄送",
    LetterKind.BUNDLE: "批量报送回执",
    LetterKind.CONTACT: "函告企业",
    LetterKind.WITHDRAWN: "撤回确认",
    LetterKind.PAPER_RECEIVED: "纸质件收讫",
    LetterKind.REMIND_OPEN: "催补正",
    LetterKind.REMIND_DEADLINE: "截止提醒",
    LetterKind.MINIMAL: "已收到",
    LetterKind.DIGEST: "每日简报",
    LetterKind.ALARM: "告警",
}

TO_STAFF = frozenset({LetterKind.DIGEST, LetterKind.ALARM})
"""Kinds that go to ourselves; the budgets of a reader do not apply to them."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. With a ``content_id`` it is shown inline in the HTML part."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a letter asked for or advised (已告知事项), kept with the letter's row as ``LetterRow.said``.

    The next letter compares it with the findings of that day to say what is settled since and what remains.
    """

    code: str
    item: str
    verdict: str
    """``缺失`` or ``提示``."""
    defect: str
    """The sentence as the letter gave it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says: the same facts in plain text and in HTML."""

    kind: LetterKind
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    """Message-ID of the mail it answers, with its angle brackets; empty for letters that answer none."""
    references: tuple[str, ...] = ()
    said: tuple[Told, ...] = ()
    """What it asks for and advises; empty for letters that ask for nothing."""
