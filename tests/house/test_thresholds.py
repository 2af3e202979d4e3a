"""Every number that can change a verdict, a role or an attribution stands in docs/thresholds.md, as it was measured."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def listing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("list_thresholds", ROOT / "scripts" / "list_thresholds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["list_thresholds"] = module
    spec.loader.exec_module(module)
    return module


def test_each_named_number_of_a_deciding_module_is_measured_or_told_to_decide_about_nobody() -> None:
    found = listing()
    groups, limits = found.lists()
    named = (*limits, *(name for group in groups for name in group.names))
    silent = [one.key for one in found.numbers() if not found.longest(one, named)]

    assert len(found.numbers()) > 100
    assert silent == [], "say in docs/thresholds.toml what it was measured on, then run scripts/list_thresholds.py"


def test_no_number_belongs_to_two_groups_and_no_name_of_the_lists_is_empty() -> None:
    found = listing()
    groups, limits = found.lists()
    every = found.numbers()
    names = [*limits, *(name for group in groups for name in group.names)]

    assert len(names) == len(set(names))
    assert [name for name in names if not any(found.longest(one, (name,)) for one in every)] == []


def test_the_page_is_what_the_code_and_the_measurements_say_now() -> None:
    found = listing()

    assert (ROOT / "docs" / "thresholds.md").read_text(encoding="utf-8") == found.page(), (
        "run: python scripts/list_thresholds.py"
    )


def test_each_group_says_on_what_with_which_result_and_by_which_command_it_was_measured() -> None:
    groups, _ = listing().lists()

    assert [group.about for group in groups if not (group.measured and group.result and group.command)] == []
