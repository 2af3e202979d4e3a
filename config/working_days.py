"""Working days in China (工作日): holidays and adjusted working days (调休) as the State Council publishes them."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    """Whether offices in China work on this day, holidays and adjusted working days included.

    Years for which the State Council has published no calendar yet (the package then knows nothing) count Monday to
    Friday as working days.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def working_day_from(day: date) -> date:
    """Return this day, or the first working day after it where it is none."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
