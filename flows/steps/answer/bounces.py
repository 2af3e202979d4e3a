"""Bounces (退信): tied to the letter they answer, so that staff ring the reader up instead of waiting."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from parsers.facts.mails import Bounce, MailReading
from store import journal
from store.engine import Transaction
from store.letters import outbox
from store.states import LetterState
from store.views.open_notes import VAGUE_BOUNCE

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+=-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,200}[A-Za-z0-9]")
_MOST = 50_000
_FRESH = timedelta(days=30)
"""Reports come within five days as a rule; what is older than a month is not looked for."""
_TELLING = 8
"""A subject of fewer characters says nothing."""

_LEFT = frozenset(
    {
        LetterState.SENT,
        LetterState.UNKNOWN,
        LetterState.SENDING,
        LetterState.DRAFTED,
        LetterState.BOUNCED,
        LetterState.HELD,
        LetterState.QUEUED,
        LetterState.FAILED,
    }
)


def note_vague(session: Transaction, reading: MailReading, received: datetime, now: datetime) -> int | None:
    """Ask staff about a report that names no letter of ours, where its recipient or subject is that of one.

    Such a report proves nothing, for anybody could write it: the letter stays as it is. Return the letter it may be
    about, the newest that fits best; None where none fits. A report that the server goes on trying asks nothing.
    """
    if reading.bounce is None or not reading.bounce.permanent:
        return None
    words = f"{reading.subject}\n{reading.text}\n{reading.quoted}"[:_MOST]
    named = {match[0].lower() for match in _ADDRESS.finditer(words)} | {reading.bounce.recipient}
    squeezed = "".join(words.split())
    best: tuple[int, int] | None = None
    for row in outbox.left_since(session, received - _FRESH):
        told = "".join(row.subject.split())
        fits = 2 * (row.to_address.lower() in named) + (len(told) >= _TELLING and told in squeezed)
        if fits and row.id is not None and (best is None or (fits, row.id) > best):
            best = (fits, row.id)
    if best is None:
        return None
    about = f"message:{reading.sha256}"
    sentence = f"退信没有写明是哪一封，多半是第 {best[1]} 号回信：请核对，没有收到的电话联系。"
    if not journal.read(session, about, actions=(VAGUE_BOUNCE,)):
        details = {"message": reading.sha256, "letter": best[1]}
        journal.write(session, now, journal.SYSTEM, VAGUE_BOUNCE, about, sentence, details)
    return best[1]


def tie_bounce(session: Transaction, bounce: Bounce, message: str, now: datetime) -> int | None:
    """Mark the letter that came back; return its number, or None where the bounce is about none of ours.

    ``message`` is the hash of the mail that holds the bounce. A temporary failure (the server goes on trying) is only
    written down; a permanent one makes the letter ``bounced``, which proves besides that it had gone out.
    """
    row = outbox.by_trace(session, bounce.original_message_id)
    if row is None or row.id is None:
        return None
    told = " ".join(part for part in (bounce.status, bounce.diagnostic) if part) or "没有说明原因"
    if not bounce.permanent:
        sentence = f"对方服务器暂时没有收下，仍在重试：{told}"
        journal.write(session, now, journal.SYSTEM, "letter-delayed", f"letter:{row.id}", sentence)
        return row.id
    reason = f"回执未送达（{bounce.recipient or row.to_address}），请电话联系：{told}"
    outbox.change_state(
        session, row.id, now, to=LetterState.BOUNCED, reason=reason, action="letter-bounced", from_states=_LEFT
    )
    row.bounce = f"{told}（退信 {message}）"
    session.add(row)
    return row.id
