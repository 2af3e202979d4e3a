"""What the ring of a seal is and what it looks like (印章外圈): its geometry, unrolled, measured, judged.

Red ink is measured against the paper at its place. A ring is judged on its unrolled neighbourhood: ink on the ring,
none just outside it, letters inside it, perhaps a star in the middle. Logos, letterheads, discs, fingerprints fail
one of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import SealStrength

Pixels = NDArray[Any]
Shares = NDArray[np.float32]

ANGLES = 180
RADII = 64
REACH = 1.3
"""The unrolled ring reaches from the middle to this many radii."""


@dataclass(frozen=True, slots=True)
class Ring:
    """An ellipse on the page: ``x``, ``y`` its middle, ``a`` and ``b`` its half axes, ``turn`` in degrees."""

    x: float
    y: float
    a: float
    b: float
    turn: float
    strength: SealStrength = SealStrength.MID
    score: float = 0.0

    def scaled(self, factor: float) -> Ring:
        """Return the same ring on a page enlarged by ``factor``."""
        return replace(self, x=self.x * factor, y=self.y * factor, a=self.a * factor, b=self.b * factor)

    @property
    def round(self) -> bool:
        """Whether it is a circle, as far as a crooked page lets one say."""
        return min(self.a, self.b) > 0.86 * max(self.a, self.b)


@dataclass(frozen=True, slots=True)
class RingFacts:
    """What the unrolled ring shows; all are shares from 0 to 1, ``changes`` is a number of strokes."""

    visible: float
    covered: float
    """Share of the visible ring that carries ink."""
    clear: float
    """Share of the visible ring that carries ink and has blank paper just outside."""
    outside: float
    letters: float
    """Ink where the letters stand, between 0.55 and 0.88 of the radius."""
    spread: float
    """Share of directions in which there is a letter's ink."""
    changes: float
    star: float
    """Ink in the middle."""
    gap: float
    """Ink between the middle and the letters."""
    along: float
    """Share of the covered ring where the ink follows it closely; lines that cross it do so for a moment only."""
    fill: float


def redness(even: Pixels) -> Shares:
    """Return how much redder than its paper each place is, in grey levels; orange and brown count little."""
    red, green, blue = (even[..., index].astype(np.float32) for index in range(3))
    red_over = red - np.maximum(green, 0.92 * blue)
    # Orange lies between yellow and red: its green stands well above its blue.
    yellow = (green - blue) / np.maximum(red - blue, 8.0)
    keep = np.clip(1.0 - (yellow - 0.28) / 0.2, 0.05, 1.0)
    return np.asarray((red_over * keep).clip(0, 255), dtype=np.float32)


def unroll(soft: Pixels, ring: Ring, *, angles: int = ANGLES, radii: int = RADII, reach: float = REACH) -> Pixels:
    """Return the neighbourhood of a ring in polar form: a row for each radius, a column for each direction.

    Columns start at the top and go clockwise; places off the page are -1.
    """
    theta = np.linspace(0, 2 * math.pi, angles, endpoint=False, dtype=np.float32)[None, :]
    radius = np.linspace(0, reach, radii, dtype=np.float32)[:, None]
    across, down = ring.a * radius * np.sin(theta), -ring.b * radius * np.cos(theta)
    turn = math.radians(ring.turn)
    x = ring.x + across * math.cos(turn) - down * math.sin(turn)
    y = ring.y + across * math.sin(turn) + down * math.cos(turn)
    polar: Pixels = cv2.remap(
        soft,
        x.astype(np.float32),
        y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(-1,) * (soft.shape[2] if soft.ndim == 3 else 1),
    )
    return polar


def unroll_rim(soft: Pixels, ring: Ring, *, length: int, depth: int, reach: float) -> Pixels:
    """Return what lies inside the rim as a straight strip, the rim on top: letters stand upright in it, on ovals too.

    Columns go clockwise from the ring's own top in equal steps along the rim; rows go inwards on the rim's normal
    for ``reach`` times the shorter half axis.
    """
    fine = np.linspace(0, 2 * math.pi, 1440, endpoint=False)
    steps = np.hypot(ring.a * np.cos(fine), ring.b * np.sin(fine))
    way = np.concatenate([[0], np.cumsum(steps)])[:-1]
    theta = np.interp(np.linspace(0, float(way[-1]), length, endpoint=False), way, fine)
    rim_x, rim_y = ring.a * np.sin(theta), -ring.b * np.cos(theta)
    normal_x, normal_y = np.sin(theta) / ring.a, -np.cos(theta) / ring.b
    norm = np.hypot(normal_x, normal_y)
    inward = np.linspace(0, reach * min(ring.a, ring.b), depth)[:, None]
    across, down = rim_x - normal_x / norm * inward, rim_y - normal_y / norm * inward
    turn = math.radians(ring.turn)
    x = (ring.x + across * math.cos(turn) - down * math.sin(turn)).astype(np.float32)
    y = (ring.y + across * math.sin(turn) + down * math.cos(turn)).astype(np.float32)
    strip: Pixels = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return strip


