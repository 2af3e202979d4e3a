"""字数 is exact on documents whose counts are known by hand: each construct alone, in pairs and in mixtures."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from parsers.facts.looks import WordCounts
from parsers.report.report import count_lines
from parsers.text.count import count_characters, count_words
from parsers.word.docx_file import read_docx
from parsers.word.open import read_word
from tests.parsers.report.constructs import CONSTRUCTS, PIECES, Expected, Making
from tests.parsers.report.made_word import MACRO_MAIN, MadeWord, paragraph, run, said

MIXTURES = 130


def made(names: list[str], seed: int) -> Making:
    making = Making(MadeWord(), random.Random(seed))
    for name in names:
        CONSTRUCTS[name](making)
    return making


def counted(data: bytes, kind: str = "docx") -> tuple[WordCounts, bool, bool]:
    word = read_docx(data, kind)
    return replace(count_lines(word.lines), characters=0), word.readable, word.tracked > 0


def wanted(expected: Expected) -> tuple[WordCounts, bool, bool]:
    counts = WordCounts(
        expected.body, expected.text_boxes, expected.notes, expected.hidden, expected.headers, expected.numbering
    )
    return counts, expected.readable, expected.tracked


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
def test_each_construct_alone_counts_exactly(name: str) -> None:
    making = made([name], seed=1)

    assert counted(making.word.save()) == wanted(making.expected)


@pytest.mark.parametrize("seed", range(MIXTURES))
def test_constructs_in_mixture_count_exactly(seed: int) -> None:
    rng = random.Random(1000 + seed)
    names = rng.sample(sorted(CONSTRUCTS), rng.randrange(3, 12))
    making = made(names, seed)

    assert counted(making.word.save()) == wanted(making.expected), names


@pytest.mark.parametrize("seed", range(10))
def test_strict_packages_and_macro_packages_count_the_same(seed: int) -> None:
    names = random.Random(seed).sample(sorted(CONSTRUCTS), 9)
    strict, macro = made(names, seed), made(names, seed)
    strict.word.strict = True
    macro.word.main_type = MACRO_MAIN

    assert counted(strict.word.save()) == wanted(strict.expected)
    assert counted(macro.word.save(), "docm") == wanted(macro.expected)


def test_all_constructs_in_one_document_count_exactly() -> None:
    making = made(sorted(CONSTRUCTS), seed=3)

    assert counted(making.word.save()) == wanted(making.expected)


@pytest.mark.parametrize(("text", "count"), PIECES)
def test_the_rule_counts_each_piece_as_word_does(text: str, count: int) -> None:
    assert count_words(text) == count


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [
        ("", 0, 0),
        ("   \u3000\t\n", 0, 0),
        ("abc def", 2, 6),
        ("3,178", 1, 5),
        ("中a文", 3, 3),
        ("“中文”", 4, 4),
        ("……——·×①Ⅰα", 9, 9),
        ("don't stop", 2, 9),
        ("e\u0301tude", 1, 6),
        ("浙江 ABC 2026 年", 5, 10),
        ("https://a.b/c?d=e", 1, 17),
        ("！？。，；：（）【】《》", 12, 12),
        ("1．2.3", 3, 5),
        ("\u200b\u200d\ufeff", 0, 0),
        ("𠮷野家", 3, 3),
        ("ｱｲｳ", 3, 3),
    ],
)
def test_words_and_characters_follow_the_rule(text: str, words: int, characters: int) -> None:
    assert (count_words(text), count_characters(text)) == (words, characters)


def test_hidden_by_style_is_hidden_and_can_be_shown_again() -> None:
    word = MadeWord(
        styles='<w:style w:type="paragraph" w:styleId="H"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    word.add(paragraph(run("藏起来"), run("露出", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="H"/>'))

    counts = count_lines(read_docx(word.save()).lines)

    assert (counts.body, counts.hidden) == (2, 3)


def test_an_inserted_foreign_document_makes_the_count_uncertain() -> None:
    word = MadeWord()
    word.add(said("正文"), '<w:altChunk r:id="rId9"/>')
    read = read_docx(word.save())

    assert count_lines(read.lines).body == 2
    assert not read.readable
    assert [problem.code for problem in read.problems] == ["word-alternate"]


def test_counts_in_most_take_in_every_place_but_headers() -> None:
    assert WordCounts(body=100, text_boxes=20, notes=3, hidden=4, headers=50, numbering=5).most == 132


def test_word_2003_xml_counts_the_same() -> None:
    body = said("正文内容") + "<w:tbl><w:tr><w:tc>" + said("表格") + "</w:tc></w:tr></w:tbl>"
    xml = (
        '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        f'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"><w:body><wx:sect>{body}</wx:sect></w:body>'
        "</w:wordDocument>"
    )
    read = read_word(xml.encode(), "wordxml")

    assert count_lines(read.lines).body == 6
