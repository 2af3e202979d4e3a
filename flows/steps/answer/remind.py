"""Reminders (提醒): what is due today goes into the outbox, as far as the sending budget leaves room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.call import Call, Verdict
from config.settings import Settings
from flows.replies.compose import compose
from flows.replies.letter import LETTER_NAMES
from flows.replies.matter import Waiting
from flows.replies.reminders import REMINDERS, DueReminder, ReminderCase, plan_reminders, room_for_reminders
from flows.replies.state import ASKING_KINDS, ToldLetter, missing
from flows.replies.timing import may_disturb
from flows.steps.answer import post
from flows.steps.answer.reread import reread_first
from flows.steps.answer.situations import mail_seen, told_of
from flows.steps.workshop import Workshop
from parsers.facts.mails import Address, Intent
from parsers.facts.version import READER_VERSION
from parsers.mail.asks_how import asks_how_far, asks_how_to_apply
from parsers.names.company import mention
from store.dossier.known_submission import domain_of
from store.engine import Store, Transaction
from store.filing import submissions
from store.filing.applicants import names_of_call
from store.filing.build_dossier import load_dossier
from store.filing.findings import load_findings
from store.letters import due, outbox
from store.mails.inquirers import inquirers, mails_from, senders_that_wait, submissions_that_wait
from store.mails.readings import load_reading
from store.states import LetterState, SubmissionStatus
from store.tables import MessageRow

_DAY = timedelta(days=1)
_ASKED = frozenset({Intent.QUESTION.value, Intent.TEMPLATES.value})
_OPEN_QUESTIONS = frozenset({Intent.QUESTION.value, Intent.WITHDRAWAL.value})
"""Mails with these intents wait for staff until they are booked as answered."""
_WORDS = frozenset(intent.value for intent in Intent) - {Intent.MATERIALS.value, Intent.BOUNCE.value}
_SPEAKS_OF = 0.5
"""From this score on a text speaks of a firm (``parsers.names.company.mention``), as when a mail is divided."""
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
    recent = outbox.made_since(session, [kind.value for kind in REMINDERS], now - _DAY)
    return room_for_reminders(
        call, now, per_day=settings.send_per_day, sent=len(sent), waiting=len(waiting), reminded=recent
    )


def _submission_cases(session: Transaction, call: Call) -> list[ReminderCase]:
    """Return the submissions of which something is open that its correspondent was asked for."""
    senders, numbers = senders_that_wait(session, call, _OPEN_QUESTIONS), submissions_that_wait(session, call)
    cases = []
    for row in submissions.all_of_call(session, call.id):
        if row.status in _SETTLED or row.id is None:
            continue
        told = tuple(told_of(letter) for letter in due.letters_about(session, submission_id=row.id))
        asked = _asked(told)
        if asked is None:
            continue
        named = {(one.code, one.item) for one in asked.said}
        still = tuple((f.code, f.item) for f in missing(load_findings(session, row.id)) if (f.code, f.item) in named)
        cases.append(
            ReminderCase(
                key=f"submission:{row.number}",
                address=asked.to_address,
                items=still,
                last_mail=row.last_received,
                told=told,
                closes=row.extended_to,
                waits=asked.to_address in senders or row.id in numbers or _asked_how_far(session, asked.to_address),
                reminded=_reminded(session, asked.to_address),
            )
        )
    return cases


def _sender_cases(session: Transaction, call: Call) -> list[ReminderCase]:
    """Return people who asked how to apply or for the templates, and of whom nothing came, by whomever."""
    waiting = senders_that_wait(session, call, ())
    firms = _Firms.of(session, call)
    cases = []
    for address, message in inquirers(session, call, _ASKED).items():
        asks_anew = all(firms.asks_for_a_new_one(session, mail) for mail in mails_from(session, address))
        if not asks_anew or _asked_how_far(session, address):
            continue
        told = tuple(told_of(letter) for letter in outbox.letters_to(session, address))
        cases.append(
            ReminderCase(
                key=f"sender:{address}",
                address=address,
                items=(),
                last_mail=message.received,
                told=told,
                without_files=True,
                waits=address in waiting,
                reminded=_reminded(session, address),
            )
        )
    return cases


@dataclass(frozen=True, slots=True)
class _Firms:
    """The firms that are here, and the mail domains that are their own."""

    names: tuple[str, ...]
    domains: frozenset[str]

    @classmethod
    def of(cls, session: Transaction, call: Call) -> _Firms:
        ids = [row.id for row in submissions.all_of_call(session, call.id) if row.id is not None]
        senders = {mail.sender_address for number in ids for mail, _ in due.messages_of(session, number)}
        return cls(names_of_call(session, call.id), frozenset(filter(None, map(domain_of, senders))))

    def asks_for_a_new_one(self, session: Transaction, message: MessageRow) -> bool:
        """Whether a mail asks how to apply, or for the templates, and speaks of no firm that is here."""
        reading = load_reading(session, message.sha256)
        if reading is None or domain_of(message.sender_address) in self.domains:
            return False
        words = f"{reading.subject}\n{reading.text}\n{reading.signature}\n{message.sender_name}"
        asks = reading.intent is not Intent.QUESTION or asks_how_to_apply(f"{reading.subject}\n{reading.text}")
        return asks and not any(mention(words, name) >= _SPEAKS_OF for name in self.names)


def _asked_how_far(session: Transaction, address: str) -> bool:
    """Whether the address asked if its materials arrived: whoever does is answered, and never reminded."""
    readings = (load_reading(session, row.sha256) for row in mails_from(session, address) if row.intent in _WORDS)
    return any(one is not None and asks_how_far(f"{one.subject}\n{one.text}") for one in readings)


def _reminded(session: Transaction, address: str) -> int:
    letters = (told_of(row) for row in outbox.letters_to(session, address))
    return sum(1 for told in letters if told.live and told.kind in REMINDERS)


def _queue_one(shop: Workshop, session: Transaction, reminder: DueReminder, now: datetime) -> str:
    """Write one reminder and queue it; return its sentence, empty where it stands in the outbox already."""
    if reminder.case.without_files:
        return _queue_to_sender(shop, session, reminder, now)
    number = reminder.case.key.partition(":")[2]
    row = submissions.by_number(session, number)
    assert row is not None
    assert row.id is not None
    if reread_first(session, row.id, now):
        return ""
    dossier = load_dossier(session, shop.call, row.id, READER_VERSION)
    asked = _asked(reminder.case.told)
    assert asked is not None
    mail = next((m for m in reversed(dossier.mails) if m.sender_address == asked.to_address), None)
    to = Address(mail.sender_name if mail is not None else "", asked.to_address)
    named = set(reminder.items)
    found = load_findings(session, row.id)
    findings = tuple(f for f in found if f.verdict is not Verdict.MISSING or (f.code, f.item) in named)
    letter = compose(reminder.kind, dossier, findings, shop.call, now, to=to, answering=mail, previous=asked)
    place = post.Place(reminder.case.key, reminder.state_key, number, row.id, mail.sha256 if mail is not None else None)
    made = post.enqueue(shop, session, letter, place, now, reason=reminder.reason)
    return f"{number} {dossier.applicant}：{LETTER_NAMES[reminder.kind]}，{reminder.reason}" if made is not None else ""


def _asked(told: tuple[ToldLetter, ...]) -> ToldLetter | None:
    asking = (t for t in told if t.live and not t.waiting and t.kind in ASKING_KINDS)
    return max(asking, key=lambda t: t.at, default=None)


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
