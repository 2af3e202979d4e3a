"""Reminders (提醒): what is due today goes into the outbox, as far as the sending budget leaves room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.call import Call
from config.settings import Settings
from flows.replies.compose import compose
from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.replies.matter import Waiting
from flows.replies.reminders import DueReminder, ReminderCase, plan_reminders, room_for_reminders
from flows.replies.state import ASKING_KINDS, ToldLetter, missing
from flows.replies.timing import may_disturb
from flows.steps.answer import post
from flows.steps.answer.situations import mail_seen, told_of
from flows.steps.workshop import Workshop
from parsers.facts.mails import Address, Intent
from parsers.facts.version import READER_VERSION
from store.engine import Store, Transaction
from store.filing import submissions
from store.filing.build_dossier import load_dossier
from store.filing.findings import load_findings
from store.letters import due, outbox
from store.mails.inquirers import inquirers
from store.mails.readings import load_reading
from store.states import LetterState, SubmissionStatus

REMINDER_KINDS = frozenset({LetterKind.REMIND_DEADLINE, LetterKind.REMIND_OPEN})
_DAY = timedelta(days=1)
_ASKED = frozenset({Intent.QUESTION.value, Intent.TEMPLATES.value})
_SETTLED = frozenset(
    {SubmissionStatus.WITHDRAWN, SubmissionStatus.COMPLETE, SubmissionStatus.LATE, SubmissionStatus.MERGED}
)


@dataclass(frozen=True, slots=True)
class ReminderReport:
    """What one run did (提醒结果)."""

    queued: tuple[str, ...] = ()
    """One sentence for each reminder put into the outbox."""
    no_room: int = 0
    quiet: bool = False

    def lines(self) -> list[str]:
        """Return the report as sentences; empty where nothing was due."""
        lines = list(self.queued)
        if self.no_room:
            lines.append(f"另有 {self.no_room} 封提醒因当日发信限额不足没有排入，回执优先。")
        if self.quiet:
            lines.append("现在是夜间或休息日，按口径不发提醒。")
        return lines


def queue_reminders(store: Store, call: Call, settings: Settings, now: datetime) -> ReminderReport:
    """Put the reminders that are due now into the outbox. Running it again on the same day adds none."""
    if not may_disturb(now, call):
        return ReminderReport(quiet=True)
    # Only settings, call and store are used of it; the spool is for readers, and no reader is started here.
    shop = Workshop(settings, call, store, Path(settings.home) / "spool")
    with store.transaction() as session:
        cases = _submission_cases(session, call) + _sender_cases(session, call)
        planned, no_room = plan_reminders(cases, call, now, _room(session, call, settings, now))
        said = [_queue_one(shop, session, reminder, now) for reminder in planned]
    return ReminderReport(tuple(sentence for sentence in said if sentence), no_room)


def _room(session: Transaction, call: Call, settings: Settings, now: datetime) -> int:
    sent = outbox.sends(session, now - _DAY)
    waiting = outbox.in_state(session, LetterState.QUEUED, LetterState.SENDING)
    recent = outbox.made_since(session, [kind.value for kind in REMINDER_KINDS], now - _DAY)
    return room_for_reminders(
        call, now, per_day=settings.send_per_day, sent=len(sent), waiting=len(waiting), reminded=recent
    )


def _submission_cases(session: Transaction, call: Call) -> list[ReminderCase]:
    cases = []
    for row in submissions.all_of_call(session, call.id):
        if row.status in _SETTLED or row.id is None:
            continue
        told = tuple(told_of(letter) for letter in due.letters_about(session, submission_id=row.id))
        is_open = bool(missing(load_findings(session, row.id)))
        key = f"submission:{row.number}"
        cases.append(ReminderCase(key, is_open, row.last_received, told, row.extended_to))
    return cases


def _sender_cases(session: Transaction, call: Call) -> list[ReminderCase]:
    """Return people who asked something or asked for the templates, and from whom no material has come."""
    cases = []
    for address, message in inquirers(session, call, _ASKED).items():
        told = tuple(told_of(letter) for letter in outbox.letters_to(session, address))
        cases.append(ReminderCase(f"sender:{address}", True, message.received, told, without_files=True))  # noqa: FBT003 - open
    return cases


def _queue_one(shop: Workshop, session: Transaction, reminder: DueReminder, now: datetime) -> str:
    """Write one reminder and queue it; return its sentence, empty where it stands in the outbox already."""
    if reminder.case.without_files:
        return _queue_to_sender(shop, session, reminder, now)
    number = reminder.case.key.partition(":")[2]
    row = submissions.by_number(session, number)
    assert row is not None
    assert row.id is not None
    dossier = load_dossier(session, shop.call, row.id, READER_VERSION)
    asked = _asked(reminder.case.told)
    mail = next((m for m in reversed(dossier.mails) if m.sender_address == asked.to_address), None)
    to = Address(mail.sender_name if mail is not None else "", asked.to_address)
    findings = load_findings(session, row.id)
    letter = compose(reminder.kind, dossier, findings, shop.call, now, to=to, answering=mail, previous=asked)
    place = post.Place(reminder.case.key, reminder.state_key, number, row.id, mail.sha256 if mail is not None else None)
    made = post.enqueue(shop, session, letter, place, now, reason=reminder.reason)
    return f"{number} {dossier.applicant}：{LETTER_NAMES[reminder.kind]}，{reminder.reason}" if made is not None else ""


def _asked(told: tuple[ToldLetter, ...]) -> ToldLetter:
    return max((t for t in told if t.live and not t.waiting and t.kind in ASKING_KINDS), key=lambda t: t.at)


def _queue_to_sender(shop: Workshop, session: Transaction, reminder: DueReminder, now: datetime) -> str:
    address = reminder.case.key.partition(":")[2]
    message = inquirers(session, shop.call, _ASKED)[address]
    reading = load_reading(session, message.sha256)
    if reading is None or reading.machine:
        return ""
    mail = mail_seen(message, reading, shop.call)
    to = Address(mail.sender_name, address)
    letter = compose(reminder.kind, Waiting(mail), (), shop.call, now, to=to)
    place = post.Place(reminder.case.key, reminder.state_key, "", None, message.sha256)
    made = post.enqueue(shop, session, letter, place, now, reason=reminder.reason)
    return f"{address}：{LETTER_NAMES[reminder.kind]}，{reminder.reason}" if made is not None else ""
