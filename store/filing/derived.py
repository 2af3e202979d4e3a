"""What a submission is called and who recommends it, settled anew from all it holds, whatever order it came in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from config.call import Call
from parsers.facts.leaf import Leaf, Role
from parsers.facts.mails import ReadLeaf
from parsers.names.applicant import ApplicantRead, choose, claims_of_leaves, claims_of_mail, codes_of_leaves
from parsers.names.company import NameRead, Sameness, names_a_body, same_company
from store import lists
from store.filing.applicants import ensure_applicant
from store.filing.versions import settle_versions, version_rows
from store.mails.readings import load_looks, load_reading
from store.states import Basis, Relation, VersionState
from store.tables import AliasRow, ApplicantRow, MessageRow, SubmissionMessageRow, SubmissionRow

BY_STAFF = "经办"
"""How the reason for an applicant's name begins where staff gave it."""


def refresh_submission(session: Session, call: Call, submission: SubmissionRow, reader_version: str) -> None:
    """Decide versions, the applicant's name and the recommender from everything the submission holds."""
    settle_versions(session, call, submission, reader_version)
    counted = _counted_leaves(session, submission, reader_version)
    links = filed_mails(session, submission)
    if not submission.applicant_reason.startswith(BY_STAFF):
        _refresh_name(session, call, submission, [leaf for _, leaf in counted], links)
    current = [leaf for state, leaf in counted if state == VersionState.CURRENT]
    submission.recommender = _recommender(session, current, links)
    session.add(submission)
    session.flush()


def name_anew(session: Session, call: Call, submission: SubmissionRow, reader_version: str) -> None:
    """Let the first of a submission's mails name its applicant again, where a mail that has left it renamed it."""
    links = [
        (link, mail)
        for link, mail in filed_mails(session, submission)
        if link.relation not in {Relation.PENDING, Relation.CONCERNS}
    ]
    if not links or submission.applicant_reason.startswith(BY_STAFF):
        return
    link, first = links[0]
    leaves = [leaf for _, leaf in _counted_leaves(session, submission, reader_version, first.sha256)]
    reading = load_reading(session, first.sha256) if link.relation in {Relation.OPENS, Relation.SUPPLEMENTS} else None
    claims = [*claims_of_leaves(leaves), *(claims_of_mail(reading) if reading else ())]
    read = choose(claims, codes_of_leaves(leaves), never=(call.issuer, *call.issuer_aliases))
    applicant = session.get(ApplicantRow, submission.applicant_id)
    was = applicant.name if applicant else ""
    listed = lists.listed_enterprise(session, read.name, read.credit_code) if read.name else None
    name = listed.name if listed else read.name
    if name == was or (same_company(name, was) is Sameness.NO if name and was else link.basis != Basis.UNNAMED):
        return
    submission.applicant_id = ensure_applicant(session, name, read.credit_code if name else "").id or 0
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


def _refresh_name(
    session: Session,
    call: Call,
    submission: SubmissionRow,
    leaves: Sequence[ReadLeaf],
    links: Sequence[tuple[SubmissionMessageRow, MessageRow]],
) -> None:
    claims: list[NameRead] = list(claims_of_leaves(leaves))
    for link, message in links:
        reading = (
            load_reading(session, message.sha256) if link.relation in {Relation.OPENS, Relation.SUPPLEMENTS} else None
        )
        if reading:
            claims += claims_of_mail(reading)
    read = choose(claims, codes_of_leaves(leaves), never=(call.issuer, *call.issuer_aliases))
    applicant = session.get(ApplicantRow, submission.applicant_id)
    if applicant is None or not read.name:
        return
    listed = lists.listed_enterprise(session, read.name, read.credit_code)
    name = listed.name if listed else read.name
    if not applicant.name or (same_company(name, applicant.name) is Sameness.LIKELY and read.certain):
        submission.applicant_id = ensure_applicant(session, name, read.credit_code).id or 0
    elif same_company(name, applicant.name) is Sameness.NO:
        submission.applicant_certain = False
        submission.applicant_reason = read.reason
        return
    submission.applicant_certain = _is_certain(read, listed is not None)
    submission.applicant_reason = read.reason


def _is_certain(read: ApplicantRead, listed: bool) -> bool:
    return (read.certain or listed) and not read.contradicted


def _recommender(
    session: Session, current: Sequence[ReadLeaf], links: Sequence[tuple[SubmissionMessageRow, MessageRow]]
) -> str:
    """Return what the current form says; where it says nothing, the listed body that sent the first of the mails."""
    for leaf in current:
        form = leaf.look.scan.form if leaf.look and leaf.look.scan else None
        if leaf.role is Role.FORM and form and names_a_body(form.recommender.value):
            entry = lists.recommender_of(session, form.recommender.value)
            return entry.name if entry else form.recommender.value
    for _, message in links:
        if entry := lists.recommender_by_address(session, message.sender_address):
            return entry.name
    return ""


def _counted_leaves(
    session: Session, submission: SubmissionRow, reader_version: str, message: str = ""
) -> list[tuple[VersionState, ReadLeaf]]:
    """Return the leaves that count (of one mail, where one is given), with their states, in order of arrival."""
    counted = {VersionState.CURRENT, VersionState.SUPERSEDED}
    rows = [row for row in version_rows(session, submission) if row[0].state in counted]
    rows = [row for row in rows if message in {"", row[2].sha256}]
    looks = load_looks(session, (leaf.sha256 for _, leaf, _ in rows), reader_version)
    return [
        (
            version.state,
            ReadLeaf(
                Leaf(leaf.path, leaf.name, leaf.size, leaf.sha256, leaf.type),
                Role(leaf.role),
                "",
                looks.get(leaf.sha256),
            ),
        )
        for version, leaf, _ in rows
    ]


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
    links = filed_mails(session, submission)
    moments = [message.received for link, message in links if link.relation != Relation.CONCERNS]
    if moments:
        submission.first_received, submission.last_received = min(moments), max(moments)
        session.add(submission)
