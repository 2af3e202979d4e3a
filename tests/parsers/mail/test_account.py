"""The byte account: every byte of a mail is in a header, a text, a file or a separator, or it is told."""

from __future__ import annotations

import base64
import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.facts.account import UNACCOUNTED_BYTES, ByteAccount
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.mail.account import coded_words
from parsers.mail.message import DecodedMail, decode_mail
from parsers.read import UNSEEN_PART, read_message
from tests.goldens_mail import all_goldens
from tests.goldens_mail.bombs import bombs
from tests.goldens_mail.kit import PDF
from tests.parsers.containers.world import context

GOLDENS = all_goldens()
UNSEEN = {
    "bytes-outside-parts",
    "base64-as-words",
    "header-lines-unread",
    "transfer-unread",
    "bytes-unaccounted",
}
CODED = base64.encodebytes(random.Random(5).randbytes(3000)).decode()
HEAD = b"From: a@firm.example\r\nSubject: x\r\n"


def hidden(mail: DecodedMail) -> set[str]:
    problems = [*mail.problems, *(problem for part in mail.parts for problem in part.problems)]
    return {problem.code for problem in problems if problem.weight is Weight.UNREADABLE} & UNSEEN


def text(body: str, head: bytes = b"Content-Type: text/plain; charset=utf-8\r\n") -> bytes:
    return HEAD + head + b"\r\n" + body.encode()


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_a_golden_mail_sums_and_none_of_it_is_called_unseen(golden):
    mail = decode_mail(golden.raw)
    assert mail.account.sums
    assert mail.account.size == len(golden.raw)
    assert hidden(mail) == set()


@pytest.mark.parametrize("bomb", sorted(bombs()))
@pytest.mark.timeout(30)
def test_hostile_mails_sum_too(bomb):
    assert decode_mail(bombs()[bomb]()).account.sums


def test_each_byte_is_in_its_place():
    words, file = b"Content-Type: text/plain\r\n\r\n", b"Content-Type: application/pdf\r\n\r\n"
    body = b"--b\r\n" + words + b"hello\r\n--b\r\n" + file + b"%PDF-1.4\r\n--b--\r\n"
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert decode_mail(head + body).account == ByteAccount(
        size=len(head + body),
        headers=len(head + words + file),
        texts=len(b"hello"),
        files=len(b"%PDF-1.4"),
        separators=len(b"--b\r\n" + b"\r\n--b\r\n" + b"\r\n--b--\r\n"),
    )


LOST = {
    "base64 read as words": text(f"请查收\r\n{CODED}"),
    "base64 in one line": text("请查收 " + CODED.replace("\n", "")),
    "base64 that is quoted": text("> " + CODED.replace("\n", "\n> ")),
    "uuencode without its beginning": text(
        "M" + "'#8V5F=&%G:&EJ:VQM;F]P<7)S='5V=WAY>GM\\?7Y_@(&\"@X2%AH>(B8J+" * 1 + "\r\n"
    )
    + ("M" + "#8V5F=&%G:&EJ:VQM;F]P<7)S='5V=WAY>G'[AB,D)28G*\"DJ*RPM+B\\P" + "\r\n").encode() * 30,
    "a file before the first part": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + CODED.encode()
    + b"\r\n--b\r\n\r\nhello\r\n--b--\r\n",
    "a file behind the last part": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n"
    + CODED.encode(),
    "base64 behind padding and words": HEAD
    + b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(PDF[:100])
    + b"and one more file below:\r\n"
    + CODED.encode(),
    "base64 in a header that never ends": b"From: a@firm.example\r\n"
    + (CODED.replace("\n", "\r\nX-A: b\r\n")).encode(),
}


@pytest.mark.parametrize("way", LOST)
def test_what_belongs_to_nothing_is_told_as_unseen(way):
    mail = decode_mail(LOST[way])
    assert mail.account.sums
    assert hidden(mail)
    reading = read_message(LOST[way], MemorySpool(), context())
    assert reading.hides
    (unseen,) = [one for one in reading.leaves if one.leaf.name == UNSEEN_PART]
    assert unseen.role is Role.UNREADABLE
    assert all(problem.cure for problem in unseen.leaf.problems)


@pytest.mark.parametrize(
    "words",
    [
        "-" * 3000,
        "=" * 3000,
        "a" * 3000,
        "0123456789abcdef" * 200,
        "Lorem ipsum dolor sit amet " * 200,
        "申报材料" * 900,
        "https://t.example/?p=" + "aB3-_x" * 300,
        f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{CODED}=abcd\n-----END PGP PUBLIC KEY BLOCK-----",
        f"-----BEGIN CERTIFICATE-----\n{CODED}-----END CERTIFICATE-----",
        CODED[:900],
    ],
)
def test_what_people_and_programs_write_is_not_called_a_file(words):
    assert coded_words(words) <= UNACCOUNTED_BYTES


def test_what_words_hold_in_an_attached_text_is_told():
    part = b'--b\r\nContent-Type: text/plain; name="a.txt"\r\n\r\n' + CODED.encode() + b"\r\n--b--\r\n"
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part
    reading = read_message(raw, MemorySpool(), context())
    assert [one.role.value for one in reading.leaves] == ["unreadable"]


def test_a_file_that_lost_its_header_is_a_file_and_no_words():
    data = random.Random(3).randbytes(4000)
    part = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data) + b"\r\n--b--\r\n"
    mail = decode_mail(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part)
    assert [part.data for part in mail.parts] == [data]


def mangled(rng: random.Random, data: bytes) -> bytes:
    """Return a mail with one file, of whose structure a line or two are lost, torn, doubled or misspelt."""
    file = (
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="a.bin"\r\n\r\n' + base64.encodebytes(data).replace(b"\n", b"\r\n")
    )
    body = b"--bnd\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n--bnd\r\n" + file + b"--bnd--\r\n"
    raw = HEAD + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bnd\r\n\r\n" + body
    if rng.random() < 0.4:
        around = (
            HEAD + b"Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\nContent-Type: message/rfc822\r\n\r\n"
        )
        raw = around + raw + b"\r\n--out--\r\n"
    lines = raw.split(b"\r\n")
    places = [n for n, line in enumerate(lines) if line.startswith(b"--") or b":" in line or not line]
    for place in rng.sample(places, rng.randint(1, 2)):
        line = lines[place]
        at = rng.randrange(len(line) + 1)
        lines[place] = rng.choice(
            (b"", line[:at] + line[at + 1 :], line[:at] + b" " + line[at:], line[:at] + b"*" + line[at + 1 :],
             b"odd line\r\n" + line, b"\r\n" + line)
        )  # fmt: skip
    return b"\r\n".join(lines)


def says_so(reading: MailReading) -> bool:
    return reading.hides or any(one.role.value == "unreadable" for one in reading.leaves)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 1 << 32))
def test_no_shape_loses_a_file_in_silence(seed):
    rng = random.Random(seed)
    data = rng.randbytes(3000)
    reading = read_message(mangled(rng, data), MemorySpool(), context())
    assert reading.raw_account.sums
    found = any(one.leaf.sha256 == hashlib.sha256(data).hexdigest() for one in reading.leaves)
    assert found or says_so(reading)
