"""Write docs/thresholds.md: every named number that can change a verdict, a role or an attribution.

The numbers are read from the code, what they were measured on from docs/thresholds.toml. ``python
scripts/list_thresholds.py`` writes the page; the house tests refuse a number that stands in neither list, and a name in
the lists that no module has.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE, SOURCE = ROOT / "docs" / "thresholds.md", ROOT / "docs" / "thresholds.toml"
DECIDING = (
    *("flows/checks", "flows/attribution", "store/filing", "parsers/classify.py", "parsers/look", "parsers/mail"),
    *("parsers/names", "parsers/page", "parsers/form", "parsers/seal", "parsers/report", "parsers/photo"),
    "parsers/text",
)
"""Where a number may decide about somebody."""


@dataclass(frozen=True, slots=True)
class Number:
    """One named number: ``module`` dotted, ``value`` as the code writes it, ``meaning`` from the words below it."""

    module: str
    name: str
    value: str
    meaning: str

    @property
    def key(self) -> str:
        """Its dotted name."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that were measured together."""

    about: str
    names: tuple[str, ...]
    measured: str
    result: str
    command: str


def numbers(root: Path = ROOT) -> tuple[Number, ...]:
    """Return every number that a deciding module names at its top."""
    found = []
    for place in DECIDING:
        path = root / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            module = ".".join(file.relative_to(root).with_suffix("").parts)
            found += [Number(module, *said) for said in _named(ast.parse(file.read_text(encoding="utf-8")).body)]
    return tuple(found)


def lists() -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Return the groups of measured numbers, and the names of those that decide about nobody."""
    told = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(Group(**{**one, "names": tuple(one["names"])}) for one in told["group"]), tuple(
        told["limits"]["names"]
    )


def longest(number: Number, names: tuple[str, ...]) -> int:
    """Return how much of a number's dotted name the closest of these names covers; 0 where none does."""
    fitting = [name for name in names if number.key == name or number.key.startswith(f"{name}.")]
    return max(map(len, fitting), default=0)


def page() -> str:
    """Return the whole page."""
    groups, limits = lists()
    lines = ["# 会改变判定的数", ""]
    lines += ["由 `scripts/list_thresholds.py` 根据代码和 `docs/thresholds.toml` 写成；改了数，请重测并更新后者。", ""]
    every = numbers()
    for group in groups:
        mine = [one for one in every if longest(one, group.names) > longest(one, limits)]
        lines += [
            f"## {group.about}",
            "",
            f"测量：{group.measured}。结果：{group.result}。命令：`{group.command}`。",
            "",
        ]
        lines += ["| 数 | 值 | 含义 | 所在 |", "|---|---|---|---|"]
        lines += [f"| `{one.name}` | {one.value} | {one.meaning} | `{one.module}` |" for one in mine]
        lines.append("")
    return "\n".join(lines)


def _named(body: list[ast.stmt]) -> Iterator[tuple[str, str, str]]:
    for at, statement in enumerate(body):
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
        else:
            continue
        if not _is_number(value):
            continue
        below = body[at + 1] if at + 1 < len(body) else None
        yield ast.unparse(target).strip("()"), ast.unparse(value).replace("|", "\\|"), _words(below)


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if isinstance(value, ast.UnaryOp):
        return _is_number(value.operand)
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(map(_is_number, value.elts))
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "timedelta"


def _words(statement: ast.stmt | None) -> str:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return ""
    words = statement.value.value
    return " ".join(words.split("\n\n")[0].split()).replace("|", "\\|") if isinstance(words, str) else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
