"""Golden letters: whole texts under ``goldens/``, written anew only with ``ZHENGJI_ACCEPT_GOLDENS=1``.

After a change of wording run ``ZHENGJI_ACCEPT_GOLDENS=1 pytest tests/replies/test_goldens.py`` and read the difference
with ``git diff tests/replies/goldens`` before committing it: that reading is the review.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDENS = Path(__file__).parent / "goldens"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the golden file of this name."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / name
        if os.environ.get("ZHENGJI_ACCEPT_GOLDENS") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.is_file(), f"{path.name} is missing; accept it with ZHENGJI_ACCEPT_GOLDENS=1 and review it"
        assert text == path.read_text("utf-8")

    return compare
