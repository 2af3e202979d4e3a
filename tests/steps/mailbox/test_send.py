from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest

from flows.replies.budget import Budgets
from flows.steps.deliver import sending_state
from flows.steps.deliver.send import DeliverReport, deliver
from flows.steps.screens.preview import held_letters
from flows.transport.ports import Outcome, Sending
from store import journal
from store.engine import Store
from store.letters import outbox
from store.letters.outbox import LetterMoved
from store.tables import LetterRow
from tests.contract.fake import FakeSender
from tests.frozen_letters import bytes_of
from tests.steps.mailbox.conftest import CHINA, NOW

FREELY = Budgets(0, 1000, 1000, 1000, 1000, 1000)


def put(store: Store, number: int, **changes: object) -> int | None:
    values: dict[str, object] = {
        "subject_key": f"message:{number}",
        "kind": "received",
        "state_key": "1",
        "raw": f"Message-ID: <zj{number}@163.example>\r\n\r\nhello {number}\r\n".encode(),
        "message_id": f"<zj{number}@163.example>",
        "to_address": f"a{number}@firm.example",
        "now": NOW,
    }
    with store.transaction() as session:
        row = outbox.queue(session, **(values | changes))  # type: ignore[arg-type]
    return row and row.id


def letter(store: Store, number: int) -> LetterRow:
    with store.reading() as session:
        row = session.get(LetterRow, number)
    assert row is not None
    return row


def states(store: Store) -> list[str]:
    with store.reading() as session:
        rows = outbox.in_state(
            session, "held", "queued", "sending", "sent", "failed", "bounced", "unknown", "cancelled", "shadow"
        )
    return [row.state for row in sorted(rows, key=lambda row: row.id or 0)]


def to(sender: FakeSender) -> list[str]:
    return [recipient.partition("@")[0] for recipient, _ in sender.taken]


def test_a_letter_goes_out_with_its_frozen_bytes_and_its_receipt_is_kept(store: Store) -> None:
    put(store, 1)
    sender = FakeSender(answers=[Sending(Outcome.ACCEPTED, "250 Mail OK queued as smtp11,abc", "smtp11,abc")])
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(sent=[1])
    row = letter(store, 1)
    assert sender.taken == [("a1@firm.example", bytes_of(store, row))]
    assert (row.state, row.sent, row.queue_id, row.claim) == ("sent", NOW, "smtp11,abc", "")
    with store.reading() as session:
        (said,) = journal.read(session, "letter:1")
    assert said.sentence == "已被发信服务器接收：250 Mail OK queued as smtp11,abc"


def test_the_same_state_of_the_same_matter_is_told_once(store: Store) -> None:
    assert put(store, 1) == 1
    assert put(store, 1, message_id="<other@163.example>", raw=b"other") is None
    assert put(store, 1, state_key="2", message_id="<zj1b@163.example>") == 2
    assert put(store, 1, kind="deficient", message_id="<zj1c@163.example>") == 3


def test_a_second_run_sends_nothing(store: Store) -> None:
    put(store, 1)
    sender = FakeSender()
    deliver(store, sender, FREELY, NOW)
    assert deliver(store, sender, FREELY, NOW) == DeliverReport()
    assert len(sender.taken) == 1


def test_receipts_go_before_deficiencies_before_digests(store: Store) -> None:
    put(store, 1, priority=80, kind="digest")
    put(store, 2, priority=30, kind="deficient")
    put(store, 3, priority=10)
    sender = FakeSender()
    deliver(store, sender, FREELY, NOW)
    assert to(sender) == ["a3", "a2", "a1"]


def test_held_shadow_and_later_letters_do_not_go(store: Store) -> None:
    put(store, 1, state="held")
    put(store, 2, state="shadow")
    put(store, 3, not_before=NOW + timedelta(minutes=5))
    sender = FakeSender()
    deliver(store, sender, FREELY, NOW)
    assert sender.taken == []
    deliver(store, sender, FREELY, NOW + timedelta(minutes=5))
    assert to(sender) == ["a3"]


def test_without_waiting_a_run_ends_at_the_empty_bucket_and_says_when_to_come_back(store: Store) -> None:
    for number in (1, 2):
        put(store, number)
    report = deliver(store, FakeSender(), Budgets(), NOW)
    assert (report.sent, report.next_at) == ([1], NOW + timedelta(seconds=20))
    assert report.blocked == "发信限额暂时用完，05月12日 09:00:20 后继续。"


