"""The database is gone, or another installation's: the start is refused with the cure, nobody is answered again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.steps.workshop import open_workshop
from store.engine import StoreError
from store.site import site_of
from tests.desk.conftest import settings_of


def start(home: Path) -> str:
    with open_workshop(settings_of(home), ocr=False) as shop, shop.store.reading() as session:
        return site_of(session)


@pytest.fixture
def home(office: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office, tmp_path / "data"))


def without_database(home: Path) -> None:
    for path in home.glob("zhengji.db*"):
        path.unlink()


def test_a_home_gets_its_id_once_and_keeps_it_in_three_places(tmp_path: Path) -> None:
    given = start(tmp_path / "data")
    assert given.startswith("zj-")
    assert start(tmp_path / "data") == given
    found = [(tmp_path / "data" / name).read_text().strip() for name in ("site", "blobs/site")]
    assert found == [given, given]
    assert start(tmp_path / "other") != given


def no_marks(home: Path) -> None:
    """As an installation before this version left it."""
    (home / "site").unlink()
    (home / "blobs" / "site").unlink()


def only_home(home: Path) -> None:
    shutil.rmtree(home / "blobs")


def nothing(_home: Path) -> None:
    return


@pytest.mark.parametrize("besides", [nothing, no_marks, only_home])
def test_a_database_that_is_gone_is_refused_and_not_begun_anew(home: Path, besides: Callable[[Path], None]) -> None:
    without_database(home)
    besides(home)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"数据库不见了或是空的.*请停止服务，从备份恢复 sqlite:.*zhengji.db；"):
            start(home)


def test_a_database_that_comes_back_starts_as_if_nothing_had_happened(home: Path, tmp_path: Path) -> None:
    given = start(home)
    kept = tmp_path / "kept.db"
    shutil.copy(home / "zhengji.db", kept)
    without_database(home)
    with pytest.raises(StoreError):
        start(home)
    shutil.copy(kept, home / "zhengji.db")
    assert start(home) == given


def test_a_database_of_another_installation_is_refused(home: Path, tmp_path: Path) -> None:
    start(tmp_path / "other")
    without_database(home)
    shutil.copy(tmp_path / "other" / "zhengji.db", home / "zhengji.db")
    with pytest.raises(StoreError, match=r"数据库与数据文件夹不是同一个站点的"):
        start(home)
    (home / "site").unlink()
    with pytest.raises(StoreError, match=r"数据库与原件库不是同一个站点的"):
        start(home)


@pytest.mark.parametrize("hidden", [False, True], ids=["unmounted", "empty"])
def test_an_empty_store_of_bytes_is_refused(home: Path, *, hidden: bool) -> None:
    shutil.rmtree(home / "blobs")
    if hidden:
        (home / "blobs").mkdir()
    with pytest.raises(StoreError, match=r"原件库 .*blobs 是空的"):
        start(home)


def test_an_installation_of_before_and_a_start_that_was_killed_get_their_marks(home: Path) -> None:
    given = start(home)
    no_marks(home)
    assert start(home) == given
    assert ((home / "site").read_text(), (home / "blobs" / "site").read_text()) == (given, given)
