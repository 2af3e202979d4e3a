"""Attribute a mail and file what it brings (归属与归档), inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.call import Call
from flows.attribution.placement import Attribution, Placement, same_firm
from flows.attribution.placing import attribute
from flows.attribution.receipt_order import mails_to_move
from flows.attribution.weak_links import WEAK_FOR, doubted
from flows.steps.filing.refresh import refresh_submission
from parsers.facts.mails import Intent, MailReading
from store import journal
from store.engine import Store, Transaction, serialise
from store.filing.applicants import ensure_applicant
from store.filing.derived import forget_applicants
from store.filing.lookups import StoreLookups
from store.filing.receipt_order import Emptied, StoreDays, close, places_of, take_back, turn_of
from store.filing.submissions import by_id, file_leaf, link_message, links_of, open_submission
from store.filing.suggestions import suggest
from store.filing.unsettled import reached_by
from store.filing.weak_links import take_back_weak_links, ties_of_sender
from store.letters import due
from store.mails.readings import leaf_rows, load_reading, mail_row, save_reading
from store.states import MessageKind, Relation, Standing, SuggestionKind
from store.tables import LeafRow, MessageRow, SubmissionMessageRow, SubmissionRow

ASKING = frozenset({Intent.QUESTION, Intent.STATUS, Intent.TEMPLATES, Intent.THANKS, Intent.WITHDRAWAL})
"""Intents of mails that are answered for themselves, whatever submission they are about."""
LISTED = frozenset({MessageKind.MACHINE, MessageKind.BOUNCE, MessageKind.IRRELEVANT, MessageKind.ASIDE})
"""Kinds of mails that nobody answers and staff see by name among what was set aside."""
NEVER_FILED = (MessageKind.UNREAD, MessageKind.QUARANTINED)
"""Kinds of a mail that no attribution has looked at yet."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one mail.

    ``submissions`` are the row numbers of all submissions to examine, in order of their numbers; ``opened`` those that
    this mail opened. ``asked`` says that staff were asked where some files belong. ``attribution`` is None where the
    mail had been filed before and only its files were brought up to date.
    """

    kind: MessageKind
    reason: str
    submissions: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    """受理编号 of the submissions that the mail belongs to, those waiting for staff included."""
    answer_message: bool = False
    """Whether the mail waits for an answer of its own: a question, a bundle, a stranger's files, files left open."""
    asked: bool = False
    attribution: Attribution | None = None


def file_reading(
    session: Transaction, store: Store, call: Call, reading: MailReading, now: datetime, *, reader_version: str
) -> Filed:
    """File a mail that was taken in before and has now been read. Filing it again changes nothing.

    ``KeyError`` where the mail was never taken in. The caller decides on letters and sets the mail's state.
    """
    del store  # The bytes are in the blobs already; only rows are written here.
    serialise(session, f"filing:{call.id}")
    save_reading(session, reading, reader_version)
    filing = _Filing(session, call, reading, now, reader_version)
    links = links_of(session, reading.sha256)
    if links:
        return filing.again(links)
    return filing.in_turn()


@dataclass(frozen=True, slots=True)
class _Again:
    """A mail that was taken back and must be filed again, with where it and its files stood."""

    row: MessageRow
    places: frozenset[object]


