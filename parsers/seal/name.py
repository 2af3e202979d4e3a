"""Reads the name in a seal's ring (印文): the ring unrolled to a strip, then read as a line, several times over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.page.ocr import Reader
from parsers.seal.ink import Stamp, cut_stamp, filled_ink, mixed_ink, red_ink, whole_ink
from parsers.seal.letters import Alphabet, Letters, decide
from parsers.seal.ring import Ring, unroll_rim
from parsers.text.firm_words import SEAL_ENDINGS

Pixels = NDArray[Any]

_ENDING = re.compile(f"(?:{'|'.join(SEAL_ENDINGS)})$")
_RIM, _INNER = 0.06, 0.40
"""The letters stand between these shares of the shorter half axis, counted from the rim inwards."""
_DEPTH = 64
_SERIAL = re.compile(r"[0-9A-Z]{8,20}")
_FIRST: tuple[tuple[Callable[[Stamp], Pixels], float], ...] = ((whole_ink, 0.82), (red_ink, 0.66))
_MORE: tuple[tuple[Callable[[Stamp], Pixels], float], ...] = (
    (filled_ink, 0.82), (mixed_ink, 0.82), (whole_ink, 0.66), (filled_ink, 0.66), (mixed_ink, 0.66), (red_ink, 0.82),
)  # fmt: skip
"""Which ink is read at which share of the strip's length: letters dropped in one reading stand in another."""
_SURE = 0.85
_RIVAL = 0.03
"""The engine prefers the commoner of two letters that look alike (恒, 桓): a rival seen at all leaves a doubt."""
_DOUBT = 0.84


@dataclass(frozen=True, slots=True)
class SealName:
    """The name as read, its confidence (0 to 1), and the serial number where one could be read.

    ``letters`` is the chance of each letter of what was read. ``raw`` is what was read where ``text`` was corrected.
    """

    text: str = ""
    confidence: float = 0.0
    serial: str = ""
    letters: tuple[float, ...] = ()
    raw: str = ""


def read_seal_name(even: Pixels, ring: Ring, mind: Reader, others: tuple[Ring, ...] = ()) -> SealName:
    """Read the ring of one seal on an evened page; ``others`` are the rings of the page's further seals."""
    stamp = cut_stamp(even, ring, others)
    alphabet = _alphabet(mind)
    strips = _Strips(stamp)
    best = Letters("", (), even=False)
    serial = ""
    for start, wide in _gaps(strips.band(whole_ink)):
        cut = _Cut(start, wide if wide > 0.06 * strips.length else 0)
        if cut.wide:
            serial = serial or _serial(strips.gap(cut), mind)
        readings = mind.chances([strips.line(ink, cut, share) for ink, share in _FIRST])
        letters = decide(readings, alphabet)
        if letters.weakest < _SURE or letters.rival >= _RIVAL or not _ENDING.search(letters.text):
            readings += mind.chances([strips.line(ink, cut, share) for ink, share in _MORE])
            letters = decide(readings, alphabet)
        best = max(best, letters, key=_rank)
        if _ENDING.search(best.text):
            break
    best = _begun_rightly(best)
    return SealName(best.text, _confidence(best), serial, best.chances)


def _rank(letters: Letters) -> tuple[bool, float]:
    return _ENDING.search(letters.text) is not None, sum(letters.chances)


def _confidence(letters: Letters) -> float:
    """Judge a name by its letters together and by its worst one: one letter may be all that tells two firms apart."""
    whole = 1.0 if _ENDING.search(letters.text) else 0.8
    sure = (letters.mean + letters.weakest) / 2 * whole
    return round(min(sure, _DOUBT) if letters.rival >= _RIVAL or not letters.even else sure, 3)


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    wide: int


class _Strips:
    """The unrolled ring of one seal in each of its inks, drawn when first asked for."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._drawn: dict[Callable[[Stamp], Pixels], Pixels] = {}
        ring = stamp.ring
        self.length = int(min(max(4.8 * (ring.a + ring.b) / 2, 700), 1800))

    def band(self, ink: Callable[[Stamp], Pixels]) -> Pixels:
        """Return the whole ring from its top clockwise, dark on white, without the rim."""
        if ink not in self._drawn:
            drawn = ink(self._stamp).astype(np.float32)
            strip = unroll_rim(drawn, self._stamp.ring, length=self.length, depth=_DEPTH, reach=_INNER)
            strip = np.clip(255 - strip, 0, 255).astype(np.uint8)
            self._drawn[ink] = strip[round(_DEPTH * _RIM / _INNER) :]
        return self._drawn[ink]

    def line(self, ink: Callable[[Stamp], Pixels], cut: _Cut, share: float) -> Pixels:
        """Return the name as a line with blank paper around it, its length reduced to ``share``."""
        band = np.roll(self.band(ink), -cut.start, axis=1)[:, : self.length - cut.wide]
        margin = band.shape[0] // 3
        padded = cv2.copyMakeBorder(band, 3, 3, margin, margin, cv2.BORDER_CONSTANT, value=255)
        return cv2.resize(padded, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA)

    def gap(self, cut: _Cut) -> Pixels:
        """Return the piece between the name's end and its beginning, where numbers are engraved."""
        return np.roll(self.band(whole_ink), -cut.start, axis=1)[:, self.length - cut.wide :]


@lru_cache(maxsize=1)
def _alphabet(mind: Reader) -> Alphabet:
    return Alphabet(mind.letters)


def _serial(gap: Pixels, mind: Reader) -> str:
    """Read the number engraved below: it stands the other way up and near the rim."""
    upper = cv2.copyMakeBorder(gap[: int(gap.shape[0] * 0.55)], 4, 4, 12, 12, cv2.BORDER_CONSTANT, value=255)
    reading = mind.read([np.ascontiguousarray(upper[::-1, ::-1])])[0]
    found = _SERIAL.search(reading.text)
    return found.group() if found and reading.score > 0.7 else ""


def _gaps(band: Pixels) -> list[tuple[int, int]]:
    """Return where the name may begin, and how wide the gap before it is: the widest gaps between letters first.

    Gaps are measured in the inner half of the letters: the serial number, engraved below between the name's end
    and its beginning, is half as tall and stays near the rim.
    """
    inner = 255 - band[int(band.shape[0] * 0.5) :].astype(np.float32)
    dark = inner.mean(axis=0)
    quiet = dark < max(8.0, 0.2 * float(np.percentile(dark, 80)))
    width = band.shape[1]
    gaps: list[tuple[int, int]] = []
    start = None
    for column, empty in enumerate(np.concatenate([quiet, quiet])):
        if empty and start is None:
            start = column
        elif not empty and start is not None:
            if 0 < start <= width and column - start < width:
                # A few columns stay with the first letter: its edge may be paler than the threshold.
                gaps.append((column - start - 4, (column - 2) % width))
            start = None
    gaps.sort(reverse=True)
    best = [(first, wide) for wide, first in gaps[:3] if wide > 3]
    return best or [(width // 2, 0)]


def _begun_rightly(letters: Letters) -> Letters:
    """Turn a name that was cut in its middle so that it ends as names end: 有限公司杭州… becomes 杭州…有限公司."""
    text, chances = letters.text, letters.chances
    if _ENDING.search(text):
        return letters
    for ending in ("有限公司", "公司", "协会", "联合会", "商会", "分会", "学会"):
        at = text.find(ending)
        if at >= 0:
            at += len(ending)
            return replace(letters, text=text[at:] + text[:at], chances=chances[at:] + chances[:at])
    return letters
