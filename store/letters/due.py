"""Which answers are due (待答): what was changed and not yet decided, and what was told before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from store.states import Relation, SubmissionStatus
from store.tables import ApplicantRow, LetterRow, MessageRow, SubmissionMessageRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Belonging:
    """A mail's place in a submission (来信归属)."""

    submission_id: int
    number: str
    relation: Relation
    folder: str


_FAR = timedelta(days=7)


def mark_submission(session: Session, submission_id: int, now: datetime) -> None:
    """Say that this submission's answer must be decided anew."""
    row = session.get_one(SubmissionRow, submission_id)
    row.answer_due = now
    session.add(row)


def mark_message(session: Session, sha256: str, now: datetime) -> None:
    """Say that the mail itself waits for an answer (a question, a bundle, a stranger's files)."""
    row = session.get_one(MessageRow, sha256)
    row.answer_due = now
    session.add(row)


def due_submissions(session: Session, call_id: str, now: datetime) -> tuple[int, ...]:
    """Return the submissions whose answer is due, in the order of their numbers."""
    due = _is_due(col(SubmissionRow.answer_due), now)
    query = select(SubmissionRow.id).where(SubmissionRow.call == call_id, due)
    return tuple(row for row in session.exec(query.order_by(col(SubmissionRow.serial))).all() if row is not None)


def due_messages(session: Session, now: datetime) -> tuple[str, ...]:
    """Return the mails that wait for an answer of their own, oldest first."""
    query = select(MessageRow.sha256).where(_is_due(col(MessageRow.answer_due), now))
    return tuple(session.exec(query.order_by(col(MessageRow.received), col(MessageRow.sha256))).all())


def _is_due(moment: Any, now: datetime) -> Any:
    """Whether an answer is due; one that is due in weeks was put off by a clock that stood wrong."""
    return or_(moment <= now, moment > now + _FAR)


def settle_submission(
    session: Session,
    submission_id: int,
    *,
    status: SubmissionStatus | None,
    action: str,
    reason: str,
    again_at: datetime | None,
) -> tuple[SubmissionStatus | None, SubmissionRow]:
    """Write down what was decided; return the status before (None where none was decided), and the row.

    Without ``again_at`` nothing more is due until something changes.
    """
    row = session.get_one(SubmissionRow, submission_id)
    before = row.status if row.decision else None
    row.status, row.decision, row.decision_reason = status or row.status, action, reason
    row.answer_due, row.settle_until = again_at, again_at
    session.add(row)
    return before, row


def settle_message(session: Session, sha256: str, reason: str = "") -> None:
    """Write down that the mail's own answer was decided."""
    row = session.get_one(MessageRow, sha256)
    row.answer_due = None
    # A mail that is read once more is answered with the same words, which stand there already.
    if reason and not row.reason.endswith(reason):
        row.reason = f"{row.reason.rstrip('。')}。{reason}" if row.reason else reason
    session.add(row)


def put_off(session: Session, until: datetime, *, submission_id: int = 0, message: str = "") -> str:
    """Let an answer be decided again later; return what it is about."""
    if submission_id:
        submission = session.get_one(SubmissionRow, submission_id)
        submission.answer_due = until
        session.add(submission)
        return f"submission:{submission.number}"
    mail = session.get_one(MessageRow, message)
    mail.answer_due = until
    session.add(mail)
    return f"message:{message}"


def belongings(session: Session, sha256: str) -> tuple[Belonging, ...]:
    """Return the submissions that a mail belongs to, in the order of their numbers."""
    query = (
        select(SubmissionMessageRow, SubmissionRow)
        .where(SubmissionMessageRow.message == sha256, SubmissionMessageRow.submission_id == SubmissionRow.id)
        .order_by(col(SubmissionRow.serial))
    )
    return tuple(
        Belonging(submission.id or 0, submission.number, link.relation, link.folder)
        for link, submission in session.exec(query).all()
    )


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """A submission for which somebody sent something themselves (本人的申报)."""

    number: str
    applicant: str
    status: SubmissionStatus


def own_submissions(session: Session, call_id: str, address: str) -> tuple[OwnSubmission, ...]:
    """Return the submissions to which mails of this address belong, those that wait for staff left out."""
    query = (
        select(SubmissionRow, ApplicantRow)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id)
        .join(MessageRow, col(MessageRow.sha256) == SubmissionMessageRow.message)
        .join(ApplicantRow, col(ApplicantRow.id) == SubmissionRow.applicant_id)
        .where(SubmissionRow.call == call_id, SubmissionRow.status != SubmissionStatus.MERGED)
        .where(MessageRow.sender_address == address)
        .where(col(SubmissionMessageRow.relation).not_in([Relation.PENDING, Relation.CONCERNS]))
        .order_by(col(SubmissionRow.serial))
        .distinct()
    )
    return tuple(OwnSubmission(row.number, one.name, row.status) for row, one in session.exec(query).all())


def messages_of(session: Session, submission_id: int) -> list[tuple[MessageRow, Relation]]:
    """Return the mails of a submission with the relation of each, newest first."""
    query = (
        select(MessageRow, SubmissionMessageRow.relation)
        .where(SubmissionMessageRow.submission_id == submission_id, SubmissionMessageRow.message == MessageRow.sha256)
        .order_by(col(MessageRow.received).desc(), col(MessageRow.sha256).desc())
    )
    return [(row, Relation(relation)) for row, relation in session.exec(query).all()]


def message_row(session: Session, sha256: str) -> MessageRow:
    """Return a mail's row; raises where we have no such mail."""
    return session.get_one(MessageRow, sha256)


def letters_about(session: Session, *, submission_id: int | None = None, message: str | None = None) -> list[LetterRow]:
    """Return the letters made about a submission, or in answer to a mail, oldest first."""
    query = select(LetterRow)
    if submission_id is not None:
        query = query.where(LetterRow.submission_id == submission_id)
    if message is not None:
        query = query.where(LetterRow.answers == message)
    return list(session.exec(query.order_by(col(LetterRow.id))).all())


def submission_rows(session: Session, ids: Iterable[int]) -> list[SubmissionRow]:
    """Return these submissions, merged ones included, in the order of their numbers."""
    query = select(SubmissionRow).where(col(SubmissionRow.id).in_(set(ids)))
    return list(session.exec(query.order_by(col(SubmissionRow.serial))).all())
