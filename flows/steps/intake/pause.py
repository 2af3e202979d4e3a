"""When polls rest (收信暂停): after faults for some minutes, never for longer, and not once the login was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store import journal, watermarks
from store.engine import Transaction

PAUSE_KEY = "intake:pause"
FAILURES_KEY = "intake:failures"
SUCCESS_KEY = "intake:last-success"
FAULT_KEY = "intake:fault"
LOGIN_KEY = "intake:login"
"""A mark of server, user and authorisation code with which the last poll failed."""

LONGEST = timedelta(minutes=15)
"""No pause is longer: one that is comes from a clock that stood wrong when it was written."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Why polls rest, and until when."""

    until: datetime
    fault: str


def resting(session: Transaction, now: datetime, login: str = "") -> Rest | None:
    """Return the pause that stands; None where polls may go.

    A pause is for the login that failed: with another one there is none. A pause that ends later than any may is cut,
    and the journal says so.
    """
    until = watermarks.moment(session, PAUSE_KEY)
    if until is None or until <= now:
        return None
    if login and (watermarks.get(session, LOGIN_KEY) or login) != login:
        return None
    if until > now + LONGEST:
        until = now + LONGEST
        watermarks.put_moment(session, PAUSE_KEY, until, now)
        sentence = "收信的暂停时间比最长的 15 分钟还远，写下时机器的时钟走错了：已改为 15 分钟，请核对时钟。"
        journal.write(session, now, journal.SYSTEM, "clock-was-wrong", "mailbox:", sentence)
    return Rest(until, watermarks.get(session, FAULT_KEY) or "")


def note_success(session: Transaction, now: datetime) -> None:
    """Write down that a poll went well: no pause any more."""
    watermarks.put_moment(session, SUCCESS_KEY, now, now)
    for key in (PAUSE_KEY, FAILURES_KEY, FAULT_KEY, LOGIN_KEY):
        watermarks.drop(session, key)


def note_fault(
    session: Transaction, sentence: str, now: datetime, *, pauses: tuple[int, ...], permanent: bool, login: str = ""
) -> datetime:
    """Write down that a poll failed; return when the next one may go."""
    failures = int(watermarks.get(session, FAILURES_KEY) or 0) + 1
    # A refused login is never tried often: NetEase bans those who do.
    minutes = pauses[-1] if permanent else minutes_after(pauses, failures)
    until = now + timedelta(minutes=minutes)
    watermarks.put(session, FAILURES_KEY, str(failures), now)
    watermarks.put(session, FAULT_KEY, sentence, now)
    watermarks.put(session, LOGIN_KEY, login, now)
    watermarks.put_moment(session, PAUSE_KEY, until, now)
    journal.write(session, now, journal.SYSTEM, "poll-failed", "mailbox:", sentence)
    return until


def minutes_after(pauses: tuple[int, ...], failures: int) -> int:
    """Return how many minutes to wait after so many failures in a row."""
    return pauses[min(max(failures, 1), len(pauses)) - 1]
