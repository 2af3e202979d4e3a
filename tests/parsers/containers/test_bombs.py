"""Bombs cost at most 2 seconds and 300 MB, say what they are, and leave their siblings unharmed."""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import py7zr
import pytest
from pypdf import PdfWriter

from parsers.containers.budget import Budget
from parsers.containers.kinds import sniff
from parsers.containers.passwords import find_passwords
from parsers.containers.unpack import Found, MailInside, unpack
from parsers.facts.leaf import Leaf
from parsers.facts.spool import MemorySpool
from parsers.look.plain import look_at_text, look_at_xml_parts
from parsers.look.tables import look_at_table
from parsers.mail.message import decode_mail
from parsers.photo.caption_names import caption_in_name
from parsers.photo.captions import Note, find_captions
from tests.parsers.containers.confined import Violation, confined
from tests.parsers.containers.golden import mail_with
from tests.parsers.containers.makers import (
    Item,
    MsgFile,
    MsgMail,
    RarItem,
    TnefFile,
    aes_item,
    deflate,
    gz,
    hand_zip,
    locked_item,
    msg,
    ole,
    plain_zip,
    rar4,
    rar5,
    tar,
    tnef,
)

MEGABYTE = 1 << 20


@cache
def zeros(megabytes: int) -> bytes:
    """Return deflated zeros: one megabyte's block, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()


def zeros_item(name: bytes, megabytes: int, *, says: int | None = None) -> Item:
    return Item(name, b"", packed=zeros(megabytes), says_size=megabytes * MEGABYTE if says is None else says, crc=0)


def overlapped(entries: int) -> bytes:
    """Return a zip whose directory names the same content again and again."""
    one = hand_zip(zeros_item(b"a", 60))
    start = one.find(b"PK\x01\x02")
    listing = one[start : one.find(b"PK\x05\x06")]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, len(listing) * entries, start, 0)
    return one[:start] + listing * entries + end


def matryoshka(depth: int, wide: int) -> bytes:
    made = hand_zip(zeros_item(b"0.bin", 90))
    for _ in range(depth):
        made = plain_zip({f"{number}.zip": made for number in range(wide)})
    return made


def seven_zeros(megabytes: int) -> bytes:
    out = io.BytesIO()
    filters = [{"id": py7zr.FILTER_LZMA2, "preset": 0}]
    with py7zr.SevenZipFile(out, "w", filters=filters) as archive:
        archive.writestr(bytes(megabytes * MEGABYTE), "0.bin")
    return out.getvalue()


def pdf_with_bomb() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("0.bin", bytes(1000))
    out = io.BytesIO()
    writer.write(out)
    made = out.getvalue()
    packed = zlib.compress(bytes(90 * MEGABYTE))
    at = made.index(b"/EmbeddedFile")
    stream = made.index(b"stream\n", at) + 7
    length = made.index(b"/Length 1000", at)
    # The length grows, so what follows moves: pypdf finds the objects again by itself.
    changed = made[length:stream].replace(b"/Length 1000", b"/Length %d /Filter /FlateDecode" % len(packed))
    return made[:length] + changed + packed + made[made.index(b"\nendstream", stream) :]


def deep_mail(depth: int) -> bytes:
    made = mail_with(("推荐表.txt", b"x"))
    for number in range(depth):
        made = mail_with((f"{number}.eml", made))
    return made


def shared_msg(entries: int) -> bytes:
    """Return a message whose attachments all show the same sectors."""
    whole = msg(MsgMail("炸弹", "正文", tuple(MsgFile(f"{number}.bin", b"") for number in range(entries))))
    big = ole({"x": bytes(4 * MEGABYTE)})
    return whole + big


def sparse_tar() -> bytes:
    info = tarfile.TarInfo("0.bin")
    info.type = tarfile.GNUTYPE_SPARSE
    info.size = 0
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:398] = b"00000000000\x00"
    head[398:410] = b"00000000000\x00"
    head[483:495] = b"77777777777\x00"
    head[148:156] = b"        "
    head[148:156] = b"%06o\x00 " % sum(head)
    return bytes(head) + bytes(1024)


def dictionary_of_4_gb() -> bytes:
    made = rar5(RarItem("0.bin", bytes(1000), compressed=True))
    at = made.index(b"\x80\x03")
    head_at = 8 + 4 + made[12] + 1
    body = bytearray(made[head_at + 4 :])
    place = at - head_at - 4
    body[place : place + 2] = b"\x80\x7b"
    size = body[0]
    return made[:head_at] + struct.pack("<I", zlib.crc32(bytes(body[: size + 1]))) + bytes(body)


def stored_lie() -> bytes:
    return rar4(RarItem("0.bin", b"x" * 100, says_size=0xFFFFFFFF))


def _tar_lie() -> bytes:
    info = tarfile.TarInfo("0.bin")
    info.size = 8 << 30
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(2048)


@cache
def _many_tar() -> bytes:
    one = tar({"a": b""})[:512]
    return one * 60_000 + bytes(1024)


def _wide_mail(files: int) -> bytes:
    head, _, _ = mail_with(("a.txt", b"x")).partition(b"\n--")
    boundary = head.split(b'boundary="')[1].split(b'"')[0]
    part = (
        b"\n--"
        + boundary
        + b'\nContent-Type: text/plain; name="%d.txt"\nContent-Disposition: attachment; filename="%d.txt"\n\nx\n'
    )
    return head + b"".join(part % (number, number) for number in range(files)) + b"\n--" + boundary + b"--\n"


def _circling_ole() -> bytes:
    made = bytearray(msg(MsgMail("炸弹", "正文", (MsgFile("a.bin", b"x" * 9000),))))
    start = 512 * (struct.unpack_from("<I", made, 48)[0] + 1)
    for number in range(8):
        # Left, right and child of every entry lead back to the second.
        struct.pack_into("<3I", made, start + 128 * number + 68, 1, 1, 1)
    return bytes(made)


GOOD = Item("推荐表.txt".encode(), "推荐表".encode(), 0x800)

BOMBS: dict[str, tuple[str, Callable[[], bytes], set[str]]] = {
    "zip-1-gb-of-zeros": ("a.zip", lambda: hand_zip(zeros_item(b"0.bin", 1024)), {"entry-too-big"}),
    "zip-99-mb-of-zeros": ("a.zip", lambda: hand_zip(zeros_item(b"0.bin", 94)), {"entry-ratio"}),
    "zip-that-says-10-bytes": ("a.zip", lambda: hand_zip(zeros_item(b"0.bin", 1024, says=10)), {"entry-too-big"}),
    "zip-overlapped-400-times": ("a.zip", lambda: overlapped(400), {"entry-ratio", "archive-ratio"}),
    "zip-of-60000-entries": (
        "a.zip",
        lambda: hand_zip(*(Item(b"%d" % number, b"", method=0) for number in range(60_000))),
        {"archive-too-many"},
    ),
    "zip-of-zips-of-zips": ("a.zip", lambda: matryoshka(2, 16), {"archive-ratio"}),
    "zip-30-deep": ("a.zip", lambda: matryoshka(30, 1), {"archive-too-deep"}),
    "zip-of-bzip2-zeros": (
        "a.zip",
        lambda: hand_zip(Item(b"0", b"", method=12, packed=bz2.compress(bytes(90 * MEGABYTE)), says_size=5, crc=0)),
        {"entry-ratio"},
    ),
    "zip-of-lzma-zeros": ("a.zip", lambda: plain_zip({"0": bytes(60 * MEGABYTE)}, zipfile.ZIP_LZMA), {"entry-ratio"}),
    "zip-directory-that-says-2-to-the-40": (
        "a.zip",
        lambda: hand_zip(GOOD).replace(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00", b"PK\x05\x06\x00\x00\x00\x00\xfe\xff\xfe\xff"),
        {"archive-damaged"},
    ),
    "zip-name-of-65535-bytes": ("a.zip", lambda: hand_zip(*(Item(b"a/" * 32_000 + b"%d" % n, b"x") for n in range(100))), set()),
    "zip-of-headers-only": ("a.zip", lambda: b"PK\x03\x04" * 2_000_000, {"archive-damaged"}),
    "zip-of-directories-only": ("a.zip", lambda: b"PK\x03\x04" + b"PK\x05\x06" * 15_000, {"archive-damaged"}),
    "gz-1-gb": ("a.gz", lambda: b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + zeros(1024) + bytes(8), {"entry-too-big"}),
    "gz-in-gz-in-gz": ("a.gz", lambda: gz(gz(gz(gz(gz(b"x"))))), {"archive-too-deep"}),
    "bz2-zeros": ("a.bz2", lambda: bz2.compress(bytes(150 * MEGABYTE)), {"archive-ratio"}),
    "xz-zeros": ("a.xz", lambda: lzma.compress(bytes(150 * MEGABYTE), preset=0), {"archive-ratio"}),
    "xz-with-a-dictionary-of-4-gb": (
        "a.xz",
        lambda: lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29, "preset": 0, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3}]),
        {"archive-damaged"},
    ),
    "7z-zeros": ("a.7z", lambda: seven_zeros(90), {"archive-ratio"}),
    "7z-150-mb-of-zeros": ("a.7z", lambda: seven_zeros(150), {"entry-too-big"}),
    "tar-that-says-8-gb": ("a.tar", _tar_lie, {"archive-damaged"}),
    "tar-sparse": ("a.tar", sparse_tar, {"entry-too-big"}),
    "tar-gz-of-60000-entries": ("a.tar.gz", lambda: gz(_many_tar()), {"archive-ratio"}),
    "rar4-that-says-4-gb": ("a.rar", stored_lie, {"entry-too-big"}),
    "rar5-of-30000-entries": ("a.rar", lambda: rar5(*(RarItem(f"{n}", b"") for n in range(30_000))), {"archive-too-many"}),
    "rar5-with-a-dictionary-of-4-gb": ("a.rar", dictionary_of_4_gb, set()),
    "rar5-cut-into-crumbs": ("a.rar", lambda: b"Rar!\x1a\x07\x01\x00" + b"\x02" * 3_000_000, {"archive-damaged"}),
    "rar4-cut-into-crumbs": ("a.rar", lambda: b"Rar!\x1a\x07\x00" + b"\x74\x00\x80\x40\x00" * 600_000, {"archive-damaged"}),
    "eml-12-deep": ("a.eml", lambda: deep_mail(12), {"archive-too-deep"}),
    "eml-with-3000-files": ("a.eml", lambda: _wide_mail(3000), {"archive-too-many"}),
    "msg-with-600-attachments": ("a.msg", lambda: shared_msg(600), {"archive-too-many"}),
    "ole-whose-directory-runs-in-circles": ("a.msg", _circling_ole, set()),
    "tnef-with-20000-attachments": ("winmail.dat", lambda: tnef(*(TnefFile(b"%d" % n, b"") for n in range(20_000))), {"archive-too-many"}),
    "tnef-that-says-4-gb": ("winmail.dat", lambda: tnef() + b"\x02" + struct.pack("<II", 0x0006800F, 0xFFFFFFF0), {"archive-damaged"}),
    "pdf-with-a-bomb-inside": ("a.pdf", pdf_with_bomb, {"pdf-portfolio"}),
}  # fmt: skip


def _read(name: str, data: bytes, text: str = "") -> tuple[list[str], set[str]]:
    spool = MemorySpool()

    def read_mail(raw: bytes) -> MailInside:
        mail = decode_mail(raw, spool)
        return MailInside(
            mail.text, tuple(Found(part.name, part.sha256, part.path) for part in mail.parts), mail.problems
        )

    parts = (Found(name, spool.put(data)), Found("旁边.txt", spool.put(b"beside")))
    unpacked = unpack(parts, spool, Budget(), find_passwords((text,)), read_mail)
    return [leaf.path for leaf in unpacked.leaves], {
        problem.code for leaf in unpacked.leaves for problem in leaf.problems
    }


QUICK = {
    "zip-1-gb-of-zeros",
    "zip-that-says-10-bytes",
    "zip-directory-that-says-2-to-the-40",
    "gz-in-gz-in-gz",
    "tar-sparse",
    "rar4-that-says-4-gb",
    "rar5-with-a-dictionary-of-4-gb",
    "ole-whose-directory-runs-in-circles",
    "tnef-that-says-4-gb",
}


def test_the_confinement_of_these_tests_holds() -> None:
    with pytest.raises(Violation, match="MemoryError"):
        confined(lambda: len(bytearray(400_000_000)))


@pytest.mark.slow
def test_the_confinement_of_these_tests_holds_for_time_too() -> None:
    with pytest.raises(Violation, match=r"SIG(KILL|XCPU)"):
        confined(lambda: all(True for _ in range(10**12)), seconds=1)


@pytest.mark.parametrize(
    "bomb", [pytest.param(bomb, marks=[] if bomb in QUICK else pytest.mark.slow) for bomb in BOMBS]
)
def test_a_bomb_is_refused_or_survived_and_the_file_beside_it_is_read(bomb: str) -> None:
    name, make, expected = BOMBS[bomb]
    data = make()

    paths, codes = confined(lambda: _read(name, data))

    assert expected <= codes
    assert "旁边.txt" in paths


def test_a_bomb_in_an_archive_costs_only_itself() -> None:
    data = hand_zip(zeros_item(b"0.bin", 1024), zeros_item(b"1.bin", 90), GOOD)

    paths, codes = confined(lambda: _read("a.zip", data))

    assert paths == ["a.zip/0.bin", "a.zip/1.bin", "a.zip/推荐表.txt", "旁边.txt"]
    assert codes == {"entry-too-big", "entry-ratio"}


def test_a_nested_bomb_costs_only_itself() -> None:
    data = plain_zip({"炸弹.zip": matryoshka(1, 16), "推荐表.txt": b"form"})

    paths, codes = confined(lambda: _read("a.zip", data))

    assert "a.zip/推荐表.txt" in paths
    assert "旁边.txt" in paths
    assert codes == {"archive-ratio"}


@pytest.mark.parametrize(
    "data",
    [
        hand_zip(*(locked_item(b"%d.txt" % n, b"x" * 100, b"other") for n in range(400))),
        hand_zip(*(aes_item(b"%d.txt" % n, b"x" * 100, b"other") for n in range(100))),
        rar5(*(RarItem(f"{n}.txt", b"x" * 100, password="other") for n in range(400))),
    ],
    ids=["zipcrypto", "aes", "rar5"],
)
def test_guessing_passwords_for_hundreds_of_entries_stays_cheap(data: bytes) -> None:
    paths, codes = confined(lambda: _read("a", data, "密码：a1\n密码：b2\n密码：c3"))

    assert paths == ["a", "旁边.txt"]
    assert codes == {"archive-encrypted"}


def _xlsx(**parts: str) -> bytes:
    content = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>照片说明</t></is></c></row></sheetData></worksheet>',
        "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    }
    content.update({f"xl/{name.replace('__', '/')}.xml": value for name, value in parts.items()})
    return plain_zip({name: value.encode() for name, value in content.items()})


SHEETS = {
    "whole": (_xlsx(), "照片说明"),
    "a cell in the last corner": (
        _xlsx(worksheets__sheet1='<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>照片</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
        "照片",
    ),
    "a shared string of 60 MB": (_xlsx(sharedStrings='<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + "x" * 60_000_000 + "</t></si></sst>"), "照片说明"),
    "shared strings of 200 MB": (_xlsx(sharedStrings="x" * 200_000_000), ""),
}  # fmt: skip


@pytest.mark.parametrize(
    "sheet", [pytest.param(sheet, marks=pytest.mark.slow if "MB" in sheet else []) for sheet in SHEETS]
)
def test_a_hostile_spreadsheet_is_read_or_refused(sheet: str) -> None:
    data, text = SHEETS[sheet]

    look = confined(lambda: look_at_table(data, "xlsx"))

    assert look.text == text


def test_slides_and_ofd_of_hostile_size_are_read_at_their_beginning() -> None:
    slide = Item(b"ppt/slides/slide1.xml", b"", packed=deflate(b"<a:t>title</a:t>"), crc=0)
    data = hand_zip(slide, Item(b"ppt/slides/slide2.xml", b"", packed=zeros(1024), says_size=1 << 30, crc=0))

    assert confined(lambda: look_at_xml_parts(data, "pptx")).text == "title\n"


@pytest.mark.parametrize(
    "text",
    ["照片" * 50_000, "照片1：" * 30_000, "密码：" * 30_000, "IMG_0001.jpg " * 20_000, "_" * 200_000, "1、" * 80_000],
)
def test_long_texts_do_not_make_patterns_run_wild(text: str) -> None:
    photos = [Leaf(f"IMG_{n:04d}.jpg", f"IMG_{n:04d}.jpg", 1, "0", "jpeg") for n in range(300)]

    def work() -> int:
        caption_in_name(text[:255] + "!.jpg")
        find_passwords((text,))
        look_at_text(text.encode(), "text")
        return len(find_captions(photos, [Note("邮件正文", text)]))

    assert confined(work) >= 0


@pytest.mark.parametrize(
    "head",
    [b"<!--a-->" * 8000 + b"x", b"a: b\n" * 12_000, b"X-A: b\n\t" * 8000, b"," * 65_000, b"PK\x03\x04" + b"\x00" * 65_000, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 8000],
)  # fmt: skip
def test_telling_the_kind_of_a_hostile_file_stays_cheap(head: bytes) -> None:
    assert confined(lambda: [sniff(head, head) for _ in range(5)])
