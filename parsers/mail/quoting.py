"""What is new in a mail's text, what is quoted history, and what is signature (引用与签名).

Knows how Chinese programs quote: QQ's ``------------------ 原始邮件 ------------------``, Foxmail's and Outlook's
blocks of ``发件人：`` lines, NetEase's ``在 2026-05-28 10:20:30，"张三" <a@163.com> 写道：``, phones'
``回复的原邮件``, besides the usual ``>`` lines. A forwarded mail (转发) is history too, but its files count all
the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplitText:
    """A text in three: what the sender wrote now, the history below it, and the signature between."""

    new: str
    quoted: str
    signature: str


_RULER = re.compile(
    r"^[ \t>]{0,4}[-_—–=*]{2,}\s{0,4}(?:原始邮件|原邮件|原始信息|原始訊息|转发邮件信息|转发的邮件|转发邮件|轉寄郵件"
    r"|回复的原邮件|回复的邮件"
    r"|Original Message|Original|Forwarded [Mm]essage|Forwarded message|Forwarded Message|Begin forwarded message)"
    r"\s{0,4}[-_—–=*]{2,}\s*$",
    re.IGNORECASE,
)
_BARE_RULER = re.compile(
    r"^[ \t]{0,4}(?:原始邮件|回复的原邮件|(?:开始)?转发的邮件|转发邮件信息|Begin forwarded message)\s{0,4}[:：]?\s*$",
    re.IGNORECASE,
)
_WROTE_WORDS = ("写道", "写到", "寫道", "写信说", "来信说", "wrote", "writes", "撰写")
_DATED = re.compile(r"\d{1,4}\s?[年/.-]\s?\d{1,2}|\d{1,2}[:：]\d\d|@[A-Za-z0-9]")
_WROTE_START = re.compile(r"^[ \t]{0,4}(?:在|于|At|On)\s{0,3}.{0,60}\d{1,4}", re.IGNORECASE)
_FIELD = re.compile(
    r"^[ \t>*|]{0,6}(发\s{0,4}件\s{0,4}人|寄\s{0,4}件\s{0,4}者|From|发送时间|发送日期|时\s{0,4}间|日\s{0,4}期|Sent"
    r"|Date|收\s{0,4}件\s{0,4}人"
    r"|收\s{0,4}件\s{0,4}者|To|抄\s{0,4}送(?:人)?|Cc|主\s{0,4}题|主\s{0,4}旨|Subject|发自)\*{0,2}\s{0,4}[:：]",
    re.IGNORECASE,
)
_FIRST_FIELD = re.compile(
    r"^[ \t>*|]{0,6}(?:发\s{0,4}件\s{0,4}人|寄\s{0,4}件\s{0,4}者|From)\*{0,2}\s{0,4}[:：]", re.IGNORECASE
)
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>")
_DASHES = re.compile(r"^(?:-- ?|—{2,3}|-{2,3}|_{5,})\s*$")
_PHONE = re.compile(
    r"^[ \t]{0,4}(?:发自我的|从我的|来自我的|发自|Sent from my|Sent from|获取\s?Outlook|Get Outlook|发送自)"
    r"[^\n。！？]{0,40}$"
    r"|^[ \t]{0,4}(?:从|由|使用)[^\n。！？]{0,20}(?:网易邮箱大师|邮箱APP|邮箱App|QQ邮箱|手机邮箱"
    r"|Foxmail)[^\n。！？]{0,20}$",
    re.IGNORECASE,
)
_CLIENT_CARD = re.compile(r"^[ \t|]{0,6}(?:邮箱[:：]\S{3,80}|签名由\s{0,2}网易.{0,20}定制|签名由.{0,20}定制)[ \t|]*$")
SCANNED_LINES = 20_000
"""History that begins below this line is not looked for: no person writes so much above it."""
SIGNATURE_LINES = 15
"""A signature below dashes is at most this long; what is longer is text."""


def split_text(text: str) -> SplitText:
    """Split a text into new words, quoted history and signature. Nothing is lost: every line is in one of them."""
    lines = text.split("\n")
    cut = _history_start(lines)
    head, history = lines[:cut], lines[cut:]
    new, quoted_inside = _without_quoted_lines(head)
    mark = _signature_start(new)
    fresh, signature = new[:mark], new[mark:]
    quoted = [*quoted_inside, *history]
    return SplitText(_joined(fresh), _joined(quoted), _joined(signature))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _history_start(lines: list[str]) -> int:
    """Return the line at which everything below is history."""
    for number, line in enumerate(lines[:SCANNED_LINES]):
        if len(line) > 600 or not line.strip():
            continue
        if _RULER.match(line) or (_BARE_RULER.match(line) and _fields_below(lines, number + 1) >= 1):
            return number
        if _is_attribution(lines, number) and _something_below(lines, number + 1):
            return _wrote_begins(lines, number)
        if _FIRST_FIELD.match(line) and _fields_below(lines, number) >= 3:
            return number - 1 if number and _is_rule(lines[number - 1]) else number
    return len(lines)


def _is_attribution(lines: list[str], number: int) -> bool:
    """Tell ``在 2026年5月28日，张三 <a@b> 写道：`` from a sentence that ends in the same word.

    It has a date or an address.
    """
    bare = lines[number].strip().rstrip(":： ")
    if not bare.lower().endswith(_WROTE_WORDS):
        return False
    if _DATED.search(bare):
        return True
    # Broken over lines: the one with the date stands above.
    return len(bare) < 80 and any(_WROTE_START.match(line) for line in lines[max(0, number - 2) : number])


def _is_rule(line: str) -> bool:
    stripped = line.strip(" \t>")
    return len(stripped) >= 3 and not stripped.strip("-_—–=*")


def _wrote_begins(lines: list[str], number: int) -> int:
    """Return where the attribution begins: some programs break it over two or three lines."""
    for back in (1, 2):
        if number - back >= 0 and lines[number - back].strip() and _WROTE_START.match(lines[number - back]):
            if _WROTE_START.match(lines[number]):
                break
            return number - back
    return number


def _something_below(lines: list[str], number: int) -> bool:
    return any(line.strip() for line in lines[number : number + 50]) or number >= len(lines)


def _fields_below(lines: list[str], number: int) -> int:
    """Count different header-like lines among the next ones (发件人, 发送时间, 收件人, 主题)."""
    seen: set[str] = set()
    blanks = 0
    for line in lines[number : number + 14]:
        match = _FIELD.match(line)
        if match is not None:
            seen.add(re.sub(r"\s", "", match[1]).lower())
        elif not line.strip():
            blanks += 1
            if blanks > 5:
                break
    return len(seen)


def _without_quoted_lines(lines: list[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    quoted: list[str] = []
    for line in lines:
        (quoted if ">" in line[:4] and _QUOTED_LINE.match(line) else kept).append(line)
    return kept, quoted


def _signature_start(lines: list[str]) -> int:
    """Return the line at which the signature begins; the number of lines where there is none."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    for number in range(max(0, last - SIGNATURE_LINES - 1), last):
        line = lines[number]
        if _DASHES.match(line) and any(part.strip() for part in lines[:number]):
            return number
        if line == "-- " or line.rstrip() == "--":
            return number
    for number in range(max(0, last - 6), last):
        if _PHONE.match(lines[number]) or _CLIENT_CARD.match(lines[number]):
            return number
    return len(lines)
