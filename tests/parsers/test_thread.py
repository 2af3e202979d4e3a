"""Our token in Message-IDs, and the numbers people quote."""

from __future__ import annotations

import pytest

from parsers.mail.token import find_numbers, is_ours, make_token, read_token

SECRET = b"an installation's own secret"
TOKEN = make_token(SECRET, "AL2026-0042", "deficiency-3")


def test_a_token_names_its_submission_again():
    assert read_token(SECRET, (f"<{TOKEN}@163.com>",)) == "AL2026-0042"
    assert TOKEN.startswith("zhengji.al2026-0042.deficiency-3.")


def test_a_token_survives_case_and_folding():
    folded = f"<{TOKEN[:20]}\r\n\t{TOKEN[20:]}@163.COM>"
    assert read_token(SECRET, (folded,)) == "AL2026-0042"
    assert read_token(SECRET, (f"<{TOKEN.upper()}@163.com>",)) == "AL2026-0042"


def test_the_newest_reference_counts():
    older = f"<{make_token(SECRET, 'AL2026-0001', '1')}@163.com>"
    assert read_token(SECRET, (older, "<x@qq.com>", f"<{TOKEN}@163.com>", "<y@qq.com>")) == "AL2026-0042"


@pytest.mark.parametrize(
    "forged",
    [
        TOKEN.replace("0042", "0043"),
        TOKEN.replace("deficiency-3", "deficiency-4"),
        TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1"),
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN.rpartition(".")[0] + "." + "0" * 32,
        make_token(b"another secret", "AL2026-0042", "deficiency-3"),
    ],
)
def test_a_forged_token_proves_nothing(forged):
    assert read_token(SECRET, (f"<{forged}@163.com>",)) is None


def test_a_forged_newer_reference_does_not_hide_the_genuine_one():
    forged = f"<{TOKEN[:-4]}0000@163.com>"
    assert read_token(SECRET, (f"<{TOKEN}@163.com>", forged)) == "AL2026-0042"


def test_the_form_of_ours_is_recognised_without_the_secret():
    assert is_ours(f"<{TOKEN}@163.com>")
    assert not is_ours("<zhengji@163.com>")


def test_different_letters_of_one_submission_have_different_tokens():
    assert len({make_token(SECRET, "AL2026-0042", str(n)) for n in range(50)}) == 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("回复：收讫（受理编号 AL2026-0042）", ("AL2026-0042",)),
        ("ＡＬ２０２６－００４２ 补正", ("AL2026-0042",)),
        ("al2026-0042", ("AL2026-0042",)),
        ("AL2026 - 0042", ("AL2026-0042",)),
        ("AL20260042", ("AL2026-0042",)),
        ("AL2026 0042", ("AL2026-0042",)),
        ("AL2026—0042", ("AL2026-0042",)),
        ("AL2026-42", ("AL2026-0042",)),
        ("A L 2026-0042", ("AL2026-0042",)),
        ("AL2026-0042、AL2026-0007和AL2026-0042", ("AL2026-0042", "AL2026-0007")),
        ("AL2026-12345", ("AL2026-12345",)),
        ("XAL2026-0042", ()),
        ("AL2025-0042", ()),
        ("AL2026年0042", ()),
        ("AL2026-", ()),
        ("AL2026-1234567", ()),
        ("没有编号", ()),
    ],
)
def test_numbers_are_found_however_people_write_them(text, expected):
    assert find_numbers(text, "AL2026") == expected
