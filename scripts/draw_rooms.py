"""Draw the rooms and the arrows between them, as docs/architecture.md shows them.

The rooms are those of the layers contracts in ``.importlinter``; the arrows are the imports that the code has. An
arrow that follows from two others is left out, so that the picture can be read. ``python scripts/draw_rooms.py``
writes the picture into the page; the house tests see that the page shows what the code does.
"""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("flows", "store", "parsers", "config")
BEGIN, END = "<!-- rooms: drawn by scripts/draw_rooms.py -->", "<!-- end of rooms -->"


@dataclass(frozen=True, slots=True)
class Floor:
    """One package and its rooms, from the top layer to the bottom one."""

    container: str
    layers: tuple[tuple[str, ...], ...]

    @property
    def rooms(self) -> tuple[str, ...]:
        """Every room of the floor, top first."""
        return tuple(room for layer in self.layers for room in layer)


def floors(root: Path = ROOT) -> tuple[Floor, ...]:
    """Return the floors that the contracts declare with ``containers`` and ``layers``."""
    contracts = configparser.ConfigParser()
    contracts.read(root / ".importlinter", encoding="utf-8")
    found = []
    for section in contracts.sections():
        one = contracts[section]
        if one.get("type") == "layers" and "containers" in one:
            rows = [row for row in one["layers"].split("\n") if row.strip()]
            layers = tuple(tuple(name.strip() for name in row.split("|")) for row in rows)
            found.append(Floor(one["containers"].strip(), layers))
    return tuple(found)


def arrows(floor: Floor, graph: grimp.ImportGraph) -> frozenset[tuple[str, str]]:
    """Return who imports whom among the rooms of a floor."""
    homes = {f"{floor.container}.{room}": room for room in floor.rooms}
    found = set()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            pair = (_room(module, homes), _room(other, homes))
            if pair[0] and pair[1] and pair[0] != pair[1]:
                found.add((pair[0], pair[1]))
    return frozenset(found)


def drawn(root: Path = ROOT) -> str:
    """Return the pictures of all floors as Markdown."""
    graph = grimp.build_graph(*PACKAGES)
    return "\n\n".join(_picture(floor, arrows(floor, graph)) for floor in floors(root))


def page_with(picture: str, page: str) -> str:
    """Return the page with the picture between its two marks."""
    pattern = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n\n{picture}\n\n{END}", page)


def _room(module: str, homes: dict[str, str]) -> str:
    while module:
        if module in homes:
            return homes[module]
        module = module.rpartition(".")[0]
    return ""


def _picture(floor: Floor, found: frozenset[tuple[str, str]]) -> str:
    title = f"### `{floor.container}`: {len(floor.rooms)} rooms, {len(found)} arrows"
    lines = [title, "", "```mermaid", "flowchart TD"]
    lines += [f"  {room}" for room in floor.rooms]
    lines += [f"  {one} --> {other}" for one, other in sorted(_short(found))]
    return "\n".join([*lines, "```"])


def _short(found: frozenset[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out each arrow that a longer way says already."""
    return {pair for pair in found if not _reaches(pair[0], pair[1], found - {pair})}


def _reaches(start: str, goal: str, found: frozenset[tuple[str, str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        after = {other for one, other in found if one == here} - seen
        if goal in after:
            return True
        seen |= after
        waiting += after
    return False


if __name__ == "__main__":
    PAGE.write_text(page_with(drawn(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
