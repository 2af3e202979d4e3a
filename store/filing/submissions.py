"""Submissions (申报件) as kept: opened with the next number, found, filled with files, and changed by staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from config.call import Call
from parsers.facts.leaf import Role
from store import journal
from store.engine import serialise
from store.filing.versions import material_of
from store.states import Basis, Relation, Standing, SubmissionStatus, VersionState
from store.tables import ApplicantRow, LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow


def open_submission(
    session: Session,
    call: Call,
    applicant_id: int,
    *,
    received: datetime,
    recommender: str = "",
    certain: bool = True,
    reason: str = "",
    second_case_of: str = "",
    reuse: SubmissionRow | None = None,
) -> SubmissionRow:
    """Open a submission under the next serial number of the call: no number is skipped and none given twice.

    The number is taken in the caller's transaction, so a transaction that fails gives it back. ``reuse`` is a
    submission that was emptied in this very transaction and whose number nobody was told: it is opened anew.
    """
    serialise(session, f"numbers:{call.id}")
    if reuse is not None:
        reuse.applicant_id, reuse.applicant_certain, reuse.applicant_reason = applicant_id, certain, reason
        reuse.recommender, reuse.second_case_of, reuse.status = recommender, second_case_of, SubmissionStatus.INCOMPLETE
        reuse.first_received = reuse.last_received = received
        session.add(reuse)
        session.flush()
        return reuse
    last = session.exec(select(func.max(SubmissionRow.serial)).where(SubmissionRow.call == call.id)).one()
    serial = (last or 0) + 1
    row = SubmissionRow(
        call=call.id,
        serial=serial,
        number=call.number(serial),
        applicant_id=applicant_id,
        applicant_certain=certain,
        applicant_reason=reason,
        recommender=recommender,
        first_received=received,
        last_received=received,
        second_case_of=second_case_of,
    )
    session.add(row)
    session.flush()
    return row


def by_id(session: Session, submission_id: int) -> SubmissionRow | None:
    """Return the submission of this row number, followed to the one that took it in where it was merged."""
    row = session.get(SubmissionRow, submission_id)
    return by_number(session, row.number) if row else None


def by_number(session: Session, number: str) -> SubmissionRow | None:
    """Return the submission of this 受理编号, followed to the one that took it in where it was merged.

    None also where it was closed because nothing in it stayed (``store.filing.derived``).
    """
    seen = set()
    while number and number not in seen:
        seen.add(number)
        row = session.exec(select(SubmissionRow).where(SubmissionRow.number == number)).first()
        if row is None or (row.status == SubmissionStatus.MERGED and not row.merged_into):
            return None
        if not row.merged_into:
            return row
        number = row.merged_into
    return None


def all_of_call(session: Session, call_id: str) -> list[SubmissionRow]:
    """Return the call's submissions in order of their numbers, merged ones left out."""
    query = select(SubmissionRow).where(SubmissionRow.call == call_id, SubmissionRow.status != SubmissionStatus.MERGED)
    return list(session.exec(query.order_by(col(SubmissionRow.serial))).all())


def of_applicant(session: Session, call_id: str, applicant_id: int) -> list[SubmissionRow]:
    """Return an enterprise's submissions to the call, oldest first, merged ones left out."""
    return [row for row in all_of_call(session, call_id) if row.applicant_id == applicant_id]


def of_sender(session: Session, call_id: str, address: str) -> list[SubmissionRow]:
    """Return the submissions to which this address sent something that counts, oldest first."""
    query = (
        select(SubmissionRow)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id)
        .join(MessageRow, col(MessageRow.sha256) == SubmissionMessageRow.message)
        .where(MessageRow.sender_address == address, SubmissionRow.call == call_id)
        .where(SubmissionRow.status != SubmissionStatus.MERGED, SubmissionMessageRow.relation != Relation.PENDING)
        .distinct()
        .order_by(col(SubmissionRow.serial))
    )
    return list(session.exec(query).all())


def of_message(session: Session, message: str) -> list[SubmissionRow]:
    """Return the submissions that a mail belongs to, in order of their numbers."""
    query = (
        select(SubmissionRow)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id)
        .where(SubmissionMessageRow.message == message)
        .order_by(col(SubmissionRow.serial))
    )
    return list(session.exec(query).all())


def links_of(session: Session, message: str) -> list[SubmissionMessageRow]:
    """Return how a mail is tied to submissions, in the order it was tied."""
    query = select(SubmissionMessageRow).where(SubmissionMessageRow.message == message)
    return list(session.exec(query.order_by(col(SubmissionMessageRow.id))).all())


