"""Takes the ink of one seal off the page (印泥分离): apart from the print it lies on and from seals across it.

Scans keep colour at half the size of light and coarsely (4:2:0), so colour says only where the seal's ink lies;
the strokes come from the light. Print is darker than any seal in red light: what stands there is filled up in
different ways, and whoever reads compares what the ways give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.seal.ring import Ring, redness, unroll

Pixels = NDArray[Any]
Shares = NDArray[np.float32]

_NEAR = 1.12
"""The part of the page that is looked at reaches this many half axes from the middle."""
_BEYOND = 1.08
_RADII = 160


@dataclass(frozen=True, slots=True)
class Stamp:
    """One seal cut out of its page, and what its inks are mixed from."""

    ring: Ring
    """The seal's ring, in pixels of the cut-out."""
    dark: Shares
    """Darkness in grey levels where there is red ink near, 0 elsewhere."""
    colour: Shares
    """Redness, 1 for this seal's full ink; at half the page's sharpness at best."""
    full: float
    """Darkness of this seal's full ink, in grey levels."""
    ours: Shares
    """1 where the place may be the seal's or blank, 0 where print lies."""


def cut_stamp(even: Pixels, ring: Ring, others: tuple[Ring, ...] = ()) -> Stamp:
    """Cut the seal out of an evened page; ``others`` are the rings of further seals, which may lie across it."""
    reach = _NEAR * max(ring.a, ring.b) + 4
    left, top = int(max(0, ring.x - reach)), int(max(0, ring.y - reach))
    part = even[top : int(ring.y + reach) + 1, left : int(ring.x + reach) + 1]
    place = replace(ring, x=ring.x - left, y=ring.y - top)
    light = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
    soft = redness(part)
    inside = _disc(soft.shape, place, 1.03)
    strong = max(float(np.percentile(soft[inside], 92)), 12.0) if inside.any() else 12.0
    wide = cv2.dilate(cv2.GaussianBlur(soft, (0, 0), 1.5), np.ones((5, 5), np.uint8))
    dark = (255 - light) * np.clip(wide / (0.35 * strong), 0, 1)
    inked = inside & (soft > 0.6 * strong)
    red = part[..., 0].astype(np.float32)
    full, tone = 120.0, 200.0
    if int(inked.sum()) > 50:
        full = max(float(np.percentile(dark[inked], 60)), 12.0)
        tone = float(np.percentile(red[inked], 30))
    ours = np.clip((red - 0.6 * tone) / (0.2 * tone), 0, 1)
    for other in others:
        dark = _without_rim(dark, replace(other, x=other.x - left, y=other.y - top), full)
    dark = _without_blots(dark, place, full)
    return Stamp(place, _shares(dark), _shares(soft / strong), full, _shares(ours))


def whole_ink(stamp: Stamp) -> Pixels:
    """Return the ink as light shows it, bounded by colour; under print as colour shows it."""
    near = cv2.dilate(stamp.colour, np.ones((3, 3), np.uint8))
    seen = np.minimum(np.minimum(stamp.dark / stamp.full, 1.2), 1.8 * near)
    below = 0.8 * np.clip(stamp.colour, 0, 1)
    return _grey((stamp.ours * seen + (1 - stamp.ours) * below) * 230)


def filled_ink(stamp: Stamp) -> Pixels:
    """Return the ink as light shows it; under print as the ink around it runs on."""
    print_ = cv2.dilate((stamp.ours < 0.4).astype(np.uint8), np.ones((3, 3), np.uint8))
    filled: Pixels = cv2.inpaint(_grey(stamp.dark * (232 / stamp.full)), print_, 3, cv2.INPAINT_TELEA)
    return filled


def mixed_ink(stamp: Stamp) -> Pixels:
    """Return the ink as light shows it, wherever red is near; under print as colour shows it."""
    seen = np.minimum(stamp.dark / stamp.full, 1.3)
    below = np.clip(stamp.colour, 0, 1)
    return _grey((stamp.ours * seen + (1 - stamp.ours) * below) * 232)


def red_ink(stamp: Stamp) -> Pixels:
    """Return the ink as colour alone shows it."""
    return _grey(stamp.colour * 240)


def _without_rim(dark: Shares, other: Ring, full: float) -> Shares:
    """Take away the rim of a seal across this one: ink on ink is darker than either, and stays."""
    height, width = dark.shape
    reach = 1.1 * max(other.a, other.b)
    if not (-reach < other.x < width + reach and -reach < other.y < height + reach):
        return dark
    polar = unroll(dark, other, angles=240, radii=_RADII, reach=_BEYOND)
    # Along the rim there is ink nearly everywhere; letters and print across it are no more than a part of the way.
    seen = (polar >= 0).sum(axis=1)
    inked = (polar > 0.4 * full).sum(axis=1) > 0.7 * np.maximum(seen, 1)
    radius = np.linspace(0, _BEYOND, _RADII)
    rim = radius[inked & (radius > 0.9) & (seen >= 24)]
    if not len(rim):
        return dark
    step = _BEYOND / _RADII
    band = _disc(dark.shape, other, float(rim[-1]) + step) & ~_disc(dark.shape, other, float(rim[0]) - step)
    return _lightened(dark, band, full)


def _without_blots(dark: Shares, ring: Ring, full: float) -> Shares:
    """Take away what is too broad for a stroke: the star of another seal."""
    side = max(5, round(0.11 * min(ring.a, ring.b)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    blots = cv2.morphologyEx((dark > 0.55 * full).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    if not blots.any():
        return dark
    return _lightened(dark, cv2.dilate(blots, np.ones((5, 5), np.uint8)) > 0, full)


def _lightened(dark: Shares, where: NDArray[np.bool_], full: float) -> Shares:
    through = max(1 - full / 255, 0.1)
    light = np.minimum((255 - dark) / through, 255)
    return _shares(np.where(where, np.minimum(255 - light, dark), dark))


def _disc(shape: tuple[int, ...], ring: Ring, share: float) -> NDArray[np.bool_]:
    disc = np.zeros(shape[:2], np.uint8)
    axes = (max(1, round(ring.a * share)), max(1, round(ring.b * share)))
    cv2.ellipse(disc, (round(ring.x), round(ring.y)), axes, ring.turn, 0, 360, 1, -1)
    return disc > 0


def _grey(ink: Pixels) -> Pixels:
    return np.clip(ink, 0, 255).astype(np.uint8)


def _shares(values: Pixels) -> Shares:
    return np.asarray(values, dtype=np.float32)
