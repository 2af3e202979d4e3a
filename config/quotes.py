"""Hold quotes against the notice's own words (引文核对).

Notices come out of PDF with line breaks and blanks inside sentences. Both sides lose all whitespace before they
are compared; every other character must agree.
"""

from __future__ import annotations

import re

from config.call import Clause
from config.faults import Faults

SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return the text without any whitespace."""
    return SPACE.sub("", text)


def check_clause(clause: Clause, notice: str, key: str, faults: Faults) -> None:
    """Note a fault where the clause's words do not stand in the notice; ``notice`` is already folded."""
    words = fold(clause.quote)
    if not words:
        faults.add(f"{key}.quote", "引文为空；请照 notice.md 原文抄录所依据的语句。")
    elif words not in notice:
        faults.add(f"{key}.quote", f"引文“{clause.quote}”在 notice.md 中找不到；请照原文逐字抄录（空白、换行不计）。")
