"""Reads what lies on and in a PDF besides its pages: filled fields, text boxes, signatures, embedded files.

People who have no printer fill a PDF with the form's own fields (AcroForm) or with text boxes put on top (批注文本框);
neither belongs to the page's own text.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from parsers.facts.looks import Signature
from parsers.facts.problem import Problem, Weight
from parsers.pdf.bomb import dictionary
from parsers.pdf.signature import is_timestamp, signature_of

_MOST_NOTES = 2_000
_MOST_FIELDS = 500
_LINE = 18.0
"""Points; what stands in a taller rectangle is taken for a line of this height in its middle."""
_HIDDEN = 0b100010
"""Flags of a note that no viewer shows: hidden, no view (ISO 32000-1, 12.5.3)."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One line that was filled in: a form field's name and value, or a text box; ``rectangle`` in page points."""

    page: int
    name: str
    value: str
    rectangle: tuple[float, float, float, float]


def widgets_of(reader: PdfReader, pages: int) -> list[Widget]:
    """Return every filled line on the first so many pages."""
    widgets = []
    for index in range(pages):
        annotations = reader.pages[index].get("/Annots")
        notes = annotations.get_object() if annotations is not None else None
        for reference in list(notes)[:_MOST_NOTES] if isinstance(notes, ArrayObject) else []:
            widgets += _lines_of(dictionary(reference), index + 1)
    return widgets


def signatures_of(reader: PdfReader, size: int) -> list[Signature]:
    """Return the claims of every signature field that was signed; time stamps are nobody's signature."""
    fields = _form(reader).get("/Fields")
    found = []
    queue = list(fields.get_object()) if fields is not None else []
    seen = 0
    while queue and seen < _MOST_FIELDS:
        field = dictionary(queue.pop(0))
        seen += 1
        kids = field.get("/Kids")
        if kids is not None:
            queue.extend(kids.get_object())
        claims = dictionary(_inherited(field, "/V"))
        if _inherited(field, "/FT") == "/Sig" and claims and not is_timestamp(claims):
            found.append(signature_of(str(_inherited(field, "/T") or ""), claims, size))
    return found


def holds_files(reader: PdfReader) -> bool:
    """Whether files are embedded; ``parsers.containers.unpack`` takes them out, and the pages may be a mere cover."""
    with contextlib.suppress(Exception):
        # A broken list of embedded files must not cost the fields and the signatures.
        return bool(list(reader.attachments))
    return False


def undrawn(reader: PdfReader) -> tuple[Problem, ...]:
    """Say where the pages do not show what the file says: a form that only Adobe's own program draws (XFA)."""
    if not dictionary(reader.trailer.get("/Root")).get("/NeedsRendering"):
        return ()
    message = "PDF 是动态表单（XFA），只有 Adobe 软件能显示其内容。"
    cure = "请打印或另存为普通 PDF 后重新发送。"
    return (Problem("pdf-dynamic-form", message, cure=cure, weight=Weight.UNREADABLE),)


def _form(reader: PdfReader) -> DictionaryObject:
    return dictionary(dictionary(reader.trailer.get("/Root")).get("/AcroForm"))


def _lines_of(note: DictionaryObject, page: int) -> list[Widget]:
    if note.get("/Subtype") not in ("/Widget", "/FreeText") or int(note.get("/F", 0)) & _HIDDEN:
        return []
    box = note.get("/Subtype") == "/FreeText"
    text = _words(note.get("/Contents") if box else _inherited(note, "/V"))
    name = "" if box else _words(_inherited(note, "/TU") or _inherited(note, "/T"))
    sides = note.get("/Rect")
    corners = [float(side) for side in sides.get_object()] if sides is not None else []
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    if len(corners) != 4 or not lines:
        return []
    left, right = min(corners[0], corners[2]), max(corners[0], corners[2])
    bottom, top = min(corners[1], corners[3]), max(corners[1], corners[3])
    height = min(_LINE, (top - bottom) / len(lines))
    first = (top + bottom) / 2 + height * len(lines) / 2
    return [
        Widget(page, name, line, (left, first - (place + 1) * height, right, first - place * height))
        for place, line in enumerate(lines)
    ]


def _words(value: Any) -> str:
    """Return a value as text; check boxes and buttons hold names, not words."""
    found = value.get_object() if hasattr(value, "get_object") else value
    if isinstance(found, ArrayObject):
        return "、".join(filter(None, map(_words, found)))
    if isinstance(found, ByteStringObject):
        return _guessed(bytes(found)) or ""
    if isinstance(found, TextStringObject):
        # Some programs write GBK where the standard wants PDFDocEncoding or UTF-16: then it is all accents.
        foreign = not re.search(r"[\u4e00-\u9fff]", found) and re.search(r"[\x80-\uffff]{2}", found)
        return (_guessed(found.original_bytes) if foreign else None) or str(found)
    return str(found) if isinstance(found, str) and not isinstance(found, NameObject) else ""


def _guessed(data: bytes) -> str | None:
    for charset in ("utf-8", "gb18030"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\u4e00-\u9fff]", text):
            return text
    return None


def _inherited(note: DictionaryObject, key: str) -> Any:
    for _ in range(6):
        if key in note:
            return note[key]
        if "/Parent" not in note:
            return None
        note = dictionary(note["/Parent"])
    return None
