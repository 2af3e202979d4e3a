"""Golden cases of F02: 推荐表是否为 PDF？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.f02_form_is_pdf import RULE
from parsers.facts.looks import Look
from store.dossier.finding import Finding
from tests.checks.dossiers import LOCKED, complete_dossier, with_form, with_policy, without
from tests.checks.golden import Case, seen

CASES = {
    "a_pdf_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "申报推荐表“推荐表.pdf”是 PDF。", evidence=(seen("推荐表.pdf"),)),),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_word_form_is_missing_its_format": Case(
        with_form(name="推荐表.docx", type="docx", look=Look(type="docx")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.docx”是 Word 文件，不是 PDF。",
                defect="申报推荐表“推荐表.docx”是 Word 文件，通知要求“盖章扫描 pdf 格式”",
                cure="请将盖章的申报推荐表扫描成一个 PDF 文件后重新发送。",
                evidence=(seen("推荐表.docx"),),
            ),
        ),
    ),
    "a_picture_is_taken_with_a_hint": Case(
        with_form(type="jpeg"),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "申报推荐表“推荐表.pdf”是图片，不是 PDF。",
                defect="申报推荐表“推荐表.pdf”是图片，通知要求“盖章扫描 pdf 格式”",
                cure="可将盖章的申报推荐表扫描成一个 PDF 文件补发。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "a_picture_is_missing_its_format_where_the_policy_says_so": Case(
        with_form(type="jpeg"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”是图片，不是 PDF。",
                defect="申报推荐表“推荐表.pdf”是图片，通知要求“盖章扫描 pdf 格式”",
                cure="请将盖章的申报推荐表扫描成一个 PDF 文件后重新发送。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
        with_policy("scan_as_picture", "missing"),
    ),
    "a_locked_file_is_left_to_a01": Case(
        with_form(type="docx-encrypted", problems=(LOCKED,), look=None),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "申报推荐表“推荐表.pdf”无法打开，见 A01。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f02(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
