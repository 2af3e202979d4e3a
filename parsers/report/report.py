"""The case report (案例报告) as an editor reads it: counts, title, outline, parts, figures, and what not to publish."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from config.call import ReportSpec
from parsers.facts.context import ReadContext
from parsers.facts.looks import OutlineEntry, Part, ReportFacts, WordCounts
from parsers.report.figures import find_figures
from parsers.report.headings import Heading, Row, find_headings, rows_of
from parsers.report.outline import levels_of, looks, main_sets, strays
from parsers.report.part_names import bare
from parsers.report.parts import Alignment, Evidence, align, judge, sections_of
from parsers.report.sensitive import find_sensitive
from parsers.report.title import find_names, find_title
from parsers.report.unwrap import unwrapped
from parsers.text.count import count_characters, count_words
from parsers.word.paragraph import Line, Place, WordText, as_lines

_FEW_WORDS = 300
"""字 below which a document with pictures is taken for pictures of paper."""
_SHORT_LINE = 40
_OUTLINE_MOST = 400


def report_from_lines(lines: Iterable[Line | str], format: str, context: ReadContext) -> ReportFacts:  # noqa: A002
    """Return what a report says, from its paragraphs in order.

    ``format`` is the kind of file the lines come from. Bare strings are paragraphs without formatting; those of a
    ``pdf`` are taken for lines on a page and put together into paragraphs first.
    """
    given = list(lines)
    texts = [line for line in given if isinstance(line, str)]
    known = tuple(unwrapped(texts)) if format == "pdf" and len(texts) == len(given) else as_lines(given)
    plain = all(line.size is None and not line.bold and line.outline is None for line in known)
    return report_of(WordText(format, known, plain=plain), context)


def report_of(word: WordText, context: ReadContext, counts: WordCounts | None = None) -> ReportFacts:
    """Return what a document says. ``counts`` replaces the count of its lines where a better one is known."""
    counts = counts or count_lines(word.lines)
    rows = rows_of(word.lines)
    own = _own_names(context.call.report)
    names = find_names(word.lines)
    headings = _without_front(rows, find_headings(rows, own, names))
    figures = find_figures(word.lines)
    pictures = sum(figure.kind == "figure" for figure in figures)
    images_only = pictures > 0 and (counts.most < _FEW_WORDS or (pictures >= 3 and counts.most < 60 * pictures))
    facts = ReportFacts(
        format=word.format,
        counts=counts,
        figures=figures,
        sensitive=find_sensitive(word),
        images_only=images_only,
        readable=word.readable,
        names=names,
    )
    return _with_structure(facts, word, rows, headings, context.call.report)


def count_lines(lines: Sequence[Line]) -> WordCounts:
    """Count 字 by the place where they stand."""
    words = dict.fromkeys(Place, 0)
    hidden = numbering = characters = 0
    for line in lines:
        words[line.place] += count_words(line.text)
        hidden += count_words(line.hidden) if line.hidden else 0
        if line.place in {Place.BODY, Place.TABLE}:
            numbering += count_words(line.label) if line.label else 0
            characters += count_characters(line.text)
    return WordCounts(
        body=words[Place.BODY] + words[Place.TABLE],
        text_boxes=words[Place.BOX],
        notes=words[Place.NOTE],
        hidden=hidden,
        headers=words[Place.HEADER],
        numbering=numbering,
        characters=characters,
    )


def _own_names(spec: ReportSpec | None) -> tuple[tuple[str, str], ...]:
    if spec is None:
        return ()
    return tuple((part.key, bare(name)) for part in spec.parts for name in dict.fromkeys((part.name, *part.names)))


def _with_structure(
    facts: ReportFacts, word: WordText, rows: list[Row], headings: list[Heading], spec: ReportSpec | None
) -> ReportFacts:
    chosen = _best(rows, headings, spec) if spec is not None else None
    first = chosen.sections[0].first if chosen is not None and chosen.sections else len(rows)
    main = [section.heading for section in chosen.sections if section.heading] if chosen else []
    opening = main or headings
    title, start = find_title(rows, opening[0].row if opening else min(first, len(rows)))
    headings = [heading for heading in headings if heading.row >= start or heading in main]
    parts: tuple[Part, ...] = ()
    if spec is not None and chosen is not None:
        short = tuple(row.text for row in rows if 0 < len(row.text) <= _SHORT_LINE)
        readable = word.readable and not facts.images_only
        below = [*(heading.row for heading in headings), len(rows)][1:]
        ends = {heading.row: end for heading, end in zip(headings, below, strict=True)}
        left_out = tuple(
            heading.row
            for heading in strays(headings, main)
            if sum(row.words for row in rows[heading.row + 1 : ends[heading.row]]) >= _SHORT_LINE
        )
        evidence = Evidence(readable, word.plain, facts.counts.body, short + tuple(h.text for h in headings), left_out)
        parts = judge(chosen, spec, evidence)
    return ReportFacts(
        format=facts.format,
        counts=facts.counts,
        title=title,
        parts=parts,
        outline=_outline(rows, headings, main),
        figures=facts.figures,
        sensitive=facts.sensitive,
        images_only=facts.images_only,
        readable=facts.readable,
        names=facts.names,
    )


def _without_front(rows: list[Row], headings: list[Heading]) -> list[Heading]:
    """Leave out what looks like a heading on the cover: the title itself, 案例报告, 目录."""
    levels = Counter(heading.outline for heading in headings)
    alike = Counter(map(looks, headings))
    ends = [*(heading.row for heading in headings), len(rows)][1:]

    def opens_text(heading: Heading, end: int) -> bool:
        """Whether it is one of several alike, with running text below: no cover has that."""
        return alike[looks(heading)] > 1 and any(len(row.text) > _SHORT_LINE for row in rows[heading.row + 1 : end])

    first = next(
        (
            heading.row
            for heading, end in zip(headings, ends, strict=True)
            if heading.rank
            or (heading.means.plain and not _towers(heading, headings))
            or (heading.outline is not None and levels[heading.outline] > 1)
            or opens_text(heading, end)
        ),
        None,
    )
    if first is None:
        return headings
    _, start = find_title(rows, first)
    return [heading for heading in headings if heading.row >= min(start, first)]


def _towers(heading: Heading, headings: list[Heading]) -> bool:
    """Whether a line without a number is set larger than every other: a title that happens to name a part."""
    others = [other.size or 0.0 for other in headings if other is not heading]
    return bool(others) and heading.outline is None and (heading.size or 0.0) > max(others)


def _best(rows: list[Row], headings: list[Heading], spec: ReportSpec) -> Alignment:
    """Return the best alignment over every set of headings that may be the main ones."""
    best: Alignment | None = None
    highest = float("-inf")
    for offered in main_sets(headings):
        main = list(offered.headings)
        _, start = find_title(rows, main[0].row if main else 0)
        others = [heading for heading in headings if heading not in main]
        alignment = align(sections_of(rows, main, others, start), spec)
        if best is None or alignment.score - offered.penalty > highest:
            best, highest = alignment, alignment.score - offered.penalty
    assert best is not None, "main_sets always offers at least the empty set"
    return best


def _outline(rows: list[Row], headings: list[Heading], main: list[Heading]) -> tuple[OutlineEntry, ...]:
    levels = levels_of(headings, main)
    entries: list[OutlineEntry] = []
    for place, (heading, level) in enumerate(zip(headings, levels, strict=True)):
        end = headings[place + 1].row if place + 1 < len(headings) else len(rows)
        words = sum(row.words for row in rows[heading.row + 1 : end])
        entries.append(OutlineEntry(level, re.sub(r"\s+", " ", heading.raw)[:80], words, heading.why))
    return tuple(entries[:_OUTLINE_MOST])
