"""Made case reports (案例报告) for the demo, the tests and the bench: lifelike, of known length, the same for a seed.

The sentences are combined from small parts, so that two reports share no passage unless a test wants them to.
"""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from PIL import Image, ImageDraw

from flows.demo.prose import paragraphs
from parsers.text.count import count_words

PART_SHARES = (300, 800, 6000, 1000)
"""The lengths that 附件2 prints for the four parts."""

NOTICE_HEADINGS = ("引言", "企业概况", "特色实践", "经验启示")
"""The four parts as 附件2 names them."""


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What a made report says (报告用词).

    ``headings`` are the main headings in order: four for the notice's parts, or three where the author leaves out
    the first and writes by the notice's body. ``lengths`` are the 字数 under each; empty shares the total in the
    notice's proportion. ``practices`` are the sub-headings of the third part. ``manner`` says how headings are
    written: ``style`` (Heading 1), ``typed`` (一、 in bold), ``bold`` (no number) or ``plain`` (一、 as any line).
    ``additions`` are whole paragraphs put into the second part, for things that ought not to be published.
    """

    title: str = "以匠心深耕细分领域：专精特新发展之路"
    company: str = "浙江远衡精密机械有限公司"
    product: str = "精密轴承"
    headings: tuple[str, ...] = NOTICE_HEADINGS
    lengths: tuple[int, ...] = ()
    practices: tuple[str, ...] = ("坚持专业化，十年磨一剑", "坚持精细化，向管理要效益", "坚持创新，攻关键技术")
    manner: str = "typed"
    figures: int = 2
    captions: bool = True
    sources: bool = True
    additions: tuple[str, ...] = ()


def make_report(words: ReportWords | None = None, *, total: int = 8300, seed: int = 0) -> bytes:
    """Return a .docx report whose 字数, as Word shows it, is exactly ``total``; the same bytes for the same seed.

    ``total`` counts title, headings and captions too, and is ignored where ``words.lengths`` are given.
    """
    words = words or ReportWords()
    rng = random.Random(seed)  # noqa: S311 - made papers, nothing secret
    document = docx.Document()
    _set_page(document)
    _add_title(document, words)
    for index, (heading, length) in enumerate(zip(words.headings, _lengths(words, total), strict=True)):
        _add_heading(document, words, index, heading)
        _add_part(document, words, index, length, rng)
    out = io.BytesIO()
    document.core_properties.author = ""
    document.core_properties.title = ""
    document.save(out)
    return _dateless(out.getvalue())


def chart(width: int = 1200, height: int = 800, seed: int = 0) -> bytes:
    """Return a small PNG that looks like a bar chart, for reports."""
    rng = random.Random(seed)  # noqa: S311 - made papers, nothing secret
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    pen.line([(80, 40), (80, height - 80), (width - 40, height - 80)], fill="black", width=4)
    step = (width - 160) // 6
    for bar in range(6):
        top = height - 80 - int((0.2 + 0.12 * bar + 0.1 * rng.random()) * (height - 160))
        left = 120 + bar * step
        pen.rectangle([left, top, left + step // 2, height - 80], fill=(40, 90, 160 + rng.randrange(60)))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _lengths(words: ReportWords, total: int) -> tuple[int, ...]:
    """Share the total over the parts, after what title, headings, sub-headings and captions take."""
    if words.lengths:
        return words.lengths
    outside = count_words(words.title) + count_words("——" + words.company)
    outside += sum(count_words(_numbered(words, index, text)) for index, text in enumerate(words.headings))
    left = total - outside
    shares = PART_SHARES[-len(words.headings) :]
    lengths = [left * share // sum(shares) for share in shares]
    lengths[-2] += left - sum(lengths)
    return tuple(lengths)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    normal = document.styles["Normal"]
    normal.font.name = "Times New Roman"
    normal.font.size = Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")


def _add_title(document: Document, words: ReportWords) -> None:
    for text, size in ((words.title, 22), ("——" + words.company, 16)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.bold = size == 22
        run.font.size = Pt(size)


def _numbered(words: ReportWords, index: int, text: str) -> str:
    return text if words.manner in {"style", "bold"} else f"{'一二三四五六'[index]}、{text}"


def _add_heading(document: Document, words: ReportWords, index: int, text: str) -> None:
    text = _numbered(words, index, text)
    if words.manner == "style":
        document.add_heading(text, level=1)
        return
    run = document.add_paragraph().add_run(text)
    if words.manner != "plain":
        run.bold = True
        run.font.size = Pt(16)


def _add_part(document: Document, words: ReportWords, index: int, length: int, rng: random.Random) -> None:
    """Add paragraphs, sub-headings, figures and additions that come to exactly ``length`` 字."""
    parts = ("intro", "overview", "practice", "insight")[-len(words.headings) :]
    part = parts[index]
    additions = words.additions if part == "overview" else ()
    sub_headings = [f"（{'一二三四五六'[n]}）{text}" for n, text in enumerate(words.practices)]
    if part != "practice" or length < 200 * len(sub_headings):
        sub_headings = []
    captions = _captions(words) if part == "practice" else []
    length -= sum(count_words(text) for text in (*additions, *sub_headings))
    length -= sum(count_words(line) for caption in captions for line in caption)
    blocks = max(1, len(sub_headings))
    for block in range(blocks):
        if sub_headings:
            document.add_paragraph().add_run(sub_headings[block]).bold = True
        share = length // blocks if block < blocks - 1 else length - (blocks - 1) * (length // blocks)
        for text in paragraphs(rng, share, part, words.company, words.product):
            _indent(document.add_paragraph(text))
        for number, caption in enumerate(captions):
            if number % blocks == block:
                _add_figure(document, caption, number)
    for text in additions:
        _indent(document.add_paragraph(text))


def _captions(words: ReportWords) -> list[tuple[str, ...]]:
    captions: list[tuple[str, ...]] = []
    for number in range(1, words.figures + 1):
        caption = f"图{number} 公司{words.product}产量增长情况"
        lines = [caption] if words.captions else []
        if words.sources:
            lines.append("资料来源：企业提供")
        captions.append(tuple(lines))
    return captions


def _add_figure(document: Document, caption: tuple[str, ...], number: int) -> None:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run().add_picture(io.BytesIO(chart(seed=number)), width=Cm(12))
    for text in caption:
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _indent(line: Paragraph) -> None:
    line.paragraph_format.first_line_indent = Pt(28)


def _dateless(data: bytes) -> bytes:
    """Write the package again without the time of writing, so that a seed always gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, (2026, 3, 16, 0, 0, 0)), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()
