"""What a mail is, as one value."""

from __future__ import annotations

from parsers.facts.mails import Authentication, AuthVerdict, Bounce, CloudLink, Intent
from parsers.mail.judged import Judged, judge_mail
from parsers.mail.message import decode_mail
from parsers.mail.quoting import split_text

LINK = "https://pan.baidu.com/s/1abcdefg"
NOTHING_PROVED = Authentication(AuthVerdict.UNKNOWN, "没有收信服务器自己写下的验证结果。")


def judged(head: str, text: str, *, has_files: bool = False) -> Judged:
    mail = decode_mail(f"From: a@firm.example\nSubject: 申报材料\n{head}\n{text}".encode())
    return judge_mail(mail, split_text(mail.text), has_files=has_files, own_addresses=("us@office.example",))


def test_a_mail_of_a_person_with_a_link_is_materials() -> None:
    assert judged("", f"文件在网盘：{LINK} 提取码：a1b2") == Judged(
        bounce=None,
        machine=None,
        notice=None,
        bulk=False,
        links=(CloudLink(LINK, "百度网盘", "", "a1b2"),),
        authentication=NOTHING_PROVED,
        intent=Intent.MATERIALS,
        intent_reason="邮件里没有附件，文件在百度网盘的链接里。",
        withdrawal="",
    )


def test_a_reply_does_not_bring_the_link_that_only_its_history_holds() -> None:
    history = f"\n\n------------------ 原始邮件 ------------------\n发件人: b@firm.example\n{LINK}"
    assert judged("In-Reply-To: <1@firm.example>\n", f"收到，谢谢。{history}").links == ()
    assert [link.url for link in judged("", f"转发如下。{history}").links] == [LINK]


def test_a_delivery_report_is_a_bounce_whatever_it_carries() -> None:
    text = "邮件被退回\n收件人 x@firm.example 不存在 550 5.1.1 User unknown"
    mail = decode_mail(f"From: mailer-daemon@163.com\nSubject: 系统退信\n\n{text}".encode())
    bounced = judge_mail(mail, split_text(mail.text), has_files=True)
    assert bounced.intent is Intent.BOUNCE
    assert bounced.intent_reason == "退信：发给 x@firm.example 的信没有送达。"
    assert isinstance(bounced.bounce, Bounce)
    assert bounced.bounce.recipient == "x@firm.example"
