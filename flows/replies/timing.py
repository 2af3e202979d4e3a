"""When a letter may go out (发信时机): settling time, reminder ladder, quiet hours, Chinese working days.

All moments carry a zone. Nothing here looks at a clock: ``now`` is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.call import Call
from config.working_days import is_working_day, working_day_from

LONGEST_JOIN = 4
"""Mails in a row may put the letter off to at most this many settling times after the first of them."""

_SHARE_OF_REST = 12
"""The settling time is at most this part of the time that is left until the deadline."""

_FAR = timedelta(days=40)


def settle_until(
    call: Call, now: datetime, minutes: int, *, closes: datetime | None = None, opened: datetime | None = None
) -> datetime:
    """Return until when the answer to a mail that arrived now waits for further mails (合并等待).

    ``minutes`` is the setting, ``closes`` the moment that counts for this submission (the window's end unless staff
    granted more), ``opened`` when the first mail of the current row of mails arrived. The wait shrinks as the
    deadline nears (at most a twelfth of what is left) so that an applicant of the last hour can still mend, and
    mails that keep coming put a letter off by at most ``LONGEST_JOIN`` settling times. Zero minutes means no wait.
    """
    wait = timedelta(minutes=max(0, minutes))
    rest = (closes or call.window.closes) - now
    if rest > timedelta(0):
        wait = min(wait, rest / _SHARE_OF_REST)
    until = now + wait
    if opened is not None:
        until = max(now, min(until, opened + timedelta(minutes=minutes) * LONGEST_JOIN))
    return until


@dataclass(frozen=True, slots=True)
class Manners:
    """When reminders may go out (提醒时段), hours in the call's zone. Receipts and answers know no quiet hours."""

    quiet_from: int
    quiet_until: int
    working_days_only: bool

    @classmethod
    def of(cls, call: Call) -> Manners:
        """Read them from the call; rest days are kept unless the policy ``reminders_on_rest_days`` says ``yes``."""
        return cls(
            quiet_from=call.replies.quiet_from,
            quiet_until=call.replies.quiet_until,
            working_days_only=call.policy("reminders_on_rest_days") != "yes",
        )


def answer_moment(now: datetime, call: Call) -> datetime:
    """Return when an asking letter may leave: at once, or on the next working day where the policy says ``wait``."""
    day = now.astimezone(call.window.timezone).date()
    if call.policy("weekend_letters") != "wait" or is_working_day(day):
        return now
    return datetime.combine(working_day_from(day), time(call.replies.quiet_until % 24), call.window.timezone)


def may_disturb(now: datetime, call: Call) -> bool:
    """Whether a reminder may go out at this moment."""
    manners = Manners.of(call)
    local = now.astimezone(call.window.timezone)
    if manners.working_days_only and not is_working_day(local.date()):
        return False
    return not _quiet(local.hour, manners)


def next_opening(now: datetime, call: Call) -> datetime:
    """Return the first moment from now on at which a reminder may go out."""
    manners = Manners.of(call)
    local = now.astimezone(call.window.timezone)
    if may_disturb(local, call):
        return now
    opening = datetime.combine(local.date(), time(manners.quiet_until % 24), call.window.timezone)
    last = local + _FAR
    while opening < last:
        if opening >= local and may_disturb(opening, call):
            return opening
        opening += timedelta(days=1)
    return now


def ladder_day(call: Call, days: int, *, closes: datetime | None = None) -> date:
    """Return the day on which the reminder ``days`` before the deadline is sent (提醒日).

    Where rest days are kept, a rung that falls on one moves to the last working day before it: a reminder may come
    early, never later than promised. The deadline's day is the last day on which materials may arrive.
    """
    end = (closes or call.window.closes).astimezone(call.window.timezone) - timedelta(microseconds=1)
    day = end.date() - timedelta(days=days)
    if Manners.of(call).working_days_only:
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def due_rung(call: Call, now: datetime, *, closes: datetime | None = None) -> int | None:
    """Return the rung of the ladder (days before the deadline) whose day is today, the nearest one; None if none.

    Only today's rung counts: one that was missed is not made up, the next one follows. Two rungs that fall on the
    same working day are one reminder.
    """
    today = now.astimezone(call.window.timezone).date()
    rungs = [days for days in call.replies.reminder_days if ladder_day(call, days, closes=closes) == today]
    return min(rungs, default=None)


def due_follow_up(call: Call, now: datetime, asked: datetime) -> int | None:
    """Return the follow-up (days after a 补正) that is due, the latest one whose day has come; None if none.

    Where rest days are kept, one that falls on a rest day waits for the next working day.
    """
    zone = call.window.timezone
    today = now.astimezone(zone).date()
    if Manners.of(call).working_days_only and not is_working_day(today):
        return None
    asked_on = asked.astimezone(zone).date()
    passed = [days for days in call.replies.open_item_days if asked_on + timedelta(days=days) <= today]
    return max(passed, default=None)


def _quiet(hour: int, manners: Manners) -> bool:
    start, end = manners.quiet_from, manners.quiet_until
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end
