"""Collects what belongs to each label (栏目内容): on its row, in its cell, below it, over several lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from parsers.facts.looks import Source
from parsers.form.date import looks_like_date
from parsers.form.labels import Label
from parsers.page.lines import Letter, Level, canonical
from parsers.page.ocr import SIMPLER

_EDGE = " \t_-—–~·.。,，、:：;；|'`\"‘’*"
_QUOTES = re.compile(r"[“”\"]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line that belongs to a value. ``quad`` is its place in page pixels."""

    text: str
    letters: tuple[Letter, ...]
    left: float
    right: float
    middle: float
    height: float
    quad: NDArray[Any]
    source: Source
    lean: float
    first: bool
    """Whether it begins its line, so that nothing of the line stands before it."""


@dataclass(slots=True)
class Value:
    """What stands beside one label. ``text`` is empty where nothing was found."""

    key: str
    label: Label
    pieces: list[Piece] = field(default_factory=list)
    overlaid: bool = False
    """Whether print that lies across the value, such as a seal on a copy without colour, was left out."""

    @property
    def text(self) -> str:
        """The pieces joined in reading order, as they stand."""
        joined = "".join(piece.text for piece in in_order(self.pieces))
        return tidy(joined)


def tidy(text: str) -> str:
    """Strip what underlines and dots leave at the edges; the words themselves stay as they stand."""
    folded = re.sub(r"\s+", "" if re.search(r"[\u4e00-\u9fff]", text) else " ", text.strip())
    folded = re.sub(r"[_\u200b\ufeff]+", "", folded)
    # A long dash is sometimes read as a numeral one beside a dash.
    folded = re.sub(r"[—–]{2,}|[—–]+一|一[—–](?![—–])", "——", folded)
    return folded.translate(SIMPLER).strip(_EDGE)


def in_order(pieces: list[Piece]) -> list[Piece]:
    """Return pieces in reading order: rows from top to bottom, each from left to right."""
    if not pieces:
        return []
    height = float(np.median([piece.height for piece in pieces]))
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda item: item.middle):
        if rows and abs(piece.middle - rows[-1][0].middle) < 0.45 * height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda item: item.left)]


def collect(lines: list[Level], labels: dict[str, Label], stop_texts: tuple[str, ...]) -> dict[str, Value]:
    """Give each free stretch of text to the label it belongs to, or to none."""
    values = {key: Value(key, label) for key, label in labels.items()}
    if not labels:
        return values
    later = []
    for piece in _free_pieces(lines, labels):
        beside = _beside(piece, labels)
        if beside:
            values[beside.key].pieces.append(piece)
        else:
            later.append(piece)
    stops = [canonical(text) for text in stop_texts]
    for piece in sorted(later, key=lambda item: (item.middle, item.left)):
        owner = _owner(piece, labels, values, stops)
        if owner:
            values[owner].pieces.append(piece)
    for value in values.values():
        kept = [
            piece
            for piece in value.pieces
            if not _lies_across(piece, value.pieces) and not _is_remains(piece, value.pieces)
        ]
        value.overlaid = len(kept) < len(value.pieces)
        value.pieces = kept
    return values


def _lies_across(piece: Piece, pieces: list[Piece]) -> bool:
    """Whether this piece stands half on a longer one: rows of print keep clear of each other, a seal does not."""
    for other in pieces:
        shared = min(piece.right, other.right) - max(piece.left, other.left)
        apart = abs(piece.middle - other.middle)
        if (
            len(piece.letters) < len(other.letters)
            and shared > 0.5 * (piece.right - piece.left)
            and apart < 0.85 * max(piece.height, other.height)
        ):
            return True
    return False


def _is_remains(piece: Piece, pieces: list[Piece]) -> bool:
    """Whether this is a sign or two, barely read, well apart from the words: what is left of a seal beside them."""
    if len(piece.letters) > 3 or max(letter.chance for letter in piece.letters) >= 0.7:
        return False
    return any(
        len(other.letters) > len(piece.letters)
        and abs(piece.middle - other.middle) < 1.5 * other.height
        and piece.left - other.right > 2.0 * other.height
        for other in pieces
    )


def _free_pieces(lines: list[Level], labels: dict[str, Label]) -> list[Piece]:
    used = {place for label in labels.values() for place in label.used}
    pieces = []
    for index, item in enumerate(lines):
        run: list[int] = []
        for number in range(len(item.letters) + 1):
            if number < len(item.letters) and (index, number) not in used:
                run.append(number)
            elif run:
                pieces.append(_piece(item, run))
                run = []
    return pieces


