"""Golden cases of F04: 案例名称是否填写，是否像一个题目？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.f04_case_title_filled import RULE
from parsers.facts.looks import FormKind, Look
from store.dossier.finding import Finding
from tests.checks.dossiers import (
    APPLICANT,
    CASE_TITLE,
    LOCKED,
    complete_dossier,
    field,
    form,
    scan,
    with_fields,
    with_form,
    without,
)
from tests.checks.golden import Case, seen

CASES = {
    "a_title_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“案例名称”为“杭州钱江精密轴承有限公司关键核心技术突破机制”。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "杭州钱江精密轴承有限公司关键核心技术突破机制"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_locked_form_is_left_to_a01": Case(
        with_form(problems=(LOCKED,)),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "申报推荐表“推荐表.pdf”无法打开，见 A01。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
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
    "another_form_is_left_to_f08": Case(
        with_form(scan(form=form(kind=FormKind.OTHER, title="会员登记表", case_title=field("")))),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "所报表格可能不是本次征集的申报推荐表，见 F08。",
                evidence=(seen("推荐表.pdf", words="会员登记表"),),
            ),
        ),
    ),
    "a_certainly_blank_field_is_missing": Case(
        with_fields(case_title=field("", crop="c5")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”的“案例名称”一栏空白。",
                defect="申报推荐表“推荐表.pdf”的“案例名称”一栏没有填写",
                cure="请填写“案例名称”，加盖公章后重新扫描发送。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", crop="c5"),),
            ),
        ),
    ),
    "an_unread_field_is_for_staff": Case(
        with_fields(case_title=field("", certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未能读出“案例名称”，请人工查看。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”"),),
            ),
        ),
    ),
    "a_form_that_could_not_be_read_is_for_staff": Case(
        with_form(scan(form=None)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未能读出申报推荐表“推荐表.pdf”的“案例名称”，请人工查看。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "an_unsure_title_that_the_report_confirms_passes": Case(
        with_fields(case_title=field(CASE_TITLE, certain=False, confidence=0.6)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“案例名称”为“杭州钱江精密轴承有限公司关键核心技术突破机制”。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "杭州钱江精密轴承有限公司关键核心技术突破机制"),),
            ),
        ),
    ),
    "an_unsure_title_is_for_staff": Case(
        with_fields(case_title=field("精益生产之路", certain=False, confidence=0.6)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“案例名称”似为“精益生产之路”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "精益生产之路"),),
            ),
        ),
    ),
    "a_sample_title_is_for_staff": Case(
        with_fields(case_title=field("××企业品牌化发展模式")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“案例名称”填的是“××企业品牌化发展模式”，像是未填的样例，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "××企业品牌化发展模式"),),
            ),
        ),
    ),
    "an_unsure_sample_title_is_for_staff_as_unsure": Case(
        with_fields(case_title=field("××企业品牌化发展模式", certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“案例名称”似为“××企业品牌化发展模式”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "××企业品牌化发展模式"),),
            ),
        ),
    ),
    "a_title_of_two_characters_is_for_staff": Case(
        with_fields(case_title=field("案例")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“案例名称”为“案例”：不像完整的案例名称，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "案例"),),
            ),
        ),
    ),
    "the_firms_name_as_title_is_for_staff": Case(
        with_fields(case_title=field(APPLICANT)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“案例名称”为“杭州钱江精密轴承有限公司”：与申报单位名称相同，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“案例名称”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f04(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
