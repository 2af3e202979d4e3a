from __future__ import annotations

import errno
import hashlib
from datetime import datetime, timedelta

import pytest

from flows.demo.letterbox import JUNK
from flows.steps.intake.folders import folders_to_poll
from flows.steps.intake.poll import PollLimits
from flows.transport.ports import TransportError
from store import journal
from store.blobs.folder import FolderBlobs as Blobs
from store.mails import messages
from tests.steps.mailbox.conftest import CHINA, NOW, Office, raw_mail


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def actions(office: Office) -> list[str]:
    with office.store.reading() as session:
        return [entry.action for entry in journal.read(session)]


def test_a_mail_becomes_a_blob_a_row_and_a_ledger_entry(office: Office) -> None:
    received = datetime(2026, 5, 11, 23, 58, tzinfo=CHINA)
    office.box.deliver(raw_mail(1), received)
    report = office.poll()
    (row,) = office.messages().values()
    assert report.stored == [sha(raw_mail(1))]
    assert office.store.blobs.read(row.sha256) == raw_mail(1)
    assert (row.received, row.fetched, row.folder, row.size) == (received, NOW, "INBOX", len(raw_mail(1)))
    assert (row.message_id, row.received_evidence) == ("<m1@firm.example>", "from a by mx1; Tue, 12 May 2026")
    assert (row.junk, row.before_call, row.state) == (False, False, "stored")
    assert office.ledger() == {("INBOX", 1): "fetched"}


