"""Archives sent in pieces (分卷压缩包): pieces that lie in one mail are joined, and others are told with their cure.

7-Zip and WinRAR cut a file as it is (``.zip.001``, ``.7z.001``); WinZip, Bandizip and WinRAR write spanned zips
(``.z01``, ``.z02``, ``.zip``) whose directory names the piece of each entry (APPNOTE.TXT 8.5). The volumes of rar
(``.part1.rar``) are archives of their own each and are told.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from parsers.containers.zip_directory import CENTRAL, END

MOST_PIECES = 100

_CUT = re.compile(r"(?P<stem>.+)\.(?P<number>\d{2,4})\Z")
_SPANNED = re.compile(r"(?P<stem>.+)\.z(?P<number>\d{2,3})\Z", re.IGNORECASE)
_RAR = re.compile(r"(?P<stem>.+?)(?:\.part\d{1,4}\.rar|\.r\d{2,3}|\.c\d{2})\Z", re.IGNORECASE)
_PACKED = (b"PK\x03\x04", b"PK\x07\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Files that are one archive: their names in order, the archive's name, and whether none is missing."""

    names: tuple[str, ...]
    whole: str
    complete: bool
    spanned: bool = False


def find_pieces(heads: Mapping[str, bytes]) -> tuple[Pieces, ...]:
    """Return the archives in pieces among files, told by name and first bytes. Names are unique among the files."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for name in heads:
        for kind, pattern in (("spanned", _SPANNED), ("cut", _CUT)):
            match = pattern.match(name)
            if match is not None and int(match["number"]) > 0:
                found.setdefault((kind, match["stem"].lower()), {}).setdefault(int(match["number"]), name)
                break
    pieces = [one for (kind, _), numbers in found.items() if (one := _of(kind, numbers, heads)) is not None]
    lonely = [Pieces((name,), name, complete=False) for name, head in heads.items() if _is_later_rar(name, head, heads)]
    return (*pieces, *lonely)


def _of(kind: str, numbers: dict[int, str], heads: Mapping[str, bytes]) -> Pieces | None:
    names = [numbers[number] for number in sorted(numbers)]
    gapless = sorted(numbers) == list(range(1, len(numbers) + 1)) and len(names) <= MOST_PIECES
    if kind == "cut":
        stem = names[0].rpartition(".")[0]
        if not heads[names[0]].startswith(_PACKED) and not re.search(r"\.(?:zip|rar|7z|tar|gz)\Z", stem, re.IGNORECASE):
            return None
        return Pieces(tuple(names), stem, complete=gapless and len(names) > 1)
    last = next((name for name in heads if name.lower() == f"{names[0][:-4]}.zip".lower()), None)
    if last is None:
        return Pieces(tuple(names), f"{names[0][:-4]}.zip", complete=False)
    return Pieces((*names, last), last, complete=gapless, spanned=True)


def _is_later_rar(name: str, head: bytes, heads: Mapping[str, bytes]) -> bool:
    """Whether this is a later volume of a rar: it holds the middle of a file, whatever its reader makes of it."""
    match = _RAR.match(name)
    if match is None or name.lower().endswith((".part1.rar", ".part01.rar", ".part001.rar")):
        return False
    others = any(other != name and other.lower().startswith(match["stem"].lower()) for other in heads)
    return head.startswith(b"Rar!") or others


def join_spanned(pieces: list[bytes]) -> bytes:
    """Join a spanned zip, and let its directory count from the beginning of the whole."""
    starts, total = [], 0
    for piece in pieces:
        starts.append(total)
        total += len(piece)
    whole = bytearray(b"".join(pieces))
    end = whole.rfind(b"PK\x05\x06")
    if end < 0 or end + END.size > len(whole):
        return bytes(whole)
    _, _, first, _, count, size, offset, _ = END.unpack_from(whole, end)
    begin = starts[first] + offset if first < len(starts) else end - size
    if bytes(whole[begin : begin + 4]) != b"PK\x01\x02":
        begin = end - size
    at = begin
    for _ in range(count):
        if at < 0 or at + CENTRAL.size > len(whole) or bytes(whole[at : at + 4]) != b"PK\x01\x02":
            return bytes(whole)
        name, extra, comment, disk = struct.unpack_from("<4H", whole, at + 28)
        (local,) = struct.unpack_from("<I", whole, at + 42)
        if disk < len(starts):
            struct.pack_into("<H", whole, at + 34, 0)
            struct.pack_into("<I", whole, at + 42, (starts[disk] + local) & 0xFFFFFFFF)
        at += CENTRAL.size + name + extra + comment
    struct.pack_into("<4H2I", whole, end + 4, 0, 0, count, count, at - begin, begin)
    return bytes(whole)
