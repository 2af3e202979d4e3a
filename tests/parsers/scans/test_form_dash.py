"""Dashes that no reading saw are put back where they stand on the page, and nowhere else. No OCR."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.facts.looks import Source
from parsers.form.dashes import gaps, put_dashes_back
from parsers.form.values import Piece, collect
from parsers.page.lines import Line, level

SIDE = 40


def piece(text: str, places: list[int], boxes: int) -> Piece:
    """A line whose letters stand in these boxes of ``SIDE`` pixels, ``boxes`` wide in all."""
    from parsers.form.labels import Label  # noqa: PLC0415 - only this maker of pieces needs a label

    width = float(SIDE * boxes)
    quad = np.array([[0, 0], [width, 0], [width, SIDE], [0, SIDE]], dtype=np.float32)
    spots = tuple((place + 0.5) / boxes for place in places)
    line = Line(text, quad, (0.99,) * len(text), spots, Source.OCR)
    label = Label("case_title", exact=True, quality=9, left=-200, end=-10, middle=SIDE / 2, height=SIDE, used=())
    (found,) = collect(level([line]), {"case_title": label}, ())["case_title"].pieces
    return found


def page(boxes: int, *strokes: tuple[float, float, int, int]) -> np.ndarray:
    """White paper; strokes from box to box at this height, this thick."""
    picture = np.full((SIDE, SIDE * boxes), 250, np.uint8)
    for start, stop, height, thick in strokes:
        cv2.line(picture, (int(start * SIDE), height), (int(stop * SIDE), height), 20, thick)
    return picture


TITLE = "国产替代云帆的经验"
SPLIT = [0, 1, 2, 3, 6, 7, 8, 9, 10]


def test_a_dash_between_two_words_is_put_back() -> None:
    (mended,) = put_dashes_back([piece(TITLE, SPLIT, 11)], page(11, (4.1, 5.9, 20, 3)))

    assert mended.text == "国产替代——云帆的经验"


def test_a_dash_at_the_end_of_a_row_is_put_back() -> None:
    (mended,) = put_dashes_back([piece("国产替代", [0, 1, 2, 3], 6)], page(6, (4.1, 5.9, 19, 3)))

    assert mended.text == "国产替代——"


def test_a_dash_behind_the_box_that_the_finder_of_lines_drew_is_put_back() -> None:
    (mended,) = put_dashes_back([piece("国产替代", [0, 1, 2, 3], 4)], page(7, (4.1, 5.9, 19, 3)))

    assert mended.text == "国产替代——"


def test_words_behind_the_box_are_no_dash() -> None:
    picture = page(7, (4.1, 5.9, 10, 3), (4.1, 5.9, 28, 3))

    assert put_dashes_back([piece("国产替代", [0, 1, 2, 3], 4)], picture)[0].text == "国产替代"


@pytest.mark.parametrize(
    "strokes",
    [
        pytest.param((), id="empty room"),
        pytest.param(((4.1, 5.9, 38, 2),), id="an underline"),
        pytest.param(((4.1, 5.9, 12, 3), (4.1, 5.9, 28, 3)), id="a letter with two strokes"),
        pytest.param(((4.9, 5.1, 20, 3),), id="a dot"),
    ],
)
def test_what_is_no_dash_leaves_the_words_alone_and_the_room_open(
    strokes: tuple[tuple[float, float, int, int], ...],
) -> None:
    before = piece(TITLE, SPLIT, 11)

    (after,) = put_dashes_back([before], page(11, *strokes))

    assert after.text == TITLE
    # Room for a letter that nobody read still forbids certainty.
    assert len(gaps(after)) == 1


def test_letters_at_even_distances_have_no_gap() -> None:
    assert gaps(piece(TITLE, list(range(9)), 9)) == []
