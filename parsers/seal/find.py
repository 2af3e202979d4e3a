"""Finds and reads the seals (公章) on a page, and knows when it could have missed one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parsers.facts.looks import Colour, FormFacts, Seal
from parsers.facts.spool import Spool
from parsers.page.ocr import Reader
from parsers.page.page import PaperSheet, png_of
from parsers.seal.known import correct_seal_name
from parsers.seal.name import SealName, read_seal_name
from parsers.seal.ring import Ring
from parsers.seal.search import find_rings

Pixels = NDArray[Any]

LOOSE_RED = 0.0006
"""More red ink than this share of the page, outside every seal, could be a seal too poor to be known as one."""


@dataclass(frozen=True, slots=True)
class SealSearch:
    """What a page gave. ``loose_red``: red ink is left that could be a seal; then its absence is not certain."""

    seals: tuple[Seal, ...] = ()
    loose_red: bool = False


def find_seals(sheet: PaperSheet, mind: Reader | None, spool: Spool, known: tuple[str, ...] = ()) -> SealSearch:
    """Find the seals on a sheet and read their names; without a reader, names stay empty.

    Doubtful names may be corrected to one of ``known``; the correction is shown and never certain.
    """
    if sheet.colour is not Colour.COLOUR:
        return SealSearch()
    rings, loose = find_rings(sheet.even)
    seals = []
    for ring in rings:
        others = tuple(other for other in rings if other is not ring)
        name = read_seal_name(sheet.even, ring, mind, others) if mind is not None else SealName()
        seals.append(_seal(sheet, ring, correct_seal_name(name, known), spool))
    return SealSearch(tuple(seals), loose_red=loose > LOOSE_RED)


def place_for_seal(sheet: PaperSheet, form: FormFacts, spool: Spool) -> str:
    """Return the crop of the place where the seal should stand: right of and below 推荐单位 and 报送时间."""
    fields = [field for field in (form.recommender, form.submitted_on) if field.box and field.page == sheet.number]
    height, width = sheet.height, sheet.width
    if fields:
        top = min(field.box.top for field in fields if field.box) - 0.05
        bottom = max(field.box.bottom for field in fields if field.box) + 0.16
        left = min(field.box.left for field in fields if field.box)
    else:
        top, bottom, left = 0.5, 1.0, 0.3
    part = sheet.pixels[int(max(top, 0) * height) : int(min(bottom, 1) * height), int(left * width) : int(0.97 * width)]
    return spool.put(png_of(part if part.size else sheet.pixels))


def _seal(sheet: PaperSheet, ring: Ring, name: SealName, spool: Spool) -> Seal:
    reach_x = max(ring.a, ring.b)
    reach_y = reach_x
    if not ring.round:
        turn = np.radians(ring.turn)
        reach_x = float(np.hypot(ring.a * np.cos(turn), ring.b * np.sin(turn)))
        reach_y = float(np.hypot(ring.a * np.sin(turn), ring.b * np.cos(turn)))
    box = sheet.share(ring.x - reach_x, ring.y - reach_y, ring.x + reach_x, ring.y + reach_y)
    top, bottom = int(box.top * sheet.height), int(box.bottom * sheet.height)
    left, right = int(box.left * sheet.width), int(box.right * sheet.width)
    part = sheet.pixels[top:bottom, left:right]
    return Seal(
        page=sheet.number,
        box=box,
        text=name.text,
        confidence=name.confidence,
        strength=ring.strength,
        shape="round" if ring.round else "oval",
        serial=name.serial,
        crop=spool.put(png_of(part, widest=260)) if part.size else None,
        raw=name.raw,
    )
