"""Words that point to a person (个人信息): mail addresses, telephone numbers, identity numbers in running text.

The journal is never changed, so nothing may stand in it that a person can ask us to forget. What its sentences would
say of one is put as a reference to the row that holds it, or left out where no row does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ADDRESS = re.compile(r"[A-Za-z0-9._%+'=~*-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
PHONE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})(?![0-9A-Za-z])"
)
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)

NO_ADDRESS, NO_PHONE, NO_IDENTITY = "〔邮箱〕", "〔电话〕", "〔证件号〕"


def without_persons(text: str, refer: Callable[[str], str] = lambda _: NO_ADDRESS) -> str:
    """Return the text without what points to a person; ``refer`` says what stands for a mail address."""
    if "@" in text:
        text = ADDRESS.sub(lambda found: refer(found.group()), text)
    return PHONE.sub(NO_PHONE, IDENTITY.sub(NO_IDENTITY, text))
