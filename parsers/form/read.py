"""Reads the form (推荐表): which form it is, and what stands in its four fields, with evidence for each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from config.call import Call, FormSpec
from parsers.facts.looks import Box, Colour, FormFacts, FormField, FormKind, Source
from parsers.facts.spool import Spool
from parsers.form.certainty import Judgement, comparable, judge, read_again, unread_ink
from parsers.form.dashes import put_dashes_back
from parsers.form.handwriting import is_by_hand, straightness
from parsers.form.labels import Label, find_labels
from parsers.form.likeliest_day import likeliest_day, way_of
from parsers.form.title import title_of
from parsers.form.values import Value, collect
from parsers.page.lines import Line, level, mail_rows, page_lean
from parsers.page.ocr import Quad, Reader, cut_out
from parsers.page.page import PaperSheet, png_of, take_out_red
from parsers.text.credit_code import find_credit_codes

Pixels = NDArray[Any]

FIELDS = ("case_title", "applicant", "recommender", "submitted_on")
ENOUGH_LABELS = 3
"""A page with this many of the labels is the form, whatever its title says."""
_CONTACT = re.compile(r"(?:联\s*系\s*人|联系电话|手机)[^\d]{0,24}[\d\-]{7,13}")


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form as one page shows it. ``labels`` is how many of the four labels were found there."""

    facts: FormFacts
    labels: int
    exact_labels: int


@dataclass(frozen=True, slots=True)
class Eyes:
    """What reading a field again needs: the page, the page without seal ink, and the reader."""

    sheet: PaperSheet
    bleached: Pixels
    reader: Reader | None
    limit: float = 255.0
    """Letters paler than this are what is left of a seal (``form_lines.palest_print``)."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all fields of one page share. ``good``: enough labels were read letter for letter."""

    eyes: Eyes
    labels: dict[str, Label]
    lean: float
    good: bool
    call: Call
    printed: float
    """Straightness of the labels (``form_hand``)."""
    written: float
    """Straightness of all values but the date."""


def read_form(lines: list[Line], call: Call, eyes: Eyes, spool: Spool, known: tuple[str, ...]) -> PageForm | None:
    """Read the form from one page's lines; None where neither its title nor enough of its labels stand there."""
    spec = call.form
    if spec is None:
        return None
    levels = level(lines)
    kind, title = title_of(levels, spec, call.issued.year)
    labels = find_labels(levels, spec.labels)
    if kind in (FormKind.UNKNOWN, FormKind.OTHER) and len(labels) < ENOUGH_LABELS:
        return PageForm(FormFacts(kind, title), 0, 0) if kind is FormKind.OTHER else None
    values = collect(levels, labels, _stops(spec))
    lean = page_lean(lines)
    good = sum(label.exact for label in labels.values()) >= min(ENOUGH_LABELS, len(spec.labels))
    scene = _Scene(
        eyes,
        labels,
        lean,
        good,
        call,
        printed=straightness([_label_crop(label, lean, eyes.bleached) for label in labels.values()]),
        written=straightness(_crops_of((value for value in values.values() if value.key != "submitted_on"), eyes)),
    )
    fields = {key: _field(value, scene, spool, known) for key, value in values.items()}
    text = "\n".join(line.text for line in lines)
    facts = FormFacts(
        kind=kind,
        title=title,
        **{key: fields[key] for key in FIELDS if key in fields},
        credit_code=next(iter(find_credit_codes(text)), ""),
        contact=_contact(text),
        mail_rows=mail_rows(levels),
        mail_source=Source.OCR if any(line.source is Source.OCR for line in lines) else Source.TEXT,
    )
    return PageForm(facts, len(labels), sum(label.exact for label in labels.values()))


def correct_name(field: FormField, known: tuple[str, ...]) -> FormField:
    """Correct an unsure name to the one known name that is plainly meant; ``raw`` keeps what stood there."""
    if field.certain or len(field.value) < 4:
        return field
    scored = sorted(((_likeness(field.value, name), name) for name in set(known)), reverse=True)
    if not scored or scored[0][0] < 0.8 or scored[0][1] == field.value:
        return field
    runner_up = scored[1][0] if len(scored) > 1 else 0.0
    if scored[0][0] - runner_up < 0.15:
        return field
    return replace(field, value=scored[0][1], raw=field.value, confidence=round(scored[0][0] * 0.9, 3))


