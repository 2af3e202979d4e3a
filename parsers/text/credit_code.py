"""统一社会信用代码: 18 characters with a check character (GB 32100-2015)."""

from __future__ import annotations

import re
import unicodedata

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the standard: no I, O, S, V, Z."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CODE = re.compile(rf"(?<![0-9A-Z])[{_ALPHABET}](?:[ \-]?[{_ALPHABET}]){{17}}(?![0-9A-Z])")


def check_character(body: str) -> str:
    """Return the 18th character for these 17; ``ValueError`` where one is not of the alphabet."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Whether this is a well-formed code whose check character is right and whose region is of figures."""
    if len(code) != 18 or not set(code) <= set(_ALPHABET) or not code[2:8].isdigit():
        return False
    return check_character(code[:17]) == code[17]


def find_credit_codes(text: str) -> tuple[str, ...]:
    """Return the valid codes of a text, each once, in order; blanks, hyphens and full-width figures are tolerated."""
    plain = unicodedata.normalize("NFKC", text).upper()
    found = (re.sub(r"[ \-]", "", match.group()) for match in _CODE.finditer(plain))
    return tuple(dict.fromkeys(code for code in found if is_credit_code(code)))


def region_of(code: str) -> str:
    """Return the six figures of the place of registration (``330106``); it does not change when a firm moves."""
    return code[2:8]
