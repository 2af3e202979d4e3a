"""Golden cases of R04: 案例报告的各部分是否齐全，篇幅是否相当？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r04_report_parts import RULE
from parsers.facts.looks import Part, PartVerdict
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, parts, report, with_report, without
from tests.checks.golden import Case, seen

CASES = {
    "four_parts_pass": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "各部分齐全，篇幅相当。",
                evidence=(
                    seen("案例报告.docx", "引言", "引言，310 字，已认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "an_absent_part_is_a_hint": Case(
        with_report(report(parts=parts(insight=Part("insight", PartVerdict.ABSENT)))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未见“经验启示”部分。",
                defect="案例报告“案例报告.docx”未见“经验启示”部分",
                cure="可对照通知的撰写要求酌情调整后补发。",
                evidence=(
                    seen("案例报告.docx", "引言", "引言，310 字，已认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "无标题，0 字，没有"),
                ),
            ),
        ),
    ),
    "a_part_far_too_short_is_a_hint": Case(
        with_report(report(parts=parts(overview=Part("overview", PartVerdict.CERTAIN, 120, "企业概况")))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "部分篇幅与通知所示相差较大：企业概况 120 字（通知为 800 字左右）。",
                defect=("案例报告“案例报告.docx”部分篇幅与通知所示相差较大：企业概况 120 字（通知为 800 字左右）"),
                cure="可对照通知的撰写要求酌情调整后补发。",
                evidence=(
                    seen("案例报告.docx", "引言", "引言，310 字，已认定"),
                    seen("案例报告.docx", "企业概况", "企业概况，120 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "a_part_far_too_long_is_a_hint": Case(
        with_report(report(parts=parts(intro=Part("intro", PartVerdict.CERTAIN, 900, "前言")))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "部分篇幅与通知所示相差较大：引言 900 字（通知为 300 字左右）。",
                defect="案例报告“案例报告.docx”部分篇幅与通知所示相差较大：引言 900 字（通知为 300 字左右）",
                cure="可对照通知的撰写要求酌情调整后补发。",
                evidence=(
                    seen("案例报告.docx", "引言", "前言，900 字，已认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "half_more_than_printed_still_passes": Case(
        with_report(report(parts=parts(intro=Part("intro", PartVerdict.CERTAIN, 450, "前言")))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "各部分齐全，篇幅相当。",
                evidence=(
                    seen("案例报告.docx", "引言", "前言，450 字，已认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "an_unsure_length_is_not_told": Case(
        with_report(report(parts=parts(intro=Part("intro", PartVerdict.LIKELY, 900)))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "各部分齐全，篇幅相当。",
                evidence=(
                    seen("案例报告.docx", "引言", "无标题，900 字，大致认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "an_unclear_part_is_a_note_for_staff": Case(
        with_report(report(parts=parts(practice=Part("practice", PartVerdict.UNCLEAR)))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未能认出“特色实践”部分，请审读时留意。",
                evidence=(
                    seen("案例报告.docx", "引言", "引言，310 字，已认定"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "无标题，0 字，未能认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "parts_nobody_reported_are_a_note_for_staff": Case(
        with_report(report(parts=())),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未能认出“引言”“企业概况”“特色实践”“经验启示”部分，请审读时留意。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
    "a_part_that_the_other_naming_does_not_have_passes": Case(
        with_report(report(parts=parts(intro=Part("intro", PartVerdict.NOT_REQUIRED)))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "各部分齐全，篇幅相当。",
                evidence=(
                    seen("案例报告.docx", "引言", "无标题，0 字，按所用结构不需要"),
                    seen("案例报告.docx", "企业概况", "一、企业概况，820 字，已认定"),
                    seen("案例报告.docx", "特色实践", "二、特色实践，7300 字，已认定"),
                    seen("案例报告.docx", "经验启示", "三、经验启示，1080 字，已认定"),
                ),
            ),
        ),
    ),
    "a_report_of_pictures_is_left_to_r03": Case(
        with_report(report(images_only=True)),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "案例报告“案例报告.docx”几乎全是图片，没有可读的文字，见 R03。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
    "without_a_report_r01_speaks": Case(
        without("report"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到案例报告，见 R01。"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r04(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
