"""Exports: a dossier as one zip with clean names, the whole call nested and flat, and no place in any photo."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from PIL import Image

from flows.steps.screens.export import export_call, export_submission
from flows.steps.screens.shelve import shelf_of
from flows.steps.workshop import Workshop
from parsers.photo.location import mail_without_location, names_a_place
from tests.desk.conftest import FIRST, LATE, NOW, SECOND

pytestmark = pytest.mark.slow
Number = Callable[[str], str]


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.namelist())


def test_a_dossier_holds_files_mails_letters_findings_and_history(
    shop: Workshop, number: Number, tmp_path: Path
) -> None:
    path = export_submission(shop, number(FIRST), tmp_path / "out", NOW)
    held = names(path)

    assert path.name == f"{number(FIRST)}.zip"
    assert f"01_推荐表/{FIRST}推荐表.pdf" in held
    assert f"02_案例报告/{FIRST}案例报告.docx" in held
    assert {"03_照片/车间全景.jpg", "03_照片/检测现场.jpg", "结论.json", "结论与流水.txt", "说明.txt"} <= set(held)
    assert [name.partition("/")[0] for name in held if name.endswith(".eml")].count("回信") >= 1
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("结论.json"))["number"] == number(FIRST)
        for name in held:
            if name.endswith(".jpg"):
                # The photos came with a place in them (tests/desk/conftest.py).
                assert Image.open(io.BytesIO(archive.read(name))).getexif().get_ifd(0x8825) == {}
        mails = [archive.read(name) for name in held if name.startswith("来信/") and name.endswith(".eml")]
    assert mails
    assert all(mail_without_location(raw) is raw for raw in mails)
    kept = [photo for photo in shelf_of(shop).rglob("*.jpg") if names_a_place(photo.read_bytes())]
    assert kept, "what is kept must not change by being exported"


def test_the_whole_call_is_exported_nested_and_flat_with_its_register(shop: Workshop, tmp_path: Path) -> None:
    nested, flat, register = export_call(shop, tmp_path / "out", NOW)

    assert {name.partition("/")[0].partition("_")[2] for name in names(nested) if "/" in name} == {FIRST, SECOND, LATE}
    assert all("/" not in name for name in names(flat))
    assert len(names(flat)) == len(set(names(flat)))
    assert len([name for name in names(flat) if name.endswith(".jpg")]) == 2
    assert register.read_bytes().startswith(b"PK")


def test_an_unknown_number_is_refused(shop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="没有受理编号 AL2026-9999"):
        export_submission(shop, "AL2026-9999", tmp_path, NOW)
