"""The golden archives: bytes as senders' programs make them, and exactly what must come out.

``Case.leaves`` lists path, content and problem codes of every leaf; a content of None stands for the archive
itself, ``b""`` for an entry whose bytes could not be had.
"""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache

import inflate64
import py7zr
from pypdf import PdfWriter

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
    plain_zip,
    rar4,
    rar5,
    tar,
    tar_with_link,
    tnef,
    unicode_path,
)

FORM = "浙江省专精特新企业发展优秀案例申报推荐表\n案例名称：甲".encode()
CASE = "案例报告 ".encode() * 300
NOTE = "照片说明".encode()
LARGE = bytes(range(256)) * 800

FORM_NAME, CASE_NAME = "推荐表.txt", "案例报告堃.txt"
GBK_FORM, GBK_CASE = FORM_NAME.encode("gbk"), CASE_NAME.encode("gbk")
UTF_FORM, UTF_CASE = FORM_NAME.encode(), CASE_NAME.encode()
SECRET = b"zj2026"


@dataclass(frozen=True)
class Case:
    """One golden archive."""

    id: str
    name: str
    make: Callable[[], bytes]
    leaves: tuple[tuple[str, bytes | None, tuple[str, ...]], ...]
    text: str = "您好，材料见附件。"
    """What the mail around it says; passwords are taken from here."""
    texts: tuple[str, ...] = ()
    """What mails among the containers say."""


@cache
def bytes_of(case: Case) -> bytes:
    """Return the archive of a case; deriving the keys of the locked ones takes its time."""
    return case.make()


def two(
    archive: str, *more: tuple[str, bytes | None, tuple[str, ...]]
) -> tuple[tuple[str, bytes | None, tuple[str, ...]], ...]:
    """Return the two usual leaves, and more."""
    return ((f"{archive}/{FORM_NAME}", FORM, ()), (f"{archive}/{CASE_NAME}", CASE, ()), *more)


def shut(archive: str, code: str) -> tuple[tuple[str, None, tuple[str, ...]], ...]:
    """Return the archive itself, with the reason why it stays shut."""
    return ((archive, None, (code,)),)


BOTH = {FORM_NAME: FORM, CASE_NAME: CASE}


def seven(files: dict[str, bytes] | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        for name, content in (BOTH if files is None else files).items():
            archive.writestr(content, name)
    return out.getvalue()


def mail_with(*files: tuple[str, bytes], text: str = "转发如下", subject: str = "转发：申报材料") -> bytes:
    message = EmailMessage()
    message["From"] = "li@example.cn"
    message["To"] = "wang@example.cn"
    message["Subject"] = subject
    message["Date"] = "Fri, 08 May 2026 10:00:00 +0800"
    message["Message-ID"] = "<1@example.cn>"
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def portfolio(files: dict[str, bytes], pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    for name, content in files.items():
        writer.add_attachment(name, content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def broken_crc(kind: str) -> bytes:
    """Return an archive in which one byte of the second file's content is turned."""
    made = {
        "zip": lambda: hand_zip(Item(UTF_FORM, FORM, 0x800), Item(UTF_CASE, CASE, 0x800, method=0)),
        "rar4": lambda: rar4(RarItem(FORM_NAME, FORM), RarItem(CASE_NAME, CASE)),
        "rar5": lambda: rar5(RarItem(FORM_NAME, FORM), RarItem(CASE_NAME, CASE)),
    }[kind]()
    at = made.rfind(CASE) + 100
    return made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]


CASE_TURNED = CASE[:100] + bytes([CASE[100] ^ 1]) + CASE[101:]
WRONG = ("entry-damaged",)


def zip64() -> bytes:
    """Return a zip whose sizes stand in the ZIP64 extra field, as programs write that stream."""
    packed = deflate(FORM)
    extra = struct.pack("<HHQQ", 1, 16, len(FORM), len(packed))
    local = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 45, 0x800, 8, 0, 0, zlib.crc32(FORM), 0xFFFFFFFF, 0xFFFFFFFF, len(UTF_FORM), 20
    )
    body = local + UTF_FORM + extra + packed
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0x800, 8, 0, 0, zlib.crc32(FORM), 0xFFFFFFFF, 0xFFFFFFFF,
        len(UTF_FORM), 28, 0, 0, 0, 0, 0xFFFFFFFF,
    )  # fmt: skip
    listing = central + UTF_FORM + struct.pack("<HHQQQ", 1, 24, len(FORM), len(packed), 0)
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(listing), len(body))
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(body) + len(listing), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + listing + end64 + locator + end


