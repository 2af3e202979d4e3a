"""Golden cases of F08: 所报表格是否为本次征集的推荐表？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.f08_form_of_this_call import RULE
from parsers.facts.looks import FormKind, Look
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, form, scan, with_form, without
from tests.checks.golden import Case, seen

CASES = {
    "the_form_of_this_call_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐表.pdf”是本次征集的申报推荐表。",
                evidence=(seen("推荐表.pdf", "表格标题", "浙江省专精特新企业发展优秀案例申报推荐表"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_word_form_is_left_to_f02": Case(
        with_form(type="docx", look=Look(type="docx")),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "申报推荐表“推荐表.pdf”不是扫描件，见 F02。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "a_form_without_title_is_for_staff": Case(
        with_form(scan(form=form(kind=FormKind.UNKNOWN, title=""))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("“推荐表.pdf”上未认出表格标题，请人工确认是否为《浙江省专精特新企业发展优秀案例申报推荐表》。"),
                evidence=(seen("推荐表.pdf", "表格标题"),),
            ),
        ),
    ),
    "last_years_form_is_for_staff": Case(
        with_form(scan(form=form(kind=FormKind.OLD, title="2025年优秀案例申报推荐表"))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐表.pdf”的标题为“2025年优秀案例申报推荐表”，像是往年的表格，请人工确认。",
                evidence=(seen("推荐表.pdf", "表格标题", "2025年优秀案例申报推荐表"),),
            ),
        ),
    ),
    "another_form_is_for_staff": Case(
        with_form(scan(form=form(kind=FormKind.OTHER, title="会员登记表"))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐表.pdf”的标题为“会员登记表”，不像本次征集的申报推荐表，请人工确认。",
                evidence=(seen("推荐表.pdf", "表格标题", "会员登记表"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f08(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
