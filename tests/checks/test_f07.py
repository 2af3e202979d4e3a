"""Golden cases of F07: 报送时间是否填写，是否合理？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.f07_date_filled import RULE
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, field, with_fields, without
from tests.checks.golden import Case, seen

CASES = {
    "a_date_between_notice_and_receipt_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“报送时间”为“2026-05-07”。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026-05-07"),),
            ),
        ),
    ),
    "the_day_of_receipt_passes": Case(
        with_fields(submitted_on=field("2026-05-08")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“报送时间”为“2026-05-08”。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026-05-08"),),
            ),
        ),
    ),
    "the_day_of_the_notice_passes": Case(
        with_fields(submitted_on=field("2026-03-16")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "“报送时间”为“2026-03-16”。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026-03-16"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_certainly_blank_field_is_missing": Case(
        with_fields(submitted_on=field("")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”的“报送时间”一栏空白。",
                defect="申报推荐表“推荐表.pdf”的“报送时间”一栏没有填写",
                cure="请填写“报送时间”，加盖公章后重新扫描发送。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”"),),
            ),
        ),
    ),
    "a_date_after_receipt_is_for_staff": Case(
        with_fields(submitted_on=field("2026-05-09")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“报送时间”为“2026-05-09”：晚于收到之日 2026-05-08，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026-05-09"),),
            ),
        ),
    ),
    "a_date_before_the_notice_is_for_staff": Case(
        with_fields(submitted_on=field("2025-05-08")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“报送时间”为“2025-05-08”：早于通知印发日 2026-03-16，请人工核实是否为往年表格。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2025-05-08"),),
            ),
        ),
    ),
    "words_that_are_no_date_are_for_staff": Case(
        with_fields(submitted_on=field("2026年5月")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“报送时间”为“2026年5月”：不是完整的年月日，请人工核实。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026年5月"),),
            ),
        ),
    ),
    "an_unsure_date_is_for_staff": Case(
        with_fields(submitted_on=field("2026-05-07", certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "“报送时间”似为“2026-05-07”，未能确认，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页“报送时间”", "2026-05-07"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f07(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
