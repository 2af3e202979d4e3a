"""Mails filed before their turn (先归后收): which they are, and taking them back so that they are filed again in order.

What decides who is an applicant and who a stranger is the moment the server took a mail, not the moment we came to
file it: a mail may be read late (a reader that failed, a junk folder, a gap found by reconciliation). When such a mail
is filed, the mails behind it that share something with it are taken back, and filed again after it.

Three things are never taken back: what anybody was told of by letter, what staff touched, and what the server took
more than ``IN_TURN_FOR`` later. Where more than ``MOST_IN_TURN`` mails would move, none does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from config.call import Call
from parsers.facts.leaf import Role
from parsers.names.company import find_companies
from parsers.text.credit_code import find_credit_codes
from store import journal
from store.dossier.marks import Marks
from store.filing.derived import forget_applicants, name_anew, refresh_submission, span
from store.filing.submissions import MERGED, of_sender
from store.filing.suggestions import withdraw_questions
from store.filing.versions import ACCEPTED, REFUSED
from store.filing.weak_links import RECONSIDERED
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

IN_TURN_FOR = timedelta(days=3)
"""How long after a mail's receipt others are filed again behind it; what came later than that stays where it is."""

MOST_IN_TURN = 200
"""So many mails at most are filed again behind one: it all happens in the transaction of that one mail."""

_BY_NAME = {"new", "name", "code"}
"""Bases of attributions to the firm that a mail names: there the submission's firm says what the mail says."""

_BY_FILES = {"new", "unnamed", "files"}
"""Bases of attributions that a file seen before could have changed, as it could where a mail was filed nowhere."""


@dataclass(slots=True)
class Emptied:
    """A submission that lost all its mails: its number was told to nobody and may be given to the same firm again."""

    row: SubmissionRow
    applicant: str
    mails: frozenset[str]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What mails that were taken back leave behind (退回): submissions that hold others still, and empty ones."""

    left: tuple[SubmissionRow, ...] = ()
    emptied: tuple[Emptied, ...] = ()


def filed_early(
    session: Session, call: Call, message: MessageRow, marks_of: Callable[[str], Marks]
) -> tuple[MessageRow, ...]:
    """Return the mails that were filed though it was this one's turn, in order of receipt: whatever it could move.

    ``marks_of`` reads the marks of a mail by its hash. What was told, what staff touched and what came too much later
    is left out, and nothing is reached through it. None where there are more than ``MOST_IN_TURN``.
    """
    rows = _behind(session, message)
    if not rows:
        return ()
    edge = Marks()
    edge.add(marks_of(message.sha256))
    own = of_sender(session, call.id, message.sender_address)
    if len(own) == 1:
        # What names nobody goes to the sender's one submission.
        edge.submissions.add(own[0].id or 0)
    marks = _stored_marks(session, call, rows, marks_of)
    if not any(edge.may_move(one) for one in marks.values()):
        return ()
    found = _Closure(session, call, marks_of).of(message, edge)
    return found if len(found) <= MOST_IN_TURN else ()


class _Closure:
    """All that one mail could move, and what those could move in turn."""

    def __init__(self, session: Session, call: Call, marks_of: Callable[[str], Marks]) -> None:
        self.session = session
        self.call = call
        self.marks_of = marks_of
        self.open: dict[str, MessageRow] = {}
        """Mails that may be taken back and have not been reached yet."""
        self.marks: dict[str, Marks] = {}
        self.found: dict[str, MessageRow] = {}

    def of(self, message: MessageRow, edge: Marks) -> tuple[MessageRow, ...]:
        """Return the mails in order of receipt."""
        until = message.received + IN_TURN_FOR
        self._open(_behind(self.session, message))
        movers = [(turn_of(message), edge)]
        while movers and len(self.found) <= MOST_IN_TURN:
            turn, marks = movers.pop()
            reached = [row for sha, row in self.open.items() if turn_of(row) > turn and marks.may_move(self.marks[sha])]
            movers += [self._reach(row) for row in reached]
            for row in self._reconsidered(reached):
                # Decided anew because of a mail that is taken back, it is decided again from its own turn on.
                self._open([row, *(one for one in _behind(self.session, row) if one.received <= until)])
                if row.sha256 in self.open:
                    movers.append(self._reach(row))
        return tuple(sorted(self.found.values(), key=turn_of))

    def _open(self, rows: Sequence[MessageRow]) -> None:
        fresh = [row for row in rows if row.sha256 not in self.marks]
        self.marks |= _stored_marks(self.session, self.call, fresh, self.marks_of)
        settled = _settled(self.session, self.call, fresh)
        self.open |= {row.sha256: row for row in fresh if row.sha256 not in settled}

    def _reach(self, row: MessageRow) -> tuple[tuple[datetime, str], Marks]:
        self.found[row.sha256] = self.open.pop(row.sha256)
        marks = Marks()
        marks.add(self.marks_of(row.sha256))
        marks.add(self.marks[row.sha256])
        return turn_of(row), marks

    def _reconsidered(self, because: Sequence[MessageRow]) -> list[MessageRow]:
        about = [f"message:{row.sha256}" for row in because]
        query = select(JournalRow.details).where(col(JournalRow.about).in_(about), JournalRow.action == RECONSIDERED)
        mails = {sha256 for details in self.session.exec(query) for sha256 in details.get("mails", ())}
        rows = select(MessageRow).where(col(MessageRow.sha256).in_(mails - set(self.found)))
        return sorted(self.session.exec(rows), key=turn_of)


def turn_of(row: MessageRow) -> tuple[datetime, str]:
    """Return what orders mails: the server's clock, then the hash, which never changes."""
    return row.received, row.sha256


