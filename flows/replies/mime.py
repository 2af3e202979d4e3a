"""A letter as bytes (信件成文): what SMTP carries, RFC 5322 and 2045-2049, with the manners of RFC 3834.

Written by hand and not with ``email``: the same letter must give the same bytes (no random boundaries), long
Message-IDs must stand unfolded (the library encodes them as words, which breaks threads), and nothing that a sender
wrote may become a header or a line.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from flows.replies.letter import Attachment, Letter, LetterKind

BEIJING = timezone(timedelta(hours=8))
"""Date carries +0800 whatever zone the moment came in."""

ON_OUR_OWN = frozenset(
    {LetterKind.DIGEST, LetterKind.ALARM, LetterKind.REMIND_OPEN, LetterKind.REMIND_DEADLINE, LetterKind.PAPER_RECEIVED}
)
"""Letters that answer no mail: ``Auto-Submitted: auto-generated`` instead of ``auto-replied`` (RFC 3834, 5)."""

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*", re.ASCII)
_WORD_BYTES = 45
"""Bytes in one encoded word: 60 characters of base64, so that word and header name fit into 76 columns."""


def can_be_sent_to(address: str) -> bool:
    """Whether a letter can be addressed so: one plain ASCII mailbox (SMTP without SMTPUTF8), and nothing beside it."""
    return bool(_ADDRESS.fullmatch(address)) and len(address) <= 254


def ascii_address(address: str) -> str:
    """Return the address as SMTP without SMTPUTF8 takes it: a domain in Chinese by its ``xn--`` name (RFC 5891).

    What cannot be written so stays as it is; ``can_be_sent_to`` says whether it will do.
    """
    local, at, domain = address.rpartition("@")
    if not at or domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        return address


def to_bytes(
    letter: Letter, *, sender: str, sender_name: str, message_id: str, date: datetime, instance_id: str
) -> bytes:
    """Return the letter as it goes out, with CRLF line ends.

    ``message_id`` is ours, with angle brackets (``parsers.mail.token.make_token``); it is repeated in ``X-Zhengji-ID``
    behind ``instance_id``, because some providers rewrite Message-ID. ``ValueError`` where an address, an id or a
    media type could break a header: such a letter must not be queued.
    """
    _check(letter, sender, message_id, instance_id)
    root, body = _body(letter, hashlib.sha256(message_id.encode()).hexdigest()[:24])
    auto = "auto-generated" if letter.kind in ON_OUR_OWN else "auto-replied"
    headers = [
        f"From: {_mailbox(sender_name, sender, 6)}",
        f"To: {_mailbox(letter.to_name, letter.to_address, 4)}",
        f"Subject: {_words(letter.subject, 9)}",
        f"Date: {format_datetime(date.astimezone(BEIJING))}",
        f"Message-ID: {message_id}",
        *_thread(letter),
        f"Auto-Submitted: {auto}",
        "X-Auto-Response-Suppress: All",
        f"X-Zhengji-ID: {instance_id}/{message_id[1:-1]}",
        "MIME-Version: 1.0",
        *root,
    ]
    return ("\r\n".join(headers) + "\r\n\r\n").encode("ascii") + body


def _check(letter: Letter, sender: str, message_id: str, instance_id: str) -> None:
    for address in (sender, letter.to_address):
        if not can_be_sent_to(address):
            message = f"地址 {address[:80]!r} 不能用于发信，请由人工核对收件人地址。"
            raise ValueError(message)
    if not _MESSAGE_ID.fullmatch(message_id):
        message = f"Message-ID {message_id[:80]!r} 不合格式。"
        raise ValueError(message)
    if not _TOKEN.fullmatch(instance_id):
        message = f"实例标识 {instance_id[:80]!r} 不合格式，只能用可见的 ASCII 字符。"
        raise ValueError(message)
    for attachment in letter.attachments:
        if not _MEDIA_TYPE.fullmatch(attachment.media_type):
            message = f"附件类型 {attachment.media_type[:80]!r} 不合格式。"
            raise ValueError(message)


def _thread(letter: Letter) -> list[str]:
    """Return In-Reply-To and References, one id a line; what is no message id is left out."""
    lines = []
    if _MESSAGE_ID.fullmatch(letter.in_reply_to):
        lines.append(f"In-Reply-To: {letter.in_reply_to}")
    kept = [ref for ref in dict.fromkeys(letter.references) if _MESSAGE_ID.fullmatch(ref)]
    if kept:
        lines.append("References: " + "\r\n ".join(kept))
    return lines


def _body(letter: Letter, mark: str) -> tuple[list[str], bytes]:
    """Return the root's headers and its content: alternative, in related for pictures, in mixed for files."""
    inline = [a for a in letter.attachments if a.content_id]
    files = [a for a in letter.attachments if not a.content_id]
    html = _text_part("html", letter.html)
    if inline:
        html = _multipart("related", f"{mark}-r", [html, *(_file_part(a, inline=True) for a in inline)])
    whole = _multipart("alternative", f"{mark}-a", [_text_part("plain", letter.text), html])
    if files:
        whole = _multipart("mixed", f"{mark}-m", [whole, *(_file_part(a, inline=False) for a in files)])
    head, _, content = whole.partition(b"\r\n\r\n")
    return head.decode("ascii").split("\r\n"), content