def measure(soft: Shares, ring: Ring) -> RingFacts:
    """Measure a ring on the map of red ink."""
    polar = unroll(soft, ring)
    radius = np.linspace(0, REACH, RADII)

    def rows(start: float, stop: float) -> Pixels:
        return polar[(radius >= start) & (radius <= stop)]

    on_ring = rows(0.93, 1.05).max(axis=0)
    seen = rows(0.98, 1.02).min(axis=0) >= 0
    visible = float(seen.mean())
    ink = float(np.percentile(on_ring[seen], 60)) if seen.any() else 0.0
    limit = max(0.30 * ink, 7.0)
    hit = (on_ring > limit) & seen
    beyond = rows(1.10, 1.24)
    outside = (beyond > limit).mean(axis=0)
    letters = rows(0.55, min(0.88, _rim_ends(polar[:, seen] > limit, radius) - 0.03))
    inked = letters > limit
    middle, gap = rows(0.0, 0.34), rows(0.42, 0.5)
    profile = inked.mean(axis=0) > 0.12
    share = max(float(seen.sum()), 1.0)
    return RingFacts(
        visible=visible,
        covered=float(hit.sum()) / share,
        clear=float((hit & (outside < 0.34)).sum()) / share,
        outside=float(outside[seen].mean()) if seen.any() else 1.0,
        letters=float(inked[:, seen].mean()) if seen.any() else 0.0,
        spread=float(profile[seen].mean()) if seen.any() else 0.0,
        changes=float(np.abs(np.diff(profile.astype(np.int8), append=profile[:1])).sum()) / 2,
        star=float((middle > limit).mean()),
        gap=float((gap > limit).mean()),
        along=float(((rows(0.95, 1.0) > limit).any(axis=0) & hit).sum()) / max(float(hit.sum()), 1.0),
        fill=float((rows(0.0, 0.9) > limit).mean()),
    )


def _rim_ends(inked: Pixels, radius: Pixels) -> float:
    """Return where the rim ends towards the middle: a broad rim must not pass for letters inside it."""
    if not inked.size:
        return 1.0
    rim = inked.mean(axis=1) > 0.75
    row = int(np.searchsorted(radius, 0.97))
    while row > 0 and radius[row] > 0.7 and rim[row]:
        row -= 1
    return float(radius[row])


def judge(soft: Shares, ring: Ring) -> Ring | None:
    """Return the ring with its strength and score where it looks like a seal's, else None."""
    least = min(soft.shape)
    size = max(ring.a, ring.b)
    if not 0.045 * least < size < (0.5 if least < 700 else 0.26) * least or min(ring.a, ring.b) < 0.5 * size:
        return None
    facts = measure(soft, ring)
    if facts.visible < 0.45 or facts.fill > 0.6 or facts.letters > 0.5 or facts.changes < 2:
        return None
    starred = facts.star >= 0.26
    empty = facts.star <= 0.1
    lettered = facts.letters >= 0.035 and facts.spread >= 0.25 and facts.changes >= 7
    score = facts.covered + facts.clear - facts.outside + 0.2 * starred + 0.2 * lettered
    whole = facts.covered >= 0.8 and facts.clear >= 0.68 and facts.outside < 0.3
    # Small or faded letters are thin; around them the ring itself must then be beyond doubt.
    thin = facts.covered >= 0.92 and facts.clear >= 0.9 and facts.letters >= 0.02 and facts.changes >= 10
    if whole and (thin or (lettered and facts.changes >= 8)) and facts.gap <= 0.3:
        return replace(ring, strength=SealStrength.STRONG, score=score)
    # A worn ring is believed only where the paper between star and letters is blank, as in no text or drawing.
    broken = facts.clear >= 0.55 and facts.outside < 0.32 and facts.along >= 0.75 and lettered
    if broken and facts.gap <= 0.18 and (starred or empty):
        return replace(ring, strength=SealStrength.MID, score=score)
    return None
