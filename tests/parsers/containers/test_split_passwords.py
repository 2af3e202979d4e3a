"""Passwords in pieces: 52 ways by somebody who had not read the code (split_passwords.toml beside this)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsers.containers.passwords import find_passwords

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("split_passwords.toml").read_text("utf-8"))["case"]
NOT_READ = {
    "sp-07": "two lines that are joined without a word that says so",
    "sp-08": "a password broken at the end of a line",
    "sp-10": "two passwords on lines of their own",
    "sp-11": "a password explained before it is written",
    "sp-18": "a correction without the word 密码 in the text",
    "sp-21": "blanks inside a number of the subject",
    "sp-23": "the ending of a file's name taken for a password: a guess that nobody is told of",
    "sp-27": "the file's own name is the password",
    "sp-28": "the end of the file's own name is the password",
    "sp-29": "a note whose own name ends with the password",
    "sp-38": "two telephones, either of which may be meant",
    "sp-40": "a colleague who does not say 密码",
    "sp-41": "a list of passwords by firm",
    "sp-45": "the first letters of the firm's pinyin",
    "sp-48": "a full-width mark inside a password",
}


def texts(case: dict[str, Any]) -> list[str]:
    mails = [f"{mail.get('subject', '')}\n{mail.get('text', '')}" for mail in case["mail"]]
    return [*mails, *case.get("files", [])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['id']}")
def test_what_the_sender_told_is_tried_and_nothing_that_he_did_not(case: dict[str, Any]) -> None:
    if case["id"] in NOT_READ:
        pytest.xfail(NOT_READ[case["id"]])
    found = find_passwords(texts(case))

    wanted = case["passwords"]
    assert wanted[0] in found if wanted else set(found) <= set(case.get("or", []))
