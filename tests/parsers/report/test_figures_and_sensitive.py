"""Figures with caption and source, and what should not be published, masked."""

from __future__ import annotations

import io
import json
from dataclasses import asdict

import pytest
from PIL import Image

from flows.demo.reports import ReportWords, chart, make_report
from parsers.facts.context import ReadContext
from parsers.facts.looks import Figure, ReportFacts, Sensitive
from parsers.facts.spool import MemorySpool
from parsers.look.word_files import look_at_word
from parsers.report.sensitive import is_id_number, mask
from tests.parsers.report.made_word import MadeWord, paragraph, run, said

CENTRED = '<w:jc w:val="center"/>'


def report(word: MadeWord, context: ReadContext) -> ReportFacts:
    facts = look_at_word(word.save(), "docx", MemorySpool(), context).report
    assert facts is not None
    return facts


def kinds(facts: ReportFacts) -> list[tuple[str, str]]:
    return [(entry.kind, entry.masked) for entry in facts.sensitive]


def with_check(digits: str) -> str:
    """Return 17 digits with the check character that makes them an ID number."""
    return next(digits + last for last in "0123456789X" if is_id_number(digits + last))


def test_a_figure_with_caption_and_source_is_complete(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("正文说明。" * 20), paragraph(word.picture(chart(1200, 800), inches=6), properties=CENTRED))
    word.add(said("图1 产量增长情况", "", CENTRED), said("资料来源：企业提供", "", CENTRED), said("正文继续。" * 20))

    assert report(word, context).figures == (
        Figure("figure", "图1 产量增长情况", source_noted=True, near="图1 产量增长情况", pixels=(1200, 800), dpi=200),
    )


def test_a_bare_figure_has_neither_and_says_where_it_is(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("车间实景如下，图文并茂。" * 3), paragraph(word.picture(chart(400, 300))), said("后文继续叙述。" * 5))
    figure = report(word, context).figures[0]

    assert (figure.caption, figure.source_noted) == ("", False)
    assert figure.near


def test_a_caption_above_and_a_source_in_the_caption_are_seen(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("图2：车间一角（来源：公司宣传部）"), paragraph(word.picture(chart())), said("后文。" * 30))
    figure = report(word, context).figures[0]

    assert (figure.caption, figure.source_noted) == ("图2：车间一角（来源：公司宣传部）", True)


def test_two_figures_keep_their_own_captions(context: ReadContext) -> None:
    word = MadeWord()
    for number in (1, 2):
        word.add(paragraph(word.picture(chart(seed=number))), said(f"图{number} 说明{number}"), said("正文。" * 40))

    assert [figure.caption for figure in report(word, context).figures] == ["图1 说明1", "图2 说明2"]


def test_a_table_is_counted_once_with_its_caption(context: ReadContext) -> None:
    word = MadeWord()
    row = f"<w:tr>{''.join(f'<w:tc>{said(text)}</w:tc>' for text in ('年度', '收入', '利润'))}</w:tr>"
    word.add(said("正文。" * 30), said("表1 主要经济指标"), f"<w:tbl>{row * 4}</w:tbl>", said("数据来源：财务部"))

    assert report(word, context).figures == (
        Figure("table", "表1 主要经济指标", source_noted=True, near="表1 主要经济指标"),
    )


def test_small_icons_are_no_figures(context: ReadContext) -> None:
    word = MadeWord()
    icon = io.BytesIO()
    Image.new("RGB", (60, 60)).save(icon, "PNG")
    word.add(paragraph(word.picture(icon.getvalue())), said("正文"))

    assert report(word, context).figures == ()


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("负责人身份证号" + with_check("33010219900307123") + "，", "id-number", "330***********"),
        ("联系电话13812345678。", "mobile", "138****5678"),
        ("手机 138-1234-5678", "mobile", "138****5678"),
        ("+86 13812345678", "mobile", ""),
        ("开户行账号：3301 0401 6000 1234 567", "bank-account", "330************4567"),
        ("卡号6222021234567890128存入", "bank-account", ""),
        ("合同编号：YH-2025-0318-A", "contract-number", "YH2****"),
        ("【机密】", "secret-mark", "【机密】"),
        ("内部资料，注意保密", "secret-mark", "内部资料"),
        ("密级：秘密", "secret-mark", "密级：秘密"),
        ("绝密★启用前", "secret-mark", "绝密★"),
    ],
)
def test_what_should_not_be_published_is_found_and_masked(
    text: str, kind: str, masked: str, context: ReadContext
) -> None:
    word = MadeWord()
    word.add(said("前文。" * 10), said(text), said("后文。" * 10))
    facts = report(word, context)

    assert [entry.kind for entry in facts.sensitive] == [kind]
    if masked:
        assert facts.sensitive[0].masked.startswith(masked)


