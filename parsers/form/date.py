"""Reads a day as people write it on forms (报送时间): with figures or Chinese numerals, with or without 年月日."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_NUMERALS = {letter: str(value) for value, letter in enumerate("零一二三四五六七八九")} | {
    "〇": "0", "○": "0", "Ｏ": "0", "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5",
    "陆": "6", "柒": "7", "捌": "8", "玖": "9", "两": "2",
}  # fmt: skip
_HAN = "零〇○一二三四五六七八九十壹贰叁肆伍陆柒捌玖两"
_SLIPS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "年": "年", "牛": "年", "曰": "日"})
_MARKED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_POINTED = re.compile(r"(\d{4})[./\-—、,](\d{1,2})[./\-—、,](\d{1,2})")
_SOLID = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_EMPTY = re.compile(r"[\s_\-—.·:：年月日/]*")


def read_date(words: str) -> date | None:
    """Return the day that the words name, or None where they name none, more than one, or an impossible one.

    A year without four figures is not guessed at: a slip in a handwritten year is common.
    """
    plain = _plain(words)
    for pattern in (_MARKED, _POINTED, _SOLID):
        found = pattern.findall(plain)
        if len(found) == 1:
            year, month, day = (int(part) for part in found[0])
            try:
                return date(year, month, day)
            except ValueError:
                return None
        if found:
            return None
    return None


def is_whole_date(words: str) -> bool:
    """Whether the words are one day and nothing else."""
    plain = _plain(words).strip("。.,、_ ")
    return any(pattern.fullmatch(plain) for pattern in (_MARKED, _POINTED, _SOLID))


def is_empty_date(words: str) -> bool:
    """Whether only the printed ``年 月 日`` stands there, with nothing filled in."""
    return _EMPTY.fullmatch(unicodedata.normalize("NFKC", words)) is not None


def looks_like_date(words: str) -> bool:
    """Whether the words could be part of a date: used to join what a line break tore apart."""
    plain = _plain(words)
    return bool(plain) and len(re.findall(r"[\d年月日./\-]", plain)) >= 0.7 * len(plain)


def _plain(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).translate(_SLIPS)
    text = "".join(letter for letter in text if not letter.isspace() and letter != "_")
    # Nobody writes one number in both ways: 二1日 is 二十日 or 二十一日 with a stroke of a seal across.
    text = re.sub(rf"[{_HAN}\d]*(?:[{_HAN}]\d|\d[{_HAN}])[{_HAN}\d]*", "?", text)
    text = re.sub(rf"[{_HAN}]+", _figures, text)
    return text.replace("号", "日")


def _figures(match: re.Match[str]) -> str:
    """Turn one run of Chinese numerals into figures: 二〇二六, 二十三, 十."""
    run = match.group()
    if "十" not in run:
        return "".join(_NUMERALS.get(letter, letter) for letter in run)
    tens, _, ones = run.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return run
    return str(int(_NUMERALS.get(tens, "1") if tens else "1") * 10 + int(_NUMERALS.get(ones, "0") if ones else "0"))
