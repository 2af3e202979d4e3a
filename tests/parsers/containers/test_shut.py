"""What cannot be looked into is unreadable and never 其他材料; what only looks shut is opened."""

from __future__ import annotations

import base64
import zipfile
import zlib
from io import BytesIO

import py7zr
import pytest

from parsers.containers.kinds import sniff
from parsers.containers.smime import open_message
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import read_message
from tests.goldens_mail.kit import PDF
from tests.parsers.containers.makers import RarItem, plain_zip, rar5
from tests.parsers.containers.world import context, report_docx

SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def signed(content: bytes | None) -> bytes:
    held = DATA + (der(0xA0, der(0x04, content)) if content is not None else b"")
    inner = der(0x02, b"\x01") + der(0x31, b"") + der(0x30, held) + der(0x31, b"")
    return der(0x30, SIGNED + der(0xA0, der(0x30, inner)))


def streamed(content: bytes) -> bytes:
    """Write a signed message as streaming programs do: lengths left open, the content in pieces."""
    pieces = b"".join(der(0x04, content[at : at + 100]) for at in range(0, len(content), 100))
    octets = b"\x24\x80" + pieces + b"\x00\x00"
    held = b"\x30\x80" + DATA + b"\xa0\x80" + octets + b"\x00\x00" + b"\x00\x00"
    inner = b"\x30\x80" + der(0x02, b"\x01") + der(0x31, b"") + held + der(0x31, b"") + b"\x00\x00"
    return b"\x30\x80" + SIGNED + b"\xa0\x80" + inner + b"\x00\x00" + b"\x00\x00"


def enveloped() -> bytes:
    return der(0x30, ENVELOPED + der(0xA0, der(0x30, der(0x02, b"\x00") + der(0x31, b"x" * 40))))


def read(files: dict[str, bytes], text: str = "请查收附件。") -> MailReading:
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()]
    for name, data in files.items():
        named = base64.b64encode(name.encode()).decode()
        head = f'Content-Type: application/octet-stream; name="=?utf-8?B?{named}?="\r\n'
        parts.append(head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data))
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    raw = b'From: a@firm.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + body
    return read_message(raw, MemorySpool(), context())


def told(reading: MailReading) -> list[tuple[str, Role]]:
    return [(one.leaf.path, one.role) for one in reading.leaves]


