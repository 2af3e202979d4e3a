"""What the golden mails are built with: nothing here uses the readers, nor a mail library that could be wrong."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

CRLF = b"\r\n"
ALL_BYTES = bytes(range(256))
PDF = b"%PDF-1.7\r\n%\xe2\xe3\xcf\xd3\n" + ALL_BYTES * 3 + b"\nstartxref\n%%EOF\n"
DOCX = b"PK\x03\x04\x14\x00" + bytes(reversed(ALL_BYTES)) * 2 + b"PK\x05\x06" + b"\0" * 18
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + ALL_BYTES * 2 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + ALL_BYTES + b"IEND\xaeB`\x82"
ZIP = b"PK\x03\x04" + ALL_BYTES + b"PK\x05\x06" + b"\0" * 18
TEXT = "您好，请查收附件。"
SENDER = ("张三", "zhangsan@163.com")
SUBJECT = "申报材料"


@dataclass(frozen=True)
class Golden:
    """One mail and everything that must be read from it; problems are ``(code)`` of the mail, ``path: code`` of parts."""

    name: str
    raw: bytes
    sender: tuple[str, str] = SENDER
    subject: str = SUBJECT
    text: str = TEXT
    parts: tuple[tuple[str, str, int, str], ...] = ()
    problems: tuple[str, ...] = ()
    chinese: bool = True
    html: str = ""


def golden(
    name: str,
    raw: bytes,
    *,
    files: Sequence[tuple[str, bytes] | tuple[str, str, bytes]] = (),
    problems: Sequence[str] = (),
    **expected,
) -> Golden:
    """``files`` are ``(name, data)``, or ``(path, name, data)`` where the path differs."""
    parts = tuple((one[0], one[-2], len(one[-1]), hashlib.sha256(one[-1]).hexdigest()) for one in files)
    return Golden(name, raw, parts=parts, problems=tuple(sorted(problems)), **expected)


def b64(data: bytes, width: int = 76) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[i : i + width] + CRLF for i in range(0, len(text), width))


def q_word_text(data: bytes) -> bytes:
    return b"".join(bytes([c]) if chr(c).isalnum() and c < 128 else b"=%02X" % c for c in data)


def word(text: str | bytes, charset: str = "utf-8", label: str | None = None, how: str = "B") -> bytes:
    data = text if isinstance(text, bytes) else text.encode(charset)
    inner = base64.b64encode(data) if how in "Bb" else q_word_text(data)
    return b"=?" + (label or charset).encode() + b"?" + how.encode() + b"?" + inner + b"?="


def words(
    text: str, charset: str, cuts: Sequence[int], label: str | None = None, how: str = "B", glue: bytes = b"\r\n "
) -> bytes:
    """Encoded words cut at these byte offsets, wherever they fall."""
    data = text.encode(charset)
    edges = [0, *cuts, len(data)]
    return glue.join(word(data[a:b], charset, label, how) for a, b in pairwise(edges))


def percent(data: bytes) -> bytes:
    return b"".join(bytes([c]) if (chr(c).isalnum() and c < 128) or c == 0x2E else b"%%%02X" % c for c in data)


def head(*extra: bytes, sender: bytes | None = None, subject: bytes | None = None, trace: bool = True) -> bytes:
    lines = []
    if trace:
        lines.append(
            b"Received: from mail-m1.163.com (unknown [10.110.24.35])\r\n\tby gzmx14 (Coremail) with SMTP id TcCowABn9.56047S2;"
            b"\r\n\tThu, 28 May 2026 10:20:30 +0800 (CST)"
        )
    lines += [
        b"From: " + (sender if sender is not None else word(SENDER[0]) + b" <zhangsan@163.com>"),
        b"To: zjzjtxqycjfh@163.com",
        b"Subject: " + (subject if subject is not None else word(SUBJECT)),
        b"Date: Thu, 28 May 2026 10:20:28 +0800",
        b"Message-ID: <1a2b3c.163@163.com>",
        b"MIME-Version: 1.0",
        *extra,
    ]
    return CRLF.join(lines) + CRLF


def plain_part(text: str = TEXT, charset: str = "utf-8") -> bytes:
    return (
        b"Content-Type: text/plain; charset="
        + charset.encode()
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64(text.encode(charset))
    )


def file_part(
    data: bytes = PDF,
    kind: bytes = b"Content-Type: application/pdf",
    disposition: bytes | None = b"Content-Disposition: attachment",
    extra: bytes = b"",
) -> bytes:
    lines = [kind] if kind else []
    if disposition:
        lines.append(disposition)
    return CRLF.join([*lines, b"Content-Transfer-Encoding: base64"]) + CRLF + extra + CRLF + b64(data)


def multipart(
    *parts: bytes,
    boundary: bytes = b"----=_Part_1_2.3",
    subtype: bytes = b"mixed",
    close: bool = True,
    head_lines: Sequence[bytes] = (),
    **top,
) -> bytes:
    """A whole mail of these parts."""
    kind = b"Content-Type: multipart/" + subtype + b'; boundary="' + boundary + b'"'
    return head(*head_lines, kind, **top) + CRLF + joined(parts, boundary, close=close)


def joined(parts: Sequence[bytes], boundary: bytes, *, close: bool = True) -> bytes:
    body = b"".join(b"--" + boundary + CRLF + (one if one.endswith(CRLF) else one + CRLF) for one in parts)
    return body + (b"--" + boundary + b"--" + CRLF if close else b"")


def inner(parts: Sequence[bytes], boundary: bytes, subtype: bytes) -> bytes:
    """A multipart inside another."""
    return (
        b"Content-Type: multipart/"
        + subtype
        + b'; boundary="'
        + boundary
        + b'"'
        + CRLF
        + CRLF
        + joined(parts, boundary)
    )


def named(disposition: bytes, kind: bytes = b"Content-Type: application/octet-stream", data: bytes = PDF) -> bytes:
    """A mail with the usual text and one file whose naming headers are given raw."""
    return multipart(plain_part(), file_part(data, kind, disposition))
