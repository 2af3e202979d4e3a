"""Zip files (zip 压缩包), entry by entry, so that one broken entry never costs its siblings.

The standard library's reader gives up on the whole file for one bad record, cannot read AES or Deflate64, and of
Python 3.11.7 reads overlapping entries without end. Format: APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator, Sequence

from parsers.containers import decompress
from parsers.containers.budget import Budget, Meter, OverBudget
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
from parsers.containers.zip_directory import CENTRAL, END, LOCAL, Record, directory, local_at
from parsers.facts.problem import Problem, Weight

_CHUNK = 1 << 18
_MOST_DECLARED = 1_000_000
_SYMBOLIC_LINK = 0o120000


class BrokenEntry(Exception):  # noqa: N818 - what a sender sent; never leaves this module
    """An entry breaks off or fails its check sum; ``partial`` is what could be read."""

    def __init__(self, partial: bytes) -> None:
        super().__init__("entry is damaged")
        self.partial = partial


def read_zip(data: bytes, where: str, budget: Budget, passwords: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield the files of a zip; raise ``Unopened`` at the end where part of it stays shut."""
    found = directory(data)
    if not found.records:
        if found.whole:
            return
        raise Unopened(volumes(where) if data[:4] == b"PK\x07\x08" else damaged(where))
    names = decode_names([(record.raw_name, bool(record.flags & 0x800), record.extra) for record in found.records])
    budget.listed(max(len(found.records), min(found.declared, _MOST_DECLARED)))
    all_encrypted = _all_encrypted(found.records)
    locked = False
    for number, (record, name) in enumerate(zip(found.records, names, strict=True)):
        if record.raw_name.endswith((b"/", b"\\")) and not record.size:
            budget.folder()
            continue
        steps, problems = steps_of(name, where)
        if is_clutter(steps):
            budget.clutter()
            continue
        budget.take_entry(where)
        entry = _read_entry(data, record, steps, f"{where}/{'/'.join(steps)}", budget=budget, passwords=passwords)
        is_locked = any(problem.code == "entry-encrypted" for problem in entry.problems)
        locked = locked or is_locked
        if not (is_locked and all_encrypted):
            hidden = (_unlisted(where),) if number >= len(found.records) - found.unlisted else ()
            yield Entry(entry.steps, entry.data, (*problems, *hidden, *entry.problems))
    if locked and all_encrypted:
        raise Unopened(encrypted(where))
    if found.spanned:
        raise Unopened(volumes(where))
    if not found.whole:
        raise Unopened(damaged(where))


def _all_encrypted(records: Sequence[Record]) -> bool:
    return all(record.is_encrypted for record in records if record.size)


def _read_entry(
    data: bytes, record: Record, steps: tuple[str, ...], where: str, *, budget: Budget, passwords: Sequence[str]
) -> Entry:
    if record.mode & 0o170000 == _SYMBOLIC_LINK:
        return Entry(steps, None, (entry_link(where),))
    meter = budget.meter(where, record.packed)
    try:
        meter.expect(record.size)
        content = _content(data, record, meter, passwords)
    except BrokenEntry as broken:
        return Entry(steps, broken.partial, (entry_damaged(where, cut=len(broken.partial) != record.size),))
    except _PasswordNeeded:
        return Entry(steps, None, (entry_encrypted(where),))
    except decompress.UnknownMethod:
        return Entry(steps, None, (entry_unsupported(where),))
    except OverBudget as over:
        if over.stops is not meter:
            raise
        return Entry(steps, None, (over.problem,))
    lies = () if len(content) == record.size or record.flags & 8 else (_size_lie(where, record.size, len(content)),)
    return Entry(steps, content, lies)


def _unlisted(where: str) -> Problem:
    return Problem("entry-unlisted", "压缩包的目录里没有列出这个文件，已另行找出。", where, "", Weight.SUSPECT)


def _size_lie(where: str, said: int, real: int) -> Problem:
    return Problem("entry-size-lie", f"压缩包声称该文件有 {said} 字节，实际为 {real} 字节。", where, "", Weight.SUSPECT)


def first_bytes(data: bytes, record: Record, most: int = 1 << 18) -> bytes:
    """Return the first bytes of an entry's content; nothing where it is damaged or locked."""
    try:
        begin = _content_at(data, record)
    except BrokenEntry:
        return b""
    packed = data[begin : begin + min(record.packed, most)]
    if record.is_encrypted or record.method == 0:
        return b"" if record.is_encrypted else packed
    try:
        return zlib.decompressobj(-15).decompress(packed, most)
    except zlib.error:
        return b""


class _PasswordNeeded(Exception):  # noqa: N818 - what a sender sent; never leaves this module
    """None of the passwords opened the entry."""


