"""Every file is what its content says, whatever it is called."""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

import io
import struct

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image

from parsers.containers.kinds import CONTAINERS, KIND_NAMES, KINDS, PICTURES, TABLES, WORD, sniff
from parsers.facts.spool import MemorySpool
from parsers.look.dispatch import look_at
from tests.parsers.containers.golden import mail_with, portfolio, seven
from tests.parsers.containers.makers import MsgMail, RarItem, TnefFile, gz, msg, ole, plain_zip, rar4, rar5, tar, tnef
from tests.parsers.containers.world import context, form_docx, photo_jpg, report_docx


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(out, kind)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["照片1", "智能车间"])
    book.save(out)
    return out.getvalue()


def office(main: str, **parts: bytes) -> bytes:
    types = f'<Types><Override PartName="/x" ContentType="application/{main}"/></Types>'
    return plain_zip(
        {"[Content_Types].xml": types.encode(), **{name.replace("__", "/"): value for name, value in parts.items()}}
    )


def open_document(kind: str) -> bytes:
    return plain_zip({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"})


def locked_docx() -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(form_docx())).encrypt("secret", out)
    return out.getvalue()


def word97(flags: int = 0, *more: str) -> bytes:
    return ole(
        {
            "WordDocument": struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, flags) + bytes(5000),
            **dict.fromkeys(more, bytes(5000)),
        }
    )


LOCK = bytes([4]) + b"wang" + bytes(157)
DOCX = form_docx()

