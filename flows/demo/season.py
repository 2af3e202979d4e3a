"""The demo's season (演示来信): twenty mails of every sort that applicants really send, over three days.

Each mail says what should be decided about it, so that the table printed at the end can be held against it. A
later day may answer a letter that zhengji wrote on an earlier one: its maker is given that letter's Message-ID.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.demo import firms
from flows.demo.firms import Firm, form_file, photo_file, report_file
from flows.demo.posting import Draft, Enclosure, pack, post

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZIP = "application/zip"

LetterFinder = Callable[[str], str]
"""Given an address, returns the Message-ID of the last letter that was sent to it; empty where none was."""


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class SeasonMail:
    """One mail of the season: how to make it, when the server takes it, and what is expected of it.

    ``expected`` is the register's kind of the mail; ``status`` the status that its submission has in the end (empty
    where it belongs to none); ``letters`` the kinds of letters that the whole season sends to this sender.
    """

    key: str
    story: str
    received: datetime
    make: Callable[[LetterFinder], bytes]
    expected: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the season: the mails that arrive, and the moment at which the flows run."""

    now: datetime
    mails: tuple[SeasonMail, ...]


def _letter_text(firm: Firm, what: str) -> str:
    return f"促进分会老师：\n\n    您好！{what}，请查收。\n\n{firm.name}\n"


def _mail(firm: Firm, at: datetime, subject: str, what: str, *files: Enclosure, **more: str) -> bytes:
    return post(
        Draft(
            firm.sender_name,
            firm.sender,
            subject,
            _letter_text(firm, what),
            at,
            files,
            charset=more.get("charset", "utf-8"),
            in_reply_to=more.get("in_reply_to", ""),
        )
    )


def _photos(firm: Firm) -> tuple[Enclosure, Enclosure]:
    return photo_file(firm, 1, f"{firm.product}生产车间"), photo_file(firm, 2, f"{firm.product}检测现场")


def _folder(firm: Firm, top: str) -> list[tuple[str, bytes]]:
    entries = [form_file(firm), report_file(firm), *_photos(firm)]
    return [(f"{top}/{entry.name}", entry.data) for entry in entries]


def _complete(find: LetterFinder) -> bytes:
    del find
    firm = firms.YUANHENG
    files = (form_file(firm), report_file(firm), *_photos(firm))
    return _mail(firm, _at(12, 9), f"{firm.name}优秀案例申报材料", "现报送我公司优秀案例申报材料", *files)


def _no_seal(find: LetterFinder) -> bytes:
    del find
    firm = firms.LANTING
    files = (form_file(firm, sealed=False), report_file(firm), *_photos(firm))
    return _mail(firm, _at(12, 9, 10), "优秀案例申报-杭州澜汀", "附件为我公司申报材料", *files)


def _blank_field(find: LetterFinder) -> bytes:
    del find
    firm = firms.QIMING
    files = (form_file(firm, blank="case_title"), report_file(firm), *_photos(firm))
    return _mail(firm, _at(12, 9, 20), "宁波启明液压优秀案例", "报送申报材料一套", *files, charset="gb18030")


def _report_as_pdf(find: LetterFinder) -> bytes:
    del find
    firm = firms.SHENGHUA
    pdf = Enclosure(f"{firm.name}-案例报告.pdf", firms.report_pdf(firm), firms.PDF)
    return _mail(firm, _at(12, 9, 30), "晟华电气申报优秀案例", "申报材料见附件", form_file(firm), pdf, *_photos(firm))


def _short_report(find: LetterFinder) -> bytes:
    del find
    firm = firms.KANGBO
    files = (form_file(firm), report_file(firm, total=5200), *_photos(firm))
    return _mail(firm, _at(12, 9, 40), "康博新材料案例申报", "申报材料见附件", *files)


def _one_photo(find: LetterFinder) -> bytes:
    del find
    firm = firms.TIANLI
    files = (form_file(firm), report_file(firm), photo_file(firm, 1, "高强螺栓热处理生产线"))
    return _mail(firm, _at(12, 9, 50), "天力紧固件申报材料", "申报材料见附件", *files)


