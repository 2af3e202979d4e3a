"""Golden cases of S04: 该单位是否只有这一件申报？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.s04_only_case import RULE
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import complete_dossier, with_policy
from tests.checks.golden import Case

CASES = {
    "the_only_case_passes": Case(
        complete_dossier(), (Finding(RULE.code, Verdict.PASS, "该单位在本次征集中只有这一件申报。"),)
    ),
    "a_second_case_is_for_staff": Case(
        complete_dossier(second_case_of="AL2026-0007"),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "该单位另有申报 AL2026-0007。通知未写明每家限报几件，请经办决定两件并存还是合为一件。",
                evidence=(Evidence(place="台账", words="AL2026-0007"),),
            ),
        ),
    ),
    "a_second_case_passes_where_the_policy_says_so": Case(
        complete_dossier(second_case_of="AL2026-0007"),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "该单位另有申报 AL2026-0007；按本次征集的口径两件并存。",
                evidence=(Evidence(place="台账", words="AL2026-0007"),),
            ),
        ),
        with_policy("second_case", "accept"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_s04(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