FILES: dict[str, tuple[str, bytes]] = {
    "pdf": ("pdf", portfolio({})),
    "pdf with junk in front": ("pdf", b"HTTP/1.1 200 OK\r\n\r\n" + portfolio({})),
    "docx": ("docx", DOCX),
    "docx in content types of a template": ("docx", office("vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml")),
    "docx with macros": ("docm", office("vnd.ms-word.document.macroEnabled.main+xml")),
    "docx without content types": ("zip", plain_zip({"word/document.xml": b"<x/>"})),
    "docx whose directory is cut off": ("docx", DOCX[:-300]),
    "docx cut in half": ("docx", DOCX[: len(DOCX) // 2]),
    "docx with a password": ("docx-encrypted", locked_docx()),
    "doc": ("doc", word97()),
    "doc with a password": ("ole-encrypted", word97(0x0100)),
    "wps": ("wps", word97(0, "WpsCustomData")),
    "doc cut in half": ("doc", word97()[:-3000]),
    "rtf": ("rtf", rb"{\rtf1\ansi\ansicpg936 \'b0\'b8}"),
    "odt": ("odt", open_document("text")),
    "ods": ("ods", open_document("spreadsheet")),
    "odp": ("odp", open_document("presentation")),
    "html": ("html", "<html><body>案例报告</body></html>".encode("gbk")),
    "html after a declaration and comments": ("html", b"<?xml version='1.0'?><!-- a --><!-- b --><!DOCTYPE html><html>"),
    "web archive from Word": ("mhtml", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--a--"),
    "web archive from a browser": ("mhtml", b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n"),
    "Word 2003 XML": ("wordxml", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'),
    "xlsx": ("xlsx", workbook()),
    "xlsx with macros": ("xlsm", office("vnd.ms-excel.sheet.macroEnabled.main+xml")),
    "xls": ("xls", ole({"Workbook": struct.pack("<4H2I", 0x809, 12, 0x600, 5, 0, 0) + bytes(5000)})),
    "xls with a password": ("ole-encrypted", ole({"Workbook": struct.pack("<2H12x", 0x809, 12) + struct.pack("<2H", 0x2F, 54) + bytes(5000)})),
    "ppt": ("ppt", ole({"PowerPoint Document": bytes(5000)})),
    "pptx": ("pptx", office("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml")),
    "ofd": ("ofd", plain_zip({"OFD.xml": b"<x/>", "Doc_0/Pages/Page_0/Content.xml": b"<x/>"})),
    "zip": ("zip", plain_zip({"a.txt": b"x"})),
    "zip that holds a docx": ("zip", plain_zip({"a.docx": DOCX})),
    "empty zip": ("zip", plain_zip({})),
    "rar 4": ("rar", rar4(RarItem("a", b"x"))),
    "rar 5": ("rar", rar5(RarItem("a", b"x"))),
    "7z": ("7z", seven()),
    "tar": ("tar", tar({"a": b"x"})),
    "tar of the seventh Unix": ("tar", tar({"a": b"x"}).replace(b"ustar", bytes(5))[:148] + b"%06o\x00 " % 0),
    "gz": ("gz", gz(b"x")),
    "eml": ("eml", mail_with(("a.txt", b"x"))),
    "eml with an mbox line": ("eml", b"From wang Fri May  8 10:00:00 2026\n" + mail_with()),
    "msg": ("msg", msg(MsgMail("a", "b"))),
    "winmail.dat": ("tnef", tnef(TnefFile(b"a", b"x"))),
    "jpeg": ("jpeg", picture("JPEG")),
    "png": ("png", picture("PNG")),
    "gif": ("gif", picture("GIF")),
    "bmp": ("bmp", picture("BMP")),
    "tiff": ("tiff", picture("TIFF")),
    "webp": ("webp", picture("WEBP")),
    "heic": ("heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
    "mp4": ("video", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41"),
    "svg": ("svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    "dwg": ("dwg", b"AC1027" + bytes(100)),
    "text in UTF-8": ("text", "案例报告".encode() * 9000),
    "text in GBK": ("text", "案例报告".encode("gbk") * 40_000),
    "text in UTF-16": ("text", "案例报告\n照片".encode("utf-16")),
    "tab-separated text called xls": ("csv", "序号\t企业\t名称\n1\t甲\t乙\n2\t丙\t丁\n".encode("gbk")),
    "csv": ("csv", "照片,说明\n1.jpg,车间\n".encode()),
    "program": ("exe", b"MZ\x90\x00" + bytes(200)),
    "shortcut": ("lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)),
    "Word's lock file": ("lock", LOCK),
    "AppleDouble": ("clutter", b"\x00\x05\x16\x07\x00\x02\x00\x00" + bytes(70)),
    "folder settings of macOS": ("clutter", b"\x00\x00\x00\x01Bud1" + bytes(70)),
    "Thumbs.db": ("clutter", ole({"Catalog": bytes(60), "256_0123456789abcdef": bytes(60)})),
    "empty": ("empty", b""),
    "noise": ("unknown", bytes(range(128, 256)) * 9 + b"\x00\x01\x02"),
}  # fmt: skip
del FILES["tar of the seventh Unix"]


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_what_its_content_says(file: str) -> None:
    kind, data = FILES[file]

    assert sniff(data[:65_536], data) == kind


def test_the_head_alone_tells_most_kinds() -> None:
    told = {file for file, (kind, data) in FILES.items() if sniff(data[:4096]) == kind}

    assert set(FILES) - told <= {"zip that holds a docx", "doc with a password", "wps", "xls with a password", "ppt"}


def test_every_kind_has_a_chinese_name_and_the_groups_are_kinds() -> None:
    assert set(KINDS) == set(KIND_NAMES)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in name) for name in KIND_NAMES.values())
    assert set(KINDS) >= PICTURES | WORD | TABLES | CONTAINERS


@pytest.mark.parametrize(
    ("name", "data", "codes"),
    [
        ("推荐表.pdf", DOCX, ["name-mismatch"]),
        ("推荐表.docx", DOCX, []),
        ("推荐表.DOCX ", DOCX, []),
        ("案例.doc", b"\x01\x02\x03" * 50, ["file-damaged"]),
        ("数据.bin", b"\x01\x02\x03" * 50, ["file-unknown"]),
        ("案例.docx", b"", ["file-empty"]),
        ("案例.docx", locked_docx(), ["file-encrypted"]),
        ("setup.exe", b"MZ" + bytes(100), ["file-program"]),
        ("推荐表.pdf.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), ["file-shortcut"]),
        ("~$推荐表.docx", LOCK, []),
        ("照片.png", photo_jpg(), ["name-mismatch"]),
    ],
)
def test_a_file_that_is_not_what_it_is_called_or_cannot_be_opened_is_told(
    name: str, data: bytes, codes: list[str]
) -> None:
    look = look_at(data, name, sniff(data, data), MemorySpool(), context())

    assert [problem.code for problem in look.problems] == codes


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("xlsx", "照片1\t智能车间"),
        ("csv", "照片\t说明\n1.jpg\t车间"),
        ("tab-separated text called xls", "序号\t企业\t名称\n1\t甲\t乙\n2\t丙\t丁"),
        ("text in UTF-16", "案例报告\n照片"),
    ],
)
def test_the_words_of_tables_and_texts_are_read(file: str, text: str) -> None:
    kind, data = FILES[file]

    assert look_at(data, "说明", kind, MemorySpool(), context()).text == text


def test_the_words_of_an_ofd_are_read() -> None:
    page = '<ofd:Page xmlns:ofd="x"><ofd:TextCode X="1">案例名称：</ofd:TextCode><ofd:TextCode>甲&amp;乙</ofd:TextCode></ofd:Page>'
    data = plain_zip({"OFD.xml": b"<x/>", "Doc_0/Pages/Page_0/Content.xml": page.encode()})

    assert look_at(data, "推荐表.ofd", "ofd", MemorySpool(), context()).text == "案例名称：甲&乙"


def test_a_web_archive_that_word_saved_is_read_as_word_text() -> None:
    page = f"<html><body>{'案例做法与成效。' * 100}</body></html>".encode()
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + page
        + b"\r\n--a--"
    )
    look = look_at(data, "案例报告.doc", sniff(data), MemorySpool(), context())

    assert (look.type, look.report is not None and look.report.counts.body) == ("mhtml", 800)


def test_a_locked_office_file_is_known_as_locked_by_the_library_that_locks() -> None:
    assert msoffcrypto.OfficeFile(io.BytesIO(locked_docx())).is_encrypted()
    assert sniff(report_docx()) == "docx"
