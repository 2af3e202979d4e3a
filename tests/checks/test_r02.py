"""Golden cases of R02: 案例报告是否为 Word 格式？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r02_report_is_word import RULE
from store.dossier.finding import Finding
from tests.checks.dossiers import LOCKED, complete_dossier, report, with_policy, with_report, without
from tests.checks.golden import Case, seen

CASES = {
    "a_docx_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "案例报告“案例报告.docx”是 Word 文件。", evidence=(seen("案例报告.docx"),)),),
    ),
    "an_old_doc_passes": Case(
        with_report(report(format="doc"), type="doc", name="案例报告.doc"),
        (Finding(RULE.code, Verdict.PASS, "案例报告“案例报告.doc”是 Word 文件。", evidence=(seen("案例报告.doc"),)),),
    ),
    "without_a_report_r01_speaks": Case(
        without("report"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到案例报告，见 R01。"),)
    ),
    "a_pdf_is_missing_its_format": Case(
        with_report(report(format="pdf"), type="pdf", name="案例报告.pdf"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "案例报告“案例报告.pdf”是 PDF 格式，不是 Word 格式。",
                defect="案例报告“案例报告.pdf”是 PDF 格式，通知要求“word 格式”",
                cure="请将报告另存为 Word 文档（.docx）后重新发送。",
                evidence=(seen("案例报告.pdf"),),
            ),
        ),
    ),
    "a_pdf_named_docx_is_missing_its_format": Case(
        with_report(report(format="pdf"), type="pdf"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "案例报告“案例报告.docx”是 PDF 格式，不是 Word 格式。",
                defect="案例报告“案例报告.docx”是 PDF 格式，通知要求“word 格式”",
                cure="请将报告另存为 Word 文档（.docx）后重新发送。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
    ),
    "a_wps_file_is_taken_with_a_hint": Case(
        with_report(report(format="wps"), type="wps", name="案例报告.wps"),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "案例报告“案例报告.wps”是 WPS 格式，不是 Word 格式。",
                defect="案例报告“案例报告.wps”是 WPS 格式，通知要求“word 格式”",
                cure="可将报告另存为 Word 文档（.docx）补发。",
                evidence=(seen("案例报告.wps"),),
            ),
        ),
    ),
    "a_wps_file_passes_where_the_policy_says_so": Case(
        with_report(report(format="wps"), type="wps"),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "案例报告“案例报告.docx”是 WPS 格式，按本次征集的口径视同 Word。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
        with_policy("old_word_formats", "accept"),
    ),
    "a_wps_file_is_missing_its_format_where_the_policy_says_so": Case(
        with_report(report(format="wps"), type="wps"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "案例报告“案例报告.docx”是 WPS 格式，不是 Word 格式。",
                defect="案例报告“案例报告.docx”是 WPS 格式，通知要求“word 格式”",
                cure="请将报告另存为 Word 文档（.docx）后重新发送。",
                evidence=(seen("案例报告.docx"),),
            ),
        ),
        with_policy("old_word_formats", "missing"),
    ),
    "a_locked_file_is_left_to_a01": Case(
        with_report(type="docx-encrypted", look=None, problems=(LOCKED,)),
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
def test_r02(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
