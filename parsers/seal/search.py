"""Finds the seals on a page (找印章): round or oval, whole, worn, overlapping or cut by the edge, each once."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import SealStrength
from parsers.seal.outline import candidates, refined, same
from parsers.seal.ring import Ring, judge, measure, redness

Pixels = NDArray[Any]
Shares = NDArray[np.float32]

SIDE = 1400
"""Long side in pixels on which rings are searched."""
_BREATH = 3.0
"""Smoothed redness in grey levels above the page's own from which a place counts as faintly red."""


def find_rings(even: Pixels) -> tuple[list[Ring], float]:
    """Return the rings of seals on an evened page, and the share of the page that is red but in no ring."""
    scale = SIDE / max(even.shape[:2])
    small = even
    if scale < 1:
        small = cv2.resize(even, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scale = min(scale, 1.0)
    soft = redness(small)
    mask = _red_mask(soft, small)
    judged: list[Ring] = []
    near = cv2.distanceTransform(255 - mask * 255, cv2.DIST_L2, 3)
    for ring in candidates(mask, near):
        found = judge(soft, refined(mask, ring))
        if found is not None:
            judged.append(found)
    rings = _standing(soft, _distinct(judged))
    loose = max(_loose(mask, rings), _faint(soft, rings))
    return [ring.scaled(1 / scale) for ring in rings], loose


def _red_mask(soft: Shares, small: Pixels) -> Pixels:
    high = soft[soft > 10]
    if high.size < 50:
        return np.zeros(soft.shape, np.uint8)
    otsu, _ = cv2.threshold(np.clip(high, 0, 255).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = max(15.0, min(0.6 * otsu, 60.0))
    brightest = small.max(axis=2).astype(np.float32)
    saturation = (brightest - small.min(axis=2)) / np.maximum(brightest, 1)
    mask: Pixels = ((soft > threshold) & (saturation > 0.08)).astype(np.uint8)
    # Straight red rules (letterheads, tables) would tie seals to each other and to the page's edge.
    run = max(25, int(0.22 * min(soft.shape)))
    for shape in ((1, run), (run, 1)):
        rules: Pixels = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        mask &= 1 - cv2.dilate(rules, np.ones((3, 3), np.uint8))
    return mask


def _distinct(rings: list[Ring]) -> list[Ring]:
    """Keep one ring of each seal: the best; rings inside another one (an inner ring) go too."""
    kept: list[Ring] = []
    order = sorted(rings, key=lambda ring: (ring.strength is not SealStrength.STRONG, -ring.score))
    for ring in order:
        if all(not same(ring, other) and not _within(ring, other) for other in kept):
            kept.append(ring)
    return sorted(kept, key=lambda ring: (ring.y, ring.x))


def _standing(soft: Shares, rings: list[Ring]) -> list[Ring]:
    """Drop rings that live on the rims of better ones: circles through two overlapping seals."""
    left = soft.copy()
    standing: list[Ring] = []
    for ring in sorted(rings, key=lambda ring: (ring.strength is not SealStrength.STRONG, -ring.score)):
        if standing and judge(left, ring) is None and measure(left, ring).covered < 0.7:
            continue
        standing.append(ring)
        axes = (max(1, round(ring.a)), max(1, round(ring.b)))
        thick = max(3, round(0.09 * max(ring.a, ring.b)))
        cv2.ellipse(left, (round(ring.x), round(ring.y)), axes, ring.turn, 0, 360, 0, thick)
    return sorted(standing, key=lambda ring: (ring.y, ring.x))


def _within(ring: Ring, other: Ring) -> bool:
    apart = math.hypot(ring.x - other.x, ring.y - other.y)
    return apart + min(ring.a, ring.b) < 1.08 * max(other.a, other.b)


def _loose(mask: Pixels, rings: list[Ring]) -> float:
    rest = mask.copy()
    for ring in rings:
        axes = (int(ring.a * 1.12), int(ring.b * 1.12))
        cv2.ellipse(rest, (int(ring.x), int(ring.y)), axes, ring.turn, 0, 360, 0, -1)
    return float(rest.mean())


def _faint(soft: Shares, rings: list[Ring]) -> float:
    """Return the share of the page with a breath of red: a seal pressed nearly dry leaves no more than that."""
    calm = cv2.GaussianBlur(soft, (0, 0), 4)
    ground = float(np.median(calm))
    return _loose((calm > ground + _BREATH).astype(np.uint8), rings)
