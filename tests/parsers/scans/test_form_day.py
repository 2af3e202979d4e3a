"""Which day a spoilt date means: drawn dates with strokes across, read by the real recogniser."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from flows.demo.sheet import font_file
from parsers.form.likeliest_day import likeliest_day, way_of
from parsers.page.ocr import reader

ISSUED, CLOSES = date(2026, 3, 16), date(2026, 5, 30)
SIDE = 40


def bands(words: str, *, hidden: int = -1, stroke: int = -1) -> list[np.ndarray]:
    """The date in three cuts; one letter hidden under white, or crossed by a thick stroke."""
    row = Image.new("L", (SIDE * len(words) + 30, 64), 250)
    pen = ImageDraw.Draw(row)
    for index, letter in enumerate(words):
        pen.text(
            (15 + SIDE * index, 50), letter, fill=30, font=ImageFont.truetype(font_file("serif"), SIDE), anchor="ls"
        )
    if hidden >= 0:
        pen.rectangle((15 + SIDE * hidden, 0, 15 + SIDE * (hidden + 1), 64), fill=250)
    if stroke >= 0:
        pen.line((15 + SIDE * stroke + 8, 10, 15 + SIDE * stroke + 32, 54), fill=30, width=9)
    whole = np.repeat(np.asarray(row)[..., None], 3, axis=2)
    return [whole, whole[4:60], whole[2:62]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "hidden", "stroke", "day"),
    [
        pytest.param("二〇二六年五月十九日", -1, -1, date(2026, 5, 19), id="whole, in numerals"),
        pytest.param("2026年5月8日", -1, -1, date(2026, 5, 8), id="whole, in figures"),
        pytest.param("二〇二六年五月十九日", -1, 4, date(2026, 5, 19), id="the sign for year crossed"),
        pytest.param("二〇二六年五月十九日", 1, -1, date(2026, 5, 19), id="the zero of the year gone"),
        pytest.param("二〇二六年五月十九日", 5, -1, None, id="the month gone: any month could be meant"),
        pytest.param("浙江省紧固件行业协会", -1, -1, None, id="no date at all"),
    ],
)
def test_the_day_is_suggested_where_only_one_fits(words: str, hidden: int, stroke: int, day: date | None) -> None:
    assert likeliest_day(bands(words, hidden=hidden, stroke=stroke), reader(), ISSUED, CLOSES) == day


def test_a_date_is_written_in_numerals_or_in_figures() -> None:
    assert [way_of(words) for words in ("二〇二六年五月八日", "十月", "2026.5.8", "2026年5月8日")] == [
        "numerals",
        "numerals",
        "figures",
        "figures",
    ]


def test_nothing_to_see_suggests_no_day() -> None:
    assert likeliest_day([np.zeros((2, 40), np.uint8)], reader(), ISSUED, CLOSES) is None
