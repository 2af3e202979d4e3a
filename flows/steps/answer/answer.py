"""Answers (答复): each submission with an answer due is looked at once, decided once, and told once.

The step is its own transaction per submission, after the mails at hand are read, so that mails sent in a row get one
letter (``docs/decisions/0001``). What it writes goes together: the letter in the outbox, the status, the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.replies.compose import compose
from flows.replies.decide import Arrival, Decision, PlannedLetter, Situation, decide
from flows.replies.letter import Attachment, LetterKind
from flows.replies.letterbook import LetterFault
from flows.replies.matter import Inquiry, Matter, Standing
from flows.replies.mime import ascii_address
from flows.replies.situation import budget_is_short
from flows.replies.state import ASKING_KINDS, ToldLetter
from flows.steps.answer import post
from flows.steps.answer.bundle_letters import BundleAnswer, answer_bundle
from flows.steps.answer.judge import judge
from flows.steps.answer.reread import reread_first
from flows.steps.answer.situations import arrival_of, mail_seen, settling, told_of
from flows.steps.events import Event
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from parsers.facts.mails import AuthVerdict, Intent, MailReading
from store import journal
from store.blobs.protocol import read_if_whole
from store.dossier.dossier import Dossier, MailSeen
from store.dossier.finding import Finding
from store.engine import Transaction
from store.letters import due, outbox
from store.mails.readings import load_reading
from store.states import LetterState, Relation, SubmissionStatus
from store.tables import LetterRow, MessageRow

RETRY = timedelta(minutes=15)
"""After this, an answer that could not be made is tried again."""

OWN_ANSWER = frozenset({Intent.QUESTION, Intent.STATUS, Intent.TEMPLATES, Intent.THANKS})
"""Mails with these intents are answered for themselves, even where they belong to a submission."""

_WORDS_ONLY = OWN_ANSWER | {Intent.PASSWORD, Intent.CONTACT, Intent.CORRECTION, Intent.MACHINE, Intent.IRRELEVANT}
"""Mails that bring nothing: what a submission is told goes to whoever brought something."""

_STATUS_EVENTS = {
    SubmissionStatus.COMPLETE: "zhengji.submission.complete",
    SubmissionStatus.DOUBTFUL: "zhengji.submission.doubtful",
    SubmissionStatus.LATE: "zhengji.submission.late",
}


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """What was decided in one go (答复结果)."""

    decided: int = 0
    letters: int = 0
    events: tuple[Event, ...] = ()
    submissions: tuple[int, ...] = ()
    """Row numbers of the submissions that were looked at."""

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        return f"答复 {self.decided} 件，拟出回信 {self.letters} 封"


@dataclass(frozen=True, slots=True)
class _Written:
    """What a planned letter is written from."""

    matter: Matter
    findings: tuple[Finding, ...] = ()
    answering: MailSeen | None = None
    previous: ToldLetter | None = None
    number: str = ""
    submission_id: int | None = None
    message: str | None = None
    brought: bool = True
    """Whether a mail came since the ``previous`` letter was made."""


def answer_due(shop: Workshop, now: datetime) -> AnswerReport:
    """Decide every answer that is due now, and put the letters into the outbox. Running it again changes nothing."""
    with shop.store.reading() as session:
        submissions = due.due_submissions(session, shop.call.id, now)
        mails = due.due_messages(session, now)
    letters = 0
    events: list[Event] = []
    for submission_id in submissions:
        try:
            with shop.store.transaction() as session:
                count, happened = answer_submission(shop, session, submission_id, now)
            letters += count
            events += happened
        except Exception as error:  # noqa: BLE001 - our own fault, or broken wording: it must not stop the others
            _put_off(shop, error, now, submission_id=submission_id)
    for sha256 in mails:
        try:
            with shop.store.transaction() as session:
                letters += answer_mail(shop, session, sha256, now)
        except Exception as error:  # noqa: BLE001 - as above
            _put_off(shop, error, now, message=sha256)
    return AnswerReport(len(submissions) + len(mails), letters, tuple(events), submissions)


def answer_submission(
    shop: Workshop, session: Transaction, submission_id: int, now: datetime
) -> tuple[int, list[Event]]:
    """Decide one submission's answer; return the number of letters queued, and what happened as events.

    After an update of the reader its mails are read anew first: what the present reader has not read decides nothing.
    """
    if reread_first(session, submission_id, now):
        return 0, []
    seen = judge(shop, session, submission_id, now)
    told = tuple(told_of(row) for row in due.letters_about(session, submission_id=submission_id))
    row, relation, reading = _last_mail(session, submission_id, None if seen.dossier.withdrawn else _confirmed(told))
    decision = decide(
        Situation(
            call=shop.call,
            now=now,
            mail=arrival_of(row, reading, shop.settings.ours) if row is not None and reading is not None else None,
            dossier=seen.dossier,
            findings=seen.findings,
            told=told,
            settle_until=settling(shop, seen.dossier, told),
            bundle=relation == Relation.BUNDLE,
            approve=shop.settings.reply_mode == "approve",
            short=_budget_is_short(shop, session, now),
        )
    )
    previous = _asked_before(told)
    newest = max((mail.fetched for mail, _ in due.messages_of(session, submission_id)), default=now)
    brought = previous is None or row is None or newest > previous.at
    if row is not None:
        decision = _once(decision, due.letters_about(session, message=row.sha256))
    if previous is not None and not brought:
        decision = _held_where_files_moved(decision, previous)
    for letter_id in decision.cancel:
        outbox.cancel(session, letter_id, "状态已有变化，由更新的回信代替。", now)
    written = _Written(
        matter=seen.dossier,
        findings=seen.findings,
        previous=previous,
        brought=brought,
        number=seen.dossier.number,
        submission_id=submission_id,
        message=row.sha256 if row is not None else None,
    )
    count = _post_all(shop, session, decision, written, now)
    before, after = due.settle_submission(
        session,
        submission_id,
        status=decision.status,
        action=decision.action.value,
        reason=decision.reason,
        again_at=decision.again_at,
    )
    if before != after.status or count:
        about = f"submission:{after.number}"
        journal.write(session, now, journal.SYSTEM, "decided", about, decision.reason, {"status": after.status})
    name = _STATUS_EVENTS.get(after.status) if before != after.status else None
    return count, [Event(name, f"submission.{after.number}")] if name else []


def answer_mail(shop: Workshop, session: Transaction, sha256: str, now: datetime) -> int:
    """Decide the answer to one mail for itself: a question, a stranger's files, a bundle. Return the letters queued.

    A bundle's letter tells of all its firms, so the mails of each are read by the present reader first.
    """
    row = due.message_row(session, sha256)
    reading = load_reading(session, sha256)
    places = due.belongings(session, sha256)
    firms = [place.submission_id for place in places if place.relation == Relation.BUNDLE]
    unread = [firm for firm in firms if reread_first(session, firm, now)]
    if unread:
        return 0
    due.settle_message(session, sha256)
    if reading is None:
        return 0
    told = tuple(told_of(letter) for letter in due.letters_about(session, message=sha256))
    bundled = any(place.relation == Relation.BUNDLE for place in places)
    # Files for a firm that somebody else applied for wait for staff; they do not silence the answer about the others.
    brings = reading.intent not in _WORDS_ONLY
    stranger = brings and not bundled and any(place.relation == Relation.PENDING for place in places)
    arrival = arrival_of(row, reading, shop.settings.ours, stranger=stranger)
    mail = mail_seen(row, reading, shop.call)
    if bundled and _may_be_told_all(arrival) and reading.intent is Intent.MATERIALS:
        return _answer_bundle(shop, session, answer_bundle(shop, session, mail, reading, arrival, places, now), now)
    decision = decide(Situation(call=shop.call, now=now, mail=arrival, told=told))
    due.settle_message(session, sha256, decision.reason)
    matter = _inquiry(shop, session, mail, reading, places)
    return _post_all(shop, session, decision, _Written(matter, answering=mail, message=sha256), now)


def _inquiry(
    shop: Workshop, session: Transaction, mail: MailSeen, reading: MailReading, places: tuple[due.Belonging, ...]
) -> Inquiry:
    """Return the mail as its own letter sees it, with the sender's own submissions where the mail asks something."""
    own = due.own_submissions(session, shop.call.id, mail.sender_address)
    numbers = {place.number for place in places} or {one.number for one in own}
    attached = [leaf for leaf in reading.leaves if leaf.role is not Role.NOISE and "/" not in leaf.leaf.path]
    return Inquiry(
        mail,
        number=numbers.pop() if len(numbers) == 1 else "",
        attachments=len(attached),
        standings=tuple(Standing(one.number, one.applicant, one.status) for one in own),
    )


