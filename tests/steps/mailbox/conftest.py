from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlmodel import select

from config.call import Call
from config.load import find_call, load_call
from flows.demo.letterbox import Letterbox
from flows.steps.intake.poll import PollReport, poll_mailbox
from flows.transport.ports import RemoteMail, TransportError
from store.engine import Store, open_store
from store.tables import LedgerRow, MessageRow
from tests.contract.fake import FakeMailbox
from tests.servers.homes import Template, data_folder

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)


def raw_mail(number: int, body: str = "hello") -> bytes:
    head = f"Received: from a by mx{number};\r\n\tTue, 12 May 2026\r\nMessage-ID: <m{number}@firm.example>\r\n"
    return f"{head}Subject: x\r\n\r\n{body}\r\n".encode()


@dataclass
class Office:
    """A mailbox, a store, and the polls between them."""

    store: Store
    call: Call
    box: Letterbox = field(default_factory=Letterbox)
    mailboxes: list[FakeMailbox] = field(default_factory=list)
    break_at: list[int] = field(default_factory=list)
    refusals: list[TransportError] = field(default_factory=list)
    uidvalidity: int | None = None
    given: dict[int, list[bytes | None]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    refused: dict[str, TransportError] = field(default_factory=dict)
    told: dict[int, RemoteMail] = field(default_factory=dict)

    def connect(self) -> FakeMailbox:
        if self.refusals:
            raise self.refusals.pop(0)
        self.mailboxes.append(
            FakeMailbox(
                self.box,
                break_at=self.break_at,
                uidvalidity=self.uidvalidity,
                given=self.given,
                hidden=self.hidden,
                refused=self.refused,
                told=self.told,
            )
        )
        return self.mailboxes[-1]

    def poll(self, now: datetime = NOW, **changes: object) -> PollReport:
        return poll_mailbox(self.store, self.connect, self.call, now, **changes)  # type: ignore[arg-type]

    def messages(self) -> dict[str, MessageRow]:
        with self.store.reading() as session:
            return {row.sha256: row for row in session.exec(select(MessageRow))}

    def ledger(self) -> dict[tuple[str, int], str]:
        with self.store.reading() as session:
            return {(row.folder, row.uid): row.state for row in session.exec(select(LedgerRow))}


@pytest.fixture(scope="session")
def call() -> Call:
    return load_call(find_call("cases-2026"))


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    with data_folder() as folder:
        yield Template(folder)


@pytest.fixture
def store(template: Template) -> Iterator[Store]:
    with data_folder() as home:
        template.copy(home)
        opened = open_store("", home)
        yield opened
        opened.close()


@pytest.fixture
def office(store: Store, call: Call) -> Office:
    return Office(store, call)


UTC_NOW = NOW.astimezone(UTC)
