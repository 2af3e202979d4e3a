"""Dossiers (案卷) built from rows: everything that rules, decisions and letters may look at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from config.call import Call
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look
from parsers.facts.mails import CloudLink, MailReading, ReadLeaf
from parsers.names.applicant import claims_of_leaves, claims_of_mail
from parsers.names.company import NameRead, Sameness, find_companies, same_company
from store import lists
from store.dossier.dossier import Dossier, FiledFile, Lists, MailSeen, NameClaim
from store.filing import quotas
from store.filing.findings import load_rulings
from store.filing.papers import load_papers
from store.filing.unsettled import unsettled_of
from store.filing.versions import on_time, version_rows
from store.mails.readings import load_looks, load_reading, problems_of
from store.states import Relation, VersionState
from store.tables import ApplicantRow, LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

_FORWARD = re.compile(r"(?:转发|转寄|fwd?|fw)\s*[:：]", re.IGNORECASE)


def load_dossier(session: Session, call: Call, submission_id: int, reader_version: str) -> Dossier:
    """Return the dossier of a submission; ``KeyError`` where there is none of that number.

    ``reader_version`` chooses whose reading of the files counts. Files and mails stand in order of arrival.
    """
    submission = session.get(SubmissionRow, submission_id)
    if submission is None:
        raise KeyError(submission_id)
    applicant = session.get(ApplicantRow, submission.applicant_id)
    rows = version_rows(session, submission)
    looks = load_looks(session, (leaf.sha256 for _, leaf, _ in rows), reader_version)
    files = tuple(_file(version, leaf, message, looks.get(leaf.sha256)) for version, leaf, message in rows)
    mails = _mails(session, submission)
    readings = [(row, message, load_reading(session, message.sha256)) for row, message in mails]
    name = applicant.name if applicant else ""
    code = applicant.credit_code if applicant else ""
    return Dossier(
        call=submission.call,
        number=submission.number,
        applicant=name,
        applicant_certain=submission.applicant_certain,
        credit_code=code,
        names=_names(submission, name, files, readings),
        recommender=submission.recommender,
        first_received=submission.first_received,
        last_received=submission.last_received,
        mails=tuple(_mail(call, submission, message, reading) for _, message, reading in readings),
        files=files,
        links=_open_links(readings, files, name),
        unsettled=unsettled_of(session, submission, name, [message for _, message in mails]),
        lists=load_lists(session, call, submission, name, code),
        paper=load_papers(session, submission_id),
        rulings=load_rulings(session, submission_id),
        extended_to=submission.extended_to,
        late_accepted=submission.late_accepted,
        withdrawn=submission.withdrawn,
        second_case_of=submission.second_case_of,
    )


def load_lists(session: Session, call: Call, submission: SubmissionRow, name: str, credit_code: str) -> Lists:
    """Return what the current lists say about a submission's applicant and its recommender."""
    titles, titles_as_of = lists.titles_of(session, name, credit_code)
    membership, members_as_of = lists.membership_of(session, name, credit_code)
    recommender = quotas.standing_of(session, call, submission)
    return Lists(titles, titles_as_of, membership, members_as_of, recommender)


def _mails(session: Session, submission: SubmissionRow) -> list[tuple[SubmissionMessageRow, MessageRow]]:
    query = (
        select(SubmissionMessageRow, MessageRow)
        .where(SubmissionMessageRow.submission_id == submission.id)
        # What a stranger writes is no part of the dossier until staff take it in; only the files wait in sight.
        .where(SubmissionMessageRow.message == MessageRow.sha256, SubmissionMessageRow.relation != Relation.PENDING)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    return list(session.exec(query).all())


def _file(version: VersionRow, leaf: LeafRow, message: MessageRow, look: Look | None) -> FiledFile:
    return FiledFile(
        version=version.id or 0,
        material=version.material,
        role=Role(leaf.role),
        name=leaf.name,
        path=leaf.path,
        sha256=leaf.sha256,
        size=leaf.size,
        type=leaf.type,
        message=message.sha256,
        received=message.received,
        state=version.state,
        reason=version.reason,
        look=look,
        caption=leaf.caption,
        caption_from=leaf.caption_from,
        problems=problems_of(leaf),
        received_doubt=message.received_doubt,
    )


def _mail(call: Call, submission: SubmissionRow, message: MessageRow, reading: MailReading | None) -> MailSeen:
    seen = reading or MailReading(sha256=message.sha256, size=message.size)
    return MailSeen(
        sha256=message.sha256,
        message_id=message.message_id,
        sender_name=message.sender_name,
        sender_address=message.sender_address,
        subject=message.subject,
        received=message.received,
        text=seen.text,
        passed_on=seen.quoted if _FORWARD.match(message.subject.strip()) else "",
        authentication=seen.authentication.verdict,
        references=seen.references,
        on_time=on_time(call, submission, message.received),
    )


def _names(
    submission: SubmissionRow,
    name: str,
    files: Sequence[FiledFile],
    readings: Sequence[tuple[SubmissionMessageRow, MessageRow, MailReading | None]],
) -> tuple[NameClaim, ...]:
    """Return the names on the current files, and those in mails that brought files of this submission alone."""
    current = [
        ReadLeaf(Leaf(f.path, f.name, f.size, f.sha256, f.type), f.role, "", f.look)
        for f in files
        if f.state is VersionState.CURRENT
    ]
    claims: list[NameRead] = [*claims_of_leaves(current)]
    for row, _, reading in readings:
        if reading and row.relation not in {Relation.PENDING, Relation.BUNDLE}:
            claims += claims_of_mail(reading)
    if submission.applicant_reason.startswith("经办"):
        claims.insert(0, NameRead(name, "staff", 1.0, submission.applicant_reason))
    return tuple(NameClaim(claim.name, claim.source, claim.confidence, claim.where) for claim in dict.fromkeys(claims))


def _open_links(
    readings: Sequence[tuple[SubmissionMessageRow, MessageRow, MailReading | None]],
    files: Sequence[FiledFile],
    applicant: str,
) -> tuple[CloudLink, ...]:
    """Return the links that no later mail made needless by bringing real files, and that are no other firm's."""
    brought = [
        file.received
        for file in files
        if file.material and file.state in {VersionState.CURRENT, VersionState.SUPERSEDED}
    ]
    links: dict[str, CloudLink] = {}
    for row, message, reading in readings:
        if reading is None or row.relation == Relation.PENDING or any(moment > message.received for moment in brought):
            continue
        links.update({link.url: link for link in reading.links if not _of_another(link, reading.text, applicant)})
    return tuple(links.values())


def _of_another(link: CloudLink, text: str, applicant: str) -> bool:
    """Whether the line in which a link stands names other firms and not this one: an agent lists his firms so."""
    line = next((one for one in text.splitlines() if link.url in one), "")
    named = find_companies(line)
    return bool(applicant and named) and all(same_company(one, applicant) is Sameness.NO for one in named)
