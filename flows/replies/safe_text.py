"""Words of senders made harmless (来信文字的净化): they may be shown in a letter, and can do nothing there.

Escaping for HTML is the template engine's work (autoescape). Here goes what escaping leaves: line breaks that would
add lines or headers, invisible and direction-changing characters that would make a name look like another, things
that mail programs turn into links by themselves, and sheer length.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 120
"""Characters of a file name, a subject or a person's name that a letter shows."""

SENTENCE_LIMIT = 400
"""Characters of a sentence that a rule made with words of a sender in it."""

_FILE_ENDINGS = frozenset(
    {
        *("pdf", "doc", "docx", "docm", "dot", "dotx", "wps", "rtf", "odt", "ofd", "xls", "xlsx", "et", "csv", "ppt"),
        *("pptx", "txt", "htm", "html", "xml", "json", "eml", "msg", "zip", "rar", "7z", "tar", "gz", "tgz", "jpg"),
        *("jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "mp4", "mov", "avi", "wmv", "caj", "psd"),
        *("ai", "cdr", "dwg", "p7s", "p7m", "dat", "bin", "tmp", "db", "lnk"),
    }
)
_SCHEME = re.compile(r"(?i)\b(https?|ftps?|file|mailto|javascript|data|tel|sms)[:：]")
_DOTTED = re.compile(r"(?<=[A-Za-z0-9-])\.(?=([A-Za-z][A-Za-z0-9-]{1,23})(?![A-Za-z0-9-]))")
_CHINESE_DOMAIN = re.compile(r"\.(?=(?:中国|公司|网络|中文网|集团|我爱你|在线|网址)(?!\w))")
_NUMBERED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_DOT_INSIDE = re.compile(r"(?<=\w)\.(?=\w)")


def cleaned(text: str, limit: int) -> str:
    """Return words as one line without control and hidden characters, at most ``limit`` characters long.

    This much is done to words of the staff too; ``safe`` does more, for words of senders.
    """
    kept = "".join(" " if _is_space(char) else char for char in text[: limit * 8] if _is_space(char) or _is_shown(char))
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe(text: str, limit: int = NAME_LIMIT) -> str:
    """Return words of a sender as one line that is safe to show, at most ``limit`` characters long.

    Control, format, private-use and unassigned characters go; every kind of white space becomes one blank; addresses
    are written so that no program turns them into links; what is too long ends in ``…``.
    """
    line = _unlink(cleaned(text, limit * 2))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_space(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Zs", "Zl", "Zp"}


def _is_shown(char: str) -> bool:
    # Cc control, Cf format (bidi, zero width, tags), Cs surrogates, Co private use, Cn unassigned.
    return unicodedata.category(char)[0] != "C"


def _unlink(text: str) -> str:
    text = _SCHEME.sub(lambda match: match.group(1) + "：", text)
    text = _CHINESE_DOMAIN.sub("．", text)
    text = _NUMBERED.sub(lambda match: match.group().replace(".", "．"), text)
    if "//" in text:
        text = _DOT_INSIDE.sub("．", text)
    else:
        text = _DOTTED.sub(lambda match: "." if match.group(1).lower() in _FILE_ENDINGS else "．", text)
    return text.replace("@", "＠")
