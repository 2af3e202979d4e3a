"""Whom to remind today (提醒): a pure plan over cases, quiet hours, the ladder and what the sending budget leaves.

A reminder stops on an answer: who wrote after our last asking letter is not reminded of it. Who got any letter in the
last 24 hours is not reminded either, so nobody gets two letters in a row. Receipts come first: reminders may use only
a part of the day's budget, and a small one in the last two days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.call import Call
from flows.replies import phrases
from flows.replies.letter import LetterKind
from flows.replies.state import ASKING_KINDS, ToldLetter
from flows.replies.timing import due_follow_up, due_rung, may_disturb

SHARE = 0.5
"""Share of the day's budget that reminders may use on ordinary days."""

SHARE_IN_THE_RUSH = 0.2
"""The same in the last two days before the deadline, when most submissions arrive."""

RUSH_DAYS = 1
"""Days left until the last day at which the rush begins: the last day and the one before it."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReminderCase:
    """One submission, or one person who wrote and sent no material (提醒对象)."""

    key: str
    """``submission:<number>`` or ``sender:<address>``."""
    open: bool
    """Whether anything is still missing."""
    last_mail: datetime
    """When they last wrote."""
    told: tuple[ToldLetter, ...] = ()
    closes: datetime | None = None
    """A later closing moment that staff granted."""
    without_files: bool = False


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One reminder that should go out now."""

    case: ReminderCase
    kind: LetterKind
    state_key: str
    reason: str


def due_reminder(case: ReminderCase, call: Call, now: datetime) -> DueReminder | None:
    """Return the reminder that is due for this case today; None where none is."""
    closes = max(call.window.closes, case.closes or call.window.closes)
    live = [told for told in case.told if told.live]
    if not case.open or now >= closes or any(now - told.at < _DAY for told in live):
        return None
    asked = max((t for t in live if t.kind in ASKING_KINDS and not t.waiting), key=lambda t: t.at, default=None)
    if asked is None and not case.without_files:
        return None
    made = {(told.kind, told.state_key) for told in case.told}
    rung = due_rung(call, now, closes=case.closes)
    if rung is not None and (LetterKind.REMIND_DEADLINE, f"T-{rung}") not in made:
        left = phrases.days_left(closes, now, call.window.timezone)
        when = {0: "今天截止", 1: "明天截止"}.get(left, f"距截止还有 {left} 天")
        reason = f"{when}，材料尚未{'报送' if case.without_files else '补齐'}。"
        return DueReminder(case, LetterKind.REMIND_DEADLINE, f"T-{rung}", reason)
    if asked is None or case.last_mail > asked.at:
        return None
    days = due_follow_up(call, now, asked.at)
    key = f"{asked.base_key}+{days}"
    if days is None or (LetterKind.REMIND_OPEN, key) in made:
        return None
    return DueReminder(case, LetterKind.REMIND_OPEN, key, f"补正通知发出已满 {days} 天，尚未收到答复。")


def plan_reminders(
    cases: Sequence[ReminderCase], call: Call, now: datetime, room: int
) -> tuple[tuple[DueReminder, ...], int]:
    """Return the reminders that go out now, and how many more are due but have no room in the budget.

    Nothing is due outside the hours in which people may be disturbed. Those who sent something come before those who
    only asked, and the deadline before open items.
    """
    if not may_disturb(now, call):
        return (), 0
    due = [reminder for case in cases if (reminder := due_reminder(case, call, now)) is not None]
    due.sort(key=lambda r: (r.case.without_files, r.kind is not LetterKind.REMIND_DEADLINE, r.case.key))
    kept = tuple(due[: max(0, room)])
    return kept, len(due) - len(kept)


def room_for_reminders(call: Call, now: datetime, *, per_day: int, sent: int, waiting: int, reminded: int) -> int:
    """Return how many reminders the day's budget leaves.

    ``sent`` counts letters of the last 24 hours, ``waiting`` those in the outbox that will go before a reminder,
    ``reminded`` the reminders among both. What other letters need always comes first.
    """
    left = phrases.days_left(call.window.closes, now, call.window.timezone)
    share = SHARE_IN_THE_RUSH if left <= RUSH_DAYS else SHARE
    return max(0, min(per_day - sent - waiting, int(per_day * share) - reminded))
