"""The table of shapes and stories (情形一览) for ``tests/cases/README.md``: written from the folders themselves."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence

from tests.cases.story import CASES, Story

README = CASES / "README.md"
_BEGIN, _END = "<!-- 以下由 readme.py 写成 -->\n", "<!-- 以上由 readme.py 写成 -->\n"


def shapes() -> dict[str, dict[str, str]]:
    """Return what each shape is, by item and folder."""
    items = tomllib.loads((CASES / "shapes.toml").read_text(encoding="utf-8"))["item"]
    return {item["name"]: item["shapes"] for item in items}


def readme_text(stories: Sequence[Story]) -> str:
    """Return the file with its table brought up to date."""
    head, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    by_shape: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        by_shape[story.shape].append(story)
    told = shapes()
    kinds = sum(len(folders) for folders in told.values())
    lines = [f"共 {len(stories)} 个故事，{kinds} 种情形。", ""]
    for item, folders in told.items():
        lines += [f"### {item}", "", "| 情形 | 文件夹 | 故事 |", "|---|---|---|"]
        lines += [f"| {what} | [`{name}`]({name}) | {len(by_shape[name])} |" for name, what in folders.items()]
        lines.append("")
    return f"{head}{_BEGIN}\n" + "\n".join(lines) + f"\n{_END}{tail}"
