"""What a zip file says it holds (zip 目录): its directory, and where that is broken the entries' own headers.

Format: APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
_GAP = 1024
"""Bytes between two entries that belong to neither: descriptors and paddings are smaller."""
_MOST_RECORDS = 4000
"""Records beyond these are not even listed; real Office files have 291 at most, and unpacking stops at 500."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the directory, or its own header, describes it. ``offset`` is that of its local header."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    extra: bytes = b""
    mode: int = 0
    time: int = 0

    @property
    def is_encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & 1)


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries of a zip file. ``whole`` is false where the directory was missing, cut or contradicted itself."""

    records: tuple[Record, ...]
    whole: bool
    spanned: bool = False
    declared: int = 0
    unlisted: int = 0
    """Entries at the end of the records of which the directory says nothing."""


def directory(data: bytes) -> Directory:
    """Return the entries of a zip file; those missing from a broken directory are found by their own headers."""
    end = _end_of_directory(data)
    if end < 0:
        return _join(data, [], whole=False, declared=0)
    _, disk, _, _, count, size, offset, _ = END.unpack_from(data, end)
    start = end - size
    if 0xFFFF in {count, disk} or 0xFFFFFFFF in {size, offset}:
        count, size, offset, start = _zip64_end(data, end, count, size, offset)
    prefix = start - offset
    if prefix < 0 or data[start : start + 4] not in {b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"}:
        start, prefix = offset, 0
    records, parsed = _central(data, start, prefix, min(count, _MOST_RECORDS))
    whole = parsed and (count <= _MOST_RECORDS) and all(local_at(data, record.offset) for record in records)
    if prefix > 0 and data.startswith(b"PK\x03\x04"):
        # The directory is that of a zip inside this one, which was cut behind it, or of the second of two.
        return _join(data, [], whole=False, declared=0)
    if whole and (unlisted := _unlisted(data, records, start)):
        return Directory((*records, *unlisted), whole=True, declared=count, unlisted=len(unlisted))
    if whole or len(records) == _MOST_RECORDS:
        return Directory(tuple(records), whole=whole, spanned=disk not in {0, 0xFFFF}, declared=count)
    return _join(data, records, whole=False, declared=count)


def _end_of_directory(data: bytes) -> int:
    """Return where the end record stands: the last one whose comment reaches just to the end, else the last."""
    lowest, highest = max(0, len(data) - 65_557), len(data) - END.size + 4
    last = end = data.rfind(b"PK\x05\x06", lowest, max(0, highest))
    while end >= 0:
        if end + END.size + struct.unpack_from("<H", data, end + 20)[0] == len(data):
            return end
        end = data.rfind(b"PK\x05\x06", lowest, end + 3)
    return last


def _zip64_end(data: bytes, end: int, count: int, size: int, offset: int) -> tuple[int, int, int, int]:
    locator = end - 20
    if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
        place = struct.unpack_from("<Q", data, locator + 8)[0]
        for at in (place, data.rfind(b"PK\x06\x06", 0, locator)):
            if 0 <= at <= len(data) - 56 and data[at : at + 4] == b"PK\x06\x06":
                count, size, offset = struct.unpack_from("<3Q", data, at + 32)
                return count, size, offset, at - size
    return count, size, offset, end - size


def _central(data: bytes, start: int, prefix: int, count: int) -> tuple[list[Record], bool]:
    records: list[Record] = []
    at = start
    for _ in range(count):
        if at < 0 or at + CENTRAL.size > len(data) or data[at : at + 4] != b"PK\x01\x02":
            return records, False
        fields = CENTRAL.unpack_from(data, at)
        flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_length, extra_length, comment_length = fields[10], fields[11], fields[12]
        name_at = at + CENTRAL.size
        name = data[name_at : name_at + name_length]
        extra = data[name_at + name_length : name_at + name_length + extra_length]
        offset = fields[16]
        if 0xFFFFFFFF in {packed, size, offset}:
            size, packed, offset = _zip64_sizes(extra, size, packed, offset)
        records.append(
            Record(name, flags, method, crc, packed, size, offset + prefix, extra, fields[15] >> 16, fields[5])
        )
        at = name_at + name_length + extra_length + comment_length
    return records, True


def _zip64_sizes(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 1:
            body = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack_from(f"<{len(body) // 8}Q", body))
            size = next(values, size) if size == 0xFFFFFFFF else size
            packed = next(values, packed) if packed == 0xFFFFFFFF else packed
            offset = next(values, offset) if offset == 0xFFFFFFFF else offset
            break
        at += 4 + length
    return size, packed, offset


def _unlisted(data: bytes, records: list[Record], start: int) -> list[Record]:
    """Find entries that lie between those of the directory, where bytes are that belong to none of them."""
    found: list[Record] = []
    at = 0
    for record in sorted(records, key=lambda one: one.offset):
        if record.offset - at > _GAP and at:
            found += [one for one in _scan(data[: record.offset], at) if one.offset >= at]
        lengths = struct.unpack_from("<2H", data, record.offset + 26)
        at = max(at, record.offset + LOCAL.size + sum(lengths) + record.packed)
    if start - at > _GAP and at:
        found += list(_scan(data[:start], at))
    return found[:_MOST_RECORDS]


def local_at(data: bytes, offset: int) -> bool:
    """Whether a local header stands at this offset."""
    return 0 <= offset <= len(data) - LOCAL.size and data[offset : offset + 4] == b"PK\x03\x04"


def _join(data: bytes, listed: list[Record], *, whole: bool, declared: int) -> Directory:
    """Add to the listed entries those that only their local headers tell of."""
    sound = [record for record in listed if local_at(data, record.offset)]
    known = {record.offset for record in sound}
    found = [record for record in _scan(data) if record.offset not in known]
    names = {record.raw_name for record in found}
    lost = [record for record in listed if record.offset not in known and record.raw_name not in names]
    records = sorted([*sound, *found], key=lambda record: record.offset)
    return Directory((*records, *lost), whole, declared=declared)


def _scan(data: bytes, begin_at: int = 0) -> Iterator[Record]:
    """Find entries by their local headers, stepping over the content of each."""
    at = data.find(b"PK\x03\x04", begin_at)
    seen = 0
    while 0 <= at <= len(data) - LOCAL.size and seen < _MOST_RECORDS:
        _, _, flags, method, time, _, crc, packed, size, name_length, extra_length = LOCAL.unpack_from(data, at)
        name_at = at + LOCAL.size
        begin = name_at + name_length + extra_length
        plausible = 0 < name_length < 4096 and begin <= len(data) and method < 100
        follow = name_at
        if plausible:
            seen += 1
            extra = data[name_at + name_length : begin]
            if 0xFFFFFFFF in {packed, size}:
                size, packed, _ = _zip64_sizes(extra, size, packed, 0)
            if flags & 8 and not packed:
                packed = _until_next(data, begin) - begin
            name = data[name_at : name_at + name_length]
            yield Record(name, flags, method, crc, packed, size, at, extra, 0, time)
            # A length that leads to another header is believed; any other might be what is damaged.
            ending = begin + packed
            if ending > len(data) and data[begin : begin + 4] == b"PK\x03\x04":
                return  # The last entry was cut off, and what follows are the headers of the zip that it is.
            follow = ending if data[ending : ending + 2] == b"PK" else begin
        at = data.find(b"PK\x03\x04", follow)


def _until_next(data: bytes, begin: int) -> int:
    ends = [data.find(mark, begin) for mark in (b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02")]
    return min((end for end in ends if end >= 0), default=len(data))
