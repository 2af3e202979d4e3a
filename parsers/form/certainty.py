"""Decides what about a field is certain (把握): reads it again, looks for ink nobody read, and for dropped letters.

The thresholds were set on made scans (``bench/scans.py``) so that a certain value is wrong at most once in 500.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import Source
from parsers.form.dashes import DASH, gaps
from parsers.form.date import is_empty_date, is_whole_date, read_date
from parsers.form.values import Piece, Value, in_order, tidy
from parsers.page.lines import letter_inks
from parsers.page.ocr import SIMPLER, Reader, Reading, cut_out
from parsers.text.firm_words import BLANK_ENDINGS, RECOMMENDER_ENDINGS, says_self

Pixels = NDArray[Any]

_TIMES = 4
WEAKEST = 0.75
"""A letter less sure than this in any of the readings leaves the field in doubt."""
_DASHES = re.compile(r"[—–―－\-~]+|一{2,}")
_DROPPED = re.compile(r"[\s\"“”„‟'‘’`《》〈〉·•,，.。、:：;；()（）\[\]【】!！?？]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about one field."""

    value: str
    confidence: float
    certain: bool
    blank: bool = False


def comparable(text: str) -> str:
    """Return the words without what readers differ in and nobody reads: quotes, dashes, spaces, edge marks."""
    folded = unicodedata.normalize("NFKC", text).translate(SIMPLER)
    return _DROPPED.sub("", _DASHES.sub("-", folded)).strip("-_|")


def read_again(bleached: Pixels, pieces: list[Piece], reader: Reader, limit: float) -> list[list[Reading]]:
    """Read every piece four times more: cut, stretched, thickened and blurred, so that slips do not repeat.

    Letters paler than ``limit`` are left out, as they were in the first reading.
    """
    crops: list[Pixels] = []
    plain: list[Pixels] = []
    for piece in pieces:
        narrow = cut_out(bleached, piece.quad, pad=0.06)
        wide = cut_out(bleached, piece.quad, pad=0.16)
        crops.append(cv2.resize(narrow, None, fx=1.12, fy=1.0, interpolation=cv2.INTER_CUBIC))
        crops.append(_darker(cv2.resize(wide, None, fx=0.94, fy=1.0, interpolation=cv2.INTER_AREA)))
        crops.append(cv2.erode(narrow, np.ones((2, 2), np.uint8)))
        crops.append(cv2.GaussianBlur(wide, (0, 0), 1.0))
        plain += [narrow, wide, narrow, wide]
    readings = [_dark_only(reading, crop, limit) for reading, crop in zip(reader.read(crops), plain, strict=True)]
    return [readings[index : index + _TIMES] for index in range(0, len(readings), _TIMES)]


def _dark_only(reading: Reading, crop: Pixels, limit: float) -> Reading:
    ink = letter_inks(reading.spots, crop)
    good = [index for index in range(len(ink)) if ink[index] <= limit]
    if len(good) == len(ink):
        return reading
    letters = tuple(reading.letters[index] for index in good)
    text = "".join(reading.text[index] for index in good)
    return Reading(text, reading.score, letters, tuple(reading.spots[index] for index in good))


def outvoted(value: Value, again: list[list[Reading]]) -> str:
    """Return the field's words with every piece as most readings have it, where three of the later four agree."""
    words = []
    for piece in in_order(value.pieces):
        readings = again[value.pieces.index(piece)] if len(again) == len(value.pieces) else []
        votes = Counter(comparable(reading.text) for reading in readings)
        text, count = votes.most_common(1)[0] if votes else ("", 0)
        # A dash that was put back is on the page, whatever the later readings miss again.
        if count >= 3 and text and text not in (comparable(piece.text), comparable(piece.text.replace(DASH, ""))):
            words.append(next(reading.text for reading in readings if comparable(reading.text) == text))
        else:
            words.append(piece.text)
    return tidy("".join(words))


def judge(
    value: Value,
    again: list[list[Reading]],
    *,
    unread: bool,
    known: tuple[str, ...],
    page_good: bool,
    by_hand: bool = False,
) -> Judgement:
    """Decide about one field from its pieces, the later readings, and whether ink beside it was not read.

    ``again`` is empty for text that needs no reading (a real text layer). What is written ``by_hand`` is certain only
    where it is a known name.
    """
    text = outvoted(value, again)
    if not comparable(text) or (value.key == "submitted_on" and is_empty_date(text)):
        sure = value.label.exact and page_good and not unread
        return Judgement("", 0.9 if sure else 0.4, sure, blank=sure)
    from_text = all(piece.source is not Source.OCR for piece in value.pieces)
    agreed = from_text or _agreed(value, again)
    weakest = 1.0 if from_text else _weakest(value, again)
    shape = _right_shape(value.key, text)
    listed = value.key in ("applicant", "recommender") and text in known
    certain = value.label.exact and agreed and shape and not unread and page_good and not value.overlaid
    if not from_text:
        certain = certain and (listed or not by_hand)
        certain = (
            certain
            and not any(gaps(piece) for piece in value.pieces)
            and (weakest >= WEAKEST or (listed and weakest >= 0.5))
        )
    confidence = weakest * (1.0 if agreed else 0.6) * (0.8 if unread else 1.0) * (1.0 if shape else 0.85)
    day = read_date(text) if value.key == "submitted_on" else None
    return Judgement(day.isoformat() if day else text, round(confidence, 3), certain)


