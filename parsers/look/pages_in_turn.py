"""Reads the pages of one paper in turn (逐页阅读) and gathers what they say: the form, the seals, the text.

Which pages are read, and how far, is decided here: a page without ink is turned over, a dense one is read at its
head first, and once the form is found the other pages are only looked at for seals and for a second form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from parsers.facts.context import ReadContext
from parsers.facts.looks import Colour, FormFacts, FormKind, ScanFacts, Seal, Source, TextLayer
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.form.certainty import comparable
from parsers.form.labels import find_labels
from parsers.form.read import ENOUGH_LABELS, FIELDS, Eyes, PageForm, read_form
from parsers.form.title import title_of
from parsers.page.lines import Line, level, palest_print, rows_of, without_remains
from parsers.page.ocr import Quad, Reader, cut_out, reader
from parsers.page.page import (
    PaperSheet,
    colour_of,
    even_light,
    find_sheet,
    fit,
    has_colour,
    take_out_pale,
    take_out_red,
    turn_back,
)
from parsers.pdf.pages import MOST_PAGES, PdfPage
from parsers.seal.find import SealSearch, find_seals, place_for_seal

Pixels = NDArray[Any]

MOST_READ = 5
"""Pages with writing that are read by OCR from top to bottom; on later ones only their head is read."""
_DENSE = 36
"""A page of more lines than this is no form unless its head says so."""
_HEAD = 8
"""Lines of a page's head: a letterhead or the number of an annex, and a title of up to three rows."""
_UPPER = 0.6
"""Share of a page in which its head is looked for; the line finder works on no smaller picture any faster."""
_INK = 0.0006
"""A page with a smaller share of dark or coloured points than this is blank: dust, a page number."""


