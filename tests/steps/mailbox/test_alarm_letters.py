from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.steps.alarms.letters import queue_alarms
from flows.steps.deliver import sending_state
from flows.steps.deliver.send import deliver
from flows.steps.workshop import Workshop
from store.letters import outbox
from tests.contract.fake import FakeSender
from tests.steps.mailbox.conftest import NOW, Office
from tests.steps.mailbox.test_send import FREELY


@pytest.fixture
def shop(office: Office, tmp_path: Path) -> Workshop:
    env = {
        "ZHENGJI_HOME": str(office.store.home),
        "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
        "ZHENGJI_DIGEST_TO": "zjzjtxqycjfh@163.com, staff@office.example",
    }
    return Workshop(load_settings(env), office.call, office.store, tmp_path)


def test_a_silent_mailbox_is_mailed_once_to_staff_and_never_to_the_mailbox_itself(
    office: Office, shop: Workshop
) -> None:
    office.poll()
    for minutes in (20, 25, 300):
        assert [alarm.key for alarm in queue_alarms(shop, NOW + timedelta(minutes=minutes))] == ["mailbox-silent"]
    with office.store.reading() as session:
        (row,) = outbox.in_state(session, "queued")
    assert (row.to_address, row.subject) == ("staff@office.example", f"【告警】收信中断（{office.call.short_title}）")
    sender = FakeSender()
    assert deliver(office.store, sender, FREELY, NOW + timedelta(minutes=20)).sent == [row.id]


def test_a_second_silence_is_mailed_again(office: Office, shop: Workshop) -> None:
    office.poll()
    queue_alarms(shop, NOW + timedelta(minutes=20))
    office.poll(NOW + timedelta(minutes=30))
    assert queue_alarms(shop, NOW + timedelta(minutes=31)) == ()
    queue_alarms(shop, NOW + timedelta(hours=2))
    with office.store.reading() as session:
        assert len(outbox.in_state(session, "queued")) == 2


def test_about_sending_that_is_shut_no_letter_is_written(office: Office, shop: Workshop) -> None:
    office.poll()
    sending_state.stop_sending(office.store, "口径有误", NOW, "王工")
    assert [alarm.key for alarm in queue_alarms(shop, NOW)] == ["sending-stopped"]
    with office.store.reading() as session:
        assert outbox.in_state(session, "queued") == ()
