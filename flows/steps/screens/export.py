"""Exports (导出): a dossier as one zip, and the whole call as one zip of them and one flat one.

Photos leave without the place they were taken at, also those attached to raw mails; everything else leaves as it
came. A raw mail whose archive may hold photos with a place stays here: what lies in an archive cannot be taken out.
"""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from flows.steps.screens.register import register_values, write_register
from flows.steps.screens.shelve import shelf_of, shelve_one
from flows.steps.screens.show import show_submission
from flows.steps.workshop import Workshop
from parsers.containers.kinds import PICTURES, sniff
from parsers.photo.location import holds_archive, mail_without_location, names_a_place, without_location
from store.filing.submissions import by_number
from store.frozen import DamagedLetter
from store.letters import due, outbox

_KEPT_HERE = (
    "下列来信未导出：其压缩包中的照片可能带有拍摄位置，无法在压缩包内清除。"
    "照片本身已清除位置后导出，来信原件保存在系统中。"
)

_NOT_WHOLE = "未导出的原件.txt"


def export_submission(shop: Workshop, number: str, into: Path, now: datetime) -> Path:
    """Write one submission's dossier zip: files with clean names, raw mails, letters, findings, journal."""
    values = register_values(shop, now)
    row = next((one for one in values["submissions"] if one["number"] == number.strip().upper()), None)
    if row is None:
        message = f"没有受理编号 {number}；全部编号见 zhengji register。"
        raise click.UsageError(message)
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"{row['number']}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(shop, archive, row, now, folder="")
    return target


def export_call(shop: Workshop, into: Path, now: datetime) -> list[Path]:
    """Write the whole call: a zip with a folder per submission, a flat one, and the register."""
    values = register_values(shop, now)
    into.mkdir(parents=True, exist_ok=True)
    nested, flat = into / f"{shop.call.id}-案卷.zip", into / f"{shop.call.id}-平铺.zip"
    register = into / f"{shop.call.id}-台账.xlsx"
    write_register(shop, register, now)
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(register, register.name)
        for row in values["submissions"]:
            _write(shop, archive, row, now, folder=f"{row['number']}_{row['applicant'] or '单位待核实'}/")
    with zipfile.ZipFile(flat, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(register, register.name)
        for row in values["submissions"]:
            paths, lost = _shelved(shop, row["number"])
            if lost:
                archive.writestr(f"{row['number']}_{_NOT_WHOLE}", _told(lost))
            for path in paths:
                # Old and waiting versions lie one folder deeper, under the same names as the current ones.
                if path.parent.name[:2].isdigit() and path.parent.parent.parent == shelf_of(shop):
                    name = f"{row['number']}_{path.parent.name[3:]}_{path.name}"
                    archive.writestr(name, _bytes(path))
    return [nested, flat, register]


def _write(shop: Workshop, archive: zipfile.ZipFile, row: dict[str, Any], now: datetime, *, folder: str) -> None:
    paths, lost = _shelved(shop, row["number"])
    placed = any(names_a_place(path.read_bytes()) for path in paths if _is_picture(path))
    stay = []
    for path in paths:
        root = next(parent for parent in path.parents if parent.parent == shelf_of(shop))
        if placed and path.suffix == ".eml" and holds_archive(path.read_bytes()):
            stay.append(path.name)
            continue
        archive.writestr(f"{folder}{path.relative_to(root).as_posix()}", _bytes(path))
    if stay:
        archive.writestr(f"{folder}来信/未导出的来信.txt", "\n".join([_KEPT_HERE, *stay]) + "\n")
    if lost:
        archive.writestr(f"{folder}{_NOT_WHOLE}", _told(lost))
    archive.writestr(f"{folder}结论与流水.txt", "\n".join(show_submission(shop, row["number"], now)) + "\n")
    archive.writestr(f"{folder}结论.json", json.dumps(row, ensure_ascii=False, indent=1))
    with shop.store.reading() as session:
        submission = by_number(session, row["number"])
        letters = due.letters_about(session, submission_id=submission.id) if submission else []
        for letter in letters:
            name = f"{folder}回信/{letter.id:04d}_{letter.kind}"
            try:
                archive.writestr(f"{name}.eml", outbox.bytes_of(session, letter))
            except DamagedLetter as damaged:
                archive.writestr(f"{name}_未导出.txt", f"{damaged}\n")


def _told(lost: tuple[str, ...]) -> str:
    return "\n".join(["下列原件缺失或已损坏，没有导出；修复后请重新导出。", *lost]) + "\n"


def _shelved(shop: Workshop, number: str) -> tuple[list[Path], tuple[str, ...]]:
    """Return the files of the submission's folder on the shelf, rebuilt first, and what was not whole."""
    with shop.store.reading() as session:
        submission = by_number(session, number)
    if submission is None or submission.id is None:
        return [], ()
    lost = shelve_one(shop, submission.id).lost
    prefix = f"{submission.serial:04d}_"
    roots = [path for path in shelf_of(shop).iterdir() if path.name.startswith(prefix)]
    return sorted(path for root in roots for path in root.rglob("*") if path.is_file()), lost


def _is_picture(path: Path) -> bool:
    with path.open("rb") as stream:
        return sniff(stream.read(4096)) in PICTURES


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".eml":
        return mail_without_location(data)
    return without_location(data) if _is_picture(path) else data
