"""Opens PDF files (PDF 文件) without trusting them: structure by pypdf first, pictures of pages by pdfium after.

Two kinds of bomb (forms that draw themselves, forms that draw ten forms each of which draws ten) make pdfium hang
while a page loads. pypdf reads the same structure in milliseconds, so it is asked first and such files are refused.
Whatever else goes wrong is bounded by the child process in which readers run (``parsers.sandbox.pool``).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from pypdf import PdfReader

from parsers.facts.looks import Signature, Source, TextLayer
from parsers.facts.problem import Problem, Weight
from parsers.page.lines import Line, even_line
from parsers.page.page import LONG_SIDE, turn_back
from parsers.pdf.bomb import draws_without_end
from parsers.pdf.fields import Widget, holds_files, signatures_of, undrawn, widgets_of
from parsers.pdf.text_layer import device_quad, own_text

Pixels = NDArray[Any]

MOST_PAGES = 30
"""Pages of a file that are looked at."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What the file says it is. ``readable`` is false where no page may be opened; then a problem says why."""

    pages: int = 0
    readable: bool = True
    widgets: tuple[Widget, ...] = ()
    signatures: tuple[Signature, ...] = ()
    problems: tuple[Problem, ...] = ()
    cover: bool = False
    """Whether files are embedded, of which the pages may be a mere cover."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as rendered. ``lines`` are its own text in pixels of ``pixels``; ``layer`` what that is worth."""

    number: int
    pixels: Pixels
    lines: tuple[Line, ...]
    layer: TextLayer
    pictured: bool
    """Whether pictures cover most of the page without gaps: one, or the strips of one."""
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
            cure="请取消 PDF 的打开密码后重新发送，或直接回信告知密码。",
            weight=Weight.UNREADABLE,
        )
        return Structure(readable=False, problems=(problem,))
    pages = len(reader.pages)
    for index in range(min(pages, MOST_PAGES)):
        if draws_without_end(reader.pages[index]):
            problem = Problem(
                "pdf-hostile",
                f"PDF 第 {index + 1} 页的结构会使阅读程序陷入死循环，已拒绝打开。",
                where=f"第 {index + 1} 页",
                cure="请重新打印或扫描该文件，另存为普通 PDF 后再次发送。",
                weight=Weight.UNREADABLE,
            )
            return Structure(pages=pages, readable=False, problems=(problem,))
    widgets = tuple(widgets_of(reader, min(pages, MOST_PAGES)))
    signatures = tuple(signatures_of(reader, len(data)))
    problems = undrawn(reader)
    return Structure(pages, widgets=widgets, signatures=signatures, problems=problems, cover=holds_files(reader))


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
        pictures = _pictures(page, size[0] * size[1])
        scale = min(long_side / longest, max(pictures.finest, 1.0) if pictures.covered > 0.5 else 200 / 72)
        scale = max(scale, min(1000 / longest, long_side / longest))
        pixels = np.asarray(page.render(scale=scale, rev_byteorder=True).to_numpy())[..., :3]
        pictured = pictures.covered > 0.6
        text = own_text(page, pixels.shape)
        lines, layer = list(text.lines), TextLayer.NONE
        # Rubbish says nothing, and turned lines are read more surely from the page once that is turned back.
        if text.rubbish or text.turned:
            lines = []
        written = sum(len(line.text) for line in lines)
        if not text.turned:
            lines += self._filled(page, number, pixels.shape)
        if written >= 12:
            layer = TextLayer.SCANNER if text.hidden or pictured else TextLayer.REAL
        elif lines:
            layer = TextLayer.REAL if not pictured else TextLayer.NONE
        pixels = np.ascontiguousarray(turn_back(pixels, text.turned))
        return PdfPage(number, pixels, tuple(lines), layer, pictured, pictures.count > 0)

    def _filled(self, page: Any, number: int, shape: tuple[int, ...]) -> list[Line]:
        lines = []
        for widget in self._widgets:
            if widget.page == number:
                quad = device_quad(page, widget.rectangle, shape)
                lines.append(even_line(widget.value, quad, Source.ACROFORM))
        return lines


@dataclass(frozen=True, slots=True)
class _Pictures:
    """How many pictures a page shows, what share of it they cover, and the finest one's pixels a point."""

    count: int = 0
    covered: float = 0.0
    finest: float = 0.0


def _pictures(page: Any, area: float) -> _Pictures:
    count, largest, finest = 0, 0.0, 0.0
    places: list[tuple[float, float, float, float]] = []
    densities: list[float] = []
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        count += 1
        if width <= 1 or height <= 1:
            continue
        across, down = item.get_px_size()
        density = max(across, down) / max(width, height)
        places.append((left, bottom, right, top))
        densities.append(density)
        largest = max(largest, width * height / max(area, 1.0))
        if width * height > 0.3 * area:
            finest = max(finest, density)
        if count >= 200:
            break
    strips = _strips(places, densities) / max(area, 1.0)
    if strips > largest:
        return _Pictures(count, strips, max([finest, *densities]))
    return _Pictures(count, largest, finest)


def _strips(places: list[tuple[float, float, float, float]], densities: list[float]) -> float:
    """Return the area that several pictures of one fineness fill side by side without gaps: a scan cut in strips."""
    if len(places) < 2 or max(densities) > 1.1 * min(densities):
        return 0.0
    corners = np.asarray(places)
    (left, bottom), (right, top) = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    whole = float((right - left) * (top - bottom))
    filled = float(((corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])).sum())
    return whole if 0.96 * whole < filled < 1.08 * whole else 0.0
