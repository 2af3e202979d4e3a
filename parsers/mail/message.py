"""One mail from its raw bytes (来信解析): headers, words and files, byte for byte.

The parts are cut out of the raw bytes by ``parsers.mail.structure`` and decoded one by one, so memory stays near the
mail's own size. mail-parser takes the Received field apart, and where the structure is in doubt it reads a small copy
without the bodies and its view is a second opinion on ours. What it gets wrong on Chinese mails (names, charsets,
unnamed and nested parts) is never taken from it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import mailparser

from parsers.facts.account import UNACCOUNTED_BYTES, ByteAccount
from parsers.facts.mails import Address
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.mail.account import account_of, coded_words, read_as_words, unaccounted
from parsers.mail.addresses import read_addresses
from parsers.mail.attachments import SEALED, MailPart, PartReader
from parsers.mail.bodies import text_of_html
from parsers.mail.headers import Field, HeaderBlock, clean_text, decode_words, placed
from parsers.mail.parameters import Parameters
from parsers.mail.structure import Node, scan, skeleton

__all__ = ["DecodedMail", "Hop", "MailPart", "decode_mail"]

PROBLEMS = 200
"""Problems of one mail beyond this number are not listed."""
REFERENCES = 200
"""Message-IDs kept from References; the last ones count."""
SECOND_OPINION_BYTES = 256 * 1024
SECOND_OPINION_PARTS = 200

# Its log lines quote headers, and personal data stays out of logs.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

CHINA = timezone(timedelta(hours=8))

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_BARE_CST = re.compile(r"\d\d:\d\d(?::\d\d)?\s+CST\b")


@dataclass(frozen=True, slots=True)
class Hop:
    """The topmost Received field taken apart: who received the mail from whom, under which id."""

    sender: str = ""
    by: str = ""
    protocol: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class DecodedMail:
    """Everything that stands in one mail, decoded; nothing is judged yet."""

    message_id: str = ""
    """With its angle brackets; empty where the mail has none."""
    subject: str = ""
    sender: Address = field(default_factory=Address)
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    """The Received fields, top first, unfolded."""
    text: str = ""
    html: str = ""
    parts: tuple[MailPart, ...] = ()
    problems: tuple[Problem, ...] = ()
    size: int = 0
    media_type: str = "text/plain"
    media_parameters: Parameters = field(default_factory=Parameters)
    fields: tuple[Field, ...] = ()
    """All header fields of the mail, raw."""
    account: ByteAccount = field(default_factory=ByteAccount)

    def header(self, name: str) -> tuple[str, ...]:
        """Return the decoded values of every header field of this name, in order."""
        wanted = name.lower()
        return tuple(decode_words(one.value) for one in self.fields if one.name == wanted)

    def hop(self) -> Hop:
        """Take the topmost Received field apart; empty where mail-parser cannot."""
        top = next((one.value for one in self.fields if one.name == "received"), b"")
        if not top or len(top) > 8192:
            return Hop()
        try:
            traces: Any = mailparser.parse_from_bytes(b"Received: " + top + b"\r\n\r\n").received
        except Exception:  # noqa: BLE001 - mail-parser raises anything on odd traces
            return Hop()
        trace = traces[0] if traces and isinstance(traces[0], dict) else {}
        return Hop(*(str(trace.get(key, "")) for key in ("from", "by", "with", "id")))


def decode_mail(raw: bytes, spool: Spool | None = None) -> DecodedMail:
    """Read one mail. Never raises; trouble is told in ``problems`` of the mail and its parts.

    With a spool, the bytes of every part go there as soon as they are decoded, and the parts carry only their hash:
    then the peak is the raw mail and its largest file.
    """
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    problems: list[Problem] = []
    root = scan(raw, problems.append)
    reader = PartReader(spool, problems)
    pieces = reader.read(root)
    block = root.block
    top = _top(block, problems)
    if not block.fields:
        problems.append(Problem("mail-no-headers", "这封邮件没有信头，只能当作文字读。", weight=Weight.LOSSY))
    if root.type == "multipart/encrypted":
        problems.append(SEALED)
    problems += _second_opinion(root, problems)
    texts = [text_of_html(piece.text) if piece.kind == "html" else piece.text for piece in pieces]
    problems += [read_as_words(size, "正文") for text in texts if (size := coded_words(text)) > UNACCOUNTED_BYTES]
    account = account_of(root, reader.ledger, len(raw))
    if account.loose > UNACCOUNTED_BYTES and not any(p.code == "bytes-outside-parts" for p in problems):
        problems.append(unaccounted(account.loose))
    return replace(
        top,
        text="\n".join(text for text in texts if text.strip()) if len(texts) > 1 else "".join(texts),
        html="\n".join(reader.html),
        parts=tuple(reader.parts),
        problems=_distinct(problems),
        size=len(raw),
        media_type=root.type,
        media_parameters=root.parameters,
        account=account,
    )


def _distinct(problems: list[Problem]) -> tuple[Problem, ...]:
    kept = list(dict.fromkeys(problems))
    if len(kept) > PROBLEMS:
        more = Problem("too-many-problems", f"这封邮件的读取问题超过 {PROBLEMS} 个，其余未列。", weight=Weight.SUSPECT)
        kept = [*kept[:PROBLEMS], more]
    return tuple(kept)


def _top(block: HeaderBlock, problems: list[Problem]) -> DecodedMail:
    """Read the fields of the mail itself."""

    def at(name: str) -> Callable[[Problem], None]:
        return lambda problem: problems.append(placed(problem, name))

    def addresses(name: str) -> tuple[Address, ...]:
        values = block.values(name.lower())
        return read_addresses(values, at(name)) if values else ()

    senders = addresses("From") or addresses("Sender")
    if len(block.values("from")) > 1:
        problems.append(Problem("header-two-senders", "信头有两个发件人，按第一个读。", "From", weight=Weight.SUSPECT))
    sender = next((one for one in senders if one.address), senders[0] if senders else Address())
    subject = block.first("subject") or b""
    return DecodedMail(
        message_id=_first_id(block),
        subject=decode_words(subject, at("Subject")),
        sender=sender,
        reply_to=addresses("Reply-To"),
        to=addresses("To"),
        cc=addresses("Cc"),
        date=_date(block.first("date"), at("Date")),
        in_reply_to=_ids(block, "in-reply-to"),
        references=_ids(block, "references")[-REFERENCES:],
        received=tuple(clean_text(value.decode("latin-1")) for value in block.values("received")),
        fields=block.fields,
    )


def _ids(block: HeaderBlock, name: str) -> tuple[str, ...]:
    text = " ".join(value.decode("latin-1") for value in block.values(name))
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text)))


def _first_id(block: HeaderBlock) -> str:
    value = (block.first("message-id") or b"").decode("latin-1")
    match = _MESSAGE_ID.search(re.sub(r"\s+", "", value))
    if match is not None:
        return match[0]
    bare = clean_text(value)[:900].strip("<>")
    return f"<{bare}>" if "@" in bare and " " not in bare else ""


def _date(value: bytes | None, tell: Callable[[Problem], None]) -> datetime | None:
    """Read the sender's Date; ``CST`` without an offset is China's time here, not Chicago's."""
    if not value:
        return None
    text = decode_words(value)[:200]
    try:
        moment = parsedate_to_datetime(text)
        if _BARE_CST.search(text) and not re.search(r"[+-]\d{4}", text):
            moment = moment.replace(tzinfo=CHINA)
        elif moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if "-0000" in text else CHINA)
        moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        tell(Problem("date-unreadable", "发件日期读不出来；截止时间按收信服务器的时间算，不受影响。"))
        return None
    return moment


