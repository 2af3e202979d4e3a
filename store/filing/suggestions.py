"""Files that the machine would not place by itself (归属建议), for staff to decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from store import journal
from store.states import SuggestionKind, SuggestionState
from store.tables import SuggestionRow


def suggest(
    session: Session,
    message: str,
    kind: SuggestionKind,
    *,
    paths: Sequence[str],
    reason: str,
    at: datetime,
    submission_id: int | None = None,
    confidence: float = 0.0,
) -> SuggestionRow:
    """Lay files before staff with a guess; the same question is asked once, whatever staff answered.

    A question that the machine withdrew may be asked again.
    """
    for row in session.exec(select(SuggestionRow).where(SuggestionRow.message == message, SuggestionRow.kind == kind)):
        if list(row.paths) == list(paths) and row.submission_id == submission_id:
            if row.state == SuggestionState.WITHDRAWN:
                row.state, row.reason, row.confidence, row.settled, row.by = (
                    SuggestionState.OPEN,
                    reason,
                    confidence,
                    None,
                    "",
                )
                session.add(row)
                session.flush()
            return row
    row = SuggestionRow(
        message=message,
        kind=kind,
        paths=list(paths),
        submission_id=submission_id,
        reason=reason,
        confidence=confidence,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def open_suggestions(session: Session, submission_id: int | None = None) -> tuple[SuggestionRow, ...]:
    """Return the questions that staff have not answered, oldest first; of one submission where one is given."""
    query = select(SuggestionRow).where(SuggestionRow.state == SuggestionState.OPEN)
    if submission_id is not None:
        query = query.where(SuggestionRow.submission_id == submission_id)
    return tuple(session.exec(query.order_by(col(SuggestionRow.id))))


def withdraw_questions(session: Session, messages: Collection[str], at: datetime) -> None:
    """Take back the open questions about these mails; filing them again asks anew what is still to be asked."""
    query = select(SuggestionRow).where(
        col(SuggestionRow.message).in_(messages), SuggestionRow.state == SuggestionState.OPEN
    )
    for row in session.exec(query):
        row.state, row.by, row.settled = SuggestionState.WITHDRAWN, journal.SYSTEM, at
        session.add(row)
    session.flush()


def settle_suggestion(session: Session, row: SuggestionRow, *, accepted: bool, by: str, at: datetime) -> None:
    """Write down what staff decided; placing the files is done by ``store.filing.by_hand``."""
    row.state, row.by, row.settled = SuggestionState.ACCEPTED if accepted else SuggestionState.REFUSED, by, at
    session.add(row)
    session.flush()
    words = "采纳" if accepted else "不采纳"
    journal.write(
        session, at, by, f"suggestion-{row.state}", f"message:{row.message}", f"{by} {words}归属建议：{row.reason}"
    )