def _may_be_told_all(arrival: Arrival) -> bool:
    silent = arrival.machine or arrival.junk or arrival.before_call or arrival.stranger
    return not silent and arrival.authentication is not AuthVerdict.FAIL


def _answer_bundle(shop: Workshop, session: Transaction, answer: BundleAnswer, now: datetime) -> int:
    """Queue the recommender's letter, then those to the firms' contacts, each about its own firm alone."""
    bundle = answer.bundle
    findings = tuple(finding for case in bundle.cases for finding in case.findings)
    due.settle_message(session, bundle.mail.sha256, answer.decision.reason)
    written = _Written(bundle, findings, answering=bundle.mail, message=bundle.mail.sha256)
    count = _post_all(shop, session, answer.decision, written, now)
    for plan in answer.contacts:
        if plan.letter is None or plan.matter is None:
            continue
        for letter_id in plan.cancel:
            outbox.cancel(session, letter_id, "推荐单位又有来信，由更新的函告代替。", now)
        own = _Written(
            plan.matter,
            plan.case.findings,
            number=plan.number,
            submission_id=plan.submission_id,
            message=bundle.mail.sha256,
        )
        count += _post_one(shop, session, plan.letter, own, now)
    return count


def _post_all(shop: Workshop, session: Transaction, decision: Decision, written: _Written, now: datetime) -> int:
    return sum(_post_one(shop, session, planned, written, now) for planned in decision.letters)