def _second_opinion(root: Node, problems: list[Problem]) -> list[Problem]:
    """Ask mail-parser how many parts it sees where there can be two opinions; say so where it sees others.

    Not asked: mails whose delimiters are all as declared, and those that hit a guard (its known costs).
    """
    if (not problems and root.sound) or not _may_be_asked(root, problems):
        return []
    bones = skeleton(root)
    if len(bones) > SECOND_OPINION_BYTES:
        return []
    try:
        other: Any = mailparser.parse_from_bytes(bones)
        agrees = _count(other.message) == sum(1 for _ in _leaves(root))
    except Exception:  # noqa: BLE001 - mail-parser raises anything on odd names and charsets; then it has no opinion
        return []
    if agrees:
        return []
    return [Problem("structure-disputed", "另一种读法对这封邮件的结构有不同看法，请核对附件是否齐全。")]


def _may_be_asked(root: Node, problems: list[Problem]) -> bool:
    if not root.multipart or sum(1 for _ in _leaves(root)) > SECOND_OPINION_PARTS:
        return False
    # A cut mail ends in a part that may or may not be counted; that it is cut has been told.
    doubts = {Weight.SUSPECT, Weight.UNREADABLE}
    return not any(problem.weight in doubts or problem.code == "mail-cut" for problem in problems)


def _count(part: Any) -> int:
    """Count leaves in the standard library's tree; a mail inside a mail is one leaf, as it is for us."""
    if not part.is_multipart() or part.get_content_maintype() == "message":
        return 1
    return sum(_count(child) for child in part.get_payload())


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)
