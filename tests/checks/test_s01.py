"""Golden cases of S01: 材料是否在征集时间内收到？"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config.call import Verdict
from flows.checks.s01_received_in_time import RULE
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding
from store.states import VersionState
from tests.checks.dossiers import ZONE, complete_dossier, filed, form_file, mail, photo, report_file, with_policy
from tests.checks.golden import Case, seen

LATE = datetime(2026, 5, 31, 8, 0, tzinfo=ZONE)


BOTH = "收件服务器记为 2026-05-31 01:00:00 收到，信头 Received 写的是 2026-05-30 17:00:00"


def arriving(moment: datetime) -> Dossier:
    """A complete submission whose only mail came at this moment."""
    whole = complete_dossier(first_received=moment, last_received=moment, mails=(mail(received=moment),))
    return replace(whole, files=tuple(replace(f, received=moment) for f in whole.files))


CASES = {
    "material_inside_the_window_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-08 09:30，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-08 09:30"),),
            ),
        ),
    ),
    "last_minute_of_the_last_day_passes": Case(
        arriving(datetime(2026, 5, 30, 23, 59, 59, tzinfo=ZONE)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-30 23:59，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-30 23:59"),),
            ),
        ),
    ),
    "first_moment_after_the_last_day_is_held_for_staff": Case(
        arriving(datetime(2026, 5, 31, tzinfo=ZONE)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "逾期：首份材料收到于 2026-05-31 00:00，截止时刻为 2026-05-30 24:00。请经办决定是否接收。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-31 00:00"),),
            ),
        ),
    ),
    "the_zone_of_the_call_counts_and_not_utc": Case(
        arriving(datetime(2026, 5, 30, 16, 0, tzinfo=UTC)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "逾期：首份材料收到于 2026-05-31 00:00，截止时刻为 2026-05-30 24:00。请经办决定是否接收。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-31 00:00"),),
            ),
        ),
    ),
    "the_first_moment_of_the_window_passes": Case(
        arriving(datetime(2026, 3, 16, tzinfo=ZONE)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-03-16 00:00，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-03-16 00:00"),),
            ),
        ),
    ),
    "a_supplement_at_the_closing_moment_is_late": Case(
        complete_dossier(
            files=(form_file(), report_file(), photo(1), photo(2, received=datetime(2026, 5, 31, tzinfo=ZONE)))
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("截止前已申报；以下补充材料收到于截止之后：照片2.jpg。通知未写明截止后能否补正，请经办决定。"),
                evidence=(seen("照片2.jpg", "收件服务器时间", "2026-05-31 00:00"),),
            ),
        ),
    ),
    "before_the_window_is_held_for_staff": Case(
        arriving(datetime(2026, 3, 15, 23, 59, tzinfo=ZONE)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "首份材料收到于 2026-03-15 23:59，早于征集开始。",
                evidence=(Evidence(place="收件服务器时间", words="2026-03-15 23:59"),),
            ),
        ),
    ),
    "late_but_accepted_by_staff_passes": Case(
        replace(arriving(LATE), late_accepted=True),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-31 08:00，已逾期；经办已同意接收。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-31 08:00"),),
            ),
        ),
    ),
    "late_passes_where_the_policy_says_so": Case(
        arriving(LATE),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-31 08:00，已逾期；按本次征集的口径照常接收。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-31 08:00"),),
            ),
        ),
        with_policy("late_mail", "accept"),
    ),
    "an_extension_moves_the_last_moment": Case(
        replace(arriving(LATE), extended_to=datetime(2026, 6, 5, tzinfo=ZONE)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-31 08:00，在经办同意延长的期限内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-31 08:00"),),
            ),
        ),
    ),
    "a_late_supplement_to_a_timely_submission_is_held": Case(
        complete_dossier(files=(form_file(), report_file(), photo(1), photo(2, received=LATE))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("截止前已申报；以下补充材料收到于截止之后：照片2.jpg。通知未写明截止后能否补正，请经办决定。"),
                evidence=(seen("照片2.jpg", "收件服务器时间", "2026-05-31 08:00"),),
            ),
        ),
    ),
    "a_late_correction_is_held_though_the_timely_form_still_counts": Case(
        complete_dossier(
            files=(
                form_file(),
                report_file(),
                photo(1),
                filed(
                    "推荐表（更正）.pdf",
                    material="form",
                    role=Role.FORM,
                    received=LATE,
                    state=VersionState.SUPERSEDED,
                ),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                (
                    "截止前已申报；以下补充材料收到于截止之后：推荐表（更正）.pdf。通知未写明截止后能否补正，请经办决定。"
                ),
                evidence=(seen("推荐表（更正）.pdf", "收件服务器时间", "2026-05-31 08:00"),),
            ),
        ),
    ),
    "a_moment_that_its_own_witnesses_contradict_is_for_staff_with_both": Case(
        complete_dossier(files=(form_file(received_doubt=BOTH), report_file(), photo(1), photo(2))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                f"收到时间有矛盾，不能认定逾期，也不能认定按期：{BOTH}。请经办核对后裁定。",
                evidence=(seen("推荐表.pdf", "收件服务器时间", BOTH),),
            ),
        ),
    ),
    "what_also_came_at_a_sure_moment_is_in_no_doubt": Case(
        complete_dossier(files=(form_file(), form_file(received_doubt=BOTH, state=VersionState.SUPERSEDED))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-08 09:30，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-08 09:30"),),
            ),
        ),
    ),
    "a_late_resend_of_what_came_in_time_passes": Case(
        complete_dossier(files=(form_file(), form_file(received=LATE, state=VersionState.SUPERSEDED))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-08 09:30，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-08 09:30"),),
            ),
        ),
    ),
    "a_late_supplement_passes_where_the_policy_says_so": Case(
        complete_dossier(files=(form_file(), report_file(), photo(1), photo(2, received=LATE))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "首份材料收到于 2026-05-08 09:30，在征集时间内。",
                evidence=(Evidence(place="收件服务器时间", words="2026-05-08 09:30"),),
            ),
        ),
        with_policy("late_supplement", "accept"),
    ),
    "a_timely_file_that_could_not_be_opened_keeps_the_submission_timely": Case(
        complete_dossier(files=(filed("材料.rar", type="rar", role=Role.UNREADABLE), form_file(received=LATE))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("截止前已申报；以下补充材料收到于截止之后：推荐表.pdf。通知未写明截止后能否补正，请经办决定。"),
                evidence=(seen("推荐表.pdf", "收件服务器时间", "2026-05-31 08:00"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_s01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