def _post_one(shop: Workshop, session: Transaction, planned: PlannedLetter, written: _Written, now: datetime) -> int:
    planned = replace(planned, to=replace(planned.to, address=ascii_address(planned.to.address)))
    place = post.Place(planned.subject_key, planned.state_key, written.number, written.submission_id, written.message)
    if not post.may_go_to(shop, planned.to.address):
        post.note_no_address(session, place, planned.kind, now)
        return 0
    letter = compose(
        planned.kind,
        _matter_for(planned, written),
        written.findings,
        shop.call,
        now,
        to=planned.to,
        answering=_asked_back(session, written) if planned.kind is LetterKind.WITHDRAWN else written.answering,
        previous=written.previous,
        pictures=_pictures(shop, written.findings),
        annexes=_annexes(shop) if planned.kind is LetterKind.TEMPLATES else (),
        brought=written.brought,
    )
    number = post.enqueue(
        shop,
        session,
        letter,
        place,
        now,
        hold=planned.hold,
        not_before=planned.not_before,
        reason=planned.reason,
        priority=planned.priority,
    )
    return 0 if number is None else 1


def _asked_back(session: Transaction, written: _Written) -> MailSeen | None:
    """Return the newest mail that asked to withdraw the submission, from whomever; None where nobody did in writing."""
    if not isinstance(written.matter, Dossier):
        return None
    for mail in reversed(written.matter.mails):
        reading = load_reading(session, mail.sha256)
        if reading is not None and reading.intent is Intent.WITHDRAWAL:
            return mail
    return None


