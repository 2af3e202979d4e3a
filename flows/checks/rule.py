"""What a rule is (规则): a code, a question, and a pure function from a dossier to findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.call import Call, Verdict
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

Check = Callable[[Dossier, Call], tuple[Finding, ...]]
"""Looks at one dossier under one call. Never raises, sends, stores, or looks at a clock."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, in one file that carries its code and predicate in its name (``f01_form_present.py``).

    ``question`` is the question that the file answers, in Chinese, as staff read it.
    """

    code: str
    predicate: str
    question: str
    check: Check
    of: Role | None = None
    """The paper it looks at: the call must ask for one of this role. None where it looks at the whole submission."""
    verdicts: tuple[Verdict, ...] = ()
    """Every verdict that it can give before the call's cap; a test holds this against the code and the golden cases."""
    why: str = ""
    """Why these verdicts and no harder ones, in Chinese, for the rule's page."""
