"""Golden cases of Q02: 申报途径是否允许，是否在推荐名额之内？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.q02_route_open import RULE
from store.dossier.dossier import Limit, Lists, Per
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import (
    RECOMMENDER,
    complete_dossier,
    field,
    key_sme_2025,
    lists,
    standing,
    with_fields,
    with_policy,
    without,
)
from tests.checks.golden import Case

CITY, COUNTY, NONE = Limit("杭州市", Per.CITY, 5, 3), Limit("桐庐县", Per.UNIT, 4), Limit()

CASES = {
    "a_recommended_firm_within_quota_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“浙江省轴承工业协会”推荐的第 1 件，名额 2-3 个。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 1 件"),
                ),
            ),
        ),
    ),
    "a_class_judged_by_name_is_said": Case(
        complete_dossier(lists=lists(recommender=standing(listed=False))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“浙江省轴承工业协会”推荐的第 1 件，名额 2-3 个（按名称归类）。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 1 件"),
                ),
            ),
        ),
    ),
    "one_more_than_the_quota_is_for_staff": Case(
        complete_dossier(lists=lists(recommender=standing(used=4, rank=4))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“浙江省轴承工业协会”推荐的第 4 件，超过名额上限 3 个，请经办与推荐单位商定。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 4 件"),
                ),
            ),
        ),
    ),
    "the_last_of_the_quota_passes_though_more_came_later": Case(
        complete_dossier(lists=lists(recommender=standing(used=4, rank=3))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“浙江省轴承工业协会”推荐的第 3 件，名额 2-3 个。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 3 件"),
                ),
            ),
        ),
    ),
    "one_more_passes_where_the_policy_says_so": Case(
        complete_dossier(lists=lists(recommender=standing(used=4, rank=4))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“浙江省轴承工业协会”推荐的第 4 件，名额 2-3 个。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 4 件"),
                ),
            ),
        ),
        with_policy("over_quota", "accept"),
    ),
    "a_city_counts_as_one_where_the_policy_says_so": Case(
        complete_dossier(
            lists=lists(recommender=standing(name="杭州市企业家协会", pool="city", used=6, rank=6, limit=CITY))
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“杭州市”推荐的第 6 件，超过名额上限 5 个，请经办与推荐单位商定。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="杭州市企业家协会，收到的第 6 件"),
                ),
            ),
        ),
        with_policy("quota_per", "city"),
    ),
    "a_member_uses_no_quota_where_the_policy_says_so": Case(
        complete_dossier(lists=lists(recommender=standing(used=4, rank=4))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "会员单位，经“浙江省轴承工业协会”推荐；按口径不占推荐名额。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="浙江省轴承工业协会，收到的第 4 件"),
                ),
            ),
        ),
        with_policy("member_recommended", "free"),
    ),
    "a_body_of_no_class_is_for_staff": Case(
        complete_dossier(lists=lists(recommender=standing(name="杭州某咨询公司", pool="", limit=NONE))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "推荐单位“杭州某咨询公司”不属于通知所列的推荐单位类别，请经办核实。",
                evidence=(
                    Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="推荐名额", words="杭州某咨询公司，收到的第 1 件"),
                ),
            ),
        ),
    ),
    "a_member_by_itself_passes": Case(
        complete_dossier(recommender="自荐", lists=lists(recommender=None)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "分会会员（会员名单第5行），可以自荐。",
                evidence=(Evidence(place="会员名单第5行（截至 2026-03-01）", words="杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "a_recommender_nobody_compared_is_for_staff": Case(
        complete_dossier(lists=Lists()),
        (Finding(RULE.code, Verdict.DOUBT, "推荐单位“浙江省轴承工业协会”尚未与名单核对，请经办核实其类别和名额。"),),
    ),
    "without_a_form_nobody_is_known_yet": Case(
        replace(without("form"), recommender="", lists=Lists()),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，尚不知推荐单位；收到后再核对。"),),
    ),
    "a_blank_field_is_asked_about_once_by_the_rule_on_the_field": Case(
        replace(with_fields(recommender=field("")), recommender="", lists=Lists()),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "申报推荐表的推荐单位一栏尚未确认，见 F06；确认后再核对。"),),
    ),
    "a_field_read_with_doubt_is_asked_about_once_by_the_rule_on_the_field": Case(
        replace(with_fields(recommender=field(RECOMMENDER, certain=False)), lists=Lists()),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "申报推荐表的推荐单位一栏尚未确认，见 F06；确认后再核对。"),),
    ),
    "another_recommender_than_the_doubtful_field_says_is_still_for_staff": Case(
        replace(with_fields(recommender=field("看不清", certain=False)), lists=Lists()),
        (Finding(RULE.code, Verdict.DOUBT, "推荐单位“浙江省轴承工业协会”尚未与名单核对，请经办核实其类别和名额。"),),
    ),
    "nobody_and_no_list_is_for_staff": Case(
        complete_dossier(recommender="", lists=Lists()),
        (Finding(RULE.code, Verdict.DOUBT, "没有推荐单位，也尚未导入会员名单，请经办核实是否为会员自荐。"),),
    ),
    "nobody_and_not_a_member_is_for_staff": Case(
        complete_dossier(recommender="自荐", lists=lists(recommender=None, membership=None)),
        (
            Finding(
                RULE.code, Verdict.DOUBT, "没有推荐单位，会员名单（截至 2026-03-01）中也没有找到该单位，请经办核实。"
            ),
        ),
    ),
    "a_county_within_its_printed_quota_passes": Case(
        complete_dossier(
            lists=lists(
                membership=None,
                recommender=standing(name="桐庐县经信局", used=4, rank=4, limit=COUNTY),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“桐庐县”推荐的第 4 件，名额 4 个。",
                evidence=(Evidence(place="推荐名额", words="桐庐县经信局，收到的第 4 件"),),
            ),
        ),
        key_sme_2025(),
    ),
    "a_county_beyond_its_printed_quota_is_for_staff": Case(
        complete_dossier(
            lists=lists(
                membership=None,
                recommender=standing(name="桐庐县经信局", used=5, rank=5, limit=COUNTY),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“桐庐县”推荐的第 5 件，超过名额 4 个，请经办与推荐单位商定。",
                evidence=(Evidence(place="推荐名额", words="桐庐县经信局，收到的第 5 件"),),
            ),
        ),
        key_sme_2025(),
    ),
    "a_region_outside_the_table_is_for_staff": Case(
        complete_dossier(lists=lists(membership=None, recommender=standing(name="鄞州区经信局", limit=NONE))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "推荐单位“鄞州区经信局”所属地区不在推荐名额表中，请经办核实。",
                evidence=(Evidence(place="推荐名额", words="鄞州区经信局，收到的第 1 件"),),
            ),
        ),
        key_sme_2025(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_q02(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
