"""One round of work (一轮): poll, examine, answer, deliver, until nothing is left; each part also for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.settings import require_mail
from flows.steps.answer import AnswerReport, answer_due
from flows.steps.events import Event
from flows.steps.examine import Examined, examine, take_next
from flows.steps.intake import PollReport, poll_mailbox
from flows.steps.reconcile import Reconciliation, reconcile_mailbox
from flows.steps.send import DeliverReport, deliver_letters
from flows.steps.shelve import shelve
from flows.steps.workshop import Workshop
from flows.transport.connect import connect_mailbox, sender_of


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What one round did."""

    polled: PollReport
    examined: tuple[Examined, ...]
    answered: AnswerReport
    delivered: DeliverReport

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        parts = (
            self.polled.sentence(),
            f"审核 {len(self.examined)} 封",
            self.answered.sentence(),
            self.delivered.sentence(),
        )
        return "；".join(parts) + "。"

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        examined = tuple(event for one in self.examined for event in one.events)
        return examined + self.answered.events


def poll(shop: Workshop, now: datetime) -> PollReport:
    """Fetch what is new in the mailbox; a fault of the line is in the report, for staff and the alarm."""
    require_mail(shop.settings)
    return poll_mailbox(
        shop.store, lambda: connect_mailbox(shop.settings), shop.call, now, folders=shop.settings.imap_folders
    )


def reconcile(shop: Workshop, now: datetime) -> Reconciliation:
    """Prove UID by UID that server and ledger agree."""
    require_mail(shop.settings)
    return reconcile_mailbox(
        shop.store, lambda: connect_mailbox(shop.settings), shop.call, now, folders=shop.settings.imap_folders
    )


def deliver(shop: Workshop, now: datetime) -> DeliverReport:
    """Send what the outbox holds, as far as the budgets allow."""
    require_mail(shop.settings)
    return deliver_letters(
        shop.store,
        sender_of(shop.settings),
        shop.settings,
        now,
        mailbox=lambda: connect_mailbox(shop.settings),
    )


def answer_waiting(shop: Workshop, now: datetime) -> AnswerReport:
    """Decide every answer that is due, and bring the shelf up to date."""
    report = answer_due(shop, now)
    shelve(shop, report.submissions)
    return report


def run_round(shop: Workshop, now: datetime) -> RoundReport:
    """Run all parts once, in their order, without Prefect."""
    polled = poll(shop, now)
    examined: list[Examined] = []
    while taken := take_next(shop, now):
        examined.append(examine(shop, taken, now))
    answered = answer_waiting(shop, now)
    delivered = deliver(shop, now)
    return RoundReport(polled, tuple(examined), answered, delivered)
