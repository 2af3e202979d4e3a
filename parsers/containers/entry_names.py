"""Which characters an archive's file names are (压缩包文件名), and what in a name must not be believed.

Zip files made in China carry names as GBK without saying so (Windows, WinRAR, Bandizip), as UTF-8 without saying so
(macOS), as UTF-8 with the flag (7-Zip, WPS), or with the Info-ZIP Unicode extra field 0x7075 (APPNOTE.TXT 4.6.9).
GBK and UTF-8 occur in one archive when somebody adds to it later.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence

from parsers.facts.problem import Problem, Weight

# Bidirectional overrides and isolates let ``exe.fdp`` look like a PDF; the rest cannot be seen at all.
_INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DRIVE = re.compile(r"^[A-Za-z]:$")
_LONGEST_NAME = 255
_MOST_STEPS = 32


def decode_names(raw: Sequence[tuple[bytes, bool, bytes]]) -> list[str]:
    """Return the names of one archive; each is its raw bytes, whether flagged UTF-8, and its zip extra field.

    Names that can only be one of GB18030 and UTF-8 decide for those that could be both (``图片`` in GBK is valid
    UTF-8): a character of U+0800 or above makes UTF-8 certain, bytes that are no UTF-8 make GB18030 certain.
    """
    found: list[str | None] = [_announced(*name) for name in raw]
    kinds = [_kind(name[0]) if known is None else "" for name, known in zip(raw, found, strict=True)]
    ambiguous_as_utf8 = "utf-8" in kinds and "gb18030" not in kinds
    names = []
    for (name, _, _), known, kind in zip(raw, found, kinds, strict=True):
        if known is None:
            if kind == "utf-8" or (kind == "either" and ambiguous_as_utf8):
                known = name.decode("utf-8")  # noqa: PLW2901 - the name becomes known here
            else:
                known = decode_chinese(name)  # noqa: PLW2901 - the name becomes known here
        names.append(unicodedata.normalize("NFC", known))
    return names


def _announced(name: bytes, is_utf8: bool, extra: bytes) -> str | None:
    if is_utf8:
        try:
            return name.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return _unicode_path(name, extra)


def _unicode_path(name: bytes, extra: bytes) -> str | None:
    """Return the name in the Info-ZIP Unicode Path field, where its check sum fits the name beside it."""
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if (
            tag == 0x7075
            and len(body) > 5
            and body[0] == 1
            and struct.unpack_from("<I", body, 1)[0] == zlib.crc32(name)
        ):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None


def _kind(name: bytes) -> str:
    if name.isascii():
        return "ascii"
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8" if any(letter >= "\u0800" for letter in text) else "either"


def decode_chinese(name: bytes) -> str:
    """Return bytes that are no certain UTF-8 as GB18030, or as code page 437 where they cannot be that either."""
    try:
        return name.decode("gb18030")
    except UnicodeDecodeError:
        return name.decode("cp437")


def decode_one(name: bytes) -> str:
    """Return a single name without anything else to go by."""
    return decode_names([(name, False, b"")])[0]


def steps_of(name: str, where: str = "") -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return a name in an archive as steps that lead nowhere outside, and what was wrong with it.

    Backslashes separate, as in archives made by older Windows programs. Drive letters, leading slashes, ``.`` and
    ``..`` are dropped: the name is only ever shown, never used to write a file.
    """
    pieces = name.replace("\\", "/").split("/")[-10 * _MOST_STEPS :]
    steps = []
    unsafe = name.startswith(("/", "\\"))
    for number, piece in enumerate(pieces):
        step = clean_step(piece)
        unsafe = unsafe or piece == ".." or step != piece.strip()
        if not step or step in {".", ".."}:
            continue
        if number == 0 and _DRIVE.match(step):
            unsafe = True
            continue
        steps.append(step)
    unsafe = unsafe or len(steps) > _MOST_STEPS
    steps = steps[-_MOST_STEPS:]
    problems: tuple[Problem, ...] = ()
    if unsafe:
        shown = "/".join(steps)
        message = f"文件名含有越界路径或不可见字符，已按“{shown}”显示。"
        problems = (Problem("name-unsafe", message, where or shown, "", Weight.SUSPECT),)
    return tuple(steps) or ("未命名文件",), problems


def clean_step(piece: str) -> str:
    """Return one step of a path without invisible characters, at most 255 characters long."""
    step = _INVISIBLE.sub("", unicodedata.normalize("NFC", piece)).strip()
    if len(step) > _LONGEST_NAME:
        stem, dot, suffix = step.rpartition(".")
        step = (
            stem[: _LONGEST_NAME - len(suffix) - 1] + dot + suffix if dot and len(suffix) < 10 else step[:_LONGEST_NAME]
        )
    return step


def is_clutter(steps: tuple[str, ...]) -> bool:
    """Whether a program put this file into the archive without the sender knowing (macOS, Windows)."""
    if not steps:
        return True
    name = steps[-1].lower()
    return "__MACOSX" in steps or name.startswith("._") or name in {".ds_store", "thumbs.db", "desktop.ini"}
