"""Properties as Outlook and Exchange write them (MAPI 属性), as far as attachments need them (MS-OXCDATA)."""

from __future__ import annotations

import codecs
import struct

_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 0x48: 16}
_MOST_PROPERTIES = 2000


def codec_of(code_page: int) -> str:
    """Return the Python codec of a Windows code page; GB18030 for the Chinese ones and for unknown numbers."""
    if code_page in {936, 54936, 20936, 10008, 0}:
        return "gb18030"
    if code_page == 65001:
        return "utf-8"
    name = f"cp{code_page}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "gb18030"
    return name


def decode_bytes(raw: bytes, codec: str) -> str:
    """Return an 8-bit text: as UTF-8 where it certainly is, else in the given codec."""
    raw = raw.rstrip(b"\x00")
    try:
        text = raw.decode("utf-8")
        if text.isascii() or any(letter >= "\u0800" for letter in text):
            return text
    except UnicodeDecodeError:
        pass
    return raw.decode(codec, "replace")


def properties(data: bytes, codec: str) -> dict[int, bytes | str]:
    """Return the text and binary properties of a property list as TNEF carries it; what follows damage is lost."""
    found: dict[int, bytes | str] = {}
    try:
        count = struct.unpack_from("<I", data, 0)[0]
        at = 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            at = _property(data, at, codec, found)
    except (struct.error, IndexError):
        pass
    return found


def _property(data: bytes, at: int, codec: str, found: dict[int, bytes | str]) -> int:
    kind, identity = struct.unpack_from("<HH", data, at)
    at += 4
    if identity >= 0x8000:
        at = _named(data, at)
    many = bool(kind & 0x1000)
    kind &= 0x0FFF
    count = 1
    if many or kind in {0x0D, 0x1E, 0x1F, 0x102}:
        count = struct.unpack_from("<I", data, at)[0]
        at += 4
    if kind in _FIXED:
        return at + _FIXED[kind] * count
    if kind not in {0x0D, 0x1E, 0x1F, 0x102}:
        raise IndexError(kind)
    for _ in range(min(count, _MOST_PROPERTIES)):
        length = struct.unpack_from("<I", data, at)[0]
        value = data[at + 4 : at + 4 + length]
        if len(value) < length:
            raise IndexError(length)
        at += 4 + (length + 3) // 4 * 4
        if kind == 0x1E:
            found.setdefault(identity, decode_bytes(value, codec))
        elif kind == 0x1F:
            found.setdefault(identity, value.decode("utf-16-le", "replace").rstrip("\x00"))
        else:
            # An object begins with the identifier of its interface; for a mail inside that leaves a TNEF stream.
            found.setdefault(identity, value[16:] if kind == 0x0D else value)
    return at


def _named(data: bytes, at: int) -> int:
    at += 16
    if struct.unpack_from("<I", data, at)[0] == 0:
        return at + 8
    length = struct.unpack_from("<I", data, at + 4)[0]
    return int(at + 8 + (length + 3) // 4 * 4)
