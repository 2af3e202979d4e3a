"""Captions as people write them: 138 mails by somebody who had not read the code (tests/corpora/captions.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsers.facts.leaf import Leaf
from parsers.mail.quoting import split_text
from parsers.photo.captions import Note, find_captions

CORPUS = Path(__file__).parent.parent / "corpora" / "captions.toml"
CASES: list[dict[str, Any]] = tomllib.loads(CORPUS.read_text("utf-8"))["case"]
A_FIRMS_SHORT_NAME = "case-048"
"""湖州筠溪照片1.jpg: nothing in this mail says that 湖州筠溪 is a firm."""


def found_in(case: dict[str, Any]) -> dict[str, str]:
    photos = [Leaf(path, path.rpartition("/")[2], 1, "0", "jpeg") for path in case["files"]]
    notes = [
        Note(
            f"文件“{case[side + '_name']}”",
            case[side],
            case[side + "_name"] in case.get("other_files", ()),
            case[side + "_name"],
        )
        for side in ("side", "side2")
        if side in case
    ]
    notes.append(Note("邮件正文", split_text(case["text"]).new))
    return {path: caption.text for path, caption in find_captions(photos, notes).items()}


def folded(text: str) -> str:
    return text.replace(" ", "").replace("_", "").replace("（", "(").replace("）", ")")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['id']}")
def test_a_caption_is_read_where_one_is_told_and_none_is_invented(case: dict[str, Any]) -> None:
    if case["id"] == A_FIRMS_SHORT_NAME:
        pytest.xfail("a firm's short name that nothing else in the mail tells is taken for a caption")
    found = found_in(case)

    wrong = {
        path: (wanted, found.get(path, ""))
        for path, wanted in case["captions"].items()
        if bool(wanted) != bool(found.get(path)) or folded(wanted) not in folded(found.get(path, ""))
    }
    assert wrong == {}
