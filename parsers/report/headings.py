"""Headings (标题行) as a reader sees them: by outline level, number, look, place and wording, in any mixture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.report.part_names import Meaning, Strength, bare, meaning
from parsers.text.count import count_words
from parsers.word.paragraph import Line, Place

LONGEST = 45
"""字 in the longest line that can be a heading without an outline level."""

_NAME = 20
"""字 in the longest line that may be a heading by its words alone."""

_CHINESE = "一二三四五六七八九十百零〇两"
_RANKS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (rank, re.compile(rule))
    for rank, rule in (
        (1, rf"第\s*[{_CHINESE}\d]{{1,4}}\s*(?:部分|章|篇|编|板块|节)[\s：:、.．]*"),
        (1, r"(?:Part|PART|Chapter|CHAPTER)\s*(?:\d{1,2}|[A-Za-z]{1,5})[\s：:、.．]*"),
        (2, rf"[{_CHINESE}]{{1,4}}\s*[、.．:：，,]\s*"),
        (2, rf"[{_CHINESE}]{{1,3}}[\s\u3000]+"),
        (2, r"[壹贰叁肆伍陆柒捌玖拾]{1,3}[\s、.．:：]*"),
        (2, r"[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,3}[\s、.．:：]*|[IVX]{1,5}[、.．:：]\s*"),
        (3, rf"[（(〔]\s*[{_CHINESE}]{{1,4}}\s*[）)〕]\s*[、.．]?\s*"),
        (5, r"\d{1,2}\s*[.．]\s*\d{1,2}(?!\d)\s*[、.．]?\s*(?![.．\d%％])"),
        (6, r"\d{1,2}(?:\s*[.．]\s*\d{1,2}){2,4}\s*[、.．]?\s*"),
        (4, r"\d{1,2}\s*[、.．:：](?!\d)\s*"),
        (4, r"0\d(?=\D)[\s/|｜·]*"),
        (4, r"\d{1,2}[\s\u3000]+(?=[\u4e00-\u9fff])"),
        (7, r"[（(]\s*\d{1,2}\s*[）)]\s*[、.．]?\s*|\d{1,2}\s*[）)]\s*"),
        (8, r"[①-⑳⑴-⒇⒈-⒛]\s*[、.．]?\s*"),
    )
)
_END_MARKS = "。；;！!？?，,、…"
_CONTENTS_LINE = re.compile(r"(?:[.…·．]{2,}|\t)[\s.…·．]*\d{1,3}$")
_CAPTION = re.compile(
    r"(?:图|表|图表|附图|附表|照片)\s*[\d一二三四五六七八九十]{1,3}(?:[-－.—]\d{1,2})?|(?:资料|数据|图片)来源"
)
_SHORT = 15
"""字 that may stand below a line of a table of contents (a line broken in two)."""
_MINI = re.compile(r"[。：:]")


@dataclass(frozen=True, slots=True)
class Row:
    """One visual line of text: a paragraph, or a piece of one cut at a soft return or after a run-in heading."""

    line: Line
    text: str
    words: int
    index: int
    """Of the paragraph among all lines."""
    lead: bool = False
    """A run-in heading: the text goes on in the same paragraph."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that may be a heading. ``rank`` comes from its number (1 第一部分 … 8 ①), 0 without one."""

    row: int
    text: str
    rank: int
    outline: int | None
    bold: bool
    size: float | None
    centred: bool
    means: Meaning
    raw: str
    sure: bool = True
    """Looks like a heading by more than one sign, or by the author's own outline."""
    boxed: bool = False
    """Stands in a text box."""

    @property
    def why(self) -> str:
        """What it was recognised by, in Chinese, for staff."""
        signs = []
        if self.outline is not None:
            signs.append(f"大纲级别{self.outline + 1}")
        if self.rank:
            signs.append("编号")
        if self.bold:
            signs.append("加粗")
        if self.centred:
            signs.append("居中")
        if self.means.strengths:
            signs.append("用词")
        return "、".join(signs) or "短行"


