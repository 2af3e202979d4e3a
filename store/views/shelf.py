"""The readable shelf (案卷): one folder for each submission, rebuilt from rows, for people who open files by hand.

Nothing reads the shelf; whatever is changed in it is gone after the next rebuilding. The originals lie in the blobs,
and every file here is a copy (sharing its blocks where the file system can), so that nothing done to it reaches them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import update
from sqlmodel import Session, col, select

from config.call import Call
from store.blobs.protocol import Blobs, DamagedBlob
from store.filing.versions import version_rows
from store.states import SubmissionStatus, VersionState
from store.tables import ApplicantRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

SHELF_FAULT = "shelf-fault"
"""Watermark: why folders could not be made the last time, as a Chinese sentence; absent where they could."""

OTHERS, OLD, WAITING, LETTERS_IN = "09_其他", "旧版", "待确认", "来信"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 180
"""Bytes of a name: room below the 255 of file systems for a number in front of the ending."""

STATUS_NAMES = {
    SubmissionStatus.COMPLETE: "齐全",
    SubmissionStatus.INCOMPLETE: "待补正",
    SubmissionStatus.DOUBTFUL: "待核实",
    SubmissionStatus.LATE: "逾期",
    SubmissionStatus.WITHDRAWN: "已撤回",
    SubmissionStatus.MERGED: "已并入他件",
}


@dataclass(frozen=True, slots=True)
class Laid:
    """A folder as it was laid (案卷结果)."""

    folder: Path | None
    """None for a merged submission, whose folder is taken away."""
    lost: tuple[str, ...] = ()
    """A line for each file whose original is gone or damaged: it is not in the folder."""


def due_submissions(session: Session, call_id: str, shelf: Path) -> tuple[int, ...]:
    """Return the submissions whose folders are behind their rows, or are not there."""
    there = {path.name.partition("_")[0] for path in shelf.iterdir()} if shelf.is_dir() else set()
    columns: list[Any] = [
        col(SubmissionRow.id),
        col(SubmissionRow.serial),
        col(SubmissionRow.status),
        col(SubmissionRow.shelf_changed),
        col(SubmissionRow.shelf_laid),
    ]
    query = sqlalchemy.select(*columns).where(col(SubmissionRow.call) == call_id).order_by(col(SubmissionRow.id))
    return tuple(
        number
        for number, serial, status, changed, laid in session.connection().execute(query)
        if changed > laid or (status != SubmissionStatus.MERGED and f"{serial:04d}" not in there)
    )


def note_laid(session: Session, submission_id: int, changed: int) -> None:
    """Write down up to which change the folder shows the rows; what changed meanwhile keeps it due."""
    session.connection().execute(
        update(SubmissionRow).where(col(SubmissionRow.id) == submission_id).values(shelf_laid=changed)
    )


def sweep_shelf(shelf: Path) -> None:
    """Take away what rebuildings left behind that were killed half way; their folders are still due."""
    for path in (*shelf.glob(".building-*"), *shelf.glob(".leaving-*")):
        shutil.rmtree(path, ignore_errors=True)


def rebuild_shelf(session: Session, blobs: Blobs, shelf: Path, call: Call, submission: SubmissionRow) -> Laid:
    """Build the folder of one submission anew and put it in the place of the old one at one stroke.

    Bytes that the blobs no longer hold whole are named in 说明.txt and do not stop the rebuilding.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    prefix = f"{submission.serial:04d}"
    old = [path for path in shelf.iterdir() if path.name == prefix or path.name.startswith(f"{prefix}_")]
    if submission.status == SubmissionStatus.MERGED:
        for path in old:
            shutil.rmtree(path)
        return Laid(None)
    applicant = session.get(ApplicantRow, submission.applicant_id)
    name = applicant.name if applicant and applicant.name else "单位待核实"
    target = shelf / safe_name(f"{prefix}_{name}")
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=shelf))
    building.chmod(0o750)
    try:
        lost = _fill(session, blobs, building, call, submission, name)
        for number, path in enumerate(old):
            path.rename(shelf / f".leaving-{prefix}-{os.getpid()}-{number}")
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        for path in shelf.glob(f".leaving-{prefix}-*"):
            shutil.rmtree(path, ignore_errors=True)
    return Laid(target, lost)


