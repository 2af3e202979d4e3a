"""What of a submission's senders, or for its firm, is not settled yet (未定之物), read from rows.

A file that staff have not placed, and the files of a submission whose firm nobody knows, may be what is missed in
another. They reach a submission where they come from one of its senders, from an address that its mails name, from
the same organisation, or where they call its firm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Text, cast, false, or_
from sqlmodel import Session, col, select

from parsers.facts.leaf import Role
from parsers.names.company import mention
from store.dossier.dossier import Unsettled
from store.dossier.known_submission import domain_of
from store.filing.suggestions import open_suggestions
from store.states import Relation, SubmissionStatus
from store.tables import ApplicantRow, LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_CALLED = 0.7
"""Likeness of a short name in a mail's words from which it calls that firm."""

NAMELESS = Unsettled("同一单位的其他来信", "单位待认")
"""What a submission of an unknown firm may lack lies perhaps in a mail that names the firm."""


def unsettled_of(
    session: Session, submission: SubmissionRow, applicant: str, mails: Sequence[MessageRow]
) -> tuple[Unsettled, ...]:
    """Return everything unsettled that could hold what this submission lacks, in order of arrival."""
    reach = _Reach(applicant, mails)
    found = [] if applicant else [NAMELESS]
    found += _unplaced(session, submission, reach)
    found += _of_nameless(session, submission, reach)
    return tuple(dict.fromkeys(found))


def reached_by(session: Session, call: str, mail: MessageRow) -> tuple[SubmissionRow, ...]:
    """Return the call's live submissions for which something unsettled in this mail counts, in order of their numbers.

    They must be judged anew when it comes and when it is settled: what they lack may lie in it.
    """
    words = f"{mail.subject}\n{(mail.reading or {}).get('text') or ''}"
    address, domain = mail.sender_address, domain_of(mail.sender_address)
    written = (
        select(SubmissionMessageRow.submission_id)
        .join(MessageRow, col(MessageRow.sha256) == SubmissionMessageRow.message)
        .where(SubmissionMessageRow.relation != Relation.PENDING)
        .where(
            or_(
                col(MessageRow.sender_address) == address if address else false(),
                cast(col(MessageRow.reading), Text).icontains(address, autoescape=True) if address else false(),
                col(MessageRow.sender_address).endswith(f"@{domain}", autoescape=True) if domain else false(),
            )
        )
    )
    applicants = session.exec(select(ApplicantRow.id, ApplicantRow.name)).all()
    called = [id_ for id_, name in applicants if name and mention(words, name) >= _CALLED]
    query = (
        select(SubmissionRow)
        .where(SubmissionRow.call == call, SubmissionRow.status != SubmissionStatus.MERGED)
        .where(col(SubmissionRow.withdrawn).is_(other=False))
        .where(or_(col(SubmissionRow.id).in_(written), col(SubmissionRow.applicant_id).in_(called)))
    )
    return tuple(session.exec(query.order_by(col(SubmissionRow.serial))).all())


class _Reach:
    """Which other mails concern this submission."""

    def __init__(self, applicant: str, mails: Sequence[MessageRow]) -> None:
        self.applicant = applicant
        self.hashes = {mail.sha256 for mail in mails}
        texts = (str((mail.reading or {}).get("text") or "") for mail in mails)
        named = {one.lower() for text in texts for one in _ADDRESS.findall(text)}
        self.addresses = ({mail.sender_address for mail in mails} | named) - {""}
        self.domains = {domain_of(mail.sender_address) for mail in mails} - {""}

    def holds(self, mail: MessageRow) -> bool:
        """Whether a mail comes from one of ours, or calls our firm."""
        if mail.sha256 in self.hashes or mail.sender_address in self.addresses:
            return True
        if domain_of(mail.sender_address) in self.domains:
            return True
        words = f"{mail.subject}\n{(mail.reading or {}).get('text') or ''}"
        return bool(self.applicant) and mention(words, self.applicant) >= _CALLED


def _unplaced(session: Session, submission: SubmissionRow, reach: _Reach) -> Iterator[Unsettled]:
    """Yield the files about which staff are asked and that may be this submission's."""
    for question in open_suggestions(session):
        mail = session.get(MessageRow, question.message)
        if mail is None or question.submission_id not in {None, submission.id} or not reach.holds(mail):
            continue
        paths = set(question.paths)
        yield from _files(session, [question.message], "归属待定", paths)


def _of_nameless(session: Session, submission: SubmissionRow, reach: _Reach) -> Iterator[Unsettled]:
    """Yield the files of other submissions whose firm nobody knows."""
    query = (
        select(SubmissionRow)
        .join(ApplicantRow, col(ApplicantRow.id) == SubmissionRow.applicant_id)
        .where(ApplicantRow.name == "", SubmissionRow.call == submission.call, SubmissionRow.id != submission.id)
        .where(SubmissionRow.status != SubmissionStatus.MERGED, col(SubmissionRow.withdrawn).is_(other=False))
    )
    for row in session.exec(query.order_by(col(SubmissionRow.serial))).all():
        links = (
            select(MessageRow)
            .join(SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256)
            .where(SubmissionMessageRow.submission_id == row.id, SubmissionMessageRow.relation != Relation.PENDING)
        )
        mails = session.exec(links).all()
        if any(reach.holds(mail) for mail in mails):
            yield from _files(session, [mail.sha256 for mail in mails], "单位待认")


def _files(session: Session, messages: Iterable[str], why: str, paths: set[str] | None = None) -> Iterator[Unsettled]:
    query = select(LeafRow).where(col(LeafRow.message).in_(list(messages)), col(LeafRow.position) >= 0)
    for leaf in session.exec(query.order_by(col(LeafRow.id))):
        if leaf.role != Role.NOISE.value and (paths is None or leaf.path in paths):
            yield Unsettled(leaf.name, why, leaf.type, Role(leaf.role) if leaf.role else None)
