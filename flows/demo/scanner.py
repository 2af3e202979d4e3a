"""What scanners, copiers and phones do to a page (扫描与拍照的损耗), step by step, from a seeded generator."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def skew(page: Pixels, degrees: float) -> Pixels:
    """Lay the page crooked on the glass; the lid behind it is nearly white."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return _bytes(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(246, 246, 244)))


def noise(page: Pixels, sigma: float, rng: np.random.Generator) -> Pixels:
    """Add the grain of a sensor; ``sigma`` in grey levels."""
    grain = rng.normal(0, sigma, page.shape).astype(np.float32)
    return _bytes(page.astype(np.float32) + grain)


def tone(page: Pixels, black: float, white: float) -> Pixels:
    """Press the tones between ``black`` and ``white`` (0 to 255): low contrast, pale copies."""
    return _bytes(black + page.astype(np.float32) / 255 * (white - black))


def blur(page: Pixels, sigma: float) -> Pixels:
    """Defocus; ``sigma`` in pixels."""
    return _bytes(cv2.GaussianBlur(page, (0, 0), sigma))


def grey(page: Pixels) -> Pixels:
    """Scan without colour; stays three channels."""
    return _bytes(cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def bilevel(page: Pixels, threshold: int) -> Pixels:
    """Scan as a fax does: black or white and nothing else; stays three channels."""
    light = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    return _bytes(cv2.cvtColor(np.where(light < threshold, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2RGB))


def turn(page: Pixels, degrees: int) -> Pixels:
    """Turn clockwise by 90, 180 or 270 degrees, as a sheet fed the wrong way."""
    return _bytes(np.ascontiguousarray(np.rot90(page, k=-(degrees // 90))))


def paper_tint(page: Pixels, tint: tuple[int, int, int]) -> Pixels:
    """Colour the paper: no sheet is as white as a screen."""
    return _bytes(page.astype(np.float32) * (np.array(tint, dtype=np.float32) / 255))


def photograph(page: Pixels, rng: np.random.Generator, *, long_side: int, hard: bool) -> Pixels:
    """Photograph the page with a phone: perspective, a desk behind it, a shadow, a colour cast, some blur."""
    height, width = page.shape[:2]
    out_h, out_w = long_side, int(long_side * 0.75)
    lean = 0.055 if hard else 0.03
    margin = 0.06
    corners = np.array([[margin, margin], [1 - margin, margin], [1 - margin, 1 - margin], [margin, 1 - margin]])
    corners = corners + rng.uniform(-lean, lean, (4, 2))
    target = (corners * np.array([out_w, out_h])).astype(np.float32)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    reduced = cv2.INTER_AREA if height > out_h else cv2.INTER_CUBIC
    desk = np.array(rng.integers(60, 150, 3), dtype=np.float32)
    scene: NDArray[Any] = np.ones((out_h, out_w, 3), dtype=np.float32) * desk
    scene += cv2.resize(rng.normal(0, 9, (out_h // 6, out_w // 40, 3)).astype(np.float32), (out_w, out_h))
    sheet = cv2.warpPerspective(page, matrix, (out_w, out_h), flags=reduced)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, (out_w, out_h))
    share = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32)[..., None] / 255
    scene = scene * (1 - share) + sheet.astype(np.float32) * share
    light = _shadow(out_h, out_w, rng, depth=0.42 if hard else 0.28)
    cast = np.array([1.0, rng.uniform(0.96, 1.0), rng.uniform(0.88, 0.98)], dtype=np.float32)
    scene = scene * light[..., None] * cast
    # In whole numbers: OpenCV blurs those exactly, and floats a little otherwise with every run.
    whole = np.clip(scene * 256, 0, 65535).astype(np.uint16)
    blurred = cv2.GaussianBlur(whole, (0, 0), rng.uniform(1.2, 1.7) if hard else rng.uniform(0.5, 0.9)) / 256
    return noise(_bytes(blurred), 4.0 if hard else 2.0, rng)


def jpeg(page: Pixels, quality: int) -> bytes:
    """Compress as scanners do (4:2:0), without a date inside."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(page, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:  # cv2 refuses only empty pictures; the maker never draws one.
        raise ValueError("the page to compress is empty")
    return bytes(data.tobytes())


def _shadow(height: int, width: int, rng: np.random.Generator, *, depth: float) -> NDArray[np.float32]:
    coarse = cv2.resize(rng.random((3, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    falling = rng.random() < 0.5
    at = rng.uniform(0.3, 0.8)
    # Python's own exp, rounded: numpy's differs in the last bit from processor to processor.
    steps = [1 / (1 + math.exp((at - column / (width - 1)) * 14)) for column in range(width)]
    edge = np.array([[round(step, 9) for step in steps]], dtype=np.float32)[:, :: -1 if falling else 1]
    return np.asarray(0.93 - depth * (0.45 * np.clip(coarse, 0, 1) + 0.55 * edge), dtype=np.float32)


def _bytes(page: NDArray[np.generic]) -> Pixels:
    if page.dtype == np.uint8:
        return np.asarray(page, dtype=np.uint8)
    return np.asarray(np.clip(page, 0, 255), dtype=np.uint8)
