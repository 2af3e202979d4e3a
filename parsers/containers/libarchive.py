"""Archives through libarchive, entry after entry (按顺序读取压缩包), whatever it makes of their names.

libarchive gives no name at all for Chinese characters outside a UTF-8 locale, so names come from our own reading of
the headers where that is possible, and are matched by position.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass

import libarchive
from libarchive import ArchiveError

from parsers.containers.budget import Meter
from parsers.containers.decompress import UnknownMethod, WrongPassword


@dataclass(frozen=True, slots=True)
class Bundled:
    """One entry as libarchive sees it. ``name`` may be empty."""

    name: str
    size: int | None
    is_file: bool
    inner: libarchive.entry.ArchiveEntry

    def read(self, meter: Meter) -> tuple[bytes, bool]:
        """Return the content, and whether all of it could be read. Only while this entry is the current one."""
        out = bytearray()
        try:
            for block in self.inner.get_blocks():
                meter.add(len(block))
                out += block
        except ArchiveError as error:
            if _is_password(error):
                raise WrongPassword from error
            if not out and "unsupported" in str(error).lower():
                raise UnknownMethod from error
            return bytes(out), False
        return bytes(out), True


def read_bundle(data: bytes, format_name: str, password: str | None = None) -> Iterator[Bundled]:
    """Yield the entries of an archive. ``WrongPassword``, ``UnknownMethod`` and ``ArchiveError`` may be raised."""
    try:
        with libarchive.memory_reader(data, format_name, "none", passphrase=password) as opened:
            for entry in opened:
                kind = entry.filetype
                regular = kind in {0, stat.S_IFREG} and not entry.islnk
                yield Bundled(_name(entry), entry.size, regular, entry)
    except ArchiveError as error:
        if _is_password(error):
            raise WrongPassword from error
        raise


def _name(entry: libarchive.entry.ArchiveEntry) -> str:
    try:
        name = entry.pathname
    except UnicodeDecodeError:
        return ""
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name or ""


def _is_password(error: ArchiveError) -> bool:
    said = str(error).lower()
    return "passphrase" in said or "encrypt" in said or "password" in said
