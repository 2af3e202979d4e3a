"""What every store of bytes must do, whatever lies behind it: an object store joins ``MAKERS`` and is held to all.

``hurt`` damages bytes behind the store's back, as a disk or a provider does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from parsers.facts.spool import FolderSpool
from store.blobs.folder import FolderBlobs
from store.blobs.protocol import Blobs, DamagedBlob, read_if_whole

DATA = "申报推荐表".encode()
HASH = hashlib.sha256(DATA).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
LOOKS: tuple[Callable[[Blobs, str], object], ...] = (
    lambda blobs, sha256: blobs.get(sha256),
    lambda blobs, sha256: blobs.read(sha256),
    lambda blobs, sha256: blobs.open(sha256),
    lambda blobs, sha256: blobs.path_for_reading(sha256),
)


@dataclass
class Made:
    blobs: Blobs
    hurt: Callable[[str, bytes | None], None]
    """Puts these bytes where those of the hash lie, or takes them away."""


def folder(tmp_path: Path) -> Made:
    blobs = FolderBlobs(tmp_path / "blobs")

    def hurt(sha256: str, data: bytes | None) -> None:
        path = blobs.path(sha256)
        if data is None:
            path.unlink()
            return
        path.chmod(0o600)
        path.write_bytes(data)

    return Made(blobs, hurt)


MAKERS = {"folder": folder}


@pytest.fixture(params=sorted(MAKERS))
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    return MAKERS[request.param](tmp_path)


def test_what_is_put_is_kept_under_its_hash_and_once(made: Made) -> None:
    assert [made.blobs.put(DATA), made.blobs.put(DATA)] == [HASH, HASH]
    assert (made.blobs.read(HASH), made.blobs.size(HASH), made.blobs.verify(HASH)) == (DATA, len(DATA), True)
    assert list(made.blobs.hashes()) == [HASH]


def test_empty_bytes_are_bytes_too(made: Made) -> None:
    assert made.blobs.read(made.blobs.put(b"")) == b""


def test_a_file_is_put_by_content_and_stays_where_it_was(made: Made, tmp_path: Path) -> None:
    source = tmp_path / "..推荐表.pdf"
    source.write_bytes(DATA)
    assert made.blobs.put(source) == HASH
    assert (made.blobs.read(HASH), source.read_bytes()) == (DATA, DATA)


def test_every_way_of_reading_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    made.blobs.put(DATA)
    with made.blobs.open(HASH) as stream:
        opened = stream.read()
    made.blobs.copy_to(HASH, tmp_path / "copy")
    found = [made.blobs.get(HASH), made.blobs.read(HASH), opened, read_if_whole(made.blobs, HASH)]
    found += [made.blobs.path_for_reading(HASH).read_bytes(), (tmp_path / "copy").read_bytes()]
    assert found == [DATA] * 6


def test_writing_into_a_copy_leaves_the_original(made: Made, tmp_path: Path) -> None:
    made.blobs.put(DATA)
    made.blobs.copy_to(HASH, tmp_path / "copy")
    (tmp_path / "copy").write_bytes(b"changed by an office program")
    assert made.blobs.verify(HASH)


def test_a_copy_never_goes_over_a_file_that_is_there(made: Made, tmp_path: Path) -> None:
    made.blobs.put(DATA)
    (tmp_path / "copy").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        made.blobs.copy_to(HASH, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", HASH.upper(), "0" * 64, HASH + "\n"])
def test_what_is_not_kept_is_a_key_error_and_reaches_no_other_file(made: Made, tmp_path: Path, name: str) -> None:
    made.blobs.put(DATA)
    assert (made.blobs.exists(name), made.blobs.verify(name), read_if_whole(made.blobs, name)) == (False, False, None)
    for look in LOOKS:
        with pytest.raises(KeyError) as told:
            look(made.blobs, name)
        assert not isinstance(told.value, DamagedBlob)
    with pytest.raises(KeyError):
        made.blobs.copy_to(name, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("now", [b"damaged", b"", DATA[:-1], DATA[:-1] + b"x"], ids=["other", "empty", "cut", "turned"])
def test_damaged_bytes_are_never_handed_out(made: Made, tmp_path: Path, now: bytes) -> None:
    made.blobs.put(DATA)
    made.hurt(HASH, now)
    assert (made.blobs.exists(HASH), made.blobs.verify(HASH), read_if_whole(made.blobs, HASH)) == (True, False, None)
    for look in LOOKS:
        with pytest.raises(DamagedBlob):
            look(made.blobs, HASH)
    with pytest.raises(DamagedBlob):
        made.blobs.copy_to(HASH, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("now", [b"damaged", DATA[:-1] + b"x", None], ids=["other", "same-length", "gone"])
@pytest.mark.parametrize("way", ["bytes", "file", "spool"])
def test_the_same_bytes_heal_what_is_damaged_or_gone(made: Made, tmp_path: Path, now: bytes | None, way: str) -> None:
    made.blobs.put(DATA)
    made.hurt(HASH, now)
    spool = FolderSpool(tmp_path / "spool")
    spool.put(DATA)
    if way == "spool":
        made.blobs.adopt(spool.folder, HASH)
    else:
        made.blobs.put(DATA if way == "bytes" else spool.folder / HASH)
    assert (made.blobs.read(HASH), made.blobs.verify(HASH)) == (DATA, True)


def test_a_spool_file_is_adopted_and_adopting_again_needs_no_spool(made: Made, tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    spool.put(DATA)
    made.blobs.adopt(spool.folder, HASH)
    made.blobs.adopt(tmp_path / "gone", HASH)
    assert made.blobs.read(HASH) == DATA


def test_a_spool_file_that_is_not_what_its_name_says_is_refused(made: Made, tmp_path: Path) -> None:
    (tmp_path / HASH).write_bytes(b"other")
    with pytest.raises(KeyError):
        made.blobs.adopt(tmp_path, HASH)
    assert not made.blobs.exists(HASH)


def test_all_hashes_are_told_in_order_from_any_place_on(made: Made) -> None:
    put = sorted(made.blobs.put(str(number).encode()) for number in range(300))
    made.blobs.set_mark("zj-1")
    assert list(made.blobs.hashes()) == put
    for place in (0, 1, 150, 298, 299):
        assert list(made.blobs.hashes(put[place])) == put[place + 1 :]
    assert list(made.blobs.hashes("f" * 64)) == []


def test_the_mark_of_the_site_is_kept_beside_the_bytes_and_is_none_of_them(made: Made) -> None:
    assert made.blobs.mark() == ""
    made.blobs.set_mark("zj-1")
    assert (made.blobs.mark(), list(made.blobs.hashes())) == ("zj-1", [])
    made.blobs.set_mark("zj-2")
    assert made.blobs.mark() == "zj-2"