def take_back(
    session: Session, call: Call, mails: Sequence[MessageRow], *, at: datetime, reader_version: str
) -> TakenBack:
    """Undo the filing of these mails: their links, versions and open questions. Nothing of the mails themselves."""
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
        name_anew(session, call, row, reader_version)
        refresh_submission(session, call, row, reader_version)
    for one in emptied:
        _reset(one.row)
        session.add(one.row)
    forget_applicants(session, firms, {one.row.id for one in emptied})
    session.flush()
    return TakenBack(tuple(left), tuple(emptied))


def _reset(row: SubmissionRow) -> None:
    """Leave of a submission nothing but its number, and let nobody find it unless it is opened anew."""
    row.applicant_certain, row.applicant_reason, row.recommender = True, "", ""
    row.status, row.second_case_of = MERGED, ""
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
    questions = select(SuggestionRow).where(col(SuggestionRow.message).in_(hashes), SuggestionRow.state == "open")
    for question in session.exec(questions):
        found[question.message].add((question.submission_id, question.kind, tuple(question.paths)))
    return {sha256: frozenset(places) for sha256, places in found.items()}


def _behind(session: Session, message: MessageRow) -> list[MessageRow]:
    """Return the mails filed already that the server took after this one, within ``IN_TURN_FOR``."""
    query = (
        select(MessageRow)
        .where(MessageRow.received >= message.received, MessageRow.received <= message.received + IN_TURN_FOR)
        .where(col(MessageRow.kind).not_in(["", "quarantined"]), col(MessageRow.reader_version) != "")
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    return [row for row in session.exec(query) if turn_of(row) > turn_of(message)]


def _stored_marks(
    session: Session, call: Call, rows: Sequence[MessageRow], marks_of: Callable[[str], Marks]
) -> dict[str, Marks]:
    """Return the marks of filed mails, as their rows tell them.

    A mail that was placed by something else may name a firm all the same: its words are looked at, and its papers are
    read again where it brought any.
    """
    marks = {row.sha256: Marks({row.sender_address} - {""}, ids=_bare([row.message_id])) for row in rows}
    for row in rows:
        reading = row.reading or {}
        marks[row.sha256].references = _bare([*reading.get("in_reply_to", ()), *reading.get("references", ())])
    hashes = list(marks)
    tied: list[tuple[str, int]] = []
    by_files = set(hashes)
    elsewhere = set(hashes)
    for link in session.exec(select(SubmissionMessageRow).where(col(SubmissionMessageRow.message).in_(hashes))):
        tied.append((link.message, link.submission_id))
        if link.basis not in _BY_FILES:
            by_files.discard(link.message)
        if link.basis in _BY_NAME:
            elsewhere.discard(link.message)
    questions = select(SuggestionRow).where(col(SuggestionRow.message).in_(hashes), SuggestionRow.state == "open")
    tied += [(row.message, row.submission_id) for row in session.exec(questions) if row.submission_id is not None]
    firms = _firms(session, call, {number for _, number in tied})
    for sha256, number in tied:
        marks[sha256].submissions.add(number)
        name, code = firms.get(number, ("", ""))
        marks[sha256].names |= {name} - {""}
        marks[sha256].codes |= {code} - {""}
    papers = select(LeafRow.message).where(
        col(LeafRow.message).in_(elsewhere), col(LeafRow.role).in_([Role.FORM.value, Role.REPORT.value])
    )
    for row in rows:
        if row.sha256 in elsewhere:
            marks[row.sha256].add(_said(row))
    for sha256 in set(session.exec(papers)):
        read = marks_of(sha256)
        marks[sha256].add(Marks(names=read.names, codes=read.codes))
    leaves = select(LeafRow.message, LeafRow.sha256).where(col(LeafRow.message).in_(by_files))
    for sha256, file in session.exec(leaves):
        marks[sha256].files.add(file)
    return marks


def _said(row: MessageRow) -> Marks:
    """Return the firms and codes that stand in a mail's words and in the names of its files."""
    reading = row.reading or {}
    places = [leaf.get("leaf", {}).get("path", "") for leaf in reading.get("leaves", ())]
    texts = [row.subject, row.sender_name, *places]
    texts += [reading.get("text", ""), reading.get("signature", ""), *reading.get("forwarded", ())]
    names = {name for text in texts for name in find_companies(text)}
    return Marks(names=names, codes={code for text in texts for code in find_credit_codes(text)})


def _firms(session: Session, call: Call, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    query = (
        select(SubmissionRow.id, ApplicantRow.name, ApplicantRow.credit_code)
        .where(SubmissionRow.applicant_id == ApplicantRow.id, SubmissionRow.call == call.id)
        .where(col(SubmissionRow.id).in_(numbers))
    )
    return {number or 0: (name, code) for number, name, code in session.exec(query)}


def _settled(session: Session, call: Call, rows: Sequence[MessageRow]) -> frozenset[str]:
    """Return the mails that stay: told of by letter, touched by staff, or tied to what either is true of."""
    hashes = [row.sha256 for row in rows]
    fetched = {row.sha256: row.fetched for row in rows}
    answered = select(LetterRow.answers).where(col(LetterRow.answers).in_(hashes), LetterRow.state != "cancelled")
    settled = {sha256 for sha256 in session.exec(answered) if sha256}
    staff = select(JournalRow.about).where(JournalRow.actor != journal.SYSTEM)
    about = {f"message:{sha256}": sha256 for sha256 in hashes}
    settled |= {about[one] for one in session.exec(staff.where(col(JournalRow.about).in_(about)))}
    accepted = (
        select(LeafRow.message)
        .join(VersionRow, col(VersionRow.leaf_id) == LeafRow.id)
        .where(col(LeafRow.message).in_(hashes), col(VersionRow.standing).in_([ACCEPTED, REFUSED]))
    )
    settled |= set(session.exec(accepted))
    links = session.exec(select(SubmissionMessageRow).where(col(SubmissionMessageRow.message).in_(hashes))).all()
    last = _last_told(session, {link.submission_id for link in links})
    for link in links:
        row = session.get_one(SubmissionRow, link.submission_id)
        told = last.get(link.submission_id, fetched[link.message] - IN_TURN_FOR) >= fetched[link.message]
        if told or link.basis == "staff" or row.status == MERGED or row.call != call.id:
            settled.add(link.message)
    return frozenset(settled)


def _last_told(session: Session, submissions: Collection[int]) -> dict[int, datetime]:
    """Return when each submission was last written about, or touched by staff: what it held then stays in it.

    A letter that waits in the outbox counts as sent: the sender may take it at any moment.
    """
    last: dict[int, datetime] = {}
    letters = select(LetterRow.submission_id, LetterRow.created).where(
        col(LetterRow.submission_id).in_(submissions), LetterRow.state != "cancelled"
    )
    moments = [(number, at) for number, at in session.exec(letters) if number is not None]
    rows = session.exec(select(SubmissionRow).where(col(SubmissionRow.id).in_(submissions))).all()
    numbers = {f"submission:{row.number}": row.id or 0 for row in rows}
    staff = select(JournalRow.about, JournalRow.at).where(
        JournalRow.actor != journal.SYSTEM, col(JournalRow.about).in_(numbers)
    )
    moments += [(numbers[about], at) for about, at in session.exec(staff)]
    for number, at in moments:
        last[number] = max(at, last.get(number, at))
    return last


def _bare(message_ids: Iterable[str]) -> set[str]:
    return {one.strip().strip("<>") for one in message_ids} - {""}
