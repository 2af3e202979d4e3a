"""The outbox (发件箱): one decision one letter, frozen bytes, and a state that changes by compare-and-set.

The states are those of ``store.states.LetterState``; only a queued letter ever becomes one that is being sent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, update
from sqlmodel import Session, col, select

from store import journal
from store.engine import blobs_of, serialise
from store.frozen import Frozen, freeze, thaw
from store.states import LetterState
from store.tables import JournalRow, LetterRow, SendRow

OPEN_STATES = frozenset({LetterState.QUEUED, LetterState.HELD})
"""States in which a letter has not left and may still be changed."""
RELEASED = "letter-released"
STUCK = 2
"""So many attempts without success put a letter behind the others."""
LONGEST_WAIT = timedelta(hours=24)


class LetterMoved(Exception):  # noqa: N818 - it says what happened
    """The letter is not in a state in which this can be done to it. The message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that may go now, as the sender needs it."""

    id: int
    kind: str
    to_address: str
    message_id: str
    subject_key: str
    submission_id: int | None
    frozen: Frozen
    attempts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt that counts against the budgets."""

    at: datetime
    to_address: str
    letter_id: int
    submission_id: int | None
    outcome: str


def queue(
    session: Session,
    *,
    subject_key: str,
    kind: str,
    state_key: str,
    raw: bytes,
    message_id: str,
    to_address: str,
    now: datetime,
    to_name: str = "",
    subject: str = "",
    submission_id: int | None = None,
    answers: str | None = None,
    said: Sequence[Any] = (),
    priority: int = 50,
    state: LetterState = LetterState.QUEUED,
    state_reason: str = "",
    not_before: datetime | None = None,
) -> LetterRow | None:
    """Put a letter into the outbox; None where this state of this matter was already told by a letter of this kind.

    Call it in the transaction that writes the decision. Bytes and Message-ID are frozen from here.
    """
    serialise(session, "outbox")
    told = select(LetterRow.id).where(
        LetterRow.subject_key == subject_key, LetterRow.kind == kind, LetterRow.state_key == state_key
    )
    if session.exec(told).first() is not None:
        return None
    frozen = freeze(blobs_of(session), raw)
    row = LetterRow(
        subject_key=subject_key,
        submission_id=submission_id,
        answers=answers,
        kind=kind,
        state_key=state_key,
        to_address=to_address,
        to_name=to_name,
        subject=subject,
        message_id=message_id,
        raw_sha256=frozen.raw_sha256,
        frame_sha256=frozen.frame_sha256,
        enclosed=list(frozen.enclosed),
        said=list(said),
        priority=priority,
        state=state,
        state_reason=state_reason,
        not_before=not_before,
        created=now,
    )
    session.add(row)
    session.flush()
    return row


def next_due(session: Session, now: datetime, *, besides: Sequence[int] = ()) -> Outgoing | None:
    """Return the letter that should go next: receipts before deficiencies before digests, the oldest first.

    One that did not go again and again lets the others go before it.
    """
    due = select(LetterRow).where(
        LetterRow.state == LetterState.QUEUED,
        or_(col(LetterRow.not_before).is_(None), col(LetterRow.not_before) <= now),
        col(LetterRow.id).not_in(list(besides)),
    )
    stuck = case((col(LetterRow.attempts) >= STUCK, 1), else_=0)
    order = (stuck, col(LetterRow.priority), col(LetterRow.created), col(LetterRow.id))
    row = session.exec(due.order_by(*order)).first()
    return None if row is None else _outgoing(row)


def bring_back(session: Session, now: datetime) -> tuple[int, ...]:
    """Let letters go that a clock which stood wrong had put off beyond a day; return them."""
    far = select(LetterRow).where(LetterRow.state == LetterState.QUEUED, col(LetterRow.not_before) > now + LONGEST_WAIT)
    moved = [row for row in session.exec(far) if row.created > now or (row.attempted or now) > now]
    for row in moved:
        sentence = "这封回信被推到很久以后，写下时机器的时钟走错了：已改为现在可发，请核对时钟。"
        row.not_before = None
        session.add(row)
        journal.write(session, now, journal.SYSTEM, "clock-was-wrong", f"letter:{row.id}", sentence)
    return tuple(row.id or 0 for row in moved)


def claim(session: Session, letter_id: int, claimant: str, now: datetime) -> bool:
    """Take a letter for sending; False where it is no longer queued. Commit before connecting."""
    changed = session.connection().execute(
        update(LetterRow)
        .where(col(LetterRow.id) == letter_id, col(LetterRow.state) == LetterState.QUEUED)
        .values(
            state=LetterState.SENDING, claim=claimant, attempted=now, attempts=LetterRow.attempts + 1, state_reason=""
        )
    )
    return changed.rowcount == 1


