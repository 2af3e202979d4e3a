"""What docstrings name is there: every dotted name can be imported, every page can be opened."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"``((?:config|parsers|store|flows)(?:\.[A-Za-z_]\w*)+)(?:\(\))?``")
_PAGE = re.compile(r"\b((?:docs|notes)/[\w./-]+\.md)\b")


def words() -> list[tuple[str, str]]:
    """Every string that stands by itself in a file of ours: docstrings of modules, functions, fields."""
    found = []
    for package in ("config", "parsers", "store", "flows"):
        for path in (ROOT / package).rglob("*.py"):
            found += [
                (str(path.relative_to(ROOT)), str(node.value.value))
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            ]
    assert len(found) > 1000, "the walk looked at too little to prove anything"
    return found


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    steps = name.split(".")
    for length in range(len(steps), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(steps[:length]))
        except ModuleNotFoundError:
            continue
        for step in steps[length:]:
            fields = getattr(thing, "__dataclass_fields__", {}) | getattr(thing, "model_fields", {})
            if not hasattr(thing, step) and step not in fields:
                return False
            thing = getattr(thing, step, None)
        return True
    return False


def test_every_dotted_name_in_a_docstring_can_be_imported() -> None:
    named = [(path, name) for path, text in words() for name in _NAME.findall(text)]
    assert len(named) > 50, "the search saw too few names to prove anything"
    assert [(path, name) for path, name in named if not exists(name)] == []


def test_every_page_that_a_docstring_cites_is_there() -> None:
    cited = [(path, page) for path, text in words() for page in _PAGE.findall(text)]
    assert [(path, page) for path, page in cited if not (ROOT / page).is_file()] == []


def test_a_name_that_is_not_there_is_seen() -> None:
    assert exists("store.filing.receipt_order.StoreDays.after")
    assert not exists("store.out_of_turn")
    assert not exists("store.filing.receipt_order.filed_early")
