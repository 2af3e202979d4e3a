"""Letters in doubt, and their copies in the sent folder (结果不明的回信).

A letter whose answer was lost may have gone out. The only witness is the provider's own sent folder, and only where
the provider saves what is sent by SMTP; whether it does is proved by the letters that surely went out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.transport.ports import FolderRole, Mailbox
from store import watermarks
from store.engine import Store, Transaction
from store.letters import outbox
from store.states import LetterState
from store.tables import LetterRow

TRACES = ("MESSAGE-ID", "X-OQ-MSGID", "X-ZHENGJI-ID")
"""Where our Message-ID may stand: QQ moves it to X-OQ-MSGID; X-Zhengji-ID is ours and nobody touches it."""

STATISTIC = "sent-copies"
PROOF = 3
"""So many sure letters in a row must have turned up in the sent folder before its silence means anything."""

_LOOK_BACK = 1000
"""Newest mails of the sent folder that are looked at; by number and not by date, because clocks differ."""

_UNKNOWN = frozenset({LetterState.UNKNOWN})
_IDENTITY = re.compile(rb"[^\s<>]+@[^\s<>]+")


@dataclass(slots=True)
class UnknownReport:
    """What became of the letters in doubt."""

    sent: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CopyStatistic:
    """How many sure letters were looked for in the sent folder, and how many of the last ones in a row were there."""

    seen: int = 0
    missing: int = 0
    streak: int = 0
    upto: int = 0
    """The last letter that was looked for."""

    @property
    def proved(self) -> bool:
        """Whether the provider surely saves what we send."""
        return self.streak >= PROOF


def copy_statistic(session: Transaction) -> CopyStatistic:
    """Return the statistic as it stands."""
    return CopyStatistic(**json.loads(watermarks.get(session, STATISTIC) or "{}"))


def reconcile_unknown(
    store: Store, mailbox: Mailbox, now: datetime, *, wait: timedelta = timedelta(minutes=10)
) -> UnknownReport:
    """Look for letters in doubt in the sent folder once ``wait`` is over, and decide each.

    Found: sent. Not found: sent once more (the same bytes) only where the provider is proved to save copies and this
    was the first doubt about it; otherwise held for staff. ``TransportError`` where the mailbox fails: nothing is
    decided then.
    """
    report = UnknownReport()
    with store.reading() as session:
        doubtful = outbox.in_state(session, LetterState.UNKNOWN)
        sure = [
            row for row in outbox.in_state(session, LetterState.SENT) if (row.id or 0) > copy_statistic(session).upto
        ]
    # What was attempted in the future was noted by a clock that stood wrong, and is long over.
    ripe = [row for row in doubtful if row.attempted is None or not now - wait < row.attempted <= now]
    report.waiting = [row.id or 0 for row in doubtful if row not in ripe]
    checkable = [row for row in sure if row.sent is not None and row.sent + wait <= now]
    if not ripe and not checkable:
        return report
    there = identities_in(mailbox, FolderRole.SENT)
    with store.transaction() as session:
        statistic = _count(session, checkable, there, now)
        for row in ripe:
            _decide(session, row, there, now, proved=statistic.proved and there is not None, report=report)
    return report


def identities_in(mailbox: Mailbox, role: FolderRole) -> frozenset[str] | None:
    """Return the ids of our letters among the newest mails of a folder; None where there is no such folder."""
    names = [folder.name for folder in mailbox.folders() if folder.role is role]
    if not names:
        return None
    found: set[str] = set()
    for name in names:
        mailbox.examine(name)
        uids = mailbox.uids(name)[-_LOOK_BACK:]
        for head in mailbox.headers(name, uids, TRACES).values():
            for match in _IDENTITY.findall(head):
                identity = match.decode("ascii", errors="replace")
                # X-Zhengji-ID carries the installation's name and a slash before the id.
                found |= {identity, identity.partition("/")[2]}
    return frozenset(found)


def bare(message_id: str) -> str:
    """Return a Message-ID without its angle brackets."""
    return message_id.strip().strip("<>")


def _count(session: Transaction, rows: list[LetterRow], there: frozenset[str] | None, now: datetime) -> CopyStatistic:
    """Add letters that surely went out to the statistic."""
    statistic = copy_statistic(session)
    for row in sorted(rows, key=lambda one: one.id or 0):
        if there is not None and bare(row.message_id) in there:
            statistic = CopyStatistic(statistic.seen + 1, statistic.missing, statistic.streak + 1, row.id or 0)
        else:
            statistic = CopyStatistic(statistic.seen, statistic.missing + 1, 0, row.id or 0)
    if rows:
        told = {
            "seen": statistic.seen,
            "missing": statistic.missing,
            "streak": statistic.streak,
            "upto": statistic.upto,
        }
        watermarks.put(session, STATISTIC, json.dumps(told), now)
    return statistic


def _decide(
    session: Transaction,
    row: LetterRow,
    there: frozenset[str] | None,
    now: datetime,
    *,
    proved: bool,
    report: UnknownReport,
) -> None:
    number = row.id or 0
    if there is not None and bare(row.message_id) in there:
        to, action, reason = LetterState.SENT, "letter-found", "在已发送中找到这封回信，确认已发出。"
        report.sent.append(number)
    elif proved and outbox.attempts_of(session, number, "lost") <= 1:
        to, action, reason = (
            LetterState.QUEUED,
            "letter-resent",
            "已发送中没有这封回信，而服务商一向保存副本，原样重发一次。",
        )
        report.again.append(number)
    else:
        to, action, reason = (
            LetterState.HELD,
            "letter-held",
            "无法证明这封回信是否已发出，请经办到已发送中核对或电话询问后处理。",
        )
        report.held.append(number)
    moved = outbox.change_state(session, number, now, to=to, reason=reason, action=action, from_states=_UNKNOWN)
    if to == LetterState.SENT:
        moved.sent = moved.attempted
        session.add(moved)
