"""Names on seals are read from ink that was taken off the print and off other seals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.demo.papers import invent_words, make_page
from flows.demo.seals import RED, SealLook, draw_ink, stamp
from flows.demo.sheet import font_file
from parsers.page.ocr import reader
from parsers.page.page import even_light, find_sheet, fit
from parsers.seal.ink import cut_stamp
from parsers.seal.known import SURE
from parsers.seal.name import SealName, read_seal_name
from parsers.seal.ring import Ring
from parsers.seal.search import find_rings

RADIUS = 161.0


def two_seals() -> tuple[np.ndarray, Ring, Ring]:
    """A blank page with two seals, the second one's rim across the first one's letters."""
    page = np.full((600, 900, 3), 255, np.uint8)
    look = SealLook(worn=0.0, serial=False)
    for name, x in (("浙江光达模具有限公司", 300), ("宁波启明液压有限公司", 500)):
        stamp(page, draw_ink(name, look, 200, font_file("serif"), 1), RED, (x, 300))
    return page, Ring(300, 300, RADIUS, RADIUS, 0), Ring(500, 300, RADIUS, RADIUS, 0)


def test_the_rim_of_another_seal_is_taken_away_and_ink_below_it_stays() -> None:
    page, ring, other = two_seals()

    plain, freed = cut_stamp(page, ring), cut_stamp(page, ring, (other,))
    x, y = round(other.x - ring.x + plain.ring.x), round(plain.ring.y)
    rim = (slice(y - 8, y + 8), slice(x - 160, x - 153))

    assert float(plain.dark[rim].mean()) > 100
    assert float(freed.dark[rim].mean()) < 40
    own_rim = (slice(y - 4, y + 4), slice(round(plain.ring.x) - 160, round(plain.ring.x) - 155))
    assert np.array_equal(freed.dark[own_rim], plain.dark[own_rim])


def test_print_below_a_seal_is_known_as_not_its_ink() -> None:
    page, ring, _ = two_seals()
    page[200:206, 180:420] = 20

    stamped = cut_stamp(page, ring)
    top = round(stamped.ring.y) - 100

    assert float(stamped.ours[top + 1 : top + 5, 70:290].max()) < 0.2
    assert float(stamped.ours[top - 20 : top - 10, 70:290].min()) > 0.9


def names_on(scenario: str, seed: int, seal: str = "") -> tuple[list[SealName], list[str]]:
    """Return the names read on a made page from left to right, and those that stand there."""
    words = invent_words(seed)
    page = make_page(words, seal=seal or words.applicant, scenario=scenario, seed=seed)
    pixels = fit(page.pixels)
    flat = find_sheet(pixels)
    even = even_light(flat if flat is not None else pixels)
    rings = sorted(find_rings(even)[0], key=lambda ring: ring.x)
    read = [read_seal_name(even, ring, reader(), tuple(one for one in rings if one is not ring)) for ring in rings]
    order = sorted(range(len(page.seals)), key=lambda index: page.places[index][0])
    return read, [page.seals[index] for index in order]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["scan200", "poor", "faded", "dpi100", "oval", "overlap"])
def test_names_are_read_as_they_stand_in_the_ring(scenario: str) -> None:
    read, stamped = names_on(scenario, 4000)

    assert [name.text for name in read] == stamped


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "seed", "seal"),
    [
        ("table", 4036, "浙江毕达轴承制造科技有限公司"),
        ("nostar", 4051, "绍兴佳逋新材料科技有限公司"),
        ("hand", 4068, "温州市桓波环保科技科技有限公司"),
    ],
)
def test_a_seal_of_a_near_name_is_never_certain_to_be_the_applicants(scenario: str, seed: int, seal: str) -> None:
    (name,), _ = names_on(scenario, seed, seal)

    assert not (name.text == invent_words(seed).applicant and name.confidence >= SURE)


@pytest.mark.slow
def test_a_page_says_where_each_of_its_seals_stands() -> None:
    page = make_page(invent_words(4106), seal="浙江光达模具有限公司", scenario="twoseals", seed=4106)
    rings = find_rings(even_light(fit(page.pixels)))[0]
    height, width = fit(page.pixels).shape[:2]

    middles = sorted((ring.x / width, ring.y / height) for ring in rings)

    assert np.allclose(middles, sorted(page.places), atol=0.02)


def test_a_name_carries_the_chance_of_each_letter() -> None:
    name = SealName("浙江光达", 0.9, letters=(0.9, 0.9, 0.9, 0.9))

    assert replace(name, text="浙江光远", raw=name.text).raw == "浙江光达"
