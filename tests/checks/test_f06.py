"""Golden cases of F06: 推荐单位是否填写？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.f06_recommender_filled import RULE
from store.dossier.dossier import Lists, RecommenderStanding
from store.dossier.finding import Finding
from tests.checks.dossiers import (
    APPLICANT,
    RECOMMENDER,
    complete_dossier,
    field,
    key_sme_2025,
    lists,
    with_fields,
    with_policy,
    without,
)
from tests.checks.golden import Case, seen

CASES = {
    "a_blank_field_where_the_notice_knows_no_other_way_is_asked_for_and_no_membership_is_spoken_of": Case(
        replace(with_fields(recommender=field("")), lists=lists(membership=None)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "“重点省专”企业申请表“推荐表.pdf”的“推荐单位”一栏空白。",
                defect="“重点省专”企业申请表“推荐表.pdf”的“推荐单位”一栏没有填写",
                cure="请填写推荐单位全称，加盖公章后重新扫描发送。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”"),),
            ),
        ),
        key_sme_2025(),
    ),
    "self_nomination_where_the_notice_knows_no_such_way_is_for_staff": Case(
        with_fields(recommender=field("自荐")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐单位”为“自荐”：通知没有自荐的途径，请人工核实由谁推荐。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "自荐"),),
            ),
        ),
        key_sme_2025(),
    ),
    "self_nomination_of_a_listed_member_is_certain_though_read_with_doubt": Case(
        with_fields(recommender=field("自荐", certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐单位”为“自荐”。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "自荐"),),
            ),
        ),
    ),
    "self_nomination_of_no_member_read_with_doubt_is_for_staff": Case(
        replace(with_fields(recommender=field("自荐", certain=False)), lists=lists(membership=None)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐单位”似为“自荐”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "自荐"),),
            ),
        ),
    ),
    "a_recommender_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐单位”为“浙江省轴承工业协会”。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_blank_field_of_a_member_passes": Case(
        with_fields(recommender=field("")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "推荐单位一栏空白；申报单位是分会会员，可以自荐。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”"),),
            ),
        ),
    ),
    "a_blank_field_of_a_firm_not_on_the_member_list_is_missing": Case(
        replace(with_fields(recommender=field("")), lists=lists(membership=None)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”的“推荐单位”一栏空白。",
                defect="申报推荐表“推荐表.pdf”的“推荐单位”一栏没有填写",
                cure=("请填写推荐单位全称；分会会员单位自荐的，请填写“自荐（会员单位）”。加盖公章后重新扫描发送。"),
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”"),),
            ),
        ),
    ),
    "a_blank_field_without_a_member_list_is_missing": Case(
        replace(with_fields(recommender=field("")), lists=Lists()),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”的“推荐单位”一栏空白。",
                defect="申报推荐表“推荐表.pdf”的“推荐单位”一栏没有填写",
                cure=("请填写推荐单位全称；分会会员单位自荐的，请填写“自荐（会员单位）”。加盖公章后重新扫描发送。"),
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”"),),
            ),
        ),
    ),
    "a_blank_field_without_a_member_list_is_for_staff_where_the_policy_says_so": Case(
        replace(with_fields(recommender=field("")), lists=Lists()),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "推荐单位一栏空白；尚未导入会员名单，不能确定是否为会员自荐，请经办核实。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”"),),
            ),
        ),
        with_policy("blank_recommender", "doubt"),
    ),
    "self_nomination_in_words_passes": Case(
        with_fields(recommender=field("自荐（会员单位）")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐单位”为“自荐（会员单位）”。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "自荐（会员单位）"),),
            ),
        ),
    ),
    "the_applicant_as_its_own_recommender_passes_for_a_member": Case(
        with_fields(recommender=field(APPLICANT)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐单位”为“杭州钱江精密轴承有限公司”。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "the_applicant_as_its_own_recommender_is_for_staff_otherwise": Case(
        replace(with_fields(recommender=field(APPLICANT)), lists=Lists()),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("“推荐单位”为“杭州钱江精密轴承有限公司”：与申报企业相同，像是自荐，请人工核实是否为会员单位。"),
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "an_unsure_name_that_the_list_confirms_passes": Case(
        with_fields(recommender=field(RECOMMENDER, certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“推荐单位”为“浙江省轴承工业协会”。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "an_unsure_name_whose_class_was_only_guessed_is_for_staff": Case(
        replace(
            with_fields(recommender=field(RECOMMENDER, certain=False)),
            lists=lists(recommender=RecommenderStanding(RECOMMENDER, "provincial", listed=False)),
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐单位”似为“浙江省轴承工业协会”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "an_unsure_name_that_no_list_confirms_is_for_staff": Case(
        replace(with_fields(recommender=field(RECOMMENDER, certain=False)), lists=Lists()),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐单位”似为“浙江省轴承工业协会”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "a_word_too_short_is_for_staff": Case(
        with_fields(recommender=field("协会")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“推荐单位”为“协会”：不像单位全称，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“推荐单位”", "协会"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f06(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
