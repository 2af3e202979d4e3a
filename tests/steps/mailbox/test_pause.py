"""Pauses: a clock that stood wrong once stops nothing for long, and a new login is tried at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from config.settings import load_settings
from flows.steps.alarms.alarms import alarms
from flows.transport.connect import imap_account, login_mark
from flows.transport.ports import TransportError
from store import journal
from store.letters import due
from store.mails import messages
from tests.steps.mailbox.conftest import NOW, Office, raw_mail

YEAR = timedelta(days=365)
REFUSED = TransportError("邮箱服务器 127.0.0.1:1 拒绝登录。", permanent=True)


def cuts(office: Office) -> list[str]:
    with office.store.reading() as session:
        return [entry.sentence for entry in journal.read(session, actions=("clock-was-wrong",))]


def test_a_pause_of_a_clock_a_year_ahead_is_cut_to_a_quarter_of_an_hour_and_told_once(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.refusals = [TransportError("断了。")]
    office.poll(NOW + YEAR)
    assert office.poll(NOW).next_try == NOW + timedelta(minutes=15)
    assert office.poll(NOW + timedelta(minutes=5)).stored == []
    assert len(office.poll(NOW + timedelta(minutes=15)).stored) == 1
    assert cuts(office) == ["收信的暂停时间比最长的 15 分钟还远，写下时机器的时钟走错了：已改为 15 分钟，请核对时钟。"]


def test_the_longest_pause_of_a_clock_that_is_right_is_not_cut(office: Office) -> None:
    office.refusals = [REFUSED]
    office.poll()
    assert office.poll(NOW + timedelta(minutes=1)).next_try == NOW + timedelta(minutes=15)
    assert cuts(office) == []


def test_a_mail_put_off_by_a_clock_a_year_ahead_is_fetched_at_the_next_poll(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.break_at = [1]
    office.poll(NOW + YEAR)
    assert len(office.poll(NOW + timedelta(minutes=20)).stored) == 1


def test_a_success_of_a_clock_a_year_ahead_does_not_hide_a_silence(office: Office) -> None:
    office.poll(NOW + YEAR)
    assert [alarm.key for alarm in alarms(office.store, NOW)] == []
    assert [alarm.key for alarm in alarms(office.store, NOW + timedelta(minutes=15))] == ["mailbox-silent"]


def test_a_new_login_is_tried_at_once_and_the_old_one_waits(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.refusals = [REFUSED]
    office.poll(login="old")
    now = NOW + timedelta(minutes=1)
    assert office.poll(now, login="old").stored == []
    assert len(office.poll(now, login="new").stored) == 1


def test_a_new_login_that_is_refused_too_waits_in_its_turn(office: Office) -> None:
    office.refusals = [REFUSED]
    office.poll(login="old")
    office.refusals = [REFUSED]
    assert office.poll(NOW + timedelta(minutes=1), login="new").next_try == NOW + timedelta(minutes=16)
    assert office.poll(NOW + timedelta(minutes=2), login="new").next_try == NOW + timedelta(minutes=16)


def mark(home: Path, **changes: str) -> str:
    env = {"ZHENGJI_HOME": str(home), "ZHENGJI_IMAP_HOST": "127.0.0.1", "ZHENGJI_IMAP_USER": "me@163.example"}
    env |= {"ZHENGJI_IMAP_PASSWORD": "kxqzvbnm"} | changes
    return login_mark(imap_account(load_settings(env)), b"secret")


def test_the_mark_of_a_login_changes_with_server_user_and_code_and_tells_none(tmp_path: Path) -> None:
    changes = {"IMAP_PASSWORD": "other", "IMAP_USER": "you@163.example", "IMAP_HOST": "localhost", "IMAP_PORT": "143"}
    marks = [mark(tmp_path), *(mark(tmp_path, **{f"ZHENGJI_{key}": value}) for key, value in changes.items())]
    assert len(set(marks)) == 5
    assert marks[0] == mark(tmp_path)
    assert {len(one) for one in marks} == {16}


def test_moments_are_compared_with_their_zones(office: Office) -> None:
    office.refusals = [TransportError("断了。")]
    office.poll(datetime.fromisoformat("2026-05-12T01:00:00+00:00"))
    assert office.poll(NOW).next_try == NOW + timedelta(minutes=1)


def test_what_a_clock_a_year_ahead_put_off_or_held_is_worked_on_at_once(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    (sha256,) = office.poll().stored
    with office.store.transaction() as session:
        leased = messages.lease_next(session, "elsewhere|1|1", NOW + YEAR, 900)
        assert leased is not None
    with office.store.transaction() as session:
        again = messages.lease_next(session, "w", NOW, 900)
        assert again is not None
        messages.fail(session, sha256, again.fence, "读不了。", NOW + YEAR, max_attempts=9)
    with office.store.transaction() as session:
        assert messages.lease_next(session, "w", NOW, 900) is not None
        due.put_off(session, NOW + YEAR, message=sha256)
    with office.store.reading() as session:
        assert due.due_messages(session, NOW) == (sha256,)


def test_what_is_put_off_by_a_clock_that_is_right_waits(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    (sha256,) = office.poll().stored
    with office.store.transaction() as session:
        assert messages.lease_next(session, "elsewhere|1|1", NOW, 900) is not None
        due.put_off(session, NOW + timedelta(days=2), message=sha256)
    with office.store.transaction() as session:
        assert messages.lease_next(session, "w", NOW + timedelta(minutes=1), 900) is None
        assert due.due_messages(session, NOW) == ()
