"""Makes raw mails as Chinese mail programs write them (来信制作), for the demo's season and for tests.

Every mail follows from its arguments alone: no clock, no random boundary, so that the season is the same bytes
each time and its register can be compared with a golden file.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to attach. ``charset`` is the one its name is encoded in (``gb18030`` as QQ Mail and Foxmail do)."""

    name: str
    data: bytes
    media_type: str = "application/octet-stream"
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sender wrote: everything that ends up in the mail, in plain words."""

    sender_name: str
    sender: str
    subject: str
    text: str
    at: datetime
    enclosures: tuple[Enclosure, ...] = ()
    charset: str = "utf-8"
    in_reply_to: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    to: str = "zjzjtxqycjfh@163.com"


def word(text: str, charset: str = "utf-8") -> str:
    """Encode header text as one RFC 2047 word in base64, as Chinese clients do; plain ASCII stays as it is."""
    if text.isascii():
        return text
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def post(draft: Draft) -> bytes:
    """Return the raw mail, CRLF line ends, with the headers that the receiving server would have put on top."""
    token = hashlib.sha256(repr(draft).encode()).hexdigest()[:20]
    domain = draft.sender.rpartition("@")[2] or "mail.example"
    arrived = format_datetime(draft.at)
    head = [
        f"Received: from mx.{domain} (unknown [127.0.0.1]) by mx27 (Coremail) with SMTP id {token[:12]};",
        f"\t{arrived}",
        f"From: {word(draft.sender_name, draft.charset)} <{draft.sender}>".replace("From:  <", "From: <"),
        f"To: <{draft.to}>",
        f"Subject: {word(draft.subject, draft.charset)}",
        f"Date: {arrived}",
        f"Message-ID: <{token}@{domain}>",
        "MIME-Version: 1.0",
    ]
    if draft.in_reply_to:
        head += [f"In-Reply-To: {draft.in_reply_to}", f"References: {draft.in_reply_to}"]
    head += [f"{name}: {value}" for name, value in draft.headers]
    body = _text_part(draft)
    if not draft.enclosures:
        return ("\r\n".join([*head, *body[0]]) + "\r\n\r\n" + body[1]).encode("ascii")
    boundary = f"=_zj_{token}"
    pieces = ["\r\n".join([*head, f'Content-Type: multipart/mixed; boundary="{boundary}"']), ""]
    pieces += [f"--{boundary}", "\r\n".join(body[0]), "", body[1]]
    for enclosure in draft.enclosures:
        pieces += [f"--{boundary}", *_enclosure_part(enclosure)]
    pieces += [f"--{boundary}--", ""]
    return "\r\n".join(pieces).encode("ascii")


def pack(entries: Sequence[tuple[str, bytes]], *, names: str = "gbk") -> bytes:
    """Return a zip whose names are written in ``gbk`` (as Windows does, no flag) or ``utf-8`` (with the flag)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = _GbkInfo(name) if names == "gbk" else zipfile.ZipInfo(name)
            info.date_time = (2026, 5, 12, 9, 0, 0)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


class _GbkInfo(zipfile.ZipInfo):
    """A zip entry whose name is written as GBK bytes without the UTF-8 flag: what Windows' own zip does in China."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name that zipfile calls
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _text_part(draft: Draft) -> tuple[list[str], str]:
    data = draft.text.replace("\r\n", "\n").replace("\n", "\r\n").encode(draft.charset)
    return [f"Content-Type: text/plain; charset={draft.charset}", "Content-Transfer-Encoding: base64"], _lines(data)


def _enclosure_part(enclosure: Enclosure) -> list[str]:
    name = word(enclosure.name, enclosure.charset)
    return [
        f'Content-Type: {enclosure.media_type}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"',
        "",
        _lines(enclosure.data),
    ]


def _lines(data: bytes) -> str:
    encoded = base64.b64encode(data).decode("ascii")
    return "\r\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))
