"""Golden cases of F05: 申报企业（全称）是否填写，是否像一个企业全称？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.f05_applicant_filled import RULE
from store.dossier.dossier import NameClaim
from store.dossier.finding import Finding
from tests.checks.dossiers import APPLICANT, RECOMMENDER, complete_dossier, field, with_fields, without
from tests.checks.golden import Case, seen

CASES = {
    "a_full_name_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“申报企业（全称）”为“杭州钱江精密轴承有限公司”。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_certainly_blank_field_is_missing": Case(
        with_fields(applicant=field("")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”的“申报企业（全称）”一栏空白。",
                defect="申报推荐表“推荐表.pdf”的“申报企业（全称）”一栏没有填写",
                cure="请填写“申报企业（全称）”，加盖公章后重新扫描发送。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”"),),
            ),
        ),
    ),
    "an_unsure_name_that_the_report_confirms_passes": Case(
        with_fields(applicant=field(APPLICANT, certain=False, confidence=0.7)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“申报企业（全称）”为“杭州钱江精密轴承有限公司”。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "an_unsure_name_that_only_the_form_gives_is_for_staff": Case(
        replace(
            with_fields(applicant=field(APPLICANT, certain=False, confidence=0.7)),
            names=(NameClaim(APPLICANT, "form", 0.7),),
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“申报企业（全称）”似为“杭州钱江精密轴承有限公司”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "an_unsure_name_of_an_uncertain_applicant_is_for_staff": Case(
        replace(with_fields(applicant=field(APPLICANT, certain=False, confidence=0.7)), applicant_certain=False),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“申报企业（全称）”似为“杭州钱江精密轴承有限公司”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "the_recommenders_name_is_for_staff": Case(
        with_fields(applicant=field(RECOMMENDER)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("“申报企业（全称）”为“浙江省轴承工业协会”：与推荐单位相同，请人工核实哪一个是申报企业。"),
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "a_name_that_is_no_company_is_for_staff": Case(
        with_fields(applicant=field("钱江轴承")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“申报企业（全称）”为“钱江轴承”：不像企业全称，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“申报企业（全称）”", "钱江轴承"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f05(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
