"""Letters as bytes: right by RFC 5322 and 3834, the same bytes for the same letter, and nothing smuggled in."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest

from flows.replies.letter import Attachment, Letter, LetterKind
from flows.replies.mime import ascii_address, can_be_sent_to, to_bytes

PLAIN = Letter(
    kind=LetterKind.RECEIVED,
    to_name="杭州钱江精密轴承有限公司办公室",
    to_address="office@example.com",
    subject="【已收讫·无需操作】AL2026-0042 杭州钱江精密轴承有限公司 优秀案例申报",
    text="您好！\n第二行\n",
    html="<p>您好！</p>\n",
    in_reply_to="<1@example.com>",
    references=("<0@example.com>", "<1@example.com>"),
)
PICTURE = Attachment("place-1.jpg", "image/jpeg", b"\xff\xd8jpeg", "place-1.abc@zhengji.invalid", "问题所在位置的图像")
ANNEX = Attachment(
    "附件1 浙江省专精特新企业发展优秀案例申报推荐表.docx", "application/octet-stream", b"PK\x03\x04" * 40
)
WHEN = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)


def made(letter: Letter = PLAIN, **changes: Any) -> bytes:
    given = {
        "sender": "call@example.org",
        "sender_name": "浙江省“三会”专精特新企业促进分会",
        "message_id": "<zj.AL2026-0042.1.abc@example.org>",
        "date": WHEN,
        "instance_id": "zj-1",
    }
    return to_bytes(letter, **{**given, **changes})


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_headers_say_who_answers_what_and_that_a_machine_does() -> None:
    mail = email.message_from_bytes(made())
    assert {
        name: str(make_header(decode_header(re.sub(r"\s*\r?\n\s+", " ", mail[name]))))
        for name in mail
        if name != "Content-Type"
    } == {
        "From": "浙江省“三会”专精特新企业促进分会 <call@example.org>",
        "To": "杭州钱江精密轴承有限公司办公室 <office@example.com>",
        "Subject": "【已收讫·无需操作】AL2026-0042 杭州钱江精密轴承有限公司 优秀案例申报",
        "Date": "Fri, 08 May 2026 10:00:00 +0800",
        "Message-ID": "<zj.AL2026-0042.1.abc@example.org>",
        "In-Reply-To": "<1@example.com>",
        "References": "<0@example.com> <1@example.com>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Zhengji-ID": "zj-1/zj.AL2026-0042.1.abc@example.org",
        "MIME-Version": "1.0",
    }


def test_both_forms_come_back_as_they_were_written() -> None:
    mail = parsed(made())
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content() == PLAIN.text.replace("\n", "\r\n")
    assert mail.get_body(("html",)).get_content() == PLAIN.html.replace("\n", "\r\n")


def test_pictures_are_related_to_the_html_and_files_are_attached() -> None:
    mail = parsed(made(replace(PLAIN, attachments=(PICTURE, ANNEX))))
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "multipart/related"),
        *("text/html", "image/jpeg", "application/octet-stream"),
    ]
    picture, annex = list(mail.walk())[-2:]
    assert (picture["Content-ID"], picture.get_content()) == (f"<{PICTURE.content_id}>", PICTURE.data)
    assert (annex.get_filename(), annex.get_content()) == (ANNEX.name, ANNEX.data)
    assert [part.get_filename() for part in mail.iter_attachments()] == [ANNEX.name]


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = replace(PLAIN, attachments=(PICTURE, ANNEX))
    assert made(letter) == made(letter)


@pytest.mark.parametrize("kind", [LetterKind.REMIND_OPEN, LetterKind.REMIND_DEADLINE, LetterKind.DIGEST])
def test_letters_that_answer_nothing_are_auto_generated(kind: LetterKind) -> None:
    assert parsed(made(replace(PLAIN, kind=kind)))["Auto-Submitted"] == "auto-generated"


def test_every_line_is_ascii_ends_in_crlf_and_keeps_the_length_of_rfc_5322() -> None:
    long_id = f"<{'x' * 300}@example.com>"
    letter = replace(
        PLAIN, subject="长" * 118, to_name="名" * 60, attachments=(ANNEX,), references=(long_id,), in_reply_to=long_id
    )
    raw = made(letter)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    head = [line for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n") if b"xxx" not in line]
    assert max(map(len, head)) <= 78
    # Read by the plain RFC 2047 decoder: the address parser of Python 3.11 puts blanks between encoded words.
    mail = email.message_from_bytes(raw)
    assert str(make_header(decode_header(mail["Subject"]))) == "长" * 118
    assert str(make_header(decode_header(mail["To"]))) == f"{'名' * 60} <office@example.com>"


def test_a_long_message_id_stands_whole_so_that_threads_hold() -> None:
    long_id = f"<{'y' * 200}@example.com>"
    raw = made(replace(PLAIN, in_reply_to=long_id, references=(long_id,)))
    assert raw.count(long_id.encode()) == 2


@pytest.mark.parametrize("bad", ["", "<a b@c>", "<a@b>\r\nBcc: x@y", "no-brackets@example.com", "<中@example.com>"])
def test_what_is_no_message_id_is_left_out_of_the_thread(bad: str) -> None:
    mail = parsed(made(replace(PLAIN, in_reply_to=bad, references=(bad, "<1@example.com>"))))
    assert (mail["In-Reply-To"], mail["References"]) == (None, "<1@example.com>")


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "甲\r\nBcc: all@example.com\r\n\r\n正文"},
        {"to_name": '办公室" <evil@example.com>,\r\nBcc: x@y.z'},
        {"attachments": (replace(ANNEX, name='a"\r\nContent-Type: text/html\r\n\r\n<script>.docx'),)},
        {"attachments": (replace(PICTURE, description="x\r\nBcc: x@y.z"),)},
    ],
)
def test_no_word_can_add_a_header_a_recipient_or_a_part(changes: dict[str, Any]) -> None:
    mail = parsed(made(replace(PLAIN, **changes)))
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["office@example.com"]
    assert all(part["Bcc"] is None for part in mail.walk())
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds[:2] == ["text/plain", "text/html"]
    assert len(kinds) == 2 + len(changes.get("attachments", ()))


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({"to_address": "a@b.c\r\nBcc: x@y.z"}, {}),
        ({"to_address": "a@b.c, d@e.f"}, {}),
        ({"to_address": ""}, {}),
        ({"to_address": "收件人@example.com"}, {}),
        ({}, {"sender": "call@example.org>\r\nX: y"}),
        ({}, {"message_id": "<a@b>\r\nX: y"}),
        ({}, {"instance_id": "a b"}),
        ({"attachments": (replace(ANNEX, media_type="text/html\r\nX: y"),)}, {}),
        ({"attachments": (replace(PICTURE, content_id="a>\r\nX: y"),)}, {}),
    ],
)
def test_an_address_or_id_that_could_break_a_header_stops_the_letter(
    changes: dict[str, Any], given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"不能用于发信|不合格式"):
        made(replace(PLAIN, **changes), **given)


def test_line_ends_inside_texts_become_crlf_and_bare_cr_goes() -> None:
    raw = made(replace(PLAIN, text="a\rb\r\nc\n"))
    assert parsed(raw).get_body(("plain",)).get_payload(decode=True) == b"a\r\nb\r\nc\r\n"


def test_boundaries_never_occur_inside_a_part() -> None:
    raw = made(replace(PLAIN, attachments=(PICTURE, ANNEX)))
    marks = set(re.findall(rb'boundary="([^"]+)"', raw))
    assert len(marks) == 3
    for mark in marks:
        assert raw.count(b"--" + mark + b"--") == 1


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("office@example.com", True),
        ("a.b+c_d=e@sub.example.cn", True),
        ("", False),
        ("收件人@example.com", False),
        ("office@例子.中国", False),
        ("a@b.c, d@e.f", False),
        ("<a@b.c>", False),
        ("a b@c.d", False),
        ("x" * 65 + "@example.com", False),
        ("a@" + "b" * 253, False),
    ],
)
def test_only_one_plain_mailbox_can_be_written_to(address: str, can: bool) -> None:
    assert can_be_sent_to(address) is can


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("office@example.com", "office@example.com"),
        ("wang@远衡.example", "wang@xn--4n2a36m.example"),
        ("wang@例子.中国", "wang@xn--fsqu00a.xn--fiqs8s"),
        ("王@例子.中国", "王@xn--fsqu00a.xn--fiqs8s"),
        ("a@远。衡", "a@xn--u73a.xn--4n2a"),
        ("no-address-远", "no-address-远"),
        ("a@" + "远" * 80, "a@" + "远" * 80),
        ("", ""),
    ],
)
def test_a_domain_in_chinese_goes_by_its_ascii_name(address: str, written: str) -> None:
    assert ascii_address(address) == written
