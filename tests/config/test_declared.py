"""What a call folder declares is used: each field of a call has a reader, or it is not there."""

from __future__ import annotations

import re
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from config.call import Call, Clause

ROOT = Path(__file__).parents[2]
LOADER = {"build.py", "consistency.py", "load.py"}
"""They read everything, to find its faults; a field that they alone read is not used."""

CALLED = {
    "Annex": "annex",
    "Call": "call|self",
    "Clause": "clause",
    "Contact": "contact|c",
    "Eligibility": "eligibility|admitted",
    "FormSpec": "form|spec",
    "Material": "material|m|self",
    "OpenQuestion": "one|question",
    "PartSpec": "part|spec",
    "PhotoSpec": "photos|wanted",
    "Policy": "policy",
    "QuotaPool": "pool",
    "QuotaRow": "row|unit|subtotal",
    "QuotaTable": "self",
    "ReplySettings": "replies",
    "ReportSpec": "report|spec",
    "Route": "route",
    "RuleSpec": "rule|spec",
    "Window": "window",
}
"""What code calls a value of each type; a new name for one is added here."""

PROOFS = {("Eligibility", "clause"), ("Route", "clause")}
"""Where a value comes from: held against the notice when the call is loaded, and needed by nobody after that."""


def declared(kind: type, found: dict[str, type]) -> dict[str, type]:
    """Walk from a type to every dataclass that its fields hold."""
    if is_dataclass(kind) and kind.__name__ not in found:
        found[kind.__name__] = kind
        hints = typing.get_type_hints(kind)
        for field in fields(kind):
            declared(hints[field.name], found)
    for inner in typing.get_args(kind):
        declared(inner, found)
    return found


KINDS = declared(Call, {})
FIELDS = [(name, field.name) for name, kind in KINDS.items() for field in fields(kind)]  # type: ignore[arg-type]


def sources() -> list[str]:
    files = [path for room in ("config", "parsers", "store", "flows") for path in (ROOT / room).rglob("*.py")]
    return [path.read_text("utf-8") for path in files if path.parent.name != "config" or path.name not in LOADER]


SOURCES = sources()


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_what_a_call_declares_is_read_by_somebody(kind: str, field: str) -> None:
    read = re.compile(rf"\b(?:{CALLED[kind]})\.{field}\b(?!\()")
    assert any(read.search(text) for text in SOURCES) != ((kind, field) in PROOFS)


def test_a_field_that_nobody_reads_is_found() -> None:
    read = re.compile(r"\b(?:call|self)\.colour_of_the_envelope\b")
    assert not any(read.search(text) for text in SOURCES)
    assert set(CALLED) == set(KINDS)
    assert Clause in KINDS.values()
