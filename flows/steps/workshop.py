"""Everything a step works with (办公室): settings, call, store, reader; opened once a run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from config.call import Call
from config.load import find_call
from config.policies import decided
from config.settings import Settings
from flows.checks.registry import open_call
from parsers.facts.context import ReadContext
from store import watermarks
from store.engine import Store, open_store
from store.lists import known_names
from store.site import settle_site

if TYPE_CHECKING:
    from parsers.sandbox.pool import Reader


@dataclass
class Workshop:
    """The settings, the call, the open store, and a reader that is started when the first mail needs it."""

    settings: Settings
    call: Call
    store: Store
    spool: Path
    """A flat folder that readers write to; swept when the run ends."""
    ocr: bool = True
    looks: Path | None = None
    """Where looks are remembered by content; None for nowhere."""

    @cached_property
    def reader(self) -> Reader:
        """The warm child processes that read mails."""
        from parsers.sandbox.pool import Reader  # noqa: PLC0415 - the readers load slowly; most commands read no mail

        return Reader(
            self.spool,
            self.context,
            own_addresses=self.settings.ours,
            workers=self.settings.reader_workers,
            seconds=self.settings.reader_seconds,
            threads=self.settings.reader_threads or 0,
            closed=self.store.home,
        )

    @cached_property
    def context(self) -> ReadContext:
        """What readers may know besides the bytes."""
        return ReadContext(
            call=self.call,
            known_names=self._known_names(),
            ocr=self.ocr,
            remembers=str(self.looks or ""),
            trusted_authserv=self.settings.trusted_authserv,
        )

    def _known_names(self) -> tuple[str, ...]:
        """Names from the lists and of firms already known, to which slips of the OCR may be corrected."""
        with self.store.reading() as session:
            return known_names(session)

    def close(self) -> None:
        """End the children and give the database back."""
        if "reader" in self.__dict__:
            self.reader.close()
        self.store.close()
        shutil.rmtree(self.spool, ignore_errors=True)


POLICY_KEY = "policy:"
"""Watermarks under this prefix hold what staff confirmed where the notice is silent."""


def with_confirmed_policies(call: Call, store: Store) -> Call:
    """Return the call with the policies that staff confirmed at the desk."""
    with store.reading() as session:
        confirmed = watermarks.starting_with(session, POLICY_KEY)
    values = {key.removeprefix(POLICY_KEY): str(json.loads(text)["value"]) for key, text in confirmed.items()}
    return decided(call, values, confirmed=True)


@contextlib.contextmanager
def open_workshop(
    settings: Settings, *, call: Call | None = None, ocr: bool = True, looks: Path | None = None
) -> Iterator[Workshop]:
    """Open everything for one run and close it at the end.

    Raises what opening raises (``CallFault``, ``StoreError``), each one Chinese sentence with its cure.
    """
    loaded = call or open_call(find_call(settings.call))
    store = open_store(settings.database_url, settings.home)
    _close_to_others(settings.home)
    try:
        settle_site(store, system_now())
    except BaseException:
        store.close()
        raise
    spools = settings.home / "spool"
    spools.mkdir(parents=True, exist_ok=True)
    _sweep(spools)
    spool = Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=spools))
    confirmed = with_confirmed_policies(loaded, store)
    shop = Workshop(settings, confirmed, store, spool, ocr, looks or settings.home / "looks")
    try:
        yield shop
    finally:
        shop.close()


def _close_to_others(home: Path) -> None:
    """Let nobody but the owner into the data folder: a folder made by an older version stood open."""
    mode = home.stat().st_mode
    if mode & 0o077:
        # Where another user owns it, doctor tells that it stands open.
        with contextlib.suppress(PermissionError):
            home.chmod(mode & 0o700)


def _sweep(spools: Path) -> None:
    """Remove what runs left behind that were killed; what lies there is in the blobs, or will be read again."""
    for folder in spools.glob("run-*-*"):
        number = folder.name.split("-")[1]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def system_now() -> datetime:
    """Return the present moment. The faces call it once a run and hand it down; nothing below asks the clock."""
    return datetime.now(tz=UTC)
