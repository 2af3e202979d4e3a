"""An empty store at the newest revision, copied: running the migrations for each test would take most of its time."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from store.engine import Store, open_store


@cache
def blank_bytes() -> bytes:
    """Return the file of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        open_store("", Path(folder)).close()
        return (Path(folder) / "zhengji.db").read_bytes()


def blank_store(home: Path) -> Store:
    """Open an empty store on SQLite in this folder."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "zhengji.db").write_bytes(blank_bytes())
    return open_store("", home, migrate=False)
