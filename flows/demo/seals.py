"""Draws the seals (公章) on made papers: every look that real ones have, none of a real body."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
Shares = NDArray[np.float32]

RED = (212, 28, 36)
PINK = (236, 128, 142)
DARK = (138, 16, 28)


@dataclass(frozen=True, slots=True)
class SealLook:
    """How a seal looks on paper. Sizes in millimetres, ``ink`` from 0 (none) to 1 (full)."""

    colour: tuple[int, int, int] = RED
    width: float = 41.0
    height: float = 41.0
    star: bool = True
    ink: float = 0.92
    worn: float = 0.25
    """How unevenly the ink lies, 0 to 1."""
    serial: bool = True
    turned: float = 0.0
    """Degrees by which the stamp was held askew."""


def draw_ink(name: str, look: SealLook, dpi: float, font_path: str, seed: int) -> Shares:
    """Return how much ink lies where (0 to 1): one stamp of this body, drawn large and reduced once."""
    rng = np.random.default_rng(seed)
    scale = max(2.0, 900 / (look.width / 25.4 * dpi))
    unit = dpi / 25.4 * scale
    width, height = int(look.width * unit), int(look.height * unit)
    canvas = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(canvas)
    ring = 1.15 * unit
    pen.ellipse((2, 2, width - 3, height - 3), outline=255, width=int(ring))
    _ring_text(canvas, name, look, unit, font_path)
    if look.star:
        pen.polygon(_star(width / 2, height / 2, 0.155 * min(width, height) * 1.15), fill=255)
    if look.serial:
        digits = "33" + "".join(str(digit) for digit in rng.integers(0, 10, 11))
        _lower_digits(canvas, digits, look, unit, font_path)
    if look.turned:
        canvas = canvas.rotate(look.turned, Image.Resampling.BICUBIC, expand=True)
    target = (max(8, round(canvas.width / scale)), max(8, round(canvas.height / scale)))
    ink = np.asarray(canvas.resize(target, Image.Resampling.LANCZOS), dtype=np.float32) / 255
    return np.clip(ink * look.ink * _unevenness(target, look.worn, rng), 0, 1).astype(np.float32)


def stamp(page: Pixels, ink: Shares, colour: tuple[int, int, int], centre: tuple[int, int]) -> None:
    """Press the ink onto an RGB page in place, about ``centre`` (x, y); what falls off the page is lost.

    Ink lets what was printed below shine through, as stamping ink does.
    """
    height, width = ink.shape
    left, top = centre[0] - width // 2, centre[1] - height // 2
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(page.shape[1], left + width), min(page.shape[0], top + height)
    if x0 >= x1 or y0 >= y1:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    tint = np.array(colour, dtype=np.float32) / 255
    below = page[y0:y1, x0:x1].astype(np.float32)
    page[y0:y1, x0:x1] = np.clip(below * (1 - part * (1 - tint)), 0, 255).astype(np.uint8)


def _ring_text(canvas: Image.Image, name: str, look: SealLook, unit: float, font_path: str) -> None:
    width, height = canvas.size
    size = min(5.2, 88.0 / max(len(name), 8)) * unit * min(look.width, look.height) / 41.0
    font = ImageFont.truetype(font_path, int(size))
    inset = 1.9 * unit + size / 2
    across, down = width / 2 - inset, height / 2 - inset
    spread = min(300.0, 24.0 * len(name)) if look.serial else min(320.0, 26.0 * len(name))
    steps = max(len(name) - 1, 1)
    for index, letter in enumerate(name):
        angle = -spread / 2 + spread * index / steps
        radians = math.radians(angle)
        x = width / 2 + across * math.sin(radians)
        y = height / 2 - down * math.cos(radians)
        # On an oval the letters stand on the normal of the curve, not on the ray from the middle.
        lean = math.degrees(math.atan2(math.sin(radians) / across, math.cos(radians) / down))
        _letter(canvas, letter, font, (x, y), -lean)


def _lower_digits(canvas: Image.Image, digits: str, look: SealLook, unit: float, font_path: str) -> None:
    width, height = canvas.size
    size = 1.7 * unit * min(look.width, look.height) / 41.0
    font = ImageFont.truetype(font_path, max(8, int(size)))
    inset = 2.0 * unit + size / 2
    across, down = width / 2 - inset, height / 2 - inset
    for index, digit in enumerate(digits):
        angle = 180 + 22 - 44 * index / (len(digits) - 1)
        radians = math.radians(angle)
        x = width / 2 + across * math.sin(radians)
        y = height / 2 - down * math.cos(radians)
        lean = math.degrees(math.atan2(math.sin(radians) / across, math.cos(radians) / down))
        _letter(canvas, digit, font, (x, y), 180 - lean)


def _letter(
    canvas: Image.Image, letter: str, font: ImageFont.FreeTypeFont, middle: tuple[float, float], turn: float
) -> None:
    side = int(font.size * 1.6)
    tile = Image.new("L", (side, side), 0)
    ImageDraw.Draw(tile).text((side / 2, side / 2), letter, fill=255, font=font, anchor="mm", stroke_width=0)
    # Seal letters are tall and narrow: they are engraved to fill the ring.
    narrow = tile.resize((int(side * 0.86), int(side * 1.12)), Image.Resampling.BICUBIC)
    turned = narrow.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    at = (int(middle[0] - turned.width / 2), int(middle[1] - turned.height / 2))
    canvas.paste(255, at, turned)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = math.radians(-90 + 36 * index)
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return points


def _unevenness(size: tuple[int, int], worn: float, rng: np.random.Generator) -> Shares:
    coarse = cv2.resize(rng.random((6, 6)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.random((size[1] // 2 + 1, size[0] // 2 + 1)).astype(np.float32), size)
    spots = np.where(fine < 0.10 * worn, 0.35, 1.0)
    return np.asarray(np.clip(1 - worn * 0.9 * np.clip(coarse, 0, 1), 0.12, 1) * spots, dtype=np.float32)
