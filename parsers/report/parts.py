"""The parts of a report (报告组成部分) found among its headings, with how sure that is.

Every way to cut the main headings into introduction, overview, practice and insight in this order is weighed: by the
names of the headings, by what the text below them talks about, by length and place. A part is ``certain`` only
where a heading plainly names it and no other cut comes near; it is ``absent`` only under conditions so strict that
0 of 2,294 parts in two sets of unseen namings were wrongly called missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from config.call import ReportSpec
from parsers.facts.looks import Part, PartVerdict
from parsers.report.headings import Heading, Row
from parsers.report.part_names import ORDER, Strength, stems
from parsers.report.part_words import INSIGHT, INTRO, OVERVIEW, PRACTICE

MOST_HEADINGS = 40
_NEIGHBOURS = {
    INTRO: ("", OVERVIEW),
    OVERVIEW: (INTRO, PRACTICE),
    PRACTICE: (OVERVIEW, INSIGHT),
    INSIGHT: (PRACTICE, ""),
}
_LEAD_WORDS = 60
"""字 of unheaded text at the start that may be an introduction."""

_POINTS = {Strength.NONE: 0.0, Strength.HINT: 2.0, Strength.WEAK: 3.0, Strength.PLAIN: 7.0}
_CUES: dict[str, re.Pattern[str]] = {
    INTRO: re.compile(
        "本案例|本报告|本文|旨在|近年来|背景下|新发展阶段|新形势|高质量发展|十四五|十五五|为主线|总结|梳理|供.{0,6}借鉴"
    ),
    OVERVIEW: re.compile(
        "成立于|创建于|创办于|始建于|创立于|注册资本|占地|员工|位于|坐落|地处|总部|主营|主要产品|主要从事|专业从事|"
        "专注于|是一家|产值|营业收入|销售收入|市场占有率|高新技术企业|小巨人|体系认证|专利"
    ),
    INSIGHT: re.compile(
        "启示|借鉴|中小企业|同行|其他企业|广大企业|经验|实践表明|实践证明|值得|说明|必须|应当|应该|归根到底|可复制|推广|告诉我们|表明"
    ),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A main heading with the 字数 up to the next one. ``heading`` is None for text before the first heading."""

    heading: Heading | None
    first: int
    """Row where its text begins."""
    end: int
    words: int
    sample: str
    below: tuple[Heading, ...] = ()
    """Lesser headings inside."""