def test_with_waiting_a_run_keeps_the_distance(store: Store) -> None:
    for number in (1, 2, 3):
        put(store, number)
    clock, waits = [NOW], []

    def wait(seconds: float) -> datetime:
        waits.append(seconds)
        clock[0] += timedelta(seconds=seconds)
        return clock[0]

    assert deliver(store, FakeSender(), Budgets(), NOW, wait=wait).sent == [1, 2, 3]
    assert waits == [20, 20]


def test_a_run_does_not_wait_for_the_quarter_of_an_hour_to_pass(store: Store) -> None:
    for number in (1, 2, 3):
        put(store, number)
    report = deliver(store, FakeSender(), Budgets(0, 2, 90, 3, 10, 2), NOW, wait=lambda _seconds: NOW)
    assert (report.sent, report.next_at) == ([1, 2], NOW + timedelta(minutes=15))


def test_the_bucket_survives_a_restart(store: Store) -> None:
    for number in range(1, 12):
        put(store, number)
    budgets = Budgets(0, 8, 90, 3, 10, 2)
    assert len(deliver(store, FakeSender(), budgets, NOW).sent) == 8
    # Another process, another day's worth of memory: the count is in the rows.
    again = deliver(store, FakeSender(), budgets, NOW + timedelta(minutes=14))
    assert (again.sent, again.next_at) == ([], NOW + timedelta(minutes=15))
    assert len(deliver(store, FakeSender(), budgets, NOW + timedelta(minutes=15)).sent) == 3


def test_the_fourth_letter_to_an_address_in_a_day_waits_for_staff_and_the_rest_go(store: Store) -> None:
    for number in range(1, 5):
        put(store, number, to_address="loop@firm.example")
    put(store, 5)
    report = deliver(store, FakeSender(), Budgets(0, 30, 90, 3, 10, 2), NOW)
    assert (report.sent, report.held) == ([1, 2, 3, 5], [4])
    assert letter(store, 4).state_reason.startswith("loop@firm.example 在24小时内已收到 3 封回信")


def test_what_staff_release_goes_whatever_the_budget_of_the_address(store: Store) -> None:
    for number in range(1, 5):
        put(store, number, to_address="loop@firm.example")
    budgets = Budgets(0, 30, 90, 3, 10, 2)
    deliver(store, FakeSender(), budgets, NOW)
    with store.transaction() as session:
        outbox.release(session, 4, "电话确认过", NOW, "王工")
    assert deliver(store, FakeSender(), budgets, NOW).sent == [4]


def test_digests_to_staff_are_not_held_by_the_budget_of_an_address(store: Store) -> None:
    for number in range(1, 6):
        put(store, number, to_address="staff@office.example", kind="digest")
    assert len(deliver(store, FakeSender(), Budgets(0, 30, 90, 3, 10, 2), NOW).sent) == 5


REFUSED = [
    (Outcome.CONTENT, "554 DT:SPM", "内容被服务器拒收，同样的文字不能再发，请经办处理：554 DT:SPM"),
    (Outcome.RECIPIENT, "550 Invalid User", "收件地址被拒，请经办电话核对：550 Invalid User"),
    (Outcome.MESSAGE, "552 Illegal Attachment", "邮件格式被服务器拒收，请报告给维护人员：552 Illegal Attachment"),
]


@pytest.mark.parametrize(("outcome", "answer", "reason"), REFUSED)
def test_what_is_refused_for_good_is_never_sent_again_and_the_next_letter_goes(
    store: Store, outcome: Outcome, answer: str, reason: str
) -> None:
    put(store, 1)
    put(store, 2)
    sender = FakeSender(answers=[Sending(outcome, answer)])
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(sent=[2], failed=[1])
    deliver(store, sender, FREELY, NOW + timedelta(days=3))
    assert sender.attempts == ["a1@firm.example", "a2@firm.example"]
    assert (letter(store, 1).state, letter(store, 1).state_reason) == ("failed", reason)


def test_a_throttle_pauses_everything_longer_each_time(store: Store) -> None:
    put(store, 1)
    sender = FakeSender(answers=[Sending(Outcome.THROTTLE, "451 MI:SFQ")] * 4)
    now, pauses = NOW, []
    for _ in range(4):
        report = deliver(store, sender, FREELY, now)
        assert (report.later, report.next_at is None) == ([1], False)
        assert report.next_at is not None
        pauses.append((report.next_at - now).total_seconds() / 60)
        assert deliver(store, sender, FREELY, now + timedelta(seconds=60)).sent == []
        now = report.next_at
    assert pauses == [2, 15, 60, 60]
    assert deliver(store, sender, FREELY, now).sent == [1]
    # A letter accepted forgets the throttles before it.
    put(store, 3)
    again = deliver(store, FakeSender(answers=[Sending(Outcome.THROTTLE, "451 MI:SFQ")]), FREELY, now)
    assert again.next_at == now + timedelta(minutes=2)


