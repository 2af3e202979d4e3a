"""Lines are at most 76 columns wide and break where Chinese text may break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.replies.wrap import columns, keep, unmark, wrap

PIECES = st.lists(st.sampled_from(["汉", "字", "甲，", "“乙”。", "abc字", "12 ", "（丙）", " "]), max_size=80)


@pytest.mark.parametrize(("text", "width"), [("", 0), ("ab", 2), ("汉字", 4), ("“a”", 5), ("é", 1), ("e\u0301", 1)])
def test_columns_count_chinese_characters_twice(text: str, width: int) -> None:
    assert columns(text) == width


def test_lines_break_between_chinese_characters_and_hang() -> None:
    assert wrap("一二三四五六七", 2, 4, 10) == "  一二三四\n    五六七"


def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    assert wrap("一二三四五，六", width=10) == "一二三四\n五，六"
    assert wrap("一二三四（五六", width=10) == "一二三四\n（五六"


def test_a_name_is_never_broken() -> None:
    assert unmark(wrap("请看" + keep("甲乙丙丁戊") + "。", width=12)) == "请看\n甲乙丙丁戊。"
    assert unmark(wrap("请看" + keep("甲乙丙丁戊己庚辛") + "好", width=12)) == "请看甲乙丙丁戊己庚辛\n好"


def test_latin_words_stay_whole() -> None:
    assert wrap("电话 0571-85805136 转", width=16) == "电话\n0571-85805136 转"


@given(PIECES, st.integers(0, 8))
def test_wrapping_loses_no_word_and_keeps_the_width(pieces: list[str], indent: int) -> None:
    text = "".join(pieces)
    wrapped = wrap(text, indent, indent, 40)
    assert "".join(wrapped.split()) == "".join(text.split())
    assert [line for line in wrapped.splitlines() if columns(line) > 40] == []
    assert [line for line in wrapped.splitlines() if line.strip()[:1] in {"，", "。", "）", "”"}] == []
