"""Whom a day's run reminds: the ladder, answers that stop it, and the room that the budget leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.replies.letter import LetterKind
from flows.replies.reminders import ReminderCase, due_reminder, plan_reminders, room_for_reminders
from flows.replies.state import ToldLetter
from tests.checks.dossiers import ZONE, cases_2026

CALL = cases_2026()
K = LetterKind


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=ZONE)


def asked(day: int, **changes: Any) -> ToldLetter:
    return replace(ToldLetter(1, K.DEFICIENT, "sent", "aa-bb", "a@example.com", at(day, 10)), **changes)


def case(*told: ToldLetter, **changes: Any) -> ReminderCase:
    made = ReminderCase("submission:AL2026-0001", open=True, last_mail=at(5, 8), told=told)
    return replace(made, **changes)


def due(one: ReminderCase, now: datetime) -> tuple[LetterKind, str] | None:
    reminder = due_reminder(one, CALL, now)
    return None if reminder is None else (reminder.kind, reminder.state_key)


def test_open_items_are_reminded_after_three_and_seven_days_once_each() -> None:
    one = case(asked(5))
    assert [due(one, at(day)) for day in (6, 7, 8)] == [None, None, (K.REMIND_OPEN, "aa-bb+3")]
    third = replace(asked(8), kind=K.REMIND_OPEN, state_key="aa-bb+3", row=2)
    twice = case(asked(5), third)
    assert [due(twice, at(day, 11)) for day in (9, 11, 12)] == [None, None, (K.REMIND_OPEN, "aa-bb+7")]


def test_an_answer_stops_the_follow_up_but_not_the_deadline() -> None:
    answered = case(asked(5), last_mail=at(7))
    assert due(answered, at(8)) is None
    assert due(answered, at(15)) == (K.REMIND_DEADLINE, "T-14")


@pytest.mark.parametrize(("day", "key"), [(15, "T-14"), (22, "T-7"), (27, "T-3"), (29, "T-1")])
def test_the_deadline_is_reminded_on_every_rung(day: int, key: str) -> None:
    assert due(case(asked(5)), at(day)) == (K.REMIND_DEADLINE, key)


def test_who_got_a_letter_in_the_last_day_is_left_alone() -> None:
    assert due(case(asked(5), asked(28, kind=K.RECEIVED_CHECKING, row=2)), at(29)) is None
    assert due(case(asked(5), asked(28, state="cancelled", row=2)), at(29)) == (K.REMIND_DEADLINE, "T-1")


@pytest.mark.parametrize(
    "one",
    [
        case(asked(5), open=False),
        case(),
        case(asked(5, state="held")),
        case(asked(5, state="cancelled")),
        case(asked(5), asked(8, kind=K.REMIND_DEADLINE, state_key="T-14", row=2)),
    ],
    ids=["nothing-open", "never-asked", "letter-not-released", "letter-cancelled", "already-reminded"],
)
def test_nobody_is_reminded_without_a_reason(one: ReminderCase) -> None:
    assert due(case(asked(5), last_mail=at(14)), at(15)) == (K.REMIND_DEADLINE, "T-14")
    assert due(replace(one, last_mail=at(14)), at(15)) is None


def test_nothing_is_due_after_the_deadline_unless_staff_granted_more() -> None:
    june = datetime(2026, 6, 1, 9, tzinfo=ZONE)
    assert due(case(asked(28)), june) is None
    granted = case(asked(28), closes=datetime(2026, 6, 5, tzinfo=ZONE))
    assert due(granted, june) == (K.REMIND_DEADLINE, "T-3")


def test_who_only_asked_is_reminded_of_the_deadline_alone() -> None:
    asker = case(key="sender:a@example.com", without_files=True)
    assert [due(asker, at(day)) for day in (8, 15)] == [None, (K.REMIND_DEADLINE, "T-14")]


def test_a_plan_keeps_to_its_room_and_takes_senders_of_files_first() -> None:
    cases = [
        case(key="sender:a@example.com", without_files=True),
        case(asked(5), key="submission:AL2026-0002"),
        case(asked(5), key="submission:AL2026-0001"),
    ]
    kept, left_out = plan_reminders(cases, CALL, at(29), room=2)
    assert ([r.case.key for r in kept], left_out) == (["submission:AL2026-0001", "submission:AL2026-0002"], 1)
    assert plan_reminders(cases, CALL, at(29), room=0) == ((), 3)


@pytest.mark.parametrize("now", [at(29, 22), at(30), at(31)])
def test_at_night_and_on_rest_days_nobody_is_reminded(now: datetime) -> None:
    assert plan_reminders([case(asked(5))], CALL, now, room=9) == ((), 0)


@pytest.mark.parametrize(
    ("now", "sent", "waiting", "reminded", "room"),
    [
        (at(8), 0, 0, 0, 45),
        (at(8), 0, 0, 45, 0),
        (at(8), 60, 10, 0, 20),
        (at(8), 90, 0, 0, 0),
        (at(8), 80, 30, 0, 0),
        (at(29), 0, 0, 0, 18),
        (at(29), 0, 0, 10, 8),
        (at(29), 85, 0, 0, 5),
    ],
)
def test_reminders_use_what_receipts_leave_and_little_of_it_in_the_rush(
    now: datetime, sent: int, waiting: int, reminded: int, room: int
) -> None:
    assert room_for_reminders(CALL, now, per_day=90, sent=sent, waiting=waiting, reminded=reminded) == room


def test_the_reason_says_how_long_is_left() -> None:
    reminder = due_reminder(case(asked(5)), CALL, at(15))
    assert reminder is not None
    assert reminder.reason == "距截止还有 15 天，材料尚未补齐。"
    follow = due_reminder(case(asked(5)), CALL, at(5) + timedelta(days=3, hours=3))
    assert follow is not None
    assert follow.reason == "补正通知发出已满 3 天，尚未收到答复。"
