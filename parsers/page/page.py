"""One page as a picture (页面): laid flat, turned upright, its light evened out, its seal ink taken away.

Pixels are RGB, 8 bit, everywhere in the readers of scans. Lengths are pixels unless a name says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import Box, Colour

Pixels = NDArray[Any]

cv2.setNumThreads(1)  # Threads are given to the models; a second pool beside theirs costs more than it brings.

LONG_SIDE = 2400
"""A page is worked on with this long side at most: 205 dpi on A4, enough for letters of 9 points."""
_THUMB = 300


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A page made ready for reading. ``even`` has the light of ``pixels`` evened out (paper at 255)."""

    number: int
    """Counted from 1."""
    pixels: Pixels
    even: Pixels
    colour: Colour
    photographed: bool = False
    """Whether the page was cut out of a photograph."""
    turned: int = 0
    """Degrees clockwise by which the page lay turned."""

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    def share(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return this rectangle of pixels as shares of the page, cut to it."""
        return Box(
            round(min(max(left / self.width, 0.0), 1.0), 4),
            round(min(max(top / self.height, 0.0), 1.0), 4),
            round(min(max(right / self.width, 0.0), 1.0), 4),
            round(min(max(bottom / self.height, 0.0), 1.0), 4),
        )


def fit(pixels: Pixels, long_side: int = LONG_SIDE) -> Pixels:
    """Reduce a picture to the long side given; smaller ones stay as they are."""
    scale = long_side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def turn_back(pixels: Pixels, degrees: int) -> Pixels:
    """Turn a page that lies ``degrees`` clockwise upright again."""
    return np.ascontiguousarray(np.rot90(pixels, k=degrees // 90)) if degrees else pixels


def even_light(pixels: Pixels) -> Pixels:
    """Divide by the paper's own colour at each place: shadows, casts and grey paper go, ink stays.

    The paper's colour is the brightest that lies around each place on a thumbnail, smoothed.
    """
    height, width = pixels.shape[:2]
    scale = _THUMB / max(height, width)
    thumb = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    paper = cv2.dilate(thumb, np.ones((9, 9), np.uint8))
    paper = cv2.medianBlur(paper, 21)
    paper = cv2.GaussianBlur(paper, (0, 0), 5)
    # Where there is no paper (a desk, a photograph) nothing may be blown up to white.
    paper = np.maximum(paper, 60)
    whole = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(pixels, whole, scale=255.0)


def has_colour(pixels: Pixels) -> bool:
    """Whether anything on the page is coloured at all, judged on a copy of a third of the size."""
    small = pixels[::3, ::3].astype(np.int16)
    return bool((small.max(axis=2) - small.min(axis=2) > 24).any())


def colour_of(pixels: Pixels) -> Colour:
    """Judge whether a page kept its colour: bilevel and grey scans hide whether a seal was red."""
    small = fit(pixels, 900)
    spread = small.max(axis=2).astype(np.int16) - small.min(axis=2)
    if float((spread > 12).mean()) >= 0.0003 or float(spread.mean()) >= 0.6:
        return Colour.COLOUR
    light = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    between = float(((light > 70) & (light < 185)).mean())
    dark = float((light <= 70).mean())
    return Colour.BILEVEL if between < 0.3 * dark else Colour.GREY


def find_sheet(pixels: Pixels) -> Pixels | None:
    """Cut the sheet of paper out of a photograph and lay it flat; None where no sheet on a desk is seen.

    Several ways to tell paper from desk are tried, because a shadow across the sheet or a pale desk defeats each
    one of them; the outline whose weakest edge is the sharpest wins. A shadow has soft edges, paper has not.
    """
    scale = 480 / max(pixels.shape[:2])
    thumb = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = cv2.GaussianBlur(cv2.cvtColor(thumb, cv2.COLOR_RGB2GRAY), (0, 0), 2)
    otsu, _ = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    rim = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    if float((rim < otsu).mean()) < 0.55:
        return None
    lights = (otsu, (otsu + float(np.median(rim))) / 2, otsu * 1.12)
    outlines = [_sheet_corners(light > threshold) for threshold in lights]
    apart = _unlike_the_rim(thumb)
    split, _ = cv2.threshold(apart, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    outlines += [_sheet_corners(apart > split), _sheet_corners(apart > 0.6 * split)]
    scored = [(_weakest_edge(thumb, corners), -index) for index, corners in enumerate(outlines) if corners is not None]
    if not scored:
        return None
    best = outlines[-max(scored)[1]]
    return None if best is None else _lay_flat(pixels, best / scale)


def _unlike_the_rim(thumb: Pixels) -> Pixels:
    """Return how much each place differs from the desk at the rim; colour counts more than light, for shadows."""
    lab = cv2.cvtColor(cv2.GaussianBlur(thumb, (0, 0), 2), cv2.COLOR_RGB2LAB).astype(np.float32)
    rim = np.concatenate([lab[:4].reshape(-1, 3), lab[-4:].reshape(-1, 3), lab[:, :4].reshape(-1, 3)])
    desk = np.median(rim, axis=0)
    apart = np.sqrt((((lab - desk) * np.array([0.5, 1.5, 1.5], dtype=np.float32)) ** 2).sum(axis=2))
    return np.asarray(np.clip(apart * 2, 0, 255), dtype=np.uint8)


def _weakest_edge(thumb: Pixels, corners: NDArray[np.float32]) -> float:
    """Return the step from inside to outside, in levels, at the softest of the four edges."""
    lab = cv2.cvtColor(thumb, cv2.COLOR_RGB2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    middle = corners.mean(axis=0)
    steps = []
    for start, stop in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = stop - start
        normal = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1.0)
        if float(np.dot(normal, middle - start)) < 0:
            normal = -normal
        points = start + along * np.linspace(0.08, 0.92, 40)[:, None]
        seen = []
        for side in (normal * 5, normal * -5):
            places = points + side
            x = np.clip(np.rint(places[:, 0]), 0, width - 1).astype(int)
            y = np.clip(np.rint(places[:, 1]), 0, height - 1).astype(int)
            seen.append(lab[y, x])
        steps.append(float(np.median(np.linalg.norm(seen[0] - seen[1], axis=1))))
    return min(steps)


def _sheet_corners(bright: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    mask = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    if not 0.2 < cv2.contourArea(outline) / mask.size < 0.97:
        return None
    return _four_corners(outline)


def _four_corners(outline: NDArray[Any]) -> NDArray[np.float32] | None:
    hull = cv2.convexHull(outline)
    length = cv2.arcLength(hull, closed=True)
    for tolerance in (0.02, 0.03, 0.045, 0.06):
        shape = cv2.approxPolyDP(hull, tolerance * length, closed=True)
        if len(shape) == 4:
            points = shape.reshape(4, 2).astype(np.float32)
            if cv2.contourArea(points) < 0.93 * cv2.contourArea(hull):
                return None
            return _clockwise(points)
    return None


def _clockwise(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Order corners from the left top one, clockwise."""
    middle = points.mean(axis=0)
    angles = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    ordered = points[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.asarray(np.roll(ordered, -first, axis=0), dtype=np.float32)


def _lay_flat(pixels: Pixels, corners: NDArray[np.float32]) -> Pixels:
    across = (math.dist(corners[0], corners[1]) + math.dist(corners[3], corners[2])) / 2
    down = (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2
    # Paper is A4 nearly always; the true proportion makes round seals round again.
    if 1.15 < max(across, down) / min(across, down) < 1.75:
        if down >= across:
            across = down / math.sqrt(2)
        else:
            down = across / math.sqrt(2)
    size = (max(1, round(across)), max(1, round(down)))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def take_out_red(even: Pixels, *, wholly: bool = True) -> Pixels:
    """Return the page as grey without its red ink, as if no seal had ever been pressed on it.

    Seal ink and print multiply. With ``q`` the share of light that the ink takes from red, relative to what it
    takes from green and blue, print is ``R + q/(1-q) * (R - GB)``: exact for ink of one colour, whatever its
    strength. ``q`` is measured on the page's own reddest places; without any, red itself is already close.
    Not ``wholly``, the sum is all that is done: the rims of a seal stay, and so does every stroke of print under it.
    """
    red = even[..., 0].astype(np.float32)
    other = even[..., 1:].astype(np.float32).mean(axis=2)
    redness = np.maximum(red - other, 0.0)
    strong = redness > 45
    if int(strong.sum()) > 400:
        taken_red = 255.0 - red[strong]
        taken_other = 255.0 - other[strong]
        q = float(np.clip(np.percentile(taken_red / np.maximum(taken_other, 1.0), 50), 0.0, 0.62))
    else:
        q = 0.15
    clear = red + q / (1 - q) * redness
    if not wholly:
        return np.asarray(np.clip(clear, 0, 255), dtype=np.uint8)
    # At the rims of dark seals the colour is smeared (4:2:0) and the sum comes out short: what is plainly red is
    # paper. Lightness is not smeared: what is much darker than this page's seal ink is print under it, however red.
    light = cv2.cvtColor(even, cv2.COLOR_RGB2GRAY).astype(np.float32)
    usual = float(np.median(light[strong])) if int(strong.sum()) > 400 else 110.0
    no_print = np.clip((light / max(usual, 1.0) - 0.75) / 0.15, 0, 1)
    return np.asarray(np.clip(clear + 255 * np.clip((redness - 45) / 50, 0, 1) * no_print, 0, 255), dtype=np.uint8)


def take_out_pale(even: Pixels) -> Pixels:
    """Return a grey page with only its dark ink: on a grey copy a seal is paler than the print it lies on."""
    light = even if even.ndim == 2 else cv2.cvtColor(even, cv2.COLOR_RGB2GRAY)
    dark = light[light < 150]
    if dark.size < 200:
        return light
    print_tone = float(np.percentile(dark, 12))
    top = print_tone + 0.36 * (255.0 - print_tone)
    spread = (light.astype(np.float32) - print_tone) * (255.0 / (top - print_tone))
    return np.asarray(np.clip(spread, 0, 255), dtype=np.uint8)


def png_of(pixels: Pixels, *, widest: int = 720, most: int = 30_000) -> bytes:
    """Return a small PNG as evidence: reduced in size, then in colours, until it fits ``most`` bytes."""
    for width, colours in ((widest, 32), (widest, 12), (widest * 2 // 3, 12), (widest // 2, 8), (widest // 3, 6)):
        scale = width / pixels.shape[1]
        small = pixels
        if scale < 1:
            small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        data = _png(small, colours)
        if len(data) <= most:
            return data
    return data


def _png(pixels: Pixels, colours: int) -> bytes:
    import io  # noqa: PLC0415 - only where a picture is written

    from PIL import Image  # noqa: PLC0415 - likewise

    out = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    picture.quantize(colours, method=Image.Quantize.FASTOCTREE if picture.mode == "RGB" else None).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()
