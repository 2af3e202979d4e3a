"""Text that two programs wrote (二次编码的文字): bytes of one character set taken for another, and encoded again.

GBK read as Latin-1 and sent as UTF-8 (``ÍÆ¼ö±í``), UTF-8 read as Windows-1252 (``æŽ¨è``), numeric entities in plain
text, ``u63a8`` behind a backslash and ``=E6=8E=A8`` in names. Each is undone only where what comes out is everyday
Chinese throughout, for words with accents and Greek letters are right as they stand.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote_to_bytes

_HIGH = re.compile("[\x80-\uffff]")
_CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_ENTITY = re.compile(r"&#(?:[0-9]{4,6}|[xX][0-9A-Fa-f]{4,5});")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_EQUALS = re.compile(r"(?:=[0-9A-Fa-f]{2}){3,}")
_PERCENTS = re.compile(r"(?:%(?:25)?[0-9A-Fa-f]{2}){3,}")
_LONGEST = 1 << 20
_MARKS = frozenset("&\\=%")
"""A name with none of these needs no second look."""


def undo_twice(text: str) -> str | None:
    """Return what a text meant whose bytes were read in the wrong character set; None where nothing speaks for it."""
    if text.isascii() or len(text) > _LONGEST or _CJK.search(text) is not None or len(_HIGH.findall(text[:4000])) < 4:
        return None
    data = _bytes_of(text)
    if data is None:
        return None
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        meant = _as_gb(data)
    if len(_CJK.findall(meant)) < 2 or any("\x80" <= letter <= "\u07ff" for letter in meant):
        return None
    return meant


def _bytes_of(text: str) -> bytes | None:
    out = bytearray()
    for letter in text:
        code = ord(letter)
        if code > 0xFF:
            try:
                out += letter.encode("cp1252")
            except UnicodeEncodeError:
                return None
        else:
            out.append(code)
    return bytes(out)


def _as_gb(data: bytes) -> str:
    """Read GB 2312 of which every run of high bytes is whole pairs of everyday characters; nothing else counts."""
    for run in re.findall(rb"[\x80-\xff]+", data):
        leads = run[::2]
        if len(run) % 2 or any(lead not in {0xA1, 0xA3} and not 0xB0 <= lead <= 0xD7 for lead in leads):
            return ""
    try:
        return data.decode("gb2312")
    except UnicodeDecodeError:
        return ""


def undo_entities(text: str) -> str:
    """Return a plain text with its numeric entities of Chinese characters written out; few may be meant as they are."""
    if "&#" not in text or len(_ENTITY.findall(text[:_LONGEST])) < 2:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def undo_in_name(name: str) -> str:
    """Return a name or a subject as it was meant, whatever a second program made of it."""
    if not _MARKS.intersection(name):
        return undo_twice(name) or name
    plain = undo_entities(name)
    if len(_ESCAPE.findall(plain)) >= 2:
        plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), plain)
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for pattern in (_EQUALS, _PERCENTS):
        meant = pattern.sub(lambda match: _unescaped(match[0]), plain)
        plain = meant if _CJK.search(meant) else plain
    return undo_twice(plain) or plain


def _unescaped(run: str) -> str:
    once = unquote_to_bytes(run.replace("=", "%").replace("%25", "%"))
    for name in ("utf-8", "gb18030"):
        try:
            return once.decode(name)
        except UnicodeDecodeError:
            continue
    return run