@pytest.mark.parametrize(
    "text",
    [
        "年产值12345678901元",
        "精密加工，机密仪器行业龙头",
        "统一社会信用代码91330102MA2B1234XX",
        "订单号20250318123456789",
        "圆周率3.14159265358979",
        "编号13812345678901",
        "2020-2025年累计投入1.38亿元",
        "保守商业秘密是职业操守的一部分，公司为此制定了制度。",
        "身份证号330102199003071231",
        "签订合同三千余份",
        "电话0571-85805136",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str, context: ReadContext) -> None:
    word = MadeWord()
    word.add(said(text))

    assert kinds(report(word, context)) == []


def test_no_whole_number_stands_in_anything_that_is_kept_but_the_text(context: ReadContext) -> None:
    numbers = (with_check("33010219900307123"), "13812345678", "6222021234567890128", "YH-2025-0318-AB")
    word = MadeWord()
    word.add(said(f"身份证{numbers[0]}，手机{numbers[1]}，卡号{numbers[2]}，合同编号：{numbers[3]}。" + "后文。" * 40))
    facts = report(word, context)
    kept = json.dumps(asdict(facts), ensure_ascii=False, default=str)

    assert len(facts.sensitive) == 4
    assert [number for number in numbers if number in kept] == []


def test_a_list_of_customers_is_found(context: ReadContext) -> None:
    word = MadeWord()
    word.add(said("主要客户名单"), *(said(f"杭州{name}科技有限公司") for name in ("甲一", "乙二", "丙三", "丁四")))

    assert kinds(report(word, context)) == [("customer-list", "主要客户名单（4 家）")]


def test_customers_in_a_table_column_are_found_and_in_prose_are_not(context: ReadContext) -> None:
    word = MadeWord()
    rows = "".join(
        f"<w:tr><w:tc>{said(left)}</w:tc><w:tc>{said(right)}</w:tc></w:tr>"
        for left, right in (("序号", "客户名称"), ("1", "宁波甲公司"), ("2", "温州乙公司"), ("3", "台州丙公司"))
    )
    word.add(said("主要客户是国内龙头企业，公司深耕多年。"), f"<w:tbl>{rows}</w:tbl>")

    assert kinds(report(word, context)) == [("customer-list", "客户名称（3 家）")]


def test_a_watermark_is_a_mark_and_no_text_of_the_report(context: ReadContext) -> None:
    word = MadeWord(header=paragraph('<w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'))
    word.add(said("正文"))
    facts = report(word, context)

    assert kinds(facts) == [("secret-mark", "内部资料")]
    assert (facts.counts.body, facts.counts.text_boxes, facts.counts.headers) == (2, 0, 4)


def test_traces_of_editing_are_counted(context: ReadContext) -> None:
    word = MadeWord(comments=[said("请核实"), said("数据？")])
    word.add(paragraph(run("正文"), f'<w:ins w:id="1">{run("插入")}</w:ins>', run("藏", "<w:vanish/>")))

    assert report(word, context).sensitive == (
        Sensitive("tracked-changes", "修订痕迹", count=1),
        Sensitive("comments", "批注", count=2),
        Sensitive("hidden-text", "隐藏文字共 1 字符", count=1),
    )


def test_another_firms_name_in_the_properties_is_told(context: ReadContext) -> None:
    word = MadeWord(company="杭州某某咨询有限公司")
    word.add(said("浙江远衡精密机械有限公司案例"))
    own = MadeWord(company="浙江远衡精密机械有限公司")
    own.add(said("浙江远衡精密机械有限公司案例"))
    factory = MadeWord(company="微软中国有限公司")
    factory.add(said("浙江远衡精密机械有限公司案例"))

    assert kinds(report(word, context)) == [("foreign-author", "杭州某某咨询有限公司")]
    assert kinds(report(own, context)) == []
    assert kinds(report(factory, context)) == []


def test_a_clean_made_report_has_nothing_to_hide(context: ReadContext) -> None:
    facts = look_at_word(make_report(seed=11), "docx", MemorySpool(), context).report

    assert facts is not None
    assert facts.sensitive == ()
    assert [(figure.caption != "", figure.source_noted) for figure in facts.figures] == [(True, True)] * 2


def test_additions_of_a_made_report_are_found(context: ReadContext) -> None:
    words = ReportWords(additions=("项目负责人手机13812345678。",), captions=False, sources=False)
    facts = look_at_word(make_report(words, seed=12), "docx", MemorySpool(), context).report

    assert facts is not None
    assert kinds(facts) == [("mobile", "138****5678")]
    assert [(figure.caption, figure.source_noted) for figure in facts.figures] == [("", False)] * 2


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13812345678", "138****5678"), ("1234", "1**4"), ("330102199003071234", "330***********1234")],
)
def test_masks_show_the_ends_only(number: str, masked: str) -> None:
    assert mask(number) == masked
