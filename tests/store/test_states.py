"""The words that rows are kept by: closed, described, and the only ones that code writes or compares with."""

from __future__ import annotations

import ast
import inspect
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel

from flows.replies.situation import Action
from flows.transport.ports import FolderRole, Outcome
from store import states
from store.columns import OneOf
from store.engine import Store
from store.states import MessageState
from store.tables import FolderRow, MessageRow, SendRow, SubmissionRow
from tests.checks.dossiers import RECEIVED

ROOT = Path(__file__).parents[2]
KEPT = [words for words in vars(states).values() if isinstance(words, type) and issubclass(words, StrEnum)]
KEPT.remove(StrEnum)
NAMES = {"state", "status", "relation", "basis", "standing"}
"""Attributes, columns and keywords that hold a word of a closed set, whoever has them."""


def _bare(kind: type) -> dict[str, str]:
    """Return the names a class sets, each with the string that stands under it (empty where none does)."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for node, after in zip(body.body, [*body.body[1:], None], strict=True):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            found[target.id] = str(said.value) if isinstance(said, ast.Constant) else ""
    return found


@pytest.mark.parametrize("words", KEPT, ids=lambda words: words.__name__)
def test_every_word_a_column_may_hold_is_described_and_kept_by_a_column(words: type[StrEnum]) -> None:
    said = _bare(words)
    assert set(said) == {word.name for word in words}
    assert all(said.values()), "say under each word what it means"
    kept = [
        column.type.words
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, OneOf)
    ]
    assert words in kept


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (SubmissionRow, "decision", {word.value for word in Action}),
        (SendRow, "outcome", {word.value for word in Outcome}),
        (FolderRow, "role", {word.value for word in FolderRole}),
    ],
)
def test_a_column_with_the_words_of_a_floor_above_lists_all_of_them(
    row: type[SQLModel], column: str, words: set[str]
) -> None:
    said = _bare(row)[column]
    assert {word for word in words if f"``{word}``" not in said} == set()
    assert said.count("``") == 2 * len(words)


def test_a_row_keeps_only_words_of_its_set_and_gives_them_back_as_members(store: Store) -> None:
    with store.transaction() as session:
        session.add(MessageRow(sha256="a" * 64, size=1, received=RECEIVED, fetched=RECEIVED, state="settled"))
    with store.reading() as session:
        kept = session.get_one(MessageRow, "a" * 64)
        assert (kept.state, kept.kind) == (MessageState.SETTLED, "")
        assert type(kept.state) is MessageState
        assert session.connection().exec_driver_sql("select state from message").scalar_one() == "settled"
    with pytest.raises(StatementError, match="'gone' is not a valid MessageState"), store.transaction() as session:
        session.add(MessageRow(sha256="b" * 64, size=1, received=RECEIVED, fetched=RECEIVED, state="gone"))


def test_code_names_the_words_and_never_spells_them() -> None:
    spelt = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for room in ("store", "flows")
        for path in (ROOT / room).rglob("*.py")
        if "versions" not in path.parts
        for line, word in _spelt(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert spelt == []


def test_the_search_for_spelt_words_finds_them() -> None:
    code = """
if row.state == "queued" or col(LetterRow.state).in_(["held"]) or link.relation not in {"pending"}:
    change(state="sent", basis=Basis.STAFF)
    row.status = "late"
    row.state, row.reason = "failed", "why"
    ok = row.name == "queued"
"""
    assert {word for _, word in _spelt(ast.parse(code))} == {"queued", "held", "pending", "sent", "late", "failed"}


def _spelt(tree: ast.AST) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and _holds(node.left):
            found += [_at(word) for side in node.comparators for word in _words(side)]
        elif isinstance(node, ast.Call):
            found += [_at(word) for given in node.keywords if given.arg in NAMES for word in _words(given.value)]
            if isinstance(node.func, ast.Attribute) and node.func.attr in {"in_", "not_in"} and _holds(node.func.value):
                found += [_at(word) for given in node.args for word in _words(given)]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                found += [_at(word) for word in _assigned(target, node.value)]
    return found


def _assigned(target: ast.expr, value: ast.expr) -> list[ast.Constant]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=True)
        return [word for one, given in pairs for word in _assigned(one, given)]
    return _words(value) if isinstance(target, ast.Attribute) and _holds(target) else []


def _holds(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return any(_holds(given) for given in node.args)
    return isinstance(node, ast.Attribute) and node.attr in NAMES


def _words(node: ast.expr) -> list[ast.Constant]:
    if isinstance(node, ast.Constant):
        return [node] if isinstance(node.value, str) and node.value else []
    return [word for one in getattr(node, "elts", ()) for word in _words(one)]


def _at(word: ast.Constant) -> tuple[int, str]:
    return word.lineno, str(word.value)
