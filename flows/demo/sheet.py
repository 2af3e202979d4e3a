"""Draws the form (推荐表) on a clean sheet of A4, in the layouts and hands that applicants use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pylopdf_fonts_zh_cn
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flows.demo.form_words import FormWords
from flows.demo.scenarios import Scenario

Pixels = NDArray[np.uint8]
BLACK = (28, 28, 30)
BLUE_BLACK = (30, 36, 92)
LABELS = ("案例名称", "申报企业（全称）", "推荐单位", "报送时间")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn page, and where seals may stand on it, in pixels."""

    pixels: Pixels
    anchors: dict[str, tuple[int, int]]


def font_file(kind: str) -> str:
    """Return the path of a Chinese font that every machine has: ``serif`` or ``sans``."""
    if kind == "sans":
        return str(pylopdf_fonts_zh_cn.sans_path())
    return str(pylopdf_fonts_zh_cn.serif_path())


@cache
def _font(kind: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(kind), size)


@cache
def _hand(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)


class _Pen:
    """Writes on one sheet; lengths in millimetres, letter sizes in points."""

    def __init__(self, plan: Scenario, rng: np.random.Generator) -> None:
        self.unit = plan.dpi / 25.4
        self.dpi = plan.dpi
        self.picture = Image.new("RGB", (round(210 * self.unit), round(297 * self.unit)), (255, 255, 255))
        self.draw = ImageDraw.Draw(self.picture)
        self.rng = rng
        printed = str(rng.choice(["serif", "sans", "sans"])) if plan.font == "mixed" else plan.font
        self.print_font = "serif" if printed == "hand" else printed
        self.by_hand = plan.font == "hand"
        self.hand_file = plan.hand_file or font_file("sans")

    def width(self, text: str, points: float) -> float:
        return _font(self.print_font, self._size(points)).getlength(text) / self.unit

    def print(
        self, at: tuple[float, float], text: str, points: float, *, anchor: str = "ls", red: bool = False
    ) -> None:
        colour = (206, 22, 30) if red else BLACK
        font = _font(self.print_font, self._size(points))
        self.draw.text((at[0] * self.unit, at[1] * self.unit), text, fill=colour, font=font, anchor=anchor)

    def fill(self, at: tuple[float, float], text: str, points: float) -> None:
        """Write a value: printed, or letter by letter as a hand does."""
        if not self.by_hand:
            self.print(at, text, points)
            return
        x = at[0]
        for letter in text:
            size = points * float(self.rng.uniform(1.0, 1.15))
            self._hand_letter((x, at[1] + float(self.rng.uniform(-0.7, 0.5))), letter, size)
            x += self.width(letter, points) * float(self.rng.uniform(0.98, 1.12))

    def rule(self, start: tuple[float, float], end: tuple[float, float], thick: float = 0.25) -> None:
        points = (start[0] * self.unit, start[1] * self.unit, end[0] * self.unit, end[1] * self.unit)
        self.draw.line(points, fill=BLACK, width=max(1, round(thick * self.unit)))

    def at(self, x: float, y: float) -> tuple[int, int]:
        return int(x * self.unit), int(y * self.unit)

    def _size(self, points: float) -> int:
        return max(6, round(points / 72 * self.dpi))

    def _hand_letter(self, at: tuple[float, float], letter: str, points: float) -> None:
        size = self._size(points)
        side = size * 2
        tile = Image.new("L", (side, side), 0)
        ImageDraw.Draw(tile).text(
            (side / 2, side * 0.75), letter, fill=255, font=_hand(self.hand_file, size), anchor="ms"
        )
        ink = _bend(np.asarray(tile), size, self.rng)
        shape = Image.fromarray(ink)
        left, top = int(at[0] * self.unit - side / 2 + size / 2), int(at[1] * self.unit - side * 0.75)
        self.picture.paste(BLUE_BLACK, (left, top), shape)


def draw_sheet(words: FormWords, plan: Scenario, rng: np.random.Generator) -> Sheet:
    """Draw the form in the scenario's layout; the anchors tell the stamper where things stand."""
    pen = _Pen(plan, rng)
    values = (words.case_title, words.applicant, words.recommender, words.submitted_on)
    top = 118.0 + float(rng.uniform(-8, 8))
    _heading(pen, words, plan)
    drawers = {"table": _table, "below": _below}
    rows = drawers.get(plan.layout, _lines)(pen, values, top, plan)
    if plan.layout != "table":
        pen.print((105, 262), words.footer, 15, anchor="ms")
    anchors = {
        "date": pen.at(float(rng.uniform(88, 150)), rows[3] - 4),
        "applicant": pen.at(112, rows[1] - 2),
        "recommender": pen.at(66, rows[2] + 14),
        "corner": pen.at(170, 250),
        "edge": pen.at(203, rows[3] - 4),
        "beside": pen.at(150, rows[3] + 14),
    }
    return Sheet(np.array(pen.picture, dtype=np.uint8), anchors)


