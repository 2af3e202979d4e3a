"""Invariant 7: nothing is deleted, and what may be made anew stands in a list that says why nothing is lost by it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SQL = re.compile(r"\b(?:DELETE FROM|TRUNCATE|DROP TABLE)\b")


def deleting(package: str, source: dict[str, str] | None = None) -> set[str]:
    """Return the functions that delete rows, as ``module.function``, by method, by statement or by words of SQL."""
    files = source or {
        path.stem: path.read_text("utf-8")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and "demo" not in path.parts
    }
    found = set()
    for stem, text in files.items():
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and any(_deletes(node) for node in ast.walk(function)):
                found.add(f"{stem}.{function.name}")
    return found


def _deletes(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _SQL.search(node.value) is not None
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    session = isinstance(called, ast.Attribute) and called.attr == "delete"
    return session or (isinstance(called, ast.Name) and called.id == "delete")


def allowed() -> set[str]:
    """Return the functions that the invariant names."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    seventh = text.partition("7. **Nothing is deleted.**")[2].partition("\n8. ")[0]
    assert seventh
    return set(re.findall(r"`([a-z_]+\.[a-z_]+)`", seventh))


def test_every_place_that_deletes_rows_stands_in_the_invariant_and_no_other() -> None:
    assert deleting("store") == allowed()


def test_no_step_deletes_rows() -> None:
    assert deleting("flows") == set()


def test_the_search_sees_a_row_deleted_in_every_way() -> None:
    ways = ("session.delete(row)", "session.exec(delete(Row))", "session.execute(text('DELETE FROM message'))")
    for way in ways:
        assert deleting("", {"drawer": f"def lose(session, row):\n    {way}\n"}) == {"drawer.lose"}
