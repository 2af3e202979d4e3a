"""How much may be sent, and when (发信限额): pure counting over the attempts that were made.

The attempts are rows in the database, so the bucket survives restarts. All windows slide: in any 24 hours, in any 15
minutes. That is stricter than a provider who counts calendar days, never looser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Budgets:
    """How many letters may go out. The defaults keep well below what got NetEase accounts blocked."""

    interval_seconds: int = 20
    per_quarter: int = 30
    per_day: int = 90
    address_per_day: int = 3
    address_per_season: int = 10
    submission_per_day: int = 2


@dataclass(frozen=True, slots=True)
class Attempt:
    """One letter that was handed over, or perhaps was."""

    at: datetime
    address: str
    submission: int | None = None


def next_slot(moments: Sequence[datetime], now: datetime, budgets: Budgets) -> datetime:
    """Return the earliest moment, not before ``now``, at which one more letter may go. ``moments`` are ascending."""
    slot = now
    if moments:
        slot = max(slot, moments[-1] + timedelta(seconds=budgets.interval_seconds))
    for limit, window in ((budgets.per_quarter, QUARTER), (budgets.per_day, DAY)):
        if len(moments) >= limit:
            # The letter that leaves the window when one more may enter it.
            slot = max(slot, moments[-limit] + window)
    return slot


def over_budget(
    address: str, submission: int | None, attempts: Sequence[Attempt], now: datetime, budgets: Budgets
) -> str | None:
    """Return why this reader has had enough letters, as a Chinese sentence; None where one more may go.

    ``attempts`` are those of the whole season.
    """
    to_address = [attempt for attempt in attempts if attempt.address.lower() == address.lower()]
    today = [attempt for attempt in to_address if attempt.at > now - DAY]
    if len(today) >= budgets.address_per_day:
        return f"{address} 在24小时内已收到 {len(today)} 封回信，达到上限，请经办确认不是自动往返后放行。"
    if len(to_address) >= budgets.address_per_season:
        return f"{address} 本期已收到 {len(to_address)} 封回信，达到上限，请经办确认后放行。"
    if submission is None:
        return None
    about_it = [attempt for attempt in attempts if attempt.submission == submission and attempt.at > now - DAY]
    if len(about_it) >= budgets.submission_per_day:
        return f"这件申报在24小时内已发出 {len(about_it)} 封回信，达到上限，请经办确认后放行。"
    return None
