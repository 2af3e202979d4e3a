"""Which characters the bytes mean."""

from __future__ import annotations

import pytest

from parsers.facts.problem import Weight
from parsers.text.charset import Decoded, canonical, decode

GB_LABELS = [
    "gb2312",
    "GB2312",
    "gbk",
    "GBK",
    "gb18030",
    "x-gbk",
    "cp936",
    "ms936",
    "windows-936",
    "gb_2312-80",
    "euc-cn",
    '"gb2312"',
    " gbk ",
    "gb2312*zh",
]


@pytest.mark.parametrize("label", GB_LABELS)
def test_every_name_of_gb_means_gb18030_without_a_problem(label):
    assert decode("朱镕基、李喆、王堃".encode("gb18030"), label) == Decoded("朱镕基、李喆、王堃", "gb18030")


@pytest.mark.parametrize("word", ["图片", "陆伟", "伟业", "拧"])
@pytest.mark.parametrize("label", [None, "gb2312", "us-ascii", "x-unknown"])
def test_short_gbk_that_happens_to_be_utf8_is_read_as_gbk(word, label):
    data = word.encode("gbk")
    assert data.decode("utf-8") != word  # the trap is really there
    assert decode(data, label).text == word


@pytest.mark.parametrize("label", [None, "gbk", "gb2312", "iso-8859-1", "us-ascii", "nonsense"])
def test_utf8_is_recognised_under_every_wrong_label(label):
    assert decode("申报材料：案例报告。".encode(), label).text == "申报材料：案例报告。"


def test_a_short_gbk_name_under_its_own_label_is_not_taken_for_utf8():
    # 涓€ in GBK is the bytes of 一 in UTF-8: the everyday reading is meant.
    assert decode("一".encode(), "gbk").text == "一"
    assert decode("涓".encode("gbk"), "gbk") == Decoded("涓", "gb18030")


def test_what_the_label_says_is_kept_where_the_bytes_agree():
    assert decode("Café".encode(), "utf-8") == Decoded("Café", "utf-8")
    assert decode("où".encode("latin-1"), "iso-8859-1") == Decoded("où", "iso8859-1")
    assert decode("Где".encode("koi8-r"), "koi8-r") == Decoded("Где", "koi8-r")


def test_a_guess_is_told_and_a_loss_is_told_louder():
    guessed = decode("案例".encode("gbk"), None)
    assert (guessed.text, guessed.problem.code, guessed.problem.weight) == ("案例", "charset-missing", Weight.NOTE)
    lost = decode("案例报告推荐表".encode("gbk") + b"\xff", "gbk")
    assert (lost.text, lost.problem.code, lost.problem.weight) == (
        "案例报告推荐表\ufffd",
        "charset-lossy",
        Weight.LOSSY,
    )


def test_labels_that_are_no_character_sets_are_refused():
    assert [
        canonical(label)
        for label in ("base64", "zlib", "rot13", "punycode", "idna", "unicode_escape", "undefined", "a\0b")
    ] == [""] * 8
    assert decode(b"\x1f\x8b\xff", "zlib").text != ""


def test_no_text_carries_a_lone_surrogate():
    for label in ("utf-7", "utf-16-le", "gb18030", None):
        decode(b"+2AA-", label).text.encode("utf-8")
        decode(b"\x00\xd8\x41\x00", label).text.encode("utf-8")


def test_ascii_is_ascii_under_any_label():
    assert decode(b"plain", "gb2312") == Decoded("plain", "ascii")
    assert decode(b"", None) == Decoded("", "ascii")
