"""Telling distinct photos from repeats."""

from __future__ import annotations

import pytest

from flows.checks.likeness import distinct, same_picture
from tests.checks.dossiers import photo, picture


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ffff0000ffff0000", "ffff0000ffff0000", True),
        ("ffff0000ffff0000", "ffff0000ffff00ff", True),
        ("ffff0000ffff0000", "ffff0000ffff01ff", False),
        ("", "", False),
        ("", "ffff0000ffff0000", False),
        ("not a hash", "ffff0000ffff0000", False),
    ],
)
def test_pictures_eight_bits_apart_are_the_same_and_nine_are_not(one: str, other: str, expected: bool) -> None:
    assert same_picture(one, other, 8) is expected


def test_the_same_bytes_are_the_same_photo_though_nobody_could_look_at_them() -> None:
    unseen = picture(1, phash="")
    first, again, other = photo(1, unseen), photo(2, unseen, sha256=photo(1).sha256), photo(3, unseen)

    assert distinct((first, again, other), 8) == ((first, other), ((again, first),))


def test_the_first_of_several_repeats_is_kept() -> None:
    first, second, third = photo(1), photo(2, picture(2, phash="ffff0000ffff0001")), photo(3, picture(1))

    assert distinct((first, second, third), 8) == ((first,), ((second, first), (third, first)))
