"""字数: how many words Word would count in a text.

The rule of the Chinese Word and WPS: every Han, kana and hangul character and every full-width mark counts one;
so does every character that GBK writes in two bytes (“ ” … — · × ① Ⅰ α), which those programs take for Chinese; a
run of any other characters counts one; blanks count nothing. Three files whose counts were stored by WPS agree to
the character.
"""

from __future__ import annotations

import unicodedata

_ASIAN = "A"
_OTHER = "x"
_BLANK = " "
_NOTHING = ""

_ASIAN_BLOCKS = (
    (0x1100, 0x11FF),  # hangul jamo
    (0x2E80, 0x303F),  # radicals, CJK marks
    (0x3040, 0x318F),  # kana, bopomofo, hangul letters
    (0x3190, 0x33FF),  # annotation marks, strokes, enclosed and squared CJK
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x1F200, 0x1F2FF),
    (0x20000, 0x3FFFF),
)


class _Kinds(dict[int, str]):
    """What a character counts as; filled as characters are met, so that nothing is computed at import."""

    def __missing__(self, code: int) -> str:
        kind = _kind(chr(code))
        self[code] = kind
        return kind


def _kind(character: str) -> str:
    code = ord(character)
    category = unicodedata.category(character)
    if character.isspace() or category in {"Zs", "Zl", "Zp", "Cc"}:
        return _BLANK
    if category == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        # Zero-width marks and variation selectors show nothing and part nothing.
        return _NOTHING
    if any(first <= code <= last for first, last in _ASIAN_BLOCKS):
        return _ASIAN
    try:
        return _ASIAN if len(character.encode("gbk")) == 2 else _OTHER
    except UnicodeEncodeError:
        return _OTHER


_KINDS = _Kinds()


def count_words(text: str) -> int:
    """Return the 字数 of the text by the rule above."""
    kinds = text.translate(_KINDS)
    return kinds.count(_ASIAN) + len(kinds.replace(_ASIAN, _BLANK).split())


def count_characters(text: str) -> int:
    """Return the 字符数（不计空格）: every character that shows something."""
    return len(text.translate(_KINDS).replace(_BLANK, ""))
