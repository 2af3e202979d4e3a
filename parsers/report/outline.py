"""Which headings are the main ones (主标题), and at what level the others stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.report.headings import Heading

NESTED = 30.0
"""Points that a set of headings loses where it plainly stands inside another set."""

_Key = Callable[[Heading], Hashable]
_KEYS: tuple[_Key, ...] = (
    lambda heading: heading.outline,
    lambda heading: heading.rank or None,
    lambda heading: (heading.rank, heading.outline) if heading.rank and heading.outline is not None else None,
    lambda heading: (heading.bold, heading.size, heading.centred) if not heading.rank else None,
    lambda heading: (heading.rank, heading.bold, heading.size, heading.centred, heading.outline),
    lambda heading: (heading.size, heading.bold) if heading.size and heading.bold else None,
    lambda heading: ("boxed",) if heading.boxed else None,
)


@dataclass(frozen=True, slots=True)
class MainSet:
    """Headings that may be the main ones, and what speaks against them."""

    headings: tuple[Heading, ...]
    penalty: float = 0.0


def main_sets(headings: Sequence[Heading]) -> list[MainSet]:
    """Return every set of headings that may be the main ones: one outline level, one rank of numbers, one look.

    Each set also comes with the headings without a number that plainly name a part and stand as high (引言 before
    一、). The last ones hold all that plainly name a part, and none at all.
    """
    groups = _groups(headings)
    found: dict[tuple[int, ...], MainSet] = {}

    def offer(group: Iterable[Heading], penalty: float) -> None:
        ordered = tuple(sorted(group, key=lambda heading: heading.row))
        rows = tuple(heading.row for heading in ordered)
        if rows not in found or found[rows].penalty > penalty:
            found[rows] = MainSet(ordered, penalty)

    sound = [group for group in groups if not _holds_nested(group, groups)]
    for group in groups:
        offer(group, NESTED * (group not in sound))
        wider = [*group, *_loose(group, headings)]
        offer(wider, NESTED * (group not in sound or _holds_nested(wider, groups)))
    tops = _top([heading for heading in headings if heading.means.plain])
    rows = {heading.row for heading in tops}
    leaves_out = any(len(rows & (own := {heading.row for heading in group})) >= 2 and own - rows for group in sound)
    offer(tops, 1.0 + NESTED * leaves_out + NESTED * _holds_nested(tops, groups))
    offer((), 0.0)
    return list(found.values())


def _groups(headings: Sequence[Heading]) -> list[list[Heading]]:
    """Return the groups of two and more headings that share an outline level, a rank or a look."""
    found: dict[tuple[int, ...], list[Heading]] = {}
    for key in _KEYS:
        for unsure in (False, True):
            groups: dict[Hashable, list[Heading]] = {}
            for heading in headings:
                if (heading.sure or unsure) and (value := key(heading)) is not None:
                    groups.setdefault(value, []).append(heading)
            for group in groups.values():
                # Lines that only look like headings count where one of their kind plainly names a part.
                if len(group) >= 2 and (not unsure or any(heading.means.plain for heading in group)):
                    found.setdefault(tuple(heading.row for heading in group), group)
    return list(found.values())


def _holds_nested(group: Sequence[Heading], groups: Sequence[Sequence[Heading]]) -> bool:
    """Whether some of these headings stand inside another group: they are sub-headings, or mixed with such."""
    rows = {heading.row for heading in group}
    for other in groups:
        others = {heading.row for heading in other}
        rest = [heading for heading in group if heading.row not in others]
        if rest and others != rows and _nested(rest, other):
            return True
    return False


def _nested(group: Sequence[Heading], others: Sequence[Heading]) -> bool:
    """Whether a group stands inside the other: several in one gap or plainly lower, and never the reverse."""
    rows, bounds = sorted(heading.row for heading in group), [heading.row for heading in others]
    if bounds[0] > rows[0] or all(looks(heading) == looks(others[0]) for heading in group):
        return False
    if all(_is_lower(heading, others[0]) for heading in group):
        return True
    if any(bisect_left(bounds, b) - bisect_right(bounds, a) >= 2 for a, b in pairwise(rows)):
        return False
    return any(bisect_left(rows, b) - bisect_right(rows, a) >= 2 for a, b in pairwise([*bounds, 10**9]))


def looks(heading: Heading) -> tuple[object, ...]:
    """Return what a reader sees of a heading besides its words."""
    return heading.rank, heading.outline, heading.bold, heading.size, heading.centred


def _is_lower(heading: Heading, other: Heading) -> bool:
    """Whether a heading is plainly below another: by outline level, else by the kind of its number."""
    if heading.outline is not None and other.outline is not None:
        return heading.outline > other.outline
    if other.rank == 0 and heading.rank >= 3:
        smaller = None not in {heading.size, other.size} and (heading.size or 0) < (other.size or 0)
        return smaller or (other.bold and not heading.bold)
    if heading.rank == 0 and other.rank > 0:
        return None not in {heading.size, other.size} and (heading.size or 0) < (other.size or 0)
    return 0 < other.rank < heading.rank


def _loose(group: Sequence[Heading], headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings outside the group that plainly name a part and stand at least as high as it."""
    rows = {heading.row for heading in group}
    ranks = {heading.rank for heading in group}
    outlines = [heading.outline for heading in group if heading.outline is not None]
    sizes = [heading.size for heading in group if heading.size is not None]
    found: list[Heading] = []
    for heading in headings:
        if heading.row in rows or not heading.means.plain:
            continue
        if heading.outline is not None and (not outlines or heading.outline > min(outlines)):
            continue
        lower_number = heading.rank and heading.rank not in ranks and (ranks == {0} or heading.rank > min(ranks))
        smaller = sizes and heading.size is not None and heading.size < min(sizes) and not heading.centred
        lesser = all(other.bold for other in group) and not heading.bold and not heading.centred and not heading.rank
        if not lower_number and not smaller and not lesser:
            found.append(heading)
    return found


def _top(named: Sequence[Heading]) -> list[Heading]:
    """Return the highest of the headings that name parts: lowest outline level, lowest rank, largest size."""
    outlines = [heading.outline for heading in named if heading.outline is not None]
    if len(outlines) >= 2:
        named = [heading for heading in named if heading.outline in {None, min(outlines)}]
    ranks = [heading.rank for heading in named if heading.rank]
    if len(ranks) >= 2:
        named = [heading for heading in named if heading.rank in {0, min(ranks)}]
    return list(named)


def strays(headings: Sequence[Heading], main: Sequence[Heading]) -> tuple[Heading, ...]:
    """Return the headings that look just like a main one and were not taken for one."""
    rows = {heading.row for heading in main}
    known = {looks(heading) for heading in main}
    return tuple(heading for heading in headings if heading.row not in rows and looks(heading) in known)


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
