"""An Office package (OOXML 文件包) opened with limits: parts, relations, and XML that can reach nothing outside.

The limits are far above 1,698 real documents: at most 2,000 entries (real
291), 64 MB a part (12.6 MB), 256 MB in all, 300 times its packed size (45). Pictures are never unpacked whole.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from lxml import etree

from parsers.facts.problem import Problem, Weight

ENTRIES = 2_000
PART_BYTES = 64 * 1024 * 1024
TOTAL_BYTES = 256 * 1024 * 1024
RATIO = 300
RATIO_FROM = 1024 * 1024
"""Smaller parts may pack as tightly as they like."""

_DOCTYPES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)

RESEND = "文件不完整或已损坏，请用 Word 或 WPS 打开确认无误后重新发送。"


class PackageError(Exception):
    """The package or one of its parts cannot be used; carries the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part (关系): where it points, inside the package or outside."""

    id: str
    kind: str
    """The last step of the type's address, such as ``image`` or ``hyperlink``; the same in strict packages."""
    target: str
    external: bool


class Package:
    """A zip package by its part names; raises ``PackageError`` where it is no package or breaks a limit."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > 10 * ENTRIES:
            raise PackageError(_limit("word-entries", f"文件包内条目超过 {ENTRIES} 个"))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, UnicodeError, NotImplementedError) as error:
            raise PackageError(_damaged(data)) from error
        entries = self._zip.infolist()
        if len(entries) > ENTRIES:
            raise PackageError(_limit("word-entries", f"文件包内条目超过 {ENTRIES} 个"))
        if any(entry.flag_bits & 1 for entry in entries):
            raise PackageError(encrypted())
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        self._read = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Part names in lower case, without the leading slash."""
        return tuple(self._entries)

    def has(self, name: str) -> bool:
        """Whether there is a part of this name, whatever its case."""
        return name.lower() in self._entries

    def size(self, name: str) -> int:
        """Unpacked size in bytes, as the package declares it."""
        return self._entries[name.lower()].file_size

    def part(self, name: str) -> bytes:
        """Return a part whole; raises ``PackageError`` beyond the limits, and where it is missing or damaged."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise PackageError(Problem("word-part-missing", f"文件包内缺少 {name}", name, RESEND, Weight.LOSSY))
        self._check(entry)
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise PackageError(
                Problem("word-part-damaged", f"文件包内 {name} 损坏", name, RESEND, Weight.LOSSY)
            ) from error
        self._read += len(content)
        if len(content) > PART_BYTES or self._read > TOTAL_BYTES:
            raise PackageError(_limit("word-part-size", f"文件包内 {name} 展开后过大"))
        return content

    def salvage(self, name: str) -> bytes:
        """Return as much of a damaged part as unpacks, empty where nothing does."""
        entry = self._entries.get(name.lower())
        kept: list[bytes] = []
        if entry is None:
            return b""
        try:
            with self._zip.open(entry) as stream:
                while len(kept) < PART_BYTES // 4096 and (piece := stream.read(4096)):
                    kept.append(piece)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
            pass
        return b"".join(kept)

    def open(self, name: str) -> IO[bytes]:
        """Open a part to look at its beginning, as the readers of picture sizes do."""
        return self._zip.open(self._entries[name.lower()])

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part by id; empty where it has none or they cannot be read."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels".lstrip("/")
        if not self.has(path):
            return {}
        try:
            root = tree(self.part(path), path)
        except PackageError:
            return {}
        found: dict[str, Relation] = {}
        for element in root:
            target = element.get("Target", "")
            external = element.get("TargetMode", "") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Relation(element.get("Id", ""), kind, target, external)
        return found

    def _check(self, entry: zipfile.ZipInfo) -> None:
        if entry.file_size > PART_BYTES:
            raise PackageError(_limit("word-part-size", f"文件包内 {entry.filename} 展开后过大"))
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise PackageError(_limit("word-ratio", f"文件包内 {entry.filename} 压缩比异常"))


def refuse_doctype(content: bytes, name: str) -> None:
    """Raise ``PackageError`` for XML with a document type: Office writes none, entity bombs need one."""
    if any(mark in content for mark in _DOCTYPES):
        raise PackageError(
            Problem(
                "word-doctype", f"{name} 含有文档类型声明（疑似实体炸弹），已拒绝读取", name, RESEND, Weight.UNREADABLE
            )
        )


def parser() -> etree.XMLParser:
    """Return an XML parser that fetches nothing, expands nothing, and mends what it can."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )


def tree(content: bytes, name: str) -> etree._Element:
    """Parse a small part whole; raises ``PackageError`` where nothing can be made of it."""
    refuse_doctype(content, name)
    try:
        root = etree.fromstring(content, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PackageError(
            Problem("word-part-damaged", f"文件包内 {name} 不是有效的 XML", name, RESEND, Weight.LOSSY)
        ) from error
    if root is None:
        raise PackageError(Problem("word-part-damaged", f"文件包内 {name} 是空的", name, RESEND, Weight.LOSSY))
    return root


def encrypted() -> Problem:
    """Return the problem of a file that opens only with a password; we never guess one."""
    return Problem(
        "word-encrypted",
        "文件设有打开密码，无法读取",
        cure="请取消打开密码（文件—信息—保护文档）后重新发送，或直接回信告知密码。",
        weight=Weight.UNREADABLE,
    )


def _limit(code: str, message: str) -> Problem:
    return Problem(
        code, message + "，为安全起见未读取", cure="请用 Word 另存为新文件后重新发送。", weight=Weight.UNREADABLE
    )


def _damaged(data: bytes) -> Problem:
    if data.startswith(b"PK\x03\x04") and b"PK\x05\x06" not in data:
        return Problem("word-truncated", "文件不完整（传输中断或被截断）", cure=RESEND, weight=Weight.UNREADABLE)
    return Problem("word-damaged", "文件已损坏，无法打开", cure=RESEND, weight=Weight.UNREADABLE)
