"""What a RAR file says it holds (rar 目录), read from its headers in the formats 1.5 to 4 and 5.

Written from the published format descriptions (rarlab.com/technote.htm; unrar's ``technote.txt`` for the older one).
Every header carries a check sum, so after damage the next sound header can be found again.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from parsers.containers.rar_decrypt import RarLock

MARK_4 = b"Rar!\x1a\x07\x00"
MARK_5 = b"Rar!\x1a\x07\x01\x00"
_MOST_FILES = 4000
_MOST_TRIES = 200_000
"""Places at which a lost header is looked for after damage."""


@dataclass(frozen=True, slots=True)
class RarFile:
    """One file header. ``header_at``, ``data_at`` and ``end`` are offsets of its header, content and end."""

    raw_name: bytes
    name: str | None
    """The name where the format says what its characters are; None where only ``raw_name`` is there."""
    size: int
    crc: int | None
    stored: bool
    encrypted: bool
    is_directory: bool
    is_link: bool
    split: bool
    """Whether it begins or ends in another volume."""
    solid: bool
    header_at: int
    data_at: int
    end: int
    lock: RarLock | None = None
    clear_fields: bytes = b""
    """The header's fields as they would be without encryption."""

    def clear_header(self, packed: int) -> bytes:
        """Return the header as it would be without encryption, for a reader that does not know passwords."""
        if self.lock is not None and self.lock.version == 5:
            return _block_of(_as_vint(2) + _as_vint(2) + _as_vint(packed) + self.clear_fields)
        return struct.pack("<H", zlib.crc32(self.clear_fields) & 0xFFFF) + self.clear_fields


@dataclass(frozen=True, slots=True)
class RarDirectory:
    """All file headers. ``main`` is the archive's own header, needed to build an archive of one entry."""

    version: int
    files: tuple[RarFile, ...]
    main: bytes
    whole: bool
    solid: bool = False
    volume: bool = False
    headers_encrypted: bool = False


def rar_directory(data: bytes) -> RarDirectory:
    """Return what the headers tell; never raises."""
    if data.startswith(MARK_5):
        return _Five(data).read()
    return _Four(data).read()


