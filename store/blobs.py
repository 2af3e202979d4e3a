"""Bytes kept under their own hash (原件库): raw mails, leaves, letters, evidence pictures."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class Blobs:
    """A folder of files named by the lower-case hexadecimal SHA-256 of their content, in two levels of folders.

    No name from a sender ever reaches the disk. A file appears whole or not at all, and once ``put`` has returned
    it survives a power cut. Fits ``parsers.facts.spool.Spool``. ``KeyError`` for whatever is not here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes of this hash lie, or would lie."""
        if not _HASH.fullmatch(sha256):
            raise KeyError(sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def exists(self, sha256: str) -> bool:
        """Whether bytes of this hash are kept."""
        return bool(_HASH.fullmatch(sha256)) and self.path(sha256).is_file()

    def put(self, data: bytes | Path) -> str:
        """Keep these bytes, or the content of this file, and return the SHA-256."""
        if isinstance(data, Path):
            with data.open("rb") as source:
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        else:
            sha256 = hashlib.sha256(data).hexdigest()
        # One that lies here with fewer bytes was cut by a disk or a copy: the whole one takes its place.
        if self.size(sha256) != (data.stat().st_size if isinstance(data, Path) else len(data)):
            self._write(sha256, data)
        return sha256

    def size(self, sha256: str) -> int | None:
        """Return how many bytes are kept under this hash; None where nothing is."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def adopt(self, spool_folder: Path, sha256: str) -> None:
        """Take over a file of a flat spool folder; ``KeyError`` where it is neither there nor already here."""
        if self.exists(sha256):
            return
        source = spool_folder / self.path(sha256).name
        if not source.is_file():
            raise KeyError(sha256)
        if self.put(source) != sha256:
            # The spool's file is not what its name says. It was kept under its true hash and is no answer here.
            raise KeyError(sha256)

    def get(self, sha256: str) -> bytes:
        """Return the bytes; ``KeyError`` where nothing of that hash is kept."""
        return self.read(sha256)

    def read(self, sha256: str) -> bytes:
        """Return the bytes; ``KeyError`` where nothing of that hash is kept."""
        with self.open(sha256) as source:
            return source.read()

    def open(self, sha256: str) -> io.BufferedReader:
        """Open the bytes for reading; ``KeyError`` where nothing of that hash is kept."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise KeyError(sha256) from error

    def verify(self, sha256: str) -> bool:
        """Whether the bytes are here and still have their hash."""
        if not self.exists(sha256):
            return False
        with self.open(sha256) as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == sha256

    def _write(self, sha256: str, data: bytes | Path) -> None:
        target = self.path(sha256)
        _make_folders(self.folder, target.parent)
        number, name = tempfile.mkstemp(prefix=".partial-", dir=target.parent)
        partial = Path(name)
        try:
            with os.fdopen(number, "wb") as sink:
                if isinstance(data, Path):
                    with data.open("rb") as source:
                        shutil.copyfileobj(source, sink, _CHUNK)
                else:
                    sink.write(data)
                sink.flush()
                os.fsync(sink.fileno())
            partial.chmod(0o440)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _make_folders(root: Path, folder: Path) -> None:
    """Create the folders down to this one and make each new name durable in the folder above it."""
    if folder.is_dir():
        return
    if folder != root:
        _make_folders(root, folder.parent)
        folder.mkdir(exist_ok=True)
    else:
        folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)
