"""Letters that wait for staff (待放行回信): each with its words and its difference from the last one that left."""

from __future__ import annotations

from dataclasses import dataclass

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.replies.preview import Preview, difference, read_letter
from flows.replies.state import VERDICT_KINDS
from store.engine import Store, Transaction
from store.frozen import DamagedLetter
from store.letters import due, outbox
from store.states import LetterState
from store.tables import LetterRow

_NOT_LEFT = frozenset(
    {LetterState.HELD, LetterState.QUEUED, LetterState.CANCELLED, LetterState.REFUSED, LetterState.FAILED}
)


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """One letter that waits, as staff see it before they release, edit or refuse it."""

    id: int
    name: str
    to_address: str
    why: str
    """Why it waits, one Chinese sentence."""
    letter: Preview
    before: str
    """Subject of the last letter about the same submission that left; empty where none did."""
    changes: tuple[str, ...]
    """What this letter says otherwise; empty where there was no letter before."""

    def lines(self) -> list[str]:
        """Return the preview as plain lines."""
        head = [f"第 {self.id} 号 {self.name} → {self.to_address}", f"原因：{self.why}", f"主题：{self.letter.subject}"]
        if self.before:
            head += [f"与上一封（{self.before}）相比：", *(self.changes or ("文字没有变化。",))]
        return [*head, "", *self.letter.text.splitlines()]


def held_letters(store: Store) -> tuple[HeldLetter, ...]:
    """Return all letters that wait for staff, oldest first."""
    with store.reading() as session:
        return tuple(_held(session, row) for row in outbox.in_state(session, LetterState.HELD))


def _held(session: Transaction, row: LetterRow) -> HeldLetter:
    now = words_of(session, row)
    last = _last_that_left(session, row)
    before = words_of(session, last) if last is not None else None
    return HeldLetter(
        id=row.id or 0,
        name=LETTER_NAMES[LetterKind(row.kind)],
        to_address=row.to_address,
        why=row.state_reason,
        letter=now,
        before=before.subject if before is not None else "",
        changes=difference(before, now) if before is not None else (),
    )


def words_of(session: Transaction, row: LetterRow) -> Preview:
    """Return what a letter says, or that its bytes are damaged: the others are still to be seen."""
    try:
        return read_letter(outbox.bytes_of(session, row))
    except DamagedLetter as damaged:
        return Preview(row.subject, str(damaged))


def _last_that_left(session: Transaction, row: LetterRow) -> LetterRow | None:
    if row.submission_id is None:
        return None
    kinds = {kind.value for kind in VERDICT_KINDS}
    earlier = [
        letter
        for letter in due.letters_about(session, submission_id=row.submission_id)
        if (letter.id or 0) < (row.id or 0) and letter.state not in _NOT_LEFT and letter.kind in kinds
    ]
    return earlier[-1] if earlier else None