class _Four:
    """Headers of RAR 1.5 to 4."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.files: list[RarFile] = []
        self.tries = 0
        self.main = b""
        self.flags = 0
        self.whole = False

    def read(self) -> RarDirectory:
        data, at, gaps = self.data, len(MARK_4), False
        while at + 7 <= len(data) and len(self.files) < _MOST_FILES:
            crc, kind, flags, size = struct.unpack_from("<HBHH", data, at)
            if size < 7 or at + size > len(data) or not self._sound(at, size, crc, kind):
                gaps = True
                at = self._next(at + 1)
                continue
            added = struct.unpack_from("<I", data, at + 7)[0] if flags & 0x8000 and size >= 11 else 0
            if kind == 0x73:
                self.main, self.flags = data[at : at + size], flags
                if flags & 0x80:
                    return RarDirectory(4, (), self.main, whole=True, headers_encrypted=True)
            elif kind == 0x74:
                added = self._file(at, flags, size, added)
            elif kind == 0x7B:
                self.whole = not gaps
                break
            at += size + added
        # Older programs wrote no end header: then the last content ends where the file does.
        self.whole = self.whole or (not gaps and at == len(data))
        volume = bool(self.flags & 1)
        return RarDirectory(4, tuple(self.files), self.main, self.whole, bool(self.flags & 8), volume)

    def _sound(self, at: int, size: int, crc: int, kind: int) -> bool:
        # The check sum of a comment inside the main header covers less; only file headers must be sound.
        return kind in {0x73, 0x7B} or zlib.crc32(self.data[at + 2 : at + size]) & 0xFFFF == crc

    def _next(self, at: int) -> int:
        while self.tries < _MOST_TRIES:
            self.tries += 1
            at = self.data.find(b"\x74", at + 2)
            if at < 0:
                break
            start = at - 2
            if start + 7 <= len(self.data):
                crc, _, flags, size = struct.unpack_from("<HBHH", self.data, start)
                plausible = 32 < size < 4096 and flags & 0x8000 and start + size <= len(self.data)
                if plausible and zlib.crc32(self.data[start + 2 : start + size]) & 0xFFFF == crc:
                    return start
            at -= 1
        return len(self.data)

    def _file(self, at: int, flags: int, header_size: int, packed: int) -> int:
        """Keep a file header and return the size of its content."""
        if header_size < 32:
            return packed
        size, _, crc, _, _, method, name_size, attributes = struct.unpack_from("<IBIIBBHI", self.data, at + 11)
        name_at = at + 32
        if flags & 0x100 and header_size >= 40:
            high_packed, high_size = struct.unpack_from("<2I", self.data, at + 32)
            packed, size, name_at = packed + (high_packed << 32), size + (high_size << 32), at + 40
        raw = self.data[name_at : min(name_at + name_size, at + header_size)]
        name = _unicode_name(raw) if flags & 0x200 else None
        begin = at + header_size
        salt_at = name_at + name_size
        salt = self.data[salt_at : salt_at + 8] if flags & 0x400 else b""
        head = self.data[at + 2 : salt_at] + self.data[salt_at + len(salt) : begin]
        clear = struct.pack("<BHH", 0x74, flags & ~0x404, header_size - len(salt)) + head[5:]
        self.files.append(
            RarFile(
                raw_name=raw.split(b"\x00")[0],
                name=name,
                size=size,
                crc=crc,
                stored=method == 0x30,
                encrypted=bool(flags & 4),
                is_directory=flags & 0xE0 == 0xE0,
                is_link=attributes & 0o170000 == 0o120000 and self.data[at + 15] == 3,
                split=bool(flags & 3),
                solid=bool(flags & 0x10),
                header_at=at,
                data_at=begin,
                end=begin + packed,
                lock=RarLock(4, salt) if flags & 4 else None,
                clear_fields=clear,
            )
        )
        return packed


def _unicode_name(raw: bytes) -> str | None:
    """Return the name from RAR 3's packed form: a plain name, a zero byte, then what differs from it.

    Two bits tell how each next character is given: a low byte, a low byte under the common high byte, two bytes,
    or a run copied from the plain name.
    """
    plain, zero, packed = raw.partition(b"\x00")
    if not zero:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
    units: list[int] = []
    try:
        high, at, bits, left = packed[0], 1, 0, 0
        while at < len(packed) and len(units) < 2048:
            if not left:
                bits, left, at = packed[at], 4, at + 1
            left -= 1
            code = bits >> (left * 2) & 3
            if code == 0:
                units.append(packed[at])
                at += 1
            elif code == 1:
                units.append(packed[at] | high << 8)
                at += 1
            elif code == 2:
                units.append(packed[at] | packed[at + 1] << 8)
                at += 2
            else:
                at = _run(plain, packed, at, high, units)
    except IndexError:
        pass
    name = struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")
    return name or None


def _run(plain: bytes, packed: bytes, at: int, high: int, units: list[int]) -> int:
    length = packed[at]
    at += 1
    shift = None
    if length & 0x80:
        shift, at = packed[at], at + 1
    for _ in range((length & 0x7F) + 2):
        letter = plain[len(units)]
        units.append(letter if shift is None else (letter + shift & 0xFF) | high << 8)
    return at


class _Five:
    """Headers of RAR 5."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.files: list[RarFile] = []
        self.tries = 0
        self.main = b""
        self.archive_flags = 0

    def read(self) -> RarDirectory:
        data, at, gaps, ended = self.data, len(MARK_5), False, False
        while at + 7 <= len(data) and len(self.files) < _MOST_FILES:
            block = _block(data, at)
            if block is None:
                gaps = True
                at = self._next(at + 1)
                continue
            kind, _, body_at, _, begin, packed = block
            if kind == 4:
                return RarDirectory(5, (), b"", whole=True, headers_encrypted=True)
            if kind == 1:
                self.main = data[at:begin]
                self.archive_flags = _vint(data, body_at)[0]
            elif kind == 2:
                self._file(at, block)
            elif kind == 5:
                ended = True
                break
            at = begin + packed
        flags = self.archive_flags
        whole = ended and not gaps
        return RarDirectory(5, tuple(self.files), self.main, whole, bool(flags & 4), bool(flags & 1))

    def _next(self, at: int) -> int:
        """Find the next file header: a size of one or two bytes, then its type 2."""
        while self.tries < _MOST_TRIES:
            self.tries += 1
            at = self.data.find(b"\x02", at + 5)
            if at < 0:
                break
            for start in (at - 5, at - 6):
                if start >= 0 and _block(self.data, start) is not None:
                    return start
            at -= 4
        return len(self.data)

    def _file(self, at: int, block: tuple[int, int, int, int, int, int]) -> None:
        data = self.data
        _, flags, body_at, extra_size, begin, packed = block
        try:
            file_flags, cursor = _vint(data, body_at)
            size, crc_at = _vint(data, cursor)
            _, crc_at = _vint(data, crc_at)
            crc_at += 4 if file_flags & 2 else 0
            before_crc, cursor = data[cursor:crc_at], crc_at
            crc = struct.unpack_from("<I", data, cursor)[0] if file_flags & 4 else None
            cursor += 4 if file_flags & 4 else 0
            after_crc = cursor
            packing, cursor = _vint(data, cursor)
            _, cursor = _vint(data, cursor)
            length, cursor = _vint(data, cursor)
            raw = data[cursor : cursor + min(length, begin - cursor)]
            records = _extra_records(data, begin - extra_size, begin)
            lock = _lock_5(data, records[1]) if 1 in records else None
        except (IndexError, struct.error):
            return
        fields = _as_vint(file_flags & ~4) + before_crc + data[after_crc : cursor + len(raw)]
        self.files.append(
            RarFile(
                raw_name=raw,
                name=raw.decode("utf-8", "replace"),
                size=0 if file_flags & 8 else size,
                crc=crc,
                stored=packing >> 7 & 7 == 0,
                encrypted=1 in records,
                is_directory=bool(file_flags & 1),
                is_link=5 in records,
                split=bool(flags & 0x18),
                solid=bool(packing & 0x40),
                header_at=at,
                data_at=begin,
                end=begin + packed,
                lock=lock,
                clear_fields=fields,
            )
        )


