"""Logs: one line each, and no personal data in any of them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from config.logs import mask, set_up_logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Our logs in a text; the loggers are left as they were found."""
    names = ("flows", "parsers", "store", "config")
    before = [
        (
            logging.getLogger(n),
            list(logging.getLogger(n).handlers),
            logging.getLogger(n).level,
            logging.getLogger(n).propagate,
        )
        for n in names
    ]
    text = io.StringIO()
    set_up_logs("INFO", text)
    yield text
    for logger, handlers, level, propagate in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagate


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("来自 zhang.san@example.com.cn 的来信", "来自 z***@example.com.cn 的来信"),
        ("手机13812345678，", "手机138****5678，"),
        ("+86 138-1234-5678", "138****5678"),
        ("身份证 33010119900307123X。", "身份证 330101************。"),
        ("电话0571-85805136", "电话0571-****36"),
        ("账号 6222021202012345678", "账号 6222********5678"),
        ("sha256 13812345678a0f and AL2026-0042", "sha256 13812345678a0f and AL2026-0042"),
        ("2026-05-08T09:30:00+0800 UID 1234567", "2026-05-08T09:30:00+0800 UID 1234567"),
    ],
)
def test_personal_numbers_are_masked_and_ours_are_not(raw: str, shown: str) -> None:
    assert mask(raw) == shown


def test_arguments_and_tracebacks_are_masked_on_one_line(stream: io.StringIO) -> None:
    try:
        int("联系人 13812345678\n zhang@example.com")
    except ValueError:
        logging.getLogger("parsers.form.read").exception("letter to %s", "li.si@example.com")
    lines = stream.getvalue().splitlines()

    assert len(lines) == 1
    assert "letter to l***@example.com" in lines[0]
    assert "ValueError: invalid literal for int() with base 10: '联系人 138****5678\\n z***@example.com'" in lines[0]


def test_a_name_with_line_breaks_cannot_forge_a_line(stream: io.StringIO) -> None:
    logging.getLogger("flows.poll").info("file %s", "a.pdf\n2026-01-01 INFO forged")

    assert len(stream.getvalue().splitlines()) == 1


def test_setting_up_twice_writes_each_line_once(stream: io.StringIO) -> None:
    set_up_logs("WARNING", stream)
    logging.getLogger("store.letters.outbox").info("quiet")
    logging.getLogger("store.letters.outbox").warning("once")

    assert [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()] == ["WARNING store.letters.outbox once"]
