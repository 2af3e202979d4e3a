"""Every word on the page of a Word file: a walk through the XML itself, by local names.

python-docx's paragraph loop gave 78 % of the characters of 334 real Chinese reports and refused 10 % of real
packages; this walk gives 99.9 % and refuses only what is no document. What is visible is read once: text boxes
(not again in their fallback), content controls, nested tables, insertions but not deletions, the shown result of a
field but not its code, notes apart, automatic numbers apart.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from parsers.word.docx_styles import Style, Styles, centred, number_of, outline_level, run_looks
from parsers.word.numbering import Numbering
from parsers.word.ooxml import Relation
from parsers.word.paragraph import Cell, Line, Picture, Place
from parsers.word.symbols import shown_symbol
from parsers.word.xml_names import any_value, child, children, integer, local, switched, value

PARAGRAPHS = 40_000
"""Real documents have at most 15,944."""

_INLINE = frozenset(
    ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "bdo", "dir", "sdtContent", "rubyBase", "annotation")
)
_DROPPED = frozenset(("del", "moveFrom"))
_BLOCKS = frozenset(
    ("sdtContent", "customXml", "ins", "moveTo", "sect", "sub-section", "pBdrGroup", "smartTag", "cfChunk")
)
_EMU_PER_INCH = 914_400


@dataclass(slots=True)
class _Field:
    """A field under way: whether its code is being read, and the code."""

    in_code: bool = True
    code: str = ""


@dataclass(slots=True)
class _Paragraph:
    """What is gathered of one paragraph while its runs are read."""

    pieces: list[str] = field(default_factory=list)
    weights: list[tuple[int, bool, float | None]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    pictures: list[etree._Element] = field(default_factory=list)
    page_break: bool = False
    joined: bool = False
    """Its end mark is deleted: the next paragraph follows on."""


@dataclass(slots=True)
class Findings:
    """What the walk met besides text (其他发现)."""

    tracked: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind (``footnote``, ``endnote``) and id, in the order of their marks."""
    alternatives: int = 0
    """Parts in another format put in whole (``w:altChunk``), and sub-documents."""
    programs: list[str] = field(default_factory=list)
    """Programs of embedded objects, such as ``Word.Document.12``."""
    codes: list[str] = field(default_factory=list)
    """Field codes that name something outside."""
    too_many: bool = False
    headers: list[str] = field(default_factory=list)
    """Relation ids of the headers and footers in use."""
    broken: bool = False