def _no_captions(find: LetterFinder) -> bytes:
    del find
    firm = firms.HAOYU
    photos = (photo_file(firm, 1, "IMG_20260510_1"), photo_file(firm, 2, "IMG_20260510_2"))
    return _mail(
        firm, _at(12, 10), "浩宇纺机优秀案例材料", "申报材料见附件", form_file(firm), report_file(firm), *photos
    )


def _gbk_zip(find: LetterFinder) -> bytes:
    del find
    firm = firms.RUIFENG
    archive = Enclosure("瑞丰汽配申报材料.zip", pack(_folder(firm, "瑞丰汽配申报材料")), ZIP, "gb18030")
    return _mail(firm, _at(12, 10, 10), "金华瑞丰优秀案例打包材料", "材料已打包", archive, charset="gb18030")


def _row_first(find: LetterFinder) -> bytes:
    del find
    return _mail(firms.GUANGDA, _at(12, 10, 20), "光达模具申报（一）推荐表", "先发推荐表", form_file(firms.GUANGDA))


def _row_second(find: LetterFinder) -> bytes:
    del find
    return _mail(
        firms.GUANGDA, _at(12, 10, 25), "光达模具申报（二）案例报告", "补发案例报告", report_file(firms.GUANGDA)
    )


def _row_third(find: LetterFinder) -> bytes:
    del find
    return _mail(firms.GUANGDA, _at(12, 10, 31), "光达模具申报（三）照片", "最后是照片", *_photos(firms.GUANGDA))


def _needs_supplement(find: LetterFinder) -> bytes:
    del find
    firm = firms.XINGCHEN
    return _mail(firm, _at(12, 10, 40), "星辰传感案例申报", "申报材料见附件", form_file(firm), report_file(firm))


def _supplement(find: LetterFinder) -> bytes:
    firm = firms.XINGCHEN
    subject = "回复：请补正材料"
    answered = find(firm.sender)
    return _mail(firm, _at(14, 9, 5), subject, "照片补充如下", *_photos(firm), in_reply_to=answered)


def _bundle(find: LetterFinder) -> bytes:
    del find
    entries = [entry for firm in firms.BUNDLED for entry in _folder(firm, firm.name)]
    archive = Enclosure("推荐企业材料（3家）.zip", pack(entries), ZIP)
    text = f"促进分会：\n\n    我会推荐以下3家企业申报优秀案例，材料见附件，每家一个文件夹。\n\n{firms.ASSOCIATION}\n"
    return post(
        Draft("省仪器仪表行业协会", "office@yqyb.example", "推荐3家企业优秀案例材料", text, _at(12, 10, 50), (archive,))
    )


def _question(find: LetterFinder) -> bytes:
    del find
    text = "老师您好，请问我公司是市级专精特新企业，可以申报优秀案例吗？纸质材料必须在5月30日前寄到吗？谢谢！\n"
    return post(Draft("小周", "zhou@ask.example", "咨询优秀案例申报条件", text, _at(12, 11)))


