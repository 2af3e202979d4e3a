"""What was added for odd shapes costs little on mails made to cost much: each within seconds of the processor."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from parsers.containers.passwords import find_passwords
from parsers.containers.smime import open_message
from parsers.mail.account import coded_words
from parsers.mail.links import find_links, main_link
from parsers.mail.message import decode_mail
from parsers.text.twice import undo_entities, undo_in_name, undo_twice

HEAD = b"From: a@b\r\n"
PARTS = b"--b\r\nContent-Type: multipart; boundary=b\r\n\r\n" * 30_000
SECONDS = 6.0
COSTLY: dict[str, Callable[[], object]] = {
    "passwords": lambda: find_passwords(("密码：" * 100_000,)),
    "passwords with blanks": lambda: find_passwords(("密码" + " " * 100_000,)),
    "links": lambda: find_links("https://a.example/x 提取码" * 50_000, "", None),
    "links in Chinese folders": lambda: main_link("https://a.example/" + "中/" * 500_000),
    "beginnings of keys": lambda: coded_words("-----BEGIN PUBLIC KEY-----" * 100_000),
    "quoted blanks": lambda: coded_words("> " * 2_000_000),
    "entities": lambda: undo_entities("&#" * 1_000_000),
    "percents": lambda: undo_in_name("%25E6" * 200_000),
    "accents": lambda: undo_twice("é" * 1_000_000),
    "sealed in sealed": lambda: open_message(b"\x30\x80" * 500_000),
    "a torn header": lambda: decode_mail(HEAD + b"\r\n" + b"A: b\r\n" * 200_000),
    "odd types": lambda: decode_mail(HEAD + b"Content-Type: multipart/*; boundary=b\r\n\r\n" + PARTS),
    "banners": lambda: decode_mail(
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + (b"A" * 60 + b"\r\n- x\r\n") * 100_000
    ),
}


@pytest.mark.parametrize("what", COSTLY)
@pytest.mark.timeout(60)
def test_it_is_read_within_seconds(what: str) -> None:
    begun = time.process_time()
    COSTLY[what]()
    assert time.process_time() - begun < SECONDS
