"""Finds the form's printed labels (栏目名) among the lines, however they are spaced, bracketed or misread."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from parsers.facts.looks import Source
from parsers.page.lines import Letter, Level, canonical

_COLONS = ":;.,·、'`-|"
_STROKE = "一"
"""A misread colon, or the first letter of a value (一种…): it stays with the value, for both cannot be told apart."""
_OPENING = "([{<【〔「"
_CLOSING = ")]}>】〕」"


@dataclass(frozen=True, slots=True)
class Label:
    """A label found on the page. ``used`` holds (line, letter) indexes that belong to it."""

    key: str
    exact: bool
    """Every letter as printed: only then may what stands beside it be certain."""
    quality: float
    left: float
    end: float
    """Where the label's last letter ends, on the levelled page."""
    middle: float
    height: float
    used: tuple[tuple[int, int], ...]


def find_labels(lines: list[Level], names: dict[str, tuple[str, ...]]) -> dict[str, Label]:
    """Return the best place of each label; a label that is not on the page has no entry."""
    best: dict[str, Label] = {}
    for index in range(len(lines)):
        row = _row_from(lines, index)
        own = len(lines[index].letters)
        for key, aliases in names.items():
            for alias in aliases:
                for label in _matches(lines, row, own, key, alias):
                    if key not in best or label.quality > best[key].quality:
                        best[key] = label
    return _without_clashes(best)


_Row = list[tuple[int, int, Letter]]


def _row_from(lines: list[Level], index: int) -> _Row:
    """Return the letters of this line and of its neighbours to the right on the same row."""
    first = lines[index]
    row = [(index, number, letter) for number, letter in enumerate(first.letters)]
    right = first.right
    neighbours = [
        (other.left, number)
        for number, other in enumerate(lines)
        if number != index and other.left > first.left and abs(other.middle - first.middle) < 0.5 * first.height
    ]
    for left, number in sorted(neighbours):
        if left - right > 3.5 * first.height or left < right - first.height:
            break
        row.extend((number, place, letter) for place, letter in enumerate(lines[number].letters))
        right = lines[number].right
    return row


def _matches(lines: list[Level], row: _Row, own: int, key: str, alias: str) -> list[Label]:
    text = "".join(letter.char for _, _, letter in row)
    plain = canonical(alias)
    core, _, note = plain.partition("(")
    note = note.rstrip(")")
    labels = []
    for start in range(own):
        length, slips = _core_at(text, start, core)
        if length == 0:
            continue
        end = _after_note(text, start + length, note)
        colon = end < len(text) and text[end] in _COLONS
        while end < len(text) and text[end] in _COLONS:
            end += 1
        stroke = text.startswith(_STROKE, end) and not colon and end < own
        if stroke and end == len(text) - 1:
            colon, stroke, end = True, False, end + 1
        alone = start == 0 and (end >= own or end == len(text))
        if not (colon or alone or (start == 0 and slips == 0)):
            continue
        if start > 0 and not (colon and slips == 0) and start > 3:
            continue
        quality = 3.0 - 1.5 * slips + 2.0 * colon + 1.0 * alone + 0.5 * (start == 0) - 0.05 * min(start, 20)
        # A stroke on the label's own line that was read from a picture may be its colon: no value of it is certain.
        doubted = stroke and lines[row[start][0]].line.source is Source.OCR
        labels.append(_label(lines, row, key, (start, end), exact=slips == 0 and not doubted, quality=quality))
    return labels


def _core_at(text: str, start: int, core: str) -> tuple[int, int]:
    """Return how many letters from ``start`` are this label, and how many slips that takes (0 or 1)."""
    if text.startswith(core, start):
        return len(core), 0
    if len(core) < 4:
        return 0, 0
    for length in (len(core), len(core) - 1, len(core) + 1):
        piece = text[start : start + length]
        if len(piece) == length and piece[0] in (core[0], core[1], piece[0]):
            distance = Levenshtein.distance(piece, core, score_cutoff=1)
            # An end that is wrong is no label: the colon or the value would be taken for part of it.
            if distance <= 1 and (piece[-1] == core[-1] or (length == len(core) and piece[:-1] == core[:-1])):
                return length, 1
    return 0, 0


def _after_note(text: str, end: int, note: str) -> int:
    """Step over a note in brackets behind the label: （全称）, （盖章）."""
    if end < len(text) and text[end] in _OPENING:
        for close in range(end + 1, min(end + 10, len(text))):
            if text[close] in _CLOSING:
                return close + 1
    if note:
        for skip in (0, 1):
            if text.startswith(note, end + skip):
                end += skip + len(note)
                return end + 1 if end < len(text) and text[end] in _CLOSING + "1lJ" else end
    return end


def _label(lines: list[Level], row: _Row, key: str, span: tuple[int, int], *, exact: bool, quality: float) -> Label:
    part = row[span[0] : span[1]]
    home = lines[part[0][0]]
    step = home.height * 0.45
    return Label(
        key=key,
        exact=exact,
        quality=quality,
        left=part[0][2].x - step,
        end=part[-1][2].x + step * 0.6,
        middle=home.middle,
        height=home.height,
        used=tuple((number, place) for number, place, _ in part),
    )


def _without_clashes(found: dict[str, Label]) -> dict[str, Label]:
    """Where two labels claim the same letters, the better one keeps them."""
    kept: dict[str, Label] = {}
    taken: set[tuple[int, int]] = set()
    for key, label in sorted(found.items(), key=lambda item: -item[1].quality):
        if taken.isdisjoint(label.used):
            kept[key] = label
            taken.update(label.used)
    return kept
