"""Puts dashes (破折号) back where the recogniser saw none: two letters wide, flat, at half the letters' height.

A case title has one more often than not («……——某某的经验»), and a flat stroke is what readers drop most easily.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.form.values import Piece
from parsers.page.lines import Letter
from parsers.page.ocr import cut_out

Pixels = NDArray[Any]

DASH = "——"
_ROOM = 1.55
"""Steps between two letters from which on another one would fit in."""
_EDGE_ROOM = 1.5
"""Steps between the last letter's middle and the end of its line from which on another one would fit in."""


def put_dashes_back(pieces: list[Piece], bleached: Pixels) -> list[Piece]:
    """Return the pieces with a dash in every gap where a dash stands on the page; the others unchanged."""
    return [_with_dashes(piece, bleached) for piece in pieces]


def gaps(piece: Piece) -> list[tuple[int, float, float]]:
    """Return where in a piece a letter could be missing: the place in ``letters``, and from where to where.

    Chinese letters stand at even distances; a narrow or flat letter (山, 一, —) is the one a recogniser drops.
    """
    usual = _step(piece)
    if usual is None:
        return []
    found = []
    for index, (one, other) in enumerate(zip(piece.letters, piece.letters[1:], strict=False), 1):
        if _is_han(one) and _is_han(other) and other.x - one.x > _ROOM * usual:
            found.append((index, one.x + 0.5 * usual, other.x - 0.5 * usual))
    last = piece.letters[-1]
    if _is_han(last) and piece.right - last.x > _EDGE_ROOM * usual:
        found.append((len(piece.letters), last.x + 0.5 * usual, piece.right))
    return found


def _step(piece: Piece) -> float | None:
    """Return the usual distance of two letters; None where too few tell it."""
    wide = [letter.x for letter in piece.letters if _is_han(letter)]
    return float(np.median(np.diff(wide))) if len(wide) >= 4 else None


def _is_han(letter: Letter) -> bool:
    return "\u4e00" <= letter.char <= "\u9fff"


def _with_dashes(piece: Piece, bleached: Pixels) -> Piece:
    if len(piece.text) != len(piece.letters):
        return piece
    text = piece.text
    usual = _step(piece)
    # The finder of lines ends its box before a dash at the end of a row.
    closed = usual is not None and piece.right - piece.letters[-1].x <= _EDGE_ROOM * usual
    if usual is not None and closed and _is_dash(piece, bleached, piece.right + 0.1 * usual, piece.right + 1.8 * usual):
        text += DASH
    for index, start, stop in reversed(gaps(piece)):
        if _is_dash(piece, bleached, start, stop):
            text = text[:index] + DASH + text[index:]
    return piece if text == piece.text else replace(piece, text=text)


def _is_dash(piece: Piece, bleached: Pixels, start: float, stop: float) -> bool:
    """Whether the only ink between the two places is one flat stroke at half the height."""
    length = max(piece.right - piece.left, 1.0)
    upper, lower = piece.quad[1] - piece.quad[0], piece.quad[2] - piece.quad[3]
    first, last = (start - piece.left) / length, (stop - piece.left) / length
    corners = [piece.quad[0] + upper * first, piece.quad[0] + upper * last]
    corners += [piece.quad[3] + lower * last, piece.quad[3] + lower * first]
    part = cut_out(bleached, np.array(corners, dtype=np.float32))
    rows = part.shape[0]
    if part.size == 0 or rows < 8:
        return False
    inner = (part[int(0.15 * rows) : int(0.8 * rows)] < 140).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(inner, np.ones((3, 3), np.uint8)))
    strokes = [stats[index] for index in range(1, count) if stats[index, cv2.CC_STAT_AREA] >= 0.01 * rows * rows]
    if not strokes:
        return False
    width = sum(int(stroke[cv2.CC_STAT_WIDTH]) for stroke in strokes)
    top = min(int(stroke[cv2.CC_STAT_TOP]) for stroke in strokes)
    bottom = max(int(stroke[cv2.CC_STAT_TOP] + stroke[cv2.CC_STAT_HEIGHT]) for stroke in strokes)
    return bool(width >= 0.55 * part.shape[1] and bottom - top <= 0.35 * rows)
