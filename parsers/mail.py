"""One mail from its raw bytes (来信解析): headers, words and files, byte for byte.

The parts are cut out of the raw bytes by ``parsers.structure`` and decoded one by one, so memory stays near the
mail's own size. mail-parser reads a small copy without the bodies: it takes the Received field apart, and its view
of the structure is a second opinion on ours. What it gets wrong on Chinese mails (names, charsets, unnamed and
nested parts) is never taken from it.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import mailparser

from parsers.addresses import read_addresses
from parsers.bodies import Body, looks_like_html, read_body, text_of_html
from parsers.headers import Field, HeaderBlock, clean_text, decode_words, placed
from parsers.parameters import Parameters, parameter_text, read_parameters, tidy_name
from parsers.problem import Problem, Weight
from parsers.reading import Address
from parsers.spool import Spool
from parsers.structure import Node, scan, skeleton
from parsers.transfer import decode_transfer, encoding_name, looks_like_base64

PROBLEMS = 200
"""Problems of one mail beyond this number are not listed."""
REFERENCES = 200
"""Message-IDs kept from References; the last ones count."""
OPENING_BYTES = 64 * 1024
"""Bytes of a report or a returned letter kept at hand."""
SECOND_OPINION_BYTES = 256 * 1024
SECOND_OPINION_PARTS = 200

# Its log lines quote headers, and personal data stays out of logs.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

CHINA = timezone(timedelta(hours=8))

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_BARE_CST = re.compile(r"\d\d:\d\d(?::\d\d)?\s+CST\b")


@dataclass(frozen=True, slots=True)
class MailPart:
    """A file as the mail carries it, before any container is opened (信内文件).

    ``data`` is empty where a spool took the bytes; ``sha256`` and ``size`` always tell of them. ``path`` is unique
    within the mail. ``section`` is the part's number as IMAP counts (``2.1``), ``declared`` the media type.
    """

    name: str
    declared: str
    inline: bool
    content_id: str
    data: bytes = field(repr=False)
    path: str
    problems: tuple[Problem, ...] = ()
    sha256: str = ""
    size: int = 0
    section: str = ""
    named: bool = True
    """False where the sender gave no name and ours stands in."""
    opening: bytes = field(default=b"", repr=False)
    """The first bytes of reports and returned letters, which others read even where a spool took the data."""


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
    reader = _Reader(spool, problems)
    pieces = reader.read(root)
    block = root.block
    top = _top(block, problems)
    if not block.fields:
        problems.append(Problem("mail-no-headers", "这封邮件没有信头，只能当作文字读。", weight=Weight.LOSSY))
    problems += _second_opinion(root, problems)
    texts = [text_of_html(piece.text) if piece.kind == "html" else piece.text for piece in pieces]
    return replace(
        top,
        text="\n".join(text for text in texts if text.strip()) if len(texts) > 1 else "".join(texts),
        html="\n".join(reader.html),
        parts=tuple(reader.parts),
        problems=_distinct(problems),
        size=len(raw),
        media_type=root.type,
        media_parameters=root.parameters,
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


_ENDINGS = {
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "image/bmp": ".bmp", "image/tiff": ".tif", "image/heic": ".heic", "image/heif": ".heic", "image/webp": ".webp",
    "application/pdf": ".pdf", "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.ms-powerpoint": ".ppt", "application/zip": ".zip", "application/x-zip-compressed": ".zip",
    "application/x-rar-compressed": ".rar", "application/vnd.rar": ".rar", "application/x-7z-compressed": ".7z",
    "application/rtf": ".rtf", "text/rtf": ".rtf", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv",
    "text/calendar": ".ics", "text/x-vcard": ".vcf", "text/vcard": ".vcf", "message/rfc822": ".eml",
    "message/global": ".eml", "message/partial": ".eml", "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt", "text/rfc822-headers": ".txt", "application/ms-tnef": ".dat",
    "application/vnd.ms-tnef": ".dat", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pgp-signature": ".asc",
    "application/ofd": ".ofd", "audio/mpeg": ".mp3", "video/mp4": ".mp4",
}  # fmt: skip
_MAGIC = (
    (b"%PDF", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"), (b"GIF8", ".gif"), (b"PK\x03\x04", ".zip"),
    (b"Rar!", ".rar"), (b"7z\xbc\xaf", ".7z"), (b"\xd0\xcf\x11\xe0", ".doc"), (b"BM", ".bmp"), (b"{\\rtf", ".rtf"),
    (b"II*\0", ".tif"), (b"MM\0*", ".tif"), (b"\x78\x9f\x3e\x22", ".dat"),
)  # fmt: skip


class _Reader:
    """Walks the parts once, decoding each leaf and letting go of it."""

    def __init__(self, spool: Spool | None, problems: list[Problem]) -> None:
        self.spool = spool
        self.problems = problems
        self.parts: list[MailPart] = []
        self.html: list[str] = []
        self.paths: dict[str, int] = {}

    def read(self, node: Node) -> list[Body]:
        """Return the readable pieces below this node in order; files go to ``parts``."""
        if node.multipart:
            bodies = [body for child in node.children for body in self.read(child)]
            if node.type == "multipart/alternative" and any(b.kind == "plain" and b.text.strip() for b in bodies):
                bodies = [body for body in bodies if body.kind == "plain"]
            return bodies
        own: list[Problem] = []
        disposition = read_parameters(node.block.first("content-disposition"))
        name = self._name(node.parameters, disposition, own)
        encoding = encoding_name(node.block.first("content-transfer-encoding"), own.append)
        if not encoding and looks_like_base64(node.raw, node.body, node.end):
            encoding = "base64"
            own.append(Problem("transfer-undeclared", "附件没有标明传输编码，已按 base64 解开。", weight=Weight.LOSSY))
        data = decode_transfer(node.raw, node.body, node.end, encoding, own.append)
        readable = node.type in {"text/plain", "text/html", "text/enriched"}
        if readable and not name and disposition.head != "attachment" and not _is_binary(data):
            self.problems += [placed(problem, f"正文 {node.section}") for problem in own]
            return self._body(node, data)
        if not data and not name and disposition.head != "attachment":
            return []
        self._part(node, disposition, name, data, own)
        return []

    def _body(self, node: Node, data: bytes) -> list[Body]:
        body = read_body(data, node.type, node.parameters, f"正文 {node.section}", self.problems.append)
        if body.kind == "plain" and looks_like_html(body.text):
            body.kind = "html"
        if body.kind == "html":
            self.html.append(body.text)
        for number, file in enumerate(body.files, start=1):
            own: list[Problem] = []
            name = tidy_name(decode_words(file.name, own.append), own.append)
            section = f"{node.section}.{number}"
            shown = name or _stand_in(section, file.media, file.data)
            inline = file.media != "application/octet-stream"
            self._keep(shown, bool(name), file.media, inline, "", file.data, section, own)
        return [body]

    def _name(self, kind: Parameters, disposition: Parameters, own: list[Problem]) -> str:
        """The name from Content-Disposition, or from Content-Type where that one is missing or destroyed."""
        told: list[Problem] = []
        name = parameter_text(disposition, "filename", told.append) or parameter_text(disposition, "name", told.append)
        if not name or "\ufffd" in name or "??" in name:
            second: list[Problem] = []
            other = parameter_text(kind, "name", second.append) or parameter_text(kind, "filename", second.append)
            if other and (not name or ("\ufffd" not in other and "??" not in other)):
                name, told = other, second
        own += told
        own += disposition.problems
        return tidy_name(name, own.append) if name else ""

    def _part(self, node: Node, disposition: Parameters, name: str, data: bytes, own: list[Problem]) -> None:
        inline = disposition.head == "inline" or (not disposition.head and node.block.first("content-id") is not None)
        identity = decode_words(node.block.first("content-id") or b"").strip("<> ")
        media = node.type if "/" in node.type else "application/octet-stream"
        if media.startswith("multipart/"):
            media = "application/octet-stream"
        if media == "message/partial":
            own.append(Problem("mail-in-pieces", "发件人的程序把一封大邮件拆成了几封，这只是其中一段。",
                               cure="请取消“拆分大邮件”，把附件分几封邮件重新发送。", weight=Weight.UNREADABLE))  # fmt: skip
        elif media == "message/external-body":
            own.append(Problem("file-elsewhere", "邮件里只有文件的去处，没有文件本身。",
                               cure="请把文件作为普通附件重新发送。", weight=Weight.UNREADABLE))  # fmt: skip
        if media == "application/ms-tnef" and not name:
            name = "winmail.dat"
        shown = name or _stand_in(node.section, media, data)
        self._keep(shown, bool(name), media, inline, identity, data, node.section, own)

    def _keep(
        self,
        name: str,
        named: bool,
        media: str,
        inline: bool,
        identity: str,
        data: bytes,
        section: str,
        own: list[Problem],
    ) -> None:
        path = self._path(name)
        size = len(data)
        opening = data[:OPENING_BYTES] if media.startswith("message/") or media == "text/rfc822-headers" else b""
        if self.spool is not None:
            sha256 = self.spool.put(data)
            data = b""
        else:
            sha256 = hashlib.sha256(data).hexdigest()
        if size == 0:
            own.append(
                Problem("file-empty", "附件是空的，没有内容。", cure="请重新发送该文件。", weight=Weight.UNREADABLE)
            )
        told = tuple(placed(problem, path) for problem in dict.fromkeys(own))
        self.parts.append(
            MailPart(name, media, inline, identity, data, path, told, sha256, size, section, named, opening)
        )

    def _path(self, name: str) -> str:
        path = name
        while path in self.paths:
            self.paths[name] += 1
            stem, dot, ending = name.rpartition(".")
            number = self.paths[name]
            path = f"{stem}({number}).{ending}" if dot and stem else f"{name}({number})"
        self.paths[path] = 1
        return path


def _is_binary(data: bytes) -> bool:
    """A part that calls itself text and is a PDF, an archive or a picture is a file."""
    return data.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0",
                            b"\xff\xd8\xff\xe1", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"))  # fmt: skip


def _stand_in(section: str, media: str, data: bytes) -> str:
    """Return the name of a file that has none: by its place and type, so that it is the same at every reading."""
    return f"附件{section.replace('.', '-')}{_ending(media, data)}"


def _ending(media: str, data: bytes) -> str:
    if media in _ENDINGS:
        return _ENDINGS[media]
    return next((ending for magic, ending in _MAGIC if data.startswith(magic)), ".bin")


def _second_opinion(root: Node, problems: list[Problem]) -> list[Problem]:
    """Ask mail-parser how many parts it sees, where its known costs allow it; say so where it sees others."""
    leaves = sum(1 for _ in _leaves(root))
    if leaves > SECOND_OPINION_PARTS or any(problem.weight is Weight.SUSPECT for problem in problems):
        return []
    # A cut mail ends in a part that may or may not be counted; that it is cut has been told.
    if not root.multipart or any(problem.code == "mail-cut" for problem in problems):
        return []
    bones = skeleton(root)
    if len(bones) > SECOND_OPINION_BYTES:
        return []
    try:
        other: Any = mailparser.parse_from_bytes(bones)
        seen = _count(other.message)
    except Exception:  # noqa: BLE001 - mail-parser raises anything on odd names and charsets; then it has no opinion
        return []
    if seen == leaves:
        return []
    return [Problem("structure-disputed", "另一种读法对这封邮件的结构有不同看法，请核对附件是否齐全。")]


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
