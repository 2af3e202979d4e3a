"""Whole mails: every file with its role, its caption, and what to tell the sender about it."""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from parsers.facts.leaf import Role
from parsers.facts.mails import Intent, MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import read_file, read_message
from tests.parsers.containers.golden import CASES, Case, bytes_of
from tests.parsers.containers.makers import (
    MsgFile,
    MsgMail,
    RarItem,
    TnefFile,
    hand_zip,
    locked_item,
    msg,
    plain_zip,
    rar5,
    tnef,
)
from tests.parsers.containers.world import captions_docx, context, form_docx, logo_png, photo_jpg, report_docx

WAITING = {"entry-encrypted", "entry-unsupported", "entry-link", "file-empty", "archive-too-deep"}


def mail(
    *files: tuple[str, bytes],
    text: str = "您好，材料见附件。",
    subject: str = "申报材料",
    headers: dict[str, str] | None = None,
) -> bytes:
    message = EmailMessage()
    message["From"] = "王 <wang@example.cn>"
    message["To"] = "cases@example.org"
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.cn>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def read(raw: bytes) -> MailReading:
    return read_message(raw, MemorySpool(), context())


def expected_role(content: bytes | None, codes: tuple[str, ...], path: str, case: str) -> Role:
    if "~$" in path or (path == "winmail.dat" and not codes):
        return Role.NOISE
    hides = (
        WAITING & set(codes)
        or content == b""
        or path.endswith(".bin")
        # A fragment is never judged; where only a check sum is wrong, everything is there.
        or ("entry-damaged" in codes and ("check-sum" not in case or case.startswith("tnef")))
        or (content is None and any(code.startswith("archive-") for code in codes))
    )
    return Role.UNREADABLE if hides or any(code == "archive-damaged" for code in codes) else Role.OTHER


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_mail_with_a_golden_archive_gives_its_leaves_and_roles(case: Case) -> None:
    archive = bytes_of(case)

    reading = read(mail((case.name, archive), text=case.text))

    assert [(leaf.leaf.path, leaf.leaf.size, leaf.leaf.sha256, leaf.role, leaf.caption) for leaf in reading.leaves] == [
        (path, len(data), hashlib.sha256(data).hexdigest(), expected_role(content, codes, path, case.id), "")
        for path, content, codes in case.leaves
        for data in [archive if content is None else content]
    ]
    assert reading.text == case.text
    assert reading.intent is Intent.MATERIALS


@dataclass(frozen=True)
class Scene:
    """A mail as applicants send it, and path, role and caption of every file in it."""

    id: str
    raw: bytes
    leaves: tuple[tuple[str, Role, str], ...]