class DocxWalk:
    """Reads the stories of one document; the counters of automatic numbers run on from call to call."""

    def __init__(
        self, styles: Styles, numbering: Numbering, relations: dict[str, Relation], pictures: dict[str, Picture]
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._relations = relations
        self._pictures = pictures
        self._fields: list[_Field] = []
        self._contents = 0
        self._table = -1
        self._pending: _Paragraph | None = None
        self.lines: list[Line] = []
        self.found = Findings()

    def read_body(self, content: bytes) -> None:
        """Read a main part (``w:body``), child by child, so that memory stays with the largest child."""
        names = ("p", "tbl", "sdt", "altChunk", "sectPr", "AlternateContent", *_BLOCKS)
        events = etree.iterparse(
            io.BytesIO(content),
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                parent = element.getparent()
                if parent is None or local(parent) != "body":
                    continue
                self.block(element, Place.BODY)
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
                if self.found.too_many:
                    break
        except (etree.XMLSyntaxError, ValueError):
            self.found.broken = True
        self.found.broken = self.found.broken or any(
            entry.level >= etree.ErrorLevels.ERROR and "namespace" not in entry.type_name.lower()
            for entry in events.error_log
        )

    def read_story(self, root: etree._Element, place: Place) -> None:
        """Read the blocks of a note, a header or another story apart."""
        self._fields = []
        for element in root:
            self.block(element, place)

    def block(self, element: etree._Element, place: Place, cell: Cell | None = None) -> None:
        """Read one block: a paragraph, a table, or something that holds blocks."""
        if self.found.too_many:
            return
        name = local(element)
        if name == "p":
            self._paragraph(element, place, cell)
        elif name == "tbl":
            self._table_rows(element, place)
        elif name == "sdt":
            gallery = any("Table of Contents" in any_value(found, "val") for found in element.iter("{*}docPartGallery"))
            self._contents += gallery
            for content in children(element, "sdtContent"):
                self._blocks(content, place, cell)
            self._contents -= gallery
        elif name in _BLOCKS:
            self._blocks(element, place, cell)
        elif name == "AlternateContent":
            self._blocks(_chosen(element), place, cell)
        elif name in {"altChunk", "subDoc"}:
            self.found.alternatives += 1
        elif name == "sectPr":
            self._section(element)

    def _blocks(self, element: etree._Element | None, place: Place, cell: Cell | None) -> None:
        if element is not None:
            for inner in element:
                self.block(inner, place, cell)

    def _section(self, element: etree._Element) -> None:
        for reference in element:
            if local(reference) in {"headerReference", "footerReference"}:
                self.found.headers.append(any_value(reference, "id"))

    def _table_rows(self, table: etree._Element, place: Place) -> None:
        self._table += 1
        own = self._table
        place = Place.TABLE if place is Place.BODY else place
        for row_number, row in enumerate(_through(table, "tr")):
            properties = child(row, "trPr")
            if properties is not None and child(properties, "del") is not None:
                self.found.tracked += 1
                continue
            for column, cell in enumerate(_through(row, "tc")):
                self._blocks(cell, place, Cell(own, row_number, column))

    def _paragraph(self, element: etree._Element, place: Place, cell: Cell | None) -> None:
        properties = child(element, "pPr")
        style = self._styles.of(value(child(properties, "pStyle")) if properties is not None else "")
        gathered = self._pending or _Paragraph()
        self._pending = None
        in_contents = self._contents > 0 or self._field_is("TOC")
        self._inline(element, gathered, style)
        in_contents = in_contents or self._field_is("TOC")
        if properties is not None:
            self._marks(properties, gathered)
        if gathered.joined:
            gathered.joined = False
            self._pending = gathered
            return
        self._keep(gathered, element, style, place, cell, contents=in_contents)

    def _keep(
        self,
        gathered: _Paragraph,
        element: etree._Element,
        style: Style,
        place: Place,
        cell: Cell | None,
        *,
        contents: bool,
    ) -> None:
        properties = child(element, "pPr")
        if len(self.lines) >= PARAGRAPHS:
            self.found.too_many = True
            return
        text = "".join(gathered.pieces)
        bold, lead, size = _weights(gathered.weights)
        outline = outline_level(properties) if _says_level(properties) else style.outline
        middle = centred(properties)
        self.lines.append(
            Line(
                text=text,
                place=place,
                label=self._label(properties, style),
                outline=outline,
                style=style.name,
                bold=bold,
                lead_bold=lead,
                size=size,
                centred=bool(style.centred if middle is None else middle),
                contents=contents or style.name.lower().startswith(("toc ", "目录")),
                page_break=gathered.page_break,
                cell=cell,
                hidden="".join(gathered.hidden),
                pictures=tuple(map(self._picture, gathered.pictures)),
            )
        )
        for box in gathered.boxes:
            inner = Place.BOX if place in {Place.BODY, Place.TABLE} else place
            fields, self._fields = self._fields, []
            if local(box) == "textpath":
                self.lines.append(Line(any_value(box, "string"), inner, centred=True))
            else:
                self._blocks(box, inner, None)
            self._fields = fields

    def _marks(self, properties: etree._Element, gathered: _Paragraph) -> None:
        """Look at what the paragraph's own properties say: its end mark deleted, a new section, a new page."""
        if (run := child(properties, "rPr")) is not None and child(run, "del") is not None:
            gathered.joined = True
            self.found.tracked += 1
        if (section := child(properties, "sectPr")) is not None:
            self._section(section)
        if switched(child(properties, "pageBreakBefore")):
            gathered.page_break = True

    def _label(self, properties: etree._Element | None, style: Style) -> str:
        number = number_of(properties) or style.number
        if style.number is not None and number == style.number and properties is not None:
            style_id = value(child(properties, "pStyle"))
            number = self._numbering.styles.get(style_id, number) if style.number[1] == 0 else number
        if number is None or number[0] == "0":
            return ""
        return self._numbering.next_label(*number)

    def _field_is(self, name: str) -> bool:
        return any(under_way.code.strip().upper().startswith(name) for under_way in self._fields)

    def _inline(self, element: etree._Element, gathered: _Paragraph, style: Style) -> None:
        for inner in element:
            name = local(inner)
            if name == "r":
                self._run(inner, gathered, style)
            elif name in _INLINE:
                self.found.tracked += name in {"ins", "moveTo"}
                self._inline(inner, gathered, style)
            elif name in _DROPPED:
                self.found.tracked += 1
            else:
                self._inline_other(name, inner, gathered, style)

    def _inline_other(self, name: str, inner: etree._Element, gathered: _Paragraph, style: Style) -> None:
        """Read the rarer things in a line of text."""
        if name == "sdt":
            for content in children(inner, "sdtContent"):
                self._inline(content, gathered, style)
        elif name == "fldSimple":
            self._simple_field(inner, gathered, style)
        elif name == "AlternateContent":
            if (chosen := _chosen(inner)) is not None:
                self._inline(chosen, gathered, style)
        elif name in {"oMath", "oMathPara"}:
            _say(gathered, "".join(found.text or "" for found in inner.iter("{*}t")))
        elif name in {"subDoc", "altChunk"}:
            self.found.alternatives += 1

    def _simple_field(self, element: etree._Element, gathered: _Paragraph, style: Style) -> None:
        code = value(element, "instr")
        self._note_code(code)
        self._fields.append(_Field(in_code=False, code=code))
        self._inline(element, gathered, style)
        self._fields.pop()

    def _run(self, run: etree._Element, gathered: _Paragraph, style: Style) -> None:
        properties = child(run, "rPr")
        bold, size, hidden = run_looks(properties)
        if properties is not None and (named := child(properties, "rStyle")) is not None:
            character = self._styles.of(value(named))
            bold = character.bold if bold is None else bold
            size = character.size if size is None else size
            hidden = character.hidden if hidden is None else hidden
        bold = style.bold if bold is None else bold
        size = style.size if size is None else size
        hidden = style.hidden if hidden is None else hidden
        pieces: list[str] = []
        for inner in run:
            self._run_child(inner, pieces, gathered, style)
        text = "".join(pieces)
        if hidden:
            gathered.hidden.append(text)
        elif text:
            gathered.pieces.append(text)
            gathered.weights.append((len(text.strip()), bool(bold), size))

    def _run_child(self, inner: etree._Element, pieces: list[str], gathered: _Paragraph, style: Style) -> None:
        name = local(inner)
        if name == "fldChar":
            self._field_mark(inner)
        elif name == "instrText":
            if self._fields and len(self._fields[-1].code) < 500:
                self._fields[-1].code += inner.text or ""
        elif any(under_way.in_code for under_way in self._fields):
            return
        elif name == "t":
            pieces.append(inner.text or "")
        elif name in _PLAIN:
            pieces.append(_PLAIN[name])
            if name == "br" and value(inner, "type") == "page" and not "".join(gathered.pieces + pieces).strip():
                gathered.page_break = True
        elif name == "sym":
            pieces.append(shown_symbol(value(inner, "font"), value(inner, "char")))
        else:
            self._run_rest(name, inner, gathered, style)

    def _run_rest(self, name: str, inner: etree._Element, gathered: _Paragraph, style: Style) -> None:
        """Read what stands in a run besides text: marks of notes, ruby, drawings."""
        if name in {"footnoteReference", "endnoteReference"}:
            self.found.notes.append((name.removesuffix("Reference"), value(inner, "id")))
        elif name == "ruby":
            for base in children(inner, "rubyBase"):
                self._inline(base, gathered, style)
        elif name in {"drawing", "pict", "object", "AlternateContent"}:
            self._drawing(inner, gathered)

    def _field_mark(self, element: etree._Element) -> None:
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
            self._note_code(self._fields[-1].code)
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if ended.in_code:
                self._note_code(ended.code)

    def _note_code(self, code: str) -> None:
        words = code.strip().upper().split(maxsplit=1)
        if words and words[0] in {"INCLUDEPICTURE", "INCLUDETEXT", "DDE", "DDEAUTO", "LINK", "IMPORT", "RD"}:
            self.found.codes.append(code.strip()[:120])

    def _drawing(self, element: etree._Element, gathered: _Paragraph) -> None:
        name = local(element)
        if name == "AlternateContent":
            if (chosen := _chosen(element)) is not None:
                self._drawing(chosen, gathered)
            return
        if name in {"txbxContent", "textpath"}:
            gathered.boxes.append(element)
            return
        if name in {"blip", "imagedata", "chart", "relIds"}:
            gathered.pictures.append(element)
            return
        if name == "OLEObject":
            self.found.programs.append(any_value(element, "ProgID") or "OLE")
        for inner in element:
            self._drawing(inner, gathered)

    def _picture(self, element: etree._Element) -> Picture:
        name = local(element)
        inches, description = _shown_size(element)
        if name in {"chart", "relIds"}:
            return Picture("chart" if name == "chart" else "diagram", inches=inches, description=description)
        key = any_value(element, "embed") or any_value(element, "id") or any_value(element, "src")
        relation = self._relations.get(key)
        known = self._pictures.get(relation.target) if relation is not None and not relation.external else None
        return Picture("picture", known.pixels if known else None, inches, description)


_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _say(gathered: _Paragraph, text: str) -> None:
    gathered.pieces.append(text)
    gathered.weights.append((len(text.strip()), False, None))


def _through(element: etree._Element, name: str) -> list[etree._Element]:
    """Rows of a table or cells of a row, also where content controls or custom XML stand around them."""
    found: list[etree._Element] = []
    for inner in element:
        own = local(inner)
        if own == name:
            found.append(inner)
        elif own in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
            found += _through(inner, name)
        elif own == "AlternateContent" and (chosen := _chosen(inner)) is not None:
            found += _through(chosen, name)
    return found


def _chosen(element: etree._Element) -> etree._Element | None:
    """Return the one alternative that is shown: the first choice, the fallback where there is none."""
    choice = child(element, "Choice")
    return choice if choice is not None else child(element, "Fallback")


def _says_level(properties: etree._Element | None) -> bool:
    return properties is not None and child(properties, "outlineLvl") is not None


def _weights(weights: list[tuple[int, bool, float | None]]) -> tuple[float, int, float | None]:
    """Return the share of bold characters, the bold characters at the start, and the size of most."""
    total = sum(length for length, _, _ in weights)
    if not total:
        return 0.0, 0, None
    lead = 0
    for length, bold, _ in weights:
        if not bold and length:
            break
        lead += length
    sizes: Counter[float | None] = Counter()
    for length, _, size in weights:
        sizes[size] += length
    return sum(length for length, bold, _ in weights if bold) / total, lead, sizes.most_common(1)[0][0]


def _shown_size(element: etree._Element) -> tuple[float | None, str]:
    """Width in inches and description of the drawing that holds this picture."""
    for holder in element.iterancestors():
        name = local(holder)
        if name in {"inline", "anchor"}:
            extent, described = child(holder, "extent"), child(holder, "docPr")
            width = integer(extent.get("cx", "0"), 0) / _EMU_PER_INCH if extent is not None else 0
            text = described.get("descr", "") if described is not None else ""
            return width or None, text[:200]
        if name in {"r", "p"}:
            break
    return None, ""