def link_message(
    session: Session,
    submission: SubmissionRow,
    message: MessageRow,
    *,
    relation: Relation,
    basis: Basis,
    reason: str = "",
    folder: str = "",
) -> SubmissionMessageRow:
    """Say that a mail belongs to a submission; saying it again only brings the reason up to date.

    A stranger's mail, and one that brings no material, do not change when the submission was received.
    """
    query = select(SubmissionMessageRow).where(
        SubmissionMessageRow.submission_id == submission.id, SubmissionMessageRow.message == message.sha256
    )
    row = session.exec(query).first() or SubmissionMessageRow(submission_id=submission.id or 0, message=message.sha256)
    row.relation, row.basis, row.reason, row.folder = relation, basis, reason, folder
    if relation not in {Relation.PENDING, Relation.CONCERNS}:
        submission.first_received = min(submission.first_received, message.received)
        submission.last_received = max(submission.last_received, message.received)
    session.add_all([row, submission])
    session.flush()
    return row


def file_leaf(
    session: Session,
    call: Call,
    submission: SubmissionRow,
    leaf: LeafRow,
    *,
    standing: Standing = Standing.FILED,
    reason: str = "",
) -> VersionRow | None:
    """File a leaf in a submission; None for noise, which is kept but filed nowhere. Filing again changes nothing.

    Its state is decided afterwards for all versions together (``store.filing.versions.settle_versions``).
    """
    role = Role(leaf.role)
    if role is Role.NOISE:
        return None
    query = select(VersionRow).where(VersionRow.submission_id == submission.id, VersionRow.leaf_id == leaf.id)
    row = session.exec(query).first()
    material = material_of(call, role, leaf.name)
    key = material.key if material else ""
    if row is None:
        row = VersionRow(
            submission_id=submission.id or 0,
            leaf_id=leaf.id or 0,
            material=key,
            state=VersionState.PENDING,
            standing=standing,
            standing_reason=reason,
        )
    row.material = key
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, submission: SubmissionRow, *, by: str, reason: str, at: datetime) -> None:
    """Take a submission back at the applicant's wish; it stays in the register, marked 已撤回."""
    submission.withdrawn, submission.status = True, SubmissionStatus.WITHDRAWN
    _note(session, submission, "withdrawn", f"{by} 登记撤回。{reason}", by=by, at=at)


def reinstate(session: Session, submission: SubmissionRow, *, by: str, reason: str, at: datetime) -> None:
    """Undo a withdrawal; the next examination sets the status."""
    submission.withdrawn, submission.status = False, SubmissionStatus.INCOMPLETE
    _note(session, submission, "reinstated", f"{by} 取消撤回。{reason}", by=by, at=at)


def close_unnamed(
    session: Session, submission: SubmissionRow, message: str, *, by: str, reason: str, at: datetime
) -> bool:
    """Close a submission that this mail alone opened and for which no firm is known; False where it is another's.

    Nobody asked for it, so it is no withdrawal and nobody is told: its rows stay, and it stands in no list.
    """
    query = select(SubmissionMessageRow.message).where(SubmissionMessageRow.submission_id == submission.id)
    applicant = session.get_one(ApplicantRow, submission.applicant_id)
    if applicant.name or applicant.credit_code or set(session.exec(query).all()) != {message}:
        return False
    submission.status, submission.answer_due, submission.settle_until = SubmissionStatus.MERGED, None, None
    _note(session, submission, "closed", f"{by} 将来信标为无关，该件随之结束。{reason}", by=by, at=at)
    return True


def extend(session: Session, submission: SubmissionRow, until: datetime, *, by: str, reason: str, at: datetime) -> None:
    """Grant this submission a later closing moment (the first moment too late)."""
    submission.extended_to = until
    sentence = f"{by} 准予延期至 {until.isoformat(timespec='minutes')}。{reason}"
    _note(session, submission, "extended", sentence, by=by, at=at)


def accept_late(session: Session, submission: SubmissionRow, *, by: str, reason: str, at: datetime) -> None:
    """Treat whatever this submission got after the deadline as if it had come in time."""
    submission.late_accepted = True
    _note(session, submission, "late-accepted", f"{by} 同意接收逾期材料。{reason}", by=by, at=at)


def _note(session: Session, submission: SubmissionRow, action: str, sentence: str, *, by: str, at: datetime) -> None:
    session.add(submission)
    session.flush()
    journal.write(session, at, by, action, f"submission:{submission.number}", sentence)
