"""What kind of text is this (文本类型识别): a mail, a page, a table, a shortcut, a sealed message, or just words."""

from __future__ import annotations

import re

_HEAD = 65_536
_HEADER = 16_384
_HEADER_LINES = 400
_TEXT_CONTROLS = frozenset({9, 10, 11, 12, 13, 26, 27})
_HTML_START = re.compile(r"<(?:!doctype html|html|head|body|meta|table|div|p\b)")
_MBOX_LINE = re.compile(rb">?From [^\n]*\n[\r\n]*")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_TELLING = frozenset({b"from", b"received", b"message-id", b"return-path", b"mime-version", b"date"})
_MAIL_FIELDS = _TELLING | {
    b"to", b"subject", b"content-type", b"content-transfer-encoding", b"dkim-signature", b"cc", b"sender", b"reply-to",
    b"delivered-to", b"content-disposition",
}  # fmt: skip
_BEGINNINGS = (
    ("[internetshortcut]", "lnk"),
    ("[desktop entry]", "lnk"),
    ("-----begin pgp message-----", "pgp"),
    ("-----begin pkcs7-----", "smime"),
    ("-----begin cms-----", "smime"),
)


def looks_like_text(sample: bytes) -> bool:
    """Whether bytes hold no control characters that no text has."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    strange = sum(1 for byte in sample if byte < 32 and byte not in _TEXT_CONTROLS)
    return strange == 0 and 0x7F not in sample


def decoded(head: bytes) -> str | None:
    """Return text of any of the encodings that occur, or None where the bytes are no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    if not looks_like_text(head):
        return None
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return head.decode(encoding)
        except UnicodeDecodeError as error:
            # The head may cut the last character.
            if error.start >= len(head) - 4 and len(head) == _HEAD:
                return head[: error.start].decode(encoding)
    return None


def text_kind(head: bytes) -> str | None:
    """Return which kind of text this is, None where it is no text at all."""
    if is_mail(head):
        return mail_kind(head)
    text = decoded(head)
    return None if text is None else _written_kind(text)


def _written_kind(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n").lower()[:4096]
    told = next((kind for mark, kind in _BEGINNINGS if start.startswith(mark)), None)
    if told is not None:
        return told
    if start.startswith(("<?xml", "<svg")):
        if "<svg" in start:
            return "svg"
        if "<plist" in start and "<key>url</key>" in start:
            return "lnk"
        if "schemas.microsoft.com/office/word/2003" in start or 'progid="word.document"' in start:
            return "wordxml"
    if _HTML_START.match(_without_preamble(start)):
        return "html"
    return "csv" if _is_table(text) else "text"


def mail_kind(head: bytes) -> str:
    """Return which kind of mail this is: a mail, or a web page kept in the form of one."""
    return "mhtml" if _is_web_archive(head) else "eml"


def _without_preamble(start: str) -> str:
    """Skip an XML declaration and comments before the first element; step by step, for a pattern could run wild."""
    for _ in range(20):
        if start.startswith("<?xml"):
            start = start.partition(">")[2].lstrip()
        elif start.startswith("<!--"):
            start = start.partition("-->")[2].lstrip()
        else:
            break
    return start


def is_mail(head: bytes, *, said: bool = False) -> bool:
    """Whether these bytes begin like a mail, with the empty lines and the odd line that programs put before or in it.

    ``said`` is for bytes that were called a mail by their type or name: then one field of a mail is enough. Without
    it, two are asked for, one of them telling whence or when; for people write notes of the form ``名称: 值`` too.
    """
    block = head[:_HEADER].lstrip(b"\xef\xbb\xbf\r\n \t")
    mark = _MBOX_LINE.match(block)
    block = block[mark.end() :] if mark else block
    top = _BLANK_LINE.split(block, maxsplit=1)[0]
    lines = [line for line in top.split(b"\n")[:_HEADER_LINES] if line.strip() and line[:1] not in b" \t"]
    names = [match[1].lower() for line in lines if (match := _FIELD.match(line)) is not None]
    seen = set(names) & _MAIL_FIELDS | {name for name in names if name.startswith(b"x-")}
    if said:
        return bool(seen) and len(names) * 2 > len(lines)
    odd = len(lines) - len(names)
    if not names or odd > 1 or (odd and len(seen) < 3):
        return False
    if len(seen) == 1:
        return names == [b"content-type"] and b"multipart/" in top.lower() and b"boundary" in top.lower()
    return bool(seen & _TELLING or (b"content-type" in seen and b"multipart/" in top.lower()))


def _is_web_archive(head: bytes) -> bool:
    top = _BLANK_LINE.split(head[:_HEADER].lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0].lower()
    return (
        b"multipart/related" in top
        and b"\nreceived:" not in top
        and (b"saved by" in top or b"snapshot-content-location" in top or (b"\nto:" not in b"\n" + top))
    )


def _is_table(text: str) -> bool:
    """Whether at least two lines hold the same number of commas or tabs."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    for mark in ("\t", ","):
        counts = {line.count(mark) for line in lines[: max(2, len(lines) - 1)]}
        if len(lines) >= 2 and len(counts) == 1 and counts != {0}:
            return True
    return False
