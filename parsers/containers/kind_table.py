"""Every kind of file in one table (文件种类): its name in letters, its family, its extensions, how its bytes begin.

What opens a kind, which extension fits a content, what a locked file may hide, and which word a letter uses: all of it
is derived from here. ``parsers.containers.kinds`` tells the kind of bytes, ``parsers.look.dispatch`` opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What kinds of file have in common for whoever receives them."""

    PAGES = "pages"
    """Fixed pages: a scan, a print."""
    WORD = "word"
    TABLE = "table"
    SLIDES = "slides"
    PICTURE = "picture"
    CONTAINER = "container"
    """Holds other files."""
    WORDS = "words"
    """Plain text."""
    RECORDING = "recording"
    NOTHING = "nothing"
    """Says nothing: left behind by a program, or empty."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    ``extensions`` mean this kind and no other, and this content is in order under ``also_under`` too. ``magic`` are
    ways in which its bytes begin, where that alone tells. ``word`` is the short word of letters (Word 文件), and
    ``opened`` says that one of our readers opens it.
    """

    key: str
    name: str
    family: Family
    extensions: tuple[str, ...] = ()
    also_under: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    word: str = ""
    opened: bool = True

    @property
    def short(self) -> str:
        """The short word of letters; the whole name where none is shorter."""
        return self.word or _SHORT.get(self.family, self.name)


_F = Family
_SHORT = {_F.PICTURE: "图片"}
_OFFICE, _OLD_OFFICE = ("docx", "docm", "xlsx", "pptx"), ("doc", "wps", "xls", "ppt")

