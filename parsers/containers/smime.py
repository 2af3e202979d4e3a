"""Sealed messages (.p7m): what is signed is taken out of its envelope, what is encrypted stays shut (RFC 5652).

A signed message holds its content in clear inside; nothing is verified, for that is nobody's question here. Only as
much of ASN.1 is read as lies between the outside and that content.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.containers.budget import Budget
from parsers.containers.entries import Entry, Unopened, damaged, sealed

_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_KINDS = (bytes.fromhex("06092a864886f70d0107"), bytes.fromhex("060b2a864886f70d01091001"))
_PEM = re.compile(rb"\A\s{0,100}-----BEGIN (?:PKCS7|CMS)-----(.*?)(?:-----END|\Z)", re.DOTALL)
_DEPTH = 12
_PIECES = 400_000
_CHUNK = 1 << 18


class _Broken(Exception):  # noqa: N818 - what a sender sent; never leaves this module
    """The bytes are not what they said."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One element: its tag, where its content begins and ends; ``open_ended`` where only a mark closes it."""

    tag: int
    begin: int
    end: int
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sealed message holds; ``content`` is None where it is encrypted, or only a signature without content."""

    content: bytes | None
    detached: bool = False
    packed: bool = False


def is_sealed(head: bytes) -> bool:
    """Whether bytes begin like a sealed message, in binary."""
    return head[:1] == b"\x30" and any(kind in head[2:40] for kind in _KINDS)


def is_detached(data: bytes) -> bool:
    """Whether this is only a signature of what stands elsewhere (``smime.p7s``)."""
    opened = open_message(data)
    return opened is not None and opened.detached


def open_message(data: bytes) -> Opened | None:
    """Return what a sealed message holds; None where it cannot be read at all. Never raises."""
    try:
        return _open(_binary(data))
    except (_Broken, RecursionError):
        return None


def read_smime(data: bytes, name: str, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield what a sealed message holds, under the sealed file's own name without its ending."""
    opened = open_message(data)
    if opened is None:
        raise Unopened(damaged(where, "数字签名或加密的文件"))
    if opened.content is None:
        raise Unopened(sealed(where))
    budget.listed(1)
    budget.take_entry(where)
    stem = re.sub(r"\.p7[msz]$", "", name, flags=re.IGNORECASE) or name
    stem = f"{stem}.eml" if stem == "smime" or "." not in stem else stem
    meter = budget.meter(f"{where}/{stem}", len(data))
    if not opened.packed:
        meter.add(len(opened.content))
        yield Entry((stem,), opened.content)
        return
    source, out, packed = zlib.decompressobj(), bytearray(), opened.content
    try:
        while packed and not source.eof:
            piece = source.decompress(packed, meter.room(_CHUNK))
            packed = source.unconsumed_tail
            meter.add(len(piece))
            out += piece
    except zlib.error as error:
        raise Unopened(damaged(where, "数字封装的文件")) from error
    yield Entry((stem,), bytes(out))


def _binary(data: bytes) -> bytes:
    match = _PEM.match(data)
    if match is None:
        return data
    try:
        return base64.b64decode(match[1], validate=False)
    except binascii.Error as error:
        raise _Broken from error


def _open(data: bytes) -> Opened:
    outer = _item(data, 0, len(data))
    fields = _children(data, outer, 2)
    if len(fields) < 2 or fields[0].tag != 0x06:
        raise _Broken
    kind = data[fields[0].begin : fields[0].end]
    inner = _children(data, fields[1], 1)
    if not inner:
        raise _Broken
    if kind == _DATA:
        return Opened(_octets(data, inner[0], 0))
    if kind not in {_SIGNED, _COMPRESSED}:
        return Opened(None)
    parts = _children(data, inner[0], 3)
    if len(parts) < 3:
        raise _Broken
    held = _children(data, parts[2], 2)
    if len(held) < 2:
        return Opened(None, detached=True)
    wrapped = _children(data, held[1], 1)
    if not wrapped:
        return Opened(None, detached=True)
    return Opened(_octets(data, wrapped[0], 0), packed=kind == _COMPRESSED)


def _item(data: bytes, at: int, end: int) -> _Item:
    """Read one element's head at ``at``."""
    if at + 2 > end:
        raise _Broken
    tag, length = data[at], data[at + 1]
    begin = at + 2
    if tag & 0x1F == 0x1F:
        raise _Broken
    if length == 0x80:
        return _Item(tag, begin, end, open_ended=True)
    if length > 0x80:
        size = length & 0x7F
        if size > 8 or begin + size > end:
            raise _Broken
        length = int.from_bytes(data[begin : begin + size], "big")
        begin += size
    # A message cut short still holds what came through; whoever reads it sees that it breaks off.
    return _Item(tag, begin, min(begin + length, end))


def _children(data: bytes, item: _Item, most: int) -> list[_Item]:
    """Return the first elements inside; the length of one without a length is found by walking through it."""
    found: list[_Item] = []
    at = item.begin
    while at < item.end and len(found) < most:
        if item.open_ended and data[at : at + 2] == b"\x00\x00":
            break
        child = _item(data, at, item.end)
        found.append(child)
        if len(found) < most:
            at = _after(data, child, [0], 0)
    return found


def _after(data: bytes, item: _Item, count: list[int], depth: int) -> int:
    """Return where the next element begins."""
    if not item.open_ended:
        return item.end
    if depth > _DEPTH:
        raise _Broken
    at = item.begin
    while at < item.end:
        count[0] += 1
        if count[0] > _PIECES:
            raise _Broken
        if data[at : at + 2] == b"\x00\x00":
            return at + 2
        at = _after(data, _item(data, at, item.end), count, depth + 1)
    return at


def _octets(data: bytes, item: _Item, depth: int) -> bytes:
    """Join an octet string, which streaming programs cut into pieces."""
    if item.tag == 0x04:
        return data[item.begin : item.end]
    if item.tag != 0x24 or depth > _DEPTH:
        raise _Broken
    out = bytearray()
    at, pieces = item.begin, 0
    while at < item.end:
        pieces += 1
        if pieces > _PIECES:
            raise _Broken
        if item.open_ended and data[at : at + 2] == b"\x00\x00":
            break
        child = _item(data, at, item.end)
        out += _octets(data, child, depth + 1)
        at = _after(data, child, [0], depth)
    return bytes(out)
