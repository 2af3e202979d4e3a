"""What counts as a day on a form, and what does not."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.form.date import is_empty_date, is_whole_date, looks_like_date, read_date


@pytest.mark.parametrize(
    "words",
    [
        "2026年5月8日",
        "2026 年 05 月 08 日",
        "２０２６年５月８日",
        "二〇二六年五月八日",
        "二○二六年五月八日",
        "2026.5.8",
        "2026-05-08",
        "2026/5/8",
        "20260508",
        "2O26年5月8日",
        "2026年5月8号",
        "2026牛5月8曰",
    ],
)
def test_the_ways_people_write_a_day_give_the_same_day(words: str) -> None:
    assert read_date(words) == date(2026, 5, 8)
    assert is_whole_date(words)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("二〇二六年十月十日", 10),
        ("二〇二六年十月二十三日", 23),
        ("二〇二六年十月三十日", 30),
        ("二〇二六年十月十五日", 15),
    ],
)
def test_chinese_tens_are_counted(words: str, day: int) -> None:
    assert read_date(words) == date(2026, 10, day)


@pytest.mark.parametrize(
    "words",
    ["", "26年5月8日", "202年5月8日", "2026年13月8日", "2026年2月30日", "2026年5月", "5月8日", "杭州市企业联合会"],
)
def test_a_day_that_is_not_fully_there_is_not_guessed(words: str) -> None:
    assert read_date(words) is None


def test_two_days_are_no_day() -> None:
    assert read_date("2026年5月8日至2026年5月9日") is None


@pytest.mark.parametrize("words", ["", "年月日", "    年   月   日", "____年____月____日", "—年—月—日"])
def test_the_printed_frame_alone_is_an_empty_date(words: str) -> None:
    assert is_empty_date(words)


def test_a_frame_with_one_figure_in_it_is_not_empty() -> None:
    assert not is_empty_date("2026年  月  日")


def test_words_around_a_day_make_it_more_than_a_day() -> None:
    assert not is_whole_date("截止2026年5月30日前")
    assert looks_like_date("5月8日")
    assert not looks_like_date("浙江省促进分会")


@pytest.mark.parametrize("words", ["二〇二六年三月二1日", "二〇二六年1二月3日", "2026年5月1十日", "2〇26年5月8日"])
def test_a_number_written_in_two_ways_is_a_misreading_and_no_day(words: str) -> None:
    assert read_date(words) is None


def test_different_numbers_may_be_written_in_different_ways() -> None:
    assert read_date("2026年五月8日") == date(2026, 5, 8)
