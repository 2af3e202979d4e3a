"""Golden cases of N01: 加盖公章的纸质件是否收到？"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from config.call import Verdict
from flows.checks.n01_paper_booked import RULE
from store.dossier.dossier import PaperReceipt
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import cases_2026, complete_dossier, with_policy
from tests.checks.golden import Case


def receipt(material: str, **changes: Any) -> PaperReceipt:
    return replace(PaperReceipt(material, date(2026, 5, 12), "SF1234567890", by="经办甲"), **changes)


CASES = {
    "nothing_booked_is_a_hint_with_the_address": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "尚未收到申报推荐表纸质件、案例报告纸质件。",
                defect="尚未收到申报推荐表纸质件、案例报告纸质件",
                cure=(
                    "请将加盖公章的申报推荐表纸质件 1 份、案例报告纸质件 1 份寄至：杭州市凤起路 2"
                    "90 号三华园 3 号楼 6 楼，张蝶兰收，电话 0571-85805136。"
                ),
            ),
        ),
    ),
    "one_paper_booked_leaves_the_other": Case(
        complete_dossier(paper=(receipt("paper_form"),)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "尚未收到案例报告纸质件。",
                defect="尚未收到案例报告纸质件",
                cure=(
                    "请将加盖公章的案例报告纸质件 1 份寄至：杭州市凤起路 290 号三华园 3 号楼 6 楼"
                    "，张蝶兰收，电话 0571-85805136。"
                ),
                evidence=(Evidence(place="纸质件登记", words="申报推荐表纸质件 2026-05-12"),),
            ),
        ),
    ),
    "both_booked_pass": Case(
        complete_dossier(paper=(receipt("paper_form"), receipt("paper_report"))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "纸质件已收到。",
                evidence=(
                    Evidence(place="纸质件登记", words="申报推荐表纸质件 2026-05-12"),
                    Evidence(place="纸质件登记", words="案例报告纸质件 2026-05-12"),
                ),
            ),
        ),
    ),
    "a_paper_without_seal_is_a_hint": Case(
        complete_dossier(paper=(receipt("paper_form"), receipt("paper_report", sealed=False))),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "案例报告纸质件未加盖公章。",
                defect="案例报告纸质件未加盖公章",
                cure=(
                    "请将加盖公章的案例报告纸质件 1 份寄至：杭州市凤起路 290 号三华园 3 号楼 6 楼"
                    "，张蝶兰收，电话 0571-85805136。"
                ),
                evidence=(
                    Evidence(place="纸质件登记", words="申报推荐表纸质件 2026-05-12"),
                    Evidence(place="纸质件登记", words="案例报告纸质件 2026-05-12"),
                ),
            ),
        ),
    ),
    "a_day_is_named_where_the_policy_sets_one": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "尚未收到申报推荐表纸质件、案例报告纸质件。",
                defect="尚未收到申报推荐表纸质件、案例报告纸质件",
                cure=(
                    "请将加盖公章的申报推荐表纸质件 1 份、案例报告纸质件 1 份于 5 月 30 日前寄到："
                    "杭州市凤起路 290 号三华园 3 号楼 6 楼，张蝶兰收，电话 0571-85805136。"
                ),
            ),
        ),
        with_policy("paper_deadline", "same_as_window"),
    ),
    "a_call_without_paper_asks_for_none": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.NOT_APPLICABLE, "本次征集不要求纸质件。"),),
        replace(cases_2026(), materials=()),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_n01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
