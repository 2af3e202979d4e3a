"""Reads the name in a seal's ring (印文): the ring unrolled to a strip, then read as a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr import Reader, Reading
from parsers.seal_ring import Ring, redness, unroll

Pixels = NDArray[Any]

_ENDING = re.compile(
    r"(公司|协会|联合会|商会|促进会|分会|总会|学会|厂|局|委员会|中心|集团|合作社|研究院|研究所|大学|学院)$"
)
_HAN = re.compile(r"[^\u4e00-\u9fff（）()·]")
_SERIAL = re.compile(r"[0-9A-Z]{8,20}")


@dataclass(frozen=True, slots=True)
class SealName:
    """The name as read, its confidence (0 to 1), and the serial number where one could be read."""

    text: str = ""
    confidence: float = 0.0
    serial: str = ""


def read_seal_name(even: Pixels, ring: Ring, mind: Reader) -> SealName:
    """Read the ring of one seal on an evened page."""
    ink = _ink(even, ring)
    size = max(ring.a, ring.b)
    height = 64
    wide = int(min(max(2 * np.pi * 0.76 * size, 700), 1800))
    strip = unroll(ink, ring, angles=wide, radii=int(height * 2.2), reach=1.0)
    strip = np.clip(255 - strip, 0, 255).astype(np.uint8)
    band = strip[int(strip.shape[0] * 0.56) : int(strip.shape[0] * 0.955)][::-1]
    band = cv2.flip(band, 0)
    cuts = _cuts(band)
    best = SealName()
    for start in cuts:
        turned = np.roll(band, -start, axis=1)
        readings = mind.read([_outward(turned)])
        name = _cleaned(readings[0])
        if name.confidence > best.confidence:
            best = name
        if best.confidence > 0.95 and _ENDING.search(best.text):
            break
    return best


def _outward(band: Pixels) -> Pixels:
    """Return the strip with letters upright: the outer edge of the ring is the top of the letters."""
    return np.ascontiguousarray(band[::-1])


def _ink(even: Pixels, ring: Ring) -> Pixels:
    """Return the seal's ink about its ring, stretched to the full range."""
    soft = redness(even)
    left, right = max(0, int(ring.x - ring.a)), int(ring.x + ring.a) + 1
    top, bottom = max(0, int(ring.y - ring.b)), int(ring.y + ring.b) + 1
    part = soft[top:bottom, left:right]
    strong = float(np.percentile(part, 97)) if part.size else 1.0
    return np.asarray(np.clip(soft * (255 / max(strong, 12.0)), 0, 255), dtype=np.float32)


def _cuts(band: Pixels) -> list[int]:
    """Return columns at which the strip may begin: the middles of the widest gaps in the lower half first."""
    dark = (255 - band.astype(np.float32)).mean(axis=0)
    quiet = dark < max(10.0, 0.25 * float(np.percentile(dark, 80)))
    width = band.shape[1]
    doubled = np.concatenate([quiet, quiet])
    gaps: list[tuple[int, int]] = []
    start = None
    for column, empty in enumerate(doubled):
        if empty and start is None:
            start = column
        elif not empty and start is not None:
            if start < width:
                gaps.append((column - start, ((start + column) // 2) % width))
            start = None
    gaps.sort(reverse=True)
    cuts = [middle for _, middle in gaps[:3]]
    cuts += [width // 2]
    return list(dict.fromkeys(cuts))


def _cleaned(reading: Reading) -> SealName:
    text = _HAN.sub("", reading.text)
    chances = [chance for char, chance in zip(reading.text, reading.letters, strict=True) if not _HAN.match(char)]
    if not text:
        return SealName()
    serial = _SERIAL.search(reading.text)
    confidence = float(np.mean(chances)) * (1.0 if _ENDING.search(text) else 0.8)
    return SealName(text, round(confidence, 3), serial.group() if serial else "")
