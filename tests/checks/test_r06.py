"""Golden cases of R06: 案例报告的图表是否注明资料来源？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r06_sources_noted import RULE
from parsers.facts.looks import Figure
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, report, with_report
from tests.checks.golden import Case, seen

CASES = {
    "a_figure_with_source_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "1 处图表都注明了来源。", evidence=(seen("案例报告.docx"),)),),
    ),
    "a_table_without_source_is_a_hint": Case(
        with_report(
            report(figures=(Figure("table", "表1 营收", near="2023年营收"), Figure("figure", "图1", source_noted=True)))
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "有 1 处图表未见资料来源：“表1 营收”。",
                defect="案例报告“案例报告.docx”有 1 处图表未见资料来源：“表1 营收”",
                cure="可在图表旁注明资料来源后补发；本企业自行拍摄或统计的，可注“本企业提供”。",
                evidence=(seen("案例报告.docx", "“表1 营收”", "2023年营收"),),
            ),
        ),
    ),
    "many_figures_are_counted_after_five": Case(
        with_report(report(figures=tuple(Figure("figure", f"图{n}") for n in range(1, 8)))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "有 7 处图表未见资料来源：“图1”、“图2”、“图3”、“图4”、“图5”等。",
                defect=("案例报告“案例报告.docx”有 7 处图表未见资料来源：“图1”、“图2”、“图3”、“图4”、“图5”等"),
                cure="可在图表旁注明资料来源后补发；本企业自行拍摄或统计的，可注“本企业提供”。",
                evidence=(
                    seen("案例报告.docx", "“图1”"),
                    seen("案例报告.docx", "“图2”"),
                    seen("案例报告.docx", "“图3”"),
                    seen("案例报告.docx", "“图4”"),
                    seen("案例报告.docx", "“图5”"),
                    seen("案例报告.docx", "“图6”"),
                    seen("案例报告.docx", "“图7”"),
                ),
            ),
        ),
    ),
    "icons_are_left_out": Case(
        with_report(report(figures=(Figure("figure", pixels=(96, 96)),))),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "案例报告中没有图表。", evidence=(seen("案例报告.docx"),)),),
    ),
    "no_figures_is_nothing_to_judge": Case(
        with_report(report(figures=())),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "案例报告中没有图表。", evidence=(seen("案例报告.docx"),)),),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r06(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
