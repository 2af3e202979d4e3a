"""What may be called certain: agreement, no ink unread, no letter dropped, the right shape. No OCR."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.facts.looks import FormField, Source
from parsers.form.certainty import Judgement, comparable, judge, unread_ink
from parsers.form.labels import find_labels
from parsers.form.read import correct_name
from parsers.form.values import Value, collect
from parsers.page.lines import Line, level
from parsers.page.ocr import Reading

NAME = "杭州云帆精密机械有限公司"
LABELS = {"applicant": ("申报企业（全称）",), "submitted_on": ("报送时间",), "recommender": ("推荐单位",)}


def field(label: str, text: str, *, chance: float = 0.99, spots: tuple[float, ...] = ()) -> Value:
    whole = f"{label}：{text}"
    width = 30.0 * len(whole)
    quad = np.array([[0, 0], [width, 0], [width, 30], [0, 30]], dtype=np.float32)
    places = spots or tuple((index + 0.5) / len(whole) for index in range(len(whole)))
    line = Line(whole, quad, (chance,) * len(whole), places, Source.OCR)
    levels = level([line])
    (value,) = collect(levels, find_labels(levels, LABELS), ()).values()
    return value


def readings(*texts: str, chance: float = 0.99) -> list[list[Reading]]:
    return [[Reading(text, chance, (chance,) * len(text), (0.5,) * len(text)) for text in texts]]


def decide(value: Value, again: list[list[Reading]], **changes: bool) -> Judgement:
    options = {"unread": False, "page_good": True} | changes
    return judge(value, again, known=(), **options)


def test_five_equal_readings_of_a_whole_name_are_certain() -> None:
    decided = decide(field("申报企业（全称）", NAME), readings(*[NAME] * 4))

    assert (decided.value, decided.certain) == (NAME, True)
    assert decided.confidence > 0.95


def test_one_other_reading_takes_the_certainty_away_but_not_the_value() -> None:
    decided = decide(field("申报企业（全称）", NAME), readings(NAME, NAME, NAME, "杭州云凡精密机械有限公司"))

    assert (decided.value, decided.certain) == (NAME, False)


def test_where_most_later_readings_agree_they_are_believed_and_not_certain() -> None:
    first = "杭州云帆精密机诚有限公司"

    decided = decide(field("申报企业（全称）", first), readings(NAME, NAME, NAME, first))

    assert (decided.value, decided.certain) == (NAME, False)


@pytest.mark.parametrize(
    ("value", "again", "changes"),
    [
        (field("申报企业（全称）", NAME), readings(*[NAME] * 4), {"unread": True}),
        (field("申报企业（全称）", NAME), readings(*[NAME] * 4), {"page_good": False}),
        (field("申报企业（全称）", NAME, chance=0.6), readings(*[NAME] * 4), {}),
        (field("申报企业（全称）", NAME), readings(*[NAME] * 4, chance=0.6), {}),
        (field("申报企业（全称）", NAME[:-2]), readings(*[NAME[:-2]] * 4), {}),
        (field("申振企业（全称）", NAME), readings(*[NAME] * 4), {}),
        (field("报送时间", "2026年5月"), readings(*["2026年5月"] * 4), {}),
        (field("报送时间", "2026年5月2"), readings(*["2026年5月2"] * 4), {}),
        (field("报送时间", "2026年13月2日"), readings(*["2026年13月2日"] * 4), {}),
    ],
    ids=[
        "ink left",
        "poor page",
        "weak letter",
        "weak later",
        "no suffix",
        "label misread",
        "no day",
        "day torn",
        "month",
    ],
)
def test_anything_amiss_leaves_it_in_doubt(value: Value, again: list[list[Reading]], changes: dict[str, bool]) -> None:
    assert not decide(value, again, **changes).certain


def test_room_for_a_letter_that_nobody_read_leaves_it_in_doubt() -> None:
    whole = f"申报企业（全称）：{NAME}"
    # After the tenth letter one place is left empty, as by a dropped 山.
    spots = tuple((index + 0.5 + (index > 10)) / (len(whole) + 1) for index in range(len(whole)))

    assert not decide(field("申报企业（全称）", NAME, spots=spots), readings(*[NAME] * 4)).certain


def test_a_date_is_told_in_iso_and_certain_where_all_agree() -> None:
    words = "二〇二六年五月八日"

    decided = decide(field("报送时间", words), readings(words, words, "二○二六年五月八日", words))

    assert (decided.value, decided.certain) == ("2026-05-08", True)


def test_an_empty_row_is_blank_for_certain_only_without_ink_and_with_a_good_label() -> None:
    assert decide(field("推荐单位", ""), []) == Judgement("", 0.9, certain=True, blank=True)
    assert not decide(field("推荐单位", ""), [], unread=True).certain
    assert not decide(field("推若单位", ""), []).certain


def test_quotes_dashes_and_spaces_do_not_make_readings_differ() -> None:
    assert comparable("“智改 数转”——云帆的经验") == comparable("智改数转—云帆的经验")
    assert comparable("云帆") != comparable("云凡")


def band() -> np.ndarray:
    picture = np.full((40, 600), 250, np.uint8)
    cv2.line(picture, (0, 36), (599, 34), 40, 2)
    return picture


def test_an_underline_is_no_ink_and_a_word_is() -> None:
    written = band()
    cv2.putText(written, "ABC", (300, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)

    assert not unread_ink(band(), [], 32)
    assert unread_ink(written, [], 32)
    assert not unread_ink(written, [(290, 380)], 32)


def test_pencil_counts_only_where_it_is_asked_for() -> None:
    written = band()
    cv2.putText(written, "ABC", (300, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 165, 2)

    assert not unread_ink(written, [], 32)
    assert unread_ink(written, [], 32, below=185)


def test_a_name_is_corrected_only_where_one_known_name_is_plainly_meant() -> None:
    read = FormField("杭州云凡精密机械有限公司", 0.6)
    twins = (NAME, "杭州云凤精密机械有限公司")

    assert correct_name(read, (NAME,)).value == NAME
    assert correct_name(read, (NAME,)).raw == read.value
    assert not correct_name(read, (NAME,)).certain
    assert correct_name(read, twins) == read
    assert correct_name(read, ("宁波东海阀门有限公司",)) == read
    certain = FormField("杭州云凡精密机械有限公司", 0.99, certain=True)
    assert correct_name(certain, (NAME,)) == certain


def test_a_short_dash_at_half_height_is_ink_that_nobody_read_and_a_rule_is_not() -> None:
    picture = np.full((40, 600), 250, np.uint8)
    cv2.line(picture, (0, 36), (599, 36), 40, 2)
    assert not unread_ink(picture, [(0, 300)], 36)

    cv2.line(picture, (320, 18), (380, 18), 40, 3)
    assert unread_ink(picture, [(0, 300)], 36)
    assert not unread_ink(picture, [(0, 400)], 36)


def test_a_seal_across_the_value_is_left_out_and_leaves_it_in_doubt() -> None:
    def at(text: str, left: float, top: float, height: float) -> Line:
        right = left + height * len(text)
        quad = np.array([[left, top], [right, top], [right, top + height], [left, top + height]], dtype=np.float32)
        spots = tuple((index + 0.5) / len(text) for index in range(len(text)))
        return Line(text, quad, (0.99,) * len(text), spots, Source.OCR)

    name = "浙江省紧固件行业协会"
    lines = [at(f"推荐单位：{name}", 0, 100, 30), at("电科", 330, 82, 26)]
    levels = level(lines)
    value = collect(levels, find_labels(levels, LABELS), ())["recommender"]

    assert (value.text, value.overlaid) == (name, True)
    assert not decide(value, readings(*[name] * 4)).certain