def _piece(item: Level, run: list[int]) -> Piece:
    letters = item.letters[run[0] : run[-1] + 1]
    width = max(item.right - item.left, 1.0)
    start, stop = 0.0, 1.0
    if run[0] > 0:
        start = ((item.letters[run[0] - 1].x + letters[0].x) / 2 - item.left) / width
    if run[-1] < len(item.letters) - 1:
        stop = ((item.letters[run[-1] + 1].x + letters[-1].x) / 2 - item.left) / width
    quad = item.line.quad
    upper, lower = quad[1] - quad[0], quad[2] - quad[3]
    part = np.array([quad[0] + upper * start, quad[0] + upper * stop, quad[3] + lower * stop, quad[3] + lower * start])
    text = _with_dashes(_once(letters))
    return Piece(
        text=text,
        letters=letters,
        left=item.left + width * start,
        right=item.left + width * stop,
        middle=item.middle,
        height=item.height,
        quad=part.astype(np.float32),
        source=item.line.source,
        lean=item.lean,
        first=run[0] == 0,
    )


def _with_dashes(letters: list[Letter]) -> str:
    """Return the words; a flat stroke with room for two letters is a dash (——), not the numeral one."""
    han = [letter.x for letter in letters if "\u4e00" <= letter.char <= "\u9fff"]
    usual = float(np.median(np.diff(han))) if len(han) > 3 else float("inf")
    words = []
    for index, letter in enumerate(letters):
        flat = letter.char in "一-—–" and 0 < index < len(letters) - 1
        wide = flat and letters[index + 1].x - letters[index - 1].x > 2.5 * usual
        words.append("——" if wide else letter.raw)
    return "".join(words)


def _once(letters: tuple[Letter, ...]) -> list[Letter]:
    """Return each read letter once, where folding made several of it."""
    kept: list[Letter] = []
    for letter in letters:
        if not kept or letter.x != kept[-1].x or letter.raw != kept[-1].raw:
            kept.append(letter)
    return kept


def _beside(piece: Piece, labels: dict[str, Label]) -> Label | None:
    """Return the label on the piece's row that ends nearest before it."""
    candidates = [
        label
        for label in labels.values()
        if abs(piece.middle - label.middle) < 0.6 * max(label.height, piece.height * 0.6)
        and piece.left >= label.end - 0.9 * label.height
        and _right_size(piece, label)
    ]
    return max(candidates, key=lambda label: label.end, default=None)


def _right_size(piece: Piece, label: Label) -> bool:
    if abs(piece.lean) > 12 and len(piece.letters) <= 3:
        return False
    return 0.35 * label.height <= piece.height <= 2.2 * label.height


def _owner(piece: Piece, labels: dict[str, Label], values: dict[str, Value], stops: list[str]) -> str | None:
    """Return the key of the label above or below whose value this piece continues."""
    text = "".join(letter.char for letter in piece.letters)
    # Between two labels even a name that the footer prints may be a value: the branch itself recommends, too.
    if not _is_inside(piece, labels) and _is_printed(text, stops):
        return None
    # A piece that begins left of every label, or that is a scrap of a seal, continues nothing.
    above = [label for label in labels.values() if label.middle < piece.middle and piece.right > label.left]
    below = [
        label for label in labels.values() if label.middle > piece.middle and piece.left >= label.end - label.height
    ]
    upper = max(above, key=lambda label: label.middle, default=None)
    lower = min(below, key=lambda label: label.middle, default=None)
    down = piece.middle - _last_row(values[upper.key]) if upper else float("inf")
    up = lower.middle - piece.middle if lower else float("inf")
    if lower and _right_size(piece, lower) and up < down and up < 1.6 * lower.height:
        return lower.key
    if upper is None or not _right_size(piece, upper) or piece.left < upper.left - upper.height:
        return None
    # Between two labels there is nothing else a line could belong to; below the last one there is.
    reach = 3.0 if _is_inside(piece, labels) else (1.9 if values[upper.key].pieces else 2.4)
    strange = upper.key == "submitted_on" and not looks_like_date(text)
    return None if strange or down > reach * upper.height else upper.key


def _is_printed(text: str, stops: list[str]) -> bool:
    return any(fuzz.ratio(text, stop) >= 78 or (len(text) >= 8 and text in stop) for stop in stops)


def _is_inside(piece: Piece, labels: dict[str, Label]) -> bool:
    return any(label.middle > piece.middle for label in labels.values())


def _last_row(value: Value) -> float:
    return max([value.label.middle, *(piece.middle for piece in value.pieces)])
