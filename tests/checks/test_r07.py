"""Golden cases of R07: 案例报告中有无商业秘密或个人号码？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r07_nothing_secret import RULE
from parsers.facts.looks import Sensitive
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, report, with_report, without
from tests.checks.golden import Case, seen

CASES = {
    "nothing_found_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "未发现不宜公开的内容。", evidence=(seen("案例报告.docx"),)),),
    ),
    "numbers_and_marks_are_a_hint_by_kind": Case(
        with_report(
            report(
                sensitive=(
                    Sensitive("mobile", "138****0000", "联系方式"),
                    Sensitive("secret-mark", "内部资料", "页眉"),
                    Sensitive("mobile", "139****1111", "附录", 2),
                )
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "案例报告中有手机号 3 处、“机密”“内部资料”等字样 1 处，公开前宜隐去。",
                defect="案例报告“案例报告.docx”中有手机号 3 处、“机密”“内部资料”等字样 1 处，可能不宜公开",
                cure="宜核对；不适合对外传播的，可隐去后补发。",
                evidence=(
                    seen("案例报告.docx", "联系方式", "138****0000"),
                    seen("案例报告.docx", "页眉", "内部资料"),
                    seen("案例报告.docx", "附录", "139****1111"),
                ),
            ),
        ),
    ),
    "a_foreign_author_is_for_staff_alone": Case(
        with_report(report(sensitive=(Sensitive("foreign-author", "宁波某咨询公司"),))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "案例报告中有文档属性中的其他单位名称 1 处，请审读时留意。",
                evidence=(seen("案例报告.docx", "文档属性中的其他单位名称", "宁波某咨询公司"),),
            ),
        ),
    ),
    "a_foreign_author_stays_out_of_the_letter_beside_others": Case(
        with_report(
            report(sensitive=(Sensitive("foreign-author", "宁波某咨询公司"), Sensitive("comments", "批注", count=3)))
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "案例报告中有文档属性中的其他单位名称 1 处、批注 3 处，公开前宜隐去。",
                defect="案例报告“案例报告.docx”中有批注 3 处，可能不宜公开",
                cure="宜核对；不适合对外传播的，可隐去后补发。",
                evidence=(
                    seen("案例报告.docx", "文档属性中的其他单位名称", "宁波某咨询公司"),
                    seen("案例报告.docx", "批注", "批注"),
                ),
            ),
        ),
    ),
    "without_a_report_r01_speaks": Case(
        without("report"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到案例报告，见 R01。"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r07(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
