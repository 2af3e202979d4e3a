"""Plays a story through the real steps (演一遍): intake, examination, answers, desk, and a sender that takes all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import col, select

from config.settings import load_settings
from flows.steps.answer.answer import answer_due
from flows.steps.deliver.send import budgets_of, deliver
from flows.steps.desk.operations import OPERATIONS, perform
from flows.steps.filing.examine import Examined, Taken, examine
from flows.steps.lists.import_list import ListReport, import_list
from flows.steps.workshop import Workshop
from flows.transport.ports import Outcome, Sending
from parsers.facts.mails import MailReading
from store.engine import Store
from store.mails import messages
from store.mails.messages import Arrival, Place
from store.tables import JournalRow, LetterRow, MessageRow, OperationRow, SubmissionRow
from tests.cases.story import Act, Story
from tests.cases.telling import FIRST, LATE, SHANGHAI, Mail, Teller, mail_id, reading_of
from tests.store.blank import blank_bytes, blank_store

BEGINNINGS = {
    "cases-2026": (FIRST, LATE),
    "key-sme-2025": (
        datetime(2024, 11, 12, 9, 0, tzinfo=SHANGHAI),
        datetime(2024, 11, 20, 9, 0, tzinfo=SHANGHAI),
    ),
}
"""When the first mail of a story comes, and when one that is told to be late does."""

OURS = "zjzjtxqycjfh@163.com"
POLL = timedelta(minutes=1)
"""The office looks for mail each minute, so that mails of one minute are taken in together."""
_END = timedelta(days=2)


def quick_store(home: Path) -> Store:
    """Open an empty store that many stories may use one after the other; nothing in it need outlive a power cut."""
    store = blank_store(home)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return store


def clear(store: Store) -> None:
    """Make the store empty again; its engine keeps the queries that it has translated."""
    store.engine.dispose()
    for name in ("zhengji.db-wal", "zhengji.db-shm"):
        (store.home / name).unlink(missing_ok=True)
    (store.home / "zhengji.db").write_bytes(blank_bytes())


class Post:
    """A submission server that accepts every letter."""

    address = OURS

    def send(self, raw: bytes, recipient: str) -> Sending:
        """Accept it."""
        del raw, recipient
        return Sending(Outcome.ACCEPTED, "250 OK")

    def check(self) -> str:
        """Greet."""
        return "220"


@dataclass
class Office:
    """One story being played."""

    store: Store
    """Empty when the story begins."""
    story: Story
    teller: Teller = field(init=False)
    examined: dict[int, Examined] = field(default_factory=dict)
    imported: list[ListReport] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What each operation at the desk answered."""
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        call = self.story.the_call()
        self.teller = Teller(self.store, call)
        settings = load_settings(
            {
                "ZHENGJI_HOME": str(self.store.home),
                "ZHENGJI_CALL": call.id,
                "ZHENGJI_IMAP_USER": OURS,
                "ZHENGJI_SECRET": "for-stories-only-0123456789",
                "ZHENGJI_REPLY_MODE": "send",
                "ZHENGJI_SEND_INTERVAL_SECONDS": "0",
            }
        )
        self.shop = Workshop(settings, call, self.store, self.store.home / "spool", ocr=False)
        self.now = self.received(self.story.mails[0])

    def received(self, mail: Mail) -> datetime:
        """Return when the server took a mail of this story."""
        return BEGINNINGS[self.story.call][mail.late] + timedelta(minutes=mail.after)

    def play(self) -> None:
        """Play the story to its end, and two days more."""
        self.teller.prepare(self.story.telling)
        self._import_lists()
        mails = list(enumerate(self.story.mails, 1))
        while mails:
            moment = self.received(mails[0][1])
            together = [one for one in mails if self.received(one[1]) <= moment]
            mails = mails[len(together) :]
            self.wait_until(moment + POLL)
            for place, mail in together:
                self.take_in(place, mail)
            self._answer()
            for act in (act for place, _ in together for act in self.story.acts if act.after == place):
                self.wait_until(self.now + timedelta(minutes=act.minutes))
                self._do(act)
        self.wait_until(self.now + _END)

    def take_in(self, place: int, mail: Mail) -> Examined:
        """Let one mail arrive and be examined now."""
        received = self.received(mail)
        raw = self._raw(place, mail)
        sha256 = self.store.blobs.put(raw)
        with self.store.transaction() as session:
            where = Place(OURS, "INBOX", 1, place)
            messages.note_arrival(session, Arrival(where, sha256, len(raw), received, False, False, ""), self.now)
            leased = messages.lease(session, sha256, "office", self.now, 900)
        reading = self._reading(place, mail, sha256, len(raw))
        self.teller.hashes[place] = sha256
        done = examine(self.shop, Taken(leased, reading, mail.subject), self.now)
        assert done.kind, done.reason
        return self.examined.setdefault(place, done)

    def take_in_again(self, place: int) -> None:
        """Have staff read a mail once more, and wait until whatever follows has gone out."""
        with self.store.transaction() as session:
            messages.run_again(session, self.teller.hashes[place], self.now, "小王", "再读一次。")
        self.take_in(place, self.story.mails[place - 1])
        self.wait_until(self.now + _END)

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; whatever falls due on the way is answered and sent."""
        for _ in range(100):
            due = self._next_due()
            if due is None or due > moment:
                break
            self.now = max(self.now, due)
            self._answer()
        else:
            message = f"the office never comes to rest: {self.faults()[:1]}"
            raise AssertionError(message)
        self.now = max(self.now, moment)

    def letters(self) -> list[LetterRow]:
        """Return every letter that was made, oldest first."""
        with self.store.reading() as session:
            return list(session.exec(select(LetterRow).order_by(col(LetterRow.id))).all())

    def faults(self) -> list[str]:
        """Return what our own code failed at."""
        with self.store.reading() as session:
            rows = session.exec(select(JournalRow).where(JournalRow.action == "answer-failed")).all()
            return [row.sentence for row in rows]

    def _answer(self) -> None:
        answer_due(self.shop, self.now)
        if any(row.state == "queued" for row in self.letters()):
            deliver(self.store, Post(), budgets_of(self.shop.settings), self.now)

    def _next_due(self) -> datetime | None:
        with self.store.reading() as session:
            moments = [
                *session.exec(select(SubmissionRow.answer_due)).all(),
                *session.exec(select(MessageRow.answer_due)).all(),
                *session.exec(select(LetterRow.not_before).where(LetterRow.state == "queued")).all(),
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    def _raw(self, place: int, mail: Mail) -> bytes:
        """Return bytes for the told mail; nobody reads them, but they are stored as any mail's are."""
        message = EmailMessage()
        message["Message-ID"] = mail_id(place)
        message["From"] = mail.sender
        message["Subject"] = mail.subject
        message.set_content("\n".join([mail.text, *(file.path for file in mail.files)]))
        return message.as_bytes()

    def _reading(self, place: int, mail: Mail, sha256: str, size: int) -> MailReading:
        refs = (self._letter_to(mail.answers).message_id,) if mail.answers else ()
        if mail.follows:
            refs += (mail_id(mail.follows),)
        number = self._number(str(mail.number_of)) if mail.number_of else ""
        return reading_of(place, mail, sha256, refs=refs, number=number, size=size)

    def _letter_to(self, place: int) -> LetterRow:
        """Return the newest letter that the sender of this mail has received."""
        address = self.story.mails[place - 1].sender
        sent = [row for row in self.letters() if row.to_address == address and row.state == "sent"]
        assert sent, f"{address} has received no letter that could be answered"
        return sent[-1]

    def _number(self, place: str) -> str:
        """Return the number that a mail was filed under: ``1``, or ``1.2`` for the second of several."""
        mail, _, which = place.partition(".")
        done = self.examined.get(int(mail))
        return done.numbers[int(which or 1) - 1] if done and done.numbers else "AL2026-9999"

    def _do(self, act: Act) -> None:
        operation = next(one for one in OPERATIONS if one.name == act.do)
        values = {"by": "小王", "reason": "电话核实。"} | {key: self._filled(value) for key, value in act.form.items()}
        self.said.append(perform(self.shop, act.do, operation.form(**values), self.now))
        self._answer()

    def _filled(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        with self.store.reading() as session:
            step = session.exec(select(OperationRow.id).order_by(col(OperationRow.id).desc())).first()
        held = ",".join(str(row.id) for row in self.letters() if row.state == "held")
        value = value.replace("{step}", str(step)).replace("{held}", held)
        value = re.sub(r"\{mail (\d+)\}", lambda found: self.teller.hashes[int(found[1])], value)
        return re.sub(r"\{(\d+(?:\.\d+)?)\}", lambda found: self._number(found[1]), value)

    def _import_lists(self) -> None:
        for number, one in enumerate(self.story.lists):
            path = self.store.home / f"list-{number}.csv"
            path.write_text(one["text"].strip() + "\n", encoding="utf-8")
            kind, name, as_of = one["kind"], one["name"], one["as_of"]
            self.imported.append(import_list(self.store, path, kind=kind, name=name, as_of=as_of, now=self.now))
