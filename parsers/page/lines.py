"""Lines on a page as the form reader sees them (文字行): levelled, letter by letter, whatever they were read with."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import Source

_MAIL_ROWS, _MAIL_ROW = 60, 300
"""Rows, and letters of each, that are kept around mail addresses."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page: ``quad`` holds its corners in page pixels, clockwise from the left top.

    ``letters`` are the probabilities of the letters, ``spots`` their middles as shares of the line's length.
    """

    text: str
    quad: NDArray[Any]
    letters: tuple[float, ...]
    spots: tuple[float, ...]
    source: Source = Source.OCR


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in its canonical form; ``x`` is its middle on the levelled page."""

    char: str
    x: float
    chance: float
    raw: str
    """As read, before NFKC folding."""


@dataclass(frozen=True, slots=True)
class Level:
    """A line on the levelled page: ``left``, ``right``, ``middle`` and ``height`` in pixels."""

    line: Line
    left: float
    right: float
    middle: float
    height: float
    lean: float
    """Degrees by which this line leans against the page's lines."""
    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """The letters in canonical form, without spaces and underlines."""
        return "".join(letter.char for letter in self.letters)


def even_line(text: str, quad: NDArray[Any], source: Source, chance: float = 1.0) -> Line:
    """Return a line whose letters are spread evenly: for text that comes without places of its own."""
    count = max(len(text), 1)
    spots = tuple((index + 0.5) / count for index in range(len(text)))
    return Line(text, quad, (chance,) * len(text), spots, source)


def page_lean(lines: list[Line]) -> float:
    """Return the angle of the page's lines in degrees: the median of long lines, weighted by their length."""
    angles, weights = [], []
    for line in lines:
        along = line.quad[1] - line.quad[0] + line.quad[2] - line.quad[3]
        length = float(np.hypot(*along))
        if len(line.text) >= 4 and length > 0:
            angles.append(math.degrees(math.atan2(float(along[1]), float(along[0]))))
            weights.append(length)
    if not angles:
        return 0.0
    order = np.argsort(angles)
    total = np.cumsum(np.asarray(weights)[order])
    return float(np.asarray(angles)[order][int(np.searchsorted(total, total[-1] / 2))])


def level(lines: list[Line]) -> list[Level]:
    """Turn the lines so that text runs level, and order them from top to bottom."""
    lean = page_lean(lines)
    turn = math.radians(-lean)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    levelled = []
    for line in lines:
        quad = line.quad @ matrix.T
        left = float(quad[0, 0] + quad[3, 0]) / 2
        right = float(quad[1, 0] + quad[2, 0]) / 2
        along = quad[1] - quad[0] + quad[2] - quad[3]
        height = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
        own = math.degrees(math.atan2(float(along[1]), float(along[0])))
        letters = _letters(line, left, right)
        levelled.append(Level(line, left, right, float(quad[:, 1].mean()), height, own, letters))
    return sorted(levelled, key=lambda item: (item.middle, item.left))


def palest_print(lines: list[tuple[Line, NDArray[Any]]]) -> float:
    """Return the tone beyond which a letter is too pale to be this page's print: what a bleached seal leaves.

    Each line comes with the grey picture it was read from. On a page of pale print nothing is too pale, because
    the print itself is the measure.
    """
    inks = [letter_inks(line.spots, crop) for line, crop in lines]
    every = np.concatenate(inks) if inks else np.zeros(0)
    if len(every) < 12:
        return 255.0
    usual = float(np.percentile(every, 50))
    return usual + 0.62 * (255.0 - usual)


def without_remains(line: Line, crop: NDArray[Any], limit: float) -> Line | None:
    """Return the line without letters paler than ``limit``; None where none is left."""
    ink = letter_inks(line.spots, crop)
    good = [index for index in range(len(line.text)) if ink[index] <= limit]
    if len(good) == len(line.text):
        return line
    return _only(line, good) if good else None


def letter_inks(spots: tuple[float, ...], crop: NDArray[Any]) -> NDArray[Any]:
    """Return the darkest tone about each letter of a line, given the letters' places in its picture."""
    wide = crop.shape[1]
    reach = max(2.0, 0.45 * wide / max(len(spots), 1))
    grey = crop if crop.ndim == 2 else crop[..., 0]
    inner = grey[int(grey.shape[0] * 0.1) : max(int(grey.shape[0] * 0.9), 1)]
    tones = []
    for spot in spots:
        window = inner[:, max(0, int(spot * wide - reach)) : int(spot * wide + reach) + 1]
        tones.append(float(np.percentile(window, 1)) if window.size else 0.0)
    return np.asarray(tones, dtype=np.float64)


def _only(line: Line, good: list[int]) -> Line:
    """Return the line with only these letters; its corners stay, so their places stay."""
    return Line(
        "".join(line.text[index] for index in good),
        line.quad,
        tuple(line.letters[index] for index in good),
        tuple(line.spots[index] for index in good),
        line.source,
    )


def rows_of(lines: list[Level]) -> list[str]:
    """Return the page's rows from top to bottom, each joined from left to right, in canonical form."""
    return ["".join(item.text for item in row) for row in _in_rows(lines)]


def _in_rows(lines: list[Level]) -> list[list[Level]]:
    """Return the lines row by row from top to bottom, each row from left to right."""
    rows: list[list[Level]] = []
    for line in lines:
        if rows and abs(line.middle - rows[-1][0].middle) < 0.5 * max(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.left) for row in rows]


def mail_rows(lines: list[Level]) -> tuple[str, ...]:
    """Return the rows that hold a mail address, letter for letter, with four above and one below each.

    Other than ``rows_of`` this drops no blank and no underline, for both are part of where an address ends.
    """
    told = [_verbatim(row) for row in _in_rows(lines)]
    near = {
        place
        for number, words in enumerate(told)
        if "@" in unicodedata.normalize("NFKC", words)
        for place in range(max(0, number - 4), number + 2)
    }
    return tuple(words[:_MAIL_ROW] for number, words in enumerate(told) if number in near)[:_MAIL_ROWS]


def _verbatim(row: list[Level]) -> str:
    """Join what stands on one row, with a blank where there is room for one."""
    words = ""
    before: Level | None = None
    for item in row:
        apart = before is not None and item.left - before.right > 0.2 * item.height
        words += (" " if apart else "") + item.line.text.strip()
        before = item
    return words


def canonical(text: str) -> str:
    """Return the text as it is compared: NFKC, without spaces and underlines."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if not char.isspace() and char not in "_\u200b\ufeff")


def _letters(line: Line, left: float, right: float) -> tuple[Letter, ...]:
    letters: list[Letter] = []
    for char, chance, spot in zip(line.text, line.letters, line.spots, strict=True):
        x = left + (right - left) * spot
        letters.extend(Letter(part, x, chance, char) for part in canonical(char))
    return tuple(letters)
