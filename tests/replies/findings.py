"""Findings as rules make them, with words of our own so that a change of a rule's wording changes no golden letter."""

from dataclasses import replace
from datetime import datetime

from config.call import Verdict
from store.dossier.finding import Evidence, Finding, Ruling
from tests.checks.dossiers import ZONE

FORM, REPORT = "推荐表.pdf", "案例报告.docx"
PAPER = Finding(
    "N01",
    Verdict.HINT,
    "尚未收到纸质件。",
    "尚未收到申报推荐表、案例报告的纸质件",
    "请将加盖公章的申报推荐表、案例报告各 1 份寄至杭州市凤起路 290 号三华园 3 号楼 6 楼，张蝶兰收。",
)


def lacks(code: str, defect: str, cure: str, file: str = "", place: str = "", item: str = "") -> Finding:
    """缺失."""
    evidence = (Evidence(file, file, place=place),) if file or place else ()
    return Finding(code, Verdict.MISSING, f"{defect}。", defect, cure, item, evidence)


def advises(code: str, defect: str, cure: str, file: str = "", place: str = "", item: str = "") -> Finding:
    """提示."""
    return replace(lacks(code, defect, cure, file, place, item), verdict=Verdict.HINT)


def doubts(code: str, message: str, file: str = "") -> Finding:
    """存疑."""
    return Finding(code, Verdict.DOUBT, message, evidence=(Evidence(file),) if file else ())


def passes(code: str) -> Finding:
    return Finding(code, Verdict.PASS, "通过。")


NO_FORM = lacks("F01", "没有收到申报推荐表", "请填写附件1并加盖公章，扫描成 PDF 发来。")
FORM_IS_WORD = lacks("F02", "推荐表是 Word 文件", "请打印盖章后扫描成 PDF 发来。", "推荐表.docx")
NO_SEAL = lacks("F03", "推荐表上没有看到公章", "请加盖申报企业公章，彩色扫描成 PDF 发来。", FORM, "第1页")
NO_CASE_TITLE = lacks("F04", "推荐表的“案例名称”没有填写", "请填写后重新盖章扫描。", FORM, "第1页“案例名称”")
NO_APPLICANT = lacks("F05", "推荐表的“申报企业（全称）”没有填写", "请填写企业全称后重新盖章扫描。", FORM, "第1页")
NO_RECOMMENDER = lacks("F06", "推荐表的“推荐单位”没有填写", "请填写推荐单位；会员自荐的请填“自荐”。", FORM, "第1页")
NO_DATE = lacks("F07", "推荐表的“报送时间”没有填写", "请填写年月日后重新盖章扫描。", FORM, "第1页“报送时间”")
NO_REPORT = lacks("R01", "没有收到案例报告", "请按附件2撰写，以 Word 格式发来。")
REPORT_IS_PDF = lacks("R02", "案例报告是 PDF 文件", "请把 Word 原稿（.docx）发来。", "案例报告.pdf")
NO_PHOTOS = lacks("P01", "没有收到照片", "请发来 2 至 3 张相关照片，每张注明内容概要。")
ONE_PHOTO = lacks("P01", "只收到 1 张照片", "请再发 1 至 2 张相关照片，每张注明内容概要。", "照片1.jpg")
LOCKED = lacks(
    "A01", "压缩包“材料.rar”设有密码，无法打开", "请去掉密码重新发送，或直接回信告知密码。", "材料.rar", item="材料.rar"
)
DAMAGED = lacks("A01", "压缩包“材料.zip”已损坏，打不开", "请重新压缩后再发一次。", "材料.zip", item="材料.zip")
CLOUD = lacks("A01", "材料是网盘链接，没有随信附上", "请下载后作为普通附件发来。", item="link")


def no_caption(name: str) -> Finding:
    return lacks("P02", f"照片“{name}”没有内容概要", "请在文件名或来信里写一句内容概要。", name, item=name)


SHORT = advises("R03", "案例报告共 6120 字，通知要求一般不少于 8000 字", "可酌情充实后补发。", REPORT)
PART_SHORT = advises(
    "R04", "“经验启示”部分约 300 字，通知要求 1000 字左右", "可酌情充实这一部分后补发。", REPORT, "第四部分"
)
NO_TITLE = advises("R05", "案例报告没有题目", "可加上体现特色经验的题目后补发。", REPORT)
NO_SOURCE = advises("R06", "图表“图2 产能变化”没有注明资料来源", "可在图表下注明来源后补发。", REPORT, "图2")
PRIVATE = advises("R07", "报告里有疑似手机号码 138****0000", "汇编公开前请删去。", REPORT, "第二部分")
FOUR_PHOTOS = advises("P01", "收到 4 张照片，通知要求 2-3 张", "如有侧重，可回信指明用哪几张。")
SMALL_PHOTO = advises(
    "P03", "照片“照片2.jpg”只有 480×360 像素，印制可能不清楚", "如有更大的原图，可补发。", "照片2.jpg"
)
STAFF_ONLY = Finding("R06", Verdict.HINT, "只供经办知悉的提示。")

TITLE_UNKNOWN = doubts("Q01", "名单里没有查到这家企业的称号。")
SEAL_UNCLEAR = doubts("F03", "印章文字与申报企业不一致。", FORM)
LATE = doubts("S01", "首份材料收到于截止之后。")

BY_STAFF = replace(
    doubts("F03", "印章文字与申报企业不一致。", FORM),
    verdict=Verdict.MISSING,
    defect="推荐表所盖不是申报企业的公章",
    ruling=Ruling(
        "F03",
        "",
        Verdict.MISSING,
        "推荐表所盖不是申报企业的公章",
        "经办甲",
        datetime(2026, 5, 8, 15, 0, tzinfo=ZONE),
    ),
)