@dataclass(slots=True)
class Paper:
    """A paper being read. ``add`` takes its pages in order; ``facts``, ``text`` and ``problems`` tell the outcome."""

    spool: Spool
    context: ReadContext
    text: str = ""
    form: PageForm | None = None
    form_sheet: PaperSheet | None = None
    colours: tuple[Colour, ...] = ()
    seals: tuple[Seal, ...] = ()
    blind: bool = False
    """Whether some page could hide a seal: no colour, too dark, too coarse, or red ink that is no seal for sure."""
    seen: int = 0
    read: int = 0
    others: tuple[PageForm, ...] = ()
    """Further forms in the same paper."""

    @property
    def complete(self) -> bool:
        """Whether a form with every label was found."""
        return self.form is not None and self.form.labels >= len(FIELDS)

    @property
    def looks_closely(self) -> bool:
        """Whether the next page may have to be read, and so is worth drawing finely."""
        return self.read < MOST_READ or not self.complete

    def add(self, page: PdfPage) -> bool:
        """Look at one more page; False where it is blank."""
        self.seen += 1
        self.text += _own_text(page)
        form = self._from_text(page)
        drawn = page.layer is TextLayer.REAL and not page.has_pictures
        if drawn and not has_colour(page.pixels) and _settled(form):
            # A drawn page without colour carries no red seal, and its own words have said all: it costs no more.
            self.colours = (*self.colours, Colour.COLOUR)
            self._keep(form, _sheet_of(page, None))
            return True
        mind = reader() if self.context.ocr else None
        sheet = _sheet_of(page, mind)
        if not page.lines and _is_blank(sheet):
            return False
        self.colours = (*self.colours, sheet.colour if page.has_pictures else Colour.COLOUR)
        found = find_seals(sheet, mind, self.spool, self.context.known_names)
        self.seals = (*self.seals, *found.seals)
        self.blind = self.blind or (page.has_pictures and _could_hide(sheet, found))
        if mind is not None and not _answered(form):
            form = self._from_picture(page, sheet, mind, form, sealed=bool(found.seals))
        self._keep(form, sheet)
        return True

    def facts(self, pages: int, layer: TextLayer, *, scanned: bool) -> ScanFacts:
        """Return what the pages showed; ``pages`` is how many the file has."""
        form: FormFacts | None = self.form.facts if self.form else None
        if form is not None and self._disagreeing():
            form = replace(form, **{key: replace(getattr(form, key), certain=False) for key in FIELDS})
        place = None
        if not self.seals and self.form_sheet is not None and form is not None:
            place = place_for_seal(self.form_sheet, form, self.spool)
        return ScanFacts(
            pages=pages,
            text_layer=layer,
            scanned=scanned,
            colour=_poorest(self.colours),
            clean=bool(self.colours) and not self.blind and pages <= MOST_PAGES,
            form=form,
            seals=self.seals,
            seal_place=place,
        )

    def problems(self, pages: int) -> list[Problem]:
        """Say what staff should know about the pages."""
        problems = []
        if pages > MOST_PAGES:
            note = f"文件共 {pages} 页，只查看了前 {MOST_PAGES} 页。"
            problems.append(Problem("pdf-many-pages", note))
        if self.seen and not self.colours and pages <= MOST_PAGES:
            message = f"文件{'各页' if pages > 1 else '页面'}均为空白，没有内容。"
            cure = "请检查扫描时纸面是否放反，重新扫描后再次发送。"
            problems.append(Problem("pages-blank", message, cure=cure, weight=Weight.UNREADABLE))
        if self.form is not None and self.others:
            places = "、".join(str(page) for page in sorted({_page_of(one) for one in (self.form, *self.others)}))
            differing = "，内容不同" if self._disagreeing() else "，内容相同"
            message = f"文件第 {places} 页各有一份推荐表{differing}，栏目按第 {_page_of(self.form)} 页读取。"
            weight = Weight.LOSSY if self._disagreeing() else Weight.NOTE
            problems.append(Problem("form-repeated", message, weight=weight))
        return problems

    def _from_text(self, page: PdfPage) -> PageForm | None:
        """Read the form from the page's own words, where a program wrote them or somebody filled fields."""
        if not page.lines or page.layer is TextLayer.SCANNER:
            return None
        if page.number > MOST_READ and not _heads_a_form(list(page.lines), self.context):
            return None
        sheet = _sheet_of(page, None)
        return read_form(list(page.lines), self.context.call, _eyes(sheet), self.spool, self.context.known_names)

    def _from_picture(
        self, page: PdfPage, sheet: PaperSheet, mind: Reader, form: PageForm | None, *, sealed: bool
    ) -> PageForm | None:
        real, late = page.layer is TextLayer.REAL, self.read >= MOST_READ
        crowded = not sealed and _is_crowded(sheet)
        if (real and not _open(form) and (not page.has_pictures or self.complete or late)) or (
            self.complete and (late or crowded)
        ):
            return form
        bleached = take_out_pale(sheet.even) if sheet.colour is Colour.GREY else take_out_red(sheet.even)
        hurried = self.complete or crowded or (late and not sealed)
        quads = _upper_lines(bleached, mind) if hurried else mind.find_lines(bleached)
        if not quads:
            return form
        self.read += 1
        if hurried or len(quads) > _DENSE:
            lines, _ = _read(bleached, _head_of(quads), mind)
            if not _heads_a_form(lines, self.context):
                self._say(page, lines)
                return form
        if hurried:
            quads = mind.find_lines(bleached)
        lines, limit = _read(bleached, quads, mind)
        self._say(page, lines)
        notes = [line for line in page.lines if line.source is Source.ACROFORM]
        if notes and form is None:
            lines = [line for line in lines if not any(_covers(note, line) for note in notes)] + notes
        eyes = Eyes(sheet, bleached, mind, limit)
        seen = read_form(lines, self.context.call, eyes, self.spool, self.context.known_names)
        form = _together(form, seen)
        if page.layer is TextLayer.SCANNER and form is not None:
            behind = read_form(list(page.lines), self.context.call, _eyes(sheet), self.spool, self.context.known_names)
            form = _compared(form, behind)
        return form

    def _say(self, page: PdfPage, lines: list[Line]) -> None:
        if page.layer is not TextLayer.REAL:
            self.text += "\n".join(rows_of(level(lines))) + "\n"

    def _keep(self, form: PageForm | None, sheet: PaperSheet | None) -> None:
        if form is None:
            return
        if self.form is None or form.labels > self.form.labels:
            self.form, form = form, self.form
            self.form_sheet = sheet
        if form is not None and form.labels >= ENOUGH_LABELS and form.facts.kind in (FormKind.CURRENT, FormKind.OLD):
            self.others = (*self.others, form)

    def _disagreeing(self) -> bool:
        """Whether a further form names another case or another applicant than the first; slips in reading do not."""
        if self.form is None:
            return False
        return any(
            _other_words(getattr(self.form.facts, key).value, getattr(other.facts, key).value)
            for other in self.others
            for key in ("case_title", "applicant")
        )


def _other_words(one: str, two: str) -> bool:
    return bool(one and two) and Levenshtein.normalized_similarity(comparable(one), comparable(two)) < 0.75


def _read(bleached: Pixels, quads: list[Quad], mind: Reader) -> tuple[list[Line], float]:
    """Read these lines of a page from which the seal ink was taken.

    Also returns the tone beyond which a letter is no print of this page but what is left of a seal.
    """
    crops = [cut_out(bleached, quad) for quad in quads]
    lines = [
        (Line(reading.text, quad, reading.letters, reading.spots), crop)
        for quad, crop, reading in zip(quads, crops, mind.read(crops), strict=True)
        if reading.text.strip() and reading.score >= 0.4
    ]
    limit = palest_print(lines)
    kept = [without_remains(line, crop, limit) for line, crop in lines]
    return [line for line in kept if line is not None], limit


