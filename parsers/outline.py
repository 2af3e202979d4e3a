"""Which headings are the main ones (主标题), and at what level the others stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers.headings import Heading
from parsers.part_names import Strength


def main_sets(headings: Sequence[Heading]) -> list[list[Heading]]:
    """Return every set of headings that may be the main ones: one outline level, one rank of numbers, one look.

    Each set also takes in headings without a number that plainly name a part (引言 before 一、). The last set holds
    all that plainly name a part; the empty set stands for a text without headings.
    """
    sure = [heading for heading in headings if heading.sure]
    keys: tuple[Callable[[Heading], object], ...] = (
        lambda heading: heading.outline,
        lambda heading: heading.rank or None,
        lambda heading: (heading.bold, heading.size, heading.centred) if not heading.rank else None,
        lambda heading: (heading.rank, heading.bold, heading.size, heading.outline),
        lambda heading: heading.size if heading.size and heading.bold else None,
    )
    found: list[list[Heading]] = []
    for key in keys:
        groups: dict[object, list[Heading]] = {}
        for heading in sure:
            if (value := key(heading)) is not None:
                groups.setdefault(value, []).append(heading)
        for group in groups.values():
            if len(group) >= 2:
                found += [group, _with_loose(group, headings)]
    found.append([heading for heading in headings if heading.means.plain])
    found.append([])
    unique: dict[tuple[int, ...], list[Heading]] = {}
    for group in found:
        unique.setdefault(tuple(heading.row for heading in group), group)
    return list(unique.values())


def _with_loose(group: list[Heading], headings: Sequence[Heading]) -> list[Heading]:
    """Add headings that plainly name a part and stand outside the numbers of the group."""
    ranks = {heading.rank for heading in group}
    rows = {heading.row for heading in group}
    lowest = max(ranks)
    loose = [
        heading
        for heading in headings
        if heading.row not in rows
        and (not heading.rank or heading.rank < lowest or (heading.rank in ranks))
        and heading.means.plain
        and max(heading.means.strengths.values(), default=Strength.NONE) is Strength.PLAIN
    ]
    return sorted([*group, *loose], key=lambda heading: heading.row)


def levels_of(headings: Sequence[Heading], main: Sequence[Heading]) -> list[int]:
    """Return a level from 1 for each heading: 1 for the main ones, deeper by outline level or rank of number."""
    rows = {heading.row for heading in main}
    base = min((heading.outline for heading in main if heading.outline is not None), default=0)
    ranks = sorted({heading.rank for heading in headings if heading.row not in rows and heading.rank})
    levels: list[int] = []
    for heading in headings:
        if heading.row in rows:
            levels.append(1)
        elif heading.outline is not None:
            levels.append(max(1, heading.outline - base + 1))
        else:
            levels.append(2 + ranks.index(heading.rank) if heading.rank else 2)
    return [min(level, 9) for level in levels]
