"""Paragraph and character styles of a Word document (样式), resolved along what they are based on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parsers.word.xml_names import child, children, integer, switched, value

_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_CHAIN = 20
"""How far a style may lean on others; also ends circles."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with everything it inherits. None where neither it nor what it is based on says anything."""

    name: str = ""
    outline: int | None = None
    bold: bool | None = None
    size: float | None = None
    hidden: bool | None = None
    centred: bool | None = None
    number: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles of a document, by id."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default: Style = field(default_factory=Style)

    def of(self, style: str) -> Style:
        """Return the style of this id, the default paragraph style for an empty or unknown one."""
        return self.by_id.get(style, self.default)


def read_styles(root: etree._Element) -> Styles:
    """Read ``styles.xml`` (or the ``w:styles`` of a Word 2003 file)."""
    own: dict[str, Style] = {}
    based: dict[str, str] = {}
    default_id = ""
    for element in children(root, "style"):
        key = value(element, "styleId")
        own[key] = _own(element)
        if (parent := child(element, "basedOn")) is not None:
            based[key] = value(parent)
        if value(element, "type") == "paragraph" and value(element, "default") in {"1", "true", "on"}:
            default_id = key
    base = Style()
    if (defaults := child(root, "docDefaults")) is not None:
        base = _own(defaults, next(defaults.iter("{*}rPr"), None))
    resolved = {key: _resolved(key, own, based, base) for key in own}
    return Styles(resolved, resolved.get(default_id, base))


def _resolved(key: str, own: dict[str, Style], based: dict[str, str], base: Style) -> Style:
    chain: list[Style] = []
    current = key
    while current in own and len(chain) < _CHAIN:
        chain.append(own[current])
        current = based.get(current, "")
    chain.append(base)

    merged = Style(name=own[key].name)
    for style in chain:
        merged = Style(
            merged.name,
            style.outline if merged.outline is None else merged.outline,
            style.bold if merged.bold is None else merged.bold,
            style.size if merged.size is None else merged.size,
            style.hidden if merged.hidden is None else merged.hidden,
            style.centred if merged.centred is None else merged.centred,
            style.number if merged.number is None else merged.number,
        )
    return merged


def _own(element: etree._Element, run: etree._Element | None = None) -> Style:
    name = value(child(element, "name"))
    paragraph = child(element, "pPr")
    run = child(element, "rPr") if run is None else run
    bold, size, hidden = run_looks(run)
    return Style(
        name=name,
        outline=outline_level(paragraph, name),
        bold=bold,
        size=size,
        hidden=hidden,
        centred=centred(paragraph),
        number=number_of(paragraph),
    )


def run_looks(run: etree._Element | None) -> tuple[bool | None, float | None, bool | None]:
    """Return bold, size in points and hidden of a ``w:rPr``, None for what it leaves open."""
    if run is None:
        return None, None, None
    size = child(run, "sz")
    points = integer(value(size), 0) / 2 if size is not None else None
    return switched(child(run, "b")), points or None, switched(child(run, "vanish"))


def outline_level(paragraph: etree._Element | None, name: str = "") -> int | None:
    """Return the outline level from 0 of a ``w:pPr``, or of a style by its name; None for body text."""
    if paragraph is not None and (level := child(paragraph, "outlineLvl")) is not None:
        number = integer(value(level), 9)
        return number if 0 <= number <= 8 else None
    match = _HEADING_NAME.fullmatch(name.strip())
    return int(match[1]) - 1 if match else None


def centred(paragraph: etree._Element | None) -> bool | None:
    """Whether a ``w:pPr`` centres its paragraph; None where it leaves that open."""
    if paragraph is None or (alignment := child(paragraph, "jc")) is None:
        return None
    return value(alignment) == "center"


def number_of(paragraph: etree._Element | None) -> tuple[str, int] | None:
    """Return list and level of a ``w:pPr``; list ``0`` means that it takes itself out of its style's list."""
    if paragraph is None or (number := child(paragraph, "numPr")) is None:
        return None
    list_id, level = child(number, "numId"), child(number, "ilvl")
    if list_id is None:
        return None
    return value(list_id), integer(value(level), 0) if level is not None else 0
