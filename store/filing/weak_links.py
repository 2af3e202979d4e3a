"""What was tied by the sender alone (弱归属): loaded for the decision, and taken back where it is doubted.

``flows.attribution.weak_links`` decides. A mail that is taken back is attributed anew at once, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from store import journal
from store.dossier.holdings import SenderTie
from store.filing.derived import filed_mails, span
from store.states import SubmissionStatus
from store.tables import ApplicantRow, LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

RECONSIDERED = "reconsidered"
"""Action of the journal's line about a mail that threw doubt on others; its details name them (``mails``)."""


def ties_of_sender(
    session: Session, opened: SubmissionRow, message: MessageRow, within: timedelta
) -> tuple[SenderTie, ...]:
    """Return how mails of the same sender, of the days around, are tied to submissions of other firms, in order."""
    query = (
        select(SubmissionMessageRow, SubmissionRow, MessageRow)
        .where(SubmissionMessageRow.submission_id == SubmissionRow.id)
        .where(SubmissionMessageRow.message == MessageRow.sha256)
        .where(
            SubmissionRow.call == opened.call,
            SubmissionRow.id != opened.id,
            SubmissionRow.status != SubmissionStatus.MERGED,
        )
        .where(SubmissionRow.applicant_id != opened.applicant_id)
        .where(MessageRow.sender_address == message.sender_address, MessageRow.sha256 != message.sha256)
        .where(MessageRow.received >= message.received - within, MessageRow.received <= message.received + within)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    return tuple(_tie(session, *row) for row in session.exec(query).all())


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was taken back (存疑退回): mails to attribute anew, and submissions that hold others still."""

    mails: tuple[str, ...]
    left: tuple[SubmissionRow, ...]
    """These must be settled anew."""


def take_back_weak_links(
    session: Session, ties: Sequence[SenderTie], opened: SubmissionRow, message: MessageRow, at: datetime
) -> Doubted:
    """Undo these ties.

    A nameless submission that nothing else counts in is closed, and its number is not given again. A stranger's mail
    that waited in it for staff waits nowhere then: it is taken back too.
    """
    touched: dict[int, SubmissionRow] = {}
    mails = [tie.mail for tie in ties]
    for tie in ties:
        touched[tie.submission] = session.get_one(SubmissionRow, tie.submission)
        reason = (
            f"来信文件未写明单位，原仅凭发件人归入 {touched[tie.submission].number}；同一发件人又报送 {opened.number}，"
            "该来信的归属改按现有情况重新判断。"
        )
        _take_back(session, touched[tie.submission], tie.mail, reason, at)
    for submission in touched.values():
        span(session, submission)
        if filed_mails(session, submission):
            continue
        for waiting in _waiting(session, submission):
            reason = f"{submission.number} 名下已无来信，该号不再使用；在此待确认的来信重新判断归属。"
            _take_back(session, submission, waiting, reason, at)
            mails.append(waiting)
        submission.status, submission.answer_due = SubmissionStatus.MERGED, None
        session.add(submission)
    sentence = f"同一发件人又报送 {opened.number}：先前仅凭发件人归档的 {len(ties)} 封来信重新判断归属。"
    about = f"message:{message.sha256}"
    journal.write(session, at, journal.SYSTEM, RECONSIDERED, about, sentence, {"mails": mails})
    session.flush()
    return Doubted(tuple(mails), tuple(row for row in touched.values() if row.status != SubmissionStatus.MERGED))


def _waiting(session: Session, submission: SubmissionRow) -> list[str]:
    query = select(MessageRow.sha256).join(SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256)
    query = query.where(SubmissionMessageRow.submission_id == submission.id)
    return list(session.exec(query.order_by(col(MessageRow.received), col(MessageRow.sha256))))


def _tie(session: Session, link: SubmissionMessageRow, submission: SubmissionRow, mail: MessageRow) -> SenderTie:
    applicant = session.get(ApplicantRow, submission.applicant_id)
    return SenderTie(
        mail=mail.sha256,
        received=mail.received,
        submission=submission.id or 0,
        basis=link.basis,
        named=applicant is not None and bool(applicant.name),
        bases=frozenset(other.basis for other, _ in filed_mails(session, submission)),
    )


def _take_back(session: Session, submission: SubmissionRow, mail: str, reason: str, at: datetime) -> None:
    own = select(LeafRow.id).where(LeafRow.message == mail)
    versions = select(VersionRow).where(VersionRow.submission_id == submission.id, col(VersionRow.leaf_id).in_(own))
    for version in session.exec(versions).all():
        session.delete(version)
    link = select(SubmissionMessageRow).where(
        SubmissionMessageRow.submission_id == submission.id, SubmissionMessageRow.message == mail
    )
    session.delete(session.exec(link).one())
    about = f"submission:{submission.number}"
    journal.write(session, at, journal.SYSTEM, "taken-back", about, reason, {"message": mail})
    session.flush()