def streamed_zip() -> bytes:
    """Return a zip written to a pipe: sizes follow the content (bit 3)."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.content += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in BOTH.items():
            archive.writestr(name, content)
    return bytes(pipe.content)


def _zips() -> Iterator[Case]:
    gbk = (Item(GBK_FORM, FORM), Item(GBK_CASE, CASE))
    utf = (Item(UTF_FORM, FORM), Item(UTF_CASE, CASE))
    z = "申报材料.zip"
    yield Case("zip-gbk-names", z, lambda: hand_zip(*gbk), two(z))
    yield Case("zip-utf8-without-flag", z, lambda: hand_zip(*utf), two(z))
    yield Case("zip-utf8-with-flag", z, lambda: plain_zip(BOTH), two(z))
    yield Case("zip-gbk-and-utf8-mixed", z, lambda: hand_zip(gbk[0], utf[1]), two(z))
    yield Case("zip-flag-set-but-gbk", z, lambda: hand_zip(Item(GBK_FORM, FORM, 0x800), gbk[1]), two(z))
    yield Case(
        "zip-unicode-path-field", z,
        lambda: hand_zip(Item(b"????.txt", FORM, extra=unicode_path(b"????.txt", FORM_NAME)),
                         Item(GBK_CASE, CASE, extra=unicode_path(GBK_CASE, CASE_NAME))),
        two(z),
    )  # fmt: skip
    yield Case(
        "zip-unicode-path-field-of-another-name", z,
        lambda: hand_zip(Item(GBK_FORM, FORM, extra=unicode_path(b"x", "别的.txt")), gbk[1]), two(z),
    )  # fmt: skip
    yield Case(
        "zip-name-that-is-valid-in-both", z, lambda: hand_zip(Item("图片.txt".encode("gbk"), NOTE), gbk[0]),
        ((f"{z}/图片.txt", NOTE, ()), (f"{z}/{FORM_NAME}", FORM, ())),
    )  # fmt: skip
    yield Case(
        "zip-only-a-name-that-is-valid-in-both", z, lambda: hand_zip(Item("图片.txt".encode("gbk"), NOTE)),
        ((f"{z}/图片.txt", NOTE, ()),),
    )  # fmt: skip
    yield Case(
        "zip-folder-in-gbk-with-backslashes", z,
        lambda: hand_zip(Item("甲公司\\材料\\推荐表.txt".encode("gbk"), FORM)),
        ((f"{z}/甲公司/材料/{FORM_NAME}", FORM, ()),),
    )  # fmt: skip
    yield Case(
        "zip-gbk-name-whose-second-byte-is-a-backslash", z,
        lambda: hand_zip(Item("\u8a92.txt".encode("gb18030"), FORM)), ((f"{z}/\u8a92.txt", FORM, ()),),
    )  # fmt: skip
    yield Case(
        "zip-macos-clutter", z,
        lambda: plain_zip({"材料/": b"", "材料/推荐表.txt": FORM, "__MACOSX/材料/._推荐表.txt": b"\x00\x05\x16\x07",
                           "材料/.DS_Store": b"\x00\x00\x00\x01Bud1", "材料/Thumbs.db": b"\xd0\xcf", "desktop.ini": b"x"}),
        ((f"{z}/材料/{FORM_NAME}", FORM, ()),),
    )  # fmt: skip
    yield Case(
        "zip-macos-decomposed-names", z, lambda: hand_zip(Item("cafe\u0301材料.txt".encode(), FORM)),
        ((f"{z}/café材料.txt", FORM, ()),),
    )  # fmt: skip
    yield Case(
        "zip-western-name", z, lambda: hand_zip(Item("Caf\u00e9.".encode("cp437"), FORM)), ((f"{z}/Café.", FORM, ()),)
    )
    yield Case("zip-stored", z, lambda: plain_zip(BOTH, zipfile.ZIP_STORED), two(z))
    yield Case("zip-bzip2", z, lambda: plain_zip(BOTH, zipfile.ZIP_BZIP2), two(z))
    yield Case("zip-lzma", z, lambda: plain_zip(BOTH, zipfile.ZIP_LZMA), two(z))
    yield Case("zip-deflate64", z, _deflate64, two(z))
    yield Case("zip64", z, zip64, ((f"{z}/{FORM_NAME}", FORM, ()),))
    yield Case("zip-streamed", z, streamed_zip, two(z))
    yield Case("zip-with-comment", z, lambda: hand_zip(*utf, comment="由某软件压缩 PK\x05\x06".encode()), two(z))
    yield Case(
        "zip-self-extracting",
        "申报材料.exe.zip",
        lambda: hand_zip(*utf, prefix=b"\x01junk\x02" * 40),
        two("申报材料.exe.zip"),
    )
    yield Case("zip-renamed-rar", "申报材料.rar", lambda: hand_zip(*utf), two("申报材料.rar"))
    yield Case("zip-empty", z, lambda: plain_zip({}), shut(z, "archive-empty"))
    yield Case("zip-only-folders", z, lambda: plain_zip({"材料/": b"", "材料/照片/": b""}), shut(z, "archive-empty"))
    yield Case("zip-empty-file-inside", z, lambda: plain_zip({"空.txt": b"", FORM_NAME: FORM}),
               ((f"{z}/空.txt", b"", ("file-empty",)), (f"{z}/{FORM_NAME}", FORM, ())))  # fmt: skip
    yield Case(
        "zip-same-name-twice", z, lambda: hand_zip(Item(UTF_FORM, FORM), Item(UTF_FORM, CASE)),
        ((f"{z}/推荐表.txt", FORM, ()), (f"{z}/推荐表(2).txt", CASE, ())),
    )  # fmt: skip
    yield Case(
        "zip-names-that-climb-out", z,
        lambda: plain_zip({"../../etc/推荐表.txt": FORM, "/root/案例.txt": CASE, "C:\\照片\\说明.txt": NOTE}),
        ((f"{z}/etc/推荐表.txt", FORM, ("name-unsafe",)), (f"{z}/root/案例.txt", CASE, ("name-unsafe",)),
         (f"{z}/照片/说明.txt", NOTE, ("name-unsafe",))),
    )  # fmt: skip
    yield Case(
        "zip-name-written-backwards", z, lambda: plain_zip({"推荐表\u202etxt.exe": FORM}),
        ((f"{z}/推荐表txt.exe", FORM, ("name-unsafe",)),),
    )  # fmt: skip
    yield Case(
        "zip-symbolic-link", z,
        lambda: hand_zip(Item(b"passwd", b"/etc/passwd", method=0, mode=0o120777, system=3), Item(UTF_FORM, FORM)),
        ((f"{z}/passwd", b"", ("entry-link",)), (f"{z}/{FORM_NAME}", FORM, ())),
    )  # fmt: skip
    yield Case(
        "zip-size-lie", z, lambda: hand_zip(Item(UTF_FORM, FORM, says_size=3), utf[1]),
        ((f"{z}/{FORM_NAME}", FORM, ("entry-size-lie",)), (f"{z}/{CASE_NAME}", CASE, ())),
    )  # fmt: skip
    yield Case("zip-wrong-check-sum", z, lambda: broken_crc("zip"),
               ((f"{z}/{FORM_NAME}", FORM, ()), (f"{z}/{CASE_NAME}", CASE_TURNED, WRONG)))  # fmt: skip
    yield Case("zip-directory-cut-off", z, lambda: (made := hand_zip(*utf))[: made.rfind(b"PK\x01\x02") - 30],
               ((z, None, ("archive-damaged",)), *two(z)))  # fmt: skip
    yield Case("zip-cut-in-the-second-file", z, _cut_zip,
               ((z, None, ("archive-damaged",)), (f"{z}/{FORM_NAME}", FORM, ()), (f"{z}/{CASE_NAME}", CASE[:500], WRONG)))  # fmt: skip
    yield Case("zip-unknown-method", z, lambda: hand_zip(utf[0], Item(UTF_CASE, CASE, method=77)),
               ((f"{z}/{FORM_NAME}", FORM, ()), (f"{z}/{CASE_NAME}", b"", ("entry-unsupported",))))  # fmt: skip
    yield Case(
        "zip-volume", "申报材料.z01", lambda: b"PK\x07\x08" + bytes(200), shut("申报材料.z01", "archive-volumes")
    )


def _deflate64() -> bytes:
    def packed(content: bytes) -> bytes:
        packer = inflate64.Deflater()
        return packer.deflate(content) + packer.flush()

    return hand_zip(
        *(Item(name.encode(), content, 0x800, method=9, packed=packed(content)) for name, content in BOTH.items())
    )


def _cut_zip() -> bytes:
    made = hand_zip(Item(UTF_FORM, FORM), Item(UTF_CASE, CASE, method=0))
    return made[: made.find(CASE) + 500]


def _locked() -> Iterator[Case]:
    z = "申报材料.zip"
    told = f"材料已加密，解压密码：{SECRET.decode()}。"
    crypto = (locked_item(GBK_FORM, FORM, SECRET), locked_item(GBK_CASE, CASE, SECRET))
    aes = (aes_item(GBK_FORM, FORM, SECRET), aes_item(GBK_CASE, CASE, SECRET))
    yield Case("zipcrypto", z, lambda: hand_zip(*crypto), shut(z, "archive-encrypted"))
    yield Case("zipcrypto-password-told", z, lambda: hand_zip(*crypto), two(z), told)
    yield Case("zipcrypto-checked-by-time", z, lambda: hand_zip(locked_item(GBK_FORM, FORM, SECRET, flags=8)),
               ((f"{z}/{FORM_NAME}", FORM, ()),), told)  # fmt: skip
    yield Case(
        "zipcrypto-wrong-password-told", z, lambda: hand_zip(*crypto), shut(z, "archive-encrypted"), "密码：123456"
    )
    yield Case("zipcrypto-chinese-password", z,
               lambda: hand_zip(locked_item(GBK_FORM, FORM, "专精特新".encode("gbk"))),
               ((f"{z}/{FORM_NAME}", FORM, ()),), "解压密码是专精特新")  # fmt: skip
    yield Case("zip-aes", z, lambda: hand_zip(*aes), shut(z, "archive-encrypted"))
    yield Case("zip-aes-password-told", z, lambda: hand_zip(*aes), two(z), told)
    yield Case("zip-one-of-two-locked", z, lambda: hand_zip(Item(GBK_FORM, FORM), crypto[1]),
               ((f"{z}/{FORM_NAME}", FORM, ()), (f"{z}/{CASE_NAME}", b"", ("entry-encrypted",))))  # fmt: skip
    yield Case(
        "zip-third-password-fits", z, lambda: hand_zip(*aes), two(z), f"密码：a1\n密码：b2\n密码：{SECRET.decode()}"
    )
    s = "申报材料.7z"
    yield Case("7z-locked", s, lambda: seven(password=SECRET.decode()), shut(s, "archive-encrypted"))
    yield Case("7z-locked-password-told", s, lambda: seven(password=SECRET.decode()), two(s), told)
    yield Case(
        "7z-names-locked",
        s,
        lambda: seven(password=SECRET.decode(), header_encryption=True),
        shut(s, "archive-encrypted"),
    )
    yield Case(
        "7z-names-locked-password-told",
        s,
        lambda: seven(password=SECRET.decode(), header_encryption=True),
        two(s),
        told,
    )
    r = "申报材料.rar"
    for version, make in (("rar4", rar4), ("rar5", rar5)):
        items = (RarItem(FORM_NAME, FORM, password=SECRET.decode()), RarItem(CASE_NAME, CASE, password=SECRET.decode()))
        yield Case(f"{version}-locked", r, lambda make=make, items=items: make(*items), shut(r, "archive-encrypted"))
        yield Case(f"{version}-locked-password-told", r, lambda make=make, items=items: make(*items), two(r), told)
        yield Case(f"{version}-wrong-password-told", r, lambda make=make, items=items: make(*items),
                   shut(r, "archive-encrypted"), "密码：123456")  # fmt: skip
    yield Case("rar5-one-of-two-locked", r, lambda: rar5(RarItem(FORM_NAME, FORM), RarItem(CASE_NAME, CASE, password="x")),
               ((f"{r}/{FORM_NAME}", FORM, ()), (f"{r}/{CASE_NAME}", b"", ("entry-encrypted",))))  # fmt: skip
    yield Case("rar5-compressed-and-locked", r,
               lambda: rar5(RarItem(FORM_NAME, FORM, password=SECRET.decode(), compressed=True)),
               ((f"{r}/{FORM_NAME}", FORM, ()),), told)  # fmt: skip


def _rars() -> Iterator[Case]:
    r = "申报材料.rar"
    both = (RarItem(FORM_NAME, FORM), RarItem(CASE_NAME, CASE))
    yield Case("rar4-unicode-names", r, lambda: rar4(*both), two(r))
    yield Case(
        "rar4-gbk-names",
        r,
        lambda: rar4(RarItem("", FORM, raw_name=GBK_FORM), RarItem("", CASE, raw_name=GBK_CASE)),
        two(r),
    )
    yield Case(
        "rar4-utf8-names-behind-the-unicode-flag",
        r,
        lambda: rar4(RarItem(FORM_NAME, FORM, raw_name=UTF_FORM), both[1]),
        two(r),
    )
    yield Case(
        "rar4-backslash-folders",
        r,
        lambda: rar4(RarItem("材料\\照片\\说明.txt", NOTE)),
        ((f"{r}/材料/照片/说明.txt", NOTE, ()),),
    )
    yield Case("rar4-directory-entries", r, lambda: rar4(RarItem("材料", b"", directory=True), RarItem("材料\\推荐表.txt", FORM)),
               ((f"{r}/材料/推荐表.txt", FORM, ()),))  # fmt: skip
    yield Case("rar4-without-end-mark", r, lambda: rar4(*both, ended=False), two(r))
    yield Case("rar4-volume", r, lambda: rar4(RarItem(FORM_NAME, FORM), RarItem(CASE_NAME, CASE, split=True), volume=True),
               ((r, None, ("archive-volumes",)), (f"{r}/{FORM_NAME}", FORM, ()), (f"{r}/{CASE_NAME}", CASE, WRONG)))  # fmt: skip
    yield Case("rar4-link", r, lambda: rar4(RarItem("passwd", b"/etc/passwd", link=True), *both),
               ((f"{r}/passwd", b"", ("entry-link",)), *two(r)))  # fmt: skip
    yield Case("rar4-wrong-check-sum", r, lambda: broken_crc("rar4"),
               ((f"{r}/{FORM_NAME}", FORM, ()), (f"{r}/{CASE_NAME}", CASE_TURNED, WRONG)))  # fmt: skip
    yield Case("rar5", r, lambda: rar5(*both), two(r))
    yield Case(
        "rar5-compressed",
        r,
        lambda: rar5(RarItem(FORM_NAME, FORM, compressed=True), RarItem(CASE_NAME, CASE, compressed=True)),
        two(r),
    )
    yield Case("rar5-folders-and-clutter", r,
               lambda: rar5(RarItem("材料", b"", directory=True), RarItem("材料/Thumbs.db", b"x"), RarItem("材料/推荐表.txt", FORM)),
               ((f"{r}/材料/推荐表.txt", FORM, ()),))  # fmt: skip
    yield Case("rar5-link", r, lambda: rar5(RarItem("passwd", b"", link=True), *both),
               ((f"{r}/passwd", b"", ("entry-link",)), *two(r)))  # fmt: skip
    yield Case(
        "rar5-climbs-out",
        r,
        lambda: rar5(RarItem("../../推荐表.txt", FORM)),
        ((f"{r}/推荐表.txt", FORM, ("name-unsafe",)),),
    )
    yield Case("rar5-volume", r, lambda: rar5(RarItem(CASE_NAME, CASE, split=True), volume=True),
               ((r, None, ("archive-volumes",)), (f"{r}/{CASE_NAME}", CASE, WRONG)))  # fmt: skip
    yield Case("rar5-cut-off", r, lambda: (made := rar5(*both))[: made.find(CASE) + 500],
               ((r, None, ("archive-damaged",)), (f"{r}/{FORM_NAME}", FORM, ()), (f"{r}/{CASE_NAME}", CASE[:500], WRONG)))  # fmt: skip
    yield Case("rar5-wrong-check-sum", r, lambda: broken_crc("rar5"),
               ((f"{r}/{FORM_NAME}", FORM, ()), (f"{r}/{CASE_NAME}", CASE_TURNED, WRONG)))  # fmt: skip
    yield Case("rar-mark-and-nothing-else", r, lambda: b"Rar!\x1a\x07\x00", shut(r, "archive-empty"))
    yield Case("rar-mark-and-garbage", r, lambda: b"Rar!\x1a\x07\x01\x00" + LARGE[:3000], shut(r, "archive-damaged"))
    yield Case("rar-renamed-zip", "申报材料.zip", lambda: rar5(*both), two("申报材料.zip"))


def _others() -> Iterator[Case]:
    s = "申报材料.7z"
    yield Case("7z", s, seven, two(s))
    yield Case("7z-folders-and-empty-file", s, lambda: seven({"材料/推荐表.txt": FORM, "材料/空.txt": b"", "__MACOSX/._x": b"x"}),
               ((f"{s}/材料/推荐表.txt", FORM, ()), (f"{s}/材料/空.txt", b"", ("file-empty",))))  # fmt: skip
    yield Case("7z-cut-off", s, lambda: seven()[:-40], shut(s, "archive-damaged"))
    yield Case("7z-garbage", s, lambda: b"7z\xbc\xaf\x27\x1c" + LARGE[:3000], shut(s, "archive-damaged"))
    t = "材料.tar"
    yield Case("tar", t, lambda: tar(BOTH), two(t))
    yield Case("tar-gbk-names", t, lambda: tar(BOTH, encoding="gbk"), two(t))
    yield Case(
        "tar-long-name", t, lambda: tar({f"{'长' * 60}/推荐表.txt": FORM}), ((f"{t}/{'长' * 60}/推荐表.txt", FORM, ()),)
    )
    yield Case("tar-link", t, lambda: tar_with_link("x", "/etc/passwd"), ((f"{t}/x", b"", ("entry-link",)),))
    yield Case("tar-hard-link", t, lambda: tar_with_link("x", "y", hard=True), ((f"{t}/x", b"", ("entry-link",)),))
    yield Case("tar-cut-off", t, lambda: tar(BOTH)[:1536], ((t, None, ("archive-damaged",)), (f"{t}/{FORM_NAME}", FORM, ()),
               (f"{t}/{CASE_NAME}", b"", WRONG)))  # fmt: skip
    yield Case("tar-gz", "材料.tar.gz", lambda: gz(tar(BOTH)), two("材料.tar.gz/材料.tar"))
    yield Case("tgz", "材料.tgz", lambda: gz(tar(BOTH)), two("材料.tgz/材料.tar"))
    yield Case("tar-bz2", "材料.tar.bz2", lambda: bz2.compress(tar(BOTH)), two("材料.tar.bz2/材料.tar"))
    yield Case("tar-xz", "材料.tar.xz", lambda: lzma.compress(tar(BOTH)), two("材料.tar.xz/材料.tar"))
    yield Case("gz-with-gbk-name", "x.gz", lambda: gz(FORM, GBK_FORM), ((f"x.gz/{FORM_NAME}", FORM, ()),))
    yield Case("gz-without-name", "推荐表.txt.gz", lambda: gz(FORM), ((f"推荐表.txt.gz/{FORM_NAME}", FORM, ()),))
    yield Case(
        "gz-two-streams",
        "推荐表.txt.gz",
        lambda: gz(FORM) + gz(NOTE),
        ((f"推荐表.txt.gz/{FORM_NAME}", FORM + NOTE, ()),),
    )
    yield Case("gz-cut-off", "推荐表.txt.gz", lambda: gz(LARGE)[:-6], ((f"推荐表.txt.gz/{FORM_NAME}", LARGE, WRONG),))
    yield Case("bz2", "推荐表.txt.bz2", lambda: bz2.compress(FORM), ((f"推荐表.txt.bz2/{FORM_NAME}", FORM, ()),))
    yield Case(
        "xz-garbage", "推荐表.txt.xz", lambda: b"\xfd7zXZ\x00" + bytes(50), shut("推荐表.txt.xz", "archive-damaged")
    )


def _mails() -> Iterator[Case]:
    e = "转发.eml"
    files = tuple(BOTH.items())
    yield Case("eml-as-octet-stream", e, lambda: mail_with(*files), two(e), texts=("转发：申报材料\n转发如下",))
    yield Case("eml-without-files", e, mail_with, ((e, None, ()),), texts=("转发：申报材料\n转发如下",))
    yield Case(
        "eml-in-zip",
        "a.zip",
        lambda: plain_zip({e: mail_with(*files)}),
        two(f"a.zip/{e}"),
        texts=("转发：申报材料\n转发如下",),
    )
    yield Case("password-told-in-the-mail-inside", e,
               lambda: mail_with(("锁.zip", hand_zip(locked_item(GBK_FORM, FORM, SECRET))), text=f"解压密码：{SECRET.decode()}"),
               ((f"{e}/锁.zip/{FORM_NAME}", FORM, ()),), texts=(f"转发：申报材料\n解压密码：{SECRET.decode()}",))  # fmt: skip
    m = "申报.msg"
    yield Case("msg", m, lambda: msg(MsgMail("申报", "见附件", (MsgFile(FORM_NAME, FORM), MsgFile(CASE_NAME, CASE)))),
               two(m), texts=("申报\n见附件",))  # fmt: skip
    yield Case("msg-in-eight-bits", m,
               lambda: msg(MsgMail("申报", "见附件", (MsgFile(FORM_NAME, FORM, unicode=False), MsgFile(CASE_NAME, CASE, unicode=False)), unicode=False)),
               two(m), texts=("申报\n见附件",))  # fmt: skip
    yield Case("msg-in-msg", m,
               lambda: msg(MsgMail("外", "转发", (MsgFile("原邮件", b"", message=MsgMail("内", "正文", (MsgFile(FORM_NAME, FORM),))),))),
               ((f"{m}/原邮件.msg/{FORM_NAME}", FORM, ()),), texts=("外\n转发", "内\n正文"))  # fmt: skip
    yield Case("msg-large-attachment", m, lambda: msg(MsgMail("外", "大", (MsgFile("大.bin", LARGE),))),
               ((f"{m}/大.bin", LARGE, ()),), texts=("外\n大",))  # fmt: skip
    yield Case("msg-with-zip", m, lambda: msg(MsgMail("外", "包", (MsgFile("a.zip", plain_zip(BOTH)),))),
               two(f"{m}/a.zip"), texts=("外\n包",))  # fmt: skip
    w = "winmail.dat"
    yield Case("tnef-gbk-titles", w, lambda: tnef(TnefFile(GBK_FORM, FORM), TnefFile(GBK_CASE, CASE), body="见附件".encode("gbk")),
               two(w), texts=("见附件",))  # fmt: skip
    yield Case(
        "tnef-long-names",
        w,
        lambda: tnef(TnefFile(b"TUIJIA~1.TXT", FORM, FORM_NAME), TnefFile(b"x", CASE, CASE_NAME)),
        two(w),
    )
    yield Case("tnef-wrong-check-sum", w, lambda: _turned(tnef(TnefFile(GBK_FORM, FORM), TnefFile(GBK_CASE, CASE)), CASE),
               ((w, None, ("archive-damaged",)), (f"{w}/{FORM_NAME}", FORM, ()), (f"{w}/{CASE_NAME}", CASE_TURNED, WRONG)))  # fmt: skip
    yield Case("tnef-cut-off", w, lambda: tnef(TnefFile(GBK_FORM, FORM), TnefFile(GBK_CASE, CASE))[:-600],
               ((w, None, ("archive-damaged",)), (f"{w}/{FORM_NAME}", FORM, ()), (f"{w}/{CASE_NAME}", CASE[: len(CASE) - 598], WRONG)))  # fmt: skip
    yield Case("tnef-empty", w, tnef, ((w, None, ()),))


def _turned(made: bytes, content: bytes) -> bytes:
    at = made.rfind(content) + 100
    return made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]


def _nested() -> Iterator[Case]:
    z = "全部.zip"
    yield Case("zip-rar-7z-in-zip", z,
               lambda: plain_zip({"a.rar": rar5(RarItem(FORM_NAME, FORM)), "b.7z": seven({CASE_NAME: CASE}), "说明.txt": NOTE}),
               ((f"{z}/a.rar/{FORM_NAME}", FORM, ()), (f"{z}/b.7z/{CASE_NAME}", CASE, ()), (f"{z}/说明.txt", NOTE, ())))  # fmt: skip
    yield Case("four-deep", z, lambda: _wrapped(3), ((f"{z}/1.zip/2.zip/3.zip/{FORM_NAME}", FORM, ()),))
    yield Case(
        "five-deep",
        z,
        lambda: _wrapped(4),
        ((f"{z}/1.zip/2.zip/3.zip/4.zip", plain_zip({FORM_NAME: FORM}), ("archive-too-deep",)),),
    )
    yield Case("damaged-inside-whole", z, lambda: plain_zip({FORM_NAME: FORM, "坏.rar": b"Rar!\x1a\x07\x01\x00" + LARGE[:500]}),
               ((f"{z}/{FORM_NAME}", FORM, ()), (f"{z}/坏.rar", b"Rar!\x1a\x07\x01\x00" + LARGE[:500], ("archive-damaged",))))  # fmt: skip
    yield Case("same-file-in-two-archives", z, lambda: plain_zip({"a.zip": plain_zip({FORM_NAME: FORM}), "b.zip": plain_zip({FORM_NAME: FORM})}),
               ((f"{z}/a.zip/{FORM_NAME}", FORM, ()), (f"{z}/b.zip/{FORM_NAME}", FORM, ())))  # fmt: skip
    yield Case("lock-file-and-apple-double", z,
               lambda: plain_zip({"~$案例报告.docx": bytes([4]) + b"wang" + bytes(157), FORM_NAME: FORM}),
               ((f"{z}/~$案例报告.docx", bytes([4]) + b"wang" + bytes(157), ()), (f"{z}/{FORM_NAME}", FORM, ())))  # fmt: skip
    p = "材料.pdf"
    yield Case("pdf-portfolio", p, _portfolio, ((p, None, ("pdf-portfolio",)), *two(p)))


@cache
def _portfolio() -> bytes:
    return portfolio(BOTH)


def _wrapped(times: int) -> bytes:
    made = plain_zip({FORM_NAME: FORM})
    for number in range(times, 0, -1):
        made = plain_zip({f"{number}.zip": made})
    return made


CASES: tuple[Case, ...] = (*_zips(), *_locked(), *_rars(), *_others(), *_mails(), *_nested())
