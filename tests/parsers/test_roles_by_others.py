"""Pictures as people name them: the names of tests/corpora/roles.toml, by somebody who had not read the code."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.load import find_call, load_call
from parsers.classify import classify
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look, PictureFacts, ReportFacts, WordCounts

CORPUS = Path(__file__).parent.parent / "corpora" / "roles.toml"
PICTURES = {"jpg", "jpeg", "png", "heic", "bmp", "tiff", "webp", "jfif"}
CASES: list[dict[str, Any]] = [
    case for case in tomllib.loads(CORPUS.read_text("utf-8"))["file"] if case["file"] in PICTURES
]
CALL = load_call(find_call("cases-2026"))
DRAWN = {"logo.png", "二维码.jpg"}
"""Told by what they are, small and drawn; none of them looks like a page."""
SCANS = [case for case in CASES if case["role"] == "other" and case["name"] not in DRAWN]
WORDS = [
    case for case in tomllib.loads(CORPUS.read_text("utf-8"))["file"] if case["file"] in {"doc", "docx", "wps", "rtf"}
]


def seen(case: dict[str, Any], looks_like: str) -> tuple[Role, bool]:
    leaf = Leaf(case["name"], case["name"], 900_000, "0" * 64, "jpeg")
    look = Look("jpeg", picture=PictureFacts(4000, 3000, looks_like=looks_like))
    answer = classify(leaf, look, [leaf], CALL)
    return answer.role, answer.sure


@pytest.mark.parametrize("case", [one for one in CASES if one["role"] == "photo"], ids=lambda case: case["name"])
def test_a_picture_that_shows_no_page_is_a_photo_whatever_words_its_name_holds(case: dict[str, Any]) -> None:
    role, sure = seen(case, "photo")

    assert role is Role.PHOTO or (case.get("ambiguous") and not sure)


@pytest.mark.parametrize("case", [one for one in CASES if one["role"] == "photo"], ids=lambda case: case["name"])
def test_a_board_or_a_wall_that_looks_like_a_page_is_never_denied_for_certain(case: dict[str, Any]) -> None:
    role, sure = seen(case, "page")

    assert role is Role.PHOTO or not sure or case.get("ambiguous")


@pytest.mark.parametrize("case", SCANS, ids=lambda case: case["name"])
def test_a_scan_called_a_paper_is_no_photo(case: dict[str, Any]) -> None:
    role, _ = seen(case, "page")

    assert role is Role.OTHER or case.get("ambiguous")


def text_seen(case: dict[str, Any]) -> tuple[Role, bool]:
    """A text of 4,000 字 without one heading that the notice knows: only the name is left to tell."""
    leaf = Leaf(case["name"], case["name"], 90_000, "0" * 64, "docx")
    look = Look("docx", report=ReportFacts("docx", WordCounts(4000, 4000, 0, 0)))
    answer = classify(leaf, look, [leaf, replace(leaf, path="另.docx", name="另.docx")], CALL)
    return answer.role, answer.sure


@pytest.mark.parametrize("case", [one for one in WORDS if one["role"] == "report"], ids=lambda case: case["name"])
def test_a_long_text_is_a_report_whatever_words_its_title_holds(case: dict[str, Any]) -> None:
    assert text_seen(case)[0] is Role.REPORT


@pytest.mark.parametrize("case", [one for one in WORDS if one["kind"] == "paper-other"], ids=lambda case: case["name"])
def test_a_long_text_called_another_paper_is_no_report_and_no_proof_that_none_came(case: dict[str, Any]) -> None:
    if case["name"] == "重点省专申请表.docx":
        pytest.xfail("another call's form is told by what it says; its name alone is a form's")
    role, sure = text_seen(case)

    assert (role, sure) == (Role.OTHER, False) or case.get("ambiguous")
