"""Text shared by two reports, and forms that came as Word files."""

from __future__ import annotations

import itertools

import pytest

from flows.demo.reports import ReportWords, make_report
from parsers.facts.context import ReadContext
from parsers.facts.looks import FormKind
from parsers.facts.spool import MemorySpool
from parsers.form.as_text import form_from_lines
from parsers.look.word_files import look_at_word
from parsers.text.similarity import SHORTEST, shared_passages
from parsers.word.open import read_word
from tests.parsers.report.made_word import MadeWord, said


def text_of(seed: int, company: str = "浙江远衡精密机械有限公司") -> str:
    data = make_report(ReportWords(company=company), total=8300, seed=seed)
    return "\n".join(line.text for line in read_word(data, "docx").lines)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [text_of(seed, f"浙江{name}机械有限公司") for seed, name in enumerate("甲乙丙丁戊己庚辛")]


def test_reports_by_different_firms_share_nothing(texts: list[str]) -> None:
    shared = [shared_passages(a, b) for a, b in itertools.combinations(texts, 2)]

    assert shared == [()] * 28


def test_a_copied_passage_is_found_whole(texts: list[str]) -> None:
    copied = "\n".join(texts[0].split("\n")[6:8])
    found = shared_passages(texts[0], texts[1][:3000] + copied + texts[1][3000:])

    assert len(found) == 1
    assert found[0] in texts[0]
    assert copied.strip("。\n") in found[0]


def test_a_passage_with_another_firms_name_in_it_is_bridged() -> None:
    passage = (
        "在多年的摸索中以客户需求倒逼工艺改进的做法，使{}的车间主任能够逐条登记、逐周销号，"
        "一线班组也因此养成了当日问题当日了结的习惯，成为同行前来学习的样板。"
    )
    found = shared_passages(
        f"开头。{passage.format('甲公司')}结尾。", f"另有开头。{passage.format('乙集团')}别的结尾。"
    )

    assert len(found) == 1
    assert passage.format("甲公司").rstrip("。") in found[0]


@pytest.mark.parametrize(
    "phrase",
    [
        "深入贯彻习近平新时代中国特色社会主义思想，认真落实党的二十大精神，推动专精特新中小企业高质量发展，加快培育新质生产力",
        "浙江省专精特新企业发展优秀案例，国家级专精特新小巨人企业，浙江省专精特新中小企业，国家高新技术企业，单项冠军企业",
    ],
)
def test_phrases_that_everybody_uses_are_not_told(phrase: str) -> None:
    assert shared_passages("甲文。" + phrase + "甲尾。", "乙文，" + phrase + "。乙尾。") == ()


def test_what_is_shorter_than_a_passage_is_not_told() -> None:
    common = "把每一道工序都当作最后一道工序来做这是厂里的规矩"

    assert len(common) < SHORTEST
    assert shared_passages("甲：" + common + "一二三", "乙：" + common + "四五六") == ()


FORM = (
    "附件 1",
    "浙江省专精特新企业发展优秀案例 申报推荐表",
    "案例名称：{}",
    "申报企业（全称）：{}",
    "推荐单位：{}",
    "报送时间：{}",
    "浙江省“三会”专精特新企业发展促进分会",
)
FILLED = ("轴承企业关键技术突破机制", "浙江远衡精密机械有限公司", "杭州市企业联合会", "2026 年 5 月 8 日")
BLANK = ("_____", "________", "     ", "____年__月__日")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (FILLED, (FILLED[0], FILLED[1], FILLED[2], "2026-05-08")),
        (BLANK, ("", "", "", "")),
    ],
)
def test_a_form_that_came_as_a_word_file_is_read(
    values: tuple[str, ...], wanted: tuple[str, ...], context: ReadContext
) -> None:
    texts = [*FORM[:2], *(line.format(value) for line, value in zip(FORM[2:6], values, strict=True)), FORM[6]]
    word = MadeWord()
    word.add(*map(said, texts))
    seen = look_at_word(word.save(), "docx", MemorySpool(), context)

    assert seen.scan is not None
    form = seen.scan.form
    assert form is not None
    assert form.kind is FormKind.CURRENT
    fields = (form.case_title, form.applicant, form.recommender, form.submitted_on)
    assert tuple(field.value for field in fields) == wanted
    assert all(field.certain for field in fields)


def test_a_form_in_table_cells_is_read(context: ReadContext) -> None:
    rows = "".join(
        f"<w:tr><w:tc>{said(label)}</w:tc><w:tc>{said(value)}</w:tc></w:tr>"
        for label, value in zip(("案例名称", "申报企业（全称）", "推荐单位", "报送时间"), FILLED, strict=True)
    )
    word = MadeWord()
    word.add(said(FORM[1]), f"<w:tbl>{rows}</w:tbl>")
    form = form_from_lines(read_word(word.save(), "docx").lines, context)

    assert form is not None
    assert (form.case_title.value, form.applicant.value) == FILLED[:2]
    assert (form.recommender.value, form.submitted_on.value) == (FILLED[2], "2026-05-08")


def test_a_report_is_no_form(context: ReadContext) -> None:
    assert form_from_lines(read_word(make_report(seed=3), "docx").lines, context) is None
    cover = ["案例报告", "案例名称：某某机制", "申报企业（全称）：某公司", "推荐单位：某会", "正文很长。" * 400]
    assert form_from_lines(cover, context) is None
