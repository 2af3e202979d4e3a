"""Reads a PDF page's own text (文字层) and judges what it is worth: real, a scanner's guess, turned, or rubbish."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from parsers.facts.looks import Source
from parsers.page.lines import Line, even_line

_MOST_RECTANGLES = 3000
_MOST_ASKED = 400
_PRINTED = re.compile(r"[\u4e00-\u9fff]")
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\xff\ufffd\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class OwnText:
    """A page's own text as lines in pixels of its drawing.

    ``hidden``: most of it is drawn invisibly (a scanner's OCR). ``turned``: degrees clockwise by which most of it
    stands as the page is seen. ``rubbish``: a font without a true table of its letters; the words mean nothing.
    """

    lines: tuple[Line, ...] = ()
    hidden: bool = False
    turned: int = 0
    rubbish: bool = False


def own_text(page: Any, shape: tuple[int, ...]) -> OwnText:
    """Read the text of a pdfium page that was drawn as a picture of this shape."""
    text = page.get_textpage()
    lines = []
    try:
        for index in range(min(text.count_rects(), _MOST_RECTANGLES)):
            rectangle = text.get_rect(index)
            words = text.get_text_bounded(*rectangle).replace("\r", "").replace("\n", "").strip()
            if words:
                lines.append(even_line(words, device_quad(page, rectangle, shape), Source.TEXT))
        turned = (page.get_rotation() + _turn_of_letters(text)) % 360 if lines else 0
    finally:
        text.close()
    modes = [
        pdfium.FPDFTextObj_GetTextRenderMode(item.raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)
    ]
    hidden = bool(modes) and sum(modes) > len(modes) / 2
    return OwnText(tuple(lines), hidden, turned, is_rubbish("".join(line.text for line in lines)))


def is_rubbish(text: str) -> bool:
    """Whether these letters are no text: hardly a Chinese one among those in daily use, or signs that nobody writes."""
    strange = len(_STRANGE.findall(text))
    if strange > max(4, 0.15 * len(text)):
        return True
    chinese = _PRINTED.findall(text)
    return len(chinese) >= 12 and sum(map(_is_daily, chinese)) < 0.8 * len(chinese)


def _is_daily(letter: str) -> bool:
    """Whether GB 2312 has the letter: of a text of our days nearly all, of letters drawn by lot one in three."""
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _turn_of_letters(text: Any) -> int:
    """Return by how many degrees clockwise most letters stand turned on the unturned page: 0, 90, 180 or 270."""
    count = text.count_chars()
    step = max(1, count // _MOST_ASKED)
    angles = [pdfium.FPDFText_GetCharAngle(text.raw, index) for index in range(0, count, step)]
    turns = Counter(round(math.degrees(angle) / 90) * 90 % 360 for angle in angles if angle >= 0)
    (turn, often), *_ = turns.most_common(1) or [(0, 0)]
    return turn if often > 0.6 * turns.total() else 0


def device_quad(page: Any, rectangle: tuple[float, ...], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return a rectangle of the page's own points as corners in pixels of its drawing, whatever its rotation."""
    left, bottom, right, top = rectangle
    height, width = shape[:2]
    corners = []
    for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        # Ten times finer than a pixel, because the function answers in whole ones.
        pdfium.FPDF_PageToDevice(
            page.raw, 0, 0, width * 10, height * 10, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        corners.append((across.value / 10, down.value / 10))
    # However the page is turned, corners start at the left top of what one sees and go clockwise.
    (x0, y0), (x1, y1) = np.min(corners, axis=0), np.max(corners, axis=0)
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)
