"""Golden cases of S03: 申报单位是否在征集的地域范围内？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.s03_seated_in_region import RULE
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import complete_dossier, key_sme_2025
from tests.checks.golden import Case

CASES = {
    "a_code_of_the_province_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "统一社会信用代码的登记地在浙江省。",
                evidence=(Evidence(place="统一社会信用代码第3至8位", words="330100"),),
            ),
        ),
    ),
    "without_a_code_there_is_nothing_to_judge": Case(
        complete_dossier(credit_code=""),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未读到统一社会信用代码，地域由经办在初审时核对。"),),
    ),
    "a_code_of_another_province_is_for_staff": Case(
        complete_dossier(credit_code="91310115MA1K4XYZ18"),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "统一社会信用代码的登记地不在浙江省，请核实企业所在地。",
                evidence=(Evidence(place="统一社会信用代码第3至8位", words="310115"),),
            ),
        ),
    ),
    "ningbo_belongs_to_the_province": Case(
        complete_dossier(credit_code="91330200MA2AXYZ12A"),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "统一社会信用代码的登记地在浙江省。",
                evidence=(Evidence(place="统一社会信用代码第3至8位", words="330200"),),
            ),
        ),
    ),
    "ningbo_is_outside_where_the_call_excludes_it": Case(
        complete_dossier(credit_code="91330200MA2AXYZ12A"),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "统一社会信用代码的登记地在宁波市，不属本次征集范围，请核实企业所在地。",
                evidence=(Evidence(place="统一社会信用代码第3至8位", words="330200"),),
            ),
        ),
        key_sme_2025(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_s03(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
