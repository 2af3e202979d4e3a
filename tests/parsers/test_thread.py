"""The Message-IDs of our letters."""

from __future__ import annotations

from parsers.mail.token import make_token

SECRET = b"an installation's own secret"


def test_a_token_names_submission_and_letter_and_ends_in_what_nobody_can_guess():
    token = make_token(SECRET, "AL2026-0042", "deficiency-3")
    assert token.startswith("zhengji.al2026-0042.deficiency-3.")
    other = make_token(b"another secret", "AL2026-0042", "deficiency-3")
    assert len(other) == len(token)
    assert other != token


def test_different_letters_of_one_submission_have_different_tokens():
    assert len({make_token(SECRET, "AL2026-0042", str(n)) for n in range(50)}) == 50
