"""Fetching one mail (取一封信): into a file, once more where the number of bytes is odd, and what to think of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.steps.intake.whole import Look, Verdict, cut_where, judge
from store.engine import Store

_MOST_LOOKS = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit to a mail gave. ``verdict`` None: the server gave nothing."""

    verdict: Verdict | None
    size: int = 0
    looks: tuple[Look, ...] = ()
    """The fetches so far, of this visit and of earlier ones, that gave less than the server tells."""

    def short_by(self, told: int, cut: str) -> str:
        """Say in Chinese that too little came, and how often."""
        often = f"取了 {len(self.looks)} 次" if self.looks else "各次内容不同"
        breaks = f"，而且{cut}，多半不全" if cut else ""
        return f"服务器说这封信有 {told} 字节，{often}，最近一次只给出 {self.size} 字节{breaks}"


def visit(
    fetch: Callable[[Path], int | None],
    path: Path,
    told: int,
    earlier: tuple[Look, ...],
    *,
    now: datetime,
    connection: str,
) -> Visit:
    """Fetch a mail into the file, at most twice. Only what is not as long as told is read again here."""
    looks = earlier
    before: list[str] = []
    while True:
        size = fetch(path)
        if size is None:
            return Visit(None, looks=looks)
        if size == told and size:
            return Visit(Verdict.WHOLE, size, looks)
        raw = path.read_bytes()
        sha256 = hashlib.sha256(raw).hexdigest()
        if size <= told:
            looks = (*looks, Look(now, connection, size, sha256))[-_MOST_LOOKS:]
        verdict = judge(told, raw, looks, sha256, before)
        if verdict is not Verdict.AGAIN:
            return Visit(verdict, size, looks)
        before.append(sha256)


def cut_in(path: Path) -> str:
    """Say where the mail in the file breaks off; empty where nothing shows that it does."""
    return cut_where(path.read_bytes())


def look_of(row: Mapping[str, Any]) -> Look:
    """Return a look as the ledger keeps it."""
    return Look(datetime.fromisoformat(row["at"]), row["connection"], row["size"], row["sha256"])


def row_of(look: Look) -> dict[str, Any]:
    """Return a look for the ledger."""
    return {"at": look.at.isoformat(), "connection": look.connection, "size": look.size, "sha256": look.sha256}


@contextlib.contextmanager
def partial_file(store: Store) -> Iterator[Path]:
    """Give an empty file for one download; it is gone afterwards."""
    folder = store.home / "incoming"
    folder.mkdir(exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f"{os.getpid()}-", dir=folder)
    os.close(number)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def clear_partials(store: Store) -> None:
    """Remove downloads that a killed process left behind."""
    for path in (store.home / "incoming").glob("*-*"):
        if not Path(f"/proc/{path.name.partition('-')[0]}").exists():
            path.unlink(missing_ok=True)
