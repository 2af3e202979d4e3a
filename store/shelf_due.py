"""Which folders of the shelf are behind their rows (案卷待更新): marked in the transaction that changes the rows.

Nobody who writes rows has to think of it. What the shelf shows is known from the rows that a flush is about to write,
so a process that is killed after its commit leaves the mark behind, and the next start makes the folder up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect, or_, update
from sqlmodel import Session, col, select

from store.tables import ApplicantRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

_SHOWN: dict[type, frozenset[str]] = {
    SubmissionRow: frozenset({"number", "serial", "applicant_id", "recommender", "status", "merged_into"}),
    ApplicantRow: frozenset({"name"}),
    MessageRow: frozenset({"subject", "sender_name", "sender_address", "received"}),
}
"""The columns of other rows that a folder shows; of versions and of mails in a submission all count."""


def follow(session: Session) -> None:
    """Have every flush of this session mark the folders that it changes."""
    event.listen(session, "before_flush", _mark)


def _mark(session: Session, _context: Any, _instances: Any) -> None:
    submissions: set[int] = set()
    applicants: set[int] = set()
    mails: set[str] = set()
    for row in _touched(session):
        if isinstance(row, VersionRow | SubmissionMessageRow):
            submissions.add(row.submission_id)
        elif isinstance(row, SubmissionRow) and row.id is not None:
            submissions.add(row.id)
        elif isinstance(row, ApplicantRow) and row.id is not None:
            applicants.add(row.id)
        elif isinstance(row, MessageRow):
            mails.add(row.sha256)
    if not submissions and not applicants and not mails:
        return
    meant = [col(SubmissionRow.id).in_(submissions), col(SubmissionRow.applicant_id).in_(applicants)]
    if mails:
        links = select(SubmissionMessageRow.submission_id).where(col(SubmissionMessageRow.message).in_(mails))
        meant.append(col(SubmissionRow.id).in_(links))
    # Straight through the connection: a query of the session would flush, and so come here again.
    session.connection().execute(
        update(SubmissionRow).where(or_(*meant)).values(shelf_changed=SubmissionRow.shelf_changed + 1)
    )


def _touched(session: Session) -> Iterable[object]:
    """Give the rows of this flush that a folder shows; a new submission is due by its default."""
    for row in (*session.new, *session.deleted):
        if isinstance(row, VersionRow | SubmissionMessageRow):
            yield row
    for row in session.dirty:
        if isinstance(row, VersionRow | SubmissionMessageRow):
            if session.is_modified(row):
                yield row
        elif type(row) in _SHOWN:
            state = inspect(row)
            if any(state.attrs[name].history.has_changes() for name in _SHOWN[type(row)]):
                yield row
