"""Lines of plain text at most 76 columns wide (折行), a Chinese character counted as two columns.

A line breaks between Chinese characters or at blanks, never inside a name. Names are marked by ``keep``; the marks
are private-use characters that no text of a sender can hold (``safe_text`` removes them), and ``unmark`` takes them
away again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

COLUMNS = 76

_OPEN, _CLOSE = "\ue000", "\ue001"
_NO_START = frozenset("，。；：、！？）》”’】〕…—·％%,.;:!?)]}")
_NO_END = frozenset("（《“‘【〔([{")
NAME = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
"""A marked name, as it stands in a text before ``unmark``."""

_TOKEN = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}|[\\x21-\\x7e]+|\\s+|.", re.DOTALL)


def keep(name: str) -> str:
    """Mark a name so that no line breaks inside it."""
    return f"{_OPEN}{name}{_CLOSE}" if name else ""


def unmark(text: str) -> str:
    """Take the marks away."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(map(_width, text))


def wrap(text: str, indent: int = 0, hang: int | None = None, width: int = COLUMNS) -> str:
    """Return the text as lines: the first indented by ``indent`` columns, the rest by ``hang``."""
    later = indent if hang is None else hang
    lines: list[str] = []
    line, used = " " * indent, indent
    for unit in _units(text):
        need = columns(unit.rstrip())
        start = later if lines else indent
        # What fits on no line at all stays where it is: a break before it would only leave a line empty.
        if used + need > width and used > start and later + need <= width:
            lines.append(line.rstrip())
            unit = unit.lstrip()  # noqa: PLW2901 - a blank never starts a line
            line, used = " " * later, later
        line += unit
        used += columns(unit)
    lines.append(line.rstrip())
    return "\n".join(lines)


def _units(text: str) -> list[str]:
    """Split into pieces between which a line may break: closing marks stay behind, opening marks before."""
    units: list[str] = []
    glue = False
    for token in _TOKEN.findall(text):
        if units and (glue or token[0] in _NO_START or token.isspace()):
            units[-1] += " " if token.isspace() else token
        else:
            units.append(token)
        glue = not token.isspace() and token[-1] in _NO_END
    return units


@cache
def _width(char: str) -> int:
    if char in (_OPEN, _CLOSE) or unicodedata.combining(char):
        return 0
    kind = unicodedata.east_asian_width(char)
    # Ambiguous marks (“”…—①) stand in full width beside Chinese; ambiguous letters (é) do not.
    return 2 if kind in {"W", "F"} or (kind == "A" and not char.isalpha()) else 1
