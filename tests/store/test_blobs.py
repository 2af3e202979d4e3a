"""What only the folder of bytes does; the rest stands in ``test_blobs_contract``."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from store.blobs.folder import FolderBlobs

DATA = "申报推荐表".encode()
HASH = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_bytes_lie_under_their_hash_in_two_levels(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    blobs.put(DATA)
    assert files(blobs.folder) == [f"{HASH[:2]}/{HASH[2:4]}/{HASH}"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    # Something that is no file stands where the bytes should go.
    blobs.path(HASH).mkdir(parents=True)
    with pytest.raises(OSError):
        blobs.put(DATA)
    assert files(blobs.folder) == []


def test_a_copy_is_a_file_of_its_own(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    blobs.put(DATA)
    blobs.copy_to(HASH, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_ino != blobs.path(HASH).stat().st_ino
    assert blobs.path(HASH).stat().st_nlink == 1
