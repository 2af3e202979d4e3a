"""Automatic numbers are shown as Word shows them."""

from __future__ import annotations

import pytest

from parsers.text.numerals import chinese, written
from parsers.word.docx_file import read_docx
from tests.parsers.report.made_word import MadeWord, said


def level(index: int, form: str, text: str, more: str = "") -> str:
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{index}">{inner}</w:lvl>'


def numbered(text: str, list_id: int = 1, depth: int = 0) -> str:
    return said(text, "", f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def labels(word: MadeWord) -> list[str]:
    return [line.label for line in read_docx(word.save()).lines]


LIST = '<w:abstractNum w:abstractNumId="0">{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 9, "ix"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 23, "二十三"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("japaneseCounting", 11, "十一"),
        ("ideographDigital", 20, "二〇"),
        ("chineseLegalSimplified", 10, "壹拾"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("ideographTraditional", 4, "丁"),
        ("ideographZodiac", 1, "子"),
        ("decimalFullWidth", 12, "１２"),
        ("bullet", 5, ""),
        ("none", 5, ""),
        ("unheard-of", 7, "7"),
    ],
)
def test_every_form_is_written_as_word_does(form: str, number: int, shown: str) -> None:
    assert written(number, form) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "一"), (19, "十九"), (20, "二十"), (100, "一百"), (110, "一百一十"), (1001, "一千零一")]
)
def test_chinese_numbers_are_read_aloud(number: int, shown: str) -> None:
    assert chinese(number) == shown


def test_levels_count_on_and_start_again_below_a_higher_one() -> None:
    word = MadeWord(
        numbering=LIST.format(level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    )
    word.add(numbered("甲"), numbered("乙", depth=1), numbered("丙", depth=1), numbered("丁"), numbered("戊", depth=1))

    assert labels(word) == ["一、", "1.1", "1.2", "二、", "2.1"]


def test_an_empty_numbered_paragraph_takes_a_number() -> None:
    word = MadeWord(numbering=LIST.format(level(0, "decimal", "%1.")))
    word.add(numbered("甲"), numbered(""), numbered("丙"))

    assert labels(word) == ["1.", "2.", "3."]


def test_a_list_may_start_again_by_an_override() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    word = MadeWord(numbering=LIST.format(level(0, "decimal", "（%1）")) + more)
    word.add(numbered("甲"), numbered("乙"), numbered("丙", list_id=2), numbered("丁", list_id=2))

    assert labels(word) == ["（1）", "（2）", "（1）", "（2）"]


def test_a_style_brings_its_number_and_a_paragraph_may_refuse_it() -> None:
    word = MadeWord(
        numbering=LIST.format(level(0, "chineseCounting", "第%1部分")),
        styles='<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
    )
    styled = '<w:pStyle w:val="H"/>'
    word.add(
        said("甲", "", styled),
        said("乙", "", styled + '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        said("丙", "", styled),
    )

    assert labels(word) == ["第一部分", "", "第二部分"]


def test_a_bullet_shows_no_number_and_an_unknown_list_none() -> None:
    word = MadeWord(numbering=LIST.format(level(0, "bullet", "●")))
    word.add(numbered("甲"), numbered("乙", list_id=99))

    assert labels(word) == ["", ""]
