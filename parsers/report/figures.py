"""Figures and tables (图表) of a report: their captions, and whether a source (资料来源) stands near."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.facts.looks import Figure
from parsers.word.paragraph import Line, Picture, Place

_CAPTION = {
    "figure": re.compile(
        r"\s*(?:图|附图|照片|图片|图表)\s*[\d一二三四五六七八九十]{0,3}(?:[-－.—]\d{1,2})?[\s：:、.．]?"
    ),
    "table": re.compile(r"\s*(?:表|附表|表格|图表)\s*[\d一二三四五六七八九十]{1,3}(?:[-－.—]\d{1,2})?[\s：:、.．]?"),
}
_SOURCE = re.compile(
    r"(?:资料|数据|图片|照片|信息|图表)?(?:来源|出处)\s*[：:于自]|(?:来源|摘自|引自|供图|摄影|摄)[：:]|(?:企业|公司)(?:提供|供图)"
)
_SMALLEST = 100
"""Pixels of the shorter side below which a picture is an icon or a rule."""
_AROUND = 3
"""Paragraphs before and after in which caption and source are looked for."""
_MOST = 500


def find_figures(lines: Sequence[Line]) -> tuple[Figure, ...]:
    """Return the figures and tables of the text in order, at most 500."""
    text = [line for line in lines if line.place is not Place.HEADER]
    found: list[Figure] = []
    seen_tables: set[int] = set()
    columns = _columns(text)
    for place, line in enumerate(text):
        pictures = [picture for picture in line.pictures if not _is_small(picture)]
        if pictures:
            around = _around(text, place, place)
            found += [_figure("figure", around, line, picture) for picture in pictures]
        if line.cell is not None and line.cell.table not in seen_tables:
            seen_tables.add(line.cell.table)
            last = max(n for n, other in enumerate(text) if other.cell and other.cell.table == line.cell.table)
            if columns[line.cell.table] > 1 and any(
                other.text.strip() for other in text[place : last + 1] if other.cell is not None
            ):
                found.append(_figure("table", _around(text, place, last), line, None))
        if len(found) >= _MOST:
            break
    return tuple(found[:_MOST])


def _columns(lines: Sequence[Line]) -> dict[int, int]:
    columns: dict[int, int] = {}
    for line in lines:
        if line.cell is not None:
            columns[line.cell.table] = max(columns.get(line.cell.table, 0), line.cell.column + 1)
    return columns


def _is_small(picture: Picture) -> bool:
    if picture.pixels is not None:
        return min(picture.pixels) < _SMALLEST
    return picture.inches is not None and picture.inches < 0.5


def _around(lines: Sequence[Line], first: int, last: int) -> list[Line]:
    """Paragraphs nearest first: those after, then those before; further pictures and long text end the search."""
    after: list[Line] = list(lines[first : first + 1]) if first == last else []
    for line in lines[last + 1 : last + 1 + 2 * _AROUND]:
        if line.pictures and not after[1:]:
            continue
        if line.pictures or len(after) > _AROUND:
            break
        if line.text.strip():
            after.append(line)
    before = [line for line in lines[max(0, first - 2 * _AROUND) : first] if line.text.strip() and not line.pictures]
    return after + before[: -_AROUND - 1 : -1]


def _figure(kind: str, around: Sequence[Line], line: Line, picture: Picture | None) -> Figure:
    caption = next((other.text.strip() for other in around if _is_caption(kind, other.text)), "")
    source = any(_SOURCE.search(other.text[:200]) for other in around if len(other.text) <= 200)
    near = caption or next((other.text.strip() for other in around if other.text.strip()), "")
    if not caption and picture is not None and picture.description and _is_caption(kind, picture.description):
        caption = picture.description
    pixels = picture.pixels if picture else None
    dots = round(pixels[0] / picture.inches) if picture and pixels and picture.inches else None
    return Figure(kind, caption[:100], source, near[:40] or line.text.strip()[:40], pixels, dots)


def _is_caption(kind: str, text: str) -> bool:
    text = text.strip()
    if not 2 <= len(text) <= 80 or text[-1] in "。；":
        return False
    match = _CAPTION[kind].match(text)
    return match is not None and (any(c.isdigit() for c in match[0]) or len(match[0].strip()) < len(text))
