"""XML by local names (本地名), so that transitional, strict and Word 2003 files read alike."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def local(element: etree._Element) -> str:
    """Return the element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def value(element: etree._Element | None, name: str = "val") -> str:
    """Return the attribute of that local name in the element's own namespace or in none; empty where missing."""
    if element is None:
        return ""
    tag = element.tag
    found = element.get(tag[: tag.rfind("}") + 1] + name)
    if found is None:
        found = element.get(name)
    return str(found) if found is not None else ""


def any_value(element: etree._Element, name: str) -> str:
    """Return the attribute of that local name in whichever namespace; empty where missing."""
    for key, found in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(found)
    return ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of that local name."""
    return element.find("{*}" + name)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """All children of that local name."""
    return element.iterchildren("{*}" + name)


def integer(text: str, default: int) -> int:
    """Return a decimal number from an attribute, within what any document could mean; the default where it is none."""
    try:
        number = int(text[:20])
    except ValueError:
        return default
    return max(-1_000_000_000, min(number, 1_000_000_000))


def switched(element: etree._Element | None) -> bool | None:
    """Return a toggle (``w:b``, ``w:vanish``): None where absent, else whether it is on."""
    if element is None:
        return None
    return value(element) not in {"0", "false", "off", "none"}
