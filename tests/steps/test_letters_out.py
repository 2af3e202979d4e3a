"""Letters out, and the mails whose answers go astray: who is written to, what comes back, and who is telephoned."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.demo.posting import Draft, Enclosure, post, word
from flows.demo.season import bounce_of
from flows.steps.deliver.send import deliver
from flows.steps.desk.forms import MessageForm
from flows.steps.desk.mail_ops import mark_answered
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import Task, waiting
from flows.steps.workshop import Workshop, open_workshop
from store.letters import outbox
from store.mails.messages import Arrival, Place, note_arrival
from store.tables import LetterRow
from tests.contract.fake import FakeSender
from tests.desk.conftest import FIRST, NOW, form, located, mail, make_photo, report, work
from tests.frozen_letters import bytes_of
from tests.steps.mailbox.test_send import FREELY

OURS = "zjzjtxqycjfh@163.com"
ASKS = "老师您好，请问纸质材料必须在5月30日前寄到吗？谢谢！\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    env = {
        "ZHENGJI_HOME": str(tmp_path / "data"),
        "ZHENGJI_IMAP_USER": OURS,
        "ZHENGJI_SECRET": "for-tests-only-0123456789",
        "ZHENGJI_SETTLE_MINUTES": "0",
        "ZHENGJI_REPLY_MODE": "send",
    }
    with open_workshop(load_settings(env), ocr=False) as opened:
        yield opened


def question(sender: str = "a@ask.example", *headers: tuple[str, str], at: datetime = NOW, text: str = ASKS) -> bytes:
    return post(Draft("小周", sender, "咨询优秀案例申报", text, at, headers=headers))


def application(sender: str, *headers: tuple[str, str], files: tuple[Enclosure, ...] = ()) -> bytes:
    raw = mail(sender, FIRST, NOW, *(files or (form(FIRST), report(FIRST, 1))))
    extra = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
    return extra + raw


def come(shop: Workshop, raw: bytes, uid: int = 1, at: datetime = NOW, **more: object) -> str:
    sha256 = shop.store.blobs.put(raw)
    arrival = Arrival(Place("u@163.example", "INBOX", 1, uid), sha256, len(raw), at, False, False, f"{uid}")
    with shop.store.transaction() as session:
        note_arrival(session, replace(arrival, **more), at)  # type: ignore[arg-type]
    work(shop, at)
    return sha256


def letters(shop: Workshop) -> list[LetterRow]:
    with shop.store.reading() as session:
        rows = outbox.in_state(session, "queued", "held", "sent", "bounced")
    return sorted(rows, key=lambda row: row.id or 0)


def tasks(shop: Workshop, *kinds: str, at: datetime = NOW) -> list[Task]:
    values = register_values(shop, at)
    return [task for task in waiting(shop, values, at) if not kinds or task.kind in kinds]


# Who is written to


@pytest.mark.parametrize(
    ("sender", "reply_to", "right"),
    [
        ("yuanheng_bgs@163.com", "someone-else@163.com", "yuanheng_bgs@163.com"),
        ("a@qq.com", "b@foxmail.com", "a@qq.com"),
        ("a@firm.example", "office@firm.example", "office@firm.example"),
        ("a@firm.example", "b@elsewhere.example", "a@firm.example"),
        ("a@163.com", OURS, "a@163.com"),
    ],
)
def test_a_reply_to_is_followed_only_where_it_is_of_the_same_organisation(
    shop: Workshop, sender: str, reply_to: str, right: str
) -> None:
    come(shop, question(sender, ("Reply-To", f"<{reply_to}>")))
    assert [row.to_address for row in letters(shop)] == [right]


def test_a_sender_without_an_address_is_a_task_until_staff_telephoned(shop: Workshop) -> None:
    raw = application("a@firm.example").replace(b"From: =?utf-8", b"X-From: =?utf-8", 1)
    sha256 = come(shop, raw)
    assert letters(shop) == []
    (task,) = tasks(shop, "无法回信")
    assert task.about.startswith("AL2026-")
    assert "来信没有可用的发件地址" in task.what
    assert task.cure == f"电话联系；办妥后用“已人工答复”销去：{sha256[:12]}"
    work(shop, NOW + timedelta(hours=1))
    assert len(tasks(shop, "无法回信")) == 1
    form_ = MessageForm(message=sha256[:12], by="王工", reason="电话告知收讫")
    assert mark_answered(shop, form_, NOW) == "这封来信已标为人工答复，从待办中销去。"
    assert tasks(shop, "无法回信") == []
    with pytest.raises(DeskRefusal):
        mark_answered(shop, form_, NOW)


@pytest.mark.parametrize("sender", ["王@firm.example", "a@", "@firm.example"])
def test_an_address_that_no_letter_can_go_to_is_a_task(shop: Workshop, sender: str) -> None:
    raw = question().replace(b"<a@ask.example>", f"<{sender}>".encode(), 1)
    come(shop, raw)
    assert letters(shop) == []
    assert len(tasks(shop, "无法回信")) == 1


def test_a_domain_in_chinese_is_written_to_by_its_xn_name(shop: Workshop) -> None:
    come(shop, question().replace(b"<a@ask.example>", "<wang@远衡.example>".encode(), 1))
    (row,) = letters(shop)
    assert row.to_address == "wang@xn--4n2a36m.example"
    assert b"<wang@xn--4n2a36m.example>" in bytes_of(shop.store, row)
    assert tasks(shop, "无法回信") == []


# The same mail twice


def test_one_question_to_two_of_our_addresses_gets_one_letter_and_one_task(shop: Workshop) -> None:
    raw = question()
    come(shop, raw)
    come(
        shop, b"Delivered-To: zxtx@alias.example\r\nReceived: from x by y; Wed, 20 May 2026 10:00:05 +0800\r\n" + raw, 2
    )
    assert len(letters(shop)) == 1
    assert len(tasks(shop, "咨询")) == 1
    reasons = [row["reason"] for row in register_values(shop, NOW)["messages"]]
    assert sum("是同一封，经不同地址收到，只答复一次" in reason for reason in reasons) == 1


def test_one_application_to_two_of_our_addresses_is_one_submission_and_one_letter(shop: Workshop) -> None:
    raw = application("a@firm.example")
    come(shop, raw)
    come(shop, b"Delivered-To: zxtx@alias.example\r\n" + raw, 2)
    assert len(register_values(shop, NOW)["submissions"]) == 1
    assert len(letters(shop)) == 1


@pytest.mark.parametrize(
    "other",
    [
        question("b@ask.example"),
        question(text="另有一问：照片要几张？\n"),
        question(at=NOW + timedelta(days=3)),
    ],
    ids=["another sender", "other words", "asked again days later"],
)
def test_a_program_that_gives_every_mail_one_id_loses_no_answer(shop: Workshop, other: bytes) -> None:
    fixed = b"Message-ID: <1@localhost>"
    for uid, raw in enumerate((question(), other), 1):
        own = next(line for line in raw.split(b"\r\n") if line.startswith(b"Message-ID:"))
        come(shop, raw.replace(own, fixed), uid)
    assert len(letters(shop)) == 2


def test_a_copy_in_the_junk_folder_answers_for_no_other(shop: Workshop) -> None:
    come(shop, question(), 1, junk=True)
    come(shop, b"Delivered-To: x@alias.example\r\n" + question(), 2)
    assert len(letters(shop)) == 1


# What comes back


def plain(sender: str, subject: str, text: str, *, html: bool = False) -> bytes:
    body = base64.encodebytes(text.encode()).decode()
    kind = "html" if html else "plain"
    return (
        f"From: {word('邮件系统')} <{sender}>\r\nTo: <{OURS}>\r\nSubject: {word(subject)}\r\n"
        f"Message-ID: <b1@sys.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    ).encode()


@pytest.fixture
def sent(shop: Workshop) -> LetterRow:
    """A letter that has gone out."""
    come(shop, question())
    deliver(shop.store, FakeSender(), FREELY, NOW)
    (row,) = letters(shop)
    assert row.state == "sent"
    return row


def state(shop: Workshop) -> list[str]:
    return [row.state for row in letters(shop)]


def test_a_bounce_with_our_whole_header_is_tied(shop: Workshop, sent: LetterRow) -> None:
    raw = bounce_of("a@ask.example", "<placeholder@x>", NOW)
    head = bytes_of(shop.store, sent).partition(b"\r\n\r\n")[0]
    come(shop, raw.replace(b"Message-ID: <placeholder@x>\r\n", head + b"\r\n"), 2)
    assert state(shop) == ["bounced"]
    assert len(tasks(shop, "回信被退回")) == 1


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "message/rfc822"])
def test_a_bounce_with_our_letter_attached_under_any_type_is_tied(shop: Workshop, sent: LetterRow, kind: str) -> None:
    raw = (
        b"From: <postmaster@mx.example>\r\nTo: <"
        + OURS.encode()
        + b">\r\nSubject: "
        + word("退信通知").encode()
        + b"\r\n"
        b'Message-ID: <b2@mx.example>\r\nContent-Type: multipart/mixed; boundary="=_b"\r\n\r\n'
        b"--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "邮件无法投递，收件人不存在。".encode() + b"\r\n"
        b"--=_b\r\nContent-Type: " + kind.encode() + b'; name="letter.eml"\r\n'
        b'Content-Disposition: attachment; filename="letter.eml"\r\n\r\n'
        + bytes_of(shop.store, sent)
        + b"\r\n--=_b--\r\n"
    )
    come(shop, raw, 2)
    assert state(shop) == ["bounced"]


@pytest.mark.parametrize("html", [False, True])
def test_a_bounce_that_names_recipient_and_subject_only_is_a_task_and_moves_no_letter(
    shop: Workshop, sent: LetterRow, *, html: bool
) -> None:
    text = (
        f"很抱歉，您发往 a@ask.example 的邮件没有投递成功。\n邮件主题：{sent.subject}\n"
        "退信原因：收件人邮箱容量已满（552）。"
    )
    sha256 = come(shop, plain("PostMaster@qq.com", "系统退信", text, html=html), 2)
    assert state(shop) == ["sent"]
    (task,) = tasks(shop, "退信待核")
    assert f"多半是第 {sent.id} 号回信：请核对，没有收到的电话联系。" in task.what
    mark_answered(shop, MessageForm(message=sha256[:12], by="王工", reason="电话告知"), NOW)
    assert tasks(shop, "退信待核") == []


@pytest.mark.usefixtures("sent")
def test_a_bounce_for_somebody_we_never_wrote_to_makes_no_task(shop: Workshop) -> None:
    text = "您发往 victim@elsewhere.example 的邮件没有投递成功。\n邮件主题：特价发票\n退信原因：收件人不存在。"
    come(shop, plain("PostMaster@qq.com", "系统退信", text), 2)
    assert (state(shop), tasks(shop, "退信待核")) == (["sent"], [])


def test_a_forged_report_that_names_a_victim_marks_no_letter(shop: Workshop, sent: LetterRow) -> None:
    come(shop, bounce_of(sent.to_address, "<made-up@elsewhere.example>", NOW), 2)
    assert state(shop) == ["sent"]


# What the line left open about a mail

DOUBT = "服务器说这封信有 900000 字节，取了 3 次，最近一次只给出 800000 字节，内容看不出缺损，已照此收下。"
BOTH = "收件服务器记为 2026-05-31 01:00:00 收到，信头 Received 写的是 2026-05-30 17:00:00"
PHOTOS = tuple(Enclosure(f"车间{n}.jpg", located(make_photo(n, 1200, 900))) for n in (1, 2))


def findings(shop: Workshop, *codes: str) -> list[tuple[str, str]]:
    (row,) = register_values(shop, NOW)["submissions"]
    return [(one["code"], one["verdict"]) for one in row["findings"] if one["code"] in codes]


def test_of_a_mail_that_may_not_be_whole_no_absence_is_certain_and_nobody_is_asked(shop: Workshop) -> None:
    raw = application("a@firm.example", files=(form(FIRST), *PHOTOS))
    come(shop, raw, told_size=900_000, fetch_doubt=DOUBT)
    assert findings(shop, "R01", "A01") == [("R01", "存疑"), ("A01", "存疑")]
    (row,) = letters(shop)
    assert {one["code"] for one in row.said} & {"R01", "A01", "P01"} == set()
    body = message_from_bytes(bytes_of(shop.store, row), policy=default_policy).get_body(("plain",))
    assert body is not None
    said = "".join(body.get_content().split())
    asked, paper, _ = said.partition("【请另行寄送纸质件】")
    assert paper
    assert "案例报告" not in asked
    assert "没有收到的部分" not in said
    doubts = [task.what for task in tasks(shop, "存疑", "无法打开") if "A01" in task.what or task.kind == "无法打开"]
    assert len(doubts) == 1
    assert "服务器说这封信有 900000 字节" in doubts[0]


def test_the_same_mail_when_it_is_whole_is_asked_for_what_lacks(shop: Workshop) -> None:
    come(shop, application("a@firm.example", files=(form(FIRST), *PHOTOS)))
    assert findings(shop, "R01", "A01") == [("R01", "缺失"), ("A01", "通过")]


def test_a_mail_whose_moment_is_in_doubt_is_neither_late_nor_surely_on_time(shop: Workshop) -> None:
    at = datetime(2026, 5, 30, 17, 0, tzinfo=NOW.tzinfo)
    come(shop, application("a@firm.example"), at=at, received_doubt=BOTH)
    (row,) = register_values(shop, at)["submissions"]
    assert row["status"] != "late"
    assert "late" not in {letter.kind for letter in letters(shop)}
    assert findings(shop, "S01") == [("S01", "存疑")]
    (task,) = [task for task in tasks(shop, at=at) if "S01" in task.what]
    assert BOTH in task.what
