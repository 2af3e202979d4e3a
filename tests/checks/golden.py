"""What a golden case of a rule is: a dossier, the call it is judged under, and the whole findings expected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from config.call import Call
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import cases_2026


@dataclass(frozen=True)
class Case:
    dossier: Dossier
    findings: tuple[Finding, ...]
    call: Call = field(default_factory=cases_2026)


def seen(name: str, place: str = "", words: str = "", crop: str = "", path: str = "") -> Evidence:
    """Evidence in a file that ``dossiers.filed`` made."""
    return Evidence(name, path or name, hashlib.sha256(name.encode()).hexdigest(), place, words, crop)