def _likeness(text: str, name: str) -> float:
    return Levenshtein.normalized_similarity(comparable(text), comparable(name))


def _stops(spec: FormSpec) -> tuple[str, ...]:
    return (spec.title, *spec.title_aliases, *spec.stop_texts)


def _field(value: Value, scene: _Scene, spool: Spool, known: tuple[str, ...]) -> FormField:
    eyes = scene.eyes
    ocr = any(piece.source is Source.OCR for piece in value.pieces)
    again = []
    unread = False
    if eyes.reader is not None or not value.pieces:
        unread = _ink_left(value, scene)
    if eyes.reader is not None:
        value.pieces = put_dashes_back(value.pieces, eyes.bleached) if value.key == "case_title" else value.pieces
        again = read_again(eyes.bleached, value.pieces, eyes.reader, eyes.limit) if ocr else []
    by_hand = ocr and eyes.reader is not None and _by_hand(value, scene)
    decided = judge(value, again, unread=unread, known=known, page_good=scene.good, by_hand=by_hand)
    field = _as_field(value, decided, scene.lean, eyes.sheet, spool)
    if value.key == "submitted_on":
        return _guess_day(field, value, scene) if ocr else field
    return correct_name(field, known) if value.key in ("applicant", "recommender") else field


def _guess_day(field: FormField, value: Value, scene: _Scene) -> FormField:
    """Put the likeliest day where the date was not read for certain; ``raw`` keeps what was read.

    A day read for certain stays so only where the page agrees before its seal was taken out: a stroke that goes with
    the seal makes 二 of 三.
    """
    reader, call = scene.eyes.reader, scene.call
    if not value.pieces or reader is None:
        return field
    issued, closes = call.issued, call.window.closes.date()
    if field.certain:
        inked = [_pale_red(scene.eyes.sheet, band) for band in _date_bands(value, scene.lean)[:1]]
        second = likeliest_day(inked, reader, issued, closes, ways=way_of(value.text))
        return field if second and second.isoformat() == field.value else replace(field, certain=False)
    bands = [cut_out(scene.eyes.bleached, corners) for corners in _date_bands(value, scene.lean)]
    day = likeliest_day(bands, reader, issued, closes)
    if day is None or day.isoformat() == field.value:
        return field
    return replace(field, value=day.isoformat(), raw=field.value, confidence=min(field.confidence, 0.5))


def _date_bands(value: Value, lean: float) -> list[Quad]:
    """Return corners around the whole date without its label, three times with different margins."""
    left, right = min(piece.left for piece in value.pieces), max(piece.right for piece in value.pieces)
    middle = float(np.median([piece.middle for piece in value.pieces]))
    height = float(np.median([piece.height for piece in value.pieces]))
    left, right = left - 0.2 * value.label.height, right + 0.2 * value.label.height
    bands = []
    for reach in (0.62, 0.5, 0.56):
        top, bottom = middle - reach * height, middle + reach * height
        bands.append(_unlevel(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]), lean))
    return bands


def _pale_red(sheet: PaperSheet, corners: Quad) -> Pixels:
    """Return the place in grey with red ink paler but still there."""
    part = cut_out(sheet.even, corners)
    return take_out_red(part, wholly=False) if sheet.colour is Colour.COLOUR else part[..., 0]


def _by_hand(value: Value, scene: _Scene) -> bool:
    if scene.printed == 0.0:
        return False
    own = straightness(_crops_of([value], scene.eyes)) / scene.printed
    return is_by_hand(own or 1.0, scene.written / scene.printed or 1.0, figures=value.key == "submitted_on")


def _crops_of(values: Iterable[Value], eyes: Eyes) -> list[Pixels]:
    """Return the pictures of the values' longer pieces: a sign or two say nothing of the hand that wrote them."""
    return [cut_out(eyes.bleached, piece.quad) for value in values for piece in value.pieces if len(piece.letters) >= 3]


