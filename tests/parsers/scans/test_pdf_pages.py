"""Pages in all the shapes in which scanners and word processors store them, and where in a file the form stands."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from flows.demo.digital import make_text_form
from flows.demo.papers import invent_words, make_page
from parsers.facts.context import ReadContext
from parsers.facts.looks import Colour, TextLayer
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.form.read import FIELDS
from parsers.look.pages_in_turn import _is_crowded, _sheet_of
from parsers.look.papers import look_at_pdf, look_at_picture
from parsers.pdf.pages import PdfPage
from parsers.pdf.text_layer import is_rubbish
from tests.parsers.scans import pdf_samples
from tests.parsers.scans.pdf_samples import Placed, jpeg, picture, pictured, strips
from tests.parsers.scans.test_pdf import WANTED, WORDS, codes, values

Pixels = NDArray[np.uint8]

A4 = (595.0, 842.0)
FULL = (595.0, 0.0, 0.0, 842.0, 0.0, 0.0)
OTHER = replace(invent_words(9), submitted_on="2026年5月9日")


def sheet(scenario: str = "clean150", seed: int = 5, seal: str | None = WORDS.applicant) -> Pixels:
    return make_page(WORDS, seal=seal, scenario=scenario, seed=seed).pixels


def white(like: Pixels) -> Pixels:
    return np.full_like(like, 250)


def filled(pixels: Pixels) -> tuple[list[Placed], tuple[float, float]]:
    return [(jpeg(pixels), FULL)], A4


def crowded(number: int) -> bytes:
    """A page of a report: more than forty lines of writing."""
    out = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("STSong-Light", 10)
    for row in range(44):
        canvas.drawString(70, 790 - 17 * row, f"本公司第{number}页第{row}行围绕主业深耕细分市场坚持以标准引领产业发展")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.slow
def test_text_that_stands_turned_on_its_page_is_read(degrees: int, context: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(pdf_samples.turned_in_place(make_text_form(WORDS), degrees), spool, context)

    assert values(look) == WANTED


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_where_nothing_can_be_read_a_turned_page_is_not_called_blank(
    degrees: int, blind: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_pdf(pdf_samples.turned_in_place(make_text_form(WORDS), degrees), spool, blind)

    assert look.scan is not None
    assert look.scan.form is None


@pytest.mark.slow
def test_a_font_without_a_table_of_its_letters_is_read_as_it_looks(context: ReadContext, spool: MemorySpool) -> None:
    pdfmetrics.registerFont(TTFont("Embedded", _as_ttf()))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    rows = [WORDS.title, "", f"案例名称：{WORDS.case_title}", f"申报企业（全称）：{WORDS.applicant}"]
    rows += [f"推荐单位：{WORDS.recommender}", f"报送时间：{WORDS.submitted_on}"]
    for row, text in enumerate(rows):
        canvas.setFont("Embedded", 13)
        canvas.drawString(90, 740 - 45 * row, text)
    canvas.showPage()
    canvas.save()

    look = look_at_pdf(pdf_samples.without_letter_table(out.getvalue()), spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.text_layer) == (WANTED, TextLayer.NONE)


def _as_ttf() -> str:
    font = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
    try:
        TTFont("Embedded", font)
    except Exception:  # noqa: BLE001 - reportlab has an error of its own for a font that is not there
        pytest.skip("needs fonts-wqy-zenhei: reportlab embeds TrueType outlines only")
    return font


@pytest.mark.parametrize(
    ("text", "rubbish"),
    [
        ("浙江省专精特新企业发展优秀案例申报推荐表", False),
        ("Annual report of Ruifeng, 2026: café and naïve", False),
        ("躷辱縯邝拢暗櫰哯细鐿卻嵈駀揸蜅莽陋猸懰竘", True),
        ("\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f ÄÅÇÉÑ", True),
        ("", False),
    ],
)
def test_letters_drawn_by_lot_are_told_from_text(text: str, rubbish: bool) -> None:
    assert is_rubbish(text) is rubbish


@pytest.mark.slow
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_scan_cut_into_strips_is_one_picture_whichever_way_up(
    turns: int, context: ReadContext, spool: MemorySpool
) -> None:
    pixels = np.ascontiguousarray(np.rot90(sheet(), turns))
    size = A4 if turns % 2 == 0 else (A4[1], A4[0])

    look = look_at_pdf(pictured([(strips(pixels, size), size)]), spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.scanned, len(look.scan.seals)) == (WANTED, True, 1)


def test_photographs_beside_each_other_on_a_page_of_text_are_no_scan(blind: ReadContext, spool: MemorySpool) -> None:
    photo = np.asarray(Image.effect_noise((300, 200), 60).convert("RGB"))
    places: list[Placed] = [(jpeg(photo), (280.0, 0.0, 0.0, 190.0, x, y)) for x in (10, 305) for y in (20, 240, 460)]

    scan = look_at_pdf(pictured([(places, A4)]), spool, blind).scan

    assert scan is not None
    assert scan.scanned is False


def in_16_bits(pixels: Pixels) -> Placed:
    data = zlib.compress((pixels.astype(">u2") * 257).tobytes())
    bits = NumberObject(16)
    return picture(data, pixels.shape[1], pixels.shape[0], "/FlateDecode", BitsPerComponent=bits), FULL


def in_printers_inks(pixels: Pixels) -> Placed:
    out = io.BytesIO()
    Image.fromarray(pixels).convert("CMYK").save(out, "JPEG", quality=80)
    height, width = pixels.shape[:2]
    inverted = ArrayObject([NumberObject(number) for number in (1, 0) * 4])
    space = NameObject("/DeviceCMYK")
    return picture(out.getvalue(), width, height, "/DCTDecode", ColorSpace=space, Decode=inverted), FULL


def in_600_dpi(pixels: Pixels) -> Placed:
    return jpeg(np.asarray(Image.fromarray(pixels).resize((4960, 7016), Image.Resampling.BICUBIC))), FULL


def in_jpeg_2000(pixels: Pixels) -> Placed:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG2000", quality_mode="rates", quality_layers=[20])
    return picture(out.getvalue(), pixels.shape[1], pixels.shape[0], "/JPXDecode"), FULL


def _fax(pixels: Pixels) -> bytes:
    """The strokes of CCITT group 4 as TIFF stores them."""
    out = io.BytesIO()
    black = Image.fromarray(pixels).convert("L").point(lambda value: 255 if value > 150 else 0).convert("1")
    black.save(out, "TIFF", compression="group4", tiffinfo={278: black.height})
    with Image.open(out) as stored:
        start, length = stored.tag_v2[273][0], stored.tag_v2[279][0]  # type: ignore[attr-defined] # a TIFF's own
    return out.getvalue()[start : start + length]


def in_group_4(pixels: Pixels) -> Placed:
    height, width = pixels.shape[:2]
    numbers = {"/K": -1, "/Columns": width, "/Rows": height}
    keys = DictionaryObject({NameObject(key): NumberObject(number) for key, number in numbers.items()})
    grey, one = NameObject("/DeviceGray"), NumberObject(1)
    return picture(
        _fax(pixels), width, height, "/CCITTFaxDecode", ColorSpace=grey, BitsPerComponent=one, DecodeParms=keys
    ), FULL


def in_jbig2(pixels: Pixels) -> Placed:
    """One generic region whose strokes are coded as group 4 (ITU-T T.88, 6.2.6)."""
    height, width = pixels.shape[:2]
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x01" + _fax(pixels)
    data = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    data += struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region
    grey, one = NameObject("/DeviceGray"), NumberObject(1)
    return picture(data, width, height, "/JBIG2Decode", ColorSpace=grey, BitsPerComponent=one), FULL


@pytest.mark.slow
@pytest.mark.parametrize("coding", [in_16_bits, in_printers_inks, in_600_dpi, in_jpeg_2000])
def test_a_colour_scan_is_read_with_its_seal_however_it_is_coded(
    coding: Callable[[Pixels], Placed], context: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_pdf(pictured([([coding(sheet())], A4)]), spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.colour, len(look.scan.seals)) == (WANTED, Colour.COLOUR, 1)


@pytest.mark.slow
@pytest.mark.parametrize("coding", [in_group_4, in_jbig2])
def test_a_black_and_white_scan_is_read_and_cannot_miss_a_seal(
    coding: Callable[[Pixels], Placed], context: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_pdf(pictured([([coding(sheet(seal=None))], A4)]), spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.colour, look.scan.clean) == (WANTED, Colour.BILEVEL, False)


@pytest.mark.slow
def test_blank_pages_before_the_form_neither_hide_it_nor_make_the_scan_grey(
    context: ReadContext, spool: MemorySpool
) -> None:
    pixels = sheet(seal=None)

    look = look_at_pdf(pictured([filled(white(pixels))] * 6 + [filled(pixels)]), spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.pages) == (WANTED, 7)
    assert (look.scan.colour, look.scan.clean) == (Colour.COLOUR, True)
    assert codes(look) == []


def test_a_scan_of_the_wrong_side_is_said_to_be_blank(blind: ReadContext, spool: MemorySpool) -> None:
    blank = white(np.zeros((1100, 780, 3), np.uint8))

    look = look_at_pdf(pictured([filled(blank), filled(blank)]), spool, blind)

    assert [(one.code, one.weight) for one in look.problems] == [("pages-blank", Weight.UNREADABLE)]
    assert look.problems[0].cure


def test_a_form_of_real_text_is_found_on_any_page(blind: ReadContext, spool: MemorySpool) -> None:
    report = [crowded(number) for number in range(6)]

    assert values(look_at_pdf(pdf_samples.joined(*report, make_text_form(WORDS)), spool, blind)) == WANTED


@pytest.mark.slow
def test_a_scanned_form_behind_a_report_is_found(context: ReadContext, spool: MemorySpool) -> None:
    report = [crowded(number) for number in range(6)]

    look = look_at_pdf(pdf_samples.joined(*report, pictured([filled(sheet())])), spool, context)

    assert values(look) == WANTED


def test_two_forms_of_two_applicants_in_one_file_leave_every_field_in_doubt(
    blind: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_pdf(pdf_samples.joined(make_text_form(WORDS), make_text_form(OTHER)), spool, blind)

    assert look.scan is not None
    assert look.scan.form is not None
    assert values(look) == WANTED
    assert [getattr(look.scan.form, key).certain for key in FIELDS] == [False] * 4
    assert [(one.code, one.weight) for one in look.problems] == [("form-repeated", Weight.LOSSY)]
    assert look.problems[0].message == "文件第 1、2 页各有一份推荐表，内容不同，栏目按第 1 页读取。"


def test_the_same_form_twice_in_one_file_is_only_noted(blind: ReadContext, spool: MemorySpool) -> None:
    look = look_at_pdf(pdf_samples.joined(make_text_form(WORDS), make_text_form(WORDS)), spool, blind)

    assert look.scan is not None
    assert look.scan.form is not None
    assert [getattr(look.scan.form, key).certain for key in FIELDS] == [True] * 4
    assert [(one.code, one.weight) for one in look.problems] == [("form-repeated", Weight.NOTE)]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["clean150", "table", "poor", "bilevel", "phonehard"])
def test_no_kind_of_form_is_taken_for_a_page_of_a_report(scenario: str) -> None:
    page = PdfPage(1, sheet(scenario), (), TextLayer.NONE, pictured=True, has_pictures=True)

    assert not _is_crowded(_sheet_of(page, None))


def tiff(*pages: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], **options)
    return out.getvalue()


@pytest.mark.slow
def test_a_tiff_with_a_blank_cover_is_read_behind_it(context: ReadContext, spool: MemorySpool) -> None:
    form = Image.fromarray(sheet())
    blank = Image.fromarray(white(sheet()))

    look = look_at_picture(tiff(blank, blank, form, compression="tiff_lzw"), "tiff", spool, context)

    assert look.scan is not None
    assert (values(look), look.scan.pages, len(look.scan.seals)) == (WANTED, 3, 1)


def in_16_bit_grey(form: Image.Image) -> bytes:
    return _png(Image.fromarray(np.asarray(form.convert("L")).astype(np.uint16) * 257))


def on_no_paper(form: Image.Image) -> bytes:
    """Black strokes on nothing, as programs store what was freed of its ground; below the nothing it is black."""
    ink = 255 - np.asarray(form.convert("L"))
    return _png(Image.merge("LA", (Image.new("L", form.size, 0), Image.fromarray(ink))))


def by_fax(form: Image.Image) -> bytes:
    """Group 3 in the coarse mode: twice as many points across as down."""
    black = form.convert("L").point(lambda value: 255 if value > 150 else 0).convert("1")
    return tiff(black.resize((1728, 1100)), compression="group3", dpi=(204, 98))


def _png(form: Image.Image) -> bytes:
    out = io.BytesIO()
    form.save(out, "PNG")
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(("stored", "kind"), [(in_16_bit_grey, "png"), (on_no_paper, "png"), (by_fax, "tiff")])
def test_a_picture_of_the_form_is_read_as_a_viewer_shows_it(
    stored: Callable[[Image.Image], bytes], kind: str, context: ReadContext, spool: MemorySpool
) -> None:
    look = look_at_picture(stored(Image.fromarray(sheet(seal=None))), kind, spool, context)

    assert values(look) == WANTED
