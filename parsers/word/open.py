"""Whatever "Word" means on the applicants' machines (Word 文件): one front for every format."""

from __future__ import annotations

from parsers.containers.kinds import WORD
from parsers.facts.problem import Problem, Weight
from parsers.word.docx_file import read_docx, read_word_xml
from parsers.word.odt import read_odt
from parsers.word.ole_text import read_ole
from parsers.word.ooxml import encrypted
from parsers.word.paragraph import WordText
from parsers.word.rtf import read_rtf
from parsers.word.webpage import read_page

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the compound files of Word before 2007 begin."""


def read_word(data: bytes, kind: str) -> WordText:
    """Read the lines of a Word file. The content decides how; ``kind`` only names the format."""
    if data.startswith(OLE):
        return read_ole(data, "wps" if kind == "wps" else "doc")
    if data.startswith(b"PK"):
        opendocument = kind == "odt" or b"application/vnd.oasis.opendocument" in data[:200]
        return read_odt(data) if opendocument else read_docx(data, "docm" if kind == "docm" else "docx")
    if kind.endswith("-encrypted"):
        return WordText("docx", problems=(encrypted(),), readable=False)
    return _read_text_format(data, kind)


def _read_text_format(data: bytes, kind: str) -> WordText:
    """Read the formats that are text themselves: RTF, Word XML, web pages."""
    head = data[:4000]
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return read_rtf(data)
    if b"wordDocument" in head or b"xmlPackage" in head:
        return read_word_xml(data)
    if kind in {"html", "mhtml"}:
        return read_page(data)
    message = "文件是空的" if not data.strip() else "无法识别的 Word 文件格式"
    problem = Problem("word-unknown", message, "", "请用 Word 或 WPS 另存为 docx 后重新发送。", Weight.UNREADABLE)
    return WordText(kind if kind in WORD else "doc", problems=(problem,), readable=False)