def _label_crop(label: Label, lean: float, bleached: Pixels) -> Pixels:
    top, bottom = label.middle - 0.5 * label.height, label.middle + 0.5 * label.height
    place = np.array([[label.left, top], [label.end, top], [label.end, bottom], [label.left, bottom]])
    return cut_out(bleached, _unlevel(place, lean))


def _as_field(value: Value, decided: Judgement, lean: float, sheet: PaperSheet, spool: Spool) -> FormField:
    corners = _around(value, lean)
    box = sheet.share(*_bounds(corners))
    sources = {piece.source for piece in value.pieces}
    source = Source.OCR if not sources or Source.OCR in sources else min(sources)
    return FormField(
        value=decided.value,
        confidence=decided.confidence,
        certain=decided.certain,
        page=sheet.number,
        box=box,
        crop=spool.put(png_of(_cut(sheet.pixels, box))),
        source=source,
    )


def _around(value: Value, lean: float) -> Quad:
    """Return corners (page pixels) around the label and its pieces; for a blank field, around its whole row."""
    label = value.label
    height = label.height
    left, right = label.left, max([label.end, *(piece.right for piece in value.pieces)])
    if not value.pieces:
        right = label.end + 14 * height
    top = min([label.middle, *(piece.middle for piece in value.pieces)]) - 0.8 * height
    bottom = max([label.middle, *(piece.middle for piece in value.pieces)]) + 0.8 * height
    return _unlevel(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]), lean)


def _unlevel(points: NDArray[Any], lean: float) -> Quad:
    turn = math.radians(lean)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.asarray(points @ matrix.T, dtype=np.float32)


def _bounds(quad: Quad) -> tuple[float, float, float, float]:
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _cut(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, right = int(box.left * width), max(int(box.right * width), int(box.left * width) + 8)
    top, bottom = int(box.top * height), max(int(box.bottom * height), int(box.top * height) + 8)
    part = pixels[top:bottom, left:right]
    return part if part.size else pixels[:8, :8]


def _ink_left(value: Value, scene: _Scene) -> bool:
    """Whether ink stands on the field's row, or below a field without value, that no piece accounts for.

    Where nothing was read, every ink counts, pencil and red pen too: a field is called blank only where the page
    itself is, seal included.
    """
    label, lean = value.label, scene.lean
    height = label.height
    blank = not value.pieces
    picture = scene.eyes.sheet.even.min(axis=2) if blank else scene.eyes.bleached
    right = _row_end(label, scene.labels, lean, picture)
    start = label.end + 0.5 * height
    if right - start < height:
        return False
    row = np.array([[start, -0.55], [right, -0.55], [right, 0.55], [start, 0.55]])
    row[:, 1] = row[:, 1] * height + label.middle
    read = [
        (piece.left - start - 0.35 * height, piece.right - start + 0.35 * height)
        for piece in value.pieces
        if abs(piece.middle - label.middle) < 0.9 * height
    ]
    if unread_ink(cut_out(picture, _unlevel(row, lean)), read, height, below=185 if blank else 140):
        return True
    return blank and _ink_below(label, scene, picture, right)


def _row_end(label: Label, labels: dict[str, Label], lean: float, picture: Pixels) -> float:
    """Return where the field's row ends: at the next label on it, or short of the page's right edge."""
    beside = [
        other.left
        for other in labels.values()
        if other is not label and abs(other.middle - label.middle) < 0.8 * label.height and other.left > label.end
    ]
    page_right: float = picture.shape[1] * 0.955 * math.cos(math.radians(lean))
    return min([page_right, *(left - label.height for left in beside)])


def _ink_below(label: Label, scene: _Scene, picture: Pixels, right: float) -> bool:
    below = [other.middle for other in scene.labels.values() if other.middle > label.middle + label.height]
    stop = min([label.middle + 3.2 * label.height, *(middle - 0.75 * label.height for middle in below)])
    top = label.middle + 0.75 * label.height
    if stop - top < 0.6 * label.height:
        return False
    area = np.array([[label.left, top], [right, top], [right, stop], [label.left, stop]])
    return unread_ink(cut_out(picture, _unlevel(area, scene.lean)), [], label.height, below=185)


def _contact(text: str) -> str:
    match = _CONTACT.search(text)
    return match.group().replace("\n", " ") if match else ""
