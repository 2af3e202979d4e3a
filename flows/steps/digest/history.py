"""How each submission's status went (状态沿革), told from the journal: what was new, complete, doubtful since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from store.journal import Entry
from store.states import SubmissionStatus

ACTIONS = ("opened", "decided", "withdrawn", "reinstated")
"""Journal lines that tell a status; ``decided`` carries it, the others mean one."""

_MEANS = {"opened": "incomplete", "withdrawn": "withdrawn", "reinstated": "incomplete"}


@dataclass(frozen=True, slots=True)
class Course:
    """One submission's statuses in order, each with the moment from which it held. The first is its opening."""

    number: str
    received: datetime
    """When its first mail came: the day it stands under in the chart."""
    steps: tuple[tuple[datetime, str], ...]

    def at(self, moment: datetime) -> str | None:
        """Return the status that held at this moment; None where the submission was not yet opened."""
        return next((status for since, status in reversed(self.steps) if since <= moment), None)


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day of the calendar: how many submissions had arrived, and were complete, when it ended."""

    day: date
    arrived: int
    complete: int


def courses(values: dict[str, Any], entries: Iterable[Entry], now: datetime) -> tuple[Course, ...]:
    """Return the course of every submission in the register; its last status is the register's own."""
    told: dict[str, list[tuple[datetime, str]]] = {row["number"]: [] for row in values["submissions"]}
    for entry in entries:
        number = entry.about.removeprefix("submission:")
        status = entry.details.get("status") or _MEANS.get(entry.action)
        if number in told and status and entry.at <= now:
            told[number].append((entry.at, str(status)))
    return tuple(_course(row, told[row["number"]], now) for row in values["submissions"])


def statuses_at(found: Iterable[Course], moment: datetime) -> Counter[str]:
    """Return how many submissions had which status at this moment."""
    return Counter(status for course in found if (status := course.at(moment)) is not None)


def calendar(found: Iterable[Course], first: date, last: date, now: datetime, zone: ZoneInfo) -> tuple[DayCount, ...]:
    """Return the two curves of the chart, a point for every day from ``first`` to ``last`` that has begun by now."""
    known = tuple(found)
    days = []
    day = first
    while day <= min(last, now.astimezone(zone).date()):
        end = min(datetime.combine(day + timedelta(days=1), datetime.min.time(), zone), now)
        arrived = sum(1 for course in known if course.received < end or end == now)
        complete = sum(1 for course in known if course.at(end) == SubmissionStatus.COMPLETE)
        days.append(DayCount(day, arrived, complete))
        day += timedelta(days=1)
    return tuple(days)


def _course(row: dict[str, Any], told: list[tuple[datetime, str]], now: datetime) -> Course:
    received = datetime.fromisoformat(row["first_received"])
    steps = told or [(received, row["status"])]
    if steps[-1][1] != row["status"]:
        steps.append((now, row["status"]))
    return Course(row["number"], received, tuple(steps))