def settle(
    session: Session,
    letter_id: int,
    claimant: str,
    now: datetime,
    *,
    state: LetterState,
    outcome: str,
    reason: str = "",
    answer: str = "",
    queue_id: str = "",
    not_before: datetime | None = None,
    counts: bool = True,
) -> None:
    """Write down how an attempt ended; ``LetterMoved`` where the claim is no longer ours.

    ``counts`` says whether the server saw anything of it, so that the budgets count it.
    """
    row = session.get(LetterRow, letter_id, populate_existing=True)
    if row is None or row.state != LetterState.SENDING or row.claim != claimant:
        raise LetterMoved(f"回信 {letter_id} 已不在本进程手中，结果没有写入。")
    row.state, row.state_reason, row.server_answer, row.queue_id = state, reason, answer, queue_id
    row.claim, row.not_before = "", not_before
    if state == LetterState.SENT:
        row.sent = now
    session.add(row)
    if counts:
        session.add(SendRow(letter_id=letter_id, to_address=row.to_address, at=now, outcome=outcome, answer=answer))
    session.flush()


def orphans_to_unknown(session: Session, claimant: str, now: datetime) -> tuple[int, ...]:
    """Mark letters whose sender died while sending as ``unknown``; return them.

    Only the holder of the sender's lease may call it: then no one else can be sending.
    """
    rows = session.exec(
        select(LetterRow).where(LetterRow.state == LetterState.SENDING, LetterRow.claim != claimant)
    ).all()
    for row in rows:
        row.state, row.claim = LetterState.UNKNOWN, ""
        row.state_reason = "发信途中程序中断，不知对方是否已收下"
        session.add(row)
        at = row.attempted or now
        session.add(SendRow(letter_id=row.id or 0, to_address=row.to_address, at=at, outcome="lost", answer=""))
        sentence = f"{row.state_reason}，等待核对。"
        journal.write(session, now, journal.SYSTEM, "letter-unknown", f"letter:{row.id}", sentence)
    session.flush()
    return tuple(row.id for row in rows if row.id is not None)


def change_state(
    session: Session,
    letter_id: int,
    now: datetime,
    *,
    to: LetterState,
    reason: str,
    action: str,
    from_states: frozenset[LetterState],
    actor: str = journal.SYSTEM,
    not_before: datetime | None = None,
) -> LetterRow:
    """Move a letter from one of these states to another and write why; ``LetterMoved`` where it is in none of them."""
    row = session.get(LetterRow, letter_id, populate_existing=True, with_for_update=True)
    if row is None or row.state not in from_states:
        state = "不存在" if row is None else f"的状态是 {row.state}"
        raise LetterMoved(f"回信 {letter_id} {state}，不能这样处理；可以处理的状态：{'、'.join(sorted(from_states))}。")
    row.state, row.state_reason, row.not_before = to, reason, not_before
    session.add(row)
    session.flush()
    journal.write(session, now, actor, action, f"letter:{letter_id}", reason)
    return row


def cancel(session: Session, letter_id: int, reason: str, now: datetime, actor: str = journal.SYSTEM) -> bool:
    """Take back a letter that has not left; False where it has, or never will."""
    row = session.get(LetterRow, letter_id, populate_existing=True)
    if row is None or row.state not in OPEN_STATES:
        return False
    change_state(
        session,
        letter_id,
        now,
        to=LetterState.CANCELLED,
        reason=reason,
        action="letter-cancelled",
        from_states=OPEN_STATES,
        actor=actor,
    )
    return True


def hold(session: Session, letter_id: int, reason: str, now: datetime) -> None:
    """Let a queued letter wait for staff."""
    queued = frozenset({LetterState.QUEUED})
    change_state(session, letter_id, now, to=LetterState.HELD, reason=reason, action="letter-held", from_states=queued)


def release(session: Session, letter_id: int, reason: str, now: datetime, actor: str) -> LetterRow:
    """Let a letter go that waited for staff, or that failed or is in doubt: staff answer for it from here.

    A released letter is not held again by the budgets of its address and its submission.
    """
    states = frozenset({LetterState.HELD, LetterState.FAILED, LetterState.UNKNOWN})
    return change_state(
        session, letter_id, now, to=LetterState.QUEUED, reason=reason, action=RELEASED, from_states=states, actor=actor
    )


def edit(
    session: Session, letter_id: int, *, raw: bytes, subject: str, reason: str, now: datetime, actor: str
) -> LetterRow:
    """Replace the bytes of a letter that has not left, as staff wrote them; Message-ID and recipient stay."""
    row = change_state(
        session,
        letter_id,
        now,
        to=LetterState.HELD,
        reason=reason,
        action="letter-edited",
        from_states=OPEN_STATES,
        actor=actor,
    )
    frozen = freeze(blobs_of(session), raw)
    row.raw_sha256, row.frame_sha256, row.enclosed = frozen.raw_sha256, frozen.frame_sha256, list(frozen.enclosed)
    row.subject = subject
    session.add(row)
    return row


