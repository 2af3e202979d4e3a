"""Mails filed before their turn (先归后收): loading the days around a mail, and taking mails back.

Which mails move is decided by ``flows.attribution.receipt_order``; here is what it looks at, and what is done then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from config.call import Call
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from store import journal
from store.dossier.filed_mail import FiledMail, Holder, Tie, Turn
from store.filing.derived import span
from store.filing.suggestions import withdraw_questions
from store.filing.weak_links import RECONSIDERED
from store.mails.readings import load_reading
from store.states import LetterState, Standing, SubmissionStatus, SuggestionState
from store.tables import (
    ApplicantRow,
    JournalRow,
    LeafRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)


@dataclass(slots=True)
class Emptied:
    """A submission that lost all its mails: its number was told to nobody and may be given to the same firm again."""

    row: SubmissionRow
    applicant: str
    mails: frozenset[str]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What mails that were taken back leave behind (退回): submissions that hold others still, and empty ones.

    ``applicants`` are the firms that all of them bore.
    """

    left: tuple[SubmissionRow, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    applicants: frozenset[int] = frozenset()


class StoreDays:
    """The filed mails of the days around one, loaded as they are asked for; nothing here writes or decides."""

    def __init__(self, session: Session, call: Call) -> None:
        self.session = session
        self.call = call
        self._loaded: dict[str, FiledMail] = {}

    def after(self, turn: Turn, until: datetime) -> list[FiledMail]:
        """Return the filed mails whose turn comes after this one and that were received by this moment, in order."""
        query = _filed().where(MessageRow.received >= turn[0], MessageRow.received <= until)
        return self._mails([row for row in self.session.exec(query) if turn_of(row) > turn])

    def doubted_by(self, mails: Collection[str]) -> list[FiledMail]:
        """Return the filed mails that one of these mails threw doubt on, so that they were placed anew, in order."""
        about = [f"message:{sha256}" for sha256 in mails]
        query = select(JournalRow.details).where(col(JournalRow.about).in_(about), JournalRow.action == RECONSIDERED)
        doubted = {sha256 for details in self.session.exec(query) for sha256 in details.get("mails", ())}
        if not doubted:
            return []
        return self._mails(list(self.session.exec(_filed().where(col(MessageRow.sha256).in_(doubted)))))

    def reading(self, sha256: str) -> MailReading | None:
        """Return a mail as it was read."""
        return load_reading(self.session, sha256)

    def _mails(self, rows: Sequence[MessageRow]) -> list[FiledMail]:
        fresh = [row for row in rows if row.sha256 not in self._loaded]
        if fresh:
            self._loaded |= _filed_mails(self.session, self.call, fresh)
        return [self._loaded[row.sha256] for row in rows]


def _filed() -> SelectOfScalar[MessageRow]:
    return (
        select(MessageRow)
        .where(col(MessageRow.kind).not_in(["", "quarantined"]), col(MessageRow.reader_version) != "")
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )


def _filed_mails(session: Session, call: Call, rows: Sequence[MessageRow]) -> dict[str, FiledMail]:
    hashes = [row.sha256 for row in rows]
    links = session.exec(select(SubmissionMessageRow).where(col(SubmissionMessageRow.message).in_(hashes))).all()
    asked: dict[str, list[int]] = {}
    questions = select(SuggestionRow).where(
        col(SuggestionRow.message).in_(hashes), SuggestionRow.state == SuggestionState.OPEN
    )
    for question in session.exec(questions):
        if question.submission_id is not None:
            asked.setdefault(question.message, []).append(question.submission_id)
    numbers = {link.submission_id for link in links} | {number for some in asked.values() for number in some}
    holders = _holders(session, call, numbers)
    ties = _ties(session, call, links, holders)
    files: dict[str, list[str]] = {}
    papers = set()
    leaves = select(LeafRow.message, LeafRow.sha256, LeafRow.role).where(
        col(LeafRow.message).in_(hashes), col(LeafRow.position) >= 0
    )
    for message, file, role in session.exec(leaves.order_by(col(LeafRow.id))):
        files.setdefault(message, []).append(file)
        if role in {Role.FORM.value, Role.REPORT.value}:
            papers.add(message)
    answered = select(LetterRow.answers).where(
        col(LetterRow.answers).in_(hashes), LetterRow.state != LetterState.CANCELLED
    )
    told = set(session.exec(answered))
    staff = _touched_by_staff(session, hashes)
    return {
        row.sha256: FiledMail(
            sha256=row.sha256,
            received=row.received,
            fetched=row.fetched,
            sender=row.sender_address,
            message_id=row.message_id,
            references=_references(row),
            said=_said(row),
            papers=row.sha256 in papers,
            files=tuple(files.get(row.sha256, ())),
            ties=tuple(ties.get(row.sha256, ())),
            asked=tuple(holders[number] for number in asked.get(row.sha256, ())),
            answered=row.sha256 in told,
            by_staff=row.sha256 in staff,
        )
        for row in rows
    }


def _references(row: MessageRow) -> tuple[str, ...]:
    reading = row.reading or {}
    return (*reading.get("in_reply_to", ()), *reading.get("references", ()))


def _said(row: MessageRow) -> tuple[str, ...]:
    """Return a mail's words and the names of its files."""
    reading = row.reading or {}
    places = [leaf.get("leaf", {}).get("path", "") for leaf in reading.get("leaves", ())]
    words = [reading.get("text", ""), reading.get("signature", ""), *reading.get("forwarded", ())]
    return (row.subject, row.sender_name, *places, *words)


def _holders(session: Session, call: Call, numbers: Collection[int]) -> dict[int, Holder]:
    """Return the submissions by row number; one of another call without its firm, which says nothing here."""
    query = (
        select(SubmissionRow.id, ApplicantRow.name, ApplicantRow.credit_code)
        .where(SubmissionRow.applicant_id == ApplicantRow.id, SubmissionRow.call == call.id)
        .where(col(SubmissionRow.id).in_(numbers))
    )
    named = {number or 0: Holder(number or 0, name, code) for number, name, code in session.exec(query)}
    return {number: named.get(number, Holder(number)) for number in numbers}


def _ties(
    session: Session, call: Call, links: Sequence[SubmissionMessageRow], holders: dict[int, Holder]
) -> dict[str, list[Tie]]:
    numbers = {link.submission_id for link in links}
    rows = {row.id: row for row in session.exec(select(SubmissionRow).where(col(SubmissionRow.id).in_(numbers)))}
    last = _last_told(session, list(rows.values()))
    ties: dict[str, list[Tie]] = {}
    for link in links:
        row = rows[link.submission_id]
        closed = row.status == SubmissionStatus.MERGED or row.call != call.id
        tie = Tie(holders[link.submission_id], link.basis, last.get(link.submission_id), closed)
        ties.setdefault(link.message, []).append(tie)
    return ties


def _touched_by_staff(session: Session, hashes: Sequence[str]) -> set[str]:
    """Return the mails that staff did something with, by the journal, or of which they judged a file."""
    about = {f"message:{sha256}": sha256 for sha256 in hashes}
    lines = select(JournalRow.about).where(JournalRow.actor != journal.SYSTEM, col(JournalRow.about).in_(about))
    judged = (
        select(LeafRow.message)
        .join(VersionRow, col(VersionRow.leaf_id) == LeafRow.id)
        .where(col(LeafRow.message).in_(hashes), col(VersionRow.standing).in_([Standing.ACCEPTED, Standing.REFUSED]))
    )
    return {about[one] for one in session.exec(lines)} | set(session.exec(judged))


def _last_told(session: Session, rows: Sequence[SubmissionRow]) -> dict[int, datetime]:
    """Return when each submission was last written about, or touched by staff: what it held then stays in it.

    A letter that waits in the outbox counts as sent: the sender may take it at any moment.
    """
    numbers = {f"submission:{row.number}": row.id or 0 for row in rows}
    letters = select(LetterRow.submission_id, LetterRow.created).where(
        col(LetterRow.submission_id).in_(numbers.values()), LetterRow.state != LetterState.CANCELLED
    )
    moments = [(number, at) for number, at in session.exec(letters) if number is not None]
    staff = select(JournalRow.about, JournalRow.at).where(
        JournalRow.actor != journal.SYSTEM, col(JournalRow.about).in_(numbers)
    )
    moments += [(numbers[about], at) for about, at in session.exec(staff)]
    last: dict[int, datetime] = {}
    for number, at in moments:
        last[number] = max(at, last.get(number, at))
    return last


def turn_of(row: MessageRow) -> Turn:
    """Return a mail's place in the order of receipt."""
    return row.received, row.sha256


def take_back(session: Session, mails: Sequence[MessageRow], at: datetime) -> TakenBack:
    """Undo the filing of these mails: their links, versions and open questions. Nothing of the mails themselves.

    The submissions that hold other mails still must be settled anew by the caller, and then ``forget_applicants``.
    """
    hashes = [row.sha256 for row in mails]
    links = session.exec(select(SubmissionMessageRow).where(col(SubmissionMessageRow.message).in_(hashes))).all()
    held: dict[int, set[str]] = {}
    for link in links:
        held.setdefault(link.submission_id, set()).add(link.message)
        session.delete(link)
    leaves = select(LeafRow.id).where(col(LeafRow.message).in_(hashes))
    for version in session.exec(select(VersionRow).where(col(VersionRow.leaf_id).in_(leaves))).all():
        session.delete(version)
    withdraw_questions(session, hashes, at)
    session.flush()
    left, emptied = [], []
    firms = set()
    for number, messages in sorted(held.items()):
        row = session.get_one(SubmissionRow, number)
        applicant = session.get(ApplicantRow, row.applicant_id)
        firms.add(row.applicant_id)
        if session.exec(select(SubmissionMessageRow).where(SubmissionMessageRow.submission_id == number)).first():
            left.append(row)
        else:
            emptied.append(Emptied(row, applicant.name if applicant else "", frozenset(messages)))
    for row in left:
        span(session, row)
    for one in emptied:
        _reset(one.row)
        session.add(one.row)
    session.flush()
    return TakenBack(tuple(left), tuple(emptied), frozenset(firms))


def _reset(row: SubmissionRow) -> None:
    """Leave of a submission nothing but its number, and let nobody find it unless it is opened anew."""
    row.applicant_certain, row.applicant_reason, row.recommender = True, "", ""
    row.status, row.second_case_of = SubmissionStatus.MERGED, ""
    row.answer_due, row.settle_until, row.decision, row.decision_reason = None, None, "", ""


def close(session: Session, emptied: Iterable[Emptied], at: datetime) -> None:
    """Say of submissions that nothing came back to that they are closed: their numbers are not given again."""
    for one in emptied:
        sentence = f"原凭后收到的来信立件；按收件先后重新归属后，{one.row.number} 名下已无来信，该号不再使用。"
        journal.write(session, at, journal.SYSTEM, "closed", f"submission:{one.row.number}", sentence)
    session.flush()


def places_of(session: Session, mails: Iterable[str]) -> dict[str, frozenset[object]]:
    """Return where each mail and its files stand, so that two moments can be compared."""
    found: dict[str, set[object]] = {sha256: set() for sha256 in mails}
    hashes = list(found)
    for link in session.exec(select(SubmissionMessageRow).where(col(SubmissionMessageRow.message).in_(hashes))):
        found[link.message].add((link.submission_id, link.relation, link.basis, link.folder))
    versions = select(VersionRow, LeafRow).where(VersionRow.leaf_id == LeafRow.id, col(LeafRow.message).in_(hashes))
    for version, leaf in session.exec(versions):
        found[leaf.message].add((version.submission_id, leaf.id, version.standing))
    questions = select(SuggestionRow).where(
        col(SuggestionRow.message).in_(hashes), SuggestionRow.state == SuggestionState.OPEN
    )
    for question in session.exec(questions):
        found[question.message].add((question.submission_id, question.kind, tuple(question.paths)))
    return {sha256: frozenset(places) for sha256, places in found.items()}
