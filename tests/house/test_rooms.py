"""The picture of the rooms in docs/architecture.md shows what the contracts say and the code does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import grimp

ROOT = Path(__file__).resolve().parents[2]


def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_rooms", ROOT / "scripts" / "draw_rooms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["draw_rooms"] = module
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_rooms_is_what_the_code_imports_now() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    draw = drawing()

    assert draw.BEGIN in page
    assert page == draw.page_with(draw.drawn(), page), "run: python scripts/draw_rooms.py"


def test_the_picture_knows_every_floor_and_every_room_that_the_contracts_name() -> None:
    draw = drawing()
    floors = {floor.container: set(floor.rooms) for floor in draw.floors()}

    assert set(floors) == {"flows", "parsers", "store", "flows.steps"}
    for package, rooms in floors.items():
        folder = ROOT / package.replace(".", "/")
        there = {one.stem for one in folder.iterdir() if one.suffix == ".py" or (one / "__init__.py").is_file()}
        assert rooms == there - {"__init__"}, package


def test_a_room_that_nobody_imports_has_no_arrow_and_an_implied_arrow_is_left_out() -> None:
    draw = drawing()
    floor = draw.Floor("x", (("a",), ("b",), ("c",)))
    graph = grimp.ImportGraph()
    for name in ("x", "x.a", "x.b", "x.c", "x.a.inner"):
        graph.add_module(name)
    graph.add_import(importer="x.a.inner", imported="x.b")
    graph.add_import(importer="x.b", imported="x.c")
    graph.add_import(importer="x.a", imported="x.c")

    assert draw.arrows(floor, graph) == {("a", "b"), ("b", "c"), ("a", "c")}
    assert draw._short(draw.arrows(floor, graph)) == {("a", "b"), ("b", "c")}
