"""Mails made to hurt their reader: what took other parsers seconds, minutes or gigabytes."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

from collections.abc import Callable

TOP = b"From: a@163.com\r\nSubject: x\r\n"
MIXED = TOP + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'


def nested(depth: int) -> bytes:
    return (
        TOP
        + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
        + b"\r\nx"
    )


def bombs(size: int = 1) -> dict[str, Callable[[], bytes]]:
    """By name, made when called; ``size`` multiplies the harmful part (1: for tests; 10: tens of megabytes, for the bench)."""

    def page(unit: bytes, count: int) -> bytes:
        return TOP + b"Content-Type: text/html\r\n\r\n" + unit * count

    return {
        "one long header": lambda: TOP + b"X-Long: " + b"a" * 2_000_000 * size + b"\r\n\r\nhi",
        "header lines": lambda: TOP + b"X: y\r\n" * 100_000 * size + b"\r\nhi",
        "folded header": lambda: TOP + b"X: y" + b"\r\n y" * 30_000 * size + b"\r\n\r\nhi",
        "lines without a colon": lambda: TOP + b"nocolon\r\n" * 20_000 * size + b"X: y\r\n\r\nhi",
        "addresses": lambda: TOP + b"To: " + b"a@b.c, " * 8_000 * size + b"\r\n\r\nhi",
        "encoded words": lambda: b"From: a@163.com\r\nSubject: " + b"=?utf-8?B?5qGI?= " * 9_000 * size + b"\r\n\r\nhi",
        "marks of words without words": lambda: (
            TOP + b"X: " + b"=?=?" * 60_000 * size + b"\r\nTo: " + b"=?=?" * 15_000 + b"\r\n\r\nhi"
        ),
        "parameters": lambda: TOP + b"Content-Type: text/plain" + b";a=b" * 50_000 * size + b"\r\n\r\nhi",
        "RFC 2231 pieces": lambda: (
            TOP
            + b"Content-Type: text/plain"
            + b"".join(b"; name*%d*=%%41" % n for n in range(15_000 * size))
            + b"\r\n\r\nhi"
        ),
        "escaped quotes": lambda: b'From: "' + b'\\"' * 30_000 * size + b"\r\n\r\nhi",
        "open brackets": lambda: b"From: " + b"<" * 60_000 * size + b"\r\nTo: " + b"(" * 60_000 * size + b"\r\n\r\nhi",
        "references": lambda: TOP + b"References: " + b"<a@b> " * 20_000 * size + b"\r\n\r\nhi",
        "multiparts in multiparts": lambda: nested(3_000 * size),
        "one boundary inside itself": lambda: (
            MIXED + b'--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' * 3_000 * size
        ),
        "mails in mails": lambda: TOP + b"Content-Type: message/rfc822\r\n\r\n" * 3_000 * size,
        "parts": lambda: MIXED + b"--b\r\n\r\nx\r\n" * 50_000 * size,
        "files of one name": lambda: MIXED + b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n" * 1_990,
        "delimiters that are none": lambda: MIXED + (b"--b" + b" " * 100 + b"x\n") * 10_000 * size,
        "delimiters of a longer boundary": lambda: MIXED + b"--bx\r\n" * 150_000 * size,
        "delimiters to guess from": lambda: (
            TOP + b"Content-Type: multipart/mixed\r\n\r\n" + b"--a\r\nContent-x\r\n" * 50_000 * size
        ),
        "short lines": lambda: TOP + b"\r\n" + b"a\n" * 1_000_000 * size,
        "quoted lines": lambda: TOP + b"\r\n" + b"> a\n" * 500_000 * size,
        "flowed lines": lambda: TOP + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * 300_000 * size,
        "depths of quoting": lambda: TOP + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b">" * 500_000 * size,
        "attributions that are none": lambda: TOP + b"\r\n" + (b"1" * 590 + b"\n") * 500 * size,
        "begin lines": lambda: TOP + b"\r\n" + b"begin 644 a\n" * 80_000 * size,
        "uuencoded files": lambda: TOP + b"\r\n" + b"begin 644 a\n#86)C\n`\nend\n" * 30_000 * size,
        "padding": lambda: (
            TOP
            + b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + b"AA==" * 250_000 * size
        ),
        "padding in words": lambda: TOP + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A" * 500_000 * size,
        "equals signs": lambda: TOP + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"= " * 500_000 * size,
        "bytes that are no character": lambda: (
            TOP + b"Content-Type: text/plain; charset=gbk\r\n\r\n" + b"\xff" * 900_000 * size
        ),
        "links": lambda: TOP + b"\r\n" + b"https://pan.baidu.com/s/" * 30_000 * size,
        "open tags": lambda: page(b"<a ", 300_000 * size),
        "nested tags": lambda: page(b"<div>", 19_000),
        "very many nested tags": lambda: page(b"<div>", 100_000 * size),
        "nested tables": lambda: page(b"<table><tr><td>", 190),
        "open comments": lambda: page(b"<!--", 200_000 * size),
        "entities": lambda: page(b"&#x41;", 100_000 * size),
        "one line without an end": lambda: b"X: " + b"a" * 5_000_000 * size,
        "one attachment": lambda: (
            TOP
            + b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + (b"A" * 76 + b"\r\n") * 32_000 * size
        ),
    }
