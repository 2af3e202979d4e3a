"""The table that operators read names for each fault the test that holds it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = (HERE.parents[1] / "docs" / "faults.md").read_text("utf-8")


def test_every_row_names_a_test_that_is_there() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and "`test" in line.rpartition("| ")[2]]
    named = set(re.findall(r"`(?:tests/config/)?(test_\w+\.py)`", "".join(row.rpartition("| ")[2] for row in rows)))

    assert len(rows) >= 15
    assert {name for name in named if not any(HERE.parent.rglob(name))} == set()
