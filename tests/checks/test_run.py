"""Running rules: which run, how far they go, and what staff decided."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

import pytest

from config.call import Call, Verdict
from flows.checks.rule import Rule
from flows.checks.run import run_rules
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding, Ruling
from tests.checks.dossiers import ZONE, cases_2026, complete_dossier, scan, with_form, with_report, without

FOUND = Finding("F01", Verdict.MISSING, "没有。", "未收到", "请补发。")


def calling(worst: Verdict, *, forcable: bool = True) -> Call:
    """The main call with F01 alone, capped."""
    spec = replace(cases_2026().rules["F01"], worst=worst, forcable=forcable)
    return replace(cases_2026(), rules={"F01": spec})


def saying(*findings: Finding) -> dict[str, Rule]:
    """Rules of which F01 always says this."""
    return {"F01": Rule("F01", "form_present", "？", lambda _dossier, _call: findings)}


def ruling(verdict: Verdict, reason: str = "经电话核实", hour: int = 9, **changes: str) -> Ruling:
    whole = Ruling("F01", "", verdict, reason, "经办甲", datetime(2026, 5, 9, hour, tzinfo=ZONE))
    return replace(whole, **changes)


def test_rules_run_in_the_order_of_the_call_and_no_others_run() -> None:
    rules = cases_2026().rules
    call = replace(cases_2026(), rules={code: rules[code] for code in ("P01", "F01", "S01")})

    assert [f.code for f in run_rules(complete_dossier(), call)] == ["P01", "F01", "S01"]


def test_a_code_that_no_rule_answers_is_passed_over() -> None:
    call = replace(cases_2026(), rules={"Z99": cases_2026().rules["F01"]})

    assert run_rules(complete_dossier(), call) == ()


def test_the_same_dossier_gives_the_same_findings_twice() -> None:
    assert run_rules(without("photos"), cases_2026()) == run_rules(without("photos"), cases_2026())


@pytest.mark.parametrize(
    ("found", "worst", "expected"),
    [
        (FOUND, Verdict.MISSING, FOUND),
        (replace(FOUND, verdict=Verdict.HINT), Verdict.MISSING, replace(FOUND, verdict=Verdict.HINT)),
        (FOUND, Verdict.HINT, replace(FOUND, verdict=Verdict.HINT)),
        (FOUND, Verdict.DOUBT, replace(FOUND, verdict=Verdict.DOUBT, defect="", cure="")),
        (FOUND, Verdict.PASS, replace(FOUND, verdict=Verdict.PASS, defect="", cure="")),
        (
            replace(FOUND, verdict=Verdict.HINT),
            Verdict.DOUBT,
            replace(FOUND, verdict=Verdict.HINT),
        ),
        (
            Finding("F01", Verdict.DOUBT, "不清楚。"),
            Verdict.HINT,
            Finding("F01", Verdict.DOUBT, "不清楚。"),
        ),
        (Finding("F01", Verdict.PASS, "有。"), Verdict.HINT, Finding("F01", Verdict.PASS, "有。")),
    ],
    ids=[
        "missing_stays_under_missing",
        "a_hint_stays_under_missing",
        "missing_becomes_a_hint",
        "missing_becomes_a_doubt_without_words_for_the_applicant",
        "missing_becomes_pass",
        "a_hint_stays_under_doubt",
        "a_doubt_accuses_nobody_and_stays",
        "pass_stays",
    ],
)
def test_a_verdict_goes_no_further_than_the_call_allows(found: Finding, worst: Verdict, expected: Finding) -> None:
    assert run_rules(complete_dossier(), calling(worst), saying(found)) == (expected,)


def test_a_rule_that_fails_by_our_fault_becomes_a_doubt_and_the_others_run_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(dossier: Dossier, _call: Call) -> tuple[Finding, ...]:
        raise ValueError(dossier.applicant)

    rules = {**saying(FOUND), "F02": Rule("F02", "form_is_pdf", "？", broken)}
    specs = cases_2026().rules
    call = replace(cases_2026(), rules={"F02": specs["F02"], "F01": specs["F01"]})
    logger = logging.getLogger("flows.checks.run")
    logger.addHandler(caplog.handler)
    try:
        findings = run_rules(complete_dossier(), call, rules)
    finally:
        logger.removeHandler(caplog.handler)

    assert findings == (
        Finding(
            "F02",
            Verdict.DOUBT,
            "规则自身出错（ValueError），请人工核对此项。",
            evidence=(Evidence(place="规则 F02", words="ValueError"),),
        ),
        FOUND,
    )
    assert "rule F02 failed on AL2026-0042: ValueError" in caplog.text
    assert complete_dossier().applicant not in caplog.text


def test_staff_who_let_a_defect_pass_take_its_words_out_of_the_letter() -> None:
    decided = ruling(Verdict.PASS)
    dossier = complete_dossier(rulings=(decided,))

    assert run_rules(dossier, calling(Verdict.MISSING), saying(FOUND)) == (
        replace(FOUND, verdict=Verdict.PASS, defect="", cure="", ruling=decided),
    )


def test_staff_who_find_a_defect_give_their_reason_to_the_letter() -> None:
    decided = ruling(Verdict.MISSING, "推荐表未盖公章")
    dossier = complete_dossier(rulings=(decided,))
    doubt = Finding("F01", Verdict.DOUBT, "不清楚。")

    assert run_rules(dossier, calling(Verdict.MISSING), saying(doubt)) == (
        Finding(
            "F01",
            Verdict.MISSING,
            "不清楚。",
            "推荐表未盖公章",
            "请按上述意见处理后重新发送。",
            ruling=decided,
        ),
    )


def test_the_last_ruling_counts_whatever_their_order() -> None:
    first, last = ruling(Verdict.PASS, hour=9), ruling(Verdict.DOUBT, hour=11)
    dossier = complete_dossier(rulings=(last, first))

    assert run_rules(dossier, calling(Verdict.MISSING), saying(FOUND))[0].ruling == last


def test_a_ruling_touches_only_its_own_code_and_item() -> None:
    dossier = complete_dossier(
        rulings=(ruling(Verdict.PASS, item="一.zip"), ruling(Verdict.PASS, code="F02", item="二.zip"))
    )
    one, two = replace(FOUND, item="一.zip"), replace(FOUND, item="二.zip")
    findings = run_rules(dossier, calling(Verdict.MISSING), saying(one, two))

    assert [(f.item, f.verdict) for f in findings] == [("一.zip", Verdict.PASS), ("二.zip", Verdict.MISSING)]


def test_a_rule_that_staff_may_not_override_stands() -> None:
    dossier = complete_dossier(rulings=(ruling(Verdict.PASS),))

    assert run_rules(dossier, calling(Verdict.MISSING, forcable=False), saying(FOUND)) == (FOUND,)


def test_a_ruling_stands_though_the_finding_changed() -> None:
    decided = Ruling("F03", "", Verdict.PASS, "看过原件", "经办甲", datetime(2026, 5, 9, tzinfo=ZONE), basis="存疑")
    dossier = replace(with_form(scan(seals=())), rulings=(decided,))
    (found,) = [f for f in run_rules(dossier, cases_2026()) if f.code == "F03"]

    assert (found.verdict, found.ruling) == (Verdict.PASS, decided)
    assert found.message == "申报推荐表“推荐表.pdf”是清晰的彩色页面，未见印章。"


def test_an_empty_submission_says_what_is_missing_and_no_more() -> None:
    findings = run_rules(complete_dossier(files=()), cases_2026())

    assert [f.code for f in findings if f.verdict is Verdict.MISSING] == ["F01", "R01", "P01"]


def test_a_pdf_report_is_judged_in_full_so_that_the_letter_can_say_everything_at_once() -> None:
    findings = run_rules(with_report(type="pdf"), cases_2026())

    assert [f.code for f in findings if f.verdict is Verdict.MISSING] == ["R02"]
    assert [f.verdict for f in findings if f.code in {"R03", "R04", "R05"}] == [Verdict.PASS] * 3