def _auto_reply(find: LetterFinder) -> bytes:
    del find
    text = "您好，我已收到您的邮件，目前正在休假，将尽快回复。\n"
    headers = (("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))
    sender = firms.YUANHENG.sender
    return post(Draft("远衡精密 王工", sender, "自动回复：收讫", text, _at(14, 9, 10), headers=headers))


def _bounce(find: LetterFinder) -> bytes:
    original = find(firms.HAOYU.sender) or "<none@mail.example>"
    return bounce_of(firms.HAOYU.sender, original, _at(14, 9, 15))


def _bad_zip(find: LetterFinder) -> bytes:
    del find
    firm = firms.MINGDE
    whole = pack([("推荐表.pdf", form_file(firm).data), ("案例报告.docx", report_file(firm).data)])
    broken = Enclosure("明德医药申报材料.zip", whole[: len(whole) // 3], ZIP)
    return _mail(firm, _at(12, 11, 10), "明德医药优秀案例申报材料", "申报材料见压缩包", broken)


def _twice(find: LetterFinder) -> bytes:
    return _gbk_zip(find)


def _late(find: LetterFinder) -> bytes:
    del find
    firm = firms.ZHICHENG
    files = (form_file(firm), report_file(firm), *_photos(firm))
    return _mail(firm, _at(31, 0, 7), "义乌至诚智能装备申报优秀案例", "因故迟交，请予受理", *files)


def bounce_of(recipient: str, original: str, at: datetime) -> bytes:
    """Return the delivery report (RFC 3464) that a server sends when our letter could not be delivered."""
    text = "您的邮件未能送达以下收件人：\r\n" + recipient + "\r\n原因：552 5.2.2 Mailbox full\r\n"
    body = base64.b64encode(text.encode()).decode()
    stamp = at.strftime("%a, %d %b %Y %H:%M:%S %z")
    lines = [
        "Return-Path: <>",
        f"Received: from mx.example by mx27 (Coremail) with SMTP id b0unce; {stamp}",
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
        "To: <zjzjtxqycjfh@163.com>",
        f"Subject: {'=?utf-8?B?' + base64.b64encode('系统退信'.encode()).decode() + '?='}",
        f"Date: {stamp}",
        f"Message-ID: <bounce.{at:%Y%m%d%H%M}@mx.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_bounce"',
        "",
        "--=_bounce",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        body,
        "--=_bounce",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full",
        "",
        "--=_bounce",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {original}",
        "",
        "--=_bounce--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def season() -> tuple[Day, ...]:
    """Return the whole season, day by day, in the order in which the mails arrive."""
    first = (
        SeasonMail("complete", "材料齐全", _at(12, 9), _complete, "submission", "complete"),
        SeasonMail("no-seal", "推荐表未盖章", _at(12, 9, 10), _no_seal, "submission", "incomplete"),
        SeasonMail("blank-field", "案例名称未填", _at(12, 9, 20), _blank_field, "submission", "incomplete"),
        SeasonMail("report-as-pdf", "案例报告为PDF", _at(12, 9, 30), _report_as_pdf, "submission", "incomplete"),
        SeasonMail("short-report", "案例报告字数不足", _at(12, 9, 40), _short_report, "submission", "complete"),
        SeasonMail("one-photo", "只有1张照片", _at(12, 9, 50), _one_photo, "submission", "incomplete"),
        SeasonMail("no-captions", "照片无内容概要", _at(12, 10), _no_captions, "submission", "incomplete"),
        SeasonMail("gbk-zip", "GBK压缩包，称号待核", _at(12, 10, 10), _gbk_zip, "submission", "doubtful"),
        SeasonMail("row-1", "连发三封之一：推荐表", _at(12, 10, 20), _row_first, "submission", "complete"),
        SeasonMail("row-2", "连发三封之二：案例报告", _at(12, 10, 25), _row_second, "supplement", "complete"),
        SeasonMail("row-3", "连发三封之三：照片", _at(12, 10, 31), _row_third, "supplement", "complete"),
        SeasonMail("to-mend", "缺照片，之后补正", _at(12, 10, 40), _needs_supplement, "submission", "complete"),
        SeasonMail("bundle", "推荐单位一次报3家", _at(12, 10, 50), _bundle, "submission", "complete"),
        SeasonMail("question", "咨询，没有附件", _at(12, 11), _question, "inquiry"),
        SeasonMail("bad-zip", "压缩包损坏", _at(12, 11, 10), _bad_zip, "submission", "incomplete"),
    )
    second = (
        SeasonMail("mend", "补正：回信补照片", _at(14, 9, 5), _supplement, "supplement", "complete"),
        SeasonMail("auto-reply", "自动回复", _at(14, 9, 10), _auto_reply, "machine"),
        SeasonMail("bounce", "我方回信被退", _at(14, 9, 15), _bounce, "bounce"),
        SeasonMail("twice", "同一封信再次出现", _at(14, 9, 20), _twice, "submission", "doubtful"),
    )
    third = (SeasonMail("late", "截止后收到", _at(31, 0, 7), _late, "submission", "late"),)
    return (Day(_at(12, 15), first), Day(_at(14, 10), second), Day(_at(31, 9), third))
