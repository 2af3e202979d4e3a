"""Finds the rings of red seals (印章外圈) on a page: round or oval, whole, worn, overlapping or cut by the edge.

Red ink is measured against the paper at its place, candidates come from the outlines of red patches and from
circles through points of red edges, and each is judged on its unrolled ring: ink on the ring, none just outside
it, letters inside it, perhaps a star in the middle. Logos, letterheads, discs, fingerprints fail one of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.facts import SealStrength

Pixels = NDArray[Any]
Shares = NDArray[np.float32]

SIDE = 1400
"""Long side in pixels on which rings are searched."""
_ANGLES = 180
_RADII = 64
_REACH = 1.3
_BREATH = 3.0
"""Smoothed redness in grey levels above the page's own from which a place counts as faintly red."""
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
    fill: float


def redness(even: Pixels) -> Shares:
    """Return how much redder than its paper each place is, in grey levels; orange and brown count little."""
    red, green, blue = (even[..., index].astype(np.float32) for index in range(3))
    red_over = red - np.maximum(green, 0.92 * blue)
    # Orange lies between yellow and red: its green stands well above its blue.
    yellow = (green - blue) / np.maximum(red - blue, 8.0)
    keep = np.clip(1.0 - (yellow - 0.28) / 0.2, 0.05, 1.0)
    return np.asarray((red_over * keep).clip(0, 255), dtype=np.float32)


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
    for ring in _candidates(mask, near):
        found = _judge(soft, _refined(mask, ring))
        if found is not None:
            judged.append(found)
    rings = _standing(soft, _distinct(judged))
    loose = max(_loose(mask, rings), _faint(soft, rings))
    return [ring.scaled(1 / scale) for ring in rings], loose


def unroll(soft: Pixels, ring: Ring, *, angles: int = _ANGLES, radii: int = _RADII, reach: float = _REACH) -> Pixels:
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
    radius = np.linspace(0, _REACH, _RADII)

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
    letters = rows(0.55, 0.88)
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
        fill=float((rows(0.0, 0.9) > limit).mean()),
    )


def _judge(soft: Shares, ring: Ring) -> Ring | None:
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
    broken = facts.clear >= 0.55 and facts.outside < 0.32 and lettered
    if broken and facts.gap <= 0.18 and (starred or empty):
        return replace(ring, strength=SealStrength.MID, score=score)
    return None


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


