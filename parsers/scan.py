"""Reads papers (扫描件): PDF files and pictures of pages, as a careful clerk looks at them.

Every page is laid flat, turned upright and freed of seal ink before it is read; fields come with the picture of
their place. A file's own text is used where a program wrote it, the picture where it did not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageOps, ImageSequence

from parsers.context import ReadContext
from parsers.facts import Colour, FormFacts, FormKind, Look, ScanFacts, Seal, TextLayer
from parsers.form import FIELDS, Eyes, PageForm, read_form
from parsers.form_lines import Line, level, palest_print, rows_of, without_remains
from parsers.ocr import Reader, cut_out, reader
from parsers.page import (
    LONG_SIDE,
    Sheet,
    colour_of,
    even_light,
    find_sheet,
    fit,
    has_colour,
    take_out_pale,
    take_out_red,
    turn_back,
)
from parsers.pdf import PdfFile, PdfPage, inspect_pdf
from parsers.photo import look_at_photo, open_picture
from parsers.problem import Problem, Weight
from parsers.report import report_from_lines
from parsers.seal import SealSearch, find_seals, place_for_seal
from parsers.spool import Spool

Pixels = NDArray[Any]

MOST_READ = 5
"""Pages of a file that are read by OCR at most; the form is among the first or nowhere."""
MOST_SEEN = 30
"""Pages of a file that are searched for seals."""
_TEXT = 4000
_REPORT = 600
"""A PDF with this many letters of its own text that is no form is looked at as a report."""
_SEAL_SIDE = 1600


@dataclass(slots=True)
class _Desk:
    """What was gathered from the pages so far."""

    form: PageForm | None = None
    form_sheet: Sheet | None = None
    text: str = ""
    colours: tuple[Colour, ...] = ()
    seals: tuple[Seal, ...] = ()
    blind: bool = False
    """Whether some page could hide a seal: no colour, too dark, too coarse, or red ink that is no seal for sure."""


def look_at_pdf(data: bytes, spool: Spool, context: ReadContext) -> Look:
    """Look inside a PDF: pages, text, form, seals, signatures. Never raises; troubles are problems.

    Run inside a process that can be killed: hostile files beyond those refused here may take long.
    """
    structure = inspect_pdf(data)
    if not structure.readable:
        return Look("pdf", problems=structure.problems)
    try:
        with PdfFile(data, structure) as pdf:
            scan, text, problems = _read_pdf(pdf, spool, context)
    except Exception as error:  # noqa: BLE001 - pdfium's errors, memory, numpy on absurd sizes: all the sender's file
        return Look("pdf", problems=(*structure.problems, _damaged(error)))
    scan = replace(scan, signatures=structure.signatures)
    report = None
    if scan.form is None and scan.text_layer is TextLayer.REAL and len(text) >= _REPORT:
        report = report_from_lines(text.split("\n"), "pdf", context)
    return Look("pdf", scan=scan, report=report, text=text[:_TEXT], problems=(*structure.problems, *problems))


def look_at_picture(data: bytes, type: str, spool: Spool, context: ReadContext) -> Look:  # noqa: A002 - the facts' word
    """Look at a picture: its facts always, and the paper on it where it shows a page. Never raises."""
    look = look_at_photo(data, type)
    if look.picture is None or look.picture.looks_like not in ("page", "screenshot"):
        return look
    try:
        scan, text, problems = _read_pictures(data, spool, context)
    except Exception as error:  # noqa: BLE001 - a broken picture must not cost the mail
        return replace(look, problems=(*look.problems, _damaged(error)))
    return replace(look, scan=scan, text=text[:_TEXT], problems=(*look.problems, *problems))


def _read_pdf(pdf: PdfFile, spool: Spool, context: ReadContext) -> tuple[ScanFacts, str, tuple[Problem, ...]]:
    desk = _Desk()
    layers: list[TextLayer] = []
    pictured = True
    problems: list[Problem] = []
    for number in range(1, min(pdf.count, MOST_SEEN) + 1):
        to_read = number <= MOST_READ and not _complete(desk.form)
        page = pdf.page(number, long_side=LONG_SIDE if to_read else _SEAL_SIDE)
        layers.append(page.layer)
        pictured = pictured and page.pictured
        _look_at_page(desk, page, spool, context, read=to_read)
    if pdf.count > MOST_SEEN:
        note = f"文件共 {pdf.count} 页，只查看了前 {MOST_SEEN} 页。"
        problems.append(Problem("pdf-many-pages", note))
    scan = _facts(desk, pdf.count, _worth(layers), spool, scanned=pictured and pdf.count > 0)
    return scan, desk.text, tuple(problems)


def _read_pictures(data: bytes, spool: Spool, context: ReadContext) -> tuple[ScanFacts, str, tuple[Problem, ...]]:
    desk = _Desk()
    count = 0
    with open_picture(data) as picture:
        for frame in ImageSequence.Iterator(picture):
            count += 1
            if count > MOST_READ:
                break
            upright = ImageOps.exif_transpose(frame.copy())
            pixels = np.asarray(upright.convert("RGB"))
            page = PdfPage(count, fit(pixels, 3600), (), TextLayer.NONE, pictured=True, has_pictures=True)
            _look_at_page(desk, page, spool, context, read=not _complete(desk.form))
        total = int(getattr(picture, "n_frames", 1))
    return _facts(desk, total, TextLayer.NONE, spool, scanned=True), desk.text, ()


def _look_at_page(desk: _Desk, page: PdfPage, spool: Spool, context: ReadContext, *, read: bool) -> None:
    written = page.layer is TextLayer.REAL
    if not read and not page.pictured and not has_colour(page.pixels):
        # A drawn page without colour carries no red seal: a long document costs nothing more.
        desk.colours = (*desk.colours, Colour.COLOUR)
        desk.text += _own_text(page)
        return
    mind = reader() if context.ocr and (read or page.pictured) else None
    sheet = _sheet_of(page, mind)
    desk.colours = (*desk.colours, sheet.colour if page.has_pictures else Colour.COLOUR)
    found = find_seals(sheet, mind, spool, context.known_names)
    desk.seals = (*desk.seals, *found.seals)
    desk.blind = desk.blind or (page.has_pictures and _could_hide(sheet, found))
    desk.text += _own_text(page)
    if not read:
        return
    form = None
    if written or (page.lines and page.layer is TextLayer.NONE):
        form = read_form(list(page.lines), context.call, _eyes(sheet, None), spool, context.known_names)
    if mind is not None and not _answered(form) and (page.has_pictures or not written or _open(form)):
        bleached = take_out_pale(sheet.even) if sheet.colour is Colour.GREY else take_out_red(sheet.even)
        lines, limit = read_lines(bleached, mind)
        if not written:
            desk.text += "\n".join(rows_of(level(lines))) + "\n"
        seen = read_form(lines, context.call, Eyes(sheet, bleached, mind, limit), spool, context.known_names)
        form = _together(form, seen)
        if page.layer is TextLayer.SCANNER and form is not None:
            behind = read_form(list(page.lines), context.call, _eyes(sheet, None), spool, context.known_names)
            form = _compared(form, behind)
    if form is not None and (desk.form is None or form.labels > desk.form.labels):
        desk.form, desk.form_sheet = form, sheet


def _own_text(page: PdfPage) -> str:
    """Return the page's own words where a program wrote them; a scanner's guesses are left out."""
    return "" if page.layer is TextLayer.SCANNER else "".join(row + "\n" for row in rows_of(level(list(page.lines))))


def read_lines(bleached: Pixels, mind: Reader) -> tuple[list[Line], float]:
    """Find and read every line of a page from which the seal ink was taken.

    Also returns the tone beyond which a letter is no print of this page but what is left of a seal.
    """
    quads = mind.find_lines(bleached)
    crops = [cut_out(bleached, quad) for quad in quads]
    lines = [
        (Line(reading.text, quad, reading.letters, reading.spots), crop)
        for quad, crop, reading in zip(quads, crops, mind.read(crops), strict=True)
        if reading.text.strip() and reading.score >= 0.4
    ]
    limit = palest_print(lines)
    kept = [without_remains(line, crop, limit) for line, crop in lines]
    return [line for line in kept if line is not None], limit


def _sheet_of(page: PdfPage, mind: Reader | None) -> Sheet:
    pixels = page.pixels
    flat = find_sheet(pixels) if page.pictured else None
    photographed = flat is not None
    pixels = fit(flat if flat is not None else pixels)
    even = even_light(pixels)
    turned = 0
    if mind is not None and page.pictured:
        turned, sure = mind.upright_turn(fit(even, 1200))
        turned = turned if sure > 0.55 else 0
    colour = colour_of(pixels)
    return Sheet(page.number, turn_back(pixels, turned), turn_back(even, turned), colour, photographed, turned)


def _eyes(sheet: Sheet, mind: Reader | None) -> Eyes:
    return Eyes(sheet, sheet.even[..., 0], mind)


def _complete(form: PageForm | None) -> bool:
    return form is not None and form.labels >= len(FIELDS)


def _answered(form: PageForm | None) -> bool:
    """Whether the file's own text fills every field, so that no picture needs to be read."""
    return form is not None and all(getattr(form.facts, key).value for key in FIELDS)


