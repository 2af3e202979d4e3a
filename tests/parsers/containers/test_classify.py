"""What a file is read as, from what was seen in it, from its name and from its folder."""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.classify import classify
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import (
    FormFacts,
    FormField,
    FormKind,
    Look,
    Part,
    PartVerdict,
    PictureFacts,
    ReportFacts,
    ScanFacts,
    WordCounts,
)
from parsers.facts.problem import Problem, Weight
from tests.parsers.containers.world import context

CALL = context().call
FORM_TEXT = "浙江省专精特新企业发展优秀案例申报推荐表\n案例名称：甲\n申报企业（全称）：乙公司\n推荐单位：丙\n报送时间：2026年5月"


def leaf(
    path: str, kind: str, size: int = 100_000, *, inline: bool = False, problems: tuple[Problem, ...] = ()
) -> Leaf:
    return Leaf(path, path.rpartition("/")[2], size, "0" * 64, kind, inline=inline, problems=problems)


def form(kind: FormKind = FormKind.CURRENT, pages: int = 1, *values: str) -> ScanFacts:
    fields = [FormField(value, 0.9, bool(value)) for value in (*values, "", "", "", "")[:4]]
    return ScanFacts(pages, form=FormFacts(kind, "推荐表", *fields))


def report(words: int, *certain: str, images_only: bool = False) -> ReportFacts:
    parts = tuple(Part(name, PartVerdict.CERTAIN, words // 4) for name in certain)
    return ReportFacts("docx", WordCounts(words), parts=parts, images_only=images_only)


def picture(width: int, height: int, looks: str = "photo") -> PictureFacts:
    return PictureFacts(width, height, looks_like=looks)


NOTICE = CALL.title + "各会员单位、各有关单位："
CASES: dict[str, tuple[Leaf, Look | None, Role, bool]] = {
    "scan of the form": (leaf("推荐表.pdf", "pdf"), Look("pdf", form()), Role.FORM, True),
    "scan of the form under a number": (leaf("20260508.pdf", "pdf"), Look("pdf", form()), Role.FORM, True),
    "scan of the form called report": (leaf("案例报告.pdf", "pdf"), Look("pdf", form()), Role.FORM, True),
    "last year's form": (leaf("a.pdf", "pdf"), Look("pdf", form(FormKind.OLD)), Role.FORM, True),
    "photograph of the form": (leaf("IMG_1.jpg", "jpeg"), Look("jpeg", form(), None, picture(3000, 4000, "page")), Role.FORM, True),
    "a board that its sender named": (leaf("生产看板.jpg", "jpeg"), Look("jpeg", picture=picture(1600, 1200, "page")), Role.PHOTO, False),
    "a certificate among the photos": (leaf("照片/IMG_2.jpg", "jpeg"), Look("jpeg", picture=picture(1600, 1200, "page")), Role.PHOTO, False),
    "a paper without a name": (leaf("IMG_2.jpg", "jpeg"), Look("jpeg", picture=picture(1600, 1200, "page")), Role.OTHER, False),
    "form of HEIC": (leaf("IMG_1.heic", "heic"), Look("heic", form(), None, picture(3000, 4000, "page")), Role.FORM, True),
    "form without a title, two fields read": (leaf("a.pdf", "pdf"), Look("pdf", form(FormKind.UNKNOWN, 1, "甲", "乙公司")), Role.FORM, False),
    "form as text of a PDF": (leaf("a.pdf", "pdf"), Look("pdf", ScanFacts(1), text=FORM_TEXT), Role.FORM, True),
    "form in Word": (leaf("a.docx", "docx"), Look("docx", None, report(60), text=FORM_TEXT), Role.FORM, True),
    "form in Excel": (leaf("a.xlsx", "xlsx"), Look("xlsx", text=FORM_TEXT.replace("：", ":\t")), Role.FORM, True),
    "form in OFD": (leaf("a.ofd", "ofd"), Look("ofd", text=FORM_TEXT), Role.FORM, True),
    "OFD called form": (leaf("推荐表.ofd", "ofd"), Look("ofd"), Role.FORM, False),
    "unread PDF called form": (leaf("申报推荐表盖章.pdf", "pdf"), Look("pdf", ScanFacts(1)), Role.FORM, False),
    "unread PDF in a folder called form": (leaf("a.zip/推荐表/扫描0001.pdf", "pdf"), Look("pdf", ScanFacts(1)), Role.FORM, False),
    "unread picture called form": (leaf("推荐表.jpg", "jpeg"), Look("jpeg", None, None, picture(3000, 4000, "page")), Role.FORM, False),
    "form that quotes a long report": (leaf("a.docx", "docx"), Look("docx", None, report(9000, "intro", "practice"), text=FORM_TEXT), Role.REPORT, True),
    "report": (leaf("a.docx", "docx"), Look("docx", None, report(8500, "intro", "overview", "practice")), Role.REPORT, True),
    "short report": (leaf("a.docx", "docx"), Look("docx", None, report(700, "overview", "practice")), Role.REPORT, True),
    "report called form": (leaf("推荐表.docx", "docx"), Look("docx", None, report(8500, "overview", "practice")), Role.REPORT, True),
    "report without headings, by its name": (leaf("案例报告.docx", "docx"), Look("docx", None, report(900)), Role.REPORT, True),
    "long Word file of another name": (leaf("某公司.docx", "docx"), Look("docx", None, report(5000)), Role.REPORT, False),
    "Word file of pictures only": (leaf("材料.wps", "wps"), Look("wps", None, report(3, images_only=True)), Role.REPORT, False),
    "report as PDF": (leaf("案例.pdf", "pdf"), Look("pdf", ScanFacts(12), text="做法" * 1900), Role.REPORT, True),
    "report as a scan of many pages": (leaf("扫描.pdf", "pdf"), Look("pdf", ScanFacts(14)), Role.REPORT, False),
    "report as pictures of pages": (leaf("案例报告/1.jpg", "jpeg"), Look("jpeg", None, None, picture(2000, 3000, "page")), Role.REPORT, False),
    "licence": (leaf("营业执照.pdf", "pdf"), Look("pdf", ScanFacts(1), text="统一社会信用代码"), Role.OTHER, True),
    "licence as a picture": (leaf("营业执照.jpg", "jpeg"), Look("jpeg", None, None, picture(2000, 1400, "page")), Role.OTHER, True),
    "letter of commitment": (leaf("承诺书.docx", "docx"), Look("docx", None, report(200)), Role.OTHER, True),
    "captions beside the photos": (leaf("照片说明.docx", "docx"), Look("docx", None, report(60)), Role.OTHER, True),
    "the notice sent back": (leaf("通知.pdf", "pdf"), Look("pdf", ScanFacts(4), text=NOTICE), Role.OTHER, False),
    "the writing instructions sent back": (leaf("附件2.docx", "docx"), Look("docx", None, report(700), text="撰写要求 一、案例报告基本要求"), Role.OTHER, False),
    "ledger": (leaf("汇总.xlsx", "xlsx"), Look("xlsx", text="序号\t企业"), Role.OTHER, True),
    "film": (leaf("宣传片.mp4", "video"), Look("video"), Role.OTHER, True),
    "picture of some paper": (leaf("IMG_2.jpg", "jpeg"), Look("jpeg", None, None, picture(2000, 3000, "page")), Role.OTHER, False),
    "photo": (leaf("IMG_1.jpg", "jpeg"), Look("jpeg", None, None, picture(4000, 3000)), Role.PHOTO, True),
    "photo of HEIC": (leaf("IMG_1.heic", "heic"), Look("heic", None, None, picture(4000, 3000)), Role.PHOTO, True),
    "small photo, but attached": (leaf("IMG_1.jpg", "jpeg", 9000), Look("jpeg", None, None, picture(300, 200)), Role.PHOTO, True),
    "screenshot": (leaf("a.png", "png"), Look("png", None, None, picture(1920, 1080, "screenshot")), Role.PHOTO, False),
    "photo pasted into the text": (leaf("image001.jpg", "jpeg", inline=True), Look("jpeg", None, None, picture(1600, 1200)), Role.PHOTO, True),
    "logo in the signature": (leaf("image002.png", "png", 9000, inline=True), Look("png", None, None, picture(240, 80, "graphic")), Role.NOISE, True),
    "banner in the signature": (leaf("image003.jpg", "jpeg", 80_000, inline=True), Look("jpeg", None, None, picture(1400, 200)), Role.NOISE, True),
    "tracking pixel": (leaf("a.gif", "gif", 43), Look("gif", None, None, picture(1, 1, "graphic")), Role.NOISE, True),
    "logo attached": (leaf("logo.png", "png", 4000), Look("png", None, None, picture(200, 80, "graphic")), Role.NOISE, False),
    "small picture in the text that cannot be read": (leaf("a.gif", "gif", 200, inline=True), Look("gif"), Role.NOISE, True),
    "lock file": (leaf("~$报告.docx", "lock", 162), Look("lock"), Role.NOISE, True),
    "signature file": (leaf("smime.p7s", "unknown", 4000), Look("unknown"), Role.NOISE, True),
    "Outlook's copy of the text": (leaf("ATT00001.htm", "html", 900), Look("html", None, report(0)), Role.NOISE, True),
    "winmail.dat with nothing in it": (leaf("winmail.dat", "tnef", 900), Look("tnef"), Role.NOISE, True),
    "archive with a password": (leaf("a.zip", "zip", problems=(Problem("archive-encrypted", "设有密码。", weight=Weight.UNREADABLE),)), Look("zip"), Role.UNREADABLE, True),
    "archive nobody opened": (leaf("a.zip", "zip"), Look("zip"), Role.UNREADABLE, True),
    "damaged report": (leaf("案例报告.docx", "docx"), Look("docx", problems=(Problem("x", "损坏。", weight=Weight.UNREADABLE),)), Role.UNREADABLE, True),
    "damaged but readable form": (leaf("a.docx", "docx", problems=(Problem("entry-damaged", "损坏。", weight=Weight.LOSSY),)), Look("docx", None, report(60), text=FORM_TEXT), Role.FORM, True),
    "something unknown called report": (leaf("案例报告.bin", "unknown"), Look("unknown"), Role.OTHER, False),
    "nothing was looked at": (leaf("a.dat", "unknown"), None, Role.OTHER, False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_read_as_the_material_it_is(case: str) -> None:
    file, look, role, sure = CASES[case]

    answer = classify(file, look, (file, leaf("其他.docx", "docx")), CALL)

    assert (answer.role, answer.sure) == (role, sure)
    assert answer.reason.endswith("。")


def test_the_word_version_of_the_form_is_told_from_a_scan() -> None:
    word = classify(leaf("a.docx", "docx"), Look("docx", None, report(60), text=FORM_TEXT), (), CALL)
    scan = classify(leaf("a.pdf", "pdf"), Look("pdf", form()), (), CALL)

    assert (word.reason, scan.reason) == ("内容是推荐表，但为 Word 版，不是盖章扫描件。", "内容是推荐表。")


def test_an_empty_form_in_word_is_a_form() -> None:
    blank = "浙江省专精特新企业发展优秀案例 申报推荐表\n案例名称：_____\n申报企业（全称）：_____\n推荐单位：_____\n报送时间：_____年_____月_____日"

    assert classify(leaf("附件1.docx", "docx"), Look("docx", None, report(60), text=blank), (), CALL).role is Role.FORM


def test_the_only_word_file_of_a_mail_is_taken_for_the_report() -> None:
    file = leaf("某公司.docx", "docx")
    look = Look("docx", None, report(900))

    alone = classify(file, look, (file, leaf("a.pdf", "pdf")), CALL)
    beside = classify(file, look, (file, leaf("b.docx", "docx")), CALL)

    assert (alone.role, alone.sure) == (Role.REPORT, False)
    assert beside.role is Role.OTHER


def test_the_reason_of_an_unreadable_file_is_its_problem() -> None:
    shut = leaf(
        "a.zip", "zip", problems=(Problem("archive-encrypted", "压缩包设有密码，无法打开。", weight=Weight.UNREADABLE),)
    )

    assert classify(shut, Look("zip"), (), CALL).reason == "压缩包设有密码，无法打开。"
    assert classify(replace(shut, problems=()), Look("zip"), (), CALL).reason == "压缩包未能展开。"
