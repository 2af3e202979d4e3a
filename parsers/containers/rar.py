"""RAR archives (rar 压缩包): headers by ourselves, content by libarchive, then by unar where that fails."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from libarchive import ArchiveError

from parsers.containers import unar
from parsers.containers.budget import Budget, Meter, OverBudget
from parsers.containers.decompress import UnknownMethod, WrongPassword
from parsers.containers.entries import (
    Entry,
    Unopened,
    damaged,
    encrypted,
    entry_damaged,
    entry_encrypted,
    entry_link,
    entry_unsupported,
    volumes,
)
from parsers.containers.entry_names import decode_names, is_clutter, steps_of
from parsers.containers.libarchive import read_bundle
from parsers.containers.rar_decrypt import RarLock, header_crc, unlock, without_padding
from parsers.containers.rar_headers import MARK_4, MARK_5, RarDirectory, RarFile, rar_directory
from parsers.facts.problem import Problem

_END_4 = b"\xc4\x3d\x7b\x00\x40\x07\x00"
_MOST_ROUNDS = 6 << 19
"""About two seconds of deriving keys for one archive; the usual one costs a tenth of that."""
_END_5 = bytes.fromhex("1d77565103050400")


def read_rar(data: bytes, where: str, budget: Budget, passwords: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield the files of a RAR; raise ``Unopened`` at the end where part of it stays shut."""
    found = rar_directory(data)
    if found.headers_encrypted:
        yield from _hidden(data, where, budget, passwords)
        return
    files = [file for file in found.files if not file.is_directory]
    if not files:
        if found.whole:
            return
        raise Unopened(damaged(where))
    budget.listed(len(found.files))
    for _ in range(len(found.files) - len(files)):
        budget.folder()
    names = _names(files)
    all_encrypted = all(file.encrypted for file in files)
    if all_encrypted and not passwords:
        raise Unopened(encrypted(where))
    locked = False
    with _Content(data, found, passwords) as content:
        for file, name in zip(files, names, strict=True):
            steps, problems = steps_of(name, where)
            if is_clutter(steps):
                budget.clutter()
                continue
            budget.take_entry(where)
            entry = _read_entry(
                content, file, steps, budget.meter(f"{where}/{'/'.join(steps)}", file.end - file.data_at)
            )
            locked = locked or entry.data is None
            if not all_encrypted or entry.data is not None:
                yield Entry(entry.steps, entry.data, (*problems, *entry.problems))
    shut = _shut(found, where, locked=locked and all_encrypted)
    if shut is not None:
        raise Unopened(shut)


def _shut(found: RarDirectory, where: str, *, locked: bool) -> Problem | None:
    if locked:
        return encrypted(where)
    if found.volume and any(file.split for file in found.files):
        return volumes(where)
    return None if found.whole else damaged(where)


def _names(files: Sequence[RarFile]) -> list[str]:
    plain = iter(decode_names([(file.raw_name, False, b"") for file in files if file.name is None]))
    return [next(plain) if file.name is None else file.name for file in files]


def _read_entry(content: _Content, file: RarFile, steps: tuple[str, ...], meter: Meter) -> Entry:
    if file.is_link:
        return Entry(steps, None, (entry_link(meter.where),))
    problems: tuple[Problem, ...] = ()
    try:
        meter.expect(file.size)
        data, whole = content.read(file, meter)
    except WrongPassword:
        return Entry(steps, None, (entry_encrypted(meter.where),))
    except UnknownMethod:
        return Entry(steps, None, (entry_unsupported(meter.where),))
    except OverBudget as over:
        if over.stops is not meter:
            raise
        return Entry(steps, None, (over.problem,))
    if not whole:
        problems = (entry_damaged(meter.where, cut=file.split or len(data) != file.size),)
    return Entry(steps, data, problems)


