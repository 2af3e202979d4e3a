"""The form (推荐表) where it came as text: labels and values in lines and table cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from config.call import FormSpec
from parsers.facts.context import ReadContext
from parsers.facts.looks import FormFacts, FormField, FormKind, Source
from parsers.word.paragraph import Line, as_lines

_FIELDS = ("case_title", "applicant", "recommender", "submitted_on")
_BLANKS = re.compile(r"[\s_＿‗\u3000]+")
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")
_EMPTY_DATE = re.compile(r"[年月日/\-.\s_＿]*")
_LINES = 400


def form_from_lines(lines: Iterable[Line | str], context: ReadContext) -> FormFacts | None:
    """Return the form's fields where the text is a form of this call's kind; None where it is none.

    A form has its title, or at least three of its labels, and little running text.
    """
    spec = context.call.form
    if spec is None:
        return None
    known = [line for line in as_lines(lines)[:_LINES] if line.text.strip()]
    pieces = [(line, part) for line in known for part in line.text.split("\n") if part.strip()]
    title = _title([text for _, text in pieces], spec)
    fields = {key: _field(key, pieces, spec) for key in _FIELDS}
    labelled = sum(field is not None for field in fields.values())
    running = sum(len(text) for _, text in pieces if len(text) > 60)
    if labelled < 2 or (not title and labelled < 3) or running > 1500:
        return None
    kind = _kind(title, spec)
    found = {key: field or FormField(source=Source.TEXT) for key, field in fields.items()}
    return FormFacts(kind, title, found["case_title"], found["applicant"], found["recommender"], found["submitted_on"])


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)


def _title(texts: Sequence[str], spec: FormSpec) -> str:
    """Return the printed title, also where it is broken over two lines."""
    squeezed = [_squeezed(text) for text in texts[:12]]
    joined = [*squeezed, *(a + b for a, b in pairwise(squeezed))]
    wanted = [_squeezed(name) for name in (spec.title, *spec.title_aliases, *spec.old_titles) if name]
    for name in sorted(wanted, key=len, reverse=True):
        for text in joined:
            if name in text and len(text) <= len(name) + 20:
                return text
    return next((text for text in squeezed if re.search(r"(?:推荐表|申报表|申请表)$", text) and len(text) < 40), "")


def _kind(title: str, spec: FormSpec) -> FormKind:
    if not title:
        return FormKind.UNKNOWN
    if any(_squeezed(old) in title for old in spec.old_titles if old):
        return FormKind.OLD
    if any(_squeezed(name) in title for name in (spec.title, *spec.title_aliases) if name):
        return FormKind.CURRENT
    return FormKind.OTHER


def _field(key: str, pieces: Sequence[tuple[Line, str]], spec: FormSpec) -> FormField | None:
    """Return the value that stands after the label, in the same line or in the next cell of the row."""
    labels = sorted((_squeezed(label) for label in spec.labels.get(key, ())), key=len, reverse=True)
    for place, (line, text) in enumerate(pieces):
        squeezed = _squeezed(text).lstrip("*＊·•●□")
        label = next((name for name in labels if squeezed.startswith(name)), None)
        if label is None:
            continue
        rest = re.sub(r"^[（(][^（）()]{0,12}[）)]", "", squeezed[len(label) :])
        if rest and rest[0] not in "：:" and line.cell is None:
            continue
        value = rest.lstrip("：:")
        if not value and line.cell is not None:
            value = _next_cell(line, pieces[place + 1 :])
        elif value and line.cell is None:
            value = _as_written(text, value)
        return _filled(key, value)
    return None


def _as_written(text: str, squeezed: str) -> str:
    """Return the value with the blanks the author put inside it, without the ruled line around it."""
    after = re.split(r"[：:]", text, maxsplit=1)[-1]
    written = re.sub(r"[_＿‗]+", "", after).strip()
    return written if _squeezed(written) == squeezed else squeezed


def _next_cell(line: Line, following: Sequence[tuple[Line, str]]) -> str:
    assert line.cell is not None
    values = [
        text.strip()
        for other, text in following
        if other.cell is not None
        and (other.cell.table, other.cell.row) == (line.cell.table, line.cell.row)
        and other.cell.column == line.cell.column + 1
    ]
    return "".join(values)


def _filled(key: str, value: str) -> FormField:
    value = value.strip("_＿ \u3000")
    if key == "submitted_on":
        if match := _DATE.search(value):
            year, month, day = (int(part) for part in match.groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                value = f"{year:04d}-{month:02d}-{day:02d}"
        elif _EMPTY_DATE.fullmatch(value):
            value = ""
    return FormField(value, 1.0, certain=True, source=Source.TEXT)
