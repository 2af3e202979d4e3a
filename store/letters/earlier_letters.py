"""Letters that went out before this state of the database knew of them (先前发出的回信): found in Sent after a restore.

A database that was put back to an older state makes the same letters again. What staff adopted from the sent folder is
kept here: by a letter's Message-ID, which is the same whenever the same letter is made, and by the mail it answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from store import journal, watermarks
from store.letters import outbox
from store.states import LetterState
from store.tables import LetterRow, MessageRow

OLDER = "older-state"
_WENT, _ANSWERED, _UNPROVED = "sent-before:", "answered-before:", "sent-before-unproved"
_STANDS_FOR = timedelta(days=1)
"""So long after staff let letters go, one that answers no mail may be a repetition where no copies prove otherwise."""

_SAME = "数据库恢复之前已经发出（已发送中有这封），不再发。"
_OTHER_WORDS = "数据库恢复之前已答复过同一封来信（已发送中有），这一封内容不同：核对后用“放行回信”或“不发回信”。"
_NO_COPY = "数据库恢复之前可能已答复过（邮箱不保存发信副本，无法证明）：核对后用“放行回信”或“不发回信”。"


class Why(StrEnum):
    """Why all letters are held (全部暂停的原因)."""

    SENT = "sent"
    """The sent folder holds letters of this site that the database does not know."""
    RESTORED = "restored"
    """A backup was put back, and nothing has proved yet that it is the newest state."""


@dataclass(frozen=True, slots=True)
class OlderState:
    """What is known of an older state: so many letters in Sent that we do not know, the newest of this moment."""

    why: Why
    unknown: int = 0
    newest: str = ""
    """Moment of the newest of them, ISO 8601."""

    def sentence(self) -> str:
        """Say it in one Chinese sentence, with the cure."""
        if self.why is Why.RESTORED and not self.unknown:
            told = "数据库是从备份恢复的，还不能证明恢复前的回信它都知道"
        else:
            newest = f"（最新 {datetime.fromisoformat(self.newest):%Y-%m-%d %H:%M}）" if self.newest else ""
            told = f"“已发送”中有本站点的回信 {self.unknown} 封{newest}，数据库里没有：数据库是较早的状态"
        cure = "核对后办理“认领已发回信”（zhengji desk adopt-sent），发过的不再发，其余放行"
        return f"{told}。全部回信暂停，收信和审核照常；{cure}。"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What becomes of a letter because of what went out before."""

    state: LetterState
    reason: str
    sent: datetime | None = None


def older_state(session: Session) -> OlderState | None:
    """Return what holds all letters; None where nothing does."""
    told = watermarks.get(session, OLDER)
    if not told:
        return None
    kept = json.loads(told)
    return OlderState(Why(kept["why"]), int(kept["unknown"]), str(kept["newest"]))


def hold_all(session: Session, state: OlderState, now: datetime) -> None:
    """Let no letter go until staff say so."""
    watermarks.put(session, OLDER, json.dumps(asdict(state)), now)


def end_hold(session: Session) -> None:
    """Let letters go again."""
    watermarks.drop(session, OLDER)


def note_went(session: Session, message_id: str, answers: str, at: datetime, now: datetime) -> None:
    """Keep that a letter of this Message-ID, which no row has, went out, and which mail it answered."""
    key = _WENT + _bare(message_id)
    if watermarks.get(session, key) is not None:
        return
    watermarks.put_moment(session, key, at, now)
    if answers:
        watermarks.put(session, _answered(answers), str(_times(session, answers) + 1), now)


def note_adopted(
    session: Session, row: LetterRow, at: datetime, now: datetime, state: LetterState = LetterState.SENT
) -> None:
    """Write down that a letter which waits here went out long ago, at this moment."""
    outbox.note_sent_before(session, row, at, state)
    row.state_reason = _SAME
    session.add(row)
    journal.write(session, now, journal.SYSTEM, "letter-adopted", f"letter:{row.id}", _SAME)


def went(session: Session, message_id: str) -> bool:
    """Whether staff adopted a letter of this Message-ID."""
    return watermarks.get(session, _WENT + _bare(message_id)) is not None


def no_proof_before(session: Session, moment: datetime, now: datetime) -> None:
    """Keep that nothing can prove what was answered before this moment: the provider saves no copies."""
    watermarks.put_moment(session, _UNPROVED, moment, now)


def what_went_before(
    session: Session, message_id: str, *, answers: str | None, in_reply_to: str, to_staff: bool, now: datetime
) -> Earlier | None:
    """Return what becomes of a letter that is being made; None for what is new, which is nearly every letter.

    ``answers`` is the hash of the mail it answers, ``in_reply_to`` that mail's Message-ID; a letter ``to_staff`` may
    come twice.
    """
    sent = watermarks.moment(session, _WENT + _bare(message_id))
    if sent is not None:
        return Earlier(LetterState.SENT, _SAME, sent)
    if to_staff:
        return None
    if _times(session, in_reply_to):
        return Earlier(LetterState.HELD, _OTHER_WORDS)
    unproved = watermarks.moment(session, _UNPROVED)
    if unproved is None:
        return None
    mail = session.get(MessageRow, answers) if answers else None
    repeats = now < unproved + _STANDS_FOR if mail is None else mail.received < unproved
    return Earlier(LetterState.HELD, _NO_COPY) if repeats else None


def count_down(session: Session, in_reply_to: str, now: datetime) -> bool:
    """Let one letter that went out stand for one that was made again; False where none is left: what follows is new."""
    times = _times(session, in_reply_to)
    if times:
        watermarks.put(session, _answered(in_reply_to), str(times - 1), now)
    return times > 0


def settle_waiting(session: Session, now: datetime, *, proved: bool, to_staff: Collection[str]) -> tuple[int, int]:
    """Go through the letters that wait: how many stay with staff, and how many are free to go."""
    held = free = 0
    for row in outbox.in_state(session, LetterState.QUEUED):
        mail = session.get(MessageRow, row.answers) if row.answers else None
        answered = mail is not None and row.kind not in to_staff and count_down(session, mail.message_id, now)
        if answered or not (proved or row.kind in to_staff):
            outbox.hold(session, row.id or 0, _OTHER_WORDS if answered else _NO_COPY, now)
            held += 1
        else:
            free += 1
    return held, free


def _times(session: Session, message_id: str) -> int:
    return int(watermarks.get(session, _answered(message_id)) or 0) if _bare(message_id) else 0


def _answered(message_id: str) -> str:
    # A sender wrote this one, and may write it at any length.
    return _ANSWERED + hashlib.sha256(_bare(message_id).encode()).hexdigest()[:32]


def _bare(message_id: str) -> str:
    return message_id.strip().strip("<>")