class _Content:
    """The bytes of the entries of one RAR, each by the cheapest reader that can."""

    def __init__(self, data: bytes, found: RarDirectory, passwords: Sequence[str]) -> None:
        self._data = data
        self._found = found
        self._passwords = passwords
        self._solid = found.solid or any(file.solid for file in found.files)
        self._laid_down = unar.laid_down(data)
        self._path: Path | None = None
        self._derived: set[tuple[str, bytes]] = set()
        self._rounds = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            self._laid_down.__exit__(None, None, None)

    def read(self, file: RarFile, meter: Meter) -> tuple[bytes, bool]:
        """Return an entry's content, and whether it is whole."""
        if file.split:
            return self._data[file.data_at : file.end] if file.stored and not file.encrypted else b"", False
        if file.encrypted:
            return self._unlocked(file, meter)
        packed = self._data[file.data_at : file.end]
        if file.stored:
            meter.add(len(packed))
            return packed, _fits(packed, file)
        partial, whole = b"", False
        if file.end <= len(self._data):
            header = self._data[file.header_at : file.data_at]
            partial, whole = self._by_libarchive(file, header, packed, meter)
            whole = whole and _fits(partial, file)
        return (partial, True) if whole else self._by_unar(file, meter, partial)

    def _unlocked(self, file: RarFile, meter: Meter) -> tuple[bytes, bool]:
        """Try the passwords; a password that gives the right check sum is right."""
        if file.lock is not None:
            for password in self._passwords:
                if not self._affordable(file.lock, password):
                    break
                packed = unlock(self._data[file.data_at : file.end], file.lock, password)
                if packed is None:
                    continue
                data = self._clear(file, packed, password, meter)
                proof = header_crc(zlib.crc32(data), file.lock, password)
                if len(data) == file.size and (file.crc is None or proof == file.crc):
                    return data, True
                if file.lock.check:
                    # The password is proved right, so it is the content that is damaged.
                    return data, False
        raise WrongPassword

    def _affordable(self, lock: RarLock, password: str) -> bool:
        """Whether deriving a key may still be paid for: hostile archives ask for a new one for each entry."""
        if (password, lock.salt) not in self._derived:
            self._derived.add((password, lock.salt))
            self._rounds += lock.rounds
        return self._rounds <= _MOST_ROUNDS

    def _clear(self, file: RarFile, packed: bytes, password: str, meter: Meter) -> bytes:
        """Return the content of an entry whose encryption was taken off."""
        if file.stored:
            data = packed[: file.size]
            meter.add(len(data))
            return data
        if self._solid:
            return self._run_unar(file, password, meter)
        packed = without_padding(packed) if self._found.version == 5 else packed
        return self._by_libarchive(file, file.clear_header(len(packed)), packed, meter)[0]

    def _by_libarchive(self, file: RarFile, header: bytes, packed: bytes, meter: Meter) -> tuple[bytes, bool]:
        """Read one entry out of an archive that holds only it, or out of the whole where entries lean on others."""
        mark, end = (MARK_4, _END_4) if self._found.version == 4 else (MARK_5, _END_5)
        archive = self._data if self._solid else b"".join((mark, self._found.main, header, packed, end))
        order = [other.header_at for other in self._found.files] if self._solid else [file.header_at]
        try:
            for at, bundled in zip(order, read_bundle(archive, "all"), strict=False):
                if at == file.header_at:
                    data, whole = bundled.read(meter)
                    return data, whole and len(data) == file.size
        except (ArchiveError, WrongPassword, UnknownMethod):
            pass
        return b"", False

    def _by_unar(self, file: RarFile, meter: Meter, partial: bytes) -> tuple[bytes, bool]:
        """Read one entry with unar, which knows the solid archives of RAR 4."""
        data = self._run_unar(file, None, meter)
        if len(data) == file.size and _fits(data, file):
            return data, True
        if not data and not partial:
            raise UnknownMethod
        return max(partial, data, key=len), False

    def _run_unar(self, file: RarFile, password: str | None, meter: Meter) -> bytes:
        if not unar.is_installed():
            return b""
        if self._path is None:
            self._path = self._laid_down.__enter__()
        index = [other.header_at for other in self._found.files].index(file.header_at)
        return unar.read_entry(self._path, index, password, meter)[0]


def _fits(data: bytes, file: RarFile) -> bool:
    return file.crc is None or zlib.crc32(data) == file.crc


def _hidden(data: bytes, where: str, budget: Budget, passwords: Sequence[str]) -> Iterator[Entry]:
    """Read an archive whose very file names are encrypted."""
    if not unar.is_installed() or not passwords:
        raise Unopened(encrypted(where))
    with unar.laid_down(data) as path:
        for password in passwords:
            listing = unar.list_entries(path, password)
            if not listing:
                continue
            for listed in listing:
                steps, problems = steps_of(listed.name, where)
                budget.take_entry(where)
                meter = budget.meter(f"{where}/{'/'.join(steps)}")
                meter.expect(listed.size)
                content, good = unar.read_entry(path, listed.index, password, meter)
                if not good and not content:
                    break
                found = () if len(content) == listed.size else (entry_damaged(meter.where),)
                yield Entry(steps, content, (*problems, *found))
            else:
                return
    raise Unopened(encrypted(where))
