"""The store of bytes in a folder of this machine (原件库之文件夹)."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from store.blobs.protocol import DamagedBlob, is_hash

_CHUNK = 1 << 20
_PARTIAL = ".partial-"
_MARK = "site"
_CLONE = 0x40049409
"""``FICLONE`` of Linux: both files share their blocks until one of them is written to."""
_NO_CLONE = frozenset({errno.EOPNOTSUPP, errno.ENOTTY, errno.EINVAL, errno.EXDEV, errno.ENOSYS, errno.EPERM})


class FolderBlobs:
    """A folder of files named by the SHA-256 of their content, in two levels of folders.

    No name from a sender ever reaches the disk. A file appears whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes of this hash lie, or would lie."""
        if not is_hash(sha256):
            raise KeyError(sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes | Path) -> str:
        """Keep the bytes; see ``Blobs.put``."""
        if isinstance(data, Path):
            with data.open("rb") as source:
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        else:
            sha256 = hashlib.sha256(data).hexdigest()
        # What a disk or a copy damaged gives way to the whole one, whether or not its length shows it.
        if not self.verify(sha256):
            self._write(sha256, data)
        return sha256

    def adopt(self, spool_folder: Path, sha256: str) -> None:
        """Take over a file of a spool; see ``Blobs.adopt``."""
        if self.verify(sha256):
            return
        source = spool_folder / self.path(sha256).name
        # A spool's file that is not what its name says is kept under its true hash, and is no answer here.
        if not source.is_file() or self.put(source) != sha256:
            raise KeyError(sha256)

    def exists(self, sha256: str) -> bool:
        """Whether something is kept under this hash."""
        return is_hash(sha256) and self.path(sha256).is_file()

    def size(self, sha256: str) -> int | None:
        """Return how many bytes are kept under this hash; None where nothing is."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def verify(self, sha256: str) -> bool:
        """Whether the bytes are here and still have their hash."""
        if not self.exists(sha256):
            return False
        try:
            with self.path(sha256).open("rb") as source:
                return hashlib.file_digest(source, "sha256").hexdigest() == sha256
        except OSError as error:
            # A disk that cannot read its own sectors: these bytes are gone, and others are not.
            if error.errno != errno.EIO:
                raise
            return False

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proved."""
        return self.read(sha256)

    def read(self, sha256: str) -> bytes:
        """Return the bytes, proved."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise KeyError(sha256) from error
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise DamagedBlob(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedBlob(sha256)
        return data

    def open(self, sha256: str) -> BinaryIO:
        """Open the bytes for reading, proved."""
        return self.path_for_reading(sha256).open("rb")

    def path_for_reading(self, sha256: str) -> Path:
        """Return where the bytes lie, proved."""
        if not self.exists(sha256):
            raise KeyError(sha256)
        if not self.verify(sha256):
            raise DamagedBlob(sha256)
        return self.path(sha256)

    def copy_to(self, sha256: str, target: Path) -> None:
        """Write the bytes into a new file of its own, proved: sharing blocks where the file system can."""
        with self.open(sha256) as source, target.open("xb") as sink:
            try:
                fcntl.ioctl(sink.fileno(), _CLONE, source.fileno())
            except OSError as error:
                if error.errno not in _NO_CLONE:
                    raise
                shutil.copyfileobj(source, sink, _CHUNK)

    def hashes(self, after: str = "") -> Iterator[str]:
        """Give every hash under which something is kept, in order."""
        for one in _names(self.folder, after[:2]):
            for two in _names(self.folder / one, after[2:4] if one == after[:2] else ""):
                for name in _names(self.folder / one / two):
                    if is_hash(name) and name > after:
                        yield name

    def mark(self) -> str:
        """Return which site these bytes belong to."""
        try:
            return (self.folder / _MARK).read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def set_mark(self, site: str) -> None:
        """Write down which site these bytes belong to."""
        _make_folders(self.folder, self.folder)
        self._lay(site.encode("ascii"), self.folder / _MARK)

    def _write(self, sha256: str, data: bytes | Path) -> None:
        target = self.path(sha256)
        _make_folders(self.folder, target.parent)
        self._lay(data, target)

    def _lay(self, data: bytes | Path, target: Path) -> None:
        """Write a file that appears whole or not at all, and stays."""
        number, name = tempfile.mkstemp(prefix=_PARTIAL, dir=target.parent)
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
            partial.chmod(0o400)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        _sync_folder(target.parent)


def _names(folder: Path, since: str = "") -> list[str]:
    """Return the names in a folder from this one on, in order; none where it is no folder."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.name >= since)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sync_folder(folder: Path) -> None:
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
    _sync_folder(folder.parent)
