"""Compare two writings of a name (名称比对), leniently: a slip of the pen is no second company."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from parsers.names.company import normalise_name
from parsers.text.firm_words import BLANK_ENDINGS

MARKS = re.compile(r"[\W_]+")

TITLES_AGREE = 80
"""Likeness of two titles, of 100, from which they are one title written with a slip or a changed word."""


def fold_name(text: str) -> str:
    """Return the name without width, spaces, brackets, quotes and other marks, in lower case."""
    return MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two writings of a company's name are the same but for marks and a （盖章） or （全称） behind it.

    No misread character is forgiven: one character may be all that tells two firms apart.
    """
    left, right = fold_name(normalise_name(one)), fold_name(normalise_name(other))
    return bool(left) and left == right


def nearly_same_name(one: str, other: str) -> bool:
    """Whether two names of eight characters and more differ in one or two: a misreading is likely, not certain."""
    left, right = fold_name(one), fold_name(other)
    return min(len(left), len(right)) >= 8 and 0 < Levenshtein.distance(left, right) <= 2


def same_title(one: str, other: str) -> bool:
    """Whether two writings of a case's title are the same: one may carry a subtitle, or differ in a few characters."""
    left, right = fold_name(one), fold_name(other)
    if not left or not right:
        return False
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 6 and shorter in longer:
        return True
    return fuzz.ratio(left, right) >= TITLES_AGREE


def looks_like_a_company(name: str) -> bool:
    """Whether the words end as the full name of a firm does; what stands in brackets behind it is left out."""
    bare = re.sub(r"[（(][^（）()]*[）)]\s*$", "", unicodedata.normalize("NFKC", name)).strip()
    return len(fold_name(bare)) >= 5 and bare.endswith(BLANK_ENDINGS)
