"""Finds what could be the rings of seals on a mask of red ink (候选外圈): geometry only, nothing is judged here.

Candidates are the ellipses around red patches, and circles through points of their outlines; a candidate that the
ink follows is then fitted to the outermost ink near it.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.seal.ring import ANGLES, RADII, REACH, Ring, unroll

Pixels = NDArray[Any]


def candidates(mask: Pixels, near: Pixels) -> list[Ring]:
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


def refined(mask: Pixels, ring: Ring) -> Ring:
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
        if all(not same(ring, other) for _, other in rings):
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


def _rim_points(mask: Pixels, ring: Ring, width: float) -> NDArray[np.float32]:
    polar = unroll(mask.astype(np.float32), ring)
    radius = np.linspace(0, REACH, RADII)
    rows = (radius >= 1 - width) & (radius <= 1 + width)
    part = polar[rows] > 0.5
    near = radius[rows]
    points = []
    turn = math.radians(ring.turn)
    for column in range(ANGLES):
        inked = np.flatnonzero(part[:, column])
        if not len(inked):
            continue
        reach = near[inked[-1]]
        theta = 2 * math.pi * column / ANGLES
        across, down = ring.a * reach * math.sin(theta), -ring.b * reach * math.cos(theta)
        points.append(
            (
                ring.x + across * math.cos(turn) - down * math.sin(turn),
                ring.y + across * math.sin(turn) + down * math.cos(turn),
            )
        )
    return np.asarray(points, dtype=np.float32)


def same(one: Ring, other: Ring) -> bool:
    """Whether two rings are one seal's: nearly the same, or one inside the other."""
    size = max(one.a, one.b, other.a, other.b)
    apart = math.hypot(one.x - other.x, one.y - other.y)
    smaller, larger = sorted((max(one.a, one.b), max(other.a, other.b)))
    return apart < 0.3 * size and (smaller > 0.7 * larger or apart + smaller < 1.1 * larger)
