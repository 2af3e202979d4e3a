"""Bounces (退信): tied to the letter they answer, so that staff ring the reader up instead of waiting."""

from __future__ import annotations

from datetime import datetime

from parsers.facts.mails import Bounce
from store import journal
from store.engine import Transaction
from store.letters import outbox
from store.states import LetterState

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
