"""Who works on what (工作租约): one mail has one worker, and sending has one sender."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import watermarks
from store.engine import Store, Transaction, serialise
from store.mails import messages
from store.mails.messages import Leased

SENDER = "lease:sender"

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def owner_name(mark: str = "") -> str:
    """Return a name for this process that no other one ever had: host, process number, its start in clock ticks.

    ``mark`` tells apart what one process does more than once.
    """
    return f"{socket.gethostname()}|{os.getpid()}|{_started(os.getpid())}|{mark}"


def new_owner() -> str:
    """Return a name that is new at every call."""
    return owner_name(uuid.uuid4().hex[:12])


def alive(owner: str) -> bool:
    """Whether the process of this name may still run. One on another machine is taken to be alive."""
    host, number, started, _ = (*owner.split("|"), "", "", "", "")[:4]
    if host != socket.gethostname() or not number.isdigit():
        return True
    return _started(int(number)) == started


def lease_next(store: Store, owner: str, now: datetime, seconds: int, *, max_attempts: int = 3) -> Leased | None:
    """Take the oldest mail that waits to be examined, None where none does; see ``store.mails.messages``."""
    with store.transaction() as session:
        return messages.lease_next(session, owner, now, seconds, max_attempts=max_attempts, alive=alive)


@contextmanager
def only_one(store: Store, key: str, owner: str, now: datetime, seconds: int) -> Iterator[bool]:
    """Hold a lease of this name; gives False where another living process holds it."""
    with store.transaction() as session:
        mine = take(session, key, owner, now, seconds)
    try:
        yield mine
    finally:
        if mine:
            with store.transaction() as session:
                if _holder(session, key)[0] == owner:
                    watermarks.drop(session, key)


def take(session: Transaction, key: str, owner: str, now: datetime, seconds: int) -> bool:
    """Take or renew a lease; False where another living process holds it."""
    serialise(session, key)
    holder, until = _holder(session, key)
    if holder not in {"", owner} and until > now and alive(holder):
        return False
    watermarks.put(session, key, f"{(now + timedelta(seconds=seconds)).isoformat()} {owner}", now)
    return True


def _holder(session: Transaction, key: str) -> tuple[str, datetime]:
    until, _, holder = (watermarks.get(session, key) or "").partition(" ")
    return holder, datetime.fromisoformat(until) if until else _LONG_AGO


def _started(number: int) -> str:
    """Return when a process started, in clock ticks since boot; empty where there is none, or no /proc."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return "" if not Path("/proc/self/stat").exists() else "gone"
    # The second field is the program's name in brackets and may hold spaces.
    return stat.rpartition(")")[2].split()[19]