def _block(data: bytes, at: int) -> tuple[int, int, int, int, int, int] | None:
    """Return type, flags, offset of the fields, size of the extra area, offset and size of the content."""
    try:
        crc = struct.unpack_from("<I", data, at)[0]
        size, cursor = _vint(data, at + 4)
        begin = cursor + size
        if not 0 < size <= 1 << 21 or begin > len(data) or zlib.crc32(data[at + 4 : begin]) != crc:
            return None
        kind, cursor = _vint(data, cursor)
        flags, cursor = _vint(data, cursor)
        extra, cursor = _vint(data, cursor) if flags & 1 else (0, cursor)
        packed, cursor = _vint(data, cursor) if flags & 2 else (0, cursor)
    except (IndexError, struct.error):
        return None
    return kind, flags, cursor, min(extra, begin - cursor), begin, packed


def _vint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    for cursor in range(at, at + 10):
        byte = data[cursor]
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, cursor + 1
    raise IndexError(at)


def _as_vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _block_of(body: bytes) -> bytes:
    sized = _as_vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _extra_records(data: bytes, at: int, end: int) -> dict[int, int]:
    """Return the types of the extra records and where the content of each begins."""
    records = {}
    while at < end:
        size, body = _vint(data, at)
        if not size:
            break
        kind, cursor = _vint(data, body)
        records[kind] = cursor
        at = body + size
    return records


def _lock_5(data: bytes, at: int) -> RarLock:
    """Return how an entry is encrypted, from its encryption record."""
    _, at = _vint(data, at)
    flags, at = _vint(data, at)
    check = data[at + 33 : at + 41] if flags & 1 else b""
    return RarLock(5, data[at + 1 : at + 17], data[at + 17 : at + 33], data[at], check, bool(flags & 2))
