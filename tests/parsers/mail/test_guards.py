"""Beyond a guard the reader returns what it has and says so; it never raises and never hangs."""

from __future__ import annotations

import base64

import pytest

from parsers.facts.problem import Weight
from parsers.mail.message import PROBLEMS, decode_mail
from parsers.mail.structure import DEPTH, PARTS
from tests.goldens_mail.bombs import TOP, bombs, nested
from tests.goldens_mail.kit import PDF, head, joined, plain_part
from tests.parsers.mail.test_properties import through_everything

GUARDS = {
    "header block": (TOP + b"X-Long: " + b"a" * 2_000_000 + b"\r\n\r\nhi", "header-too-large"),
    "header lines": (TOP + b"X: y\r\n" * 100_000 + b"\r\nhi", "header-too-large"),
    "header value": (TOP + b"X: y" + b"\r\n y" * 1500 + b"y" * 300_000 + b"\r\n\r\nhi", "header-too-large"),
    "addresses": (TOP + b"To: " + b"a@b.c, " * 8_000 + b"\r\n\r\nhi", "header-too-many-addresses"),
    "encoded words": (
        b"From: a@163.com\r\nSubject: " + b"=?utf-8?B?5qGI?= " * 9_000 + b"\r\n\r\nhi",
        "header-too-many-words",
    ),
    "parameters": (TOP + b"Content-Type: text/plain" + b";a=b" * 50_000 + b"\r\n\r\nhi", "header-too-many-parameters"),
    "depth": (nested(3_000), "mail-too-deep"),
    "parts": (
        TOP + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 50_000,
        "mail-too-many-parts",
    ),
    "text": (TOP + b"\r\n" + b"a\n" * 3_000_000, "text-too-long"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_tells_its_name_and_keeps_what_was_read(guard):
    raw, code = GUARDS[guard]
    mail = decode_mail(raw)
    assert code in {problem.code for problem in mail.problems}
    assert mail.sender.address == "a@163.com"
    assert mail.size == len(raw)


BOMBS = bombs()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.timeout(30)
def test_what_took_others_minutes_is_survived(bomb):
    through_everything(BOMBS[bomb]())


def test_multiparts_are_opened_to_the_promised_depth_and_files_there_are_read():
    inner = plain_part("底")
    for level in range(DEPTH - 1):
        boundary = b"level%03d" % level
        inner = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + joined([inner], boundary)
    raw = head(b'Content-Type: multipart/mixed; boundary="top"') + b"\r\n" + joined([inner], b"top")
    assert decode_mail(raw).text == "底"


def test_parts_up_to_the_guard_are_all_read():
    parts = [b"Content-Type: image/png; name=a%d.png\r\n\r\nx" % number for number in range(PARTS - 10)]
    raw = head(b'Content-Type: multipart/mixed; boundary="top"') + b"\r\n" + joined(parts, b"top")
    mail = decode_mail(raw)
    assert (len(mail.parts), mail.problems) == (PARTS - 10, ())


def test_a_mail_of_problems_alone_lists_only_so_many():
    parts = [b"Content-Type: text/plain; charset=bogus%d\r\n\r\n\xc4\xe3" % number for number in range(PROBLEMS + 50)]
    raw = head(b'Content-Type: multipart/mixed; boundary="top"') + b"\r\n" + joined(parts, b"top")
    problems = decode_mail(raw).problems
    assert (len(problems), problems[-1].code, problems[-1].weight) == (
        PROBLEMS + 1,
        "too-many-problems",
        Weight.SUSPECT,
    )


def test_a_picture_written_into_the_html_is_a_file():
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
    page = b'<p>x</p><img src="data:image/png;base64,' + base64.b64encode(picture) + b'">'
    mail = decode_mail(head(b"Content-Type: text/html; charset=utf-8") + b"\r\n" + page)
    assert [(part.name, part.data, part.inline, part.declared) for part in mail.parts] == [
        ("附件1-1.png", picture, True, "image/png")
    ]
    assert mail.html == '<p>x</p><img src="data:,">'


def test_the_log_says_nothing_about_the_senders_words(caplog):
    raw = (
        head(b'Content-Type: multipart/mixed; boundary="top"', subject=b"=?shift_jis?B?gg==?= secret")
        + b"\r\n"
        + joined([plain_part(), PDF], b"top", close=False)
    )
    decode_mail(raw)
    assert caplog.text == ""