TABLE: tuple[Kind, ...] = (
    Kind("pdf", "PDF 文件", _F.PAGES, ("pdf",), magic=(b"%PDF-",), word="PDF"),
    Kind("ofd", "OFD 文件", _F.PAGES, ("ofd",), word="OFD", opened=False),
    Kind("docx", "Word 文件（docx）", _F.WORD, ("docx",), ("docm",), word="Word"),
    Kind("docm", "含宏的 Word 文件（docm）", _F.WORD, ("docm",), ("docx",), word="Word"),
    Kind("doc", "Word 文件（doc）", _F.WORD, ("doc",), ("wps",), word="Word"),
    Kind("wps", "WPS 文字文件", _F.WORD, ("wps",), ("doc",), word="WPS"),
    Kind("rtf", "RTF 文件", _F.WORD, ("rtf",), magic=(b"{\\rtf",), word="RTF"),
    Kind("odt", "OpenDocument 文字文件", _F.WORD, ("odt",), word="ODT"),
    Kind("html", "网页文件", _F.WORD, word="网页"),
    Kind("mhtml", "网页归档文件（mhtml）", _F.WORD, word="网页归档"),
    Kind("wordxml", "Word XML 文件", _F.WORD, word="Word XML"),
    Kind("docx-encrypted", "设有密码的 Office 文件（docx、xlsx 或 pptx）", _F.WORD, (), _OFFICE, opened=False),
    Kind("ole-encrypted", "设有密码的 Office 文件（doc、xls 或 ppt）", _F.WORD, (), _OLD_OFFICE, opened=False),
    Kind("xlsx", "Excel 文件（xlsx）", _F.TABLE, ("xlsx",), word="Excel"),
    Kind("xlsm", "含宏的 Excel 文件（xlsm）", _F.TABLE, (), ("xlsx",), word="Excel"),
    Kind("xls", "Excel 文件（xls）", _F.TABLE, ("xls",), word="Excel"),
    Kind("ods", "OpenDocument 表格文件", _F.TABLE, word="OpenDocument"),
    Kind("csv", "逗号或制表符分隔的表格", _F.TABLE, word="表格"),
    Kind("ppt", "幻灯片（ppt）", _F.SLIDES, ("ppt",), word="幻灯片"),
    Kind("pptx", "幻灯片（pptx）", _F.SLIDES, ("pptx",), word="幻灯片"),
    Kind("odp", "OpenDocument 幻灯片", _F.SLIDES, word="幻灯片"),
    Kind("zip", "zip 压缩包", _F.CONTAINER, ("zip",)),
    Kind("rar", "rar 压缩包", _F.CONTAINER, ("rar",), magic=(b"Rar!\x1a\x07",)),
    Kind("7z", "7z 压缩包", _F.CONTAINER, ("7z",), magic=(b"7z\xbc\xaf\x27\x1c",)),
    Kind("tar", "tar 归档", _F.CONTAINER),
    Kind("gz", "gz 压缩文件", _F.CONTAINER, magic=(b"\x1f\x8b",)),
    Kind("bz2", "bz2 压缩文件", _F.CONTAINER, magic=(b"BZh",)),
    Kind("xz", "xz 压缩文件", _F.CONTAINER, magic=(b"\xfd7zXZ\x00",)),
    Kind("eml", "邮件文件（eml）", _F.CONTAINER),
    Kind("msg", "Outlook 邮件文件（msg）", _F.CONTAINER),
    Kind("tnef", "Outlook 附件包（winmail.dat）", _F.CONTAINER, magic=(b"\x78\x9f\x3e\x22",)),
    Kind("smime", "数字签名或加密的封装（p7m）", _F.CONTAINER),
    Kind(
        "archive",
        "无法展开的压缩包",
        _F.CONTAINER,
        magic=(
            *(b"MSCF\x00\x00\x00\x00", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x1f\x9d", b"LZIP\x01", b"xar!"),
            *(b"MSWIM\x00\x00\x00", b"EGGA", b"ALZ\x01", b"!<arch>\n", b"070701", b"070707", b"StuffIt", b"SIT!"),
            *(b"RE\x7e\x5e", b"7kSt", b"UHA\x06"),
        ),
    ),
    Kind("jpeg", "JPEG 图片", _F.PICTURE, ("jpg", "jpeg"), magic=(b"\xff\xd8\xff",)),
    Kind("png", "PNG 图片", _F.PICTURE, ("png",), magic=(b"\x89PNG\r\n\x1a\n",)),
    Kind("gif", "GIF 图片", _F.PICTURE, ("gif",), magic=(b"GIF87a", b"GIF89a")),
    Kind("bmp", "BMP 图片", _F.PICTURE, ("bmp",)),
    Kind("tiff", "TIFF 图片", _F.PICTURE, ("tif", "tiff"), magic=(b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
    Kind("heic", "HEIC 图片", _F.PICTURE, ("heic",)),
    Kind("webp", "WebP 图片", _F.PICTURE, ("webp",)),
    Kind("svg", "SVG 图片", _F.PICTURE, opened=False),
    Kind("psd", "Photoshop 文件", _F.PICTURE, magic=(b"8BPS",), opened=False),
    Kind("dwg", "CAD 图纸", _F.OTHER, magic=(b"AC10",)),
    Kind(
        "video",
        "视频",
        _F.RECORDING,
        magic=(b"FLV\x01", b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"\x00\x00\x01\xba"),
    ),
    Kind("audio", "音频", _F.RECORDING, magic=(b"ID3", b"OggS", b"fLaC", b"#!AMR")),
    Kind("text", "纯文本", _F.WORDS),
    Kind("exe", "可执行程序", _F.OTHER, magic=(b"MZ", b"\x7fELF")),
    Kind("lnk", "快捷方式", _F.OTHER, magic=(b"L\x00\x00\x00\x01\x14\x02\x00",)),
    Kind("pgp", "PGP 加密的文件", _F.OTHER),
    Kind("ole", "其他 OLE 文件", _F.OTHER),
    Kind("lock", "Office 临时锁定文件", _F.NOTHING),
    Kind(
        "clutter",
        "系统生成的杂项文件",
        _F.NOTHING,
        magic=(b"\x00\x05\x16\x07", b"\x00\x05\x16\x00", b"\x00\x00\x00\x01Bud1"),
    ),
    Kind("empty", "空文件", _F.NOTHING),
    Kind("unknown", "无法识别的文件", _F.OTHER),
)
"""The closed list of kinds."""

BY_KEY: dict[str, Kind] = {kind.key: kind for kind in TABLE}


def family(one: Family, *, opened_only: bool = False) -> frozenset[str]:
    """Return the keys of a family's kinds; ``opened_only`` leaves out those that no reader of ours opens."""
    return frozenset(kind.key for kind in TABLE if kind.family is one and (kind.opened or not opened_only))


def beginnings() -> Iterator[tuple[bytes, str]]:
    """Return how bytes begin that tell their kind by that alone."""
    for kind in TABLE:
        for magic in kind.magic:
            yield magic, kind.key


def fitting() -> dict[str, frozenset[str]]:
    """Return by extension whose meaning is fixed the kinds of content that are in order under it."""
    fixed = [extension for kind in TABLE for extension in kind.extensions]
    return {
        extension: frozenset(kind.key for kind in TABLE if extension in (*kind.extensions, *kind.also_under))
        for extension in fixed
    }


def meant() -> dict[str, str]:
    """Return by extension whose meaning is fixed the kind that it promises."""
    return {extension: kind.key for kind in TABLE for extension in kind.extensions}


def short_word(key: str) -> str:
    """Return the short word of letters for a kind; the key itself for one that the table does not know."""
    return BY_KEY[key].short if key in BY_KEY else key