def safe_name(name: str) -> str:
    """Return a name that any file system takes, as near to the sender's as can be: never a path, never empty."""
    plain = unicodedata.normalize("NFC", name.encode(errors="replace").decode())
    plain = "".join(character for character in plain if unicodedata.category(character) not in {"Cf", "Cc", "Cs", "Co"})
    plain = _FORBIDDEN.sub("_", plain).strip(" .")
    if not plain:
        plain = "未命名"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 12:
        stem, dot, ending = plain, "", ""
    room = _LONGEST - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + dot + ending


def _fill(
    session: Session, blobs: Blobs, folder: Path, call: Call, submission: SubmissionRow, applicant: str
) -> tuple[str, ...]:
    """Lay the files and 说明.txt; return a line for each file whose original is not whole."""
    lost: list[str] = []
    zone = call.window.timezone
    lines = [
        f"受理编号：{submission.number}",
        f"申报单位：{applicant}",
        f"推荐单位：{submission.recommender or '（未读到）'}",
        f"状态：{STATUS_NAMES.get(submission.status, submission.status)}",
        "",
        "本文件夹由程序按台账生成，随时会重建：请勿在此修改或存放文件。",
        "",
        "文件：",
    ]
    for version, leaf, message in version_rows(session, submission):
        place = folder / _place(call, version)
        written, why = _lay(blobs, leaf.sha256, place, leaf.name)
        where = f"{place.relative_to(folder)}/{written.name}" if written else why
        lost += [] if written else [f"{leaf.path}{why}"]
        received = message.received.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        lines.append(f"  {where}｜{received} 来信｜原路径：{leaf.path}｜{version.reason}")
    lines += ["", "来信："]
    for message in _mails(session, submission):
        written, why = _lay(blobs, message.sha256, folder / LETTERS_IN, _mail_name(message, zone))
        lost += [] if written else [f"{_mail_name(message, zone)}{why}"]
        sender = f"{message.sender_name} <{message.sender_address}>".strip()
        shown = written.name if written else f"{message.sha256}{why}"
        lines.append(f"  {shown}｜{sender}｜{message.subject}")
    (folder / "说明.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return tuple(lost)


def _place(call: Call, version: VersionRow) -> str:
    """Return the folder that a version lies in, below the submission's."""
    place = OTHERS
    for number, material in enumerate(call.electronic, 1):
        if material.key == version.material:
            place = safe_name(f"{number:02d}_{material.short}")
    if version.state == VersionState.PENDING:
        return f"{WAITING}/{place}"
    return place if version.state == VersionState.CURRENT else f"{OLD}/{place}"


def _lay(blobs: Blobs, sha256: str, folder: Path, name: str) -> tuple[Path | None, str]:
    """Lay a copy of the bytes under the sender's name made safe; a second file of that name gets a number.

    Returns the file, or None and why there is none.
    """
    if not blobs.exists(sha256):
        return None, _GONE
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_name(name)
    stem, ending = target.stem, target.suffix
    number = 2
    while target.exists():
        target = folder / f"{stem} ({number}){ending}"
        number += 1
    try:
        blobs.copy_to(sha256, target)
    except DamagedBlob:
        return None, _DAMAGED
    except KeyError:
        return None, _GONE
    return target, ""


_GONE, _DAMAGED = "（原件库中缺失，请告知技术人员）", "（原件已损坏，没有放入，请告知技术人员）"


def _mails(session: Session, submission: SubmissionRow) -> Sequence[MessageRow]:
    query = (
        select(MessageRow)
        .join(SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256)
        .where(SubmissionMessageRow.submission_id == submission.id)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
    )
    return session.exec(query).all()


def _mail_name(message: MessageRow, zone: ZoneInfo) -> str:
    moment = message.received.astimezone(zone).strftime("%Y%m%d-%H%M")
    return f"{moment}_{message.subject or '无标题'}.eml"