def _content(data: bytes, record: Record, meter: Meter, passwords: Sequence[str]) -> bytes:
    begin = _content_at(data, record)
    packed = memoryview(data)[begin : begin + record.packed]
    if record.is_encrypted:
        return _decrypted(packed, record, meter, passwords)
    if record.method not in {0, 8, 9, 12, 14}:
        return decompress.read_lonely_zip(_alone(packed, record), None, meter)
    whole = len(packed) == record.packed
    content, ended = _expand(packed, record, meter)
    if not whole or not ended or (zlib.crc32(content) != record.crc and not _unknown_crc(record)):
        raise BrokenEntry(bytes(content))
    return bytes(content)


def _unknown_crc(record: Record) -> bool:
    # Found by a local header that leaves size and check sum to a descriptor behind the content.
    return bool(record.flags & 8) and record.crc == 0


def _content_at(data: bytes, record: Record) -> int:
    if not local_at(data, record.offset):
        raise BrokenEntry(b"")
    name_length, extra_length = struct.unpack_from("<2H", data, record.offset + 26)
    return record.offset + LOCAL.size + int(name_length) + int(extra_length)


def _expand(packed: memoryview, record: Record, meter: Meter) -> tuple[bytes | bytearray, bool]:
    if record.method == 0:
        meter.add(len(packed))
        return bytes(packed), True
    source: decompress.Source
    if record.method == 8:
        source = decompress.Deflate()
    elif record.method == 9:
        source = decompress.Deflate64()
    elif record.method == 12:
        source = decompress.Standard(bz2.BZ2Decompressor())
    else:
        source, packed = _zip_lzma(packed)
    out = bytearray()
    try:
        for piece in _pieces(packed, source, meter):
            out += piece
    except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError, RuntimeError):
        return out, False
    return out, source.complete


def _pieces(packed: memoryview, source: decompress.Source, meter: Meter) -> Iterator[bytes]:
    at = 0
    while not source.done:
        feed = b""
        if source.wants_input:
            feed = bytes(packed[at : at + _CHUNK])
            at += len(feed)
        piece = source.feed(feed, meter.room(_CHUNK * 4))
        if not piece and not feed and source.wants_input:
            return
        meter.add(len(piece))
        yield piece


def _zip_lzma(packed: memoryview) -> tuple[decompress.Source, memoryview]:
    """Return a decompressor for method 14, whose header names the properties (APPNOTE.TXT 5.8.8)."""
    try:
        length = struct.unpack_from("<H", packed, 2)[0]
        properties = bytes(packed[4 : 4 + length])
        first, dictionary = properties[0], struct.unpack_from("<I", properties, 1)[0]
        chain = {
            "id": lzma.FILTER_LZMA1,
            "lc": first % 9,
            "lp": first // 9 % 5,
            "pb": first // 45,
            "dict_size": min(dictionary, 1 << 26),
        }
        decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
    except (struct.error, IndexError, lzma.LZMAError, ValueError) as error:
        raise BrokenEntry(b"") from error
    return decompress.Standard(decoder, ends_with_input=True), packed[4 + length :]


def _decrypted(packed: memoryview, record: Record, meter: Meter, passwords: Sequence[str]) -> bytes:
    for password in passwords:
        for spelling in dict.fromkeys((password.encode("utf-8"), password.encode("gb18030", "replace"))):
            try:
                content = decompress.read_lonely_zip(_alone(packed, record), spelling, meter)
            except decompress.WrongPassword:
                continue
            # Strong encryption leaves the check sum out (WinZip AE-2); its own check came before.
            if record.method != 99 and zlib.crc32(content) != record.crc:
                continue
            return content
    raise _PasswordNeeded


def _alone(packed: memoryview, record: Record) -> bytes:
    """Return a zip that holds only this entry, for a reader that must not see the others."""
    # The password check of ZipCrypto is against the time where bit 3 is set (APPNOTE.TXT 6.1.6): both stay.
    flags = record.flags & ~0x800
    name, time = b"entry", record.time
    extra = _aes_field(record.extra)
    local = LOCAL.pack(
        b"PK\x03\x04", 51, flags, record.method, time, 0, record.crc, len(packed), record.size, len(name), len(extra)
    )
    central = CENTRAL.pack(
        b"PK\x01\x02",
        51,
        51,
        flags,
        record.method,
        time,
        0,
        record.crc,
        len(packed),
        record.size,
        len(name),
        len(extra),
        0,
        0,
        0,
        0,
        0,
    )
    descriptor = struct.pack("<4s3I", b"PK\x07\x08", record.crc, len(packed), record.size) if flags & 8 else b""
    body = local + name + extra + bytes(packed) + descriptor
    listing = central + name + extra
    return body + listing + END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(listing), len(body), 0)


def _aes_field(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 0x9901:
            return extra[at : at + 4 + length]
        at += 4 + length
    return b""
