"""Mails that lost their shape: whatever their type says, parts are divided where their boundary stands."""

from __future__ import annotations

import base64

import pytest

from parsers.facts.problem import Weight
from parsers.mail.message import decode_mail
from tests.goldens_mail.kit import PDF

TYPES = (
    b'multipart/*; boundary="BB7"',
    b'multipart/mixed, boundary="BB7"',
    b"multipart/mixed,boundary=BB7",
    b'multipart; boundary="BB7"',
    b'multipart/; boundary="BB7"',
    b"multipart",
    b"multipart;",
    b'multipart /mixed; boundary="BB7"',
    b'multipart / mixed; boundary="BB7"',
    b'multipart\\mixed; boundary="BB7"',
    b'multipart-mixed; boundary="BB7"',
    b'multi-part/mixed; boundary="BB7"',
    b'Multi part/mixed; boundary="BB7"',
    b'MULTIPART/MIXED BOUNDARY="BB7"',
    b'multipart/mixed: boundary="BB7"',
    b"multipart/mixed; boundary: BB7",
    b'multipart/mixed; boundry="BB7"',
    b'"multipart/mixed"; boundary="BB7"',
    b"'multipart/mixed; boundary=BB7'",
    b'multipart/mixed; boundary="BB7',
    b'multipart/mixed; boundary="OTHER"',
    b"multipart/mixed",
    b'multipart/mixed/related; boundary="BB7"',
    b"multipart/mixed;; boundary=BB7;",
    b'=?utf-8?B?bXVsdGlwYXJ0L21peGVk?=; boundary="BB7"',
    b'text/plain; boundary="BB7"',
    b'text/html; charset=utf-8; boundary="BB7"',
    b'application/octet-stream; boundary="BB7"',
    b'text; boundary="BB7"',
    b'mixed; boundary="BB7"',
    b'boundary="BB7"',
    b'; boundary="BB7"',
    b"text/plain",
    b"",
)
PREAMBLE = b"This is a multi-part message in MIME format.\r\n\r\n"
PARTS = (
    b"--BB7\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + "您好，附件为申报材料。".encode()
    + b'\r\n--BB7\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + base64.encodebytes(PDF)
    + b"\r\n--BB7--\r\n"
)
HEAD = b"From: a@firm.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def typed(value: bytes) -> bytes:
    return b"Content-Type: " + value + b"\r\n" if value else b""


def what_lies_in(raw: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    mail = decode_mail(raw)
    return mail.text.strip(), [(part.name, part.data) for part in mail.parts]


@pytest.mark.parametrize("value", TYPES)
@pytest.mark.parametrize("preamble", [b"", PREAMBLE, b"\r\n\r\n"], ids=["bare", "sentence", "blank"])
def test_a_mail_is_divided_where_its_boundary_stands(value, preamble):
    raw = HEAD + typed(value) + b"\r\n" + preamble + PARTS
    assert what_lies_in(raw) == ("您好，附件为申报材料。", [("a.pdf", PDF)])


@pytest.mark.parametrize("value", TYPES)
def test_so_is_a_part_of_a_mail(value):
    inner = typed(value) + b"\r\n" + PREAMBLE + PARTS
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="top"\r\n\r\n--top\r\n' + inner + b"\r\n--top--\r\n"
    assert what_lies_in(raw) == ("您好，附件为申报材料。", [("a.pdf", PDF)])


@pytest.mark.parametrize(
    "text",
    [
        "原文如下：\r\n--BB7\r\nContent-Type: text/plain\r\n\r\nhello\r\n--BB7--\r\n",
        "--BB7\r\nContent-Type 是什么？\r\n",
        "--BB7\r\nContent-Type: text/plain\r\n\r\n没有结尾的分界线",
        "multipart 是邮件格式。\r\n--\r\n张三\r\n",
    ],
)
def test_words_about_mail_stay_words(text):
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()
    assert what_lies_in(raw) == (text.replace("\r\n", "\n").strip(), [])


def test_a_boundary_that_a_text_names_and_never_uses_divides_nothing():
    raw = HEAD + b'Content-Type: text/plain; charset=utf-8; boundary="BB7"\r\n\r\n' + "您好".encode()
    assert what_lies_in(raw) == ("您好", [])


@pytest.mark.parametrize("short", [0, 1])
def test_a_file_in_whose_midst_the_mail_breaks_off_is_a_fragment_and_unreadable(short):
    whole = HEAD + typed(TYPES[0]) + b"\r\n" + PARTS
    coded = base64.encodebytes(PDF).rstrip(b"\n=")
    end = whole.find(coded) + len(coded) // 4 * 4 - 5 - short
    (part,) = decode_mail(whole[:end]).parts
    weights = {problem.code: problem.weight for problem in part.problems}
    assert weights["base64-cut"] is Weight.UNREADABLE
