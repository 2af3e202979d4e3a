"""OpenDocument text (odt) as lines: ``content.xml`` walked by local names, after OpenDocument 1.3."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from lxml import etree

from parsers.facts.problem import Problem, Weight
from parsers.text.numerals import written
from parsers.word.ooxml import Package, PackageError, encrypted, tree
from parsers.word.paragraph import Cell, Line, Picture, Place, WordText
from parsers.word.xml_names import any_value, integer, local

PARAGRAPHS = 40_000
_FORMS = {
    "1": "decimal",
    "一, 二, 三, ...": "chineseCounting",
    "イ, ロ, ハ, ...": "decimal",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "I": "upperRoman",
    "i": "lowerRoman",
    "A": "upperLetter",
    "a": "lowerLetter",
}


@dataclass(slots=True)
class _Style:
    bold: bool | None = None
    size: float | None = None
    centred: bool | None = None
    hidden: bool | None = None
    parent: str = ""
    name: str = ""


@dataclass(slots=True)
class _Text:
    pieces: list[str] = field(default_factory=list)
    weights: list[tuple[int, bool, float | None]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: int = 0
    apart: list[tuple[etree._Element, Place]] = field(default_factory=list)


class _OdtReader:
    def __init__(self, styles: dict[str, _Style], lists: dict[str, dict[int, tuple[str, str, str]]]) -> None:
        self._styles = styles
        self._lists = lists
        self._table = -1
        self._counters: dict[tuple[str, int], int] = {}
        self.lines: list[Line] = []
        self.cut = False

    def blocks(self, element: etree._Element, place: Place, cell: Cell | None = None) -> None:
        for inner in element:
            self.block(inner, place, cell)

    def block(self, element: etree._Element, place: Place, cell: Cell | None, label: str = "") -> None:
        name = local(element)
        if name in {"p", "h"}:
            self._paragraph(element, place, cell, label)
        elif name == "list":
            self._list(element, place, cell, 1, "")
        elif name == "table":
            self._rows(element, place)
        elif name in {"section", "index-body", "index-title", "text"} or name.endswith(("-index", "table-of-content")):
            before = len(self.lines)
            self.blocks(element, place, cell)
            if name == "table-of-content":
                self.lines[before:] = [_as_contents(line) for line in self.lines[before:]]

    def _list(self, element: etree._Element, place: Place, cell: Cell | None, level: int, style: str) -> None:
        style = any_value(element, "style-name") or style
        if (
            any_value(element, "continue-numbering") != "true"
            and level == 1
            and not any_value(element, "continue-list")
        ):
            self._counters.pop((style, level), None)
        for item in element:
            if local(item) not in {"list-item", "list-header"}:
                continue
            label = self._label(style, level) if local(item) == "list-item" else ""
            for inner in item:
                if local(inner) == "list":
                    self._list(inner, place, cell, min(level + 1, 10), style)
                else:
                    self.block(inner, place, cell, label)
                    label = ""

    def _label(self, style: str, level: int) -> str:
        form, before, after = self._lists.get(style, {}).get(level, ("", "", ""))
        self._counters[style, level] = self._counters.get((style, level), 0) + 1
        for deeper in range(level + 1, 11):
            self._counters.pop((style, deeper), None)
        return before + written(self._counters[style, level], form) + after if form else ""

    def _rows(self, table: etree._Element, place: Place) -> None:
        self._table += 1
        own = self._table
        rows = [element for element in table.iter("{*}table-row") if _owner(element) is table]
        for row_number, row in enumerate(rows):
            for column, cell in enumerate(row.iterchildren("{*}table-cell")):
                inner = Place.TABLE if place is Place.BODY else place
                self.blocks(cell, inner, Cell(own, row_number, column))

    def _paragraph(self, element: etree._Element, place: Place, cell: Cell | None, label: str) -> None:
        if len(self.lines) >= PARAGRAPHS:
            self.cut = True
            return
        style = self._style(any_value(element, "style-name"))
        text = _Text()
        self._inline(element, text, style)
        total = sum(length for length, _, _ in text.weights) or 1
        lead = 0
        for length, bold, _ in text.weights:
            if not bold and length:
                break
            lead += length
        outline = integer(any_value(element, "outline-level"), 0) - 1 if local(element) == "h" else -1
        for inner, inner_place in text.apart:
            self.blocks(inner, inner_place)
        self.lines.append(
            Line(
                "".join(text.pieces),
                place,
                label,
                outline if 0 <= outline <= 8 else None,
                style.name,
                sum(length for length, bold, _ in text.weights if bold) / total,
                lead,
                max(text.weights, default=(0, False, None))[2],
                bool(style.centred),
                cell=cell,
                hidden="".join(text.hidden),
                pictures=(Picture(),) * min(text.pictures, 50),
            )
        )

    def _inline(self, element: etree._Element, text: _Text, style: _Style) -> None:
        self._say(element.text, text, style)
        for inner in element:
            self._inner(inner, text, style)
            self._say(inner.tail, text, style)

    def _inner(self, inner: etree._Element, text: _Text, style: _Style) -> None:
        name = local(inner)
        if name == "s":
            text.pieces.append(" " * min(integer(any_value(inner, "c"), 1), 500))
        elif name in {"tab", "line-break"}:
            text.pieces.append("\t" if name == "tab" else "\n")
        elif name == "note":
            text.apart += [(body, Place.NOTE) for body in inner.iterchildren("{*}note-body")]
        elif name == "text-box":
            text.apart.append((inner, Place.BOX))
        elif name == "image":
            text.pictures += 1
        elif name == "hidden-text":
            text.hidden.append(any_value(inner, "string-value") or "".join(map(str, inner.itertext())))
        elif name == "ruby":
            for base in inner.iterchildren("{*}ruby-base"):
                self._inline(base, text, style)
        elif name not in {"annotation", "tracked-changes", "title", "desc", "object", "event-listeners"}:
            own = any_value(inner, "style-name") if name in {"span", "a"} else ""
            self._inline(inner, text, self._over(style, own) if own else style)

    def _say(self, said: str | None, text: _Text, style: _Style) -> None:
        if not said:
            return
        if style.hidden:
            text.hidden.append(said)
            return
        text.pieces.append(said)
        text.weights.append((len(said.strip()), bool(style.bold), style.size))

    def _style(self, name: str) -> _Style:
        found = _Style()
        for _ in range(20):
            own = self._styles.get(name)
            if own is None:
                break
            found = _merged(found, own)
            name = own.parent
        return found

    def _over(self, style: _Style, name: str) -> _Style:
        return _merged(self._style(name), style)


def _merged(first: _Style, second: _Style) -> _Style:
    """Return the first style, filled up from the second."""
    return _Style(
        second.bold if first.bold is None else first.bold,
        second.size if first.size is None else first.size,
        second.centred if first.centred is None else first.centred,
        second.hidden if first.hidden is None else first.hidden,
        name=first.name or second.name,
    )


def _owner(row: etree._Element) -> etree._Element | None:
    return next((element for element in row.iterancestors() if local(element) == "table"), None)


def _as_contents(line: Line) -> Line:
    return Line(line.text, line.place, contents=True, size=line.size)


def _read_styles(root: etree._Element, styles: dict[str, _Style]) -> None:
    for element in root.iter("{*}style", "{*}default-style"):
        name = any_value(element, "name")
        style = _Style(parent=any_value(element, "parent-style-name"), name=any_value(element, "display-name") or name)
        for properties in element:
            for key, found in properties.attrib.items():
                match str(key).rpartition("}")[2]:
                    case "font-weight-asian" | "font-weight":
                        style.bold = bool(style.bold) or str(found) in {"bold", "600", "700", "800", "900"}
                    case "font-size-asian":
                        style.size = _points(str(found)) or style.size
                    case "font-size":
                        style.size = style.size or _points(str(found))
                    case "text-align":
                        style.centred = str(found) == "center"
                    case "display":
                        style.hidden = str(found) == "none"
        styles[name] = style


def _points(text: str) -> float | None:
    try:
        return float(text.removesuffix("pt")) if text.endswith("pt") and len(text) < 12 else None
    except ValueError:
        return None


def _read_lists(root: etree._Element) -> dict[str, dict[int, tuple[str, str, str]]]:
    lists: dict[str, dict[int, tuple[str, str, str]]] = {}
    for element in root.iter("{*}list-style"):
        levels = lists.setdefault(any_value(element, "name"), {})
        for level in element.iterchildren("{*}list-level-style-number"):
            form = any_value(level, "num-format")
            if form:
                before, after = any_value(level, "num-prefix")[:10], any_value(level, "num-suffix")[:10]
                levels[integer(any_value(level, "level"), 1)] = (_FORMS.get(form, "decimal"), before, after)
    return lists


def _is_encrypted(package: Package) -> bool:
    try:
        return b"encryption-data" in package.part("META-INF/manifest.xml")
    except PackageError:
        return False


def read_odt(data: bytes) -> WordText:
    """Read an OpenDocument text file."""
    try:
        package = Package(data)
        if _is_encrypted(package):
            return WordText("odt", problems=(encrypted(),), readable=False)
        root = tree(package.part("content.xml"), "content.xml")
    except PackageError as error:
        return WordText("odt", problems=(error.problem,), readable=False)
    styles: dict[str, _Style] = {}
    if package.has("styles.xml"):
        with contextlib.suppress(PackageError):
            _read_styles(tree(package.part("styles.xml"), "styles.xml"), styles)
    _read_styles(root, styles)
    reader = _OdtReader(styles, _read_lists(root))
    for body in root.iter("{*}text"):
        parent = body.getparent()
        if parent is not None and local(parent) == "body":
            reader.blocks(body, Place.BODY)
    tracked = sum(1 for _ in root.iter("{*}changed-region"))
    comments = sum(1 for _ in root.iter("{*}annotation"))
    problems: list[Problem] = []
    if reader.cut:
        problems.append(Problem("word-paragraphs", "段落过多，只读了前面一部分", "", "", Weight.SUSPECT))
    if any(name.startswith("basic/") and name.endswith(".xml") and "script-l" not in name for name in package.names):
        problems.append(Problem("word-macros", "文件含宏，宏未运行", "Basic/", "", Weight.SUSPECT))
    return WordText("odt", tuple(reader.lines), tuple(problems), tracked, comments, readable=not reader.cut)