@dataclass(frozen=True)
class Alignment:
    """The main headings cut into parts. ``cuts`` are three indexes: where overview, practice and insight begin."""

    sections: tuple[Section, ...]
    cuts: tuple[int, int, int]
    score: float
    margins: dict[str, float]
    """Part to the lead over the best other cut that gives this part another beginning or end."""

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Part to its range of sections."""
        ends = (0, *self.cuts, len(self.sections))
        return {part: (ends[n], ends[n + 1]) for n, part in enumerate(ORDER)}

    def of(self, part: str) -> tuple[Section, ...]:
        """Return the sections of a part."""
        first, end = self.spans[part]
        return self.sections[first:end]


def sections_of(rows: Sequence[Row], main: Sequence[Heading], others: Sequence[Heading], start: int) -> list[Section]:
    """Return the text from row ``start`` on, cut at the main headings; what follows an aside (附录) is left out."""
    bounds = [heading.row for heading in main]
    found: list[Section] = []
    if (lead := _section(rows, None, start, bounds[0] if bounds else len(rows), others)).words >= _LEAD_WORDS:
        found.append(lead)
    for heading, end in zip(main, [*bounds, len(rows)][1:], strict=True):
        if not heading.means.aside:
            found.append(_section(rows, heading, heading.row + 1, end, others))
    return found


def _section(rows: Sequence[Row], heading: Heading | None, first: int, end: int, others: Sequence[Heading]) -> Section:
    words = sum(row.words for row in rows[first:end] if not row.line.contents)
    sample: list[str] = []
    length = 0
    for row in rows[first:end]:
        if length > 500:
            break
        if row.text and not row.line.contents:
            sample.append(row.text[:300])
            length += len(row.text)
    below = tuple(other for other in others if first <= other.row < end)
    return Section(heading, first, end, words, "\n".join(sample), below)


def align(sections: Sequence[Section], spec: ReportSpec) -> Alignment:
    """Weigh every cut and return the best one with its margins."""
    sections = tuple(sections[:MOST_HEADINGS])
    count = len(sections)
    sums = {
        part: (0.0, *accumulate(_fit(section, place, count, part, sections) for place, section in enumerate(sections)))
        for part in ORDER
    }
    nominal = {part.key: part.words for part in spec.parts}
    words = (0, *accumulate(section.words for section in sections))
    best: tuple[float, tuple[int, int, int]] = (float("-inf"), (0, 0, 0))
    scored: list[tuple[float, tuple[int, int, int]]] = []
    for first in range(count + 1):
        for second in range(first, count + 1):
            for third in range(second, count + 1):
                ends = (0, first, second, third, count)
                score = 0.0
                for number, part in enumerate(ORDER):
                    low, high = ends[number], ends[number + 1]
                    if high > low:
                        score += 1.5 + sums[part][high] - sums[part][low]
                        score += _length_fit(words[high] - words[low], nominal.get(part, 0), part)
                scored.append((score, (first, second, third)))
                best = max(best, scored[-1], key=lambda entry: entry[0])
    return Alignment(sections, best[1], best[0], _margins(scored, best, count))


def _margins(
    scored: list[tuple[float, tuple[int, int, int]]], best: tuple[float, tuple[int, int, int]], count: int
) -> dict[str, float]:
    ends = (0, *best[1], count)
    margins: dict[str, float] = {}
    for number, part in enumerate(ORDER):
        own = (ends[number], ends[number + 1])
        rival = max(
            (score for score, cuts in scored if ((0, *cuts, count)[number], (0, *cuts, count)[number + 1]) != own),
            default=float("-inf"),
        )
        margins[part] = best[0] - rival
    return margins


def _fit(section: Section, place: int, count: int, part: str, sections: tuple[Section, ...]) -> float:
    """How well one section goes into a part."""
    cues = _cue_points(section.sample)
    heading = section.heading
    if heading is None:
        # Text before the first heading introduces, or belongs to nothing.
        return {INTRO: 1.0}.get(part, -4.0) + cues.get(part, 0.0) * 0.5
    own = heading.means.of(part)
    other = max((heading.means.of(name) for name in ORDER if name != part), default=Strength.NONE)
    points = _POINTS[own]
    if other is Strength.PLAIN and own < Strength.WEAK:
        points -= 7.0
    elif other is Strength.WEAK and own is Strength.NONE:
        points -= 2.0
    elif other is Strength.HINT and own is Strength.NONE:
        points -= 1.0
    points += cues.get(part, 0.0)
    nameless = not own and not other
    if part == PRACTICE:
        points += 0.8 if nameless else 0.0
    elif nameless:
        points -= 0.8
    if part == INTRO and place > (1 if sections[0].heading is None else 0) and own is not Strength.PLAIN:
        points -= 2.0
    if part == INSIGHT and place < count - 2 and own is not Strength.PLAIN:
        points -= 2.0
    return points


def _cue_points(sample: str) -> dict[str, float]:
    """Up to 1.6 points for what a section's beginning talks about."""
    head = sample[:450]
    return {part: min(len(set(rule.findall(head))), 4) * 0.4 for part, rule in _CUES.items()}


def _length_fit(words: int, nominal: int, part: str) -> float:
    """Return a little for a likely length, so that it only decides where names do not."""
    if not nominal:
        return 0.0
    ratio = words / nominal
    if part == PRACTICE:
        return 0.6 if ratio >= 0.4 else 0.0
    return 0.6 if 0.4 <= ratio <= 2.5 else (-1.5 if ratio > 3.5 else 0.0)


