"""One mail as read (来信读取结果): headers, new text, links, leaves, and what each leaf was read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from parsers.facts.account import ByteAccount, EntryAccount
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look
from parsers.facts.problem import Problem, Weight


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with its display name (地址). ``address`` is lower-case; both may be empty."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A link that stands where an attachment should be (云附件). Never fetched."""

    url: str
    provider: str
    """Chinese name of the provider, e.g. ``网易163超大附件``."""
    name: str = ""
    """The file name that stands beside the link, where one does."""
    code: str = ""
    """提取码, where the mail gives one."""
    expires: datetime | None = None
    """As the mail says it, in Asia/Shanghai; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (退信) about a letter of ours."""

    recipient: str
    original_message_id: str
    status: str = ""
    """Enhanced status code such as ``5.1.1``; empty where none could be read."""
    diagnostic: str = ""
    permanent: bool = True


class Notice(StrEnum):
    """A program's own message (机器通知), in which nobody speaks."""

    AUTO_REPLY = "auto-reply"
    """自动回复: away, received, will answer."""
    RECEIPT = "receipt"
    """已读、送达回执."""
    DESK = "desk"
    """工单、智能客服: a help desk that answers every mail."""
    LEFT = "left"
    """离职、邮箱停用: the reader is not there any more."""
    RECALL = "recall"
    """邮件程序的撤回通知."""
    CALENDAR = "calendar"
    """日程答复."""
    UNDELIVERED = "undelivered"
    """退信、拦截、延迟."""
    SYSTEM = "system"
    """系统通知、群发."""


NOTICE_NAMES: dict[Notice, str] = {
    Notice.AUTO_REPLY: "自动回复",
    Notice.RECEIPT: "回执",
    Notice.DESK: "工单或客服系统的回复",
    Notice.LEFT: "对方已离职或邮箱停用的通知",
    Notice.RECALL: "邮件程序的撤回通知",
    Notice.CALENDAR: "日程答复",
    Notice.UNDELIVERED: "退信或投递通知",
    Notice.SYSTEM: "系统通知",
}


class AuthVerdict(StrEnum):
    """Whether the receiving server vouches for the sender's domain (发件人验证)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Authentication:
    """The verdict with the header it rests on, kept as evidence."""

    verdict: AuthVerdict = AuthVerdict.UNKNOWN
    evidence: str = ""


class Intent(StrEnum):
    """What the sender wants, judged from the mail alone (来意)."""

    MATERIALS = "materials"
    """Sends materials, or a link to some (报送材料)."""
    QUESTION = "question"
    """Asks something (申报咨询)."""
    STATUS = "status"
    """Asks whether its materials came, and how they stand (询问进度)."""
    PASSWORD = "password"  # noqa: S105 - a name, not a password
    """Tells the password of an archive (告知密码)."""
    CONTACT = "contact"
    """Tells of another contact or address (联系人变更)."""
    CORRECTION = "correction"
    """Tells something of its materials in words: captions, a title, a name (补充说明)."""
    TEMPLATES = "templates"
    """Asks for the annexes and nothing else (索要模板)."""
    THANKS = "thanks"
    """Thanks or chatter (致谢、寒暄)."""
    WITHDRAWAL = "withdrawal"
    """Takes an application back (撤回申报)."""
    MACHINE = "machine"
    """A program's own message, in which nobody speaks (自动邮件)."""
    BOUNCE = "bounce"
    """A delivery report (退信)."""
    ADVERT = "advert"
    """Advertising (广告)."""
    IRRELEVANT = "irrelevant"
    """None of our business (无关)."""


@dataclass(frozen=True, slots=True)
class ReadLeaf:
    """A leaf with what it was read as, and why."""

    leaf: Leaf
    role: Role
    reason: str
    """One Chinese sentence: why this role."""
    look: Look | None = None
    sure: bool = True
    """False where another role would be plausible; staff may correct it."""
    caption: str = ""
    """For photos: the 内容概要 found for it anywhere (file name, folder, list, mail text, EXIF)."""
    caption_from: str = ""
    """Where the caption was found, in Chinese."""


@dataclass(frozen=True, slots=True)
class MailReading:
    """Everything read from one mail. ``sha256`` is the hash of the raw bytes, ``size`` their number."""

    sha256: str
    size: int
    message_id: str = ""
    subject: str = ""
    sender: Address = field(default_factory=Address)
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    """The sender's Date; only shown, never used to judge lateness."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    """The new text: without quoted history and signature."""
    quoted: str = ""
    signature: str = ""
    machine: str | None = None
    """Chinese reason where the mail must never be answered without staff; None where it may be. It says nothing of
    what the mail holds."""
    bounce: Bounce | None = None
    notice: Notice | None = None
    """Which program's own message it is; None where somebody speaks in it or files came with it."""
    bulk: bool = False
    """Whether it went to many: headers of a list, a precedence, a way to unsubscribe."""
    authentication: Authentication = field(default_factory=Authentication)
    intent: Intent = Intent.IRRELEVANT
    intent_reason: str = ""
    withdrawal: str = ""
    """The sentence in which the sender takes its application, or one firm's, back; empty where it does not."""
    links: tuple[CloudLink, ...] = ()
    leaves: tuple[ReadLeaf, ...] = ()
    problems: tuple[Problem, ...] = ()
    raw_account: ByteAccount = field(default_factory=ByteAccount)
    """Where every raw byte went (字节账)."""
    entry_account: EntryAccount = field(default_factory=EntryAccount)
    """Where every entry of every archive went (条目账)."""
    forwarded: tuple[str, ...] = ()
    """What mails attached to this one say (转来的邮件): subject, new text and signature of each, never who wrote it."""

    @property
    def hides(self) -> bool:
        """Whether something of the mail itself stayed hidden, beside what its files hide: absence is uncertain then.

        A sealed mail, bytes that belong to no part, a file's encoding read as words, a mail in pieces.
        """
        return any(problem.weight is Weight.UNREADABLE for problem in self.problems)
