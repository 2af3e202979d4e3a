"""When letters go out: settling time, ladder, quiet hours, working days with their adjusted ones."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from config.call import Call
from flows.replies.decide import decide
from flows.replies.timing import (
    answer_moment,
    due_follow_up,
    due_rung,
    is_working_day,
    ladder_day,
    may_disturb,
    next_opening,
    settle_until,
)
from tests.checks.dossiers import ZONE, cases_2026, with_policy
from tests.replies import findings as f
from tests.replies.test_decide import LACKING, situation

CALL = cases_2026()


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def on_rest_days(value: str) -> Call:
    return with_policy("reminders_on_rest_days", value)


def laddered(*days: int) -> Call:
    return replace(CALL, replies=replace(CALL.replies, reminder_days=days, open_item_days=(3, 7)))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 5, 8), True),
        (date(2026, 5, 30), False),
        (date(2026, 5, 1), False),
        (date(2026, 5, 9), True),
        (date(2026, 4, 6), False),
        (date(2031, 5, 8), True),
        (date(2031, 5, 10), False),
    ],
    ids=[
        "friday",
        "saturday",
        "holiday",
        "saturday-made-working",
        "day-off-for-qingming",
        "no-calendar-yet",
        "no-calendar-saturday",
    ],
)
def test_working_days_follow_the_official_calendar(day: date, working: bool) -> None:
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("now", "minutes", "wait"),
    [
        (at(5, 8), 10, timedelta(minutes=10)),
        (at(5, 8), 0, timedelta(0)),
        (at(5, 30, 23), 10, timedelta(minutes=5)),
        (at(5, 30, 23, 48), 10, timedelta(minutes=1)),
        (at(5, 30, 12), 10, timedelta(minutes=10)),
        (at(6, 1), 10, timedelta(minutes=10)),
    ],
)
def test_settling_time_shrinks_as_the_deadline_nears(now: datetime, minutes: int, wait: timedelta) -> None:
    assert settle_until(CALL, now, minutes) - now == wait


def test_an_extension_moves_the_moment_towards_which_settling_shrinks() -> None:
    assert settle_until(CALL, at(5, 30, 23), 10, closes=at(6, 5)) == at(5, 30, 23, 10)


def test_mails_that_keep_coming_put_the_letter_off_by_at_most_four_settling_times() -> None:
    opened = at(5, 8)
    moments = [settle_until(CALL, opened + timedelta(minutes=n * 8), 10, opened=opened) for n in range(8)]
    assert max(moments[:5]) == opened + timedelta(minutes=40)
    assert moments[7] == opened + timedelta(minutes=56)


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        (at(5, 8, 9), True),
        (at(5, 8, 8), True),
        (at(5, 8, 7, 59), False),
        (at(5, 8, 21), False),
        (at(5, 8, 20, 59), True),
        (at(5, 9, 10), True),
        (at(5, 10, 10), False),
        (at(5, 1, 10), False),
    ],
)
def test_reminders_keep_quiet_hours_and_rest_days(now: datetime, open_: bool) -> None:
    assert may_disturb(now, CALL) is open_


def test_rest_days_are_kept_only_while_the_policy_says_so() -> None:
    assert may_disturb(at(5, 10, 10), on_rest_days("yes"))
    assert not may_disturb(at(5, 10, 23), on_rest_days("yes"))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(5, 8, 9), at(5, 8, 9)),
        (at(5, 8, 22), at(5, 9, 8)),
        (at(5, 9, 22), at(5, 11, 8)),
        (at(5, 8, 3), at(5, 8, 8)),
        (at(4, 30, 22), at(5, 6, 8)),
    ],
)
def test_next_opening_is_the_next_working_morning(now: datetime, opening: datetime) -> None:
    assert next_opening(now, CALL) == opening


def test_quiet_hours_within_one_day_are_understood_too() -> None:
    noon = replace(CALL, replies=replace(CALL.replies, quiet_from=12, quiet_until=14))
    assert [may_disturb(at(5, 8, hour), noon) for hour in (11, 12, 13, 14)] == [True, False, False, True]
    never = replace(CALL, replies=replace(CALL.replies, quiet_from=0, quiet_until=0))
    assert may_disturb(at(5, 8, 3), never)


@pytest.mark.parametrize(
    ("days", "kept", "every_day"),
    [
        (14, date(2026, 5, 15), date(2026, 5, 16)),
        (7, date(2026, 5, 22), date(2026, 5, 23)),
        (3, date(2026, 5, 27), date(2026, 5, 27)),
        (1, date(2026, 5, 29), date(2026, 5, 29)),
    ],
)
def test_ladder_counts_from_the_last_day_and_moves_before_rest_days(days: int, kept: date, every_day: date) -> None:
    assert ladder_day(CALL, days) == kept
    assert ladder_day(on_rest_days("yes"), days) == every_day


def test_only_todays_rung_is_due_and_the_nearest_where_two_fall_together() -> None:
    call = laddered(14, 7, 3, 1)
    assert [due_rung(call, at(5, day)) for day in (14, 15, 16, 22, 27, 28, 29, 30)] == [
        None,
        14,
        None,
        7,
        3,
        None,
        1,
        None,
    ]
    assert due_rung(laddered(8, 7), at(5, 22)) == 7
    assert due_rung(call, at(6, 4), closes=at(6, 6, 0)) == 1


def test_follow_ups_fall_due_after_three_and_seven_days_and_wait_for_a_working_day() -> None:
    call = laddered(14)
    assert [due_follow_up(call, at(5, day), at(5, 6, 17)) for day in (6, 8, 9, 10, 12, 13, 20)] == [
        *(None, None, 3, None, 3, 7, 7),
    ]


def test_asking_letters_wait_over_the_weekend_only_where_the_policy_says_so() -> None:
    saturday = at(5, 16, 15)
    waiting = with_policy("weekend_letters", "wait")
    assert answer_moment(saturday, CALL) == saturday
    assert answer_moment(saturday, waiting) == at(5, 18, 8)
    assert answer_moment(at(5, 9, 15), waiting) == at(5, 9, 15)
    planned = decide(situation(LACKING, f.NO_PHOTOS, call=waiting, now=saturday)).letters[0]
    assert planned.not_before == at(5, 18, 8)
    receipt = decide(situation(call=waiting, now=saturday)).letters[0]
    assert receipt.not_before == saturday
