"""Draws pages without a seal that could be taken for sealed ones (易误判页面), from a seed: a dozen kinds and more."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from flows.demo.exactly import exactly
from flows.demo.form_words import invent_words
from flows.demo.papers import MadePage, wear
from flows.demo.pictures import make_photo
from flows.demo.scenarios import SCENARIOS
from flows.demo.sheet import draw_sheet, font_file

Pixels = NDArray[np.uint8]
_Draw = Callable[[ImageDraw.ImageDraw, Image.Image, np.random.Generator, float], None]
_RED = (214, 26, 34)


@exactly
def make_sealless(kind: str, seed: int) -> MadePage:
    """Draw one page of this kind without any seal and send it through a scanner; ``KeyError`` for no kind."""
    rng = np.random.default_rng([seed, sum(kind.encode())])
    wears = ("scan200", "clean150", "skew", "poor", "phone", "table")
    plan = SCENARIOS[wears[int(rng.integers(0, len(wears)))]]
    sheet = draw_sheet(invent_words(seed), plan, rng)
    picture = Image.fromarray(sheet.pixels)
    KINDS[kind](ImageDraw.Draw(picture), picture, rng, plan.dpi / 25.4)
    quality = int(rng.integers(plan.quality[0], plan.quality[1] + 1))
    return MadePage(wear(np.array(picture, dtype=np.uint8), plan, rng), (), plan.dpi, quality)


def _at(rng: np.random.Generator, unit: float) -> tuple[float, float]:
    return float(rng.uniform(45, 165)) * unit, float(rng.uniform(150, 240)) * unit


def _circle(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, **style: object) -> None:
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    pen.ellipse(box, **style)  # type: ignore[arg-type] # outline, fill and width as Pillow names them


def _nothing(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del pen, picture, rng, unit


def _red_head(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    font = ImageFont.truetype(font_file("serif"), int(float(rng.uniform(11, 15)) * unit))
    pen.text((105 * unit, 45 * unit), "浙江省促进分会文件", fill=_RED, font=font, anchor="ms")
    pen.line((25 * unit, 52 * unit, 185 * unit, 52 * unit), fill=_RED, width=max(2, int(unit)))
    _star(pen, (105 * unit, 52 * unit), 5 * unit)


def _star(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = math.radians(-90 + 36 * index)
        points.append((at[0] + reach * math.cos(angle), at[1] + reach * math.sin(angle)))
    pen.polygon(points, fill=_RED)


def _stars(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    for _ in range(int(rng.integers(1, 5))):
        _star(pen, _at(rng, unit), float(rng.uniform(4, 16)) * unit)


def _logo(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at, radius = _at(rng, unit), float(rng.uniform(10, 22)) * unit
    _circle(pen, at, radius, outline=_RED, width=int(2.2 * unit))
    font = ImageFont.truetype(font_file("sans"), int(radius))
    pen.text(at, str(rng.choice(["ZJ", "浙", "精", "H", "A+"])), fill=_RED, font=font, anchor="mm")


def _swoosh(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at, radius = _at(rng, unit), float(rng.uniform(10, 20)) * unit
    for share in (1.0, 0.75, 0.5):
        box = (at[0] - radius * share, at[1] - radius * share, at[0] + radius * share, at[1] + radius * share)
        start = float(rng.uniform(0, 360))
        pen.arc(box, start, start + float(rng.uniform(120, 300)), fill=_RED, width=int(1.5 * unit))


def _fingerprint(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del pen
    tall, wide = int(22 * unit), int(16 * unit)
    y, x = np.mgrid[0:tall, 0:wide].astype(np.float32)
    bend = cv2.resize(rng.normal(0, 1.2, (5, 4)).astype(np.float32), (wide, tall), interpolation=cv2.INTER_CUBIC)
    reach = np.hypot((x - wide / 2) / wide * 2, (y - tall * 0.6) / tall * 2)
    ridges = np.sin(reach * 42 + bend * 2) > 0
    inside = np.hypot((x - wide / 2) / wide * 2, (y - tall / 2) / tall * 2) < 1 - 0.1 * np.abs(bend)
    mask = Image.fromarray((ridges & inside).astype(np.uint8) * int(rng.integers(120, 230)))
    at = _at(rng, unit)
    picture.paste(_RED, (int(at[0]), int(at[1])), mask)


def _photo(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del pen
    photo = Image.open(io.BytesIO(make_photo(int(rng.integers(0, 10_000)), 500, 380)))
    wide = int(float(rng.uniform(50, 120)) * unit)
    picture.paste(photo.resize((wide, int(wide * 0.76))), (int(35 * unit), int(175 * unit)))


def _red_table(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    left, top, rows, columns = 25 * unit, 170 * unit, int(rng.integers(4, 9)), int(rng.integers(2, 6))
    for row in range(rows + 1):
        y = top + row * 9 * unit
        pen.line((left, y, left + 160 * unit, y), fill=_RED, width=max(1, int(unit * 0.4)))
    for column in range(columns + 1):
        x = left + column * 160 / columns * unit
        pen.line((x, top, x, top + rows * 9 * unit), fill=_RED, width=max(1, int(unit * 0.4)))


def _red_text(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    font = ImageFont.truetype(font_file("sans"), int(float(rng.uniform(4, 7)) * unit))
    for row in range(int(rng.integers(3, 9))):
        words = "".join(
            str(rng.choice(list("请于五月三十日前将盖章扫描件发送至分会邮箱逾期不予受理"))) for _ in range(20)
        )
        pen.text((30 * unit, (170 + row * 9) * unit), words, fill=_RED, font=font)


def _pen_circle(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at = (float(rng.uniform(80, 140)) * unit, float(rng.uniform(120, 180)) * unit)
    wide, high = float(rng.uniform(14, 40)) * unit, float(rng.uniform(8, 24)) * unit
    drift = rng.uniform(0.9, 1.1, 8)
    points = []
    for index in range(95):
        angle = 2 * math.pi * index / 80
        reach = float(np.interp(index % 80, np.linspace(0, 80, 8), drift)) + 0.0015 * index
        points.append((at[0] + wide * reach * math.cos(angle), at[1] + high * reach * math.sin(angle)))
    pen.line(points, fill=_RED, width=max(2, int(0.8 * unit)))


def _disc(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at, radius = _at(rng, unit), float(rng.uniform(6, 22)) * unit
    _circle(pen, at, radius, fill=_RED)
    if rng.random() < 0.5:
        font = ImageFont.truetype(font_file("sans"), int(radius * 0.7))
        pen.text(at, "优秀", fill=(255, 255, 255), font=font, anchor="mm")


def _blue_circle(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    colour = ((40, 60, 190), (30, 120, 60), (90, 90, 90), (210, 130, 30))[int(rng.integers(0, 4))]
    at, radius = _at(rng, unit), float(rng.uniform(14, 22)) * unit
    _circle(pen, at, radius, outline=colour, width=int(1.2 * unit))
    font = ImageFont.truetype(font_file("serif"), int(5 * unit))
    for index, letter in enumerate("浙江某某机械股份有限公司"):
        angle = math.radians(-140 + 280 * index / 11)
        spot = (at[0] + radius * 0.75 * math.sin(angle), at[1] - radius * 0.75 * math.cos(angle))
        pen.text(spot, letter, fill=colour, font=font, anchor="mm")


def _chop(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at, side = _at(rng, unit), float(rng.uniform(14, 24)) * unit
    pen.rectangle((at[0], at[1], at[0] + side, at[1] + side), outline=_RED, width=int(1.1 * unit))
    font = ImageFont.truetype(font_file("serif"), int(side * 0.4))
    pen.text((at[0] + side / 2, at[1] + side / 2), "王明\n之印", fill=_RED, font=font, anchor="mm", spacing=2)


def _oblong(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at = _at(rng, unit)
    wide, high = float(rng.uniform(35, 55)) * unit, float(rng.uniform(12, 18)) * unit
    pen.rounded_rectangle((at[0], at[1], at[0] + wide, at[1] + high), 2 * unit, outline=_RED, width=int(unit))
    font = ImageFont.truetype(font_file("sans"), int(high * 0.5))
    pen.text((at[0] + wide / 2, at[1] + high / 2), "已 审 核", fill=_RED, font=font, anchor="mm")


def _bars(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    for index in range(int(rng.integers(4, 10))):
        high = float(rng.uniform(8, 45)) * unit
        left = (35 + index * 12) * unit
        pen.rectangle((left, 235 * unit - high, left + 8 * unit, 235 * unit), fill=_RED)


def _border(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    inset = float(rng.uniform(8, 14)) * unit
    pen.rectangle((inset, inset, 210 * unit - inset, 297 * unit - inset), outline=_RED, width=int(1.5 * unit))


def _pie(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    at, radius = _at(rng, unit), float(rng.uniform(15, 25)) * unit
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    angle = 0.0
    for index in range(5):
        step = float(rng.uniform(40, 90)) if index < 4 else 360 - angle
        colour = _RED if index % 2 == 0 else tuple(int(value) for value in rng.integers(60, 240, 3))
        pen.pieslice(box, angle, angle + step, fill=colour)
        angle += step


def _handwriting(pen: ImageDraw.ImageDraw, picture: Image.Image, rng: np.random.Generator, unit: float) -> None:
    del picture
    for _ in range(int(rng.integers(4, 12))):
        x, y = _at(rng, unit)
        steps = rng.normal(0, 4 * unit, (9, 2)).cumsum(axis=0)
        pen.line([(x + float(dx), y + float(dy)) for dx, dy in steps], fill=_RED, width=max(2, int(0.6 * unit)))


KINDS: dict[str, _Draw] = {
    "plain": _nothing,
    "redhead": _red_head,
    "stars": _stars,
    "logo": _logo,
    "swoosh": _swoosh,
    "fingerprint": _fingerprint,
    "photo": _photo,
    "redtable": _red_table,
    "redtext": _red_text,
    "pencircle": _pen_circle,
    "disc": _disc,
    "bluecircle": _blue_circle,
    "chop": _chop,
    "oblong": _oblong,
    "bars": _bars,
    "border": _border,
    "pie": _pie,
    "handwriting": _handwriting,
}
"""Every kind of page without a seal, by its name."""
