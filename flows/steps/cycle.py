"""One cycle of work (一轮): poll, examine, answer, deliver, until nothing is left; each part also for itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.settings import load_secret, require_mail
from flows.steps.alarms.letters import queue_alarms
from flows.steps.answer.answer import AnswerReport, answer_due
from flows.steps.deliver.drafts import deliver_drafts
from flows.steps.deliver.older_state import compare, signs_of
from flows.steps.deliver.send import DeliverReport, budgets_of
from flows.steps.deliver.send import deliver as send_due
from flows.steps.deliver.sent_copies import reconcile_unknown
from flows.steps.events import Event
from flows.steps.filing.examine import Examined, examine, take_next
from flows.steps.intake.poll import PollReport, poll_mailbox
from flows.steps.intake.reconcile import ReconcileReport
from flows.steps.intake.reconcile import reconcile as prove
from flows.steps.screens.shelve import shelve
from flows.steps.workshop import Workshop
from flows.transport.connect import connect_mailbox, imap_account, login_mark, sender_of, smtp_account
from flows.transport.ports import Mailbox, TransportError
from store.letters import outbox
from store.states import LetterState


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What one round did (一轮结果)."""

    polled: PollReport
    examined: tuple[Examined, ...]
    answered: AnswerReport
    delivered: DeliverReport

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        parts = (
            said_of_poll(self.polled),
            f"审核 {len(self.examined)} 封",
            self.answered.sentence(),
            said_of_delivery(self.delivered),
        )
        return "；".join(parts)


def poll(shop: Workshop, now: datetime) -> PollReport:
    """Fetch what is new in the mailbox; a fault of the line is in the report, for staff and the alarm."""
    require_mail(shop.settings)
    return poll_mailbox(
        shop.store,
        lambda: connect_mailbox(shop.settings),
        shop.call,
        now,
        folders=shop.settings.imap_folders,
        login=login_mark(imap_account(shop.settings), load_secret(shop.settings)),
        afterwards=lambda mailbox: compare(shop.store, mailbox, signs_of(shop.store, shop.settings), now),
    )


def reconcile(shop: Workshop, now: datetime) -> ReconcileReport:
    """Prove UID by UID that server and ledger agree; ``TransportError`` where the mailbox cannot be reached."""
    require_mail(shop.settings)
    with _mailbox(shop) as mailbox:
        return prove(shop.store, mailbox, shop.call, now, folders=shop.settings.imap_folders)


def deliver(shop: Workshop, now: datetime, wait: Callable[[float], datetime] | None = None) -> DeliverReport:
    """Send what the outbox holds, as far as the budgets allow."""
    require_mail(shop.settings)
    if shop.settings.reply_mode == "off":
        return DeliverReport(blocked="回信方式为 off，只拟不发")
    if shop.settings.reply_mode == "draft":
        with _mailbox(shop) as mailbox:
            compare(shop.store, mailbox, signs_of(shop.store, shop.settings), now)
            return deliver_drafts(shop.store, mailbox, now)
    unseen = look_before_sending(shop, now)
    if unseen:
        return DeliverReport(blocked=unseen)
    login = login_mark(smtp_account(shop.settings), load_secret(shop.settings))
    return send_due(shop.store, sender_of(shop.settings), budgets_of(shop.settings), now, wait=wait, login=login)


def look_before_sending(shop: Workshop, now: datetime) -> str:
    """Look into the sent folder: for letters that this database never sent, and for those whose fate is unknown.

    Connects only where a letter would go or is in doubt. Returns why nothing may go, where the mailbox cannot be
    reached: then nothing is decided, and the letters wait for the next run.
    """
    with shop.store.reading() as session:
        doubtful = bool(outbox.in_state(session, LetterState.UNKNOWN))
        due = outbox.next_due(session, now) is not None
    if not due and not doubtful:
        return ""
    try:
        with _mailbox(shop) as mailbox:
            compare(shop.store, mailbox, signs_of(shop.store, shop.settings), now)
            if doubtful:
                reconcile_unknown(shop.store, mailbox, now, wait=timedelta(minutes=shop.settings.unknown_wait_minutes))
    except TransportError as error:
        return f"没能核对“已发送”，本次不发。{error.sentence}" if due else ""
    return ""


@contextlib.contextmanager
def _mailbox(shop: Workshop) -> Iterator[Mailbox]:
    mailbox = connect_mailbox(shop.settings)
    try:
        yield mailbox
    finally:
        mailbox.close()


def answer_waiting(shop: Workshop, now: datetime) -> AnswerReport:
    """Decide every answer that is due, bring the shelf up to date, and mail the alarms that stand."""
    report = answer_due(shop, now)
    shelve(shop, now)
    queue_alarms(shop, now)
    return report


def run_cycle(shop: Workshop, now: datetime) -> CycleReport:
    """Run all parts once, in their order, without Prefect."""
    polled = poll(shop, now)
    examined: list[Examined] = []
    while taken := take_next(shop, now):
        examined.append(examine(shop, taken, now))
    answered = answer_waiting(shop, now)
    return CycleReport(polled, tuple(examined), answered, deliver(shop, now))


def said_of_poll(report: PollReport) -> str:
    """Say in Chinese what a poll did."""
    parts = [f"新收 {len(report.stored)} 封"]
    parts += [f"重复 {report.again} 封"] if report.again else []
    parts += [f"未收下 {report.failed + report.given_up} 封"] if report.failed + report.given_up else []
    parts += [report.fault] if report.fault else list(report.left_out.values())
    return "，".join(parts)


def said_of_delivery(report: DeliverReport) -> str:
    """Say in Chinese what a run of the sender did."""
    counts = {
        "发出": report.sent,
        "存为草稿": report.drafted,
        "失败": report.failed,
        "结果不明": report.unknown,
        "转人工": report.held,
        "稍后再发": report.later,
    }
    parts = [f"{name} {len(letters)} 封" for name, letters in counts.items() if letters] or ["没有要发的信"]
    return "，".join([*parts, report.blocked] if report.blocked else parts)


def events_of_poll(report: PollReport) -> tuple[Event, ...]:
    """Return what a poll did as events; each mail has its own when it is examined."""
    return (Event("zhengji.mailbox.silent", "mailbox", {"fault": report.fault[:200]}),) if report.fault else ()


def events_of_delivery(report: DeliverReport) -> tuple[Event, ...]:
    """Return what became of letters as events."""
    told = (
        ("zhengji.letter.sent", report.sent),
        ("zhengji.letter.failed", report.failed),
        ("zhengji.letter.unknown", report.unknown),
    )
    events = tuple(Event(name, f"letter.{number}") for name, letters in told for number in letters)
    return (
        (*events, Event("zhengji.sending.frozen", "mailbox", {"reason": report.blocked})) if report.blocked else events
    )
