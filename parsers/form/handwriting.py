"""Tells writing by hand from print (手写): the strokes of print run level and plumb, those of a hand do not.

A hand's letters are misread in ways that repeat: four readings agree on 材科 where 材料 was written. So what is
written by hand is never certain unless it is a name that the office knows. The labels are the measure: they are
printed, and they went through the same copier. On made forms the share of level and plumb edges of single printed
values was 0.85 to 1.9 of their labels', of handwriting in four hands 0.29 to 0.89, most of it below 0.6; over a whole
page the two keep well apart. Figures are rounder: printed dates have 0.45 to 1.0, written ones 0.20 to 0.52.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]

_PAGE = 0.85
_WORDS = 0.75
_DATE = 0.45
_NEARLY = 6.0
"""Degrees by which a stroke may lean and still be level or plumb."""


def straightness(crops: list[Pixels]) -> float:
    """Return which share of the edges in these grey pictures of levelled lines is level or plumb, 0 to 1."""
    straight = total = 0.0
    for crop in crops:
        if min(crop.shape[:2]) < 8:
            continue
        smooth = cv2.GaussianBlur(crop.astype(np.float32), (0, 0), 0.8)
        across = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3))
        down = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3))
        strength = np.hypot(across, down)
        edge = strength > max(0.25 * float(strength.max()), 1.0)
        slope = np.tan(np.radians(_NEARLY))
        nearly = (np.minimum(across, down) < slope * np.maximum(across, down)) & edge
        straight += float(strength[nearly].sum())
        total += float(strength[edge].sum())
    return straight / total if total else 0.0


def is_by_hand(value: float, page: float, *, figures: bool) -> bool:
    """Whether a value was written by hand; ``figures`` for a date.

    ``value`` and ``page`` are the straightness of this value, and of all values but the date together, as shares of
    the labels'. Nobody writes two fields and types the third, but many a typed form has its date by hand.
    """
    return page < _PAGE or value < (_DATE if figures else _WORDS)
