"""A paragraph of a document as a reader sees it (段落), the same for every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from parsers.facts.problem import Problem


class Place(StrEnum):
    """Where a paragraph stands (所在位置)."""

    BODY = "body"
    TABLE = "table"
    BOX = "box"
    NOTE = "note"
    HEADER = "header"
    """Headers and footers (页眉页脚)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, chart or drawing in a paragraph (插图). ``pixels`` are the file's, ``inches`` the width as shown."""

    kind: str = "picture"
    """``picture``, ``chart`` or ``diagram``."""
    pixels: tuple[int, int] | None = None
    inches: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Which cell of which table (单元格), all counted from nought in reading order."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    r"""One paragraph. ``text`` is what a reader sees, a soft return as ``\n``, without the automatic number.

    ``label`` is that number as it is shown. ``outline`` is the outline level from 0, where the author set one.
    ``bold`` is the share of bold characters, ``lead_bold`` the number of bold characters at the start, ``size`` in
    points the size of most characters. ``hidden`` is hidden text in the paragraph; it is not part of ``text``.
    """

    text: str
    place: Place = Place.BODY
    label: str = ""
    outline: int | None = None
    style: str = ""
    bold: float = 0.0
    lead_bold: int = 0
    size: float | None = None
    centred: bool = False
    contents: bool = False
    """A line of the table of contents (目录)."""
    page_break: bool = False
    """A new page begins before this paragraph."""
    cell: Cell | None = None
    hidden: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class WordText:
    """A whole document as its reader understood it (文档内容), whatever its format.

    ``plain`` says that the reader could see no formatting, only text. ``readable`` is False where text may be
    missing. ``tracked`` counts tracked changes, ``comments`` comments. ``companies`` are company names from the
    document's properties.
    """

    format: str
    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()
    tracked: int = 0
    comments: int = 0
    companies: tuple[str, ...] = ()
    plain: bool = False
    readable: bool = True


def as_lines(lines: Iterable[Line | str]) -> tuple[Line, ...]:
    """Return every entry as a ``Line``; a bare string is a paragraph of which only the text is known."""
    return tuple(Line(line) if isinstance(line, str) else line for line in lines)
