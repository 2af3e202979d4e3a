"""Delivery reports, in fields and in free text."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import pytest

from parsers.facts.mails import Bounce
from parsers.facts.spool import MemorySpool
from parsers.mail.bounce import find_bounce
from parsers.mail.message import decode_mail
from tests.goldens_mail.kit import joined, word

OURS = "<zhengji.al2026-0042.1.0123456789abcdef0123456789abcdef@163.com>"


def report(status: str, returned: bytes = b"", subject: str = "Undelivered Mail Returned to Sender") -> bytes:
    parts = [
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "邮件未能送达。".encode(),
        b"Content-Type: message/delivery-status\r\n\r\n" + status.replace("\n", "\r\n").encode(),
    ]
    if returned:
        parts.append(returned)
    return (
        b"From: MAILER-DAEMON@mx.example.cn\r\nReturn-Path: <>\r\nSubject: "
        + word(subject)
        + b'\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="rep"\r\n\r\n'
        + joined(parts, b"rep")
    )


STATUS = "Reporting-MTA: dns; mx.example.cn\nArrival-Date: Thu, 28 May 2026 10:20:30 +0800\n\nFinal-Recipient: rfc822; ZhangSan@kunsheng.cn\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
HEADERS = (
    b"Content-Type: text/rfc822-headers\r\n\r\nReceived: x\r\nMessage-ID: " + OURS.encode() + b"\r\nSubject: x\r\n"
)
WHOLE = (
    b"Content-Type: message/rfc822\r\n\r\nMessage-ID: "
    + OURS[:40].encode()
    + b"\r\n "
    + OURS[40:].encode()
    + b"\r\nSubject: x\r\n\r\nbody\r\n"
)
REWRITTEN = (
    b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <tencent_ABC@qq.com>\r\nX-OQ-MSGID: "
    + OURS.encode()
    + b"\r\n\r\nbody\r\n"
)
MARKED = (
    b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <new@mx.example.cn>\r\nX-Zhengji-ID: "
    + OURS.encode()
    + b"\r\n"
)
EXPECTED = Bounce("zhangsan@kunsheng.cn", OURS, "5.1.1", "550 5.1.1 User unknown", permanent=True)


@pytest.mark.parametrize(
    "returned", [HEADERS, WHOLE, REWRITTEN, MARKED], ids=["headers", "whole mail", "rewritten by QQ", "our own mark"]
)
def test_a_report_in_fields_is_tied_to_its_letter(returned):
    assert find_bounce(decode_mail(report(STATUS, returned))) == EXPECTED


def test_a_spool_hides_nothing_from_the_report():
    assert find_bounce(decode_mail(report(STATUS, HEADERS), MemorySpool())) == EXPECTED


def test_a_report_without_the_letter_still_names_the_recipient():
    assert find_bounce(decode_mail(report(STATUS))) == Bounce(
        "zhangsan@kunsheng.cn", "", "5.1.1", "550 5.1.1 User unknown", permanent=True
    )


def test_a_delay_is_no_permanent_failure():
    status = STATUS.replace("failed", "delayed").replace("5.1.1", "4.4.1").replace("550", "450")
    assert find_bounce(decode_mail(report(status, HEADERS))) == Bounce(
        "zhangsan@kunsheng.cn", OURS, "4.4.1", "450 4.4.1 User unknown", permanent=False
    )


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action):
    assert find_bounce(decode_mail(report(STATUS.replace("failed", action).replace("5.1.1", "2.0.0"), HEADERS))) is None


def test_of_several_recipients_the_failed_one_is_named():
    status = (
        STATUS.replace("ZhangSan", "late").replace("failed", "delayed").replace("5.1.1", "4.0.0")
        + "\nFinal-Recipient: rfc822; dead@kunsheng.cn\nAction: failed\nStatus: 5.2.2\n"
    )
    found = find_bounce(decode_mail(report(status, HEADERS)))
    assert (found.recipient, found.status, found.permanent) == ("dead@kunsheng.cn", "5.2.2", True)


def free(sender: str, subject: str, body: str, *more: bytes) -> bytes:
    head = [
        b"From: " + sender.encode(),
        b"To: zjzjtxqycjfh@163.com",
        b"Subject: " + word(subject),
        b"Content-Type: text/plain; charset=gb18030",
        *more,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body.replace("\n", "\r\n").encode("gb18030")


FREE = {
    "163": (
        free("Postmaster@163.com", "系统退信", f"抱歉，您的邮件被退回来了……\n原邮件信息：\n时间 2026-05-28 10:20:30\n主题 收讫\n收件人 zhangsan@kunsheng.cn\n退信原因：\n收件人邮箱地址不存在。\n550 5.1.1 User not found\n--------\nMessage-ID: {OURS}\n"),
        Bounce("zhangsan@kunsheng.cn", OURS, "5.1.1", "550 5.1.1 User not found", permanent=True),
    ),
    "QQ": (
        free("PostMaster@qq.com", "来自QQ邮箱的退信", "退信：很抱歉您发送的邮件被退回。\n无法发送到 12345678@qq.com\n退信原因：收件人（12345678@qq.com）的邮箱已满。\n"),
        Bounce("12345678@qq.com", "", "", "退信：很抱歉您发送的邮件被退回。", permanent=True),
    ),
    "Exchange": (
        free("Microsoft Outlook <MicrosoftExchange329e@kunsheng.cn>", "未送达: 收讫", "Delivery has failed to these recipients or groups:\n\nzhangsan@kunsheng.cn\nThe email address you entered couldn't be found.\n\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##\n", b"Return-Path: <>", b"In-Reply-To: " + OURS.encode()),
        Bounce("zhangsan@kunsheng.cn", OURS, "5.1.10", "#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##", permanent=True),
    ),
    "qmail": (
        free("MAILER-DAEMON@mx.kunsheng.cn", "failure notice", f"Hi. This is the qmail-send program at mx.kunsheng.cn.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<zhangsan@kunsheng.cn>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <zjzjtxqycjfh@163.com>\nMessage-ID: {OURS}\nTo: other@kunsheng.cn\n"),
        Bounce("zhangsan@kunsheng.cn", OURS, "", "Remote host said: 550 no such user", permanent=True),
    ),
    "Exim": (
        free("Mail Delivery System <Mailer-Daemon@mx.kunsheng.cn>", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered.\n  zhangsan@kunsheng.cn\n    mailbox is full: 452 4.2.2 quota\n", b"X-Failed-Recipients: zhangsan@kunsheng.cn"),
        Bounce("zhangsan@kunsheng.cn", "", "4.2.2", "mailbox is full: 452 4.2.2 quota", permanent=False),
    ),
    "delay": (
        free("Postmaster@163.com", "邮件投递延迟通知", "您的邮件暂时无法送达 zhangsan@kunsheng.cn，系统稍后将继续尝试投递。\n"),
        Bounce("zhangsan@kunsheng.cn", "", "", "您的邮件暂时无法送达 zhangsan@kunsheng.cn，系统稍后将继续尝试投递。", permanent=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FREE)
def test_free_text_is_read(kind):
    raw, expected = FREE[kind]
    assert find_bounce(decode_mail(raw)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        free("zhangsan@163.com", "退信", "上次的邮件被退回了，现重新报送。zhangsan@163.com"),
        free("zhangsan@163.com", "申报材料", "邮件无法送达，请问地址是否有误？"),
        free("zhangsan@163.com", "Re: 收讫", "收到"),
        free("Postmaster@163.com", "欢迎使用", "您的邮箱已开通。"),
        free(
            "zhangsan@163.com",
            "已读：收讫",
            "",
            b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        ),
    ],
)
def test_what_people_write_about_bounces_is_none(raw):
    assert find_bounce(decode_mail(raw)) is None