def test_a_letter_that_is_throttled_twice_lets_the_others_go_first(store: Store) -> None:
    put(store, 1)
    sender, now = FakeSender(answers=[Sending(Outcome.THROTTLE, "451 local error")] * 2), NOW
    for _ in range(2):
        now = deliver(store, sender, FREELY, now).next_at or now
    put(store, 2)
    put(store, 3)
    assert (deliver(store, sender, FREELY, now).sent, now - NOW) == ([2, 3, 1], timedelta(minutes=17))


def test_a_letter_that_is_throttled_for_ever_goes_to_staff(store: Store) -> None:
    put(store, 1)
    sender, now = FakeSender(answers=[Sending(Outcome.THROTTLE, "451 DT:SPM")] * 50), NOW
    for _ in range(12):
        deliver(store, sender, FREELY, now)
        now += timedelta(hours=2)
    assert letter(store, 1).state == "held"
    assert letter(store, 1).state_reason == "试了 12 次，服务器一直要求稍后再发，请经办处理：451 DT:SPM"


def test_the_days_quota_freezes_everything_until_ten_past_midnight_in_beijing(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    sender = FakeSender(answers=[Sending(Outcome.DAY_QUOTA, "550 MI:STC")])
    evening = datetime(2026, 5, 29, 21, 0, tzinfo=CHINA)
    report = deliver(store, sender, FREELY, evening)
    assert report.next_at == datetime(2026, 5, 30, 0, 10, tzinfo=CHINA)
    assert report.blocked == "今日发信限额已用完，05月30日 00:10:00 后自动继续。"
    assert deliver(store, sender, FREELY, datetime(2026, 5, 30, 0, 9, 59, tzinfo=CHINA)).sent == []
    assert deliver(store, sender, FREELY, datetime(2026, 5, 30, 0, 10, tzinfo=CHINA)).sent == [1, 2]


def test_a_refused_account_stops_all_sending_until_staff_start_it_again(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    sender = FakeSender(answers=[Sending(Outcome.ACCOUNT, "550 User has no permission")])
    report = deliver(store, sender, FREELY, NOW)
    assert (report.later, states(store)) == ([1], ["queued", "queued"])
    assert deliver(store, sender, FREELY, NOW + timedelta(days=2)).sent == []
    sending_state.start_sending(store, "授权码换好了", NOW + timedelta(days=2), "王工")
    assert deliver(store, sender, FREELY, NOW + timedelta(days=2)).sent == [1, 2]


def test_the_emergency_stop_leaves_everything_queued(store: Store) -> None:
    put(store, 1)
    sending_state.stop_sending(store, "口径有误", NOW, "王工")
    report = deliver(store, FakeSender(), FREELY, NOW)
    assert (report.sent, report.blocked, states(store)) == ([], "发信已停止：口径有误", ["queued"])


def test_an_unreachable_server_costs_no_budget_and_no_letter(store: Store) -> None:
    put(store, 1)
    sender = FakeSender(answers=[Sending(Outcome.UNREACHABLE, "拒绝连接")])
    report = deliver(store, sender, FREELY, NOW)
    assert (report.later, report.next_at) == ([1], NOW + timedelta(minutes=2))
    with store.reading() as session:
        assert outbox.sends(session, NOW - timedelta(days=1)) == ()
    assert deliver(store, sender, FREELY, NOW + timedelta(minutes=2)).sent == [1]


def test_a_lost_answer_leaves_the_letter_in_doubt_and_it_is_not_sent_again(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    sender = FakeSender(answers=[Sending(Outcome.LOST, "断开")])
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(sent=[2], unknown=[1])
    deliver(store, sender, FREELY, NOW + timedelta(days=1))
    assert sender.attempts == ["a1@firm.example", "a2@firm.example"]


def test_a_sender_that_died_in_the_middle_leaves_its_letter_in_doubt(store: Store) -> None:
    put(store, 1)
    child = os.fork()
    if child == 0:

        def die(name: str) -> None:
            if name == "send:after-claim":
                os._exit(0)

        deliver(store, FakeSender(), FREELY, NOW, checkpoint=die)
    os.waitpid(child, 0)
    assert states(store) == ["sending"]
    # The dead process's lease is no obstacle: another one may send at once.
    sender = FakeSender()
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(unknown=[1])
    assert (sender.taken, letter(store, 1).state) == ([], "unknown")


def test_while_one_process_sends_another_does_not(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    seen: list[DeliverReport] = []

    def second(name: str) -> None:
        if name == "send:after-claim" and not seen:
            seen.append(deliver(store, FakeSender(), FREELY, NOW, owner="another-machine|1|1"))

    report = deliver(store, FakeSender(), FREELY, NOW, checkpoint=second)
    assert report.sent == [1, 2]
    assert seen == [DeliverReport(blocked="另一个进程正在发信，本次不发。")]


def test_a_letter_is_claimed_once(store: Store) -> None:
    put(store, 1)
    with store.transaction() as session:
        assert outbox.claim(session, 1, "one", NOW)
        assert not outbox.claim(session, 1, "other", NOW)
    with pytest.raises(LetterMoved), store.transaction() as session:
        outbox.settle(session, 1, "other", NOW, state="sent", outcome="accepted")


def test_a_letter_that_has_not_left_can_be_cancelled_and_one_that_has_cannot(store: Store) -> None:
    put(store, 1)
    put(store, 2)
    deliver(store, FakeSender(), Budgets(), NOW)
    with store.transaction() as session:
        assert not outbox.cancel(session, 1, "已有更新的状态。", NOW)
        assert outbox.cancel(session, 2, "已有更新的状态。", NOW)
    assert states(store) == ["sent", "cancelled"]
    assert deliver(store, FakeSender(), FREELY, NOW + timedelta(days=1)).sent == []


def test_a_letter_whose_bytes_are_damaged_waits_for_staff_and_the_others_go(store: Store) -> None:
    for number in (1, 2):
        put(store, number)
    path = store.blobs.path(letter(store, 1).frame_sha256)
    kept = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"something else")
    sender = FakeSender()
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(held=[1], sent=[2])
    assert to(sender) == ["a2"]
    assert letter(store, 1).state_reason.endswith("已损坏，请从备份恢复原件库后重试。")
    (seen,) = held_letters(store)
    assert seen.letter.text == letter(store, 1).state_reason
    path.write_bytes(kept)
    with store.transaction() as session:
        outbox.release(session, 1, "原件库已恢复", NOW, "王工")
    assert deliver(store, sender, FREELY, NOW + timedelta(minutes=1)).sent == [1]
    assert sender.taken[-1] == ("a1@firm.example", kept)


def test_what_staff_rewrite_keeps_its_id_and_waits_for_release(store: Store) -> None:
    put(store, 1)
    with store.transaction() as session:
        outbox.edit(session, 1, raw=b"new", subject="新题", reason="措辞", now=NOW, actor="王工")
    row = letter(store, 1)
    assert (bytes_of(store, row), row.state, row.message_id) == (b"new", "held", "<zj1@163.example>")
    with store.transaction() as session:
        assert outbox.cancel(session, 1, "不发了", NOW)
    with store.transaction() as session, pytest.raises(LetterMoved, match=r"回信 1 的状态是 cancelled，不能这样处理"):
        outbox.release(session, 1, "放行", NOW, "王工")


def test_nothing_personal_of_the_letter_reaches_the_journal_but_the_answer(store: Store) -> None:
    put(store, 1, to_name="张三")
    deliver(store, FakeSender(answers=[Sending(Outcome.CONTENT, "554 DT:SPM")]), FREELY, NOW)
    with store.reading() as session:
        written = " ".join(entry.sentence for entry in journal.read(session))
    assert "554 DT:SPM" in written
    assert "张三" not in written
    assert "hello 1" not in written


def test_a_run_that_broke_off_inside_this_process_leaves_its_letter_in_doubt_and_no_lease_behind(store: Store) -> None:
    put(store, 1)

    def breaks(name: str) -> None:
        if name == "send:after-answer":
            raise RuntimeError(name)

    with pytest.raises(RuntimeError):
        deliver(store, FakeSender(), FREELY, NOW, checkpoint=breaks)
    sender = FakeSender()
    assert deliver(store, sender, FREELY, NOW) == DeliverReport(unknown=[1])
    assert sender.taken == []


def test_two_runs_in_one_process_do_not_send_at_once(store: Store) -> None:
    put(store, 1)
    seen: list[str] = []

    def second(name: str) -> None:
        if name == "send:after-claim" and not seen:
            seen.append(deliver(store, FakeSender(), FREELY, NOW).blocked)

    assert deliver(store, FakeSender(), FREELY, NOW, checkpoint=second).sent == [1]
    assert seen == ["另一个进程正在发信，本次不发。"]
