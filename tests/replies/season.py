"""A small season in a real store: rows as the examination leaves them, without reading a single mail."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from config.settings import Settings
from flows.replies.compose import compose
from flows.replies.letter import LetterKind
from flows.replies.state import state_key
from flows.steps.answer import post
from flows.steps.answer.judge import judge
from flows.steps.workshop import Workshop
from parsers.facts.mails import Address, Intent, MailReading
from parsers.facts.version import READER_VERSION
from store.engine import Store
from store.filing.applicants import ensure_applicant
from store.filing.submissions import by_number, link_message, open_submission
from store.letters import outbox
from store.mails.readings import save_reading
from store.states import Basis, MessageState, Relation, SubmissionStatus
from store.tables import MessageRow
from tests.checks.dossiers import cases_2026

CALL = cases_2026()


def settings_in(home: Path) -> Settings:
    return Settings(home=home, imap_user="call@example.org", secret="s" * 32, database_url="unused", reply_mode="send")


def shop_for(store: Store) -> Workshop:
    return Workshop(settings_in(store.home), CALL, store, store.home / "spool")


def add_mail(
    store: Store,
    name: str,
    received: datetime,
    *,
    sender: str,
    intent: Intent,
    kind: str,
    subject: str = "申报材料",
    text: str = "",
) -> str:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    with store.transaction() as session:
        session.add(
            MessageRow(
                sha256=sha256, size=1, received=received, fetched=received, kind=kind, state=MessageState.EXAMINED
            )
        )
        session.flush()
        reading = MailReading(
            sha256=sha256,
            size=1,
            message_id=f"<{sha256[:12]}@example.com>",
            subject=subject,
            text=text,
            sender=Address("联系人", sender),
            intent=intent,
        )
        save_reading(session, reading, READER_VERSION)
    return sha256


def add_submission(store: Store, firm: str, received: datetime, sender: str) -> str:
    """A submission that lacks everything: one mail without a file."""
    sha256 = add_mail(store, firm, received, sender=sender, intent=Intent.MATERIALS, kind="submission")
    with store.transaction() as session:
        applicant = ensure_applicant(session, firm)
        row = open_submission(session, CALL, applicant.id or 0, received=received)
        row.status = SubmissionStatus.INCOMPLETE
        link_message(session, row, session.get_one(MessageRow, sha256), relation=Relation.OPENS, basis=Basis.NEW)
        assert row.id is not None
        judge(shop_for(store), session, row.id, received)
        row.answer_due = None
        return row.number


def ask(store: Store, number: str, at: datetime, *, sent: bool = True) -> int:
    """Send the 补正 for what is open now."""
    shop = shop_for(store)
    with store.transaction() as session:
        row = by_number(session, number)
        assert row is not None
        assert row.id is not None
        seen = judge(shop, session, row.id, at)
        row.answer_due = None
        letter = compose(LetterKind.DEFICIENT, seen.dossier, seen.findings, CALL, at)
        key = state_key(seen.dossier, seen.findings)
        place = post.Place(f"submission:{number}", key, number, row.id, seen.dossier.mails[-1].sha256)
        made = post.enqueue(shop, session, letter, place, at)
        assert made is not None
        if sent:
            assert outbox.claim(session, made, "test", at + timedelta(minutes=1))
            outbox.settle(session, made, "test", at + timedelta(minutes=1), state="sent", outcome="accepted")
        return made