SHUT = {
    "a program": ("申报材料.exe", b"MZ" + bytes(3000)),
    "a cabinet": ("申报材料.cab", b"MSCF\x00\x00\x00\x00" + bytes(300)),
    "zstd": ("申报材料.zst", b"\x28\xb5\x2f\xfd" + bytes(300)),
    "lha": ("申报材料.lzh", b"\x22\x11-lh5-" + bytes(300)),
    "arj": ("申报材料.arj", b"\x60\xea\x2c\x00" + bytes(300)),
    "ace": ("申报材料.ace", b"\x11\x22\x31\x00\x00\x00\x90**ACE**" + bytes(300)),
    "an image of a disc": ("申报材料.iso", bytes(32_769) + b"CD001" + bytes(300)),
    "an unknown format": ("申报材料.dat", bytes(range(256)) * 20),
    "a zip that is none": ("申报材料.zip", bytes(range(256)) * 20),
    "a page called zip": ("申报材料.zip", b"<html><body>502 Bad Gateway</body></html>" * 10),
    "a text called pdf": ("推荐表.pdf", "请到网盘下载".encode() * 30),
    "a text called jpg": ("照片.jpg", b"version https://git-lfs.github.com/spec/v1\n"),
    "encrypted": ("smime.p7m", enveloped()),
    "encrypted by PGP": ("推荐表.pdf.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"),
    "a volume without its others": ("申报材料.zip.002", b"\x01\x99" * 3000),
    "a first volume alone": ("申报材料.7z.001", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(3000)),
    "a spanned volume alone": ("申报材料.z01", b"PK\x07\x08PK\x03\x04" + bytes(3000)),
    "a later volume of rar": ("申报材料.part2.rar", rar5(RarItem("推荐表.pdf", PDF), volume=True)),
    "an unknown OLE file": ("图纸.vsd", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
}


@pytest.mark.parametrize("thing", SHUT)
def test_it_is_unreadable_with_a_cure(thing: str) -> None:
    name, data = SHUT[thing]
    reading = read({name: data})
    assert {role for _, role in told(reading)} == {Role.UNREADABLE}
    problems = [p for one in reading.leaves for p in (*one.leaf.problems, *(one.look.problems if one.look else ()))]
    assert any(problem.cure for problem in problems)


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def spanned(files: dict[str, bytes], size: int) -> list[bytes]:
    """Write a zip in pieces whose directory names the piece of each entry, as WinRAR does."""
    whole = bytearray(b"PK\x07\x08" + plain_zip(files, zipfile.ZIP_STORED))
    end = whole.rfind(b"PK\x05\x06")
    begin = int.from_bytes(whole[end + 16 : end + 20], "little") + 4
    at = begin
    while whole[at : at + 4] == b"PK\x01\x02":
        local = int.from_bytes(whole[at + 42 : at + 46], "little") + 4
        whole[at + 34 : at + 36] = (local // size).to_bytes(2, "little")
        whole[at + 42 : at + 46] = (local % size).to_bytes(4, "little")
        lengths = [int.from_bytes(whole[at + n : at + n + 2], "little") for n in (28, 30, 32)]
        at += 46 + sum(lengths)
    last = len(whole) // size
    whole[end + 4 : end + 8] = last.to_bytes(2, "little") + (begin // size).to_bytes(2, "little")
    whole[end + 16 : end + 20] = (begin % size).to_bytes(4, "little")
    return cut(bytes(whole), size)


def seven(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


FILES = {"推荐表.pdf": PDF, "说明.txt": zlib.compress(b"x" * 9) + b"text " * 300}


@pytest.mark.parametrize("kind", ["zip.001", "7z.001", "z01"])
def test_volumes_that_lie_in_one_mail_are_joined(kind: str) -> None:
    if kind == "z01":
        pieces = spanned(FILES, 700)
        names = [f"申报材料.z{n:02}" for n in range(1, len(pieces))] + ["申报材料.zip"]
        whole = "申报材料.zip"
    else:
        ending = kind.partition(".")[0]
        pieces = cut(plain_zip(FILES, zipfile.ZIP_STORED) if ending == "zip" else seven(FILES), 150)
        names = [f"申报材料.{ending}.{n:03}" for n in range(1, len(pieces) + 1)]
        whole = f"申报材料.{ending}"
    assert len(pieces) > 2
    reading = read(dict(reversed(list(zip(names, pieces, strict=True)))))
    assert {(one.leaf.path, one.leaf.size) for one in reading.leaves} == {
        (f"{whole}/{name}", len(data)) for name, data in FILES.items()
    }
    assert not any(one.leaf.problems for one in reading.leaves)


def test_volumes_of_which_one_is_missing_stay_shut() -> None:
    pieces = cut(plain_zip(FILES, zipfile.ZIP_STORED), 300)
    reading = read({f"申报材料.zip.{n:03}": data for n, data in enumerate(pieces, 1) if n != 2})
    assert {role for _, role in told(reading)} == {Role.UNREADABLE}
    assert {p.code for one in reading.leaves for p in one.leaf.problems} == {"archive-volumes"}


@pytest.mark.parametrize("behind", ["zip", "rar", "7z"])
def test_a_self_extracting_program_gives_its_files(behind: str) -> None:
    packed = {"zip": plain_zip(FILES), "rar": rar5(RarItem("推荐表.pdf", PDF)), "7z": seven(FILES)}[behind]
    reading = read({"申报材料.exe": b"MZ" + b"program " * 900 + packed})
    assert ("申报材料.exe/推荐表.pdf", len(PDF)) in {(one.leaf.path, one.leaf.size) for one in reading.leaves}
    assert "申报材料.exe" not in {path for path, _ in told(reading)}


@pytest.mark.parametrize("write", [signed, streamed])
def test_what_is_only_signed_is_taken_out(write) -> None:
    reading = read({"推荐表.pdf.p7m": write(PDF)})
    assert [(one.leaf.path, one.leaf.type) for one in reading.leaves] == [("推荐表.pdf.p7m/推荐表.pdf", "pdf")]


def test_a_mail_that_is_signed_as_a_whole_is_read() -> None:
    inner = (
        b'Content-Type: multipart/mixed; boundary="in"\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        + "压缩包密码：8888".encode()
        + b'\r\n--in\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(PDF)
        + b"\r\n--in--\r\n"
    )
    head = b"From: a@firm.example\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    raw = head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(signed(inner))
    reading = read_message(raw, MemorySpool(), context())
    assert reading.text == "压缩包密码：8888"
    assert [(one.leaf.name, one.leaf.type) for one in reading.leaves] == [("a.pdf", "pdf")]


def test_a_signature_alone_is_noise() -> None:
    assert sniff(signed(None), signed(None)) == "clutter"
    assert [role for _, role in told(read({"sign.p7s": signed(None)}))] == [Role.NOISE]


@pytest.mark.parametrize("size", [10, 30, 60, 200])
def test_a_sealed_message_that_breaks_off_never_raises(size: int) -> None:
    for whole in (signed(PDF), streamed(PDF), enveloped()):
        open_message(whole[:size])


def test_a_zip_cut_behind_a_word_file_is_not_that_word_file() -> None:
    report = report_docx(300)
    whole = plain_zip({"推荐表.pdf": PDF, "案例报告.docx": report, "照片.jpg": bytes(9000)}, zipfile.ZIP_STORED)
    for keep in (
        whole.find(b"PK\x03\x04", whole.find(report) + len(report)) + 60,
        whole.find(report) + len(report) - 9,
    ):
        reading = read({"申报材料.zip": whole[:keep]})
        by_path = {one.leaf.path: one for one in reading.leaves}
        assert (by_path["申报材料.zip"].leaf.type, by_path["申报材料.zip"].role) == ("zip", Role.UNREADABLE)
        assert by_path["申报材料.zip/推荐表.pdf"].leaf.size == len(PDF)
        fragments = [one for one in reading.leaves if one.leaf.problems and one.leaf.path != "申报材料.zip"]
        assert all(one.role is Role.UNREADABLE for one in fragments)
