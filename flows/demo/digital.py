"""Makes forms that never were paper (电子表格): text PDFs, filled PDF forms, scans with a scanner's own text behind."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from flows.demo import scanner
from flows.demo.exactly import exactly
from flows.demo.form_words import FormWords
from flows.demo.papers import MadePage
from flows.demo.sheet import LABELS

_FONT = "STSong-Light"
_PAGE = (595.28, 841.89)
_LEFT, _VALUE, _TOP, _STEP = 96.0, 230.0, 500.0, 46.0


def make_text_form(fields: FormWords) -> bytes:
    """Return the form as a word processor exports it: real text, no picture, no seal."""
    return _drawn([_FormPage(fields, values=True)])


def make_filled_form(fields: FormWords) -> bytes:
    """Return the form as a PDF form (AcroForm) whose fields were filled in and saved, not drawn as text."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_drawn([_FormPage(fields, values=False)]))))
    values = (fields.case_title, fields.applicant, fields.recommender, fields.submitted_on)
    widgets = ArrayObject()
    for index, (label, value) in enumerate(zip(LABELS, values, strict=True)):
        bottom = _TOP - index * _STEP - 5
        sides = (_VALUE, bottom, 520.0, bottom + 20)
        widget = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject(f"field{index + 1}"),
                NameObject("/TU"): TextStringObject(label),
                NameObject("/V"): TextStringObject(value),
                NameObject("/Rect"): ArrayObject([FloatObject(side) for side in sides]),
            }
        )
        widgets.append(writer._add_object(widget))  # noqa: SLF001 - pypdf's own way to add an object
    writer.pages[0][NameObject("/Annots")] = widgets
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject(widgets), NameObject("/NeedAppearances"): BooleanObject(value=True)}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@exactly
def make_scan_with_text(page: MadePage, behind: FormWords) -> bytes:
    """Return a scanned page with the words that a scanner's own OCR put behind it, invisible and perhaps wrong."""
    out = io.BytesIO()
    canvas = _canvas(out)
    canvas.drawImage(ImageReader(io.BytesIO(scanner.jpeg(page.pixels, page.quality))), 0, 0, *_PAGE)
    _FormPage(behind, values=True, invisible=True).draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


class _FormPage:
    """One page of the form to be drawn as text."""

    def __init__(self, fields: FormWords, *, values: bool, invisible: bool = False) -> None:
        self.fields = fields
        self.values = values
        self.mode = 3 if invisible else 0

    def draw(self, canvas: Canvas) -> None:
        words = self.fields
        written = (words.case_title, words.applicant, words.recommender, words.submitted_on)
        break_at = max(words.title.find("申报推荐表"), 0)
        self._line(canvas, 130, 700, words.title[:break_at], 20)
        self._line(canvas, 240, 665, words.title[break_at:], 20)
        for index, (label, value) in enumerate(zip(LABELS, written, strict=True)):
            self._line(canvas, _LEFT, _TOP - index * _STEP, label + "：", 14)
            if self.values and value:
                self._line(canvas, _VALUE, _TOP - index * _STEP, value, 14)
        self._line(canvas, 150, 120, words.footer, 14)

    def _line(self, canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
        pen = canvas.beginText(x, y)
        pen.setFont(_FONT, size)
        pen.setTextRenderMode(self.mode)
        pen.textOut(text)
        canvas.drawText(pen)


def _drawn(pages: list[_FormPage]) -> bytes:
    out = io.BytesIO()
    canvas = _canvas(out)
    for page in pages:
        page.draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(out: io.BytesIO) -> Canvas:
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    # Invariant: no date and no random number goes into the file.
    return Canvas(out, pagesize=_PAGE, invariant=1)
