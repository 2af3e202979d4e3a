"""Takes the place a photo was taken at (拍摄位置) out of its file, byte by byte.

Nothing is decoded and nothing moves: what names the place is overwritten where it stands, so that the picture, its
captions, its orientation and whatever else lies in the file stay as they are, in every format. Places stand in EXIF
(the GPS directory of a TIFF structure), in XMP and in IPTC; phones repeat them in previews behind the first picture.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib

from parsers.containers.kinds import sniff

_EXIF = re.compile(rb"Exif\0[\0\xff](?=II\*\0|MM\0\*)")
_TIFF = (b"II*\0", b"MM\0*")
_GPS_DIRECTORY = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value of each type of a TIFF directory."""
_MOST_DIRECTORIES = 8
_MOST_ENTRIES = 1000
_XMP = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta\s*>|<rdf:RDF\b.*?</rdf:RDF\s*>", re.DOTALL)
_PLACE_WORDS = re.compile(
    rb"GPS(?:Latitude|Longitude|Altitude|Dest|Position|AreaInformation|MapDatum)|Iptc4xmp(?:Core|Ext):(?:Location|City|"
    rb"CountryCode|Sublocation|ProvinceState|CountryName)|photoshop:(?:City|State|Country)|geo:(?:lat|long)"
)
_EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_IPTC_PLACES = frozenset({26, 27, 90, 92, 95, 100, 101})
"""Datasets of record 2 (IIM 4.2): content location, city, sublocation, province, country."""
_HIDING = (b"XML:com.adobe.xmp\0\x01", *(b"Raw profile type " + kind for kind in (b"exif", b"APP1", b"iptc", b"xmp")))
"""How text chunks of a PNG begin in which a packed profile lies."""
_CODED = re.compile(rb"(?:^[A-Za-z0-9+/]{40,}={0,2}\r?\n)+(?:^[A-Za-z0-9+/]+={0,2}\r?$)?", re.MULTILINE)
_LETTERS = re.compile(rb"[A-Za-z0-9+/=]+")
_ARCHIVES = frozenset({"zip", "rar", "7z", "tar", "gz", "bz2", "xz"})


def without_location(data: bytes) -> bytes:
    """Return the picture without its location; the same object where it names none, or is no picture."""
    changed = bytearray(data)
    for start in _exif_blocks(data):
        _clear_gps(changed, start)
    for packet in _XMP.finditer(data):
        if _PLACE_WORDS.search(packet[0]):
            changed[packet.start() : packet.end()] = b" " * len(packet[0])
    if data.startswith(b"\xff\xd8"):
        _clear_segments(changed)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        _clear_chunks(changed)
    return data if changed == data else bytes(changed)


def names_a_place(data: bytes) -> bool:
    """Whether the picture's file says where it was taken."""
    return without_location(data) is not data


def _exif_blocks(data: bytes) -> list[int]:
    """Return where TIFF structures start: the file itself, EXIF blocks of JPEG and HEIC, chunks of PNG and WebP."""
    starts = [match.end() for match in _EXIF.finditer(data)]
    if data[:4] in _TIFF:
        starts.append(0)
    for mark, head in ((b"eXIf", 4), (b"EXIF", 8)):
        at = data.find(mark)
        while at >= 0:
            if data[at + head : at + head + 4] in _TIFF:
                starts.append(at + head)
            at = data.find(mark, at + 1)
    if data[4:8] == b"ftyp":
        # An item of a HEIC file begins with how far the structure is off; some writers leave its mark out.
        starts += [match.end() for match in re.finditer(rb"\0\0\0\0(?=II\*\0|MM\0\*)", data)]
    return sorted(set(starts))


def _clear_gps(data: bytearray, start: int) -> None:
    """Empty the GPS directory of the TIFF structure that starts here, and take its entry out."""
    order = "<" if data[start : start + 2] == b"II" else ">"
    (at,) = _numbers(data, f"{order}I", start + 4)
    for _ in range(_MOST_DIRECTORIES):
        (count,) = _numbers(data, f"{order}H", start + at)
        end = start + at + 2 + 12 * count
        if not at or count > _MOST_ENTRIES or end + 4 > len(data):
            return
        (following,) = _numbers(data, f"{order}I", end)
        for entry in range(start + at + 2, end, 12):
            tag, _, _, place = _numbers(data, f"{order}HHII", entry)
            if tag == _GPS_DIRECTORY:
                _empty_directory(data, start, start + place, order)
                data[entry : end + 4] = data[entry + 12 : end + 4] + bytes(12)
                data[start + at : start + at + 2] = struct.pack(f"{order}H", count - 1)
                break
        at = following


