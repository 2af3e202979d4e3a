"""Where readers lay down the bytes they find (暂存区): by content hash, never under a sender's name."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol


class Spool(Protocol):
    """A place for bytes, addressed by the lower-case hexadecimal SHA-256 of their content."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes; ``KeyError`` where nothing of that hash was put."""


class MemorySpool:
    """A spool in memory, for tests and for single small files."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.content[sha256] = bytes(data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes; ``KeyError`` where nothing of that hash was put."""
        return self.content[sha256]


class FolderSpool:
    """A spool in one flat folder; a file's name is its hash, so no name from outside reaches the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; the file appears whole or not at all."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.folder / sha256
        if not target.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f".{sha256}.{os.getpid()}"
            partial.write_bytes(data)
            partial.replace(target)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes; ``KeyError`` where nothing of that hash was put."""
        path = self.folder / sha256
        if not path.is_file():
            raise KeyError(sha256)
        return path.read_bytes()