def _put_off(shop: Workshop, error: Exception, now: datetime, *, submission_id: int = 0, message: str = "") -> None:
    """Try an answer again in a quarter of an hour, and let staff see why it failed."""
    sentence = error.sentence if isinstance(error, LetterFault) else f"{type(error).__name__}：{str(error)[:200]}"
    with shop.store.transaction() as session:
        about = due.put_off(session, now + RETRY, submission_id=submission_id, message=message)
        journal.write(session, now, journal.SYSTEM, "answer-failed", about, f"回信没有拟成，稍后再试：{sentence}")


def _budget_is_short(shop: Workshop, session: Transaction, now: datetime) -> bool:
    sent = len(outbox.sends(session, now - timedelta(days=1)))
    waiting = len(outbox.in_state(session, LetterState.QUEUED))
    return budget_is_short(per_day=shop.settings.send_per_day, sent=sent, waiting=waiting)


def _matter_for(planned: PlannedLetter, written: _Written) -> Matter:
    """A letter about the mail itself says nothing of the submission's dossier."""
    if isinstance(written.matter, Dossier) and planned.subject_key.startswith("message:"):
        mail = next((m for m in written.matter.mails if m.sha256 == written.message), written.matter.mails[-1])
        return Inquiry(mail, written.number)
    return written.matter


def _last_mail(
    session: Transaction, submission_id: int, confirmed: datetime | None
) -> tuple[MessageRow | None, str, MailReading | None]:
    """Return the mail to answer: the newest that speaks of the submission.

    A request to withdraw that was ``confirmed`` since is done with: the submission stands again because staff said so.
    """
    for row, relation in due.messages_of(session, submission_id):
        reading = load_reading(session, row.sha256)
        if reading is None or relation == Relation.PENDING or reading.intent in _WORDS_ONLY:
            continue
        if reading.intent is Intent.WITHDRAWAL and confirmed is not None and row.received <= confirmed:
            continue
        return row, relation, reading
    return None, "", None


def _confirmed(told: Iterable[ToldLetter]) -> datetime | None:
    """Return when a withdrawal was last confirmed to the applicant; None where none was."""
    return max((t.at for t in told if t.kind is LetterKind.WITHDRAWN and t.live and not t.waiting), default=None)


def _once(decision: Decision, letters: Iterable[LetterRow]) -> Decision:
    """Leave out a bare 已收到 to somebody who was told that much about this very mail."""
    heard = {
        letter.to_address for letter in letters if letter.kind == LetterKind.MINIMAL.value and told_of(letter).live
    }
    planned = tuple(p for p in decision.letters if p.kind is not LetterKind.MINIMAL or p.to.address not in heard)
    return decision if planned == decision.letters else replace(decision, letters=planned)


def _held_where_files_moved(decision: Decision, previous: ToldLetter) -> Decision:
    """Let staff release a letter that asks for what was taken out of a submission since: nobody sent anything new."""

    def held(planned: PlannedLetter) -> PlannedLetter:
        same_files = planned.state_key.partition("-")[0] == previous.base_key.partition("-")[0]
        if planned.kind not in ASKING_KINDS or same_files or planned.hold:
            return planned
        return replace(planned, hold=True, reason="没有新来信，案卷中的文件却有增减，须人工决定是否发出。")

    return replace(decision, letters=tuple(held(planned) for planned in decision.letters))


def _asked_before(told: Iterable[ToldLetter]) -> ToldLetter | None:
    asked = [letter for letter in told if letter.live and not letter.waiting and letter.kind in ASKING_KINDS]
    return asked[-1] if asked else None


def _pictures(shop: Workshop, findings: tuple[Finding, ...]) -> dict[str, bytes]:
    crops = {evidence.crop for finding in findings for evidence in finding.evidence if evidence.crop}
    found = {crop: read_if_whole(shop.store.blobs, crop) for crop in sorted(crops)}
    return {crop: data for crop, data in found.items() if data is not None}


def _annexes(shop: Workshop) -> tuple[Attachment, ...]:
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return tuple(
        Attachment(f"{annex.name}{annex.path.suffix}", docx, (shop.call.folder / annex.path).read_bytes())
        for annex in shop.call.annexes
    )
