"""Seals are found where they are, and nowhere else. No OCR."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from flows.demo import scanner
from flows.demo.papers import MadePage, invent_words, make_page
from flows.demo.sealless import KINDS, make_sealless
from parsers.facts.looks import Colour, SealStrength
from parsers.facts.spool import MemorySpool
from parsers.page.page import PaperSheet, even_light, find_sheet, fit
from parsers.seal.find import find_seals
from parsers.seal.ring import Ring
from parsers.seal.search import find_rings

pytestmark = pytest.mark.slow


def rings_on(page: MadePage) -> list[Ring]:
    pixels = fit(page.pixels, 1600)
    flat = find_sheet(pixels)
    return find_rings(even_light(flat if flat is not None else pixels))[0]


def stamped(scenario: str, seed: int) -> MadePage:
    words = invent_words(seed)
    return make_page(words, seal=words.applicant, scenario=scenario, seed=seed)


@pytest.mark.parametrize("scenario", ["scan200", "pink", "faded", "oval", "dpi100", "overlap"])
def test_every_seal_on_a_page_is_found_once(scenario: str) -> None:
    page = stamped(scenario, 40)

    found = rings_on(page)

    assert len(found) == len(page.seals)
    assert {ring.strength for ring in found} == {SealStrength.STRONG}


@pytest.mark.parametrize("kind", ["plain", "redhead", "logo", "disc", "bluecircle", "fingerprint"])
def test_other_red_things_are_no_seals(kind: str) -> None:
    assert rings_on(make_sealless(kind, 41)) == []


@pytest.mark.parametrize(("kind", "seed"), [("logo", 4210), ("redtable", 7017)])
def test_neither_a_broad_rim_nor_lines_that_cross_a_ring_make_a_seal(kind: str, seed: int) -> None:
    page = make_sealless(kind, seed)
    coded = Image.open(io.BytesIO(scanner.jpeg(page.pixels, page.quality)))

    assert find_rings(even_light(fit(np.asarray(coded.convert("RGB")))))[0] == []


def test_an_oval_seal_is_called_oval_and_a_round_one_round() -> None:
    shapes = [ring.round for scenario in ("oval", "clean150") for ring in rings_on(stamped(scenario, 42))]

    assert shapes == [False, True]


def test_a_seal_is_told_with_its_place_and_a_small_picture(spool: MemorySpool) -> None:
    page = stamped("clean150", 43)
    sheet = PaperSheet(1, page.pixels, even_light(page.pixels), Colour.COLOUR)

    (seal,) = find_seals(sheet, None, spool).seals

    assert 0.15 < seal.box.right - seal.box.left < 0.25
    assert seal.text == ""
    assert seal.crop is not None
    assert len(spool.get(seal.crop)) <= 30_000


def test_on_a_grey_page_nothing_is_claimed_to_be_red(spool: MemorySpool) -> None:
    pixels = np.full((1400, 1000, 3), 255, np.uint8)

    assert find_seals(PaperSheet(1, pixels, pixels, Colour.GREY), None, spool).seals == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "scenario", ["poor", "phone", "phonehard", "rot90", "dark", "nostar", "twoseals", "cut", "hand"]
)
def test_seals_on_worn_pages_are_found(scenario: str) -> None:
    pages = [stamped(scenario, seed) for seed in (44, 45)]

    assert [len(rings_on(page)) for page in pages] == [len(page.seals) for page in pages]


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_of_page_without_a_seal_raises_an_alarm(kind: str) -> None:
    assert [rings_on(make_sealless(kind, seed)) for seed in (46, 47)] == [[], []]
