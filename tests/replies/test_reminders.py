"""Whom a day's run reminds: the ladder, answers that stop it, and the room that the budget leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.call import Call
from config.policies import decided
from flows.replies.letter import LetterKind, Told
from flows.replies.reminders import PER_ADDRESS, ReminderCase, due_reminder, plan_reminders, room_for_reminders
from flows.replies.state import ToldLetter
from flows.replies.timing import may_disturb
from tests.checks.dossiers import ZONE, cases_2026

CALL = cases_2026()
K = LetterKind


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=ZONE)


SEAL, PHOTOS = ("F03", ""), ("P01", "")


def asked(day: int, **changes: Any) -> ToldLetter:
    return replace(ToldLetter(1, K.DEFICIENT, "sent", "aa-bb", "a@example.com", at(day, 10)), **changes)


def case(*told: ToldLetter, **changes: Any) -> ReminderCase:
    made = ReminderCase("submission:AL2026-0001", "a@example.com", (SEAL, PHOTOS), at(5, 8), told)
    return replace(made, **changes)


def due(one: ReminderCase, now: datetime) -> tuple[LetterKind, str] | None:
    reminder = due_reminder(one, CALL, now)
    return None if reminder is None else (reminder.kind, reminder.state_key)


def reminded(day: int, key: str, *items: tuple[str, str], kind: LetterKind = K.REMIND_OPEN, row: int = 2) -> ToldLetter:
    said = tuple(Told(code, item, "缺失", "x") for code, item in items)
    return ToldLetter(row, kind, "sent", key, "a@example.com", at(day), said)


def over_the_season(one: ReminderCase, call: Call = CALL, last: int = 30) -> list[tuple[int, str, tuple[Any, ...]]]:
    """Remind day by day, each reminder told of before the next is planned."""
    made = []
    for day in range(6, last + 1):
        found = due_reminder(one, call, at(day)) if may_disturb(at(day), call) else None
        if found is not None:
            made.append((day, found.state_key, found.items))
            letter = reminded(day, found.state_key, *found.items, kind=found.kind, row=day)
            one = replace(one, told=(*one.told, letter), reminded=one.reminded + 1)
    return made


def allowing(most: str) -> Call:
    return decided(CALL, {"reminders_per_item": most})


BOTH = (SEAL, PHOTOS)


@pytest.mark.parametrize(
    ("most", "made"),
    [
        ("1", [(27, "T-3", BOTH)]),
        ("2", [(8, "aa-bb+3", BOTH), (27, "T-3", BOTH)]),
        ("3", [(8, "aa-bb+3", BOTH), (13, "aa-bb+7", BOTH), (27, "T-3", BOTH)]),
    ],
)
def test_an_item_is_reminded_of_as_often_as_the_policy_says_and_the_last_time_near_the_deadline(
    most: str, made: list[Any]
) -> None:
    assert over_the_season(case(asked(5)), allowing(most)) == made


def test_two_reminders_are_at_least_five_days_apart() -> None:
    days = [day for day, _, _ in over_the_season(case(asked(19)), allowing("3"))]
    assert days == [22, 27]
    assert over_the_season(case(asked(23))) == [(27, "T-3", BOTH)]


def test_a_reminder_that_would_leave_no_room_for_the_last_one_is_not_sent() -> None:
    assert due(case(asked(21)), at(25)) is None
    assert over_the_season(case(asked(21))) == [(27, "T-3", BOTH)]


def test_an_item_asked_for_later_is_reminded_of_by_itself_once_the_older_one_had_its_share() -> None:
    older = (reminded(8, "x+3", SEAL), reminded(13, "x+7", SEAL, row=3))
    one = case(asked(12), *older, reminded=0)
    found = due_reminder(one, CALL, at(27))
    assert found is not None
    assert found.items == (PHOTOS,)


def test_a_reminder_of_before_that_says_nothing_counts_for_every_item() -> None:
    assert due(case(asked(5), reminded(8, "aa-bb+3"), reminded(13, "aa-bb+7", row=3)), at(27)) is None


def test_no_address_gets_more_than_three_reminders_whatever_they_are_about() -> None:
    assert due(case(asked(5), reminded=PER_ADDRESS - 1), at(27)) == (K.REMIND_DEADLINE, "T-3")
    assert due(case(asked(5), reminded=PER_ADDRESS), at(27)) is None
    firms = [case(asked(5), key=f"submission:AL2026-000{n}", reminded=1) for n in range(1, 6)]
    kept, left_out = plan_reminders(firms, CALL, at(27), room=9)
    assert ([r.case.key[-1] for r in kept], left_out) == (["1", "2"], 0)


def test_nobody_is_reminded_while_something_of_theirs_lies_with_us() -> None:
    assert due(case(asked(5)), at(27)) == (K.REMIND_DEADLINE, "T-3")
    assert due(case(asked(5), waits=True), at(27)) is None


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
        case(asked(5), items=()),
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
    asker = case(key="sender:a@example.com", without_files=True, items=())
    assert [due(asker, at(day)) for day in (8, 15)] == [None, (K.REMIND_DEADLINE, "T-14")]


def test_a_plan_keeps_to_its_room_and_takes_senders_of_files_first() -> None:
    cases = [
        case(key="sender:c@example.com", address="c@example.com", without_files=True, items=()),
        case(asked(5), key="submission:AL2026-0002", address="b@example.com"),
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
