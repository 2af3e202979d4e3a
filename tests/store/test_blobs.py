from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from parsers.facts.spool import FolderSpool
from store.blobs import Blobs

DATA = "申报推荐表".encode()
HASH = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_bytes_lie_under_their_hash_in_two_levels_and_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    assert [blobs.put(DATA), blobs.put(DATA)] == [HASH, HASH]
    assert files(blobs.folder) == [f"{HASH[:2]}/{HASH[2:4]}/{HASH}"]
    assert (blobs.get(HASH), blobs.read(HASH), blobs.exists(HASH), blobs.verify(HASH)) == (DATA, DATA, True, True)


def test_a_file_is_kept_by_content_not_by_name(tmp_path: Path) -> None:
    source = tmp_path / "..推荐表.pdf"
    source.write_bytes(DATA)
    blobs = Blobs(tmp_path / "blobs")
    assert blobs.put(source) == HASH
    assert blobs.read(HASH) == DATA
    assert source.exists()


def test_a_spool_file_is_adopted_and_adopting_again_needs_no_spool(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    spool.put(DATA)
    blobs = Blobs(tmp_path / "blobs")
    blobs.adopt(spool.folder, HASH)
    blobs.adopt(tmp_path / "gone", HASH)
    assert blobs.read(HASH) == DATA


def test_a_spool_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path)
    (tmp_path / HASH).write_bytes(b"other")
    with pytest.raises(KeyError):
        Blobs(tmp_path / "blobs").adopt(spool.folder, HASH)
    assert not Blobs(tmp_path / "blobs").exists(HASH)


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", HASH.upper(), "0" * 64])
def test_what_is_not_kept_is_a_key_error_and_reaches_no_other_file(tmp_path: Path, name: str) -> None:
    blobs = Blobs(tmp_path / "blobs")
    blobs.put(DATA)
    assert (blobs.exists(name), blobs.verify(name)) == (False, False)
    for look in (blobs.get, blobs.read, blobs.open):
        with pytest.raises(KeyError):
            look(name)


def test_damaged_bytes_do_not_verify(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    path = blobs.path(blobs.put(DATA))
    path.chmod(0o640)
    path.write_bytes(b"damaged")
    assert blobs.verify(HASH) is False


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    # Something that is no file stands where the bytes should go.
    blobs.path(HASH).mkdir(parents=True)
    with pytest.raises(OSError):
        blobs.put(DATA)
    assert files(blobs.folder) == []
