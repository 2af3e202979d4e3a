"""What holds letters up: one recipient, refusals as spam in a row, a wrong clock, a login that was changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.replies.budget import Budgets
from flows.steps.alarms.alarms import alarms
from flows.steps.deliver import sending_state
from flows.steps.deliver.send import deliver
from flows.transport.ports import Outcome, Sending
from store import journal
from store.engine import Store
from tests.contract.fake import FakeSender
from tests.steps.mailbox.conftest import CHINA, NOW
from tests.steps.mailbox.test_send import FREELY, letter, put, states

# One recipient who cannot be reached now

FULL = Sending(Outcome.RECIPIENT_LATER, "452 4.2.2 mailbox full")


class Picky(FakeSender):
    """Does not take letters for some recipients now."""

    shut: frozenset[str] = frozenset()

    def send(self, raw: bytes, recipient: str) -> Sending:
        return FULL if recipient.partition("@")[0] in self.shut else super().send(raw, recipient)


def test_a_full_mailbox_delays_its_own_letter_and_no_other(store: Store) -> None:
    for number in range(1, 7):
        put(store, number)
    sender = Picky()
    sender.shut = frozenset({"a1"})
    report = deliver(store, sender, FREELY, NOW)
    assert (report.sent, report.later, report.blocked) == ([2, 3, 4, 5, 6], [1], "")
    assert letter(store, 1).not_before == NOW + timedelta(minutes=15)
    sender.shut = frozenset()
    assert deliver(store, sender, FREELY, NOW + timedelta(minutes=15)).sent == [1]


def test_a_mailbox_that_stays_full_is_tried_ever_more_seldom_and_then_goes_to_staff(store: Store) -> None:
    put(store, 1)
    sender = Picky()
    sender.shut = frozenset({"a1"})
    tries, now = [], NOW
    while letter(store, 1).state == "queued":
        deliver(store, sender, FREELY, now)
        tries.append((now - NOW).total_seconds() / 3600)
        now = letter(store, 1).not_before or now
    assert tries[:6] == [0, 0.25, 0.75, 1.75, 3.75, 7.75]
    assert (len(tries), tries[-1], letter(store, 1).state) == (12, 31.75, "held")
    why = "试了 12 次，对方邮箱一直暂时收不了（常见为邮箱已满），请经办处理：452 4.2.2 mailbox full"
    assert letter(store, 1).state_reason == why


def test_a_server_that_takes_no_recipient_now_gets_its_pause(store: Store) -> None:
    for number in range(1, 9):
        put(store, number)
    sender = Picky()
    sender.shut = frozenset(f"a{number}" for number in range(9))
    report = deliver(store, sender, FREELY, NOW)
    assert (report.later, report.next_at) == ([1, 2, 3], NOW + timedelta(minutes=2))


# Refused as spam

SPAM = Sending(Outcome.CONTENT, "554 DT:SPM 163 smtp11,x")


def test_three_letters_in_a_row_that_are_refused_as_spam_stop_all_sending(store: Store) -> None:
    for number in range(1, 9):
        put(store, number)
    sender = FakeSender(answers=[SPAM] * 8)
    report = deliver(store, sender, FREELY, NOW)
    assert (report.failed, len(sender.attempts)) == ([1, 2, 3], 3)
    assert report.blocked.startswith("发信已停止：连续 3 封回信被判为垃圾邮件，再发会伤及账号：")
    assert report.blocked.endswith("554 DT:SPM 163 smtp11,x")
    (alarm,) = (one for one in alarms(store, NOW) if one.key == "sending-stopped")
    assert (alarm.title, alarm.since, alarm.can_mail) == ("发信已停止", NOW, False)
    deliver(store, sender, FREELY, NOW + timedelta(days=2))
    assert len(sender.attempts) == 3
    sending_state.start_sending(store, "措辞改好了", NOW, "王工")
    sender.answers = []
    assert deliver(store, sender, FREELY, NOW).sent == [4, 5, 6, 7, 8]


def test_the_row_is_counted_over_runs_and_ends_with_a_letter_that_goes(store: Store) -> None:
    answers = [SPAM, SPAM, Sending(Outcome.ACCEPTED, "250 ok"), SPAM, SPAM]
    sender = FakeSender(answers=answers)
    for number in range(1, 6):
        put(store, number)
        deliver(store, sender, FREELY, NOW)
    assert states(store) == ["failed", "failed", "sent", "failed", "failed"]
    put(store, 6)
    sender.answers = [SPAM]
    assert deliver(store, sender, FREELY, NOW).blocked.startswith("发信已停止：")


# A clock that stood wrong, a login that was changed

YEAR = timedelta(days=365)


def test_pauses_of_a_clock_a_year_ahead_are_cut_and_told(store: Store) -> None:
    put(store, 1)
    deliver(store, FakeSender(answers=[Sending(Outcome.UNREACHABLE, "拒绝连接")]), FREELY, NOW + YEAR)
    report = deliver(store, FakeSender(), FREELY, NOW)
    assert (report.sent, report.next_at) == ([], NOW + timedelta(minutes=60))
    assert deliver(store, FakeSender(), FREELY, NOW + timedelta(minutes=60)).sent == [1]
    with store.reading() as session:
        told = [entry.about for entry in journal.read(session, actions=("clock-was-wrong",))]
    assert told == ["letter:1", "sending:"]


def test_a_freeze_of_a_clock_a_year_ahead_ends_within_a_day(store: Store) -> None:
    put(store, 1)
    deliver(store, FakeSender(answers=[Sending(Outcome.DAY_QUOTA, "550 MI:STC")]), FREELY, NOW + YEAR)
    assert deliver(store, FakeSender(), FREELY, NOW).next_at == NOW + timedelta(hours=24)
    assert deliver(store, FakeSender(), FREELY, NOW + timedelta(hours=24)).sent == [1]


def test_what_was_sent_a_year_ahead_fills_no_budget(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    budgets = Budgets(3600, 1, 1, 1, 1, 1)
    assert deliver(store, FakeSender(), budgets, NOW + YEAR).sent == [1]
    assert deliver(store, FakeSender(), budgets, NOW).sent == [2]


def test_a_freeze_at_midnight_is_no_wrong_clock(store: Store) -> None:
    midnight = datetime(2026, 5, 29, 0, 1, tzinfo=CHINA)
    put(store, 1)
    deliver(store, FakeSender(answers=[Sending(Outcome.DAY_QUOTA, "550 MI:STC")]), FREELY, midnight)
    deliver(store, FakeSender(), FREELY, midnight)
    with store.reading() as session:
        assert journal.read(session, actions=("clock-was-wrong",)) == ()


def test_after_a_refused_account_a_new_login_is_tried_at_once(store: Store) -> None:
    put(store, 1)
    deliver(store, FakeSender(answers=[Sending(Outcome.ACCOUNT, "535 no")]), FREELY, NOW, login="old")
    assert deliver(store, FakeSender(), FREELY, NOW, login="old").sent == []
    assert deliver(store, FakeSender(), FREELY, NOW, login="new").sent == [1]


def test_a_new_login_lifts_no_stop_that_people_made(store: Store) -> None:
    put(store, 1)
    deliver(store, FakeSender(answers=[Sending(Outcome.ACCOUNT, "535 no")]), FREELY, NOW, login="old")
    sending_state.stop_sending(store, "口径有误", NOW, "王工")
    assert deliver(store, FakeSender(), FREELY, NOW, login="new").blocked == "发信已停止：口径有误"
