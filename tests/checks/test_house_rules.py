"""The rules of the house for rules: each has its place in the list, its quote, its page and a case for each verdict."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from config.call import Call, Verdict
from config.quotes import fold
from flows.checks import pages, registry
from flows.checks.registry import BY_CODE, RULES
from flows.checks.rule import Rule
from flows.checks.run import run_rules
from tests.checks.dossiers import cases_2026, complete_dossier, key_sme_2025
from tests.checks.golden import Case

ROOT = Path(__file__).parents[2]
CHECKS = ROOT / "flows" / "checks"
RULE_FILE = re.compile(r"[a-z]\d\d_\w+\.py")
QUOTE = re.compile(r"^(?:通知|附件)[^：\n]*：“(.+?)”\s*$", re.MULTILINE | re.DOTALL)
MAKERS = {
    "passed": Verdict.PASS,
    "missing": Verdict.MISSING,
    "doubt": Verdict.DOUBT,
    "waiting": Verdict.DOUBT,
    "hint": Verdict.HINT,
    "staff_hint": Verdict.HINT,
    "not_applicable": Verdict.NOT_APPLICABLE,
}
LENT = {"judge": "fields", "unseen": "fields", "unjudged": "reading"}
"""Functions of other files that make findings for a rule, with their file."""
CODES = [rule.code for rule in RULES]


def module_of(rule: Rule) -> ModuleType:
    return importlib.import_module(f"flows.checks.{rule.code.lower()}_{rule.predicate}")


def cases_of(rule: Rule) -> dict[str, Case]:
    cases: dict[str, Case] = importlib.import_module(f"tests.checks.test_{rule.code.lower()}").CASES
    return cases


def function_sources(path: Path) -> dict[str, ast.AST]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def verdicts_in(node: ast.AST) -> set[Verdict]:
    """Verdicts that the code under a node can give: by a maker's name, by ``Verdict.X``, by a lent function."""
    found: set[Verdict] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in MAKERS:
            found.add(MAKERS[inner.id])
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "Verdict":
            found.add(Verdict[inner.attr])
        elif isinstance(inner, ast.Name) and inner.id in LENT:
            functions = function_sources(CHECKS / f"{LENT[inner.id]}.py")
            found |= verdicts_in(functions[inner.id])
            if inner.id == "judge":
                found |= verdicts_in(functions["blank"])
    return found


def test_every_rule_file_is_listed_once_under_its_own_name() -> None:
    files = sorted(path.name for path in CHECKS.iterdir() if RULE_FILE.fullmatch(path.name))

    assert files == sorted(f"{rule.code.lower()}_{rule.predicate}.py" for rule in RULES)
    assert len(files) >= 26
    assert len(BY_CODE) == len(RULES)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_declares_exactly_the_verdicts_that_its_code_can_give(code: str) -> None:
    rule = BY_CODE[code]
    functions = function_sources(Path(str(module_of(rule).__file__)))

    assert set(rule.verdicts) == set().union(*(verdicts_in(node) for node in functions.values()))


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_a_golden_case_for_each_of_its_verdicts(code: str) -> None:
    rule = BY_CODE[code]

    assert {f.verdict for case in cases_of(rule).values() for f in case.findings} == set(rule.verdicts)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_quotes_the_clause_that_the_call_rests_it_on(code: str) -> None:
    doc = module_of(BY_CODE[code]).__doc__ or ""
    quotes = [fold(quote) for quote in QUOTE.findall(doc)]

    assert doc.startswith(f"{code}: ")
    assert quotes[0] == fold(cases_2026().rules[code].clause.quote)
    notice = fold((cases_2026().folder / "notice.md").read_text("utf-8"))
    assert all(quote in notice for quote in quotes)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_answers_a_question_and_says_why(code: str) -> None:
    rule = BY_CODE[code]

    assert rule.question.endswith("？")
    assert rule.why.endswith("。")


def test_the_pages_in_docs_are_what_the_rules_say_today() -> None:
    expected = pages.pages(pages.packaged_calls())
    written = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "rules").iterdir()}

    assert written == expected


@pytest.mark.parametrize("call", [cases_2026(), key_sme_2025()], ids=lambda call: str(call.id))
def test_a_call_lists_only_rules_that_exist_and_decides_what_they_ask(call: Call) -> None:
    asked = {
        key
        for code in call.rules
        for key in re.findall(
            r'call\.policy\("(\w+)"\)', Path(str(module_of(BY_CODE[code]).__file__)).read_text("utf-8")
        )
    }

    assert set(call.rules) - set(BY_CODE) == set()
    assert asked - set(call.policies) == set()
    assert len(asked) >= 5


def test_nobody_opens_a_call_to_work_by_it_without_asking_which_rules_there_are() -> None:
    folder = Path(registry.__file__).parents[1]
    opening = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if "load_call" in path.read_text("utf-8")
    }

    assert opening == {"checks/registry.py"}


def test_every_rule_of_the_design_runs_on_the_main_call() -> None:
    design = [
        "S01",
        "S02",
        "F01",
        "F02",
        "F03",
        "F04",
        "F05",
        "F06",
        "F07",
        "R01",
        "R02",
        "R03",
        "R04",
        "R05",
        "R06",
        "R07",
        "P01",
        "P02",
        "P03",
        "A01",
        "Q01",
        "Q02",
        "N01",
    ]

    assert [code for code in cases_2026().rules if code in design] == design


@pytest.mark.parametrize("code", CODES)
def test_only_missing_and_hint_carry_words_for_the_applicant(code: str) -> None:
    for case in cases_of(BY_CODE[code]).values():
        for finding in case.findings:
            if finding.verdict is Verdict.MISSING:
                assert finding.defect
                assert finding.cure.endswith("。")
            elif finding.verdict is not Verdict.HINT:
                assert (finding.defect, finding.cure) == ("", "")
            assert bool(finding.defect) == bool(finding.cure)
            assert finding.message.endswith("。")


@pytest.mark.parametrize("call", [cases_2026(), key_sme_2025()], ids=lambda call: str(call.id))
def test_no_rule_fails_by_our_fault_on_any_golden_dossier_of_any_rule(call: Call) -> None:
    dossiers = [case.dossier for rule in RULES for case in cases_of(rule).values()]
    failed = [f for dossier in dossiers for f in run_rules(dossier, call) if "规则自身出错" in f.message]

    assert failed == []
    assert len(dossiers) > 150


def test_a_complete_submission_lacks_only_the_paper() -> None:
    findings = run_rules(complete_dossier(), cases_2026())

    assert {f.code: f.verdict for f in findings if f.verdict is not Verdict.PASS} == {"N01": Verdict.HINT}
    assert [f.code for f in findings] == list(cases_2026().rules)