def _candidates(mask: Pixels, near: Pixels) -> list[Ring]:
    """Return rings worth judging: ellipses around red patches, and circles through points of their outlines."""
    least = min(mask.shape)
    found: list[tuple[float, Ring]] = []
    for reach in (3, 9):
        joined = cv2.dilate(mask, np.ones((reach, reach), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
        for index in range(1, count):
            wide, high = stats[index, cv2.CC_STAT_WIDTH], stats[index, cv2.CC_STAT_HEIGHT]
            if max(wide, high) < 0.07 * least:
                continue
            left, top = stats[index, cv2.CC_STAT_LEFT], stats[index, cv2.CC_STAT_TOP]
            inside = (slice(top, top + high), slice(left, left + wide))
            part = mask[inside] & (labels[inside] == index)
            points = np.argwhere(part)[:, ::-1] + np.array([left, top])
            if len(points) >= 40:
                found += _from_hull(points, near)
                found += _from_triplets(_edge_points(part, left, top), near, least, index)
    found.sort(key=lambda item: -item[0])
    return [ring for cover, ring in found[:24] if cover > 0.5]


def _edge_points(part: Pixels, left: int, top: int) -> NDArray[np.float32]:
    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(np.concatenate(outlines).reshape(-1, 2) + np.array([left, top]), dtype=np.float32)


def _from_hull(points: NDArray[Any], near: Pixels) -> list[tuple[float, Ring]]:
    hull = cv2.convexHull(points.astype(np.float32))
    if len(hull) < 6:
        return []
    length = cv2.arcLength(hull, closed=True)
    outline = _evenly(hull.reshape(-1, 2), max(24, int(length / 6)))
    (x, y), (wide, high), turn = cv2.fitEllipse(outline.astype(np.float32))
    ring = Ring(float(x), float(y), float(wide) / 2, float(high) / 2, float(turn))
    return [(_cover(near, ring), ring)] if min(ring.a, ring.b) > 8 else []


def _evenly(corners: NDArray[Any], count: int) -> NDArray[Any]:
    closed = np.vstack([corners, corners[:1]])
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    wanted = np.linspace(0, steps[-1], count, endpoint=False)
    return np.stack([np.interp(wanted, steps, closed[:, axis]) for axis in (0, 1)], axis=1)


def _from_triplets(points: NDArray[np.float32], near: Pixels, least: int, seed: int) -> list[tuple[float, Ring]]:
    """Return the best circles through three points of the outline, drawn at random from a fixed seed."""
    if len(points) < 30:
        return []
    rng = np.random.default_rng(seed)
    picks = points[rng.integers(0, len(points), (600, 3))].astype(np.float64)
    first, second, third = picks[:, 0], picks[:, 1], picks[:, 2]
    ab, ac = second - first, third - first
    cross = 2 * (ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0])
    good = np.abs(cross) > 1e-3
    ab, ac, first, cross = ab[good], ac[good], first[good], cross[good]
    squares_ab, squares_ac = (ab**2).sum(axis=1), (ac**2).sum(axis=1)
    x = (ac[:, 1] * squares_ab - ab[:, 1] * squares_ac) / cross
    y = (ab[:, 0] * squares_ac - ac[:, 0] * squares_ab) / cross
    radius = np.hypot(x, y)
    fits = (radius > 0.05 * least) & (radius < (0.5 if least < 700 else 0.25) * least)
    x, y, radius = x[fits] + first[fits, 0], y[fits] + first[fits, 1], radius[fits]
    if not len(x):
        return []
    covers = _cover_many(near, x, y, radius)
    best = np.argsort(-covers)[:12]
    rings: list[tuple[float, Ring]] = []
    for index in best:
        ring = Ring(float(x[index]), float(y[index]), float(radius[index]), float(radius[index]), 0.0)
        if all(not _same(ring, other) for _, other in rings):
            rings.append((float(covers[index]), ring))
    return rings[:4]


def _cover_many(near: Pixels, x: Pixels, y: Pixels, radius: Pixels) -> Pixels:
    theta = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    at_x = (x[:, None] + radius[:, None] * np.cos(theta)).round().astype(int)
    at_y = (y[:, None] + radius[:, None] * np.sin(theta)).round().astype(int)
    seen = (at_x >= 0) & (at_y >= 0) & (at_x < near.shape[1]) & (at_y < near.shape[0])
    distance = near[at_y.clip(0, near.shape[0] - 1), at_x.clip(0, near.shape[1] - 1)]
    hit = (distance <= np.maximum(1.5, 0.03 * radius)[:, None]) & seen
    return np.asarray(hit.sum(axis=1) / np.maximum(seen.sum(axis=1), 36))


def _cover(near: Pixels, ring: Ring) -> float:
    theta = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    turn = math.radians(ring.turn)
    across, down = ring.a * np.cos(theta), ring.b * np.sin(theta)
    at_x = (ring.x + across * math.cos(turn) - down * math.sin(turn)).round().astype(int)
    at_y = (ring.y + across * math.sin(turn) + down * math.cos(turn)).round().astype(int)
    seen = (at_x >= 0) & (at_y >= 0) & (at_x < near.shape[1]) & (at_y < near.shape[0])
    if not seen.any():
        return 0.0
    hit = near[at_y[seen], at_x[seen]] <= max(1.5, 0.035 * max(ring.a, ring.b))
    return float(hit.sum()) / max(int(seen.sum()), 36)


def _refined(mask: Pixels, ring: Ring) -> Ring:
    """Fit the ellipse to the outermost ink near it, three times."""
    for width in (0.12, 0.08, 0.06):
        points = _rim_points(mask, ring, width)
        if len(points) < 20:
            return ring
        (x, y), (wide, high), turn = cv2.fitEllipse(points)
        fitted = Ring(float(x), float(y), float(wide) / 2, float(high) / 2, float(turn))
        if not all(math.isfinite(value) for value in (fitted.x, fitted.y, fitted.a, fitted.b)):
            return ring
        size = max(ring.a, ring.b)
        if (
            math.hypot(fitted.x - ring.x, fitted.y - ring.y) > 0.25 * size
            or not 0.75 < max(fitted.a, fitted.b) / size < 1.3
        ):
            return ring
        ring = fitted
    return ring


def _rim_points(mask: Pixels, ring: Ring, width: float) -> NDArray[np.float32]:
    polar = unroll(mask.astype(np.float32), ring)
    radius = np.linspace(0, _REACH, _RADII)
    rows = (radius >= 1 - width) & (radius <= 1 + width)
    part = polar[rows] > 0.5
    near = radius[rows]
    points = []
    turn = math.radians(ring.turn)
    for column in range(_ANGLES):
        inked = np.flatnonzero(part[:, column])
        if not len(inked):
            continue
        reach = near[inked[-1]]
        theta = 2 * math.pi * column / _ANGLES
        across, down = ring.a * reach * math.sin(theta), -ring.b * reach * math.cos(theta)
        points.append(
            (
                ring.x + across * math.cos(turn) - down * math.sin(turn),
                ring.y + across * math.sin(turn) + down * math.cos(turn),
            )
        )
    return np.asarray(points, dtype=np.float32)


def _same(one: Ring, other: Ring) -> bool:
    size = max(one.a, one.b, other.a, other.b)
    apart = math.hypot(one.x - other.x, one.y - other.y)
    smaller, larger = sorted((max(one.a, one.b), max(other.a, other.b)))
    return apart < 0.3 * size and (smaller > 0.7 * larger or apart + smaller < 1.1 * larger)


def _distinct(rings: list[Ring]) -> list[Ring]:
    """Keep one ring of each seal: the best; rings inside another one (an inner ring) go too."""
    kept: list[Ring] = []
    order = sorted(rings, key=lambda ring: (ring.strength is not SealStrength.STRONG, -ring.score))
    for ring in order:
        if all(not _same(ring, other) and not _within(ring, other) for other in kept):
            kept.append(ring)
    return sorted(kept, key=lambda ring: (ring.y, ring.x))


def _standing(soft: Shares, rings: list[Ring]) -> list[Ring]:
    """Drop rings that live on the rims of better ones: circles through two overlapping seals."""
    left = soft.copy()
    standing: list[Ring] = []
    for ring in sorted(rings, key=lambda ring: (ring.strength is not SealStrength.STRONG, -ring.score)):
        if standing and _judge(left, ring) is None and measure(left, ring).covered < 0.7:
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