class _Filing:
    """One mail on its way into the register."""

    def __init__(
        self, session: Transaction, call: Call, reading: MailReading, now: datetime, reader_version: str
    ) -> None:
        self.session = session
        self.call = call
        self.reading = reading
        self.message = mail_row(session, reading.sha256)
        self.now = now
        self.reader_version = reader_version
        self.leaves = leaf_rows(session, reading.sha256)
        self.touched: dict[int, SubmissionRow] = {}
        self.opened: list[SubmissionRow] = []
        self.reused: set[int] = set()
        self.empty: list[Emptied] = []
        self.lines: list[tuple[str, str, str, dict[str, Any]]] = []
        self.asked = False

    def in_turn(self) -> Filed:
        """File the mail for the first time, and the mails that were filed before it although they came later after it.

        What the server took first is filed first, whenever we came to read it.
        """
        again = self._take_back_what_came_later() if self.message.kind in NEVER_FILED else ()
        before = [one for one in again if turn_of(one.row) < turn_of(self.message)]
        for one in before:
            self._file_again(one)
        decision = self.first()
        self.write_lines()
        for one in again[len(before) :]:
            self._file_again(one)
        close(self.session, self.empty, self.now)
        for gone in self.empty:
            self.touched.pop(gone.row.id or 0, None)
        if self.asked:
            # What a question leaves open may be what the sender's other submissions lack.
            self.touched |= {row.id or 0: row for row in reached_by(self.session, self.call.id, self.message)}
        return self._filed(decision.kind, decision.reason, decision)

    def first(self) -> Attribution:
        """Decide where the mail belongs as things stand, and write it down."""
        attribution = attribute(self.reading, StoreLookups(self.session, self.call, self.message), self.call)
        for placement in attribution.placements:
            self._apply(placement)
        if attribution.leftovers:
            self._ask(SuggestionKind.LEFTOVER, attribution.leftovers, attribution.leftover_reason)
        for submission in tuple(self.opened):
            self._reconsider(submission)
        self._note("attributed", f"message:{self.message.sha256}", attribution.reason)
        self.message.kind, self.message.reason = attribution.kind, attribution.reason
        self.session.add(self.message)
        self.session.flush()
        return attribution

    def _take_back_what_came_later(self) -> tuple[_Again, ...]:
        """Undo what was filed before its turn; return those mails in order of receipt, each with where it was.

        Among them may be mails that were received before this one, but placed anew because of a later one.
        """
        days, lookups = StoreDays(self.session, self.call), StoreLookups(self.session, self.call)
        early = [
            mail_row(self.session, one.sha256)
            for one in mails_to_move(self.reading, self.message.received, days, lookups, self.call)
        ]
        if not early:
            return ()
        places = places_of(self.session, (row.sha256 for row in early))
        taken = take_back(self.session, early, self.now)
        for row in taken.left:
            self._refresh(row, has_lost=True)
        forget_applicants(self.session, taken.applicants, [one.row.id for one in taken.emptied])
        self.empty = list(taken.emptied)
        return tuple(_Again(row, places[row.sha256]) for row in early)

    def _file_again(self, one: _Again) -> None:
        """File a mail again that had been filed before its turn; say so where it went elsewhere than before."""
        sha256 = one.row.sha256
        reading = load_reading(self.session, sha256)
        if reading is None:
            return
        other = _Filing(self.session, self.call, reading, self.now, self.reader_version)
        other.empty, other.reused = self.empty, self.reused
        decision = other.first()
        self.touched |= other.touched
        if places_of(self.session, [sha256])[sha256] == one.places:
            return
        sentence = f"另一封较早收到的来信（{self.reading.subject or '无主题'}）迟于本信归档，本信改在其后重新归属。"
        about = f"message:{sha256}"
        details = {"message": self.message.sha256}
        journal.write(self.session, self.now, journal.SYSTEM, "filed-in-turn", about, sentence, details)
        other.write_lines()
        if other.waits_for_answer(decision.kind):
            due.mark_message(self.session, sha256, self.now)

    def again(self, links: list[SubmissionMessageRow]) -> Filed:
        """Bring the files of a mail that is filed already in line with what was read now."""
        for link in links:
            submission = by_id(self.session, link.submission_id)
            if submission is None:
                continue
            standing = Standing.PENDING if link.relation == Relation.PENDING else Standing.FILED
            alone = len(links) == 1 and link.relation not in {Relation.BUNDLE, Relation.CONCERNS}
            self._file(submission, self.leaves if alone else [], standing, link.reason)
            self._refresh(submission)
        return self._filed(self.message.kind, self.message.reason, None)

    def _reconsider(self, opened: SubmissionRow) -> None:
        """Attribute anew what was tied by the sender alone, now that the sender is known to apply for another firm."""
        ties = doubted(ties_of_sender(self.session, opened, self.message, WEAK_FOR), self.message.received)
        if not ties:
            return
        taken = take_back_weak_links(self.session, ties, opened, self.message, self.now)
        for row in taken.left:
            self._refresh(row)
        for sha256 in taken.mails:
            reading = load_reading(self.session, sha256)
            if reading is None:
                continue
            other = _Filing(self.session, self.call, reading, self.now, self.reader_version)
            decision = attribute(reading, StoreLookups(self.session, self.call, other.message), self.call)
            for placement in decision.placements:
                other._apply(placement)
            other.write_lines()
            self.touched |= other.touched

    def _apply(self, placement: Placement) -> None:
        submission = self._target(placement)
        relation = placement.relation
        if submission is not None and relation is not None:
            link_message(
                self.session,
                submission,
                self.message,
                relation=relation,
                basis=placement.basis,
                reason=placement.reason,
                folder=placement.folder,
            )
            held = relation == Relation.PENDING
            rows = [self.leaves[place] for place in placement.files]
            self._file(submission, rows, Standing.PENDING if held else Standing.FILED, placement.reason if held else "")
            self._refresh(submission)
            about = f"submission:{submission.number}"
            action = "opened" if placement.opens else f"mail-{relation}"
            details = {"message": self.message.sha256, "basis": placement.basis, "confidence": placement.confidence}
            self._note(action, about, placement.reason, details)
            self._ask_who_was_first(placement, submission)
        if placement.hint is not None:
            hint = placement.hint
            self._ask(hint.kind, placement.files, hint.reason, hint.submission, hint.confidence)

    def _target(self, placement: Placement) -> SubmissionRow | None:
        if placement.submission is not None:
            return by_id(self.session, placement.submission)
        if not placement.opens:
            return None
        applicant = ensure_applicant(self.session, placement.applicant, placement.credit_code)
        empty = self._empty_for(placement)
        submission = open_submission(
            self.session,
            self.call,
            applicant.id or 0,
            received=self.message.received,
            recommender=placement.recommender,
            certain=placement.certain,
            reason=placement.reason,
            second_case_of=placement.second_case_of,
            reuse=empty.row if empty else None,
        )
        if empty:
            self.empty.remove(empty)
            self.reused.add(submission.id or 0)
        self.opened.append(submission)
        return submission

    def _empty_for(self, placement: Placement) -> Emptied | None:
        """Return a submission that was left empty just now and whose number this one may bear: told to nobody."""
        name = placement.applicant
        fitting = [one for one in self.empty if same_firm(one.applicant, name) or not (one.applicant and name)]
        # Its own former number before one of the same firm, and that before one that was nobody's yet.
        own = self.message.sha256
        return max(fitting, key=lambda one: (own in one.mails, bool(one.applicant), -one.row.serial), default=None)

    def _refresh(self, submission: SubmissionRow, *, has_lost: bool = False) -> None:
        """Settle a submission anew from all it holds now; it must be examined again."""
        refresh_submission(self.session, self.call, submission, self.reader_version, has_lost=has_lost)
        self.touched[submission.id or 0] = submission

    def _file(self, submission: SubmissionRow, rows: list[LeafRow], standing: Standing, reason: str) -> None:
        for row in rows:
            file_leaf(self.session, self.call, submission, row, standing=standing, reason=reason)

    def _ask(
        self,
        kind: SuggestionKind,
        files: tuple[int, ...],
        reason: str,
        submission: int | None = None,
        confidence: float = 0.0,
    ) -> None:
        paths = [self.leaves[place].path for place in files]
        suggest(
            self.session,
            self.message.sha256,
            kind,
            paths=paths,
            reason=reason,
            at=self.now,
            submission_id=submission,
            confidence=confidence,
        )
        self.asked = True
        self._note("staff-asked", f"message:{self.message.sha256}", reason, {"paths": paths})

    def _ask_who_was_first(self, placement: Placement, submission: SubmissionRow) -> None:
        """Ask staff where a mail waits as a stranger's, although the server took it before the one that opened."""
        if placement.relation != Relation.PENDING or self.message.received >= submission.first_received:
            return
        reason = (
            f"本信收到时间早于 {submission.number} 的第一封来信，但归档在后；该件已告知对方或已立定，不再自动变动。"
            "请核对谁是申报单位本人，再决定是否采纳。"
        )
        self._ask(SuggestionKind.MAYBE, placement.files, reason, submission.id, placement.confidence)

    def _note(self, action: str, about: str, sentence: str, details: dict[str, Any] | None = None) -> None:
        self.lines.append((action, about, sentence, details or {}))

    def write_lines(self) -> None:
        """Put into the journal what was done with this mail."""
        for action, about, sentence, details in self.lines:
            journal.write(self.session, self.now, journal.SYSTEM, action, about, sentence, details)
        self.lines.clear()

    def _filed(self, kind: MessageKind, reason: str, attribution: Attribution | None) -> Filed:
        self.session.flush()
        links = links_of(self.session, self.message.sha256)
        rows = [row for link in links if (row := by_id(self.session, link.submission_id))]
        return Filed(
            kind=kind,
            reason=reason,
            submissions=tuple(row.id or 0 for row in sorted(self.touched.values(), key=lambda row: row.serial)),
            opened=tuple(row.id or 0 for row in self.opened if row.id not in self.reused),
            numbers=tuple(row.number for row in sorted(rows, key=lambda row: row.serial)),
            answer_message=self.waits_for_answer(kind),
            asked=self.asked,
            attribution=attribution,
        )

    def waits_for_answer(self, kind: MessageKind) -> bool:
        """Whether the mail is to be answered for itself, beside or instead of its submissions."""
        links = links_of(self.session, self.message.sha256)
        if kind in LISTED:
            return False
        own = {Relation.BUNDLE, Relation.PENDING, Relation.CONCERNS}
        asks = self.reading.intent in ASKING
        return asks or not links or any(link.relation in own for link in links)