def unread_ink(band: Pixels, read: list[tuple[float, float]], height: float, *, below: int = 140) -> bool:
    """Whether ink stands in this grey band outside the stretches that were read.

    Underlines, table rules and dust do not count. ``height`` is the height of the label's letters; ink is what is
    darker than ``below``.
    """
    dark: Pixels = (band < below).astype(np.uint8)
    long_run = np.ones((1, max(9, int(height * 1.6))), np.uint8)
    tall_run = np.ones((max(7, int(height * 1.25)), 1), np.uint8)
    if _has_dash(dark, read, height):
        return True
    rules: Pixels = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, long_run), np.ones((5, 3), np.uint8))
    rules |= cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, tall_run), np.ones((3, 5), np.uint8))
    left_over = dark & (1 - rules)
    for start, stop in read:
        left_over[:, max(0, int(start)) : max(0, int(stop))] = 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(left_over)
    strokes = [
        int(stats[index, cv2.CC_STAT_AREA])
        for index in range(1, count)
        # Flat bits are what remains of a rule that ran aslant.
        if stats[index, cv2.CC_STAT_HEIGHT] >= max(4, 0.15 * height)
        and max(stats[index, cv2.CC_STAT_WIDTH], stats[index, cv2.CC_STAT_HEIGHT]) >= 0.22 * height
    ]
    return sum(strokes) > 0.03 * height * height


def _has_dash(dark: Pixels, read: list[tuple[float, float]], height: float) -> bool:
    """Whether a flat stroke that was not read is a dash (——): half way up, three letters long at most."""
    flat = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(5, int(height * 0.3))), np.uint8))
    for start, stop in read:
        flat[:, max(0, int(start)) : max(0, int(stop))] = 0
    flat = cv2.dilate(flat, np.ones((3, 3), np.uint8))
    count, _, stats, middles = cv2.connectedComponentsWithStats(flat)
    rows = dark.shape[0]
    return any(
        0.5 * height <= stats[index, cv2.CC_STAT_WIDTH] <= 3.2 * height
        and stats[index, cv2.CC_STAT_HEIGHT] <= 0.35 * height
        and 0.25 * rows <= middles[index][1] <= 0.72 * rows
        for index in range(1, count)
    )


def _agreed(value: Value, again: list[list[Reading]]) -> bool:
    """Whether every later reading of every piece says the same."""
    if len(again) != len(value.pieces):
        return False
    if value.key == "submitted_on":
        first = read_date(value.text)
        ordered = [again[value.pieces.index(piece)] for piece in in_order(value.pieces)]
        later = [read_date("".join(readings[turn].text for readings in ordered)) for turn in range(_TIMES)]
        return first is not None and all(day == first for day in later)
    for piece, readings in zip(value.pieces, again, strict=True):
        expected = comparable(piece.text)
        if any(comparable(reading.text) != expected for reading in readings):
            return False
    return True


def _weakest(value: Value, again: list[list[Reading]]) -> float:
    def counts(char: str) -> bool:
        # Three signs look like the zero of a Chinese year; which one was meant changes no date.
        return bool(comparable(char)) and not (value.key == "submitted_on" and char in "〇○")

    chances = [letter.chance for piece in value.pieces for letter in piece.letters if counts(letter.raw)]
    for readings in again:
        for reading in readings:
            chances += [chance for char, chance in zip(reading.text, reading.letters, strict=True) if counts(char)]
    return min(chances, default=0.0)


def _right_shape(key: str, text: str) -> bool:
    if key == "submitted_on":
        return read_date(text) is not None and is_whole_date(text) and ("年" not in text or text[-1] in "日号")
    if key == "applicant":
        return len(text) >= 6 and text.endswith(BLANK_ENDINGS)
    if key == "recommender":
        return says_self(text) or (len(text) >= 3 and text.endswith(RECOMMENDER_ENDINGS))
    return len(comparable(text)) >= 4


def _darker(crop: Pixels) -> Pixels:
    """Stretch the tones so that pale strokes count as much as dark ones."""
    low, high = float(np.percentile(crop, 1)), float(np.percentile(crop, 85))
    if high - low < 30:
        return crop
    stretched = (crop.astype(np.float32) - low) * (255 / (high - low))
    return np.asarray(np.clip(stretched, 0, 255), dtype=np.uint8)
