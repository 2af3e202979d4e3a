"""A lost answer, settled against a real sent folder: copies kept as NetEase does, rewritten or missing as at QQ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from flows.replies.budget import Budgets
from flows.steps.deliver.send import deliver
from flows.steps.deliver.sent_copies import UnknownReport, reconcile_unknown
from flows.transport.smtp import SmtpSender
from flows.transport.tls import Account, Encryption
from store.engine import Store, open_store
from store.letters import outbox
from tests.contract.worlds import SENT, DovecotWorld
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import needs_dovecot
from tests.servers.homes import data_folder
from tests.servers.provider import Provider
from tests.servers.smtp_sink import LOST, LOST_BEFORE, Sink, running_sink

pytestmark = needs_dovecot

NOW = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
FREELY = Budgets(0, 1000, 1000, 1000, 1000, 1000)


def kept(raw: bytes) -> bytes:
    return raw


def rewritten(raw: bytes) -> bytes:
    return raw.replace(b"Message-ID: ", b"Message-ID: <tencent_0AF1@qq.com>\r\nX-OQ-MSGID: ")


@pytest.fixture
def store() -> Iterator[Store]:
    with data_folder() as home:
        opened = open_store("", home)
        yield opened
        opened.close()


class Correspondence:
    """A provider with both its sides, and the letters that go through it."""

    def __init__(self, store: Store, world: DovecotWorld, sink: Sink) -> None:
        self.store = store
        self.world = world
        self.sink = sink
        smtp = Account("127.0.0.1", sink.port, world.user, PASSWORD, Encryption.NONE)
        self.sender = SmtpSender(smtp)
        self.count = 0

    def write(self) -> int:
        self.count += 1
        identity = f"<zj{self.count}@163.example>"
        with self.store.transaction() as session:
            row = outbox.queue(
                session,
                subject_key=f"message:{self.count}",
                kind="received",
                state_key="1",
                raw=f"Message-ID: {identity}\r\n\r\nletter {self.count}\r\n".encode(),
                message_id=identity,
                to_address=f"a{self.count}@firm.example",
                now=NOW,
            )
        assert row is not None
        assert row.id is not None
        return row.id

    def settle(self) -> UnknownReport:
        mailbox = self.world.open()
        return reconcile_unknown(self.store, mailbox, LATER)


@pytest.fixture(params=["netease-kept", "qq-rewritten", "qq-none"])
def letters(
    request: pytest.FixtureRequest, dovecot: Dovecot, netease: Provider, qq: Provider, store: Store
) -> Iterator[Correspondence]:
    provider, manner = request.param.split("-")
    world = DovecotWorld(provider, dovecot, (netease if provider == "netease" else qq).port)
    copies: dict[str, Callable[[bytes], bytes]] = {"kept": kept, "rewritten": rewritten}
    with running_sink(world.user) as sink:
        if manner in copies:
            sink.keep = lambda raw: world.deliver(copies[manner](raw), NOW, SENT)
        made = Correspondence(store, world, sink)
        for _ in range(3):
            made.write()
        assert deliver(store, made.sender, FREELY, NOW).sent == [1, 2, 3]
        yield made
    world.close()


def test_a_letter_that_was_taken_though_its_answer_was_lost_is_never_sent_twice(
    letters: Correspondence, request: pytest.FixtureRequest
) -> None:
    number = letters.write()
    letters.sink.at_data = [LOST]
    assert deliver(letters.store, letters.sender, FREELY, NOW).unknown == [number]
    saves_copies = "qq-none" not in request.node.name
    assert letters.settle() == (UnknownReport(sent=[number]) if saves_copies else UnknownReport(held=[number]))
    deliver(letters.store, letters.sender, FREELY, LATER)
    assert [recipient for recipient, _ in letters.sink.taken].count(f"a{number}@firm.example") == 1


def test_a_letter_that_was_not_taken_is_sent_once_more_only_where_copies_are_proved(
    letters: Correspondence, request: pytest.FixtureRequest
) -> None:
    number = letters.write()
    letters.sink.at_data = [LOST_BEFORE]
    assert deliver(letters.store, letters.sender, FREELY, NOW).unknown == [number]
    saves_copies = "qq-none" not in request.node.name
    assert letters.settle() == (UnknownReport(again=[number]) if saves_copies else UnknownReport(held=[number]))
    deliver(letters.store, letters.sender, FREELY, LATER)
    taken = [recipient for recipient, _ in letters.sink.taken].count(f"a{number}@firm.example")
    assert taken == (1 if saves_copies else 0)
