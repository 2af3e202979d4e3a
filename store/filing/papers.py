"""Paper originals (纸质件) that staff booked in."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from store import journal
from store.dossier.dossier import PaperReceipt
from store.tables import PaperRow, SubmissionRow


def book_paper(session: Session, submission: SubmissionRow, receipt: PaperReceipt, name: str, *, at: datetime) -> bool:
    """Book in a paper original of this name; False (and nothing changed) where this very receipt is booked already."""
    if receipt in load_papers(session, submission.id or 0):
        return False
    session.add(
        PaperRow(
            submission_id=submission.id or 0,
            material=receipt.material,
            received_on=receipt.received_on,
            courier=receipt.courier,
            sealed=receipt.sealed,
            by=receipt.by,
            booked=at,
        )
    )
    session.flush()
    seal = "已盖章" if receipt.sealed else "未盖章"
    sentence = f"{receipt.by} 登记收到纸质件“{name}”（{receipt.received_on.isoformat()}，{seal}）。"
    details = {"material": receipt.material, "courier": receipt.courier}
    journal.write(session, at, receipt.by, "paper-booked", f"submission:{submission.number}", sentence, details)
    return True


def load_papers(session: Session, submission_id: int) -> tuple[PaperReceipt, ...]:
    """Return the paper originals of a submission in the order they were booked."""
    query = select(PaperRow).where(PaperRow.submission_id == submission_id).order_by(col(PaperRow.id))
    return tuple(
        PaperReceipt(row.material, row.received_on, row.courier, row.sealed, row.by) for row in session.exec(query)
    )
