"""Tells PDF bombs (PDF 炸弹) by their structure, before anything is drawn.

A page may call a form, a tiling pattern, a soft mask or a drawn letter (Type 3) that calls others in turn: a circle
of calls, or ten calls each of ten calls each, makes every renderer hang. Counting the calls needs no drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

MOST_DRAWINGS = 50_000
"""A page whose calls come to more drawings than this is a bomb; real pages come to a few thousand."""
DEEPEST = 12
_MOST_BYTES_SEARCHED = 2_000_000
_MOST_NOTES = 2_000
_NAME = rb"/([^\s/<>\[\](){}%]+)\s+"
_CALL = re.compile(_NAME + rb"(?:(Do|scn|SCN|gs)\b|[-+.\d]+\s+(Tf)\b)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def draws_without_end(page: DictionaryObject) -> bool:
    """Whether drawing the page, with its notes, would call more drawings than any real page does."""
    resources = dictionary(page.get("/Resources"))
    known: dict[int, int] = {}
    total = 0
    try:
        for stream in (*_contents(page), *_appearances(page)):
            total += _drawings(stream, resources, known, (), 0)
            if total > MOST_DRAWINGS:
                return True
    except LimitReachedError:
        # A page whose own drawing orders unpack to more than pypdf's limit (75 MB) is no paper of anybody.
        return True
    return False


def dictionary(value: Any) -> DictionaryObject:
    """Return what a value or a reference to it holds, where that is a dictionary; else an empty one."""
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _contents(page: DictionaryObject) -> Iterator[StreamObject]:
    content = page.get("/Contents")
    streams = content.get_object() if content is not None else None
    for part in list(streams) if isinstance(streams, ArrayObject) else [streams]:
        stream = part.get_object() if part is not None else None
        if isinstance(stream, StreamObject):
            yield stream


def _appearances(page: DictionaryObject) -> Iterator[StreamObject]:
    notes = page.get("/Annots")
    found = notes.get_object() if notes is not None else None
    for note in list(found)[:_MOST_NOTES] if isinstance(found, ArrayObject) else []:
        normal = dictionary(dictionary(note).get("/AP")).get("/N")
        look = normal.get_object() if normal is not None else None
        looks = [look] if isinstance(look, StreamObject) else [one.get_object() for one in dictionary(look).values()]
        yield from (one for one in looks if isinstance(one, StreamObject))


def _drawings(
    stream: StreamObject, resources: DictionaryObject, known: dict[int, int], path: tuple[int, ...], depth: int
) -> int:
    """Return how many drawings this stream comes to, itself included; more than the most for a circle."""
    key = id(stream)
    if key in path or depth > DEEPEST:
        return MOST_DRAWINGS + 1
    if key in known:
        return known[key]
    own = dictionary(stream.get("/Resources")) or resources
    total = 1
    called: dict[tuple[bytes, bytes], int] = {}
    for name, call, font in _CALL.findall(stream.get_data()[:_MOST_BYTES_SEARCHED]):
        asked = (name, call or font)
        if asked not in called:
            parts = _called(_plain(name), asked[1], own)
            weights = [_drawings(part, place, known, (*path, key), depth + 1) for part, place in parts]
            # Each letter of a font is drawn as often as it is printed: only letters that call others weigh.
            called[asked] = max(weights, default=1) - 1 if font else sum(weights)
        total += called[asked]
        if total > MOST_DRAWINGS:
            break
    known[key] = total
    return total


def _called(name: str, call: bytes, own: DictionaryObject) -> list[tuple[StreamObject, DictionaryObject]]:
    """Return the streams that a call draws, each with the resources it falls back to."""
    if call == b"Do":
        form = _object(dictionary(own.get("/XObject")).get(name))
        return [(form, own)] if isinstance(form, StreamObject) and form.get("/Subtype") == "/Form" else []
    if call in (b"scn", b"SCN"):
        pattern = _object(dictionary(own.get("/Pattern")).get(name))
        return [(pattern, own)] if isinstance(pattern, StreamObject) else []
    if call == b"gs":
        group = _object(dictionary(dictionary(dictionary(own.get("/ExtGState")).get(name)).get("/SMask")).get("/G"))
        return [(group, own)] if isinstance(group, StreamObject) else []
    font = dictionary(dictionary(own.get("/Font")).get(name))
    if font.get("/Subtype") != "/Type3":
        return []
    place = dictionary(font.get("/Resources")) or own
    letters = [_object(letter) for letter in dictionary(font.get("/CharProcs")).values()]
    return [(letter, place) for letter in letters if isinstance(letter, StreamObject)]


def _object(value: Any) -> Any:
    return value.get_object() if value is not None else None


def _plain(name: bytes) -> str:
    """Undo the escapes of a name (``/F#41`` is ``/FA``), as readers do."""
    return "/" + _HEX.sub(lambda match: bytes([int(match[1], 16)]), name).decode("latin-1")
