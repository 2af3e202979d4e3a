"""Comparing names and titles: lenient about marks, strict about characters."""

from __future__ import annotations

import pytest

from flows.checks.same import (
    looks_like_a_company,
    nearly_same_name,
    same_name,
    same_title,
)
from parsers.text.firm_words import is_blank_word, says_self

FIRM = "杭州钱江精密轴承有限公司"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("杭州钱江精密轴承有限公司", True),
        ("杭州钱江精密轴承（有限）公司", True),
        (" 杭州 钱江\u3000精密轴承有限公司\n", True),
        ("“杭州钱江”精密轴承有限公司", True),
        ("杭州钱江精密轴承有限公司（盖章）", True),
        ("杭州钱塘精密轴承有限公司", False),
        ("杭州钱江精密轴承股份有限公司", False),
        ("", False),
    ],
)
def test_names_are_the_same_but_for_marks(other: str, expected: bool) -> None:
    assert same_name(FIRM, other) is expected
    assert same_name(other, FIRM) is expected


def test_letters_of_any_width_and_case_are_the_same() -> None:
    assert same_name("宁波ＡＢＣ科技有限公司", "宁波abc科技有限公司")


def test_two_empty_names_are_not_the_same() -> None:
    assert not same_name("", "")
    assert not same_name("（）", "——")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FIRM, "杭州钱红精密轴承有限公司", True),
        (FIRM, "杭州钱江精密轴承有限公", True),
        (FIRM, "宁波东海阀门有限公司", False),
        (FIRM, FIRM, False),
        ("钱江公司", "钱红公司", False),
    ],
)
def test_long_names_that_differ_in_one_or_two_characters_are_near(one: str, other: str, expected: bool) -> None:
    assert nearly_same_name(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("钱江轴承关键技术突破机制", "钱江轴承关键技术突破机制——以精密轴承为例", True),
        ("《钱江轴承：关键技术突破机制》", "钱江轴承 关键技术突破机制", True),
        ("钱江轴承关键技术突破机制", "钱江轴承关键技木突破机制", True),
        ("钱江轴承关键技术突破的机制与路径", "钱江轴承关键技术突破机制", True),
        ("品牌化发展模式", "数字化韧性成长路径", False),
        ("钱江轴承", "钱江轴承关键技术突破机制", False),
        ("", "钱江轴承关键技术突破机制", False),
    ],
)
def test_titles_may_differ_in_a_subtitle_or_a_few_characters(one: str, other: str, expected: bool) -> None:
    assert same_title(one, other) is expected
    assert same_title(other, one) is expected


@pytest.mark.parametrize(
    "text", ["", "____", "XX公司", "××有限公司", "某某公司", "待定", "无", "（企业全称）", "***", "N/A"]
)
def test_template_words_are_no_answer(text: str) -> None:
    assert is_blank_word(text)


@pytest.mark.parametrize("text", [FIRM, "X射线检测技术突破", "待定海神针计划", "无人机集群"])
def test_real_answers_are_not_taken_for_template_words(text: str) -> None:
    assert not is_blank_word(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (FIRM, True),
        ("宁波东海阀门厂", True),
        ("浙江省机械研究院", True),
        ("杭州钱江精密轴承有限公司（盖章）", True),
        ("综合办公室", False),
        ("公司", False),
        ("钱江轴承", False),
    ],
)
def test_a_company_is_known_by_how_its_name_ends(name: str, expected: bool) -> None:
    assert looks_like_a_company(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("自荐", True), ("自荐（会员单位）", True), ("浙江省轴承工业协会", False), ("", False)]
)
def test_self_nomination_is_known_by_its_words(text: str, expected: bool) -> None:
    assert says_self(text) is expected
