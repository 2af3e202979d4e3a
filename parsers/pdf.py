"""Opens PDF files (PDF 文件) without trusting them: structure by pypdf first, pictures of pages by pdfium after.

Two kinds of bomb (forms that draw themselves, forms that draw ten forms each of which draws ten) make pdfium hang
while a page loads. pypdf reads the same structure in milliseconds, so it is asked first and such files are refused.
Whatever else goes wrong is bounded by the child process in which readers run (``parsers.sandbox``).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from parsers.facts import Signature, Source, TextLayer
from parsers.form_lines import Line, even_line
from parsers.page import LONG_SIDE
from parsers.pdf_signature import signature_of
from parsers.problem import Problem, Weight

Pixels = NDArray[Any]

MOST_DRAWINGS = 20_000
"""A page that draws more nested forms than this is a bomb; real pages draw a few dozen."""
DEEPEST = 12
_DO = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_MOST_BYTES_SEARCHED = 2_000_000


@dataclass(frozen=True, slots=True)
class Widget:
    """A filled form field (AcroForm): its name, its value, and its rectangle in the page's own points."""

    page: int
    name: str
    value: str
    rectangle: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Structure:
    """What the file says it is. ``readable`` is false where no page may be opened; then a problem says why."""

    pages: int = 0
    readable: bool = True
    widgets: tuple[Widget, ...] = ()
    signatures: tuple[Signature, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as rendered. ``lines`` are its own text in pixels of ``pixels``; ``layer`` what that is worth."""

    number: int
    pixels: Pixels
    lines: tuple[Line, ...]
    layer: TextLayer
    pictured: bool
    """Whether one picture covers most of the page."""
    has_pictures: bool


def inspect_pdf(data: bytes) -> Structure:
    """Read the structure without drawing anything. Never raises; what is refused carries a problem."""
    try:
        return _inspect(data)
    except Exception:  # noqa: BLE001 - pypdf raises its own, OSError, KeyError, RecursionError … on broken files
        # pdfium repairs much that pypdf gives up on; the file is tried there, within the child's limits.
        problem = Problem("pdf-structure-broken", "PDF 文件结构不规范，已按修复后的内容读取。", weight=Weight.LOSSY)
        return Structure(problems=(problem,))


def _inspect(data: bytes) -> Structure:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        problem = Problem(
            "pdf-encrypted",
            "PDF 文件设有打开密码，无法读取。",
            cure="请取消 PDF 的打开密码后重新发送，或在邮件正文中告知密码。",
            weight=Weight.UNREADABLE,
        )
        return Structure(readable=False, problems=(problem,))
    pages = len(reader.pages)
    for index in range(min(pages, 30)):
        if _is_bomb(reader.pages[index]):
            problem = Problem(
                "pdf-hostile",
                f"PDF 第 {index + 1} 页的结构会使阅读程序陷入死循环，已拒绝打开。",
                where=f"第 {index + 1} 页",
                cure="请重新打印或扫描该文件，另存为普通 PDF 后再次发送。",
                weight=Weight.UNREADABLE,
            )
            return Structure(pages=pages, readable=False, problems=(problem,))
    widgets = tuple(_widgets(reader, min(pages, 30)))
    signatures = tuple(_signatures(reader, len(data)))
    return Structure(pages=pages, widgets=widgets, signatures=signatures)


def _is_bomb(page: DictionaryObject) -> bool:
    content = page.get("/Contents")
    streams = content.get_object() if content is not None else None
    parts = list(streams) if isinstance(streams, ArrayObject) else [streams]
    resources = _dictionary(page.get("/Resources"))
    calls = [part.get_object() for part in parts if part is not None]
    known: dict[int, int] = {}
    total = sum(_drawings(stream, resources, known, (), 0) for stream in calls if isinstance(stream, StreamObject))
    return total > MOST_DRAWINGS


def _drawings(
    stream: StreamObject, resources: DictionaryObject, known: dict[int, int], path: tuple[int, ...], depth: int
) -> int:
    """Return how many times drawing this stream draws a form, in all; more than the most for a circle."""
    key = id(stream)
    if key in path or depth > DEEPEST:
        return MOST_DRAWINGS + 1
    if key in known:
        return known[key]
    own = _dictionary(stream.get("/Resources")) or resources
    forms = _dictionary(own.get("/XObject"))
    total = 1
    for name in _DO.findall(stream.get_data()[:_MOST_BYTES_SEARCHED]):
        child = forms.get("/" + name.decode("latin-1"))
        target = child.get_object() if child is not None else None
        if isinstance(target, StreamObject) and target.get("/Subtype") == "/Form":
            total += _drawings(target, own, known, (*path, key), depth + 1)
            if total > MOST_DRAWINGS:
                break
    known[key] = total
    return total


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _widgets(reader: PdfReader, pages: int) -> list[Widget]:
    widgets = []
    for index in range(pages):
        annotations = reader.pages[index].get("/Annots")
        for reference in (annotations.get_object() if annotations is not None else None) or []:
            note = _dictionary(reference)
            if note.get("/Subtype") != "/Widget":
                continue
            value, name = _inherited(note, "/V"), _inherited(note, "/TU") or _inherited(note, "/T")
            rectangle = note.get("/Rect")
            if not isinstance(value, str) or not value.strip() or rectangle is None:
                continue
            sides = tuple(float(side) for side in rectangle.get_object())
            if len(sides) == 4:
                left, bottom, right, top = sides
                widgets.append(Widget(index + 1, str(name or ""), str(value), (left, bottom, right, top)))
    return widgets


def _inherited(note: DictionaryObject, key: str) -> Any:
    for _ in range(6):
        if key in note:
            return note[key]
        if "/Parent" not in note:
            return None
        note = _dictionary(note["/Parent"])
    return None


def _signatures(reader: PdfReader, size: int) -> list[Signature]:
    root = _dictionary(reader.trailer.get("/Root"))
    fields = _dictionary(root.get("/AcroForm")).get("/Fields")
    found = []
    queue = list(fields.get_object()) if fields is not None else []
    seen = 0
    while queue and seen < 500:
        field = _dictionary(queue.pop(0))
        seen += 1
        kids = field.get("/Kids")
        if kids is not None:
            queue.extend(kids.get_object())
        if field.get("/FT") == "/Sig" and "/V" in field:
            found.append(signature_of(str(field.get("/T", "")), _dictionary(field["/V"]), size))
    return found


class PdfFile:
    """A PDF opened for drawing. Close it after use: pdfium holds memory outside Python's."""

    def __init__(self, data: bytes, structure: Structure) -> None:
        self._document = pypdfium2.PdfDocument(data)
        self._document.init_forms()
        self._widgets = structure.widgets
        self.count = len(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def page(self, number: int, *, long_side: int = LONG_SIDE) -> PdfPage:
        """Draw page ``number`` (from 1), as large as its own picture is, with at most this long side in pixels."""
        page = self._document[number - 1]
        try:
            return self._draw(page, number, long_side)
        finally:
            page.close()

    def _draw(self, page: Any, number: int, long_side: int) -> PdfPage:
        size = page.get_size()
        longest = max(*size, 1.0)
        pictures, largest, sharpest = _pictures(page, size[0] * size[1])
        scale = min(long_side / longest, max(sharpest, 1.0) if largest > 0.5 else 200 / 72)
        scale = max(scale, min(1000 / longest, long_side / longest))
        pixels = np.asarray(page.render(scale=scale, rev_byteorder=True).to_numpy())[..., :3]
        lines, hidden = _text_lines(page, pixels.shape)
        written = sum(len(line.text) for line in lines)
        lines += self._filled(page, number, pixels.shape)
        pictured = largest > 0.6
        layer = TextLayer.NONE
        if written >= 12:
            layer = TextLayer.SCANNER if hidden or pictured else TextLayer.REAL
        elif lines:
            layer = TextLayer.REAL if not pictured else TextLayer.NONE
        return PdfPage(number, np.ascontiguousarray(pixels), tuple(lines), layer, pictured, pictures > 0)

    def _filled(self, page: Any, number: int, shape: tuple[int, ...]) -> list[Line]:
        lines = []
        for widget in self._widgets:
            if widget.page == number:
                quad = _device_quad(page, widget.rectangle, shape)
                lines.append(even_line(widget.value.strip(), quad, Source.ACROFORM))
        return lines


def _pictures(page: Any, area: float) -> tuple[int, float, float]:
    """Return how many pictures the page shows, the largest one's share of it, and the finest one's pixels a point."""
    count, largest, finest = 0, 0.0, 0.0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        count += 1
        if width <= 1 or height <= 1:
            continue
        largest = max(largest, width * height / max(area, 1.0))
        if width * height > 0.3 * area:
            across, down = item.get_px_size()
            finest = max(finest, max(across, down) / max(width, height))
        if count >= 200:
            break
    return count, largest, finest


def _text_lines(page: Any, shape: tuple[int, ...]) -> tuple[list[Line], bool]:
    """Return the page's own text as lines, and whether most of it is drawn invisibly (a scanner's OCR)."""
    text = page.get_textpage()
    lines = []
    try:
        for index in range(min(text.count_rects(), 3000)):
            rectangle = text.get_rect(index)
            words = text.get_text_bounded(*rectangle).strip()
            if words:
                lines.append(
                    even_line(
                        words.replace("\r", "").replace("\n", ""), _device_quad(page, rectangle, shape), Source.TEXT
                    )
                )
    finally:
        text.close()
    modes = [
        pdfium.FPDFTextObj_GetTextRenderMode(item.raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)
    ]
    return lines, bool(modes) and sum(modes) > len(modes) / 2


def _device_quad(page: Any, rectangle: tuple[float, ...], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return a rectangle of the page's own points as corners in pixels of its drawing, whatever its rotation."""
    from ctypes import byref, c_int  # noqa: PLC0415 - pdfium's own calling convention, used here only

    left, bottom, right, top = rectangle
    height, width = shape[:2]
    corners = []
    for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
        across, down = c_int(), c_int()
        # Ten times finer than a pixel, because the function answers in whole ones.
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width * 10, height * 10, 0, x, y, byref(across), byref(down))
        corners.append((across.value / 10, down.value / 10))
    # However the page is turned, corners start at the left top of what one sees and go clockwise.
    (x0, y0), (x1, y1) = np.min(corners, axis=0), np.max(corners, axis=0)
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)