def _upper_lines(bleached: Pixels, mind: Reader) -> list[Quad]:
    height = bleached.shape[0]
    upper = bleached[: int(_UPPER * height)]
    share = max(upper.shape[:2]) / max(bleached.shape[:2])
    return mind.find_lines(upper, long_side=round(1280 * share))


def _head_of(quads: list[Quad]) -> list[Quad]:
    """Return the lines that stand highest on the page."""
    return sorted(quads, key=lambda quad: float(quad[:, 1].min()))[:_HEAD]


def _heads_a_form(lines: list[Line], context: ReadContext) -> bool:
    """Whether these lines hold the title of our form, or two of its labels."""
    spec = context.call.form
    if spec is None:
        return False
    levels = level(lines)
    kind, _ = title_of(levels, spec, context.call.issued.year)
    return kind in (FormKind.CURRENT, FormKind.OLD) or len(find_labels(levels, spec.labels)) >= 2


def _own_text(page: PdfPage) -> str:
    """Return the page's own words where a program wrote them; a scanner's guesses are left out."""
    return "" if page.layer is TextLayer.SCANNER else "".join(row + "\n" for row in rows_of(level(list(page.lines))))


def _sheet_of(page: PdfPage, mind: Reader | None) -> PaperSheet:
    pixels = page.pixels
    flat = find_sheet(pixels) if page.pictured else None
    photographed = flat is not None
    pixels = fit(flat if flat is not None else pixels)
    even = even_light(pixels)
    turned = 0
    if mind is not None and (page.pictured or page.layer is TextLayer.NONE):
        turned, sure = mind.upright_turn(fit(even, 1200))
        turned = turned if sure > 0.55 else 0
    colour = colour_of(pixels)
    return PaperSheet(page.number, turn_back(pixels, turned), turn_back(even, turned), colour, photographed, turned)


def _eyes(sheet: PaperSheet) -> Eyes:
    return Eyes(sheet, sheet.even[..., 0], None)


def _is_blank(sheet: PaperSheet) -> bool:
    """Whether nothing stands on the page; its outermost stripe, where scanners leave shadows, does not count."""
    high, wide = sheet.height // 25, sheet.width // 25
    inner = sheet.even[high : sheet.height - high, wide : sheet.width - wide]
    darkest = inner.min(axis=2) if inner.size else inner
    return inner.size == 0 or float((darkest < 190).mean()) < _INK


def _is_crowded(sheet: PaperSheet) -> bool:
    """Whether row upon row of writing fills the page, as in a report; told without reading any."""
    small = fit(sheet.even, 800).min(axis=2)
    inked = (small[:, small.shape[1] // 10 : -(small.shape[1] // 10)] < 170).mean(axis=1) > 0.02
    return int((inked[1:] & ~inked[:-1]).sum()) > _DENSE


def _settled(form: PageForm | None) -> bool:
    """Whether a page of real text needs no eyes: it is no form, or a form that leaves nothing open."""
    return form is None or form.labels == 0 or _answered(form)


def _answered(form: PageForm | None) -> bool:
    """Whether the file's own text fills every field, so that no picture needs to be read."""
    return form is not None and all(getattr(form.facts, key).value for key in FIELDS)


def _open(form: PageForm | None) -> bool:
    """Whether a form of real text has a field that is neither filled nor blank for certain: drawn, not written."""
    if form is None:
        return False
    fields = [getattr(form.facts, key) for key in FIELDS]
    return any(not field.value and not field.certain for field in fields)


def _covers(note: Line, line: Line) -> bool:
    """Whether the middle of a line that was read lies in a note: then it is the note, as it is drawn."""
    x, y = line.quad.mean(axis=0)
    (left, top), (right, bottom) = note.quad.min(axis=0), note.quad.max(axis=0)
    return bool(left <= x <= right and top <= y <= bottom)


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


def _page_of(form: PageForm) -> int:
    pages: list[int] = [getattr(form.facts, key).page for key in FIELDS]
    return max(pages)


def _could_hide(sheet: PaperSheet, found: SealSearch) -> bool:
    """Whether a seal could stand on this page without being found."""
    return sheet.colour is not Colour.COLOUR or found.loose_red or max(sheet.pixels.shape[:2]) < 900


def _poorest(colours: tuple[Colour, ...]) -> Colour:
    """Return the colour of the file: the poorest page decides, because the seal may stand there."""
    for colour in (Colour.BILEVEL, Colour.GREY, Colour.COLOUR):
        if colour in colours:
            return colour
    return Colour.UNKNOWN
