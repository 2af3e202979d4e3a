"""The process dies, or the disk is full, between the rows and the shelf: whoever comes next makes the folder up."""

from __future__ import annotations

import contextlib
import errno
import shutil
from pathlib import Path

import pytest
from sqlmodel import select

from flows.steps.screens.export import export_submission
from flows.steps.screens.shelve import shelf_of, shelve
from flows.steps.workshop import Workshop
from store import watermarks
from store.tables import ApplicantRow, SubmissionRow
from store.views import shelf
from store.views.shelf import SHELF_FAULT
from tests.desk.conftest import FIRST, NOW


def folders(shop: Workshop) -> list[str]:
    return sorted(path.name for path in shelf_of(shop).iterdir() if not path.name.startswith("."))


def test_folders_that_nobody_made_before_the_process_died_are_made_up_at_the_next_start(shop: Workshop) -> None:
    # The office was filed by a process that never came to the shelf.
    assert not shelf_of(shop).exists()
    assert (shelve(shop, NOW), len(folders(shop)), shelve(shop, NOW)) == (3, 3, 0)


def test_a_change_of_rows_makes_that_folder_due_and_no_other(shop: Workshop) -> None:
    shelve(shop, NOW)
    with shop.store.transaction() as session:
        row = session.exec(select(ApplicantRow).where(ApplicantRow.name == FIRST)).one()
        row.name = f"{FIRST}（集团）"
        session.add(row)
    assert shelve(shop, NOW) == 1
    assert f"0001_{FIRST}（集团）" in folders(shop)


def test_a_change_that_no_folder_shows_makes_none_due(shop: Workshop) -> None:
    shelve(shop, NOW)
    with shop.store.transaction() as session:
        row = session.exec(select(SubmissionRow)).first()
        assert row is not None
        row.decision_reason = "别的理由"
        session.add(row)
    assert shelve(shop, NOW) == 0


def test_a_transaction_that_is_undone_makes_no_folder_due(shop: Workshop) -> None:
    shelve(shop, NOW)
    with contextlib.suppress(RuntimeError), shop.store.transaction() as session:
        row = session.exec(select(ApplicantRow)).first()
        assert row is not None
        row.name = "别的名称"
        session.add(row)
        session.flush()
        raise RuntimeError
    assert shelve(shop, NOW) == 0


def test_a_folder_that_somebody_deleted_comes_back(shop: Workshop) -> None:
    shelve(shop, NOW)
    before = folders(shop)
    shutil.rmtree(shelf_of(shop) / before[1])
    assert (shelve(shop, NOW), folders(shop)) == (1, before)


def test_what_a_killed_rebuilding_left_behind_is_swept(shop: Workshop) -> None:
    (shelf_of(shop) / ".building-abc").mkdir(parents=True)
    (shelf_of(shop) / ".leaving-0001-7-0" / "旧").mkdir(parents=True)
    shelve(shop, NOW)
    assert sorted(path.name for path in shelf_of(shop).iterdir() if path.name.startswith(".")) == [".lock"]


def test_a_full_disk_stops_nothing_is_told_and_is_made_up(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(shelf, "_fill", full)
        assert shelve(shop, NOW) == 0
    with shop.store.reading() as session:
        told = watermarks.get(session, SHELF_FAULT)
    cure = "请检查磁盘空间和权限，之后自动补上。"
    assert told == f"案卷写不进 {shelf_of(shop)}（No space left on device）：{cure}"
    assert shelve(shop, NOW) == 3
    with shop.store.reading() as session:
        assert watermarks.get(session, SHELF_FAULT) is None


def test_writing_into_the_shelf_never_reaches_the_originals(shop: Workshop) -> None:
    shelve(shop, NOW)
    for path in shelf_of(shop).rglob("*"):
        if path.is_file():
            path.write_bytes(b"an office program saved over it")
    assert all(shop.store.blobs.verify(sha256) for sha256 in shop.store.blobs.hashes())


def test_a_damaged_original_is_told_and_never_leaves_as_whole(shop: Workshop, tmp_path: Path) -> None:
    shelve(shop, NOW)
    (path,) = (shelf_of(shop) / f"0001_{FIRST}" / "02_案例报告").iterdir()
    original = next(
        one
        for one in shop.store.blobs.hashes()
        if shop.store.blobs.path_for_reading(one).read_bytes() == path.read_bytes()
    )
    blob = shop.store.blobs.path_for_reading(original)
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    made = export_submission(shop, "AL2026-0001", tmp_path / "out", NOW)
    into = tmp_path / "unpacked"
    shutil.unpack_archive(made, into)
    assert not (into / "02_案例报告").exists()
    told = (into / "未导出的原件.txt").read_text("utf-8").splitlines()
    assert told == [
        "下列原件缺失或已损坏，没有导出；修复后请重新导出。",
        f"{FIRST}案例报告.docx（原件已损坏，没有放入，请告知技术人员）",
    ]
    assert "（原件已损坏，没有放入，请告知技术人员）" in (into / "说明.txt").read_text("utf-8-sig")