def rank_of(text: str) -> tuple[int, str]:
    """Return the rank of the number that a line begins with and the rest of the line; 0 where it has none."""
    head = text[:40].lstrip()
    for rank, rule in _RANKS:
        if match := rule.match(head):
            return rank, text.lstrip()[match.end() :].strip()
    return 0, text.strip()


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Cut the paragraphs of the text into rows; notes, headers and the table of contents stay out."""
    rows: list[Row] = []
    framed = _framing_tables(lines)
    for index, line in enumerate(lines):
        if line.place in {Place.NOTE, Place.HEADER}:
            continue
        if line.cell is not None and line.cell.table not in framed:
            rows.append(Row(line, "", count_words(line.text), index))
            continue
        if line.contents or is_contents_line(line.text):
            rows.append(Row(replace(line, contents=True), "", count_words(line.text), index))
            continue
        for number, piece in enumerate(line.text.split("\n")[:200]):
            bold = 1.0 if number == 0 and piece.strip() and line.lead_bold >= len(piece.strip()) else line.bold
            label = line.label if number == 0 else ""
            own = replace(line, bold=bold, label=label, pictures=line.pictures if number == 0 else ())
            rows += _run_in(own, piece, index)
    return rows


def is_contents_line(text: str) -> bool:
    """Whether a typed line is one of a table of contents: words, dots or a tab, and a page number."""
    return 2 < len(text) <= 90 and _CONTENTS_LINE.search(text.rstrip()[-40:]) is not None


def _framing_tables(lines: Sequence[Line]) -> set[int]:
    """Tables that only frame running text (one cell across, or cells of many hundred 字)."""
    columns: dict[int, int] = {}
    words: Counter[int] = Counter()
    paragraphs: Counter[int] = Counter()
    for line in lines:
        if line.cell is not None:
            columns[line.cell.table] = max(columns.get(line.cell.table, 0), line.cell.column + 1)
            words[line.cell.table] += count_words(line.text)
            paragraphs[line.cell.table] += 1
    return {
        table
        for table, across in columns.items()
        if words[table] >= 600 and (across == 1 or words[table] / paragraphs[table] >= 60)
    }


def _run_in(line: Line, piece: str, index: int) -> list[Row]:
    """Cut a heading that runs into its paragraph (引言：本案例… or a bold lead) from the text."""
    text = piece.strip()
    if len(text) > LONGEST:
        rank, rest = rank_of(text)
        offset = len(text) - len(rest)
        mark = _MINI.search(rest[:LONGEST])
        if 0 < line.lead_bold <= LONGEST and line.bold < 0.8 and line.lead_bold > offset:
            cut = line.lead_bold
        elif mark is not None and mark.start() <= 20:
            cut = offset + mark.end()
        else:
            cut = 0
        head = text[:cut].rstrip("：:。. 　")
        own = rank_of(head)[1]
        named = meaning(own).plain if cut and own else ""
        numbered = 0 < rank <= 4 or bool(line.label)
        bold_lead = line.lead_bold >= len(head) - 1
        colon = text[cut - 1 : cut] in "：:"
        if cut and own and ((named and (numbered or bold_lead or colon)) or (numbered and (bold_lead or colon))):
            bold = replace(line, bold=1.0 if line.lead_bold else line.bold)
            rest = text[cut:]
            return [
                Row(bold, head, count_words(text[:cut]), index, lead=True),
                Row(replace(line, label="", outline=None, pictures=()), rest, count_words(rest), index),
            ]
    return [Row(line, text, count_words(piece), index)]


def body_size(rows: Sequence[Row]) -> float | None:
    """Return the size in points of most of the text."""
    sizes: Counter[float] = Counter()
    for row in rows:
        if row.line.size is not None:
            sizes[row.line.size] += row.words
    return sizes.most_common(1)[0][0] if sizes else None


def find_headings(
    rows: Sequence[Row], own: tuple[tuple[str, str], ...] = (), firms: tuple[str, ...] = ()
) -> list[Heading]:
    """Return every row that may be a heading, in order."""
    size = body_size(rows)
    bold_body = sum(row.words for row in rows if row.line.bold >= 0.8) > 0.5 * sum(row.words for row in rows)
    found: list[Heading] = []
    for number, row in enumerate(rows):
        if row.text and (heading := _heading(row, number, size, own, firms, bold_counts=not bold_body)) is not None:
            found.append(heading)
    return _without_contents(rows, found)


def _heading(
    row: Row,
    number: int,
    size: float | None,
    own: tuple[tuple[str, str], ...],
    firms: tuple[str, ...],
    *,
    bold_counts: bool,
) -> Heading | None:
    line = row.line
    rank, rest = rank_of(row.text)
    if not rank and line.label:
        rank = rank_of(line.label + " 标题")[0]
    length = count_words(rest)
    if not rest or length > (90 if line.outline is not None else LONGEST) or _CAPTION.match(rest):
        return None
    ended = rest[-1] in _END_MARKS and not row.lead
    bold = bold_counts and line.bold >= 0.8
    bigger = size is not None and line.size is not None and line.size >= size + 1
    signs = sum((rank > 0, bold, bigger, line.centred))
    if line.outline is None and (ended or (not signs and length > _NAME)):
        return None
    means = meaning(rest, own, firms)
    plain = means.plain != "" or any(strength is Strength.PLAIN for strength in means.strengths.values())
    signs += plain and length <= _NAME
    if line.outline is None and not signs:
        return None
    if line.outline is None and rank >= 4 and signs == 1 and length > 25:
        return None
    sure = line.outline is not None or signs >= 2 or (plain and length <= 12) or (0 < rank <= 3 and length <= 30)
    return Heading(
        number,
        rest,
        rank,
        line.outline,
        bold,
        line.size,
        line.centred,
        means,
        (line.label + row.text)[:100],
        sure,
        line.place is Place.BOX,
    )


def _without_contents(rows: Sequence[Row], found: list[Heading]) -> list[Heading]:
    """Drop the lines of a table of contents without page numbers: nothing stands below them, and they come again."""
    last = {bare(heading.text): heading.row for heading in found}
    kept: list[Heading] = []
    for place, heading in enumerate(found):
        text = bare(heading.text)
        end = found[place + 1].row if place + 1 < len(found) else len(rows)
        below = sum(row.words for row in rows[heading.row + 1 : end] if row.text)
        again = last[text] > heading.row
        if text in {"目录", "目次"} or (again and below <= 2 * _SHORT):
            continue
        kept.append(heading)
    return kept
