"""Print and handwriting are told apart by their strokes, against the printed label. No OCR."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from flows.demo.scanner import blur, jpeg, skew
from flows.demo.sheet import font_file
from parsers.form.handwriting import is_by_hand, straightness
from tests.parsers.scans.test_form_check import NAME, decide, field, readings

WORDS = "浙江省仪器仪表行业协会"


def line(words: str, *, font: str = "serif", lean: float = 0.0, seed: int = 1) -> np.ndarray:
    """A line of words in grey; each letter turned by up to ``lean`` degrees, as a hand turns them."""
    rng = np.random.default_rng(seed)
    letters = ImageFont.truetype(font_file(font), 40)
    row = Image.new("L", (48 * len(words) + 20, 64), 250)
    for index, letter in enumerate(words):
        tile = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(tile).text((32, 50), letter, fill=255, font=letters, anchor="ms")
        turned = tile.rotate(
            float(rng.uniform(0.4, 1.0) * lean * rng.choice([-1, 1])), resample=Image.Resampling.BICUBIC
        )
        row.paste(30, (48 * index, 0), turned)
    return np.asarray(row)


@pytest.mark.parametrize("font", ["serif", "sans"])
def test_print_is_as_straight_as_its_label(font: str) -> None:
    label = straightness([line("申报企业全称推荐单位案例名称")])

    assert 0.85 < straightness([line(WORDS, font=font), line(NAME, font=font)]) / label < 2.0


@pytest.mark.parametrize("font", ["serif", "sans"])
def test_letters_that_lean_are_not(font: str) -> None:
    label = straightness([line("申报企业全称推荐单位案例名称")])

    written = straightness([line(WORDS, font=font, lean=14), line(NAME, font=font, lean=14, seed=2)])

    assert written / label < 0.75


def test_a_copier_that_blurs_both_changes_little() -> None:
    worn = [blur(jpeg_of(line(words)), 1.0) for words in ("申报企业全称推荐单位案例名称", WORDS)]

    assert 0.85 < straightness([worn[1]]) / straightness([worn[0]]) < 2.0


def jpeg_of(row: np.ndarray) -> np.ndarray:
    import io  # noqa: PLC0415 - only here

    page = skew(np.repeat(row[..., None], 3, axis=2), 0.3)
    return np.asarray(Image.open(io.BytesIO(jpeg(page, 40))).convert("L"))


@pytest.mark.parametrize(
    ("value", "page", "figures", "by_hand"),
    [
        pytest.param(1.0, 1.05, False, False, id="all in print"),
        pytest.param(0.78, 1.0, False, False, id="a printed name of slanting letters"),
        pytest.param(0.6, 0.95, False, True, id="one field by hand"),
        pytest.param(1.0, 0.6, False, True, id="a page by hand"),
        pytest.param(0.55, 1.0, True, False, id="a printed date is rounder than words"),
        pytest.param(0.35, 1.0, True, True, id="a date by hand on a typed form"),
        pytest.param(0.55, 0.6, True, True, id="a date on a page by hand"),
    ],
)
def test_what_was_written_by_hand(value: float, page: float, figures: bool, by_hand: bool) -> None:
    assert is_by_hand(value, page, figures=figures) is by_hand


def test_nothing_to_measure_is_not_straight_and_breaks_nothing() -> None:
    assert straightness([]) == 0.0
    assert straightness([np.full((3, 40), 20, np.uint8), np.full((40, 40), 250, np.uint8)]) == 0.0


def test_a_name_by_hand_is_certain_only_where_the_office_knows_it() -> None:
    value, again = field("申报企业（全称）", NAME), readings(*[NAME] * 4)

    assert decide(value, again).certain
    assert not decide(value, again, by_hand=True).certain
