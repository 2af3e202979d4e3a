"""One folder that fails stops no other: not one that is refused, not one that breaks the line, not one renamed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.demo.letterbox import JUNK
from flows.steps.alarms.alarms import alarms
from flows.steps.intake.reconcile import reconcile
from flows.transport.ports import FolderRefused, TransportError
from tests.steps.mailbox.conftest import NOW, Office, raw_mail

ADVERTS = "广告邮件"
BUSY = FolderRefused("邮箱服务器 127.0.0.1:1 不让打开文件夹“广告邮件”。")
BREAKS = TransportError("127.0.0.1 在打开文件夹“广告邮件”时断开。")


def keys(office: Office, minutes: int) -> list[tuple[str, str]]:
    return [(alarm.key, alarm.sentence) for alarm in alarms(office.store, NOW + timedelta(minutes=minutes))]


def rename(office: Office, folder: str, to: str) -> None:
    moved = office.box._folders.pop(folder)
    moved.name = to
    office.box._folders[to] = moved


@pytest.mark.parametrize("fault", [BUSY, BREAKS])
def test_the_inbox_goes_on_at_the_usual_pace_while_one_folder_is_refused_all_day(
    office: Office, fault: TransportError
) -> None:
    office.refused = {ADVERTS: fault}
    for number in range(12):
        now = NOW + timedelta(minutes=5 * number)
        office.box.deliver(raw_mail(number), now)
        office.box.deliver(raw_mail(100 + number), now, JUNK)
        report = office.poll(now)
        assert (len(report.stored), report.fault, report.left_out) == (2, "", {ADVERTS: fault.sentence})
    assert keys(office, 60) == [("folders-left-out", fault.sentence)]


def test_a_folder_that_fails_for_a_moment_is_no_alarm_and_is_polled_again(office: Office) -> None:
    office.refused = {ADVERTS: BUSY}
    office.poll()
    assert keys(office, 14) == []
    office.refused = {}
    office.box.deliver(raw_mail(1), NOW, ADVERTS)
    assert len(office.poll(NOW + timedelta(minutes=5)).stored) == 1
    assert keys(office, 19) == []


def test_folders_that_break_the_line_leave_the_inbox_alone_even_where_nothing_new_came(office: Office) -> None:
    office.refused = dict.fromkeys((JUNK, ADVERTS, "病毒邮件", "订阅邮件"), BREAKS)
    for minutes in (0, 5, 10):
        report = office.poll(NOW + timedelta(minutes=minutes))
        assert (report.fault, set(report.left_out)) == ("", set(office.refused))
    assert [key for key, _ in keys(office, 15)] == ["folders-left-out"]


def test_without_the_inbox_a_poll_has_failed_though_the_others_were_polled(office: Office) -> None:
    refused = FolderRefused("邮箱服务器 127.0.0.1:1 不让打开文件夹“INBOX”。")
    office.poll()
    office.refused = {"INBOX": refused}
    office.box.deliver(raw_mail(1), NOW, JUNK)
    report = office.poll(NOW + timedelta(minutes=5))
    assert (len(report.stored), report.fault) == (1, refused.sentence)
    assert keys(office, 16)[0][0] == "mailbox-silent"


def test_a_named_folder_that_was_renamed_is_told_and_the_others_are_polled(office: Office) -> None:
    wanted = ("INBOX", JUNK)
    office.poll(folders=wanted)
    rename(office, JUNK, "已过滤邮件")
    office.box.deliver(raw_mail(1), NOW)
    report = office.poll(NOW + timedelta(minutes=5), folders=wanted)
    assert (len(report.stored), report.fault) == (1, "")
    told = report.left_out[JUNK]
    assert told.startswith(f"邮箱里没有文件夹“{JUNK}”：请改正 ZHENGJI_IMAP_FOLDERS，现有：INBOX、")
    assert told.endswith("；其他文件夹照常收取。")
    assert keys(office, 5) == []
    office.poll(NOW + timedelta(minutes=18), folders=wanted)
    assert keys(office, 20) == [("folders-left-out", told)]


def test_a_junk_folder_that_nobody_named_is_missed_when_it_is_renamed(office: Office) -> None:
    office.poll()
    rename(office, JUNK, "已过滤邮件")
    office.poll(NOW + timedelta(minutes=5))
    report = office.poll(NOW + timedelta(minutes=25))
    assert report.left_out == {
        JUNK: "收过信的文件夹“垃圾邮件”不见了，可能被改名或删除，其中的来信收不到："
        "请在网页邮箱核对；改了名的请写进 ZHENGJI_IMAP_FOLDERS。"
    }
    assert [key for key, _ in keys(office, 25)] == ["folders-left-out"]
    # After a week nobody is told of it any more.
    assert office.poll(NOW + timedelta(days=8)).left_out == {}
    assert keys(office, 8 * 24 * 60) == []


def test_the_proof_goes_on_past_a_folder_that_is_refused_or_renamed(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.box.deliver(raw_mail(2), NOW, "病毒邮件")
    office.box.deliver(raw_mail(3), NOW, "订阅邮件")
    office.poll()
    rename(office, "病毒邮件", "旧病毒")
    office.refused = {ADVERTS: BUSY}
    report = reconcile(office.store, office.connect(), office.call, NOW)
    assert (report.server, report.stored) == (2, 2)
    assert {(gap.folder, gap.uid) for gap in report.gaps} == {("病毒邮件", 0), (ADVERTS, 0)}
    office.refused = {}
    wanted = ("INBOX", "没有")
    assert reconcile(office.store, office.connect(), office.call, NOW, folders=wanted).server == 1
