"""Texts as people write them, with their right reading, by authors who had not seen the readers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def entries(name: str, table: str = "case") -> list[dict[str, Any]]:
    """Return the entries of one corpus."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[table]