def _open(form: PageForm | None) -> bool:
    """Whether a form of real text has a field that is neither filled nor blank for certain: drawn, not written."""
    if form is None:
        return False
    fields = [getattr(form.facts, key) for key in FIELDS]
    return any(not field.value and not field.certain for field in fields)


def _together(written: PageForm | None, seen: PageForm | None) -> PageForm | None:
    """Fill what the file's own text leaves open from the picture."""
    if written is None or seen is None:
        return seen or written
    filled = {key: getattr(seen.facts, key) for key in FIELDS if not getattr(written.facts, key).value}
    facts = replace(written.facts, **filled)
    if facts.kind is FormKind.UNKNOWN:
        facts = replace(facts, kind=seen.facts.kind, title=seen.facts.title)
    return PageForm(facts, max(written.labels, seen.labels), max(written.exact_labels, seen.exact_labels))


def _compared(form: PageForm, behind: PageForm | None) -> PageForm:
    """Compare the picture's words with a scanner's own OCR layer: where that differs, confidence falls."""
    if behind is None:
        return form
    changed: dict[str, Any] = {}
    for key in FIELDS:
        mine, theirs = getattr(form.facts, key), getattr(behind.facts, key)
        if theirs.value and mine.value != theirs.value:
            changed[key] = replace(mine, confidence=round(mine.confidence * 0.9, 3))
    return replace(form, facts=replace(form.facts, **changed))


