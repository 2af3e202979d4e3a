"""Text that two reports share (雷同文字) beyond phrases that everybody uses."""

from __future__ import annotations

import re

GRAM = 16
"""Characters that must agree in a row for a passage to begin."""
SHORTEST = 40
"""Characters that a passage must have to be worth telling."""
_GAP = 12
"""Characters that may differ inside a passage, such as the company's name."""
_LONGEST = 400_000
_SHORT_LINE = 36
"""Characters of lines that are taken for headings and captions."""
_OCCURRENCES = 6
"""Places at which the same beginning is followed up."""
_MOST = 30
_SKIPPED = re.compile(r"[\W_]+")
_STOCK = re.compile(
    "习近平|党的二十|中国特色社会主义|高质量发展|新质生产力|专精特新|十四五|十五五|中小企业|工业和信息化|小巨人|单项冠军|"
    "浙江省|发展优秀案例|统一社会信用代码|高新技术企业|制造强国|供给侧结构性改革|是一家|专业从事|研发|生产|销售|有限公司|成立于"
)


def shared_passages(a: str, b: str) -> tuple[str, ...]:
    """Return the passages of ``a`` that also stand in ``b``, longest first, at most 30.

    Marks and blanks do not count, short differences inside a passage (another company's name) are bridged, and
    passages that are mostly stock phrases are left out.
    """
    first, places = _bare(a)
    second, _ = _bare(b)
    grams: dict[str, list[int]] = {}
    for place in range(len(second) - GRAM + 1):
        same = grams.setdefault(second[place : place + GRAM], [])
        if len(same) < _OCCURRENCES:
            same.append(place)
    runs: list[tuple[int, int, int]] = []
    place = 0
    while place <= len(first) - GRAM:
        others = grams.get(first[place : place + GRAM])
        if others is None:
            place += 1
            continue
        length, other = max((_agreeing(first, place, second, other), -other) for other in others)
        runs.append((place, place + length, -other))
        place += length
    found = [
        a[places[start] : places[end - 1] + 1]
        for start, end, same in _bridged(runs)
        if same >= SHORTEST and _beyond_stock(first[start:end])
    ]
    return tuple(sorted(found, key=len, reverse=True)[:_MOST])


def _agreeing(first: str, place: int, second: str, other: int) -> int:
    """Return how many characters agree from these places on."""
    length = GRAM
    most = min(len(first) - place, len(second) - other)
    while length < most and first[place + length] == second[other + length]:
        length += 1
    return length


def _bare(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of the running text, and where each stood; headings and captions stay out."""
    kept: list[str] = []
    places: list[int] = []
    start = 0
    for line in text[:_LONGEST].splitlines(keepends=True):
        end = start
        if len(line) > _SHORT_LINE:
            for gap in _SKIPPED.finditer(line):
                kept.append(text[end : start + gap.start()])
                places.extend(range(end, start + gap.start()))
                end = start + gap.end()
            kept.append(text[end : start + len(line)])
            places.extend(range(end, start + len(line)))
        start += len(line)
    return "".join(kept), places


def _bridged(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join runs that follow one another closely in both texts; return start, end and how much agrees."""
    joined: list[tuple[int, int, int]] = []
    last_other = 0
    for start, end, other in runs:
        if joined:
            before, until, same = joined[-1]
            if start - until <= _GAP and 0 <= other - last_other <= _GAP:
                joined[-1] = (before, end, same + end - start)
                last_other = other + end - start
                continue
        joined.append((start, end, end - start))
        last_other = other + end - start
    return joined


def _beyond_stock(text: str) -> bool:
    """Whether enough of it is left when stock phrases are taken out."""
    return len(_STOCK.sub("", text)) >= 0.75 * SHORTEST
