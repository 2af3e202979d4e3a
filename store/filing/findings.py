"""Findings (结论) and staff's rulings (裁定) as kept."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from config.call import Verdict
from store import journal
from store.dossier.finding import Finding, Ruling
from store.tables import FindingRow, RulingRow, SubmissionRow

_FINDING = TypeAdapter(Finding)


def replace_findings(session: Session, submission_id: int, findings: Sequence[Finding]) -> bool:
    """Keep these findings as those of the last examination; return whether they differ from the ones before."""
    rows = list(_rows(session, submission_id))
    wanted = [_FINDING.dump_python(finding, mode="json") for finding in findings]
    if [row.finding for row in rows] == wanted:
        return False
    for row in rows:
        session.delete(row)
    session.flush()
    for position, (finding, dumped) in enumerate(zip(findings, wanted, strict=True)):
        session.add(
            FindingRow(
                submission_id=submission_id,
                position=position,
                code=finding.code,
                verdict=finding.verdict.value,
                finding=dumped,
            )
        )
    session.flush()
    return True


def load_findings(session: Session, submission_id: int) -> tuple[Finding, ...]:
    """Return the findings of the last examination in their order."""
    return tuple(_FINDING.validate_python(row.finding) for row in _rows(session, submission_id))


def rule(session: Session, submission: SubmissionRow, ruling: Ruling) -> None:
    """Keep a staff decision about a finding; it stands until it is taken back or another one replaces it."""
    for row in _standing(session, submission.id or 0):
        if (row.code, row.item) == (ruling.code, ruling.item):
            row.taken_back = True
            session.add(row)
    session.add(
        RulingRow(
            submission_id=submission.id or 0,
            code=ruling.code,
            item=ruling.item,
            verdict=ruling.verdict.value,
            reason=ruling.reason,
            by=ruling.by,
            at=ruling.at,
            basis=ruling.basis,
        )
    )
    session.flush()
    item = f"（{ruling.item}）" if ruling.item else ""
    sentence = f"{ruling.by} 将 {ruling.code}{item} 由“{ruling.basis}”改判为“{ruling.verdict.value}”：{ruling.reason}"
    journal.write(session, ruling.at, ruling.by, "ruled", f"submission:{submission.number}", sentence)


def take_back_ruling(session: Session, submission: SubmissionRow, ruling: Ruling) -> bool:
    """Take a ruling back: ``by``, ``at`` and ``reason`` are those of the taking back; False where none stands."""
    found = [
        row for row in _standing(session, submission.id or 0) if (row.code, row.item) == (ruling.code, ruling.item)
    ]
    for row in found:
        row.taken_back = True
        session.add(row)
    session.flush()
    if found:
        sentence = f"{ruling.by} 撤销对 {ruling.code} 的改判：{ruling.reason}"
        journal.write(session, ruling.at, ruling.by, "ruling-taken-back", f"submission:{submission.number}", sentence)
    return bool(found)


def load_rulings(session: Session, submission_id: int) -> tuple[Ruling, ...]:
    """Return the rulings that stand, oldest first."""
    return tuple(
        Ruling(row.code, row.item, Verdict(row.verdict), row.reason, row.by, row.at, row.basis)
        for row in _standing(session, submission_id)
    )


def _rows(session: Session, submission_id: int) -> Sequence[FindingRow]:
    query = select(FindingRow).where(FindingRow.submission_id == submission_id)
    return session.exec(query.order_by(col(FindingRow.position))).all()


def _standing(session: Session, submission_id: int) -> Sequence[RulingRow]:
    query = select(RulingRow).where(RulingRow.submission_id == submission_id, col(RulingRow.taken_back).is_(False))
    return session.exec(query.order_by(col(RulingRow.id))).all()
