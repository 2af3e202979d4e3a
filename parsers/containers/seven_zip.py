"""7z archives (7z 压缩包): the list by py7zr, content by libarchive, and by py7zr where there is a password."""

from __future__ import annotations

import io
import lzma
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import py7zr
from libarchive import ArchiveError
from py7zr.exceptions import PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from parsers.containers.budget import Budget, Meter, OverBudget
from parsers.containers.decompress import UnknownMethod, WrongPassword
from parsers.containers.entries import (
    Entry,
    Unopened,
    damaged,
    encrypted,
    entry_damaged,
    entry_link,
    unsupported,
)
from parsers.containers.entry_names import is_clutter, steps_of
from parsers.containers.libarchive import Bundled, read_bundle


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    size: int
    crc: int | None
    is_directory: bool
    is_link: bool


def read_seven_zip(data: bytes, where: str, budget: Budget, passwords: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield the files of a 7z; raise ``Unopened`` where it, or the rest of it, stays shut."""
    try:
        listed, locked = _list(data, None)
    except PasswordRequired:
        listed, locked = (), True
    except Exception as error:  # py7zr raises whatever a damaged header leads it to
        yield from _unlisted(data, where, budget)
        raise Unopened(damaged(where)) from error
    if locked:
        yield from _locked(data, where, budget, passwords)
        return
    yield from _open(data, where, budget, listed)


def _list(data: bytes, password: str | None) -> tuple[tuple[_Listed, ...], bool]:
    with py7zr.SevenZipFile(io.BytesIO(data), password=password) as archive:
        listed = tuple(
            _Listed(
                name=str(file.filename),
                size=int(file.uncompressed or 0),
                crc=file.crc32,
                is_directory=bool(file.is_directory),
                is_link=bool(file.is_symlink or file.is_junction),
            )
            for file in archive.files
        )
        return listed, bool(archive.needs_password())


def _open(data: bytes, where: str, budget: Budget, listed: tuple[_Listed, ...]) -> Iterator[Entry]:
    """Read with libarchive, which yields the entries in the order of the list."""
    at = 0
    budget.listed(len(listed))
    try:
        for file, bundled in zip(listed, read_bundle(data, "7zip"), strict=False):
            at += 1
            if file.is_directory:
                budget.folder()
                continue
            yield from _one(file, bundled, where, budget)
    except (WrongPassword, UnknownMethod):
        raise Unopened(unsupported(where)) from None
    except ArchiveError as error:
        raise Unopened(unsupported(where) if at == 0 else damaged(where)) from error
    if at < len(listed):
        raise Unopened(damaged(where))


def _one(file: _Listed, bundled: Bundled, where: str, budget: Budget) -> Iterator[Entry]:
    steps, problems = steps_of(file.name, where)
    if is_clutter(steps):
        budget.clutter()
        return
    budget.take_entry(where)
    meter = budget.meter(f"{where}/{'/'.join(steps)}")
    if file.is_link:
        yield Entry(steps, None, (*problems, entry_link(meter.where)))
        return
    try:
        meter.expect(file.size)
        content, whole = bundled.read(meter)
    except OverBudget as over:
        if over.stops is not meter:
            raise
        yield Entry(steps, None, (*problems, over.problem))
        return
    whole = whole and len(content) == file.size and (file.crc is None or zlib.crc32(content) == file.crc)
    cut = len(content) != file.size
    yield Entry(steps, content, problems if whole else (*problems, entry_damaged(meter.where, cut=cut)))


def _unlisted(data: bytes, where: str, budget: Budget) -> Iterator[Entry]:
    """Read what libarchive can still find where the list cannot be read."""
    try:
        for bundled in read_bundle(data, "7zip"):
            if bundled.is_file:
                file = _Listed(bundled.name, bundled.size or 0, None, is_directory=False, is_link=False)
                yield from _one(file, bundled, where, budget)
    except (ArchiveError, WrongPassword, UnknownMethod):
        return


class _Keep(Py7zIO):
    """Takes one file's bytes from py7zr, and stops it where the budget ends."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.content = bytearray()

    def write(self, s: bytes | bytearray) -> int:
        """Count and keep."""
        self.meter.add(len(s))
        self.content += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Return what was written: py7zr asks for it only to write links."""
        return bytes(self.content if size is None else self.content[:size])

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - the interface is py7zr's
        """Stay: nothing is read back."""
        return offset

    def flush(self) -> None:
        """Nothing waits."""

    def size(self) -> int:
        """Return how much was kept."""
        return len(self.content)


class _Keeper(WriterFactory):
    def __init__(self, where: str, budget: Budget) -> None:
        self._where = where
        self._budget = budget
        self.kept: dict[str, _Keep] = {}

    def create(self, filename: str) -> Py7zIO:
        """Begin one file."""
        name = str(filename)
        self._budget.take_entry(self._where)
        self.kept[name] = _Keep(self._budget.meter(f"{self._where}/{name}"))
        return self.kept[name]


def _locked(data: bytes, where: str, budget: Budget, passwords: Sequence[str]) -> Iterator[Entry]:
    for password in passwords:
        keeper = _Keeper(where, budget)
        try:
            # A wrong password shows as a broken header, broken LZMA, or a wrong check sum.
            listed, _ = _list(data, password)
            if sum(file.size for file in listed) > budget.limits.total_bytes:
                budget.add(budget.limits.total_bytes + 1, where)
            with py7zr.SevenZipFile(io.BytesIO(data), password=password) as archive:
                archive.extractall(factory=keeper)
        except OverBudget:
            raise
        except (py7zr.exceptions.ArchiveError, lzma.LZMAError, OSError, ValueError, EOFError, KeyError, IndexError):
            continue
        except Exception:  # noqa: BLE001, S112 - py7zr raises whatever garbage leads it to
            continue
        for name, kept in keeper.kept.items():
            steps, problems = steps_of(name, where)
            if not is_clutter(steps):
                yield Entry(steps, bytes(kept.content), problems)
        return
    raise Unopened(encrypted(where))
