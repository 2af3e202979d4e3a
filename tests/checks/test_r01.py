"""Golden cases of R01: 是否收到案例报告？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.r01_report_present import RULE
from parsers.facts.leaf import Role
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, filed, form_file, without
from tests.checks.golden import Case, seen

CASES = {
    "a_filed_report_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "已收到案例报告“案例报告.docx”。", evidence=(seen("案例报告.docx"),)),),
    ),
    "no_report_is_missing": Case(
        without("report"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有案例报告。",
                defect="未收到案例报告",
                cure="请按通知的撰写要求撰写，以“word 格式”发送。",
            ),
        ),
    ),
    "a_locked_word_file_may_hold_it": Case(
        complete_dossier(files=(form_file(), filed("案例.docx", type="docx-encrypted", role=Role.UNREADABLE))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未见案例报告，但可能在尚未读到或归档的“案例.docx”中。",
                waits_for=("案例.docx",),
            ),
        ),
    ),
    "a_broken_picture_cannot_hold_it": Case(
        complete_dossier(files=(form_file(), filed("照片1.jpg", type="jpeg", role=Role.UNREADABLE))),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有案例报告。",
                defect="未收到案例报告",
                cure="请按通知的撰写要求撰写，以“word 格式”发送。",
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_r01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
