"""Golden cases of R05: 案例报告有无题目，与推荐表的案例名称是否一致？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.r05_title_matches import RULE
from store.dossier.finding import Finding
from tests.checks.dossiers import CASE_TITLE, complete_dossier, field, report, with_fields, with_report, without
from tests.checks.golden import Case, seen

CASES = {
    "the_same_title_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "报告题目为“杭州钱江精密轴承有限公司关键核心技术突破机制”，与申报推荐表一致。",
                evidence=(seen("案例报告.docx", "题目", "杭州钱江精密轴承有限公司关键核心技术突破机制"),),
            ),
        ),
    ),
    "a_subtitle_makes_no_other_title": Case(
        with_report(report(title=CASE_TITLE + "——以精密轴承为例")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                ("报告题目为“杭州钱江精密轴承有限公司关键核心技术突破机制——以精密轴承为例”，与申报推荐表一致。"),
                evidence=(
                    seen("案例报告.docx", "题目", "杭州钱江精密轴承有限公司关键核心技术突破机制——以精密轴承为例"),
                ),
            ),
        ),
    ),
    "another_title_is_a_hint": Case(
        with_report(report(title="深耕细分领域的韧性成长路径")),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                (
                    "报告题目“深耕细分领域的韧性成长路径”与申报推荐表的案例名称“杭州钱江精密轴"
                    "承有限公司关键核心技术突破机制”不同。"
                ),
                defect=(
                    "报告题目“深耕细分领域的韧性成长路径”与申报推荐表的案例名称“杭州钱江精密轴"
                    "承有限公司关键核心技术突破机制”不同"
                ),
                cure="如需改成一致，可补发相应文件。",
                evidence=(seen("案例报告.docx", "题目", "深耕细分领域的韧性成长路径"),),
            ),
        ),
    ),
    "another_title_against_an_unsure_form_is_a_note_for_staff": Case(
        replace(with_fields(case_title=field("精益生产之路", certain=False))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                (
                    "报告题目“杭州钱江精密轴承有限公司关键核心技术突破机制”与申报推荐表的案例名"
                    "称“精益生产之路”不同；案例名称未能确认，请审读时留意。"
                ),
                evidence=(seen("案例报告.docx", "题目", "杭州钱江精密轴承有限公司关键核心技术突破机制"),),
            ),
        ),
    ),
    "no_title_is_a_note_for_staff": Case(
        with_report(report(title="")),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未能认出案例报告“案例报告.docx”的题目，请审读时留意。",
                evidence=(seen("案例报告.docx", "题目"),),
            ),
        ),
    ),
    "without_a_form_the_title_stands_alone": Case(
        without("form"),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                ("报告题目为“杭州钱江精密轴承有限公司关键核心技术突破机制”；申报推荐表的案例名称未读出，无从比对。"),
                evidence=(seen("案例报告.docx", "题目", "杭州钱江精密轴承有限公司关键核心技术突破机制"),),
            ),
        ),
    ),
    "without_a_report_r01_speaks": Case(
        without("report"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到案例报告，见 R01。"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r05(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
