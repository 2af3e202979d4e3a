"""Lines of text as pages and digests show them (行): at most so many, and how a moment is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.call import Call

MOST_LINES = 40
"""Lines of one section; the 待办 page and the attached 台账 have them all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, with a smaller second line where there is more to say."""

    words: str
    detail: str = ""


def bounded(lines: tuple[Line, ...], most: int, rest: str) -> tuple[Line, ...]:
    """Return at most so many lines; the last one then says how many more there are, and where (``rest``)."""
    if len(lines) <= most:
        return lines
    return (*lines[:most], Line(f"另有 {len(lines) - most} 项，{rest}。"))


def moment_words(moment: datetime, call: Call) -> str:
    """Return month, day and time as the call's own clock shows them."""
    return f"{moment.astimezone(call.window.timezone):%m-%d %H:%M}"
