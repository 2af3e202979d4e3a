"""Prints text to a PDF with a real text layer (打印成 PDF), as Word's own export does."""

from __future__ import annotations

import io

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FACE = "STSong-Light"


def report_lines(docx_bytes: bytes) -> tuple[str, ...]:
    """Return the paragraphs of a Word file that this demo made itself."""
    document = docx.Document(io.BytesIO(docx_bytes))
    return tuple(paragraph.text for paragraph in document.paragraphs)


def print_pdf(title: str, lines: tuple[str, ...], *, per_line: int = 38) -> bytes:
    """Return a PDF of these paragraphs; deterministic (no dates inside)."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FACE))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    width, height = A4
    y = height - 80.0
    canvas.setFont(_FACE, 12)
    for line in lines:
        for start in range(0, max(1, len(line)), per_line):
            if y < 70:
                canvas.showPage()
                canvas.setFont(_FACE, 12)
                y = height - 80.0
            canvas.drawString((width - per_line * 12) / 2, y, line[start : start + per_line])
            y -= 21
    canvas.save()
    return out.getvalue()
