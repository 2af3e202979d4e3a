"""Letters in doubt, drafts, bounces, the daily proof and the alarms."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.load import CALLS
from config.settings import load_settings
from flows.demo.letterbox import DRAFTS, SENT
from flows.demo.servers import demo_servers
from flows.steps.alarms.alarms import Alarm, alarms
from flows.steps.answer.bounces import tie_bounce
from flows.steps.deliver import sending_state
from flows.steps.deliver.drafts import deliver_drafts
from flows.steps.deliver.send import deliver
from flows.steps.deliver.sent_copies import UnknownReport, copy_statistic, reconcile_unknown
from flows.steps.dry_run.doctor import examine_surroundings
from flows.steps.intake.reconcile import Gap, reconcile
from flows.transport.ports import Outcome, Sending, TransportError
from parsers.facts.mails import Bounce
from store.engine import Store
from tests.contract.fake import FakeMailbox, FakeSender
from tests.frozen_letters import bytes_of
from tests.steps.mailbox.conftest import CHINA, NOW, Office, raw_mail
from tests.steps.mailbox.test_send import FREELY, letter, put, states

LATER = NOW + timedelta(minutes=11)
LOST = Sending(Outcome.LOST, "断开")


def as_netease(raw: bytes) -> bytes:
    return raw


def as_qq(raw: bytes) -> bytes:
    """QQ gives a Message-ID of its own and keeps ours aside."""
    return raw.replace(b"Message-ID: ", b"Message-ID: <tencent_AB@qq.com>\r\nX-OQ-MSGID: ")


def as_rewriter(raw: bytes) -> bytes:
    """Some provider drops ours altogether; X-Zhengji-ID is left."""
    identity = raw.partition(b"<")[2].partition(b">")[0]
    return b"Message-ID: <other@provider>\r\nX-Zhengji-ID: zj-12ab/" + identity + b"\r\n\r\nx\r\n"


def save_copies(office: Office, sender: FakeSender, change: Callable[[bytes], bytes] = as_netease) -> None:
    for _, raw in sender.taken:
        office.box.deliver(change(raw), NOW, SENT)
    sender.taken.clear()


@pytest.fixture
def proved(office: Office) -> Office:
    """An office whose provider has shown that it saves copies."""
    sender = FakeSender()
    for number in (1, 2, 3):
        put(office.store, number)
    deliver(office.store, sender, FREELY, NOW - timedelta(hours=1))
    save_copies(office, sender)
    reconcile_unknown(office.store, office.connect(), NOW)
    with office.store.reading() as session:
        assert copy_statistic(session).proved
    return office


@pytest.mark.parametrize("change", [as_netease, as_qq, as_rewriter])
def test_a_letter_whose_copy_lies_in_sent_went_out_however_the_id_was_rewritten(
    office: Office, change: Callable[[bytes], bytes]
) -> None:
    put(office.store, 7)
    sender = FakeSender(answers=[LOST])
    deliver(office.store, sender, FREELY, NOW)
    save_copies(office, sender, change)
    assert reconcile_unknown(office.store, office.connect(), LATER) == UnknownReport(sent=[1])
    assert (letter(office.store, 1).state, letter(office.store, 1).sent) == ("sent", NOW)


def test_before_the_wait_is_over_nothing_is_decided(proved: Office) -> None:
    number = put(proved.store, 7)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, NOW)
    report = reconcile_unknown(proved.store, proved.connect(), NOW + timedelta(minutes=9))
    assert (report, letter(proved.store, 4).state) == (UnknownReport(waiting=[number or 0]), "unknown")


def test_where_copies_are_proved_a_letter_without_one_is_sent_once_more_with_the_same_bytes(proved: Office) -> None:
    put(proved.store, 7)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, NOW)
    assert reconcile_unknown(proved.store, proved.connect(), LATER) == UnknownReport(again=[4])
    sender = FakeSender()
    deliver(proved.store, sender, FREELY, LATER)
    assert sender.taken == [("a7@firm.example", bytes_of(proved.store, letter(proved.store, 4)))]


def test_a_letter_in_doubt_for_the_second_time_goes_to_staff(proved: Office) -> None:
    put(proved.store, 7)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, NOW)
    reconcile_unknown(proved.store, proved.connect(), LATER)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, LATER)
    again = reconcile_unknown(proved.store, proved.connect(), LATER + timedelta(minutes=11))
    assert (again, letter(proved.store, 4).state) == (UnknownReport(held=[4]), "held")


def test_where_copies_are_not_proved_a_letter_in_doubt_goes_to_staff(office: Office) -> None:
    put(office.store, 7)
    deliver(office.store, FakeSender(answers=[LOST]), FREELY, NOW)
    assert reconcile_unknown(office.store, office.connect(), LATER) == UnknownReport(held=[1])
    told = "无法证明这封回信是否已发出，请经办到已发送中核对或电话询问后处理。"
    assert letter(office.store, 1).state_reason == told


def test_one_missing_copy_ends_the_proof(proved: Office) -> None:
    put(proved.store, 7)
    deliver(proved.store, FakeSender(), FREELY, NOW)
    reconcile_unknown(proved.store, proved.connect(), LATER)
    put(proved.store, 8)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, LATER)
    assert reconcile_unknown(proved.store, proved.connect(), LATER + timedelta(hours=1)).held == [5]


def test_with_nothing_in_doubt_the_mailbox_is_not_even_opened(proved: Office) -> None:
    mailbox = FakeMailbox(proved.box, dead=True)
    assert reconcile_unknown(proved.store, mailbox, LATER) == UnknownReport()


def test_a_mailbox_that_fails_decides_nothing(proved: Office) -> None:
    put(proved.store, 7)
    deliver(proved.store, FakeSender(answers=[LOST]), FREELY, NOW)
    with pytest.raises(TransportError):
        reconcile_unknown(proved.store, FakeMailbox(proved.box, dead=True), LATER)
    assert letter(proved.store, 4).state == "unknown"


# Drafts


def test_in_drafts_mode_each_letter_lies_in_the_drafts_folder_once(office: Office) -> None:
    put(office.store, 1)
    put(office.store, 2, priority=10)
    first = deliver_drafts(office.store, office.connect(), NOW)
    assert deliver_drafts(office.store, office.connect(), NOW).drafted == []
    assert first.drafted == [2, 1]
    assert [mail.raw for mail in office.box.mails(DRAFTS)] == [
        bytes_of(office.store, letter(office.store, n)) for n in (2, 1)
    ]


def test_a_draft_whose_append_broke_off_is_looked_for_before_it_is_written_again(office: Office) -> None:
    put(office.store, 1)
    put(office.store, 2)
    mailbox = office.connect()
    whole = mailbox.append_draft

    def breaks_after_the_first(folder: str, raw: bytes, at: datetime) -> None:
        if not office.box.mails(DRAFTS):
            whole(folder, raw, at)
        raise TransportError("断了。")

    mailbox.append_draft = breaks_after_the_first  # type: ignore[method-assign]
    assert deliver_drafts(office.store, mailbox, NOW).blocked == "断了。"
    assert deliver_drafts(office.store, office.connect(), NOW).drafted == [1, 2]
    assert len(office.box.mails(DRAFTS)) == 2


# Bounces


def test_a_bounce_is_tied_to_its_letter_and_staff_are_told_to_ring_up(office: Office) -> None:
    put(office.store, 1)
    deliver(office.store, FakeSender(), FREELY, NOW)
    bounce = Bounce("a1@firm.example", "zj1@163.example", "5.1.1", "User unknown")
    with office.store.transaction() as session:
        assert tie_bounce(session, bounce, "abc", NOW) == 1
    row = letter(office.store, 1)
    assert (row.state, row.state_reason) == (
        "bounced",
        "回执未送达（a1@firm.example），请电话联系：5.1.1 User unknown",
    )


def test_a_passing_failure_is_written_down_and_changes_nothing(office: Office) -> None:
    put(office.store, 1)
    deliver(office.store, FakeSender(), FREELY, NOW)
    bounce = Bounce("a1@firm.example", "<zj1@163.example>", "4.2.2", permanent=False)
    with office.store.transaction() as session:
        assert tie_bounce(session, bounce, "abc", NOW) == 1
    assert letter(office.store, 1).state == "sent"


def test_a_bounce_about_a_letter_of_somebody_else_is_tied_to_nothing(office: Office) -> None:
    put(office.store, 1)
    with office.store.transaction() as session:
        assert tie_bounce(session, Bounce("x@y.cn", "<other@firm.example>"), "abc", NOW) is None
        assert tie_bounce(session, Bounce("x@y.cn", ""), "abc", NOW) is None
    assert states(office.store) == ["queued"]


# The daily proof


def gaps(office: Office, now: datetime = NOW) -> list[Gap]:
    return reconcile(office.store, office.connect(), office.call, now).gaps


def test_where_server_and_ledger_agree_the_proof_says_so(office: Office) -> None:
    for number in range(5):
        office.box.deliver(raw_mail(number), NOW)
    office.poll()
    report = reconcile(office.store, office.connect(), office.call, NOW)
    assert report.sentence == "对账：邮箱 5 封 = 入库 5 封，无缺口。"


def test_a_mail_that_was_not_taken_in_is_named_with_its_moment(office: Office) -> None:
    office.poll()
    office.box.deliver(raw_mail(1), datetime(2026, 5, 30, 23, 58, 1, tzinfo=CHINA))
    size = len(raw_mail(1))
    assert gaps(office) == [Gap("INBOX", 1, "2026-05-30 23:58:01", size, "还没有收到库里，下次收信时收取")]


def test_a_server_that_hides_older_mails_is_found_out(office: Office) -> None:
    for number in range(3):
        office.box.deliver(raw_mail(number), NOW)
    mailbox = office.connect()
    mailbox.newest_only = 2
    report = reconcile(office.store, mailbox, office.call, NOW)
    assert (report.server, report.stored) == (3, 0)
    assert report.gaps[0] == Gap(
        "INBOX", 0, "", 0, "服务器说有 3 封却只列出 2 封：请在网页邮箱把“收取最近邮件”设为全部"
    )


def test_a_blob_that_is_gone_is_named_and_fetched_again(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    (sha256,) = office.poll().stored
    office.store.blobs.path(sha256).unlink()
    assert [gap.reason for gap in gaps(office)] == ["登记在册但原件不在库里"]
    assert office.poll().again == 1
    assert office.store.blobs.verify(sha256)
    assert gaps(office) == []


def test_a_uid_that_now_means_another_mail_is_named_and_fetched_again(office: Office) -> None:
    office.uidvalidity = 1
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    office.box.reset("INBOX")
    office.box.deliver(raw_mail(2), NOW + timedelta(hours=1))
    assert [gap.reason for gap in gaps(office)] == ["这个 UID 现在是另一封邮件"]
    assert len(office.poll().stored) == 1
    assert gaps(office) == []


def test_a_mail_that_was_given_up_is_named_and_tried_again(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.break_at = [1] * 6
    for minutes in range(0, 200, 20):
        office.poll(NOW + timedelta(minutes=minutes))
    assert office.ledger() == {("INBOX", 1): "given-up"}
    assert gaps(office)[0].reason.startswith("收取失败 6 次：")
    assert len(office.poll(NOW + timedelta(hours=5)).stored) == 1


def test_mails_that_staff_moved_on_after_we_took_them_are_no_gap(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW)
    office.poll()
    office.box.expunge("INBOX", 1)
    office.box.deliver(raw_mail(1), NOW, "已删除")
    report = reconcile(office.store, office.connect(), office.call, NOW)
    assert (report.gaps, report.moved_on) == ([], 1)


def test_a_mail_that_was_moved_away_before_we_saw_it_is_named(office: Office) -> None:
    office.box.deliver(raw_mail(1), NOW, "已删除")
    office.box.deliver(raw_mail(2), office.call.window.opens - timedelta(days=1), "已删除")
    (gap,) = gaps(office)
    assert (gap.folder, gap.uid, gap.reason) == ("已删除", 1, "在不收取的文件夹里，库里没有：若是来信请移回收件箱")


# Alarms


def keys(store: Store, now: datetime) -> list[str]:
    return [alarm.key for alarm in alarms(store, now)]


def test_a_mailbox_that_was_not_polled_for_a_quarter_of_an_hour_is_an_alarm(office: Office) -> None:
    office.poll()
    assert keys(office.store, NOW + timedelta(minutes=14, seconds=59)) == []
    office.refusals = [TransportError("邮箱服务器 imap.163.com:993 拒绝登录。", permanent=True)]
    office.poll(NOW + timedelta(minutes=2))
    assert alarms(office.store, NOW + timedelta(minutes=15)) == (
        Alarm("mailbox-silent", "收信中断", "已有 15 分钟没有成功收信。邮箱服务器 imap.163.com:993 拒绝登录。", NOW),
    )
    office.poll(NOW + timedelta(minutes=20))
    assert keys(office.store, NOW + timedelta(minutes=21)) == []


def test_an_installation_that_never_polled_is_silent_from_the_first_look(store: Store) -> None:
    assert keys(store, NOW) == []
    assert keys(store, NOW + timedelta(minutes=15)) == ["mailbox-silent"]


def test_stopped_sending_and_old_doubts_are_alarms(office: Office) -> None:
    put(office.store, 1)
    deliver(office.store, FakeSender(answers=[LOST]), FREELY, NOW)
    sending_state.stop_sending(office.store, "口径有误", NOW, "王工")
    now = NOW + timedelta(hours=2)
    office.poll(now)
    assert keys(office.store, now) == ["sending-stopped", "letters-unknown"]


# The doctor


def test_the_doctor_finds_all_well_and_changes_nothing(tmp_path: Path) -> None:
    with demo_servers() as servers:
        servers.letterbox.deliver(raw_mail(1), NOW)
        settings = load_settings(settings_for(servers.imap_port, servers.smtp_port, servers.password, tmp_path))
        checks = {check.name: check for check in examine_surroundings(settings)}
        letters, box = list(servers.letters), [len(folder.mails) for folder in servers.letterbox.folders()]
    assert [name for name, check in checks.items() if check.ok is False] == []
    assert checks["读信"].sentence == (
        f"最新一封（UID 1）声明 {len(raw_mail(1))} 字节，读到 {len(raw_mail(1))} 字节，没有改动已读标记。"
    )
    assert (letters, sum(box), list(tmp_path.iterdir())) == ([], 1, [])


def test_the_doctor_names_a_wrong_authorisation_code_on_both_sides(tmp_path: Path) -> None:
    with demo_servers() as servers:
        settings = load_settings(settings_for(servers.imap_port, servers.smtp_port, "wrong", tmp_path))
        broken = {check.name: check.sentence for check in examine_surroundings(settings) if check.ok is False}
    assert set(broken) == {"收信登录", "发信登录"}
    assert all("密码不对或已失效：请核对用户名和密码" in sentence for sentence in broken.values())


def test_the_doctor_names_a_letter_whose_bytes_are_gone(office: Office) -> None:
    put(office.store, 1)
    settings = load_settings({"ZHENGJI_HOME": str(office.store.home)})

    def found() -> list[tuple[bool | None, str]]:
        return [(one.ok, one.sentence) for one in examine_surroundings(settings) if one.name == "回信定稿"]

    assert found() == [(True, "还没有发出的和最新的共 1 封，定稿校验一致。")]
    office.store.blobs.path(letter(office.store, 1).frame_sha256).unlink()
    ((well, sentence),) = found()
    assert (well, sentence.endswith("缺失，请从备份恢复原件库后重试。")) == (False, True)


def test_the_doctor_names_a_rule_code_that_no_rule_answers(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CALLS / "cases-2026", tmp_path / "mine"))
    text = (folder / "call.toml").read_text("utf-8")
    (folder / "call.toml").write_text(text.replace('code = "F03"', 'code = "F30"'), "utf-8")
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path / "data"), "ZHENGJI_CALL": str(folder)})
    named = [check.sentence for check in examine_surroundings(settings) if check.name == "征集"]
    assert named == ["call.toml：rules.F30：没有规则 F30，这一项不会核对；是否应为 F03？"]


def test_the_doctor_names_missing_settings(tmp_path: Path) -> None:
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path)})
    (first, *_) = [check for check in examine_surroundings(settings) if check.ok is False]
    assert first.sentence == "ZHENGJI_IMAP_HOST：未设置；请填写收信服务器，如 imap.163.com。"


def settings_for(imap_port: int, smtp_port: int, password: str, home: Path) -> dict[str, str]:
    return {
        "ZHENGJI_HOME": str(home),
        "ZHENGJI_IMAP_HOST": "127.0.0.1",
        "ZHENGJI_IMAP_PORT": str(imap_port),
        "ZHENGJI_IMAP_TLS": "none",
        "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
        "ZHENGJI_IMAP_PASSWORD": password,
        "ZHENGJI_SMTP_HOST": "127.0.0.1",
        "ZHENGJI_SMTP_PORT": str(smtp_port),
        "ZHENGJI_SMTP_TLS": "none",
    }
