"""Makes papers (推荐表) as applicants send them: one maker for the demo, the tests and the bench.

Everything follows from the words, the scenario and the seed: no clock, no file of a real body. A page is drawn as
an RGB picture, stamped, worn by ``flows.demo.scanner``, and wrapped as an image-only PDF, a JPEG or a TIFF.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from flows.demo import scanner
from flows.demo.exactly import exactly
from flows.demo.form_words import FormWords, invent_company, invent_words
from flows.demo.pictures import make_photo
from flows.demo.scenarios import SCENARIOS, Scenario
from flows.demo.seals import draw_ink, stamp
from flows.demo.sheet import draw_sheet, font_file

__all__ = [
    "SCENARIOS",
    "FormWords",
    "MadePage",
    "invent_words",
    "make_form",
    "make_jpeg",
    "make_page",
    "make_page_as",
    "make_photo",
    "make_tiff",
]

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class MadePage:
    """A made page with its truth: ``seals`` names every seal that a person would see on it."""

    pixels: Pixels
    seals: tuple[str, ...]
    dpi: int
    quality: int
    places: tuple[tuple[float, float], ...] = ()
    """Where each of ``seals`` was pressed: its middle as shares of the drawn sheet's width and height, before wear."""


@exactly
def make_form(fields: FormWords, *, seal: str | None, scenario: str, seed: int) -> bytes:
    """Return the form as an image-only PDF of one page; ``seal`` is the name in the ring, None for no seal.

    ``scenario`` is a key of ``SCENARIOS`` (``scan200``, ``phone``, ``table`` …); ``KeyError`` for another.
    """
    return wrap_pages([make_page(fields, seal=seal, scenario=scenario, seed=seed)])


@exactly
def make_jpeg(fields: FormWords, *, seal: str | None, scenario: str, seed: int) -> bytes:
    """Return the form as a JPEG, as people send it who photographed it."""
    page = make_page(fields, seal=seal, scenario=scenario, seed=seed)
    return scanner.jpeg(page.pixels, page.quality)


@exactly
def make_tiff(pages: list[MadePage]) -> bytes:
    """Return the pages as one TIFF of several pages, as some office copiers send it."""
    pictures = [Image.fromarray(page.pixels) for page in pages]
    out = io.BytesIO()
    resolution = (pages[0].dpi, pages[0].dpi)
    pictures[0].save(
        out, "TIFF", compression="jpeg", save_all=True, append_images=pictures[1:], dpi=resolution, quality=70
    )
    return out.getvalue()


def make_page(fields: FormWords, *, seal: str | None, scenario: str, seed: int) -> MadePage:
    """Draw, stamp and wear one page of the form."""
    return make_page_as(SCENARIOS[scenario], fields, seal=seal, seed=seed)


@exactly
def make_page_as(plan: Scenario, fields: FormWords, *, seal: str | None, seed: int) -> MadePage:
    """Draw, stamp and wear one page by a recipe of the caller's own."""
    rng = np.random.default_rng([seed, len(plan.name), sum(plan.name.encode())])
    dpi = plan.dpi
    sheet = draw_sheet(fields, plan, rng)
    pixels = sheet.pixels
    pressed = _stamp_all(pixels, seal, plan, sheet.anchors, rng) if seal else []
    height, width = pixels.shape[:2]
    places = tuple((x / width, y / height) for _, (x, y) in pressed)
    quality = int(rng.integers(plan.quality[0], plan.quality[1] + 1))
    return MadePage(wear(pixels, plan, rng), tuple(name for name, _ in pressed), dpi, quality, places)


@exactly
def wear(pixels: Pixels, plan: Scenario, rng: np.random.Generator) -> Pixels:
    """Send a drawn page through the scenario's scanner or phone."""
    tint = (int(rng.integers(248, 256)), int(rng.integers(247, 255)), int(rng.integers(242, 253)))
    pixels = scanner.paper_tint(pixels, tint)
    if plan.skew:
        pixels = scanner.skew(pixels, float(rng.uniform(plan.skew[0], plan.skew[1]) * rng.choice([-1, 1])))
    if plan.phone:
        pixels = scanner.photograph(pixels, rng, long_side=plan.phone, hard=plan.hard)
    if plan.tone:
        pixels = scanner.tone(pixels, *plan.tone)
    if plan.blur:
        pixels = scanner.blur(pixels, plan.blur)
    if plan.noise:
        pixels = scanner.noise(pixels, plan.noise, rng)
    if plan.colours == "grey":
        pixels = scanner.grey(pixels)
    elif plan.colours == "bilevel":
        pixels = scanner.bilevel(pixels, int(rng.integers(130, 190)))
    if plan.turned:
        pixels = scanner.turn(pixels, plan.turned)
    return pixels


@exactly
def wrap_pages(pages: list[MadePage]) -> bytes:
    """Wrap pages as an image-only PDF, one picture a page, as a scanner does."""
    writer = PdfWriter()
    for page in pages:
        _add_picture_page(writer, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stamp_all(
    pixels: Pixels,
    seal: str,
    plan: Scenario,
    anchors: dict[str, tuple[int, int]],
    rng: np.random.Generator,
) -> list[tuple[str, tuple[int, int]]]:
    """Press every seal of the scenario; return each one's name and its middle on the sheet in pixels."""
    pressed = []
    for index, place in enumerate(plan.places):
        # A second seal belongs to the recommender in life; any other name will do here.
        name = seal if index == 0 else invent_company(rng)
        x, y = anchors[place]
        jitter = plan.dpi * 0.12
        at = (int(x + rng.uniform(-jitter, jitter)), int(y + rng.uniform(-jitter, jitter)))
        look = plan.seal_look(rng)
        font = font_file(plan.seal_font)
        ink = draw_ink(name, look, plan.dpi, font, int(rng.integers(0, 2**31)))
        stamp(pixels, ink, look.colour, at)
        pressed.append((name, at))
    return pressed


def _add_picture_page(writer: PdfWriter, page: MadePage) -> None:
    height, width = page.pixels.shape[:2]
    points = (width / page.dpi * 72, height / page.dpi * 72)
    blank = writer.add_blank_page(*points)
    picture = StreamObject()
    picture._data = scanner.jpeg(page.pixels, page.quality)  # noqa: SLF001 - pypdf offers no setter for coded data
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(width),
            NameObject("/Height"): NumberObject(height),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    content = DecodedStreamObject()
    content.set_data(f"q {points[0]:.2f} 0 0 {points[1]:.2f} 0 0 cm /Im0 Do Q".encode())
    pictures = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})  # noqa: SLF001 - pypdf's own way
    blank[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    blank[NameObject("/Contents")] = writer._add_object(content)  # noqa: SLF001 - pypdf's own way
    blank[NameObject("/MediaBox")] = ArrayObject([FloatObject(value) for value in (0, 0, *points)])
