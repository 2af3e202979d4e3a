"""Attribute a mail and file what it brings (归属与归档), inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.call import Call
from flows.steps.attribution import Attribution, Placement
from flows.steps.placing import attribute
from parsers.reading import Intent, MailReading
from store import journal
from store.applicants import ensure_applicant
from store.engine import Store, Transaction, serialise
from store.readings import leaf_rows, load_reading, mail_row, save_reading
from store.refiling import refresh_submission, take_back_weak_links
from store.submissions import by_id, file_leaf, link_message, links_of, open_submission
from store.suggestions import LEFTOVER, suggest
from store.tables import LeafRow, SubmissionMessageRow, SubmissionRow
from store.versions import FILED, HELD
from store.world import StoreWorld


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one mail.

    ``submissions`` are the row numbers of all submissions to examine, in order of their numbers; ``opened`` those that
    this mail opened. ``asked`` says that staff were asked where some files belong. ``attribution`` is None where the
    mail had been filed before and only its files were brought up to date.
    """

    kind: str
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
    return filing.first(attribute(reading, StoreWorld(session, call), call))


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
        self.asked = False

    def first(self, attribution: Attribution) -> Filed:
        """Write down a decision."""
        for placement in attribution.placements:
            self._apply(placement)
        if attribution.leftovers:
            self._ask(LEFTOVER, attribution.leftovers, attribution.leftover_reason)
        for submission in tuple(self.opened):
            self._reconsider(submission)
        about = f"message:{self.message.sha256}"
        journal.write(self.session, self.now, journal.SYSTEM, "attributed", about, attribution.reason)
        self.message.kind, self.message.reason = attribution.kind, attribution.reason
        self.session.add(self.message)
        return self._filed(attribution.kind, attribution.reason, attribution)

    def again(self, links: list[SubmissionMessageRow]) -> Filed:
        """Bring the files of a mail that is filed already in line with what was read now."""
        for link in links:
            submission = by_id(self.session, link.submission_id)
            if submission is None:
                continue
            standing = HELD if link.relation == "pending" else FILED
            alone = len(links) == 1 and link.relation not in {"bundle", "concerns"}
            self._file(submission, self.leaves if alone else [], standing, link.reason)
            refresh_submission(self.session, self.call, submission, self.reader_version)
            self.touched[submission.id or 0] = submission
        return self._filed(self.message.kind, self.message.reason, None)

    def _reconsider(self, opened: SubmissionRow) -> None:
        """Attribute anew what was tied by the sender alone, now that the sender is known to apply for another firm."""
        mails, touched = take_back_weak_links(
            self.session, self.call, opened, self.message, at=self.now, reader_version=self.reader_version
        )
        for row in touched:
            self.touched[row.id or 0] = row
        for sha256 in mails:
            reading = load_reading(self.session, sha256)
            if reading is None:
                continue
            other = _Filing(self.session, self.call, reading, self.now, self.reader_version)
            decision = attribute(reading, StoreWorld(self.session, self.call), self.call)
            for placement in decision.placements:
                other._apply(placement)
            self.touched |= other.touched

    def _apply(self, placement: Placement) -> None:
        submission = self._target(placement)
        if submission is not None:
            relation = placement.relation
            link_message(
                self.session,
                submission,
                self.message,
                relation=relation,
                basis=placement.basis,
                reason=placement.reason,
                folder=placement.folder,
            )
            held = relation == "pending"
            rows = [self.leaves[place] for place in placement.files]
            self._file(submission, rows, HELD if held else FILED, placement.reason if held else "")
            refresh_submission(self.session, self.call, submission, self.reader_version)
            self.touched[submission.id or 0] = submission
            about = f"submission:{submission.number}"
            action = "opened" if placement.opens else f"mail-{relation}"
            details = {"message": self.message.sha256, "basis": placement.basis, "confidence": placement.confidence}
            journal.write(self.session, self.now, journal.SYSTEM, action, about, placement.reason, details)
        if placement.hint is not None:
            hint = placement.hint
            self._ask(hint.kind, placement.files, hint.reason, hint.submission, hint.confidence)

    def _target(self, placement: Placement) -> SubmissionRow | None:
        if placement.submission is not None:
            return by_id(self.session, placement.submission)
        if not placement.opens:
            return None
        applicant = ensure_applicant(self.session, placement.applicant, placement.credit_code)
        submission = open_submission(
            self.session,
            self.call,
            applicant.id or 0,
            received=self.message.received,
            recommender=placement.recommender,
            certain=placement.certain,
            reason=placement.reason,
            second_case_of=placement.second_case_of,
        )
        self.opened.append(submission)
        return submission

    def _file(self, submission: SubmissionRow, rows: list[LeafRow], standing: str, reason: str) -> None:
        for row in rows:
            file_leaf(self.session, self.call, submission, row, standing=standing, reason=reason)

    def _ask(
        self, kind: str, files: tuple[int, ...], reason: str, submission: int | None = None, confidence: float = 0.0
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
        about = f"message:{self.message.sha256}"
        journal.write(self.session, self.now, journal.SYSTEM, "staff-asked", about, reason, {"paths": paths})

    def _filed(self, kind: str, reason: str, attribution: Attribution | None) -> Filed:
        self.session.flush()
        links = links_of(self.session, self.message.sha256)
        rows = [row for link in links if (row := by_id(self.session, link.submission_id))]
        return Filed(
            kind=kind,
            reason=reason,
            submissions=tuple(row.id or 0 for row in sorted(self.touched.values(), key=lambda row: row.serial)),
            opened=tuple(row.id or 0 for row in self.opened),
            numbers=tuple(row.number for row in sorted(rows, key=lambda row: row.serial)),
            answer_message=self._waits_for_answer(kind, links),
            asked=self.asked,
            attribution=attribution,
        )

    def _waits_for_answer(self, kind: str, links: list[SubmissionMessageRow]) -> bool:
        if kind in {"machine", "bounce", "irrelevant"}:
            return False
        own = {"bundle", "pending", "concerns"}
        asks = self.reading.intent in {Intent.QUESTION, Intent.TEMPLATES, Intent.THANKS, Intent.WITHDRAWAL}
        return asks or not links or any(link.relation in own for link in links)
