"""Golden cases of R03: 案例报告总字数是否达到要求？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r03_report_long_enough import RULE
from parsers.facts.looks import Look, WordCounts
from store.dossier.finding import Finding
from tests.checks.dossiers import LOCKED, complete_dossier, report, with_report, without
from tests.checks.golden import Case, seen

CASES = {
    "a_long_report_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "全文 9555 字。",
                evidence=(seen("案例报告.docx", "全文", "正文 9555 字，连同文本框、脚注等 9555 字"),),
            ),
        ),
    ),
    "exactly_8000_passes": Case(
        with_report(report(counts=WordCounts(body=8000))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "全文 8000 字。",
                evidence=(seen("案例报告.docx", "全文", "正文 8000 字，连同文本框、脚注等 8000 字"),),
            ),
        ),
    ),
    "one_word_short_is_a_hint": Case(
        with_report(report(counts=WordCounts(body=7999))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "全文共 7999 字，通知要求一般不少于 8000 字。",
                defect="案例报告“案例报告.docx”共 7999 字，通知要求一般不少于 8000 字",
                cure="可酌情充实内容后补发。",
                evidence=(seen("案例报告.docx", "全文", "正文 7999 字，连同文本框、脚注等 7999 字"),),
            ),
        ),
    ),
    "text_boxes_and_notes_count_in_favour": Case(
        with_report(report(counts=WordCounts(body=7900, text_boxes=60, notes=40))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "正文 7900 字，连同文本框、脚注等共 8000 字。",
                evidence=(seen("案例报告.docx", "全文", "正文 7900 字，连同文本框、脚注等 8000 字"),),
            ),
        ),
    ),
    "a_short_count_of_unread_text_is_for_staff": Case(
        with_report(report(counts=WordCounts(body=3000), readable=False)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "读出 3000 字，不足 8000 字，但可能有文字未能读出，请人工查看。",
                evidence=(seen("案例报告.docx", "全文", "正文 3000 字，连同文本框、脚注等 3000 字"),),
            ),
        ),
    ),
    "a_report_of_pictures_is_for_staff": Case(
        with_report(report(counts=WordCounts(body=12), images_only=True)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "案例报告“案例报告.docx”几乎全是图片，没有可读的文字，请人工查看。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
    "a_report_without_facts_is_for_staff": Case(
        with_report(look=Look(type="docx")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未能读出案例报告“案例报告.docx”的文字，请人工查看。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
    "without_a_report_r01_speaks": Case(
        without("report"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到案例报告，见 R01。"),)
    ),
    "a_locked_report_is_left_to_a01": Case(
        with_report(problems=(LOCKED,)),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "案例报告“案例报告.docx”无法打开，见 A01。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r03(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
