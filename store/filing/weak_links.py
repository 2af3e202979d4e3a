"""What was tied by the sender alone (弱归属), taken back when the same sender turns out to apply for another firm."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from config.call import Call
from store import journal
from store.filing.derived import filed_mails, refresh_submission, span
from store.states import Basis, SubmissionStatus
from store.tables import ApplicantRow, LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

WEAK = frozenset({Basis.SENDER, Basis.UNNAMED})
"""Bases of attributions that rest on the sender alone."""

WEAK_FOR = timedelta(days=3)
"""How near two mails of one sender must be for the second to throw doubt on what the first one was tied to."""

RECONSIDERED = "reconsidered"
"""Action of the journal's line about a mail that threw doubt on others; its details name them (``mails``)."""


def take_back_weak_links(
    session: Session, call: Call, opened: SubmissionRow, message: MessageRow, *, at: datetime, reader_version: str
) -> tuple[tuple[str, ...], tuple[SubmissionRow, ...]]:
    """Take back what was tied to a submission by the sender alone, now that this sender applies for another firm.

    Returns the mails, which must be attributed anew with what is known now, and the submissions they were in, which
    must be examined again. A nameless submission that holds nothing else is closed; its number is not given again.
    """
    query = (
        select(SubmissionMessageRow, SubmissionRow, MessageRow)
        .where(SubmissionMessageRow.submission_id == SubmissionRow.id)
        .where(SubmissionMessageRow.message == MessageRow.sha256)
        .where(
            SubmissionRow.call == call.id,
            SubmissionRow.id != opened.id,
            SubmissionRow.status != SubmissionStatus.MERGED,
        )
        .where(SubmissionRow.applicant_id != opened.applicant_id)
        .where(MessageRow.sender_address == message.sender_address, MessageRow.sha256 != message.sha256)
        .where(col(SubmissionMessageRow.basis).in_(WEAK))
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    touched: dict[int, SubmissionRow] = {}
    mails: list[str] = []
    for link, submission, weak in session.exec(query).all():
        if abs(weak.received - message.received) <= WEAK_FOR and _may_lose(session, submission):
            _take_back(session, submission, link, opened, at)
            touched[submission.id or 0] = submission
            mails.append(weak.sha256)
    if mails:
        sentence = f"同一发件人又报送 {opened.number}：先前仅凭发件人归档的 {len(mails)} 封来信重新判断归属。"
        about = f"message:{message.sha256}"
        journal.write(session, at, journal.SYSTEM, RECONSIDERED, about, sentence, {"mails": mails})
    for submission in touched.values():
        span(session, submission)
        if filed_mails(session, submission):
            refresh_submission(session, call, submission, reader_version)
        else:
            submission.status, submission.answer_due = SubmissionStatus.MERGED, None
            session.add(submission)
    session.flush()
    return tuple(mails), tuple(row for row in touched.values() if row.status != SubmissionStatus.MERGED)


def _may_lose(session: Session, submission: SubmissionRow) -> bool:
    """Whether a submission may give back what it holds by the sender alone: it has more, or it never had a name."""
    applicant = session.get(ApplicantRow, submission.applicant_id)
    firm = [link for link, _ in filed_mails(session, submission) if link.basis not in WEAK]
    return bool(firm) or applicant is None or not applicant.name


def _take_back(
    session: Session, submission: SubmissionRow, link: SubmissionMessageRow, opened: SubmissionRow, at: datetime
) -> None:
    own = select(LeafRow.id).where(LeafRow.message == link.message)
    versions = select(VersionRow).where(VersionRow.submission_id == submission.id, col(VersionRow.leaf_id).in_(own))
    for version in session.exec(versions).all():
        session.delete(version)
    reason = (
        f"来信文件未写明单位，原仅凭发件人归入 {submission.number}；同一发件人又报送 {opened.number}，"
        "该来信的归属改按现有情况重新判断。"
    )
    about = f"submission:{submission.number}"
    journal.write(session, at, journal.SYSTEM, "taken-back", about, reason, {"message": link.message})
    session.delete(link)
    session.flush()
