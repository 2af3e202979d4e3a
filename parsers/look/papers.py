"""Reads papers (扫描件): PDF files and pictures of pages, as a careful clerk looks at them.

Every page is laid flat, turned upright and freed of seal ink before it is read; fields come with the picture of
their place. A file's own text is used where a program wrote it, the picture where it did not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import ImageSequence

from parsers.facts.context import ReadContext
from parsers.facts.looks import Look, ScanFacts, TextLayer
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.look.pages_in_turn import Paper
from parsers.page.page import LONG_SIDE, fit
from parsers.pdf.pages import MOST_PAGES, PdfFile, PdfPage, inspect_pdf
from parsers.photo.photo import as_seen, look_at_photo, open_picture, pages_in
from parsers.report.report import report_from_lines

_TEXT = 4000
_REPORT = 600
"""A PDF with this many letters of its own text that is no form is looked at as a report."""
_SEAL_SIDE = 1600
_PICTURE_SIDE = 3600


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
    if structure.cover:
        problems = [problem for problem in problems if problem.code != "pages-blank"]
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


def _read_pdf(pdf: PdfFile, spool: Spool, context: ReadContext) -> tuple[ScanFacts, str, list[Problem]]:
    paper = Paper(spool, context)
    layers: list[TextLayer] = []
    pictured: list[bool] = []
    for number in range(1, min(pdf.count, MOST_PAGES) + 1):
        page = pdf.page(number, long_side=LONG_SIDE if paper.looks_closely else _SEAL_SIDE)
        layers.append(page.layer)
        if paper.add(page):
            pictured.append(page.pictured)
    scan = paper.facts(pdf.count, _worth(layers), scanned=bool(pictured) and all(pictured))
    return scan, paper.text, paper.problems(pdf.count)


def _read_pictures(data: bytes, spool: Spool, context: ReadContext) -> tuple[ScanFacts, str, list[Problem]]:
    paper = Paper(spool, context)
    with open_picture(data) as picture:
        count = pages_in(picture)
        for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
            pixels = np.asarray(as_seen(frame))
            paper.add(PdfPage(number, fit(pixels, _PICTURE_SIDE), (), TextLayer.NONE, pictured=True, has_pictures=True))
            if number >= min(count, MOST_PAGES):
                break
    return paper.facts(count, TextLayer.NONE, scanned=True), paper.text, paper.problems(count)


def _worth(layers: list[TextLayer]) -> TextLayer:
    for worth in (TextLayer.REAL, TextLayer.SCANNER):
        if worth in layers:
            return worth
    return TextLayer.NONE


def _damaged(error: Exception) -> Problem:
    if "password" in str(error).lower():
        return Problem(
            "pdf-encrypted",
            "PDF 文件设有打开密码，无法读取。",
            cure="请取消 PDF 的打开密码后重新发送，或直接回信告知密码。",
            weight=Weight.UNREADABLE,
        )
    return Problem(
        "pdf-damaged",
        "文件已损坏，无法打开。",
        cure="请确认文件能在电脑上正常打开，重新扫描后再次发送。",
        weight=Weight.UNREADABLE,
    )
