"""Is a mail that came shorter than the server told whole all the same (收取是否完整)?

Some servers count a mail wrongly, and some hand out less than they have; both tell the same number of bytes. What
tells them apart is the mail itself, looked at by its bytes alone, and that the same bytes come again at another time
over another connection.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EQUAL = 3
"""So many fetches in a row must give the same bytes,"""
CONNECTIONS = 2
"""over so many connections at least,"""
APART = timedelta(minutes=30)
"""the first and the last of them so far apart."""

_BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t\r\n]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_BASE64 = re.compile(rb"^content-transfer-encoding:[ \t]*base64[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_MOST_BOUNDARIES = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """One fetch that gave less than the server had told (一次取信)."""

    at: datetime
    connection: str
    size: int
    sha256: str


class Verdict(StrEnum):
    """What to think of the bytes that came (收取结论)."""

    WHOLE = "whole"
    """As many as the server told, or more, and the same twice."""
    BELIEVED = "believed"
    """Fewer than told, again and again the same, and nothing in them breaks off: the number is wrong."""
    AGAIN = "again"
    """Ask once more at once."""
    SHORT = "short"
    """Fewer than told, or never the same: ask again later."""
    CUT = "cut"
    """Fewer than told, again and again the same, and they break off: only people can get the rest."""


def judge(told: int, raw: bytes, looks: Sequence[Look], sha256: str, before: Sequence[str]) -> Verdict:
    """Judge one fetch. ``looks`` are the short ones so far with this one, ``before`` the hashes of this visit's others.

    ``told`` 0 means that the server told no size.
    """
    if raw and told == len(raw):
        return Verdict.WHOLE
    if raw and (len(raw) > told or counts_line_ends(raw, told)):
        # Nothing of it was cut off, so the same bytes twice are the mail.
        return Verdict.WHOLE if sha256 in before else Verdict.SHORT if before else Verdict.AGAIN
    if repeats(looks):
        return Verdict.CUT if cut_where(raw) else Verdict.BELIEVED
    return Verdict.SHORT if before else Verdict.AGAIN


def repeats(looks: Sequence[Look]) -> bool:
    """Whether the last fetches gave the same bytes often enough, long enough apart, over connections of their own."""
    equal: list[Look] = []
    for look in reversed(looks):
        if look.sha256 != looks[-1].sha256:
            break
        equal.insert(0, look)
    if len(equal) < EQUAL:
        return False
    return len({look.connection for look in equal}) >= CONNECTIONS and equal[-1].at - equal[0].at >= APART


def counts_line_ends(raw: bytes, told: int) -> bool:
    """Whether the server counted a CRLF for each line end that it then gave as a bare LF."""
    return told == len(raw) + raw.count(b"\n") - raw.count(b"\r\n")


def cut_where(raw: bytes) -> str:
    """Say in a Chinese clause where the mail breaks off; empty where nothing shows that it does."""
    head = _BLANK.search(raw)
    if head is None:
        return "信头没有结束"
    if not raw[head.end() :].strip():
        return "没有正文"
    # The mail's own boundary must be there; one that is only spoken of further down divides nothing.
    used = {*_named(raw[: head.end()]), *_used_boundaries(raw)}
    if any(not _closed(raw, mark) for mark in used):
        return "最后一段没有结束标记"
    if not all(_whole_base64(raw, match.end(), used) for match in _BASE64.finditer(raw)):
        return "附件编码中断"
    return ""


def _named(raw: bytes) -> set[bytes]:
    return {one or other for one, other in _BOUNDARY.findall(raw)[:_MOST_BOUNDARIES]}


def _used_boundaries(raw: bytes) -> tuple[bytes, ...]:
    return tuple(
        mark for mark in _named(raw) if re.search(rb"^--" + re.escape(mark) + rb"[ \t]*\r?$", raw, re.MULTILINE)
    )


def _closed(raw: bytes, mark: bytes) -> bool:
    return re.search(rb"^--" + re.escape(mark) + rb"--", raw, re.MULTILINE) is not None


def _whole_base64(raw: bytes, start: int, used: Collection[bytes]) -> bool:
    body = _BLANK.search(raw, max(0, start - 2))
    if body is None:
        return False
    ends = [raw.find(b"\n--" + mark, body.end() - 1) for mark in used]
    end = min((place for place in ends if place >= 0), default=len(raw))
    letters = raw[body.end() : end].translate(None, b"\r\n \t")
    return len(letters) % 4 == 0
