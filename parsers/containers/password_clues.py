"""Passwords that must be put together (要拼出来的解压密码): two halves, 手机号后六位, 信用代码后6位.

They are guesses that the sender's own words name in full: both halves, or the number whose end is meant, stand in what
he wrote. Measured on ``tests/parsers/containers/split_passwords.toml``, written by somebody who had not read this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_HALF = r"(?P<half>[!-~]{2,32}?)(?=[\s，。；、,;]|的|$|[\u4e00-\u9fff])"
_SAID = r"(?:密码|口令)?\s*(?:是|为|[:：])?\s*"
_FIRST = re.compile(rf"(?:前半(?:段|部分|截)?|第一部分|上半(?:段|部分)?){_SAID}{_HALF}")
_SECOND = re.compile(rf"(?:后半(?:段|部分|截)?|第二部分|下半(?:段|部分)?){_SAID}{_HALF}")
_TAIL = re.compile(
    r"(?P<what>手机|电话|号码|信用代码|税号|代码)[^\n，。；:：]{0,8}?(?:后|末|最后)\s*(?P<digits>[三四五六七八]|[3-8])\s*位"
)
_NUMBERS = {"三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{9,10}(?![0-9A-Za-z])")
_MOST = 4


def joined_halves(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the password of which these texts tell a first and a second half, whatever their order; at most one.

    Where a half is told twice with other words nobody can say which counts: then none.
    """
    firsts = {match["half"] for text in texts for match in _FIRST.finditer(text)}
    seconds = {match["half"] for text in texts for match in _SECOND.finditer(text)}
    return (firsts.pop() + seconds.pop(),) if len(firsts) == 1 and len(seconds) == 1 else ()


def reckoned(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ends of the numbers in these texts that 密码是手机号后六位 and its like mean, at most four."""
    found: dict[str, None] = {}
    for text in texts:
        if "密码" in text or "口令" in text:
            found |= dict.fromkeys(_ends(text))
    return tuple(found)[:_MOST]


def _ends(text: str) -> Iterator[str]:
    for match in _TAIL.finditer(text):
        places = _NUMBERS.get(match["digits"]) or int(match["digits"])
        wanted = _PHONE if match["what"] in {"手机", "电话", "号码"} else _CODE
        for number in wanted.finditer(text):
            yield re.sub(r"[ \-]", "", number[0])[-places:]
