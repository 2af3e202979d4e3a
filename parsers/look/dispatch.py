"""What is in this file? (内容读取) Sends every file to the reader of its kind; whatever happens, a Look comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

from parsers.containers.kind_table import fitting
from parsers.containers.kinds import CONTAINERS, KIND_NAMES, PICTURES, TABLES, WORD
from parsers.facts.context import ReadContext
from parsers.facts.looks import Look
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.look import plain, tables
from parsers.look.cache import remembered
from parsers.mail.message import decode_mail

_SEND_PLAIN = "请去掉密码重新发送，或直接回信告知密码。"
_ZIP_AGAIN = "请改用 zip 重新压缩（不设密码、不分卷）后发送。"
_NO_PROGRAM = "请不要用自解压程序，改用 zip 重新压缩后发送。"
_SEND_AGAIN = "请检查原文件能否正常打开，重新发送；如原件为其他格式，请另存为 PDF 或 Word 后发送。"

_EXTENSIONS = fitting()
"""Extensions whose meaning is fixed: where such a file holds something else, staff should see it."""

_NO_NAMES: frozenset[str] = frozenset()
_BINARY = frozenset(_EXTENSIONS) - {"doc", "wps", "xls", "ppt", "rtf"}
_NEVER_WORDS = {"text": _BINARY, "csv": _BINARY - {"xlsx"}, "html": _BINARY - {"docx", "xlsx"}}
"""Extensions under which no program writes words or a web page: such a file is an error page, a stub or a mistake."""


def look_at(data: bytes, name: str, type: str, spool: Spool, context: ReadContext) -> Look:  # noqa: A002 - the word of the values
    """Read one file of a kind that ``parsers.containers.kinds`` named. Never raises; what failed is a Problem."""
    try:
        reader = _reader(type)
        if type in _DEAR:
            look = remembered(data, name, type, spool, context, lambda: reader(data, name, type, spool, context))
        else:
            look = reader(data, name, type, spool, context)
    except MemoryError:
        look = Look(type, problems=(_failed("reader-memory", "读取这个文件所需的内存过多，未能读取。", name),))
    except RecursionError:
        look = Look(type, problems=(_failed("reader-failed", "文件内部嵌套过深，未能读取。", name),))
    except Exception as error:  # noqa: BLE001 - a reader that fails on hostile bytes must not cost the mail
        message = f"读取这个文件时出错（{error.__class__.__name__}），未能读取。"
        look = Look(type, problems=(_failed("reader-failed", message, name),))
    mismatch = _mismatch(name, type)
    if mismatch is None:
        return look
    return Look(look.type, look.scan, look.report, look.picture, look.text, (*look.problems, mismatch))


_DEAR = frozenset({"pdf", *PICTURES, *WORD})
"""Kinds that are worth remembering: they cost from a tenth of a second to many seconds."""

_Reader = Callable[[bytes, str, str, Spool, ReadContext], Look]


def _reader(kind: str) -> _Reader:
    """Return the reader of this kind. The heavy ones are loaded when the first file of theirs turns up."""
    reader: _Reader = _nothing
    if kind == "pdf":
        reader = _pdf
    elif kind in PICTURES:
        reader = _picture
    elif kind in WORD:
        reader = _word
    elif kind in TABLES:
        reader = _table
    elif kind == "text":
        reader = _text
    elif kind in {"ofd", "pptx"}:
        reader = _xml_parts
    elif kind == "eml":
        reader = _mail
    return reader


def _pdf(data: bytes, _name: str, _kind: str, spool: Spool, context: ReadContext) -> Look:
    from parsers.look.papers import look_at_pdf  # noqa: PLC0415 - loads PDF and OCR libraries, only when needed

    return look_at_pdf(data, spool, context)


def _picture(data: bytes, _name: str, kind: str, spool: Spool, context: ReadContext) -> Look:
    from parsers.look.papers import look_at_picture  # noqa: PLC0415 - loads picture and OCR libraries, only when needed

    return look_at_picture(data, kind, spool, context)


def _word(data: bytes, _name: str, kind: str, spool: Spool, context: ReadContext) -> Look:
    from parsers.look.word_files import look_at_word  # noqa: PLC0415 - loads XML and OLE libraries, only when needed

    if kind == "mhtml":
        page = plain.web_page_of_archive(data)
        look = look_at_word(page, "html", spool, context)
        return Look(kind, look.scan, look.report, look.picture, look.text, look.problems)
    return look_at_word(data, kind, spool, context)


def _table(data: bytes, _name: str, kind: str, _spool: Spool, _context: ReadContext) -> Look:
    return tables.look_at_table(data, kind)


def _text(data: bytes, _name: str, kind: str, _spool: Spool, _context: ReadContext) -> Look:
    return plain.look_at_text(data, kind)


def _mail(data: bytes, _name: str, kind: str, _spool: Spool, _context: ReadContext) -> Look:
    mail = decode_mail(data)
    return Look(kind, text=f"{mail.subject}\n{mail.text}".strip()[: plain.MOST_CHARACTERS])


def _xml_parts(data: bytes, _name: str, kind: str, _spool: Spool, _context: ReadContext) -> Look:
    return plain.look_at_xml_parts(data, kind)


def _nothing(data: bytes, name: str, kind: str, _spool: Spool, _context: ReadContext) -> Look:
    """Say why nothing can be read in a file of this kind, where there is something to say."""
    problem: Problem | None = None
    text = ""
    if kind in {"docx-encrypted", "ole-encrypted"}:
        problem = Problem("file-encrypted", "文件设有打开密码，无法读取。", name, _SEND_PLAIN, Weight.UNREADABLE)
    elif kind == "empty":
        problem = Problem("file-empty", "文件是空的（0 字节）。", name, "请检查原文件后重新发送。", Weight.UNREADABLE)
    elif kind == "exe":
        message = "这是可执行程序，不予打开。"
        problem = Problem("file-program", message, name, _NO_PROGRAM, Weight.UNREADABLE)
    elif kind == "pgp":
        problem = Problem("file-sealed", "文件经过 PGP 加密，无法读取。", name, _SEND_PLAIN, Weight.UNREADABLE)
    elif kind == "archive":
        problem = Problem("archive-unsupported", "压缩包的格式无法识别。", name, _ZIP_AGAIN, Weight.UNREADABLE)
    elif kind == "lnk":
        text = "" if data.startswith(b"L\x00") else plain.look_at_text(data, kind).text
        problem = Problem(
            "file-shortcut",
            "这是快捷方式或网址，不是文件本身。",
            name,
            "请发送原文件，而不是快捷方式或网址。",
            Weight.UNREADABLE,
        )
    elif kind == "unknown" and _extension(name) in _EXTENSIONS:
        message = f"扩展名为 .{_extension(name)}，但内容不是这种文件，可能已损坏。"
        problem = Problem("file-damaged", message, name, _SEND_AGAIN, Weight.UNREADABLE)
    elif kind in {"unknown", "ole"} and data:
        problem = Problem("file-unknown", "无法识别这个文件的格式。", name, _SEND_AGAIN, Weight.UNREADABLE)
    return Look(kind, text=text, problems=(problem,) if problem else ())


def _extension(name: str) -> str:
    match = re.search(r"\.([A-Za-z0-9]{1,5})$", name.strip())
    return match[1].lower() if match else ""


def _mismatch(name: str, kind: str) -> Problem | None:
    """Return a note where the extension says something else than the content."""
    extension = _extension(name)
    expected = _EXTENSIONS.get(extension)
    if expected is None or kind in expected or kind in {"unknown", "empty", "lock", "clutter"}:
        return None
    if extension in _NEVER_WORDS.get(kind, _NO_NAMES):
        message = f"扩展名为 .{extension}，内容却是文字或网页，不是这种文件。"
        return Problem("file-damaged", message, name, _SEND_AGAIN, Weight.UNREADABLE)
    if kind in CONTAINERS and extension not in {"zip", "rar", "7z"}:
        return None
    message = f"扩展名为 .{extension}，实际是{KIND_NAMES[kind]}。"
    return Problem("name-mismatch", message, name, "", Weight.NOTE)


def _failed(code: str, message: str, where: str) -> Problem:
    return Problem(code, message, where, _SEND_AGAIN, Weight.UNREADABLE)
