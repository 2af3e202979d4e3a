"""Reads the name in a seal's ring (印文): the ring unrolled to a strip, then read as a line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr import SIMPLER, Reader, Reading
from parsers.seal_ring import Ring, redness, unroll_rim

Pixels = NDArray[Any]

_ENDING = re.compile(
    r"(公司|协会|联合会|商会|促进会|分会|总会|学会|厂|局|委员会|中心|集团|合作社|研究院|研究所|大学|学院)$"
)
_FOREIGN = re.compile(r"[^\u4e00-\u9fff（）()·]")
_RIM, _INNER = 0.045, 0.44
"""The letters stand between these shares of the shorter half axis, counted from the rim inwards."""
_DEPTH = 64
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
    length = int(min(max(4.8 * (ring.a + ring.b) / 2, 700), 1800))
    strip = np.clip(255 - unroll_rim(ink, ring, length=length, depth=_DEPTH, reach=_INNER), 0, 255).astype(np.uint8)
    band = strip[int(_DEPTH * _RIM / _INNER) :]
    best: list[SealName] = []
    serial = ""
    for start, wide in _gaps(band):
        turned = np.ascontiguousarray(np.roll(band, -start, axis=1))
        if wide > 0.06 * length:
            serial = serial or _serial(turned[:, -wide:], mind)
            turned = turned[:, : length - wide]
        names = [_cleaned(reading) for reading in mind.read(_stretched(turned))]
        best = _elected([*best, *names])
        if len({name.text for name in names}) == 1 and best[0].confidence > 0.9 and _ENDING.search(best[0].text):
            break
    return replace(best[0], serial=serial) if best else SealName(serial=serial)


def _serial(gap: Pixels, mind: Reader) -> str:
    """Read the number engraved below: it stands the other way up and near the rim."""
    upper = cv2.copyMakeBorder(gap[: int(gap.shape[0] * 0.55)], 4, 4, 12, 12, cv2.BORDER_CONSTANT, value=255)
    reading = mind.read([np.ascontiguousarray(upper[::-1, ::-1])])[0]
    found = _SERIAL.search(reading.text)
    return found.group() if found and reading.score > 0.7 else ""


def _stretched(band: Pixels) -> list[Pixels]:
    """Return the strip in three widths with blank paper at both ends: letters dropped in one stand in another."""
    margin = band.shape[0] // 3
    padded = cv2.copyMakeBorder(band, 3, 3, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return [cv2.resize(padded, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA) for share in (1.0, 0.82, 0.66)]


def _elected(names: list[SealName]) -> list[SealName]:
    """Order names by how many readings agree on them, then whole ones first, then by confidence."""
    votes = Counter(name.text for name in names if name.text)
    ordered = sorted(
        (name for name in names if name.text),
        key=lambda name: (
            _ENDING.search(name.text) is not None,
            min(votes[name.text], 2) if name.confidence > 0.8 else 0,
            name.confidence + 0.02 * len(name.text),
        ),
        reverse=True,
    )
    return ordered[:4]


def _ink(even: Pixels, ring: Ring) -> Pixels:
    """Return the seal's ink about its ring, stretched to the full range."""
    soft = redness(even)
    left, right = max(0, int(ring.x - ring.a)), int(ring.x + ring.a) + 1
    top, bottom = max(0, int(ring.y - ring.b)), int(ring.y + ring.b) + 1
    part = soft[top:bottom, left:right]
    strong = float(np.percentile(part, 97)) if part.size else 1.0
    return np.asarray(np.clip(soft * (255 / max(strong, 12.0)), 0, 255), dtype=np.float32)


def _gaps(band: Pixels) -> list[tuple[int, int]]:
    """Return where the name may begin, and how wide the gap before it is: the widest gaps between letters first.

    Gaps are measured in the inner half of the letters: the serial number, engraved below between the name's end
    and its beginning, is half as tall and stays near the rim.
    """
    inner = 255 - band[int(band.shape[0] * 0.5) :].astype(np.float32)
    dark = inner.mean(axis=0)
    quiet = dark < max(8.0, 0.2 * float(np.percentile(dark, 80)))
    width = band.shape[1]
    gaps: list[tuple[int, int]] = []
    start = None
    for column, empty in enumerate(np.concatenate([quiet, quiet])):
        if empty and start is None:
            start = column
        elif not empty and start is not None:
            if 0 < start <= width and column - start < width:
                # A few columns stay with the first letter: its edge may be paler than the threshold.
                gaps.append((column - start - 4, (column - 2) % width))
            start = None
    gaps.sort(reverse=True)
    best = [(first, wide) for wide, first in gaps[:3] if wide > 3]
    return best or [(width // 2, 0)]


def _cleaned(reading: Reading) -> SealName:
    kept = [
        (char, chance) for char, chance in zip(reading.text, reading.letters, strict=True) if not _FOREIGN.match(char)
    ]
    if not kept:
        return SealName()
    text = "".join(char for char, _ in kept).translate(SIMPLER)
    confidence = float(np.mean([chance for _, chance in kept])) * (1.0 if _ENDING.search(text) else 0.8)
    return SealName(_begun_rightly(text), round(confidence, 3))


def _begun_rightly(text: str) -> str:
    """Turn a name that was cut in its middle so that it ends as names end: 有限公司杭州… becomes 杭州…有限公司."""
    if _ENDING.search(text):
        return text
    for ending in ("有限公司", "公司", "协会", "联合会", "商会", "分会", "学会"):
        at = text.find(ending)
        if at >= 0:
            at += len(ending)
            return text[at:] + text[:at]
    return text
