"""Lines of a page put together into paragraphs again (合并折行), for readers that see only where lines end on paper."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.report.headings import rank_of
from parsers.report.part_names import meaning
from parsers.text.count import count_characters
from parsers.word.paragraph import Line, Place

_PAGE_NUMBER = re.compile(r"[\s\-—－–·第页共/.\d]{1,16}")
_NARROW = 3
"""Characters by which a full line may fall short: a mark or a Latin word was carried over."""
_FEW = 8


def unwrapped(texts: Sequence[str]) -> list[Line]:
    """Return paragraphs from lines as they stand on pages; page numbers are set apart as footers.

    A line that fills the page's width goes on in the next one, unless that one looks like a heading. Without at
    least eight lines of like width nothing is joined.
    """
    widths = sorted(count_characters(text) for text in texts if count_characters(text) >= 15)
    full = widths[int(len(widths) * 0.8)] if len(widths) >= _FEW else 0
    wrapped = full > 0 and sum(abs(width - full) <= _NARROW for width in widths) >= 0.5 * len(widths)
    found: list[Line] = []
    under_way = ""
    for text in texts:
        if not text.strip():
            continue
        if _PAGE_NUMBER.fullmatch(text) and any(character.isdigit() for character in text):
            found.append(Line(text.strip(), Place.HEADER))
            continue
        if under_way and (not wrapped or _opens(text)):
            found.append(Line(under_way))
            under_way = ""
        under_way += _joint(under_way, text.strip()) + text.strip()
        if not wrapped or count_characters(text) < full - _NARROW:
            found.append(Line(under_way))
            under_way = ""
    if under_way:
        found.append(Line(under_way))
    return found


def _opens(text: str) -> bool:
    """Whether a line begins something new: a number of its own, or a part's name."""
    rank, rest = rank_of(text)
    short = count_characters(rest) <= 25 and not rest.endswith(("。", "；", "，", "、"))
    return short and (0 < rank <= 3 or bool(meaning(rest).plain))


def _joint(before: str, after: str) -> str:
    """Return a blank where two Latin words would grow together."""
    if before and after and before[-1].isascii() and after[0].isascii() and before[-1].isalnum() and after[0].isalnum():
        return " "
    return ""