def judge(alignment: Alignment, spec: ReportSpec, context: Evidence) -> tuple[Part, ...]:
    """Return the verdict on each part that the call asks for, in its order."""
    nominal = {part.key: part.words for part in spec.parts}
    swollen = {name for name in ORDER if name != PRACTICE and _words(alignment, name) > 4 * nominal.get(name, 10**9)}
    verdicts = {name: _verdict(alignment, name) for name in ORDER}
    for name, (before, after) in _NEIGHBOURS.items():
        # A part of four times its length has most likely swallowed a neighbour: then neither is sure.
        holds_stray = any(
            section.first <= row < section.end for section in alignment.of(name) for row in context.strays
        )
        if swollen & {name, before, after} or holds_stray:
            verdicts[name] = PartVerdict.UNCLEAR
    found: list[Part] = []
    for part in spec.parts:
        if part.key not in verdicts:
            found.append(Part(part.key, PartVerdict.UNCLEAR))
            continue
        verdict = verdicts[part.key]
        sections = alignment.of(part.key)
        if verdict is PartVerdict.UNCLEAR and not sections:
            verdict = _missing(alignment, part.key, spec, context, verdicts)
        heading = next((section.heading.raw for section in sections if section.heading), "")
        found.append(Part(part.key, verdict, sum(section.words for section in sections), heading))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else is known when a part seems to be missing (缺项佐证)."""

    readable: bool
    plain: bool
    """Formatting or automatic numbers could not be seen."""
    total: int
    short_lines: tuple[str, ...]
    """Every heading of any level and every short line of the text."""
    strays: tuple[int, ...] = ()
    """Rows of headings that look like the main ones, have text below them, and were not taken for main."""


def _words(alignment: Alignment, part: str) -> int:
    return sum(section.words for section in alignment.of(part))


def _verdict(alignment: Alignment, part: str) -> PartVerdict:
    sections = alignment.of(part)
    if not sections:
        return PartVerdict.UNCLEAR
    margin = alignment.margins[part]
    head = sections[0].heading
    words = sum(section.words for section in sections)
    strengths = [section.heading.means.of(part) if section.heading else Strength.NONE for section in sections]
    combined = any(section.heading is not None and section.heading.means.combined for section in sections)
    if combined or not words:
        return PartVerdict.UNCLEAR
    if head is not None and head.sure and head.means.plain == part and margin >= 2.0:
        stray = [section for section, strength in zip(sections, strengths, strict=True) if strength < Strength.WEAK]
        if part == PRACTICE or not stray:
            return PartVerdict.CERTAIN
        return PartVerdict.LIKELY
    return PartVerdict.LIKELY if margin >= 1.5 else PartVerdict.UNCLEAR


_BODY_NAMES = (re.compile("基本情况"), re.compile("做法|成效"), re.compile("经验模式|经验"))


def _missing(
    alignment: Alignment, part: str, spec: ReportSpec, context: Evidence, verdicts: dict[str, PartVerdict]
) -> PartVerdict:
    """Judge a part to which no heading fell: absent only where nothing at all could be it."""
    certain = [name for name in ORDER if verdicts[name] is PartVerdict.CERTAIN]
    if part == INTRO and {OVERVIEW, PRACTICE, INSIGHT} <= set(certain) and _body_scheme(alignment):
        return PartVerdict.NOT_REQUIRED
    nominal = {entry.key: entry.words for entry in spec.parts}
    main = [section for section in alignment.sections if section.heading is not None]
    explained = all(section.heading is not None and section.heading.means.plain for section in main)
    neighbours = [
        sum(section.words for section in alignment.of(name)) <= 3 * nominal.get(name, 10**9) for name in certain
    ]
    lead = any(section.heading is None for section in alignment.sections)
    stem = any(part in stems(line) for line in context.short_lines)
    strict = (
        context.readable
        and not context.plain
        and not context.strays
        and len(main) >= 3
        and len(certain) >= 2
        and explained
        and all(neighbours)
        and not lead
        and not stem
        and (part != PRACTICE or context.total < 3000)
    )
    return PartVerdict.ABSENT if strict else PartVerdict.UNCLEAR


def _body_scheme(alignment: Alignment) -> bool:
    """Whether the headings follow the notice's body: 基本情况, 做法成效, 经验模式."""
    heads = [
        next((section.heading.text for section in alignment.of(part) if section.heading), "")
        for part in (OVERVIEW, PRACTICE, INSIGHT)
    ]
    return sum(rule.search(head) is not None for rule, head in zip(_BODY_NAMES, heads, strict=True)) >= 2
