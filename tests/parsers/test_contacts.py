"""Which address is a firm's own contact: sure ones are found, and none that could tell a stranger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.demo.digital import make_filled_form, make_scan_with_text, make_text_form
from flows.demo.form_words import FormWords
from flows.demo.papers import make_page
from parsers.facts.context import ReadContext
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import FormFacts, Look, ScanFacts, Source
from parsers.facts.mails import ReadLeaf
from parsers.facts.spool import MemorySpool
from parsers.look.papers import look_at_pdf
from parsers.names.contacts import (
    Barred,
    Contact,
    ContactRead,
    ContactSource,
    contacts_in_mail,
    contacts_in_paper,
    contacts_in_table,
    masked,
    shared_addresses,
    sure_contact,
)
from tests.checks.dossiers import cases_2026

ONE, TWO, THREE = "杭州博衡自动化设备有限公司", "丽水青锋光电科技有限公司", "舟山海拓环保科技有限公司"
FIRMS = (ONE, TWO, THREE)
BARRED = Barred(
    frozenset({"zjzjtxqycjfh@163.com", "office@yqyb.example", "staff@qq.com"}),
    frozenset({"yqyb.example", "zjfh.example"}),
)


def paper(text: str, *, role: Role = Role.REPORT) -> ReadLeaf:
    """A paper in Word: its text is its own."""
    name = "推荐表.docx" if role is Role.FORM else "案例报告.docx"
    return ReadLeaf(Leaf(name, name, 1, "0" * 64, "docx"), role, "", Look("docx", text=text))


def form(text: str, *, source: Source = Source.TEXT) -> ReadLeaf:
    """A form as PDF: its rows as they stand or as they were read, and the text that is kept of the page."""
    facts = FormFacts(mail_rows=tuple(text.split("\n")), mail_source=source)
    look = Look("pdf", scan=ScanFacts(pages=1, form=facts), text="".join(text.split(" ")))
    return ReadLeaf(Leaf("推荐表.pdf", "推荐表.pdf", 1, "0" * 64, "pdf"), Role.FORM, "", look)


def table(text: str, kind: str = "xlsx") -> ReadLeaf:
    return ReadLeaf(
        Leaf("推荐汇总表.xlsx", "推荐汇总表.xlsx", 1, "0" * 64, kind), Role.OTHER, "", Look(kind, text=text)
    )


def chosen(*reads: ContactRead, taken: frozenset[str] = frozenset()) -> str:
    return sure_contact(reads, BARRED, taken).address


FORM = (
    "申报推荐表\n案例名称 以标准引领\n申报企业（全称） 杭州博衡自动化设备有限公司\n"
    "推荐单位 浙江省仪器仪表行业协会\n报送时间 2026年5月8日\n"
)


def test_a_contact_on_a_written_form_is_sure_and_comes_with_its_evidence() -> None:
    (read,) = contacts_in_paper(form(f"{FORM}联系人：张三 13812345678 电子邮箱：Zhang.San@BoHeng.example\n"))
    assert read == ContactRead(
        "zhang.san@boheng.example",
        "张三",
        ContactSource.FORM,
        certain=True,
        where="推荐表.pdf",
        words="联系人:张三 13812345678 电子邮箱:Zhang.San@BoHeng.example",
    )
    assert sure_contact([read], BARRED) == Contact(read.address, "张三", "联系邮箱见推荐表", (read,))


@pytest.mark.parametrize(
    "text",
    [
        "企业联系人：张三\n联系电话：0571-1\n电子邮箱：zhang@boheng.example",
        "电子邮箱\nzhang@boheng.example\n联系地址",
        "联系人及邮箱：张三，zhang@boheng.example。",
        "E-mail: zhang@boheng.example",
        "联系邮箱：ｚｈａｎｇ＠ｂｏｈｅｎｇ．ｅｘａｍｐｌｅ",
    ],
)
def test_a_report_may_name_its_firms_contact_in_many_ways(text: str) -> None:
    assert chosen(*contacts_in_paper(paper(f"案例报告\n{text}\n一、企业概况"))) == "zhang@boheng.example"


def test_an_address_read_from_a_picture_is_never_sure_by_itself() -> None:
    (read,) = contacts_in_paper(form("联系人：张三 zhang@bohenq.example", source=Source.OCR))
    assert (read.address, read.certain) == ("zhang@bohenq.example", False)
    assert sure_contact([read], BARRED) == Contact(reason="联系邮箱由图像识别得来，没有文字可以印证", evidence=(read,))


@pytest.mark.parametrize("make", [make_text_form, make_filled_form], ids=["written", "filled-in"])
def test_a_pdf_is_read_letter_for_letter_with_its_underlines(make: Callable[[FormWords], bytes]) -> None:
    words = FormWords(
        "以标准引领", ONE, "浙江省轴承工业协会", "2026年5月8日 联系人：张三 邮箱：zhang_san@boheng.example"
    )
    look = look_at_pdf(make(words), MemorySpool(), ReadContext(cases_2026(), ocr=False))
    (read,) = contacts_in_paper(ReadLeaf(Leaf("推荐表.pdf", "推荐表.pdf", 1, "0" * 64, "pdf"), Role.FORM, "", look))
    assert (read.address, read.person, read.certain) == ("zhang_san@boheng.example", "张三", True)
    assert "zhangsan@" in look.text, "the text that is kept of a page has lost the underline"


def test_what_a_scanner_wrote_behind_its_picture_is_no_text() -> None:
    words = FormWords("以标准引领", ONE, "浙江省轴承工业协会", "2026年5月8日 联系人：张三 邮箱：zhang@boheng.example")
    page = make_page(words, seal=None, scenario="clean150", seed=1)
    look = look_at_pdf(make_scan_with_text(page, words), MemorySpool(), ReadContext(cases_2026(), ocr=False))
    assert contacts_in_paper(ReadLeaf(Leaf("推荐表.pdf", "推荐表.pdf", 1, "0" * 64, "pdf"), Role.FORM, "", look)) == ()


def test_a_report_as_pdf_names_nobody_for_sure_because_blanks_and_underlines_are_lost() -> None:
    look = Look("pdf", scan=ScanFacts(pages=3), text="联系人:张三邮箱:zhangsan@boheng.example")
    (read,) = contacts_in_paper(ReadLeaf(Leaf("报告.pdf", "报告.pdf", 1, "0" * 64, "pdf"), Role.REPORT, "", look))
    assert read.certain is False


def test_a_picture_only_bears_out_what_the_mail_says_in_text() -> None:
    seen = contacts_in_paper(form("联系人：张三 zhang@boheng.example", source=Source.OCR))
    said = contacts_in_mail(f"{ONE} 联系人 张三 zhang@boheng.example", FIRMS)[ONE]
    found = sure_contact([*seen, *said], BARRED)
    assert (found.address, found.reason) == ("zhang@boheng.example", "联系邮箱见推荐表、推荐单位来信")


@pytest.mark.parametrize(
    "text",
    [
        "推荐单位联系人：李四 li@other.example",
        "推荐单位意见\n同意推荐。\n联系人：李四\n邮箱：li@other.example",
        "材料报送至邮箱 cailiao@other.example",
        "客户联系人 王五 wang@customer.example",
        "合作高校联系邮箱：prof@univ.example",
        "联系人：张三，原邮箱 zhang@old.example 已停用",
        "邮箱例如 name@firm.example",
        "通讯作者邮箱：author@journal.example",
        "我们在 zhang@boheng.example 收到了订单",
        "发件人: 张三 <zhang@boheng.example>",
        "> 联系人：张三 zhang@boheng.example",
        "联系人：张三13812345678zhang@boheng.example",
        "联系人：张三 zhang..san@boheng.example",
        "联系人：张三 zhang@boheng",
        "联系人：张三 zhang@boheng.example@evil.example",
        "联系人" * 200 + "zhang@boheng.example",
    ],
)
def test_an_address_that_is_not_plainly_the_firms_contact_is_not_taken(text: str) -> None:
    assert "@" in text
    assert chosen(*contacts_in_paper(paper(text))) == ""
    assert chosen(*contacts_in_paper(form(text))) == ""


def test_two_different_addresses_are_no_sure_contact() -> None:
    reads = contacts_in_paper(form("联系人：张三 zhang@boheng.example\n联系人：李四 li@boheng.example"))
    assert sure_contact(reads, BARRED).reason == "写有 2 个不同的联系邮箱，看不出以哪一个为准"
    said = contacts_in_mail(f"{ONE} 联系人 zhang@boheng.example", FIRMS)[ONE]
    assert chosen(*contacts_in_paper(form("联系人：张三 zhangs@boheng.example")), *said) == ""


def test_an_address_broken_over_two_lines_is_not_completed_by_guessing() -> None:
    assert chosen(*contacts_in_paper(form("联系人：张三 zhang@boheng.exam\nple"))) == ""
    assert chosen(*contacts_in_paper(form("电子邮箱：zhang.\nsan@boheng.example"))) == ""
    assert chosen(*contacts_in_paper(form("联系人：Tom zhang@boheng.example"))) == ""
    assert chosen(*contacts_in_paper(form("联系人：张三 zhang@boheng.co m"))) == ""
    assert chosen(*contacts_in_paper(form("联系人：张三 0571-88123456zhang@boheng.example"))) == ""
    assert chosen(*contacts_in_paper(form("联系人：张三 0571-88123456 zhang@boheng.example 转8001"))) != ""
    assert chosen(*contacts_in_mail(f"{ONE} 联系人 张三 zhang@boheng.exam\nple", FIRMS)[ONE]) == ""
    # A paragraph of Word is never broken.
    assert chosen(*contacts_in_paper(paper("邮箱：zhang@boheng.example\nQQ 12345"))) == "zhang@boheng.example"


@pytest.mark.parametrize(
    "address",
    [
        "zjzjtxqycjfh@163.com",
        "office@yqyb.example",
        "member@yqyb.example",
        "a@sub.yqyb.example",
        "wang@zjfh.example",
        "staff@qq.com",
        "noreply@boheng.example",
        "postmaster@boheng.example",
        "boheng@service.163.com",
    ],
)
def test_nobody_of_ours_or_the_recommenders_and_no_machine_is_a_contact(address: str) -> None:
    (read,) = contacts_in_paper(paper(f"联系人 电子邮箱 {address}"))
    assert sure_contact([read], BARRED) == Contact(reason="所写邮箱属于推荐单位、本会或自动程序")
    # Beside the firm's own it does not disturb.
    assert chosen(read, *contacts_in_paper(paper("联系人 邮箱 zhang@boheng.example"))) == "zhang@boheng.example"


def test_a_domain_that_only_ends_alike_is_not_barred() -> None:
    assert chosen(*contacts_in_paper(paper("联系人 邮箱 zhang@notyqyb.example"))) == "zhang@notyqyb.example"


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} 联系人 张三 zhang@boheng.example\n{TWO} 联系人 李四 li@qingfeng.example",
        f"1、{ONE}，张三，13812345678，zhang@boheng.example\n2、{TWO}，李四，13912345678，li@qingfeng.example",
        f"{ONE}\n联系人：张三\n邮箱：zhang@boheng.example\n\n{TWO}\n联系人：李四，邮箱：li@qingfeng.example",
        "博衡自动化设备：张三 zhang@boheng.example\n青锋光电科技：李四 li@qingfeng.example",
    ],
)
def test_a_line_for_each_firm_in_the_recommenders_mail(text: str) -> None:
    found = contacts_in_mail(f"各位老师好：\n现推荐以下企业：\n{text}\n\n此致\n敬礼", FIRMS)
    assert {firm: chosen(*reads) for firm, reads in found.items()} == {
        ONE: "zhang@boheng.example",
        TWO: "li@qingfeng.example",
    }


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}和{TWO} 联系人 张三 zhang@boheng.example",
        f"{ONE}由宁波其他企业管理有限公司代办，联系人 钱七 qian@agent.example",
        f"{ONE}的材料请转 wang@other.example",
        f"{ONE}的结果请告知总部的王五经理 wang@other.example 并请说明有关情况",
        f"{ONE} 推荐单位联系人 李四 li@private.example",
        f"{ONE}\n\n联系人：李四 li@private.example",
        f"{ONE}\n附件一\n附件二\n附件三\n联系人：李四 li@private.example",
        "博衡 联系人 张三 zhang@boheng.example",
        "联系人 张三 zhang@boheng.example",
    ],
    ids=[
        "two-firms",
        "an-agent",
        "please-pass-on",
        "a-sentence",
        "recommender",
        "blank-line",
        "far-below",
        "too-short",
        "nobody",
    ],
)
def test_a_line_that_ties_an_address_to_one_firm_only_loosely_says_nothing(text: str) -> None:
    assert {firm: chosen(*reads) for firm, reads in contacts_in_mail(text, FIRMS).items()} in ({}, {ONE: ""})


def test_one_address_for_two_firms_is_an_agents() -> None:
    found = contacts_in_mail(f"{ONE} 联系人 赵六 agent@agency.example\n{TWO} 联系人 赵六 agent@agency.example", FIRMS)
    shared = shared_addresses(found)
    assert shared == {"agent@agency.example"}
    assert sure_contact(found[ONE], BARRED, shared) == Contact(reason="所写邮箱同时是另一家企业的联系邮箱")


def test_a_table_with_a_row_for_each_firm_and_a_column_of_the_recommender() -> None:
    rows = (
        "序号\t企业名称\t联系人\t联系电话\t联系邮箱\t推荐单位邮箱",
        f"1\t{ONE}\t张三\t13812345678\tzhang@boheng.example\tli@private.example",
        f"2\t{TWO}\t李四\t13912345678\t\tli@private.example",
        f"3\t{THREE}\t王五\t13712345678\twang@haituo.example wu@haituo.example\tli@private.example",
    )
    found = contacts_in_table(table("\n".join(rows)), FIRMS)
    assert {firm: chosen(*reads) for firm, reads in found.items()} == {ONE: "zhang@boheng.example", THREE: ""}
    assert contacts_in_table(table("\n".join(rows), kind="docx"), FIRMS) == {}


def test_nothing_said_is_said_so() -> None:
    assert sure_contact([], BARRED) == Contact(reason="材料和来信中没有写明企业的联系邮箱")


def test_a_masked_address_is_known_again_and_cannot_be_written_to() -> None:
    assert masked("zhang@boheng.example") == "z***@boheng.example"
    assert masked("a@b.example") == "a***@b.example"
    assert masked("") == ""


PIECES = [
    *FIRMS,
    "博衡",
    "联系人",
    "邮箱：",
    "推荐单位",
    "张三",
    "\n",
    "\n\n",
    " ",
    "，",
    "\t",
    "13812345678",
    "＠",
    "@",
    ".",
    "_",
]
PIECES += [
    "zhang@boheng.example",
    "li_2@qingfeng.example",
    "noreply@x.example",
    "office@yqyb.example",
    "a" * 300,
    "\x00",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_stands_there_only_addresses_that_stand_there_whole_are_found(text: str) -> None:
    known = {"zhang@boheng.example", "li_2@qingfeng.example", "noreply@x.example", "office@yqyb.example"}
    folded = unicodedata.normalize("NFKC", text).lower()
    reads = [*contacts_in_paper(paper(text)), *contacts_in_paper(form(text))]
    for found in (contacts_in_mail(text, FIRMS), contacts_in_table(table(text), FIRMS)):
        reads += [read for one in found.values() for read in one]
    assert [read.address for read in reads if read.address not in folded] == []
    sure = sure_contact(reads, BARRED).address
    assert sure == "" or not BARRED.bars(sure)
    for read in reads:
        if read.certain and read.address in known:
            assert re.search(rf"(?<![a-z0-9._%+@-]){re.escape(read.address)}(?![a-z0-9@_-])", folded)
