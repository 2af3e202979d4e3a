"""Writers of containers as senders' programs make them, down to the byte, for the golden archives.

Nothing here is used outside tests. RAR has no free writer, so these write stored entries, literal-only compressed
ones and encrypted ones after the published formats.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field

from Cryptodome.Cipher import AES


@dataclass(frozen=True)
class Item:
    """One entry of a hand-made zip."""

    name: bytes
    content: bytes
    flags: int = 0
    extra: bytes = b""
    method: int = 8
    mode: int = 0
    says_size: int | None = None
    crc: int | None = None
    packed: bytes | None = None
    system: int = 0


def deflate(content: bytes, level: int = 9) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def hand_zip(*items: Item, comment: bytes = b"", prefix: bytes = b"") -> bytes:
    """Write a zip exactly as told, lies included."""
    body, listing = bytearray(prefix), bytearray()
    for item in items:
        packed = item.packed if item.packed is not None else deflate(item.content) if item.method == 8 else item.content
        crc = zlib.crc32(item.content) if item.crc is None else item.crc
        size = len(item.content) if item.says_size is None else item.says_size
        offset = len(body) - len(prefix)
        header = (20, item.flags, item.method, 0, 0x5C21, crc, len(packed), size, len(item.name), len(item.extra))
        body += struct.pack("<4s5H3I2H", b"PK\x03\x04", *header) + item.name + item.extra + packed
        listing += (
            struct.pack("<4s2H4H3I2H", b"PK\x01\x02", 20 | item.system << 8, *header)
            + struct.pack("<3H2I", 0, 0, 0, item.mode << 16, offset)
            + item.name
            + item.extra
        )
    count = len(items)
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(listing), len(body) - len(prefix), len(comment)
    )
    return bytes(body + listing + end + comment)


def unicode_path(raw_name: bytes, name: str, *, crc: int | None = None) -> bytes:
    """Write the Info-ZIP Unicode Path extra field."""
    body = struct.pack("<BI", 1, zlib.crc32(raw_name) if crc is None else crc) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


def plain_zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a zip with the standard library."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def zip_crypto(content: bytes, password: bytes, check: int) -> bytes:
    """Encrypt as PKWARE's traditional scheme does (APPNOTE.TXT 6.1)."""
    table = [_crc_step(0, byte) for byte in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = (keys[1] + (keys[0] & 0xFF)) * 134775813 + 1 & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 0xFF]

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in bytes(range(11)) + bytes([check]) + content:
        temporary = keys[2] & 0xFFFF | 2
        out.append(byte ^ (temporary * (temporary ^ 1) >> 8 & 0xFF))
        update(byte)
    return bytes(out)


def _crc_step(crc: int, byte: int) -> int:
    crc ^= byte
    for _ in range(8):
        crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
    return crc


def locked_item(name: bytes, content: bytes, password: bytes, *, flags: int = 0) -> Item:
    """Return an entry encrypted by ZipCrypto; with bit 3 the check byte comes from the time."""
    check = 0x00 if flags & 8 else zlib.crc32(content) >> 24
    return Item(name, content, flags | 1, packed=zip_crypto(deflate(content), password, check))