def test_the_second_poll_fetches_nothing(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    report = office.poll(NOW + timedelta(minutes=2))
    assert (report.stored, report.again, office.mailboxes[-1].fetched) == ([], 0, [])


def test_older_mails_come_first_whatever_their_uid(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.box.deliver(raw_mail(2), NOW - timedelta(days=1))
    assert office.poll().stored == [sha(raw_mail(2)), sha(raw_mail(1))]


def test_polling_late_makes_no_mail_late(office: Office) -> None:
    received = datetime(2026, 5, 30, 23, 58, tzinfo=CHINA)
    office.box.deliver(raw_mail(1), received)
    office.poll(datetime(2026, 5, 31, 0, 20, tzinfo=CHINA))
    (row,) = office.messages().values()
    assert office.call.window.contains(row.received)


def test_mail_from_before_the_call_is_imported_and_marked(office: Office) -> None:
    office.box.deliver(raw_mail(1), office.call.window.opens - timedelta(seconds=1))
    office.box.deliver(raw_mail(2), office.call.window.opens)
    office.poll()
    assert {row.message_id: row.before_call for row in office.messages().values()} == {
        "<m1@firm.example>": True,
        "<m2@firm.example>": False,
    }


def test_junk_virus_advert_and_subscription_folders_are_polled_and_marked(office: Office) -> None:
    for number, folder in enumerate((JUNK, "病毒邮件", "广告邮件", "订阅邮件")):
        office.box.deliver(raw_mail(number), NOW, folder)
    assert len(office.poll().stored) == 4
    assert {row.junk for row in office.messages().values()} == {True}


def test_sent_drafts_and_the_bin_are_not_polled(office: Office) -> None:
    for number, folder in enumerate(("已发送", "草稿箱", "已删除")):
        office.box.deliver(raw_mail(number), NOW, folder)
    assert (office.poll().stored, office.ledger()) == ([], {})


def test_the_folders_that_the_settings_name_are_polled_and_no_others(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.box.deliver(raw_mail(2), NOW, JUNK)
    assert office.poll(folders=(JUNK,)).stored == [sha(raw_mail(2))]


def test_a_folder_that_is_named_and_not_there_is_a_fault_with_what_there_is(office: Office) -> None:
    report = office.poll(folders=("申报",))
    assert report.fault.startswith("邮箱里没有文件夹“申报”：请改正 ZHENGJI_IMAP_FOLDERS，现有：INBOX、草稿箱、")


def test_the_same_mail_twice_is_one_message_with_two_places(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.box.deliver(raw_mail(1), NOW + timedelta(minutes=1))
    report = office.poll()
    assert (len(report.stored), report.again, len(office.messages()), len(office.ledger())) == (1, 1, 1, 2)


def test_of_two_copies_the_earlier_receipt_counts_whichever_was_fetched_first(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    earlier = NOW - timedelta(hours=3)
    office.box.deliver(raw_mail(1), earlier, JUNK)
    office.poll()
    (row,) = office.messages().values()
    assert (row.received, row.folder, row.junk) == (earlier, JUNK, False)


def test_the_same_message_id_on_other_bytes_is_another_mail(office: Office) -> None:
    office.box.deliver(raw_mail(1, "first"), NOW)
    office.box.deliver(raw_mail(1, "second"), NOW)
    assert len(office.poll().stored) == 2


def test_a_mail_that_staff_move_out_of_junk_counts_as_confirmed_and_is_examined_again(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW, JUNK)
    office.poll()
    with office.store.transaction() as session:
        leased = messages.lease_next(session, "w", NOW, 60)
        assert leased is not None
        messages.finish(session, leased.sha256, leased.fence)
    office.box.expunge(JUNK, 1)
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    (row,) = office.messages().values()
    assert (row.junk, row.state) == (False, "stored")
    assert "junk-confirmed" in actions(office)


def test_a_mail_that_staff_move_into_junk_stays_what_it_was(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    office.box.expunge("INBOX", 1)
    office.box.deliver(raw_mail(1), NOW, JUNK)
    office.poll()
    (row,) = office.messages().values()
    assert row.junk is False


def test_a_renumbered_folder_is_matched_by_content_and_nothing_is_new(office: Office) -> None:
    for number in range(3):
        office.box.deliver(raw_mail(number), NOW)
    office.poll()
    office.box.reset("INBOX")
    for number in (2, 1, 0, 7):
        office.box.deliver(raw_mail(number), NOW)
    report = office.poll()
    assert (report.stored, report.again) == ([sha(raw_mail(7))], 3)
    assert "folder-renumbered" in actions(office)


@pytest.mark.parametrize("told", [0, 1])
def test_where_uidvalidity_tells_nothing_renumbering_is_seen_by_date_and_size(office: Office, told: int) -> None:
    office.uidvalidity = told
    for number in range(30):
        office.box.deliver(raw_mail(number), NOW + timedelta(minutes=number))
    office.poll()
    office.box.reset("INBOX")
    for number in range(100, 110):
        office.box.deliver(raw_mail(number), NOW + timedelta(days=1, minutes=number))
    report = office.poll(NOW + timedelta(days=2))
    assert set(report.stored) == {sha(raw_mail(number)) for number in range(100, 110)}
    assert len(office.messages()) == 40


def test_where_uidvalidity_tells_nothing_an_unchanged_folder_costs_one_look_and_no_fetch(office: Office) -> None:
    office.uidvalidity = 0
    for number in range(30):
        office.box.deliver(raw_mail(number), NOW)
    office.poll()
    office.poll()
    assert office.mailboxes[-1].fetched == []


def test_a_mail_that_vanishes_before_its_fetch_is_written_down_as_vanished(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.box.deliver(raw_mail(2), NOW + timedelta(minutes=1))
    opened = office.connect()
    opened.before_fetch = lambda uid: office.box.expunge("INBOX", 2) if uid == 1 else None
    office.connect = lambda: opened  # type: ignore[method-assign]
    report = office.poll()
    assert (report.stored, report.vanished) == ([sha(raw_mail(1))], 1)
    assert office.ledger() == {("INBOX", 1): "fetched", ("INBOX", 2): "vanished"}


def test_a_mail_that_breaks_the_line_is_put_off_and_the_others_go_first(office: Office) -> None:
    for number in range(5):
        office.box.deliver(raw_mail(number), NOW + timedelta(minutes=number))
    office.break_at = [2]
    report = office.poll()
    assert (len(report.stored), report.failed, report.fault) == (4, 1, "")
    assert office.ledger()[("INBOX", 2)] == "failed"
    # Not due yet; then it is.
    assert office.poll(NOW + timedelta(seconds=30)).stored == []
    assert office.poll(NOW + timedelta(minutes=2)).stored == [sha(raw_mail(1))]


def test_one_poison_among_forty_costs_only_itself(office: Office) -> None:
    for number in range(40):
        office.box.deliver(raw_mail(number), NOW + timedelta(minutes=number))
    office.break_at = [20] * 20
    now = NOW
    for _ in range(10):
        office.poll(now)
        now += timedelta(minutes=20)
    assert len(office.messages()) == 39
    assert office.ledger()[("INBOX", 20)] == "given-up"
    assert "mail-given-up" in actions(office)


def test_a_half_fetched_mail_leaves_no_file_behind(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.break_at = [1]
    office.poll()
    assert list((office.store.home / "incoming").iterdir()) == []


def test_when_the_line_stays_down_no_mail_is_blamed_and_polls_pause_longer_and_longer(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    down = TransportError("127.0.0.1 拒绝连接。")
    now, pauses = NOW, []
    for _ in range(7):
        office.refusals = [down]
        report = office.poll(now)
        assert report.next_try is not None
        pauses.append((report.next_try - now).total_seconds() / 60)
        assert office.poll(now + timedelta(seconds=30)).next_try == report.next_try
        now = report.next_try
    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    assert office.poll(now).stored == [sha(raw_mail(1))]


def test_after_a_refused_login_the_next_try_waits_a_quarter_of_an_hour(office: Office) -> None:
    office.refusals = [TransportError("授权码不对。", permanent=True)]
    assert office.poll().next_try == NOW + timedelta(minutes=15)


def test_a_poll_by_hand_does_not_wait(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.refusals = [TransportError("断了。")]
    office.poll()
    assert len(office.poll(force=True).stored) == 1


def test_a_mail_above_the_limit_is_left_to_staff(office: Office) -> None:
    office.box.deliver(raw_mail(1, "x" * 2_000), NOW)
    office.box.deliver(raw_mail(2), NOW)
    report = office.poll(limits=PollLimits(largest=1_000))
    assert (report.stored, report.given_up) == ([sha(raw_mail(2))], 1)


def test_two_polls_at_once_take_each_mail_once(office: Office) -> None:
    for number in range(6):
        office.box.deliver(raw_mail(number), NOW + timedelta(minutes=number))
    other_ran = []

    def in_the_middle(name: str) -> None:
        if name == "intake:after-blob" and not other_ran:
            other_ran.append(True)
            office.poll()

    office.poll(checkpoint=in_the_middle)
    assert (len(office.messages()), len(office.ledger())) == (6, 6)
    assert actions(office).count("mail-stored") == 6


def test_nothing_is_ever_changed_on_the_server(office: Office) -> None:
    for number in range(3):
        office.box.deliver(raw_mail(number), NOW, JUNK if number else "INBOX")
    before = [(folder.name, dict(folder.mails)) for folder in office.box.folders()]
    office.poll()
    assert [(folder.name, dict(folder.mails)) for folder in office.box.folders()] == before


def test_every_connection_is_closed(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.break_at = [1]
    office.poll()
    assert [mailbox.closed for mailbox in office.mailboxes] == [True, True]


def test_the_inbox_goes_first(office: Office) -> None:
    assert folders_to_poll(office.connect().folders())[0].name == "INBOX"


def test_a_full_disk_is_named_blames_no_mail_and_loses_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.box.deliver(raw_mail(1), NOW)

    def full(_self: Blobs, _data: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Blobs, "put", full)
        report = office.poll()
    cure = "请检查磁盘空间和文件夹权限，来信都还在邮箱里"
    assert report.fault == f"写不进数据文件夹 {office.store.home}（No space left on device）：{cure}。"
    assert office.ledger() == {}
    assert office.poll(NOW + timedelta(minutes=1)).stored == [sha(raw_mail(1))]
