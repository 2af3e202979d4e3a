"""The shelf (案卷柜): the readable folder of each submission, made anew from rows after something changed.

Which folders are due is written in the transaction that changes the rows (``store.shelf_due``), so one that was not
made because the process died, or the disk was full, is made up by whoever comes next.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flows.steps.workshop import Workshop
from store import watermarks
from store.letters import due
from store.views.shelf import SHELF_FAULT, Laid, due_submissions, note_laid, rebuild_shelf, sweep_shelf

SHELF = "案卷"


def shelf_of(shop: Workshop) -> Path:
    """Return the folder that holds all 案卷 of this installation."""
    return shop.settings.home / SHELF


def shelve(shop: Workshop, now: datetime) -> int:
    """Make every folder that is behind its rows or is not there; return how many.

    Nothing here is ever read back, so a disk that is full stops neither answers nor letters: the folder stays due,
    and staff are told.
    """
    with shop.store.reading() as session:
        wanted = due_submissions(session, shop.call.id, shelf_of(shop))
    made, fault = 0, ""
    for submission_id in wanted:
        try:
            _lay(shop, submission_id)
            made += 1
        except OSError as error:
            fault = f"案卷写不进 {shelf_of(shop)}（{error.strerror}）：请检查磁盘空间和权限，之后自动补上。"
    _note(shop, fault, now)
    return made


def shelve_one(shop: Workshop, submission_id: int) -> Laid:
    """Make the folder of one submission now, due or not."""
    return _lay(shop, submission_id)


def _lay(shop: Workshop, submission_id: int) -> Laid:
    shelf = shelf_of(shop)
    with _alone(shelf):
        with shop.store.reading() as session:
            (row,) = due.submission_rows(session, [submission_id])
            laid = rebuild_shelf(session, shop.store.blobs, shelf, shop.call, row)
        with shop.store.transaction() as session:
            note_laid(session, submission_id, row.shelf_changed)
    return laid


@contextlib.contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """Let one process at a time lay folders: two that exchange the same one would meet."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep_shelf(shelf)
        yield


def _note(shop: Workshop, fault: str, now: datetime) -> None:
    with shop.store.reading() as session:
        told = watermarks.get(session, SHELF_FAULT) or ""
    if told == fault:
        return
    with shop.store.transaction() as session:
        if fault:
            watermarks.put(session, SHELF_FAULT, fault, now)
        else:
            watermarks.drop(session, SHELF_FAULT)
