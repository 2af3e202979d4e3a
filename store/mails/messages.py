"""Mails and the ledger of UIDs (来信与收件登记): what came in, where it lay, and who works on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import case, func, or_, update
from sqlmodel import Session, col, select

from store import journal
from store.engine import serialise
from store.states import LedgerState, MessageKind, MessageState
from store.tables import FolderRow, LedgerRow, MessageRow

_FAR = timedelta(hours=2)
_TRIED_AT_A_TIME = 50
"""Mails looked at for a lease in one go; more than that are never leased at once."""
KEEPS_ITS_TURN = 3
"""So many deaths in a row leave a mail its place in the order of receipt; one that goes on killing holds nobody up."""
MOST_DEATHS = 20
"""So many processes in a row may die while they hold one mail. Chosen, not measured."""


class FenceLost(Exception):  # noqa: N818 - it says what happened
    """Another worker has taken the mail since; whatever this one found must not be written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies on the server (信箱中的位置): one UID in one epoch of one folder."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger says of a UID."""

    state: LedgerState
    message: str | None
    attempts: int
    next_attempt: datetime | None
    note: str
    looks: tuple[dict[str, Any], ...] = ()
    """Each fetch that gave less than the server had told."""
    size: int = 0
    """How many bytes are kept of it; 0 where none are."""
    told_size: int = 0
    """What the server had told where that was another number, and was seen to be wrong."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that was fetched (到信), as transaction 1 writes it down."""

    place: Place
    sha256: str
    size: int
    received: datetime
    junk: bool
    before_call: bool
    fingerprint: str
    """INTERNALDATE and size as the server told them: shows where a UID later means another mail."""
    message_id: str = ""
    received_evidence: str = ""
    received_doubt: str = ""
    """What speaks against ``received``, in a Chinese clause."""
    told_size: int = 0
    """RFC822.SIZE where it is another number than ``size``; 0 where it is not."""
    fetch_doubt: str = ""
    """Why there may be more of the mail than came, in a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A mail on the server that we do not have whole (未收全的来信). ``seen`` is when we first met it."""

    folder: str
    uid: int
    seen: datetime
    note: str
    given_up: bool
    short: bool


@dataclass(frozen=True, slots=True)
class Leased:
    """A mail to work on. ``fence`` must be shown when the result is written."""

    sha256: str
    fence: int
    attempts: int