def _empty_directory(data: bytearray, start: int, at: int, order: str) -> None:
    (count,) = _numbers(data, f"{order}H", at)
    if count > _MOST_ENTRIES:
        return
    for entry in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
        _, kind, many, place = _numbers(data, f"{order}HHII", entry)
        length = _SIZES.get(kind, 1) * many
        if length > 4:
            _wipe(data, start + place, min(length, 4096))
        _wipe(data, entry, 12)
    _wipe(data, at, 2)


def _clear_segments(data: bytearray) -> None:
    """Go through the segments of a JPEG up to its picture: places in IPTC, and in XMP that runs over segments."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        body = bytes(data[at + 4 : at + length])
        if data[at + 1] == 0xED:
            _clear_iptc(data, at + 4, at + length)
        elif data[at + 1] == 0xE1 and body.startswith(_EXTENDED_XMP):
            # One packet is cut over several of these: a word may be torn, so all of them go.
            _wipe(data, at + 4 + len(_EXTENDED_XMP) + 40, len(body) - len(_EXTENDED_XMP) - 40, b" ")
        at += length


def _clear_iptc(data: bytearray, at: int, end: int) -> None:
    while 0 <= (at := data.find(b"\x1c\x02", at, end)) < end - 5:
        kind, length = data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        if length >= 0x8000 or at + 5 + length > end:
            at += 1
            continue
        if kind in _IPTC_PLACES:
            _wipe(data, at + 5, length, b" ")
        at += 5 + length


def _clear_chunks(data: bytearray) -> None:
    """Go through the chunks of a PNG: empty what hides a profile in text, and make every check sum right again."""
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(data):
            return
        kind, body = bytes(data[at + 4 : at + 8]), bytes(data[at + 8 : end])
        if kind in (b"tEXt", b"zTXt", b"iTXt") and body.startswith(_HIDING):
            data[at + 4 : at + 8] = b"tEXt"
            data[at + 8 : end] = (b"Comment\0" + b" " * length)[:length]
        if kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt"):
            data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


def _wipe(data: bytearray, at: int, length: int, filling: bytes = b"\0") -> None:
    end = min(at + max(length, 0), len(data))
    if 0 <= at < end:
        data[at:end] = filling * (end - at)


def _numbers(data: bytearray, form: str, at: int) -> tuple[int, ...]:
    """Return the numbers that stand here; zeros beyond the file's end."""
    size = struct.calcsize(form)
    part = bytes(data[at : at + size]) if at >= 0 else b""
    found: tuple[int, ...] = struct.unpack(form, part.ljust(size, b"\0"))
    return found


def mail_without_location(raw: bytes) -> bytes:
    """Return a raw mail whose attached pictures name no place; every line of it keeps its length.

    What lies in archives is not reached: see ``holds_archive``.
    """
    out, done = [], 0
    for block in _CODED.finditer(raw):
        data = _decoded(block[0])
        cleared = without_location(data) if data is not None else None
        if data is None or cleared is data or cleared is None:
            continue
        out += [raw[done : block.start()], _laid_out(base64.b64encode(cleared), block[0])]
        done = block.end()
    return b"".join([*out, raw[done:]]) if out else raw


def holds_archive(raw: bytes) -> bool:
    """Whether an archive is attached to this raw mail, in which photos may lie as their sender packed them."""
    files = (_decoded(block[0]) for block in _CODED.finditer(raw))
    return any(sniff(data, data) in _ARCHIVES for data in files if data is not None)


def _laid_out(letters: bytes, block: bytes) -> bytes:
    """Return the letters in lines as long as those of the block."""
    out, at = [], 0
    for line in block.splitlines(keepends=True):
        length = len(line.rstrip())
        out += [letters[at : at + length], line[length:]]
        at += length
    return b"".join(out)


def _decoded(block: bytes) -> bytes | None:
    letters = b"".join(block.split())
    try:
        return base64.b64decode(letters, validate=True) if len(letters) % 4 == 0 else None
    except ValueError:
        return None
