"""The shelf (案卷柜): the readable folder of each submission, rebuilt from rows after something changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flows.steps.workshop import Workshop
from store.letters import due
from store.views.shelf import rebuild_shelf

SHELF = "案卷"


def shelf_of(shop: Workshop) -> Path:
    """Return the folder that holds all 案卷 of this installation."""
    return shop.settings.home / SHELF


def shelve(shop: Workshop, submissions: Iterable[int]) -> int:
    """Rebuild the folders of these submissions; return how many. It is never read back, so a failure loses nothing."""
    wanted = set(submissions)
    if not wanted:
        return 0
    with shop.store.reading() as session:
        rows = due.submission_rows(session, wanted)
        for row in rows:
            rebuild_shelf(session, shop.store.blobs, shelf_of(shop), shop.call, row)
    return len(rows)
