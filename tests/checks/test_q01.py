"""Golden cases of Q01: 申报单位是否获评所列称号之一？"""

from __future__ import annotations

from datetime import date

import pytest

from config.call import Verdict
from flows.checks.q01_title_held import RULE
from store.dossier.dossier import Lists, TitleHeld
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import complete_dossier, key_sme_2025, lists, with_policy
from tests.checks.golden import Case


def held(title: str, valid_until: date | None = None) -> TitleHeld:
    return TitleHeld(title, "称号名单", 3, date(2026, 3, 1), "", valid_until)


CASES = {
    "a_listed_title_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "获评国家级专精特新“小巨人”企业（小巨人名单第12行）。",
                evidence=(
                    Evidence(
                        place="小巨人名单第12行（截至 2026-03-01）",
                        words="国家级专精特新“小巨人”企业第五批，有效期至 2027-06-30",
                    ),
                ),
            ),
        ),
    ),
    "without_a_list_staff_look": Case(
        complete_dossier(lists=Lists()),
        (Finding(RULE.code, Verdict.DOUBT, "尚未导入称号名单，请经办核对是否获评所列称号之一。"),),
    ),
    "a_firm_that_is_not_listed_is_for_staff": Case(
        complete_dossier(lists=lists(titles=())),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "称号名单（截至 2026-03-01）中没有找到“杭州钱江精密轴承有限公司”，请经办核实。",
            ),
        ),
    ),
    "another_title_is_not_enough": Case(
        complete_dossier(lists=lists(titles=(held("高新技术企业"),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "称号名单（截至 2026-03-01）中没有找到“杭州钱江精密轴承有限公司”，请经办核实。",
                evidence=(Evidence(place="称号名单第3行（截至 2026-03-01）", words="高新技术企业"),),
            ),
        ),
    ),
    "a_title_written_otherwise_passes": Case(
        complete_dossier(lists=lists(titles=(held("浙江省专精特新中小企业"),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "获评浙江省专精特新中小企业（称号名单第3行）。",
                evidence=(Evidence(place="称号名单第3行（截至 2026-03-01）", words="浙江省专精特新中小企业"),),
            ),
        ),
    ),
    "an_expired_title_is_for_staff": Case(
        complete_dossier(lists=lists(titles=(held("省级专精特新中小企业", date(2026, 5, 7)),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "获评省级专精特新中小企业，有效期至 2026-05-07，申报时已过期，请经办核实。",
                evidence=(
                    Evidence(
                        place="称号名单第3行（截至 2026-03-01）", words="省级专精特新中小企业，有效期至 2026-05-07"
                    ),
                ),
            ),
        ),
    ),
    "the_last_valid_day_passes": Case(
        complete_dossier(lists=lists(titles=(held("省级专精特新中小企业", date(2026, 5, 8)),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "获评省级专精特新中小企业（称号名单第3行）。",
                evidence=(
                    Evidence(
                        place="称号名单第3行（截至 2026-03-01）", words="省级专精特新中小企业，有效期至 2026-05-08"
                    ),
                ),
            ),
        ),
    ),
    "an_expired_title_passes_where_the_policy_says_so": Case(
        complete_dossier(lists=lists(titles=(held("省级专精特新中小企业", date(2026, 5, 7)),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "获评省级专精特新中小企业，已过有效期；按本次征集的口径仍可申报。",
                evidence=(
                    Evidence(
                        place="称号名单第3行（截至 2026-03-01）", words="省级专精特新中小企业，有效期至 2026-05-07"
                    ),
                ),
            ),
        ),
        with_policy("expired_title", "accept"),
    ),
    "an_excluded_title_is_for_staff": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "名单中为国家级专精特新“小巨人”企业，本次征集不含此类企业，请经办核实。",
                evidence=(
                    Evidence(
                        place="小巨人名单第12行（截至 2026-03-01）",
                        words="国家级专精特新“小巨人”企业第五批，有效期至 2027-06-30",
                    ),
                ),
            ),
        ),
        key_sme_2025(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_q01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