def aes_item(name: bytes, content: bytes, password: bytes) -> Item:
    """Return an entry encrypted by WinZip's AE-2 with 256 bits."""
    salt = bytes(range(16))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    packed = deflate(content)
    stream = b"".join(
        AES.new(keys[:32], AES.MODE_ECB).encrypt((number + 1).to_bytes(16, "little"))
        for number in range((len(packed) + 15) // 16)
    )
    secret = bytes(a ^ b for a, b in zip(packed, stream, strict=False))
    code = hmac.new(keys[32:64], secret, "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
    return Item(name, content, 1, extra, 99, packed=salt + keys[64:] + secret + code, crc=0)


@dataclass(frozen=True)
class RarItem:
    """One entry of a hand-made RAR."""

    name: str
    content: bytes
    raw_name: bytes | None = None
    """RAR 4: the name as bytes, without the Unicode form."""
    split: bool = False
    link: bool = False
    password: str | None = None
    compressed: bool = False
    crc: int | None = None
    directory: bool = False
    says_size: int | None = None


def rar4(*items: RarItem, volume: bool = False, solid: bool = False, ended: bool = True) -> bytes:
    """Write a RAR 2.9 archive."""
    out = bytearray(b"Rar!\x1a\x07\x00")
    out += _block4(0x73, (1 if volume else 0) | (8 if solid else 0), bytes(6))
    for item in items:
        flags, salt, packed = 0x8000, b"", item.content
        if item.password is not None:
            salt = b"saltsalt"
            flags |= 0x404
            packed = _rar4_encrypt(item.content, item.password, salt)
        flags |= 0xE0 if item.directory else 0
        flags |= 2 if item.split else 0
        name = item.raw_name if item.raw_name is not None else _rar4_unicode(item.name)
        flags |= 0x200 if item.raw_name is None else 0
        mode = 0o120777 if item.link else 0o100644
        crc = zlib.crc32(item.content) if item.crc is None else item.crc
        fields = struct.pack(
            "<IIBIIBBHI",
            len(packed),
            len(item.content) if item.says_size is None else item.says_size,
            3,
            crc,
            0x5C210000,
            29,
            0x30,
            len(name),
            mode,
        )
        out += _block4(0x74, flags, fields + name + salt) + packed
    return bytes(out + (_block4(0x7B, 0x4000, b"") if ended else b""))


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _rar4_unicode(name: str) -> bytes:
    """Write a plain name, a zero, and the name as pairs of bytes (code 2 for every character)."""
    plain = bytes(ord(letter) if letter.isascii() else 0x5F for letter in name)
    units = struct.unpack(f"<{len(name.encode('utf-16-le')) // 2}H", name.encode("utf-16-le"))
    out = bytearray([0x4E])
    for start in range(0, len(units), 4):
        group = units[start : start + 4]
        out.append(sum(2 << (6 - 2 * place) for place in range(len(group))))
        for unit in group:
            out += struct.pack("<H", unit)
    return plain + b"\x00" + bytes(out)


def _rar4_encrypt(content: bytes, password: str, salt: bytes) -> bytes:
    seed = password.encode("utf-16-le") + salt
    digest, iv = hashlib.sha1(), bytearray()
    for number in range(0x40000):
        digest.update(seed + number.to_bytes(3, "little"))
        if number % 0x4000 == 0:
            iv.append(digest.copy().digest()[19])
    key = b"".join(digest.digest()[place : place + 4][::-1] for place in range(0, 16, 4))
    padded = content + bytes(-len(content) % 16)
    return AES.new(key, AES.MODE_CBC, bytes(iv)).encrypt(padded)


def rar5(*items: RarItem, volume: bool = False, ended: bool = True) -> bytes:
    """Write a RAR 5 archive."""
    out = bytearray(b"Rar!\x1a\x07\x01\x00")
    out += _block5(1, 0, vint(1 if volume else 0))
    for item in items:
        packed, extra, method = item.content, b"", 0
        if item.compressed:
            packed, method = _rar5_literals(item.content), 3
        if item.password is not None:
            salt, iv = bytes(range(16)), bytes(range(16, 32))
            key = hashlib.pbkdf2_hmac("sha256", item.password.encode(), salt, 1 << 10)
            packed = AES.new(key, AES.MODE_CBC, iv).encrypt(packed + bytes(-len(packed) % 16))
            record = vint(1) + vint(0) + vint(0) + bytes([10]) + salt + iv
            extra = vint(len(record)) + record
        if item.link:
            target = b"/etc/passwd"
            record = vint(5) + vint(1) + vint(0) + vint(len(target)) + target
            extra = vint(len(record)) + record
        name = item.name.encode()
        crc = zlib.crc32(item.content) if item.crc is None else item.crc
        fields = vint(1 if item.directory else 4) + vint(len(item.content)) + vint(0o100644)
        fields += b"" if item.directory else struct.pack("<I", crc)
        fields += vint(method << 7) + vint(1) + vint(len(name)) + name
        out += _block5(2, 0x10 if item.split else 0, fields, extra, packed)
    return bytes(out + (_block5(5, 0, vint(0)) if ended else b""))


def vint(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def _block5(kind: int, flags: int, fields: bytes, extra: bytes = b"", packed: bytes | None = None) -> bytes:
    flags |= (1 if extra else 0) | (2 if packed is not None else 0)
    body = vint(kind) + vint(flags)
    body += vint(len(extra)) if extra else b""
    body += vint(len(packed)) if packed is not None else b""
    body += fields + extra
    sized = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized + (packed or b"")


@dataclass
class _Bits:
    value: int = 0
    count: int = 0

    def put(self, value: int, bits: int) -> None:
        self.value = self.value << bits | value
        self.count += bits

    def bytes(self) -> bytes:
        spare = -self.count % 8
        return (self.value << spare).to_bytes((self.count + spare) // 8, "big")


def _rar5_literals(content: bytes) -> bytes:
    """Pack bytes as literals of eight bits each: a real compressed block without a single match."""
    bits = _Bits()
    # Code lengths of the 20 symbols that describe the tables: 8 and 16 and 19 are used, two bits, two bits, one bit.
    lengths = {8: 2, 16: 2, 19: 1}
    for symbol in range(20):
        bits.put(lengths.get(symbol, 0), 4)
    zeros, value, repeat = (0b0, 1), (0b10, 2), (0b11, 2)
    bits.put(*value)
    left = 255
    while left:
        run = min(10, left)
        if run < 3 or 0 < left - run < 3:
            run = min(left, 3) if left >= 3 else left
        if left < 3:
            bits.put(*value)
            left -= 1
            continue
        bits.put(*repeat)
        bits.put(run - 3, 3)
        left -= run
    left = 50 + 64 + 16 + 44
    while left:
        run = min(138, left)
        run = run if left - run == 0 or left - run >= 11 else left - 11
        bits.put(*zeros)
        bits.put(run - 11, 7)
        left -= run
    head = bits
    body = bytearray(head.bytes())
    used = head.count % 8
    # The literals follow without a gap.
    rest = _Bits(head.value, head.count)
    for byte in content:
        rest.put(byte, 8)
    body = bytearray(rest.bytes())
    last_bits = rest.count % 8 or 8
    size = len(body)
    size_bytes = (size.bit_length() + 7) // 8
    flags = 0x80 | 0x40 | (size_bytes - 1) << 3 | (last_bits - 1)
    sized = size.to_bytes(size_bytes, "little")
    check = 0x5A ^ flags
    for byte in sized:
        check ^= byte
    assert used < 8
    return bytes([flags, check]) + sized + bytes(body)


def tar(files: dict[str, bytes], *, encoding: str = "utf-8", form: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", encoding=encoding, format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_with_link(name: str, target: str, *, hard: bool = False) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type = tarfile.LNKTYPE if hard else tarfile.SYMTYPE
        info.linkname = target
        archive.addfile(info)
    return out.getvalue()


def gz(content: bytes, name: bytes = b"") -> bytes:
    body = gzip.compress(content, mtime=0)
    return body[:3] + b"\x08" + body[4:10] + name + b"\x00" + body[10:] if name else body


@dataclass(frozen=True)
class TnefFile:
    """One attachment of a hand-made winmail.dat."""

    name: bytes
    content: bytes
    long_name: str = ""
    content_id: str = ""


def tnef(*files: TnefFile, code_page: int = 936, body: bytes = b"") -> bytes:
    """Write a winmail.dat."""
    out = bytearray(struct.pack("<IH", 0x223E9F78, 1))
    out += _attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += _attribute(1, 0x00069007, struct.pack("<II", code_page, 0))
    if body:
        out += _attribute(1, 0x0002800C, body + b"\x00")
    for file in files:
        out += _attribute(2, 0x00069002, bytes(14))
        out += _attribute(2, 0x00018010, file.name + b"\x00")
        out += _attribute(2, 0x0006800F, file.content)
        properties = []
        if file.long_name:
            properties.append(_mapi(0x3707001F, file.long_name.encode("utf-16-le") + b"\x00\x00"))
        if file.content_id:
            properties.append(_mapi(0x3712001F, file.content_id.encode("utf-16-le") + b"\x00\x00"))
        if properties:
            out += _attribute(2, 0x00069005, struct.pack("<I", len(properties)) + b"".join(properties))
    return bytes(out)


def _attribute(level: int, tag: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _mapi(tag: int, value: bytes) -> bytes:
    return struct.pack("<III", tag & 0xFFFF | (tag & 0xFFFF0000), 1, len(value)) + value + bytes(-len(value) % 4)


@dataclass(frozen=True)
class MsgFile:
    """One attachment of a hand-made Outlook message."""

    name: str
    content: bytes
    unicode: bool = True
    message: MsgMail | None = None


@dataclass(frozen=True)
class MsgMail:
    """A hand-made Outlook message."""

    subject: str
    body: str
    files: tuple[MsgFile, ...] = field(default=())
    unicode: bool = True


def msg(mail: MsgMail) -> bytes:
    """Write an Outlook message file."""
    return ole(_msg_streams(mail, top=True))


def _msg_streams(mail: MsgMail, *, top: bool) -> dict[str, object]:
    kind = "001F" if mail.unicode else "001E"

    def encoded(text: str) -> bytes:
        return text.encode("utf-16-le") if mail.unicode else text.encode("gb18030")

    header = bytes(32 if top else 24)
    streams: dict[str, object] = {
        "__properties_version1.0": header + struct.pack("<IIii", 0x3FFD0003, 6, 936, 0),
        f"__substg1.0_0037{kind}": encoded(mail.subject),
        f"__substg1.0_1000{kind}": encoded(mail.body),
    }
    for number, file in enumerate(mail.files):
        own = "001F" if file.unicode else "001E"
        name = file.name.encode("utf-16-le") if file.unicode else file.name.encode("gb18030")
        inside: dict[str, object] = {"__properties_version1.0": bytes(8), f"__substg1.0_3707{own}": name}
        if file.message is not None:
            inside["__substg1.0_3701000D"] = _msg_streams(file.message, top=False)
        else:
            inside["__substg1.0_37010102"] = file.content
        streams[f"__attach_version1.0_#{number:08X}"] = inside
    return streams


_END = 0xFFFFFFFE


def ole(tree: dict[str, object]) -> bytes:
    """Write an OLE file (MS-CFB): streams and storages by name."""
    names: list[tuple[str, int, object]] = [("Root Entry", 5, tree)]
    links: list[tuple[int, int, int]] = [(-1, -1, -1)]

    def add(folder: dict[str, object], owner: int) -> None:
        first = previous = -1
        for name, value in sorted(folder.items(), key=lambda pair: (len(pair[0]), pair[0].upper())):
            here = len(names)
            names.append((name, 1 if isinstance(value, dict) else 2, value))
            links.append((-1, -1, -1))
            if previous < 0:
                first = here
            else:
                links[previous] = (links[previous][0], here, links[previous][2])
            previous = here
            if isinstance(value, dict):
                add(value, here)
        links[owner] = (links[owner][0], links[owner][1], first)

    add(tree, 0)
    sectors: list[bytes] = []
    chains: list[int] = []
    mini, mini_chains = bytearray(), []

    def lay(content: bytes) -> int:
        """Write content into whole sectors and return the first."""
        pieces = [content[at : at + 512].ljust(512, b"\x00") for at in range(0, len(content), 512)]
        start = len(sectors)
        chains.extend([start + place + 1 for place in range(len(pieces) - 1)] + [_END] * bool(pieces))
        sectors.extend(pieces)
        return start if pieces else _END

    places = []
    for _, _, value in names:
        start, size = _END, 0
        if isinstance(value, bytes):
            size = len(value)
            if 0 < size < 4096:
                start, count = len(mini_chains), (size + 63) // 64
                mini_chains += [start + place + 1 for place in range(count - 1)] + [_END]
                mini += value.ljust(count * 64, b"\x00")
            else:
                start = lay(value)
        places.append((start, size))
    places[0] = (lay(bytes(mini)), len(mini))
    mini_table = lay(struct.pack(f"<{len(mini_chains)}I", *mini_chains) + b"\xff" * (-len(mini_chains) * 4 % 512))
    entries = bytearray()
    for (name, kind, _), (left, right, child), (start, size) in zip(names, links, places, strict=True):
        encoded = name.encode("utf-16-le") + b"\x00\x00"
        unsigned = [link & 0xFFFFFFFF for link in (left, right, child)]
        entries += encoded.ljust(64, b"\x00") + struct.pack("<HBB3I", len(encoded), kind, 1, *unsigned) + bytes(36)
        entries += struct.pack("<IQ", start if kind != 1 else 0, size)
    directory_at = lay(bytes(entries) + bytes(-len(entries) % 512))
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    assert tables <= 109
    table_at = len(sectors)
    chains += [0xFFFFFFFD] * tables
    chains += [0xFFFFFFFF] * (tables * 128 - len(chains))
    sectors += [struct.pack("<128I", *chains[at : at + 128]) for at in range(0, tables * 128, 128)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    mini_sectors = (len(mini_chains) + 127) // 128
    header += struct.pack("<9I", 0, tables, directory_at, 0, 4096, mini_table, mini_sectors, _END, 0)
    header += struct.pack("<109I", *range(table_at, table_at + tables), *([0xFFFFFFFF] * (109 - tables)))
    return header + b"".join(sectors)
