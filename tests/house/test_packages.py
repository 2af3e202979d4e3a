"""Our four packages are ours: another distribution with a top-level ``config`` would silently take our place."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from parsers.sandbox import pool

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("flows", "parsers", "store", "config")


def modules() -> list[Path]:
    """Every Python file of the four packages, migrations left out (they are written by Alembic)."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert len(found) > 50, "the walk looked at too few files to prove anything"
    return [path for path in found if "versions" not in path.parts]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_imported_from_this_checkout(package: str) -> None:
    assert Path(importlib.import_module(package).__file__ or "").resolve() == ROOT / package / "__init__.py"


def test_no_module_shadows_the_standard_library_or_a_sibling_package() -> None:
    taken = sys.stdlib_module_names | set(PACKAGES)
    # ``bounce``, ``thread`` and the like are inside packages; what matters is the name a module would be imported by
    # if its folder stood on sys.path, as a Prefect FILE_PATH entrypoint puts it there.
    shadows = [path for path in (ROOT / "flows").glob("*.py") if path.stem in taken and path.stem != "__init__"]

    assert shadows == []


def test_there_is_no_drawer_without_a_name() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "base", "stuff", "tools"}

    assert [path for path in modules() if drawers & {*path.parts, path.stem}] == []


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    silent = [path for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]

    assert silent == []


def test_files_stay_short_enough_to_be_read() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 500}

    assert long == {}


def test_the_environment_is_read_in_config_only() -> None:
    readers = []
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if path.is_relative_to(ROOT / "config"):
            continue
        if "os.environ" in text or "os.getenv" in text:
            readers.append(str(path.relative_to(ROOT)))

    assert readers == []


def test_nothing_reads_the_clock_below_the_faces() -> None:
    """``now`` is an argument. Only the faces, and what waits for a real process or server, may ask the time."""
    pure = [
        p for p in modules() if {"parsers", "checks", "replies", "attribution", "store"} & {*p.relative_to(ROOT).parts}
    ]
    askers = [str(p.relative_to(ROOT)) for p in pure if "datetime.now(" in p.read_text("utf-8")]

    assert len(pure) > 180
    assert askers == []


def test_every_module_that_a_reading_child_loads_beforehand_exists() -> None:
    # multiprocessing skips a name that cannot be imported in silence; every child would then start cold.
    assert [importlib.import_module(name).__name__ for name in pool._PRELOADED] == pool._PRELOADED
    assert len(pool._PRELOADED) >= 3
