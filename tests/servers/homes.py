"""Data folders for tests: in memory where the machine has such a place, from one database that was migrated once."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from store.engine import open_store

_MEMORY = Path("/dev/shm")


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that is gone afterwards. Memory is as good as a disk to everything but a power cut, and faster."""
    place = str(_MEMORY) if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place, prefix="zhengji-test-") as folder:
        yield Path(folder)


class Template:
    """A database at the newest revision, to copy instead of migrating again for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        open_store("", folder).close()

    def copy(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._folder / "zhengji.db", home / "zhengji.db")
