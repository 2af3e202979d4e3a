"""Telling distinct photos from repeats, and both from what only looks alike."""

from __future__ import annotations

import pytest

from flows.checks.likeness import Distinct, distinct, look_alike
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
def test_pictures_eight_bits_apart_look_alike_and_nine_do_not(one: str, other: str, expected: bool) -> None:
    assert look_alike(one, other) is expected


def test_the_same_bytes_are_the_same_photo_though_nobody_could_look_at_them() -> None:
    unseen = picture(1, phash="")
    first, again, other = photo(1, unseen), photo(2, unseen, sha256=photo(1).sha256), photo(3, unseen)

    assert distinct((first, again, other)) == Distinct((first, other), ((again, first),), ())


def test_what_only_looks_alike_is_kept_and_named_beside_the_photo_that_it_is_like() -> None:
    first, alike, again = photo(1), photo(2, picture(2, phash="ffff0000ffff0001")), photo(3, sha256=photo(1).sha256)

    assert distinct((first, alike, again)) == Distinct((first, alike), ((again, first),), ((alike, first),))
