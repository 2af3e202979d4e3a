"""Passwords that a sender gives away in the mail itself (正文中的解压密码)."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_TRIED = 3
"""More guesses than these are not made (notes/mail.md section 4)."""

_GIVEN = re.compile(
    r"(?:解压|压缩包|压缩文件|文件|附件|打开)?(?:密码|口令|解压码)(?:都|均)?(?:是|为)?[ \t]*[:：=]?[ \t]*"
    r"[“\"「『【《(（'‘]?(?P<password>[!-~]{1,64}|[\u4e00-\u9fff]{1,16})"
)
_TRAILING = "。，、；！？,;!?.”\"」』】》)）'’"
_NOT_A_PASSWORD = re.compile(
    r"^(?:无|没有|不需要|请|见|已|在|另|稍|发|随|同|详|如|电话|短信|错误|保护|登录|修改|忘记|重置|的)"
)


def find_passwords(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the passwords named in these texts, at most three, each as written and without closing marks."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _GIVEN.finditer(text[:100_000]):
            given = match["password"]
            trimmed = given.rstrip(_TRAILING)
            if not trimmed or _NOT_A_PASSWORD.match(trimmed) or "://" in trimmed:
                continue
            found.setdefault(trimmed)
            if given != trimmed and given[:-1] != trimmed[:-1] and given.isascii():
                found.setdefault(given)
    return tuple(found)[:MOST_TRIED]
