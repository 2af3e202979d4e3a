"""The readable shelf (案卷): one folder for each submission, rebuilt from rows, for people who open files by hand.

Nothing reads the shelf; whatever is changed in it is gone after the next rebuilding. The originals lie in the blobs.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from config.call import Call
from store.blobs import Blobs
from store.filing.versions import version_rows
from store.states import SubmissionStatus, VersionState
from store.tables import ApplicantRow, MessageRow, SubmissionMessageRow, SubmissionRow, VersionRow

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


def rebuild_shelf(session: Session, blobs: Blobs, shelf: Path, call: Call, submission: SubmissionRow) -> Path | None:
    """Build the folder of one submission anew and put it in the place of the old one at one stroke.

    Returns the folder; None for a merged submission, whose folder is taken away. Bytes that the blobs no longer hold
    are named in 说明.txt and do not stop the rebuilding.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    prefix = f"{submission.serial:04d}"
    old = [path for path in shelf.iterdir() if path.name == prefix or path.name.startswith(f"{prefix}_")]
    if submission.status == SubmissionStatus.MERGED:
        for path in old:
            shutil.rmtree(path)
        return None
    applicant = session.get(ApplicantRow, submission.applicant_id)
    name = applicant.name if applicant and applicant.name else "单位待核实"
    target = shelf / safe_name(f"{prefix}_{name}")
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=shelf))
    building.chmod(0o750)
    try:
        _fill(session, blobs, building, call, submission, name)
        for number, path in enumerate(old):
            path.rename(shelf / f".leaving-{prefix}-{os.getpid()}-{number}")
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        for path in shelf.glob(f".leaving-{prefix}-*"):
            shutil.rmtree(path, ignore_errors=True)
    return target


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


def _fill(session: Session, blobs: Blobs, folder: Path, call: Call, submission: SubmissionRow, applicant: str) -> None:
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
        written = _lay(blobs, leaf.sha256, place, leaf.name)
        where = f"{place.relative_to(folder)}/{written.name}" if written else "（原件库中缺失，请告知技术人员）"
        received = message.received.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        lines.append(f"  {where}｜{received} 来信｜原路径：{leaf.path}｜{version.reason}")
    lines += ["", "来信："]
    for message in _mails(session, submission):
        written = _lay(blobs, message.sha256, folder / LETTERS_IN, _mail_name(message, zone))
        sender = f"{message.sender_name} <{message.sender_address}>".strip()
        lines.append(f"  {written.name if written else message.sha256}｜{sender}｜{message.subject}")
    (folder / "说明.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def _place(call: Call, version: VersionRow) -> str:
    """Return the folder that a version lies in, below the submission's."""
    place = OTHERS
    for number, material in enumerate(call.electronic, 1):
        if material.key == version.material:
            place = safe_name(f"{number:02d}_{material.short}")
    if version.state == VersionState.PENDING:
        return f"{WAITING}/{place}"
    return place if version.state == VersionState.CURRENT else f"{OLD}/{place}"


def _lay(blobs: Blobs, sha256: str, folder: Path, name: str) -> Path | None:
    """Lay the bytes down under the sender's name made safe; a second file of that name gets a number."""
    if not blobs.exists(sha256):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    safe = safe_name(name)
    target = folder / safe
    stem, ending = target.stem, target.suffix
    number = 2
    while target.exists():
        target = folder / f"{stem} ({number}){ending}"
        number += 1
    try:
        # The blobs are read-only, so the link cannot be written through by an office program.
        os.link(blobs.path(sha256), target)
    except OSError:
        shutil.copyfile(blobs.path(sha256), target)
    return target


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
