"""A full disk, a lost original, a busy database: whatever mail is being examined then, it is not to blame."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from flows.steps.filing.examine import LATER, examine, take_next
from flows.steps.workshop import Workshop
from parsers.sandbox.pool import Reader
from store.tables import MessageRow
from tests.desk.conftest import FIRST, NOW, form, mail, take_in


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.fixture
def waiting(shop: Workshop) -> str:
    raw = mail("a@jia.example", FIRST, NOW, form(FIRST), text="再发一次。\n")
    return take_in(shop, raw, NOW, 9)


def row_of(shop: Workshop, sha256: str) -> MessageRow:
    with shop.store.reading() as session:
        row = session.get(MessageRow, sha256)
        assert row is not None
        return row


OURS = [
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EMFILE, "Too many open files"),
    OSError(errno.EROFS, "Read-only file system"),
    MemoryError(),
    OperationalError("SELECT 1", {}, Exception("database is locked")),
]


@pytest.mark.parametrize("error", OURS, ids=["full", "handles", "read-only", "memory", "locked"])
def test_what_is_wrong_with_the_machine_sets_no_mail_aside(
    shop: Workshop, waiting: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    now = NOW
    with monkeypatch.context() as broken:
        broken.setattr(Reader, "read", raising(error))
        for _ in range(6):
            assert take_next(shop, now) is None
            now += LATER
    row = row_of(shop, waiting)
    assert (row.state, row.attempts, "稍后再试" in row.last_error) == ("stored", 0, True)
    taken = take_next(shop, now)
    assert taken is not None
    assert (taken.leased.sha256, taken.leased.attempts, examine(shop, taken, now).message) == (waiting, 1, waiting)


def test_what_is_wrong_with_our_reading_of_it_still_counts(
    shop: Workshop, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "read", raising(ValueError("a slip of ours")))
    now = NOW
    for _ in range(3):
        assert take_next(shop, now) is None
        now += timedelta(hours=1)
    assert row_of(shop, waiting).state == "quarantined"


@pytest.mark.parametrize("damaged", [True, False], ids=["damaged", "gone"])
def test_a_mail_whose_original_is_not_whole_waits_for_it_and_is_read_when_it_is_back(
    shop: Workshop, waiting: str, *, damaged: bool
) -> None:
    path = shop.store.blobs.path_for_reading(waiting)
    whole = path.read_bytes()
    path.chmod(0o600)
    if damaged:
        path.write_bytes(whole[:-1] + b"?")
    else:
        path.unlink()
    now = NOW
    for _ in range(6):
        assert take_next(shop, now) is None
        now += LATER
    row = row_of(shop, waiting)
    assert (row.state, row.attempts) == ("stored", 0)
    assert row.last_error.startswith("来信原件已损坏" if damaged else "来信原件不在原件库里")
    shop.store.blobs.put(whole)
    taken = take_next(shop, now)
    assert taken is not None
    assert taken.leased.sha256 == waiting