def inline_mail(*pictures: tuple[str, bytes], attached: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    message = EmailMessage()
    message["From"] = "wang@example.cn"
    message["Subject"] = "申报"
    message.set_content("见附件")
    shown = "".join(f'<img src="cid:{number}@x">' for number in range(len(pictures)))
    message.add_alternative(f"<html><body>见附件{shown}</body></html>", subtype="html")
    for number, (name, content) in enumerate(pictures):
        kind = "png" if content.startswith(b"\x89") else "jpeg"
        message.get_payload()[1].add_related(
            content, "image", kind, cid=f"<{number}@x>", filename=name, disposition="inline"
        )
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def apple_mail(*files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "wang@example.cn"
    message["Subject"] = "申报"
    message.set_content("见附件")
    for name, content in files:
        message.add_attachment(content, maintype="image", subtype="jpeg", filename=name, disposition="inline")
    return message.as_bytes()


REPORT, FORM = report_docx(), form_docx()
ONE, TWO, THREE = (photo_jpg(number) for number in (1, 2, 3))
SMALL = photo_jpg(9, 200, 120)

SCENES = (
    Scene(
        "three files attached",
        mail(("推荐表.docx", FORM), ("案例报告.docx", REPORT), ("智能车间.jpg", ONE)),
        (("推荐表.docx", Role.FORM, ""), ("案例报告.docx", Role.REPORT, ""), ("智能车间.jpg", Role.PHOTO, "智能车间")),
    ),
    Scene(
        "everything in one zip with folders",
        mail(("示例公司.zip", plain_zip({"1.表/扫描件.docx": FORM, "2.文/正文.docx": REPORT, "照片/照片1.jpg": ONE, "照片/照片2.jpg": TWO,
                                     "照片/说明.docx": captions_docx("照片1：数控车床", "照片2：检测中心")}))),
        (("示例公司.zip/1.表/扫描件.docx", Role.FORM, ""), ("示例公司.zip/2.文/正文.docx", Role.REPORT, ""),
         ("示例公司.zip/照片/照片1.jpg", Role.PHOTO, "数控车床"), ("示例公司.zip/照片/照片2.jpg", Role.PHOTO, "检测中心"),
         ("示例公司.zip/照片/说明.docx", Role.OTHER, "")),
    ),
    Scene(
        "captions in the mail's text",
        mail(("IMG_0001.jpg", ONE), ("IMG_0002.jpg", TWO), text="您好，照片说明：\n图一：研发大楼\n图二：生产线\n谢谢"),
        (("IMG_0001.jpg", Role.PHOTO, "研发大楼"), ("IMG_0002.jpg", Role.PHOTO, "生产线")),
    ),
    Scene(
        "a folder for each photo",
        mail(("a.rar", rar5(RarItem("照片/智能仓储/IMG_1.jpg", ONE), RarItem("照片/展厅/IMG_2.jpg", TWO)))),
        (("a.rar/照片/智能仓储/IMG_1.jpg", Role.PHOTO, "智能仓储"), ("a.rar/照片/展厅/IMG_2.jpg", Role.PHOTO, "展厅")),
    ),
    Scene(
        "files renamed and swapped",
        mail(("推荐表.pdf", FORM), ("报告.doc", REPORT), ("照片.dat", ONE)),
        (("推荐表.pdf", Role.FORM, ""), ("报告.doc", Role.REPORT, ""), ("照片.dat", Role.PHOTO, "")),
    ),
    Scene(
        "names that say the wrong thing",
        mail(("案例报告.docx", FORM), ("推荐表.docx", REPORT)),
        (("案例报告.docx", Role.FORM, ""), ("推荐表.docx", Role.REPORT, "")),
    ),
    Scene(
        "logo and pixel in the signature",
        inline_mail(("logo.png", logo_png()), ("p.png", logo_png(2, 2)), attached=(("推荐表.docx", FORM),)),
        (("logo.png", Role.NOISE, ""), ("p.png", Role.NOISE, ""), ("推荐表.docx", Role.FORM, "")),
    ),
    Scene(
        "photos pasted into the text",
        inline_mail(("image001.jpg", ONE), ("image002.jpg", SMALL)),
        (("image001.jpg", Role.PHOTO, ""), ("image002.jpg", Role.NOISE, "")),
    ),
    Scene(
        "photos that Apple's mail program calls inline",
        apple_mail(("展厅.jpg", ONE), ("IMG_2.jpg", SMALL)),
        (("展厅.jpg", Role.PHOTO, "展厅"), ("IMG_2.jpg", Role.PHOTO, "")),
    ),
    Scene(
        "winmail.dat",
        mail(("winmail.dat", tnef(TnefFile("推荐表.docx".encode("gbk"), FORM), TnefFile(b"x", REPORT, "案例报告.docx")))),
        (("winmail.dat/推荐表.docx", Role.FORM, ""), ("winmail.dat/案例报告.docx", Role.REPORT, "")),
    ),
    Scene(
        "Outlook message with captions in its text",
        mail(("申报.msg", msg(MsgMail("申报", "照片1：热处理炉", (MsgFile("照片1.jpg", ONE), MsgFile("案例.docx", REPORT)))))),
        (("申报.msg/照片1.jpg", Role.PHOTO, "热处理炉"), ("申报.msg/案例.docx", Role.REPORT, "")),
    ),
    Scene(
        "the same photo twice",
        mail(("车间.jpg", ONE), ("a.zip", plain_zip({"车间.jpg": ONE}))),
        (("车间.jpg", Role.PHOTO, "车间"), ("a.zip/车间.jpg", Role.PHOTO, "车间")),
    ),
    Scene(
        "a locked archive and its password",
        mail(("a.zip", hand_zip(locked_item("推荐表.docx".encode("gbk"), FORM, b"2026"))), text="压缩包密码2026，请查收"),
        (("a.zip/推荐表.docx", Role.FORM, ""),),
    ),
    Scene(
        "two versions of the report",
        mail(("案例报告（初稿）.docx", report_docx(6000)), ("案例报告（定稿）.docx", REPORT)),
        (("案例报告（初稿）.docx", Role.REPORT, ""), ("案例报告（定稿）.docx", Role.REPORT, "")),
    ),
    Scene(
        "lock file and broken picture",
        mail(("~$案例报告.docx", bytes([4]) + b"wang" + bytes(157)), ("展厅.jpg", ONE[:2000]), ("空.pdf", b"")),
        (("~$案例报告.docx", Role.NOISE, ""), ("展厅.jpg", Role.UNREADABLE, ""), ("空.pdf", Role.UNREADABLE, "")),
    ),
    Scene(
        "a list of captions by file name in a text file",
        mail(("DSC_01.jpg", ONE), ("DSC_02.jpg", TWO), ("照片说明.txt", "DSC_02.jpg：院士工作站\nDSC_01.jpg：总装线".encode("gbk"))),
        (("DSC_01.jpg", Role.PHOTO, "总装线"), ("DSC_02.jpg", Role.PHOTO, "院士工作站"), ("照片说明.txt", Role.OTHER, "")),
    ),
)  # fmt: skip


@pytest.mark.parametrize("scene", SCENES, ids=[scene.id for scene in SCENES])
def test_a_mail_gives_every_file_its_role_and_caption(scene: Scene) -> None:
    assert tuple((leaf.leaf.path, leaf.role, leaf.caption) for leaf in read(scene.raw).leaves) == scene.leaves


def test_where_a_caption_was_found_is_told() -> None:
    names = {"展厅.jpg": ONE, "IMG_0002.jpg": TWO}
    reading = read(mail(("a.zip", plain_zip(names)), text="IMG_0002.jpg：检测中心"))

    assert [(leaf.caption, leaf.caption_from) for leaf in reading.leaves] == [
        ("展厅", "文件名"),
        ("检测中心", "邮件正文"),
    ]


def test_a_link_in_the_quoted_history_of_a_reply_is_not_reported_again() -> None:
    url = "https://pan.baidu.com/s/1abcdefg"
    history = f"好的，谢谢\n\n------------------ 原始邮件 ------------------\n发件人: 王\n材料在 {url} 提取码 1234"

    fresh, replied = (
        read(mail(text=f"材料在 {url} 提取码 1234")),
        read(mail(text=history, headers={"In-Reply-To": "<9@x>"})),
    )

    assert [link.url for link in fresh.links] == [url]
    assert replied.links == ()


def test_what_a_bounce_carries_is_listed_and_never_opened() -> None:
    letter = mail(("推荐表.docx", FORM), subject="补正通知")
    message = EmailMessage()
    message["From"] = "Mail Delivery System <mailer-daemon@163.com>"
    message["Subject"] = "系统退信/Systems bounce"
    message["Return-Path"] = "<>"
    message.set_content("很抱歉，您的邮件被退回，收件人 nobody@example.cn 不存在。550 5.1.1 User unknown")
    message.add_attachment(letter, maintype="application", subtype="octet-stream", filename="原信.eml")

    reading = read(message.as_bytes())

    assert reading.bounce is not None
    assert reading.intent is Intent.BOUNCE
    assert [(leaf.leaf.path, leaf.role, leaf.look) for leaf in reading.leaves] == [("原信.eml", Role.OTHER, None)]


def test_reading_the_same_bytes_twice_gives_the_same() -> None:
    raw = mail(("a.zip", plain_zip({"推荐表.docx": FORM, "展厅.jpg": ONE})))
    received = datetime(2026, 5, 8, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert read_message(raw, MemorySpool(), context(), (), received) == read_message(
        raw, MemorySpool(), context(), (), received
    )


def test_a_single_archive_is_read_like_one_in_a_mail() -> None:
    data = plain_zip({"推荐表.docx": FORM, "照片/展厅.jpg": ONE})

    alone = read_file("材料.zip", data, MemorySpool(), context())

    assert (alone.leaf.type, alone.look.type) == ("zip", "zip")
    assert alone.leaves == read(mail(("材料.zip", data))).leaves or [
        (leaf.leaf.path, leaf.role, leaf.caption) for leaf in alone.leaves
    ] == [(leaf.leaf.path, leaf.role, leaf.caption) for leaf in read(mail(("材料.zip", data))).leaves]
    assert [leaf.role for leaf in alone.leaves] == [Role.FORM, Role.PHOTO]


def test_a_single_file_is_its_own_only_leaf() -> None:
    alone = read_file("推荐表.docx", FORM, MemorySpool(), context())

    assert (alone.leaf.path, alone.leaf.type, alone.leaf.size, alone.leaves) == ("推荐表.docx", "docx", len(FORM), ())
    assert "案例名称" in alone.look.text
