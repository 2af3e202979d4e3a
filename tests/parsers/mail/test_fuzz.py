"""A longer run of damaged and crossed mails through everything that reads words (bounded for CI)."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import random

import pytest

from tests.goldens_mail import all_goldens
from tests.parsers.mail.test_properties import through_everything
from tests.sizes import sized

ROUNDS = sized(8_000, 40_000)
TOKENS = [
    b"\r\n\r\n", b"\r\n", b"\n", b"\0", b"=?", b"?=", b"=?gbk?B?", b"--", b'"', b";", b"=", b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"\xff", b"\x81\x20", "案例".encode("gbk"), "案例".encode(), b"begin 644 a\r\n", b"; filename*1*=%E6", b"<div>", b"https://pan.baidu.com/s/1a ",
    b"From: <>\r\n", b"Auto-Submitted: auto-replied\r\n", b"------------------ \xd4\xad\xca\xbc\xd3\xca\xbc\xfe ------------------", b" " * 500, b"(" * 500, b"%" * 200, b"=" * 300,
]  # fmt: skip


def damaged(seeds: list[bytes], chance: random.Random) -> bytes:
    raw = bytearray(chance.choice(seeds))
    if chance.random() < 0.3:
        other = chance.choice(seeds)
        cut, take = chance.randrange(len(raw) + 1), chance.randrange(len(other) + 1)
        raw = raw[:cut] + bytearray(other[take:])
    for _ in range(chance.randrange(1, 10)):
        at = chance.randrange(len(raw) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            raw[at:at] = chance.choice(TOKENS)
        elif kind == 1:
            del raw[at : at + chance.randrange(1, 120)]
        elif kind == 2:
            raw[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            raw[at:at] = raw[max(0, at - chance.randrange(1, 300)) : at]
        else:
            swap = chance.randrange(len(raw) + 1)
            raw[at:at] = raw[swap : swap + chance.randrange(1, 200)]
    return bytes(raw)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(sized(280, 3_600))
def test_thousands_of_damaged_and_crossed_mails_are_read_without_an_error():
    seeds = [golden.raw for golden in all_goldens()]
    chance = random.Random(20260528)
    for _ in range(ROUNDS):
        through_everything(damaged(seeds, chance))