def settled(session: Session, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
    """Return the UIDs of this epoch of the folder with which nothing is left to do.

    A mail that vanished is none of them: where the server lists its UID again, it is there again.
    """
    # Numbers only: a folder may hold ten thousand mails, and this runs at every poll.
    query = sqlalchemy.select(col(LedgerRow.uid)).where(
        col(LedgerRow.account) == account,
        col(LedgerRow.folder) == folder,
        col(LedgerRow.uidvalidity) == uidvalidity,
        col(LedgerRow.state).not_in([LedgerState.FAILED, LedgerState.VANISHED]),
    )
    return frozenset(session.connection().execute(query).scalars())


def ledger(
    session: Session, account: str, folder: str, uidvalidity: int, *, state: LedgerState | None = None
) -> dict[int, Known]:
    """Return what is known of each UID in this epoch of the folder, or of those in one state."""
    columns = [
        col(LedgerRow.uid),
        col(LedgerRow.state),
        col(LedgerRow.message),
        col(LedgerRow.attempts),
        col(LedgerRow.next_attempt),
        col(LedgerRow.note),
        col(LedgerRow.looks),
        func.coalesce(col(MessageRow.size), 0),
        func.coalesce(col(MessageRow.told_size), 0),
    ]
    query = (
        sqlalchemy.select(*columns)
        .join(MessageRow, col(MessageRow.sha256) == col(LedgerRow.message), isouter=True)
        .where(
            col(LedgerRow.account) == account,
            col(LedgerRow.folder) == folder,
            col(LedgerRow.uidvalidity) == uidvalidity,
        )
    )
    rows = session.connection().execute(query if state is None else query.where(col(LedgerRow.state) == state))
    return {row[0]: Known(row[1], row[2], row[3], row[4], row[5], tuple(row[6]), row[7], row[8]) for row in rows}


def note_arrival(session: Session, arrival: Arrival, now: datetime) -> bool:
    """Write down a fetched mail: message, ledger, journal. True where its content is new to us.

    Fetching the same mail again, from the same or another place, changes nothing but the ledger. A mail that lay in a
    junk folder and now lies in the inbox was moved there by staff: it counts as confirmed and is examined again.
    """
    serialise(session, "intake")
    place = arrival.place
    row = session.get(MessageRow, arrival.sha256)
    new = row is None
    about = f"message:{arrival.sha256}"
    where = f"“{place.folder}”（UID {place.uid}）"
    if row is None:
        session.add(
            MessageRow(
                sha256=arrival.sha256,
                size=arrival.size,
                account=place.account,
                message_id=arrival.message_id,
                received=arrival.received,
                received_evidence=arrival.received_evidence,
                received_doubt=arrival.received_doubt,
                told_size=arrival.told_size,
                fetch_doubt=arrival.fetch_doubt,
                fetched=now,
                folder=place.folder,
                junk=arrival.junk,
                before_call=arrival.before_call,
            )
        )
        session.flush()
        told = f"来信已收自{where}，共 {arrival.size} 字节。{_doubts(arrival)}"
        journal.write(session, now, journal.SYSTEM, "mail-stored", about, told)
    else:
        if row.junk and not arrival.junk:
            _leave_junk(session, row, where, now)
        if arrival.received < row.received:
            _received_earlier(session, row, arrival, now)
        if (row.told_size, row.fetch_doubt) != (arrival.told_size, arrival.fetch_doubt):
            # The same bytes: what the server tells of their number now is what counts.
            row.told_size, row.fetch_doubt = arrival.told_size, arrival.fetch_doubt
            session.add(row)
    _note(session, place, now, state=LedgerState.FETCHED, message=arrival.sha256, note=arrival.fingerprint)
    return new


def _doubts(arrival: Arrival) -> str:
    """Say what is unusual about a mail that came in; empty where nothing is."""
    size = f"服务器说有 {arrival.told_size} 字节。" if arrival.told_size and not arrival.fetch_doubt else ""
    return arrival.fetch_doubt + size + (f"{arrival.received_doubt}。" if arrival.received_doubt else "")


def note_vanished(session: Session, place: Place, now: datetime) -> None:
    """Write down that the mail was gone before we had it."""
    serialise(session, "intake")
    if _note(session, place, now, state=LedgerState.VANISHED, note="下载前已被移走或删除"):
        sentence = f"“{place.folder}”的邮件（UID {place.uid}）在下载前被移走或删除。"
        journal.write(session, now, journal.SYSTEM, "mail-vanished", f"mailbox:{place.account}", sentence)


def note_failure(
    session: Session,
    place: Place,
    why: str,
    now: datetime,
    *,
    retry: datetime | None,
    counts: bool = True,
    looks: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Write down that a mail could not be fetched, and when to try again; without ``retry`` it is given up.

    Return the number of attempts so far. ``counts`` false leaves it: the line was at fault, not the mail. ``looks``
    are the fetches so far that gave too little of it.
    """
    serialise(session, "intake")
    row = _row(session, place)
    attempts = (row.attempts if row else 0) + (1 if counts else 0)
    state = LedgerState.GIVEN_UP if retry is None else LedgerState.FAILED
    kept = [dict(look) for look in looks] or (row.looks if row else [])
    _note(session, place, now, state=state, note=why, attempts=attempts, next_attempt=retry, looks=kept)
    if retry is None:
        sentence = f"“{place.folder}”的邮件（UID {place.uid}）试了 {attempts} 次仍收不下来，请经办到网页邮箱处理：{why}"
        journal.write(session, now, journal.SYSTEM, "mail-given-up", f"mailbox:{place.account}", sentence)
    return attempts


def recheck(session: Session, places: Mapping[Place, str], now: datetime) -> None:
    """Have these UIDs fetched again at the next poll; the value says why, as a Chinese clause."""
    for place, why in places.items():
        row = _row(session, place)
        if row is not None:
            _note(session, place, now, state=LedgerState.FAILED, note=why, attempts=0, next_attempt=now)
            sentence = f"“{place.folder}”的 UID {place.uid} 重新收取：{why}。"
            journal.write(session, now, journal.SYSTEM, "mail-recheck", f"mailbox:{place.account}", sentence)


def folders_polled_since(session: Session, account: str, since: datetime) -> tuple[str, ...]:
    """Return the names of the folders of this account that were polled since this moment, in alphabetical order."""
    query = select(FolderRow.name).where(FolderRow.account == account, col(FolderRow.last_polled) >= since)
    return tuple(session.exec(query.order_by(col(FolderRow.name))).all())


def folder_row(session: Session, account: str, name: str) -> FolderRow:
    """Return the row of a folder, made where it is new."""
    row = session.exec(select(FolderRow).where(FolderRow.account == account, FolderRow.name == name)).one_or_none()
    if row is None:
        row = FolderRow(account=account, name=name)
        session.add(row)
        session.flush()
    return row


def lease_next(
    session: Session,
    owner: str,
    now: datetime,
    seconds: int,
    *,
    max_attempts: int = 3,
    alive: Callable[[str], bool] = lambda _owner: True,
) -> Leased | None:
    """Take the oldest mail that waits to be examined; None where none does.

    ``alive`` says whether the holder of an unexpired lease still runs; a lease of a process that is gone is free at
    once. A process that died while it held a mail says nothing of the mail, whose reader is another process: that
    costs no attempt. The mail keeps its turn, so that numbers are given as without the death; after
    ``KEEPS_ITS_TURN`` deaths in a row it stands behind the others, and only one that ``MOST_DEATHS`` processes in a
    row did not outlive goes to quarantine.
    """
    waiting = select(MessageRow).where(
        MessageRow.state == MessageState.STORED,
        or_(
            col(MessageRow.next_attempt).is_(None),
            col(MessageRow.next_attempt) <= now,
            # No pause and no lease is so long: a clock that stood wrong wrote it.
            col(MessageRow.next_attempt) > now + _FAR,
        ),
    )
    left_alone = case((col(MessageRow.lease_owner) == "", 0), else_=1)
    died = col(MessageRow.deaths) + left_alone
    order = (case((died <= KEEPS_ITS_TURN, 0), else_=died), col(MessageRow.received), col(MessageRow.sha256))
    rows = session.exec(waiting.order_by(*order).limit(_TRIED_AT_A_TIME))
    for row in rows:
        if row.lease_until is not None and now < row.lease_until <= now + _FAR and alive(row.lease_owner):
            continue
        attempts, deaths = _spent(row)
        if attempts >= max_attempts or deaths >= MOST_DEATHS:
            quarantine(session, row, row.last_error or f"处理它的进程接连 {deaths} 次意外中止，没有留下原因。", now)
        elif _take(session, row, owner, now + timedelta(seconds=seconds)):
            return Leased(row.sha256, row.fence + 1, attempts + 1)
    return None


def lease(session: Session, sha256: str, owner: str, now: datetime, seconds: int) -> Leased:
    """Take one mail by its hash, whoever held it; the former holder's fence is void from here."""
    row = session.get(MessageRow, sha256)
    if row is None or not _take(session, row, owner, now + timedelta(seconds=seconds)):
        raise FenceLost(sha256)
    return Leased(sha256, row.fence + 1, _spent(row)[0] + 1)


def renew(session: Session, leased: Leased, until: datetime) -> None:
    """Hold the lease longer; ``FenceLost`` where it is no longer ours."""
    _of_fence(session, leased.sha256, leased.fence).lease_until = until


def finish(session: Session, sha256: str, fence: int, *, state: MessageState = MessageState.EXAMINED) -> MessageRow:
    """Give the mail back as done and return its row for the caller to fill; ``FenceLost`` where the fence is old.

    Call it in the transaction that writes the result, so that result and lease go together.
    """
    row = _of_fence(session, sha256, fence)
    row.state = state
    row.attempts, row.deaths, row.next_attempt, row.last_error = 0, 0, None, ""
    row.lease_owner, row.lease_until = "", None
    session.add(row)
    return row


def fail(
    session: Session, sha256: str, fence: int, why: str, now: datetime, *, max_attempts: int, first_pause: int = 60
) -> bool:
    """Give the mail back as not done: later again, or into quarantine after ``max_attempts``. True for quarantine.

    ``why`` is a Chinese sentence. The pause in seconds doubles with each attempt, up to an hour.
    """
    row = _of_fence(session, sha256, fence)
    row.last_error = why
    row.lease_owner, row.lease_until = "", None
    if row.attempts >= max_attempts:
        quarantine(session, row, why, now)
        return True
    pause = min(first_pause * 2 ** max(row.attempts - 1, 0), 3600)
    row.next_attempt = now + timedelta(seconds=pause)
    session.add(row)
    return False


def put_off(session: Session, sha256: str, fence: int, why: str, until: datetime) -> None:
    """Give the mail back as not done for a reason that is not its own (a full disk, bytes that are not here).

    It costs no attempt, so no mail is ever set aside for it.
    """
    row = _of_fence(session, sha256, fence)
    row.attempts, row.last_error, row.next_attempt = max(row.attempts - 1, 0), why, until
    row.lease_owner, row.lease_until = "", None
    session.add(row)


def quarantine(session: Session, row: MessageRow, why: str, now: datetime) -> None:
    """Set the mail aside for staff. The raw mail stays; ``zhengji desk`` runs it again."""
    row.state, row.kind, row.reason = MessageState.QUARANTINED, MessageKind.QUARANTINED, why
    row.lease_owner, row.lease_until, row.next_attempt = "", None, None
    session.add(row)
    sentence = f"来信试读 {row.attempts} 次未成，已隔离待查，原件在库：{why}"
    journal.write(session, now, journal.SYSTEM, "mail-quarantined", f"message:{row.sha256}", sentence)


def run_again(session: Session, sha256: str, now: datetime, actor: str, why: str) -> None:
    """Have a mail examined anew, from quarantine or after a correction; ``KeyError`` where we have no such mail."""
    row = session.get(MessageRow, sha256)
    if row is None:
        raise KeyError(sha256)
    row.state, row.attempts, row.next_attempt, row.last_error = MessageState.STORED, 0, None, ""
    row.deaths = 0
    session.add(row)
    journal.write(session, now, actor, "mail-run-again", f"message:{sha256}", f"重新读取这封来信：{why}")


def counts(session: Session) -> dict[MessageState, int]:
    """Return how many mails are in each state."""
    rows = session.exec(select(MessageRow.state, func.count()).group_by(col(MessageRow.state)))
    return {MessageState(state): number for state, number in rows}


def traces(session: Session, since: datetime) -> frozenset[tuple[int, str]]:
    """Return size and Message-ID of every mail received since: how a mail is known again without fetching it."""
    query = select(MessageRow.size, MessageRow.message_id).where(MessageRow.received >= since)
    return frozenset(session.exec(query).all())


def newest(session: Session, count: int) -> tuple[str, ...]:
    """Return the hashes of the mails that were fetched last."""
    query = select(MessageRow.sha256).order_by(col(MessageRow.fetched).desc(), col(MessageRow.sha256))
    return tuple(session.exec(query.limit(count)).all())


def unfetched(session: Session) -> tuple[Unfetched, ...]:
    """Return the mails that could not be fetched whole: given up, or again and again too short; the oldest first."""
    query = select(LedgerRow).where(col(LedgerRow.state).in_([LedgerState.FAILED, LedgerState.GIVEN_UP]))
    rows = session.exec(query.order_by(col(LedgerRow.seen), col(LedgerRow.id))).all()
    lost = LedgerState.GIVEN_UP
    return tuple(
        Unfetched(row.folder, row.uid, row.seen, row.note, given_up=row.state == lost, short=bool(row.looks))
        for row in rows
        if row.looks or row.state == lost
    )


def _leave_junk(session: Session, row: MessageRow, where: str, now: datetime) -> None:
    row.junk = False
    if row.state == MessageState.EXAMINED:
        row.state, row.attempts, row.next_attempt = MessageState.STORED, 0, None
    session.add(row)
    sentence = f"来信已由经办从“{row.folder}”移到{where}，视为确认不是垃圾邮件。"
    journal.write(session, now, journal.SYSTEM, "junk-confirmed", f"message:{row.sha256}", sentence)


def _received_earlier(session: Session, row: MessageRow, arrival: Arrival, now: datetime) -> None:
    """Let the earliest receipt count, whichever copy we happened to fetch first."""
    row.received, row.before_call, row.folder = arrival.received, arrival.before_call, arrival.place.folder
    row.received_evidence, row.received_doubt = arrival.received_evidence, arrival.received_doubt
    session.add(row)
    sentence = f"同一封邮件在“{row.folder}”里收到得更早，以较早的时间为准。"
    journal.write(session, now, journal.SYSTEM, "received-earlier", f"message:{row.sha256}", sentence)


def _take(session: Session, row: MessageRow, owner: str, until: datetime) -> bool:
    """Compare and set: the lease is ours only where nobody changed the fence since we looked."""
    attempts, deaths = _spent(row)
    changed = session.connection().execute(
        update(MessageRow)
        .where(col(MessageRow.sha256) == row.sha256, col(MessageRow.fence) == row.fence)
        .values(lease_owner=owner, lease_until=until, fence=row.fence + 1, attempts=attempts + 1, deaths=deaths)
    )
    return changed.rowcount == 1


def _spent(row: MessageRow) -> tuple[int, int]:
    """Return attempts and deaths so far: who still stands in the row as holder neither finished nor failed, but died.

    His attempt is taken back, since whatever ended him was not the reader, which would have been told of as failed.
    """
    if not row.lease_owner:
        return row.attempts, row.deaths
    return max(row.attempts - 1, 0), row.deaths + 1


def _of_fence(session: Session, sha256: str, fence: int) -> MessageRow:
    row = session.get(MessageRow, sha256, with_for_update=True, populate_existing=True)
    if row is None or row.fence != fence:
        raise FenceLost(sha256)
    return row


def _row(session: Session, place: Place) -> LedgerRow | None:
    return session.exec(
        select(LedgerRow).where(
            LedgerRow.account == place.account,
            LedgerRow.folder == place.folder,
            LedgerRow.uidvalidity == place.uidvalidity,
            LedgerRow.uid == place.uid,
        )
    ).one_or_none()


def _note(
    session: Session,
    place: Place,
    now: datetime,
    *,
    state: LedgerState,
    message: str | None = None,
    note: str = "",
    attempts: int = 0,
    next_attempt: datetime | None = None,
    looks: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """Write the ledger row; True where it says something else than before."""
    row = _row(session, place)
    if row is None:
        row = LedgerRow(
            account=place.account, folder=place.folder, uidvalidity=place.uidvalidity, uid=place.uid, seen=now
        )
    changed = row.id is None or row.state != state
    row.state, row.note, row.attempts, row.next_attempt = state, note, attempts, next_attempt
    row.message, row.looks = message or row.message, list(looks)
    session.add(row)
    session.flush()
    return changed