def _worth(layers: list[TextLayer]) -> TextLayer:
    for worth in (TextLayer.REAL, TextLayer.SCANNER):
        if worth in layers:
            return worth
    return TextLayer.NONE


def _could_hide(sheet: Sheet, found: SealSearch) -> bool:
    """Whether a seal could stand on this page without being found."""
    return sheet.colour is not Colour.COLOUR or found.loose_red or max(sheet.pixels.shape[:2]) < 900


def _facts(desk: _Desk, pages: int, layer: TextLayer, spool: Spool, *, scanned: bool) -> ScanFacts:
    form: FormFacts | None = desk.form.facts if desk.form else None
    place = None
    if not desk.seals and desk.form_sheet is not None and form is not None:
        place = place_for_seal(desk.form_sheet, form, spool)
    return ScanFacts(
        pages=pages,
        text_layer=layer,
        scanned=scanned,
        colour=_colour(desk.colours),
        clean=bool(desk.colours) and not desk.blind and pages <= MOST_SEEN,
        form=form,
        seals=desk.seals,
        seal_place=place,
    )


def _colour(colours: tuple[Colour, ...]) -> Colour:
    """Return the colour of the file: the poorest page decides, because the seal may stand there."""
    for colour in (Colour.BILEVEL, Colour.GREY, Colour.COLOUR):
        if colour in colours:
            return colour
    return Colour.UNKNOWN


def _damaged(error: Exception) -> Problem:
    if "password" in str(error).lower():
        return Problem(
            "pdf-encrypted",
            "PDF 文件设有打开密码，无法读取。",
            cure="请取消 PDF 的打开密码后重新发送，或在邮件正文中告知密码。",
            weight=Weight.UNREADABLE,
        )
    return Problem(
        "pdf-damaged",
        "文件已损坏，无法打开。",
        cure="请确认文件能在电脑上正常打开，重新扫描后再次发送。",
        weight=Weight.UNREADABLE,
    )
