"""Whom to remind today (提醒): a pure plan over cases, quiet hours, the ladder and what the sending budget leaves.

One item is reminded of at most as often as the policy ``reminders_per_item`` says, never twice within
``DAYS_APART`` days, and the last time is kept for the last ``LAST_DAYS`` days before the deadline. An address gets at
most ``PER_ADDRESS`` reminders in the season, whatever they are about. Nobody is reminded while anything of theirs
waits for us, nor within 24 hours of another letter; who wrote after our last asking letter is not reminded of it
before the deadline nears. Receipts come first: reminders may use only a part of the day's budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.call import Call
from flows.replies import phrases
from flows.replies.letter import LetterKind
from flows.replies.state import ASKING_KINDS, ToldLetter
from flows.replies.timing import due_follow_up, due_rung, ladder_day, may_disturb

SHARE = 0.5
"""Share of the day's budget that reminders may use on ordinary days."""

SHARE_IN_THE_RUSH = 0.2
"""The same in the last two days before the deadline, when most submissions arrive."""

RUSH_DAYS = 1
"""Days left until the last day at which the rush begins: the last day and the one before it."""

DAYS_APART = 5
"""Days between two reminders of one matter (issue 15: at least 5)."""

LAST_DAYS = 3
"""The last reminder of an item goes out at most so many days before the deadline (issue 15)."""

PER_ADDRESS = 3
"""Reminders that one address may get in the season (issue 15)."""

REMINDERS = frozenset({LetterKind.REMIND_DEADLINE, LetterKind.REMIND_OPEN})

_DAY = timedelta(days=1)

Item = tuple[str, str]
"""What a letter asks for: the rule's code and the item."""


@dataclass(frozen=True, slots=True)
class ReminderCase:
    """One submission, or one person who asked how to apply and sent no material (提醒对象)."""

    key: str
    """``submission:<number>`` or ``sender:<address>``."""
    address: str
    items: tuple[Item, ...]
    """What the last asking letter named and is still open; empty for a person without files."""
    last_mail: datetime
    """When they last wrote."""
    told: tuple[ToldLetter, ...] = ()
    closes: datetime | None = None
    """A later closing moment that staff granted."""
    without_files: bool = False
    waits: bool = False
    """Whether anything of theirs lies with us unread, unplaced or undecided: then the next step is ours."""
    reminded: int = 0
    """Reminders that the address got in the season, about whatever."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One reminder that should go out now. ``items`` are those of which it may still remind."""

    case: ReminderCase
    kind: LetterKind
    state_key: str
    reason: str
    items: tuple[Item, ...] = ()


def due_reminder(case: ReminderCase, call: Call, now: datetime) -> DueReminder | None:
    """Return the reminder that is due for this case today; None where none is."""
    closes = max(call.window.closes, case.closes or call.window.closes)
    live = [told for told in case.told if told.live]
    if now >= closes or case.waits or case.reminded >= PER_ADDRESS or any(now - told.at < _DAY for told in live):
        return None
    asked = max((t for t in live if t.kind in ASKING_KINDS and not t.waiting), key=lambda t: t.at, default=None)
    if (asked is None or not case.items) and not case.without_files:
        return None
    before = [told for told in live if told.kind in REMINDERS]
    if any(_days_between(told.at, now, call) < DAYS_APART for told in before):
        return None
    return _on_a_rung(case, call, now, before) or _follow_up(case, call, now, before, asked)


def _on_a_rung(case: ReminderCase, call: Call, now: datetime, before: list[ToldLetter]) -> DueReminder | None:
    rung = due_rung(call, now, closes=case.closes)
    made = {(told.kind, told.state_key) for told in case.told}
    if rung is None or (LetterKind.REMIND_DEADLINE, f"T-{rung}") in made:
        return None
    items = _may_be_named(case, call, now, before)
    if items is None:
        return None
    left = phrases.days_left(max(call.window.closes, case.closes or call.window.closes), now, call.window.timezone)
    when = {0: "今天截止", 1: "明天截止"}.get(left, f"距截止还有 {left} 天")
    reason = f"{when}，材料尚未{'报送' if case.without_files else '补齐'}。"
    return DueReminder(case, LetterKind.REMIND_DEADLINE, f"T-{rung}", reason, items)


def _follow_up(
    case: ReminderCase, call: Call, now: datetime, before: list[ToldLetter], asked: ToldLetter | None
) -> DueReminder | None:
    if asked is None or case.last_mail > asked.at:
        return None
    days = due_follow_up(call, now, asked.at)
    key = f"{asked.base_key}+{days}"
    made = {(told.kind, told.state_key) for told in case.told}
    items = _may_be_named(case, call, now, before)
    if days is None or items is None or (LetterKind.REMIND_OPEN, key) in made:
        return None
    return DueReminder(case, LetterKind.REMIND_OPEN, key, f"补正通知发出已满 {days} 天，尚未收到答复。", items)


def _may_be_named(case: ReminderCase, call: Call, now: datetime, before: list[ToldLetter]) -> tuple[Item, ...] | None:
    """Return the items that a reminder of today may name; None where it may name nothing at all.

    All but the last reminder of an item must leave room for that one: it goes out on a rung of the last days.
    """
    most = int(call.policy("reminders_per_item"))
    last = sorted(
        ladder_day(call, days, closes=case.closes) for days in call.replies.reminder_days if days <= LAST_DAYS
    )
    today = now.astimezone(call.window.timezone).date()
    if last and today < last[0]:
        most -= 1
        if today + timedelta(days=DAYS_APART) > last[-1]:
            return None
    if case.without_files:
        return () if len(before) < most else None
    items = tuple(item for item in case.items if sum(_names(told, item) for told in before) < most)
    return items or None


def _names(told: ToldLetter, item: Item) -> bool:
    """Whether a reminder named an item; one that was made before reminders said what they name names all."""
    return not told.said or any((one.code, one.item) == item for one in told.said)


def _days_between(then: datetime, now: datetime, call: Call) -> int:
    zone = call.window.timezone
    return (now.astimezone(zone).date() - then.astimezone(zone).date()).days


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
    fitting: list[DueReminder] = []
    for reminder in due:
        same = sum(1 for other in fitting if other.case.address == reminder.case.address)
        if reminder.case.reminded + same < PER_ADDRESS:
            fitting.append(reminder)
    kept = tuple(fitting[: max(0, room)])
    return kept, len(fitting) - len(kept)


def room_for_reminders(call: Call, now: datetime, *, per_day: int, sent: int, waiting: int, reminded: int) -> int:
    """Return how many reminders the day's budget leaves.

    ``sent`` counts letters of the last 24 hours, ``waiting`` those in the outbox that will go before a reminder,
    ``reminded`` the reminders among both. What other letters need always comes first.
    """
    left = phrases.days_left(call.window.closes, now, call.window.timezone)
    share = SHARE_IN_THE_RUSH if left <= RUSH_DAYS else SHARE
    return max(0, min(per_day - sent - waiting, int(per_day * share) - reminded))
