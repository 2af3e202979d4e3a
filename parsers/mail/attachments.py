"""The files a mail carries (附件): each leaf decoded once, named, hashed, and let go of.

What is body text and what is a file is told here; what a file really is, others look at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from parsers.containers.smime import open_message
from parsers.containers.text_kinds import is_mail
from parsers.facts.account import UNACCOUNTED_BYTES
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.mail.account import Ledger
from parsers.mail.bodies import TEXT_BYTES, Body, looks_like_html, read_body
from parsers.mail.headers import decode_words, placed
from parsers.mail.parameters import Parameters, parameter_text, read_parameters, tidy_name
from parsers.mail.structure import Node, scan
from parsers.mail.transfer import encoding_name, looks_like_base64, transfer

OPENING_BYTES = 64 * 1024
"""Bytes of a report or a returned letter kept at hand."""


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


SEALED = Problem(
    "mail-encrypted",
    "邮件经过数字加密或封装，里面的内容打不开。",
    cure="请关闭邮件加密和数字签名后重新发送。",
    weight=Weight.UNREADABLE,
)
_FILE_MARKS = (
    b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1",
    b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c",
)  # fmt: skip
_NO_TEXT = bytes({*range(9), *range(14, 27), *range(28, 32), 127})
_SAMPLE = 4096
_STRANGE = 12
"""Control characters in the beginning of a part from which it is no text: texts have none, damaged ones a few."""
_SEALED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SEALED_DEPTH = 4
"""Signed mails in signed mails are opened no deeper."""
_NOT_HERE = {
    "message/partial": Problem(
        "mail-in-pieces",
        "发件人的程序把一封大邮件拆成了几封，这只是其中一段。",
        cure="请取消“拆分大邮件”，把附件分几封邮件重新发送。",
        weight=Weight.UNREADABLE,
    ),
    "message/external-body": Problem(
        "file-elsewhere",
        "邮件里只有文件的去处，没有文件本身。",
        cure="请把文件作为普通附件重新发送。",
        weight=Weight.UNREADABLE,
    ),
}
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


class PartReader:
    """Walks the parts once, decoding each leaf and letting go of it."""

    def __init__(self, spool: Spool | None, problems: list[Problem]) -> None:
        self.spool = spool
        self.problems = problems
        self.parts: list[MailPart] = []
        self.html: list[str] = []
        self.paths: dict[str, int] = {}
        self.depth = 0
        self.ledger = Ledger()

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
        moved = transfer(node.raw, node.body, node.end, encoding, own.append)
        data = moved.data
        if node.cut:
            # Here the mail itself breaks off: what came through of the file is a fragment, and is not judged.
            own = [replace(one, weight=Weight.UNREADABLE) if one.code == "base64-cut" else one for one in own]
        if moved.unread > UNACCOUNTED_BYTES:
            self.problems.append(_left_out(moved.unread, name or f"正文 {node.section}"))
        sealed = self._signed(node, name, data)
        if sealed is not None:
            return sealed
        readable = node.type in {"text/plain", "text/html", "text/enriched"}
        words = not _is_binary(data) or _is_wide(node.parameters, data)
        if readable and words and not name and disposition.head != "attachment":
            self.problems += [placed(problem, f"正文 {node.section}") for problem in own]
            self._note(node, "text", moved.unread + max(0, len(data) - TEXT_BYTES))
            return self._body(node, data)
        if not data and not name and disposition.head != "attachment":
            self._note(node, "nothing", moved.unread)
            return []
        self._note(node, "file", moved.unread)
        self._part(node, disposition, name, data, own)
        return []

    def _signed(self, node: Node, name: str, data: bytes) -> list[Body] | None:
        """Read a mail that was signed as a whole (opaque S/MIME); None for anything else. Nothing is verified."""
        if node.type not in _SEALED_TYPES or self.depth >= _SEALED_DEPTH:
            return None
        opened = open_message(data)
        if opened is None or opened.content is None or opened.packed or not is_mail(opened.content[:16_384], said=True):
            return None
        self.problems.append(
            Problem("mail-signed", "邮件带有数字签名，已取出其中的内容；签名未经验证。", name or node.section)
        )
        self._note(node, "file", 0)
        self.depth += 1
        try:
            return self.read(scan(opened.content, self.problems.append))
        finally:
            self.depth -= 1

    def _note(self, node: Node, what: str, unread: int) -> None:
        """Book a leaf, unless it lies in something that was decoded and booked as a whole."""
        if not self.depth:
            self.ledger.leaf(node, what, told=unread)

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
            inline = file.media.startswith("image/")
            self._keep(shown, bool(name), file.media, inline, "", file.data, section, own)
        return [body]

    def _name(self, kind: Parameters, disposition: Parameters, own: list[Problem]) -> str:
        """Return the name from Content-Disposition, or from Content-Type where that is missing or destroyed."""
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
        if media in _SEALED_TYPES and ((opened := open_message(data)) is None or opened.content is None):
            own.append(SEALED)
        if media in _NOT_HERE:
            own.append(_NOT_HERE[media])
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
        # What may be our own letter, come back as a mail, as its header, or as a file.
        may_be_mail = media.startswith(("message/", "text/")) or name.lower().endswith((".eml", ".txt"))
        opening = data[:OPENING_BYTES] if may_be_mail else b""
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


def _left_out(unread: int, where: str) -> Problem:
    """Return the problem of words around a file's encoding that are too many for a footer.

    It is the mail's: the file itself is whole, but another may lie there.
    """
    message = f"附件的编码前后有 {unread} 字节没有读入，里面可能有文件。"
    return Problem("transfer-unread", message, where, "请重新发送该文件。", Weight.UNREADABLE)


def _is_binary(data: bytes) -> bool:
    """Tell a PDF, an archive, a picture or anything else that is no text, though it calls itself so: it is a file."""
    if data.startswith(_FILE_MARKS):
        return True
    head = data[:_SAMPLE]
    strange = len(head) - len(head.translate(None, _NO_TEXT))
    return strange >= _STRANGE and strange * 50 > len(head)


def _is_wide(parameters: Parameters, data: bytes) -> bool:
    """Whether a text holds NUL by right: UTF-16 and UTF-32, by their label or their mark."""
    label = (parameters.text("charset") or "").lower()
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return marked or label.startswith(("utf-16", "utf-32", "utf16", "utf32", "unicode"))


def _stand_in(section: str, media: str, data: bytes) -> str:
    """Return the name of a file that has none: by its place and type, so that it is the same at every reading."""
    return f"附件{section.replace('.', '-')}{_ending(media, data)}"


def _ending(media: str, data: bytes) -> str:
    if media in _ENDINGS:
        return _ENDINGS[media]
    return next((ending for magic, ending in _MAGIC if data.startswith(magic)), ".bin")
