"""The texts of the current reports (报告全文), for comparing them with one another."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from parsers.facts.leaf import Role
from store.states import SubmissionStatus, VersionState
from store.tables import LeafRow, LookRow, MessageRow, SubmissionRow, VersionRow


@dataclass(frozen=True, slots=True)
class ReportText:
    """One submission's current report as text."""

    number: str
    applicant_id: int
    text: str


def report_texts(session: Session, call_id: str) -> list[ReportText]:
    """Return the current reports of the call that could be read, in the order of their submissions' numbers."""
    query = (
        select(SubmissionRow.number, SubmissionRow.applicant_id, LookRow.look)
        .where(SubmissionRow.call == call_id, SubmissionRow.status != SubmissionStatus.MERGED)
        .where(VersionRow.submission_id == SubmissionRow.id, VersionRow.material != "")
        .where(VersionRow.state == VersionState.CURRENT, VersionRow.leaf_id == LeafRow.id)
        .where(LeafRow.role == Role.REPORT.value)
        .where(LeafRow.message == MessageRow.sha256, LookRow.sha256 == LeafRow.sha256)
        .where(LookRow.reader_version == MessageRow.reader_version)
        .order_by(col(SubmissionRow.serial))
    )
    rows = session.exec(query).all()
    return [ReportText(number, applicant, str(look.get("text", ""))) for number, applicant, look in rows]