def note_sent_before(session: Session, row: LetterRow, at: datetime, state: LetterState) -> None:
    """Write down that a letter went out at this moment (or lies in Drafts), of which this database had not known."""
    row.state, row.claim, row.not_before = state, "", None
    row.sent, row.attempted, row.attempts = at, at, max(1, row.attempts)
    session.add(row)
    session.add(SendRow(letter_id=row.id or 0, to_address=row.to_address, at=at, outcome="accepted", answer=""))
    session.flush()


def was_released(session: Session, letter_id: int) -> bool:
    """Whether staff let this letter go."""
    query = select(JournalRow.id).where(JournalRow.about == f"letter:{letter_id}", JournalRow.action == RELEASED)
    return session.exec(query).first() is not None


def sends(session: Session, since: datetime) -> tuple[Sent, ...]:
    """Return the attempts since this moment, oldest first."""
    query = (
        select(SendRow, LetterRow.submission_id)
        .join(LetterRow, col(LetterRow.id) == col(SendRow.letter_id))
        .where(SendRow.at >= since)
    )
    rows = session.exec(query.order_by(col(SendRow.at), col(SendRow.id))).all()
    return tuple(Sent(send.at, send.to_address, send.letter_id, number, send.outcome) for send, number in rows)


def in_state(session: Session, *states: LetterState) -> tuple[LetterRow, ...]:
    """Return the letters in these states, oldest first."""
    query = select(LetterRow).where(col(LetterRow.state).in_(states))
    return tuple(session.exec(query.order_by(col(LetterRow.created), col(LetterRow.id))).all())


def left_since(session: Session, since: datetime) -> tuple[LetterRow, ...]:
    """Return the letters made since this moment that have left, or perhaps have; the oldest first."""
    gone = [LetterState.SENT, LetterState.UNKNOWN, LetterState.DRAFTED, LetterState.BOUNCED]
    query = select(LetterRow).where(col(LetterRow.state).in_(gone), LetterRow.created >= since)
    return tuple(session.exec(query.order_by(col(LetterRow.id))).all())


def newest(session: Session, count: int) -> tuple[LetterRow, ...]:
    """Return the letters that have not left, and the newest so many of the others."""
    waiting = in_state(session, *OPEN_STATES)
    query = select(LetterRow).where(col(LetterRow.state).not_in(OPEN_STATES)).order_by(col(LetterRow.id).desc())
    return (*waiting, *session.exec(query.limit(count)).all())


def by_message_id(session: Session, message_id: str) -> LetterRow | None:
    """Return the letter that carries this Message-ID."""
    return session.exec(select(LetterRow).where(LetterRow.message_id == message_id)).one_or_none()


def by_trace(session: Session, message_id: str) -> LetterRow | None:
    """Return the letter of this Message-ID, written with or without angle brackets; None where it is none of ours."""
    bare = message_id.strip().strip("<>")
    return by_message_id(session, f"<{bare}>") or by_message_id(session, bare) if bare else None


def attempts_of(session: Session, letter_id: int, outcome: str) -> int:
    """Return how many attempts for this letter ended so."""
    query = select(SendRow.id).where(SendRow.letter_id == letter_id, SendRow.outcome == outcome)
    return len(session.exec(query).all())


def letters_to(session: Session, address: str) -> list[LetterRow]:
    """Return the letters made for this address, oldest first."""
    query = select(LetterRow).where(LetterRow.to_address == address)
    return list(session.exec(query.order_by(col(LetterRow.id))).all())


def made_since(session: Session, kinds: Collection[str], since: datetime) -> int:
    """Return how many letters of these kinds were made after this moment."""
    query = select(LetterRow.id).where(col(LetterRow.kind).in_(list(kinds)), LetterRow.created > since)
    return len(session.exec(query).all())


def frozen_of(row: LetterRow) -> Frozen:
    """Return where the bytes of a letter lie."""
    return Frozen(row.raw_sha256, row.frame_sha256, tuple((place, sha256) for place, sha256 in row.enclosed))


def bytes_of(session: Session, row: LetterRow) -> bytes:
    """Return the bytes of a letter as they go out; ``DamagedLetter`` where they are not what was frozen."""
    return thaw(blobs_of(session), frozen_of(row))


def _outgoing(row: LetterRow) -> Outgoing:
    assert row.id is not None
    return Outgoing(
        id=row.id,
        kind=row.kind,
        to_address=row.to_address,
        message_id=row.message_id,
        subject_key=row.subject_key,
        submission_id=row.submission_id,
        frozen=frozen_of(row),
        attempts=row.attempts,
    )