def _heading(pen: _Pen, words: FormWords, plan: Scenario) -> None:
    if plan.layout == "redhead":
        pen.print((105, 40), words.footer + "文件", 24, anchor="ms", red=True)
        pen.draw.line((*pen.at(26, 48), *pen.at(184, 48)), fill=(206, 22, 30), width=max(2, round(pen.unit)))
    else:
        pen.print((26, 32), "附件1", 15)
    # The title stands in two lines, broken before the last words, as the notice prints it.
    break_at = max(words.title.find("申报推荐表"), 0)
    first, second = words.title[:break_at], words.title[break_at:]
    if first:
        pen.print((105, 70), first, 22, anchor="ms")
    pen.print((105, 84), second, 22, anchor="ms")


def _lines(pen: _Pen, values: tuple[str, ...], top: float, plan: Scenario) -> list[float]:
    rows = []
    y = top
    size = 15.0
    colon = str(pen.rng.choice(["：", ":", "："]))
    for label, value in zip(LABELS, values, strict=True):
        shown = " ".join(label.split("（")[0]) if plan.layout == "wide" else label
        pen.print((34, y), shown + colon, size)
        start = 34 + pen.width(shown + colon, size) + 1.5
        pieces = _pieces(pen, value, size, 180 - start, narrow=plan.layout == "split")
        for piece in pieces:
            if plan.layout != "plain":
                pen.rule((start, y + 1.6), (180, y + 1.6))
            pen.fill((start + 1.5, y), piece, size)
            rows_y = y
            y += 9.5
        y += 6.5
        rows.append(rows_y)
    return rows


def _pieces(pen: _Pen, value: str, size: float, room: float, *, narrow: bool) -> list[str]:
    """Break a value into lines that fit; a narrow form breaks long values even where they would fit."""
    limit = room - 3 if not narrow else min(room - 3, 62.0)
    slack = 1.2 if pen.by_hand else 1.02
    pieces = [""]
    for letter in value:
        if pieces[-1] and pen.width(pieces[-1] + letter, size) * slack > limit:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _table(pen: _Pen, values: tuple[str, ...], top: float, plan: Scenario) -> list[float]:
    del plan
    left, middle, right = 28.0, 72.0, 182.0
    rows = []
    y = top - 10
    pen.rule((left, y), (right, y))
    for label, value in zip(LABELS, values, strict=True):
        pieces = _pieces(pen, value, 14, right - middle - 4, narrow=False)
        height = 16.0 if len(pieces) == 1 else 22.0
        pen.print(((left + middle) / 2, y + height / 2 + 1.8), label, 14, anchor="ms")
        for index, piece in enumerate(pieces):
            pen.fill((middle + 3, y + height / 2 + 1.8 + (index - (len(pieces) - 1) / 2) * 7.5), piece, 14)
        rows.append(y + height / 2)
        y += height
        pen.rule((left, y), (right, y))
    for x in (left, middle, right):
        pen.rule((x, top - 10), (x, y))
    return rows


def _below(pen: _Pen, values: tuple[str, ...], top: float, plan: Scenario) -> list[float]:
    del plan
    rows = []
    y = top - 14
    for label, value in zip(LABELS, values, strict=True):
        pen.print((34, y), label + "：", 15)
        for piece in _pieces(pen, value, 15, 142, narrow=False):
            y += 10
            pen.fill((40, y), piece, 15)
            pen.rule((38, y + 1.6), (180, y + 1.6))
        rows.append(y)
        y += 13
    return rows


def _bend(tile: NDArray[np.uint8], size: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Bend a printed letter until its strokes waver like a pen's."""
    height, width = tile.shape
    waver = size * 0.05
    shifts = [
        cv2.resize(rng.normal(0, waver, (5, 5)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in range(2)
    ]
    grid_x, grid_y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    slant = float(rng.uniform(-0.08, 0.22))
    map_x = (grid_x + shifts[0] + (grid_y - height * 0.6) * slant).astype(np.float32)
    map_y = (grid_y + shifts[1] + (grid_x - width / 2) * float(rng.uniform(-0.04, 0.10))).astype(np.float32)
    return np.asarray(cv2.remap(tile, map_x, map_y, cv2.INTER_LINEAR), dtype=np.uint8)
