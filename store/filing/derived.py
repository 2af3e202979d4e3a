"""What a submission holds, loaded for those who name it, and what they decide written down."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from parsers.facts.leaf import Leaf, Role
from parsers.facts.mails import ReadLeaf
from store.dossier.holdings import HeldLeaf, HeldMail, Holdings
from store.filing.applicants import ensure_applicant
from store.filing.versions import version_rows
from store.mails.readings import load_looks, load_reading
from store.states import Relation, VersionState
from store.tables import AliasRow, ApplicantRow, MessageRow, SubmissionMessageRow, SubmissionRow

BY_STAFF = "经办"
"""How the reason for an applicant's name begins where staff gave it."""

_SPEAKS = frozenset({Relation.OPENS, Relation.SUPPLEMENTS})
"""Relations of mails whose own words are about this submission's firm, and about no other."""


def load_holdings(session: Session, submission: SubmissionRow, reader_version: str) -> Holdings:
    """Return everything that counts in a submission, in order of receipt; nothing that waits for staff."""
    applicant = session.get(ApplicantRow, submission.applicant_id)
    mails = tuple(
        HeldMail(
            message.sha256,
            message.sender_address,
            link.relation,
            link.basis,
            load_reading(session, message.sha256) if link.relation in _SPEAKS else None,
        )
        for link, message in filed_mails(session, submission)
    )
    return Holdings(
        applicant=applicant.name if applicant else "",
        by_staff=submission.applicant_reason.startswith(BY_STAFF),
        leaves=_counted_leaves(session, submission, reader_version),
        mails=mails,
    )


def rename(session: Session, submission: SubmissionRow, name: str, credit_code: str) -> None:
    """Let a submission be this enterprise's; an empty name is an enterprise that is not known yet."""
    submission.applicant_id = ensure_applicant(session, name, credit_code).id or 0
    session.add(submission)
    session.flush()


def forget_applicants(session: Session, applicants: Collection[int], emptied: Collection[int | None]) -> None:
    """Let no mail find enterprises by a name or code that only mails gave which have been taken back.

    ``emptied`` are the submissions that hold nothing any more. What staff remembered of an enterprise keeps it.
    """
    for number in applicants:
        held = select(SubmissionRow.id).where(
            SubmissionRow.applicant_id == number, col(SubmissionRow.id).not_in(emptied)
        )
        known = select(AliasRow.id).where(AliasRow.applicant_id == number)
        row = session.get(ApplicantRow, number)
        if row is None or session.exec(held).first() is not None or session.exec(known).first() is not None:
            continue
        row.name, row.normal_name, row.credit_code = "", "", ""
        session.add(row)
    session.flush()


def filed_mails(session: Session, submission: SubmissionRow) -> list[tuple[SubmissionMessageRow, MessageRow]]:
    """Return the mails of a submission with what ties them to it, in order of receipt; none that waits for staff."""
    query = (
        select(SubmissionMessageRow, MessageRow)
        .where(SubmissionMessageRow.message == MessageRow.sha256)
        .where(SubmissionMessageRow.submission_id == submission.id, SubmissionMessageRow.relation != Relation.PENDING)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    return list(session.exec(query).all())


def span(session: Session, submission: SubmissionRow) -> None:
    """Bring first and last receipt in line with the mails that a submission holds."""
    moments = [
        message.received for link, message in filed_mails(session, submission) if link.relation != Relation.CONCERNS
    ]
    if moments:
        submission.first_received, submission.last_received = min(moments), max(moments)
        session.add(submission)


def _counted_leaves(session: Session, submission: SubmissionRow, reader_version: str) -> tuple[HeldLeaf, ...]:
    counted = {VersionState.CURRENT, VersionState.SUPERSEDED}
    rows = [row for row in version_rows(session, submission) if row[0].state in counted]
    looks = load_looks(session, (leaf.sha256 for _, leaf, _ in rows), reader_version)
    return tuple(
        HeldLeaf(
            ReadLeaf(
                Leaf(leaf.path, leaf.name, leaf.size, leaf.sha256, leaf.type),
                Role(leaf.role),
                "",
                looks.get(leaf.sha256),
            ),
            message.sha256,
            current=version.state == VersionState.CURRENT,
        )
        for version, leaf, message in rows
    )
