"""A mail attached to a mail is opened, whatever its sender's program put before its header or left out of it."""

from __future__ import annotations

import base64

import pytest

from parsers.facts.mails import MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import read_message
from tests.goldens_mail.kit import PDF
from tests.parsers.containers.world import context

FIELDS = b"From: li@firm.example\r\nTo: us@office.example\r\nSubject: x\r\nDate: Mon, 04 May 2026 10:00:00 +0800\r\n"
TYPE = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="in"\r\n'
BODY = (
    b'\r\n--in\r\nContent-Type: text/plain\r\n\r\nhello\r\n--in\r\nContent-Type: application/pdf; name="a.pdf"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(PDF) + b"\r\n--in--\r\n"
)
INSIDE = {
    "whole": FIELDS + TYPE + BODY,
    "an empty line first": b"\r\n" + FIELDS + TYPE + BODY,
    "blank lines and blanks first": b"\r\n \r\n\n" + FIELDS + TYPE + BODY,
    "a byte order mark": b"\xef\xbb\xbf" + FIELDS + TYPE + BODY,
    "an mbox line": b"From li@firm.example Mon May  4 10:00:00 2026\r\n" + FIELDS + TYPE + BODY,
    "a quoted mbox line": b">From li@firm.example Mon May  4 10:00:00 2026\r\n" + FIELDS + TYPE + BODY,
    "an odd line": FIELDS + "主题：申报\r\n".encode() + TYPE + BODY,
    "an odd line second": b"From: a@b.example\r\n" + "主题：申报\r\n".encode() + FIELDS + TYPE + BODY,
    "two fields": b'Subject: x\r\nContent-Type: multipart/mixed; boundary="in"\r\n' + BODY,
    "only its type": b'Content-Type: multipart/mixed; boundary="in"\r\n' + BODY,
    "a header torn by an empty line": FIELDS + b"\r\n" + TYPE + BODY,
}
WAYS = {
    "message/rfc822": b"Content-Type: message/rfc822\r\n\r\n%s",
    "a file named .eml": b'Content-Type: application/octet-stream; name="x.eml"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n%s",
}


def read(part: bytes) -> MailReading:
    raw = b'From: a@firm.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="out"\r\n\r\n--out\r\n'
    return read_message(raw + part + b"\r\n--out--\r\n", MemorySpool(), context())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("inside", INSIDE)
def test_it_is_opened_and_its_file_found(inside: str, way: str) -> None:
    content = INSIDE[inside]
    reading = read(WAYS[way] % (base64.encodebytes(content) if b"base64" in WAYS[way] else content))
    assert [leaf.leaf.name for leaf in reading.leaves if leaf.leaf.type == "pdf"] == ["a.pdf"]
    assert any("hello" in text for text in reading.forwarded)


@pytest.mark.parametrize(
    "words",
    [
        "备注: 见附件\r\n时间: 5月4日\r\n地点: 宁波\r\n",
        "Subject: 会议纪要\r\n参会: 张三\r\n",
        "From: 张三\r\n谢谢\r\n您好\r\n",
    ],
)
def test_a_note_that_looks_a_little_like_a_header_stays_a_note(words: str) -> None:
    part = b'Content-Type: text/plain; charset=utf-8; name="a.txt"\r\n\r\n' + words.encode()
    assert [(leaf.leaf.name, leaf.leaf.type) for leaf in read(part).leaves] == [("a.txt", "text")]


def test_words_called_a_mail_that_have_no_field_stay_a_file() -> None:
    part = b"Content-Type: message/rfc822; charset=utf-8\r\n\r\n" + "没有信头，只有一句话。".encode()
    assert [leaf.leaf.type for leaf in read(part).leaves] == ["text"]