def _multipart(kind: str, mark: str, parts: list[bytes]) -> bytes:
    boundary = f"=_zhengji-{mark}"
    extra = ' type="text/html";' if kind == "related" else ""
    head = f'Content-Type: multipart/{kind};{extra} boundary="{boundary}"\r\n\r\n'.encode()
    inner = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return head + inner + b"--" + boundary.encode() + b"--\r\n"


def _text_part(subtype: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + _base64(lines.encode("utf-8", "replace"))


def _file_part(attachment: Attachment, *, inline: bool) -> bytes:
    head = [
        f'Content-Type: {attachment.media_type};\r\n name="{_words(attachment.name, 7)}"',
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {'inline' if inline else 'attachment'};{_parameter('filename', attachment.name)}",
    ]
    if attachment.content_id:
        identity = f"<{attachment.content_id}>"
        if not _MESSAGE_ID.fullmatch(identity):
            message = f"图片标识 {identity[:80]!r} 不合格式。"
            raise ValueError(message)
        head.append(f"Content-ID: {identity}")
    if attachment.description:
        head.append(f"Content-Description: {_words(attachment.description, 21)}")
    return ("\r\n".join(head) + "\r\n\r\n").encode("ascii") + _base64(attachment.data)


def _parameter(name: str, value: str) -> str:
    """Return a parameter with any name in it, as RFC 2231 continues it."""
    plain = re.fullmatch(r"[A-Za-z0-9._ -]{1,60}", value)
    if plain:
        return f' {name}="{value}"'
    coded = "".join(
        chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "._-") else f"%{byte:02X}"
        for byte in value.encode("utf-8", "replace")
    )
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", coded)
    if len(pieces) == 1:
        return f"\r\n {name}*=utf-8''{coded}"
    first = [f"\r\n {name}*0*=utf-8''{pieces[0]}"]
    return ";".join(first + [f"\r\n {name}*{n}*={piece}" for n, piece in enumerate(pieces[1:], 1)])


def _mailbox(name: str, address: str, used: int) -> str:
    clean = _one_line(name)
    if not clean:
        return f"<{address}>"
    if re.fullmatch(r"[A-Za-z0-9 ]{1,40}", clean):
        return f'"{clean}" <{address}>'
    return f"{_encoded(clean, used)}\r\n <{address}>"


def _words(text: str, used: int) -> str:
    """Return words for a header whose name took ``used`` columns: plain where they may be, else encoded."""
    clean = _one_line(text)
    if re.fullmatch(r"[A-Za-z0-9 .,()_+-]{1,60}", clean) and "=?" not in clean:
        return clean
    return _encoded(clean, used)


def _encoded(text: str, used: int) -> str:
    words: list[str] = []
    chunk, room = b"", _WORD_BYTES - max(0, used - 2)
    for char in text:
        piece = char.encode("utf-8", "replace")
        if chunk and len(chunk) + len(piece) > room:
            words.append(_word(chunk))
            chunk, room = b"", _WORD_BYTES
        chunk += piece
    words.append(_word(chunk))
    return "\r\n ".join(words)


def _word(chunk: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(chunk).decode()}?="


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
