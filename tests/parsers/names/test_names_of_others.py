"""Names of firms and words for 自荐 as others wrote them down, who had not seen the reader."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.names.company import clean_name, find_companies, is_company, names_a_body, normalise_name
from parsers.text.firm_words import says_self
from tests.corpora import entries

ALL = [entry for entry in entries("names") if not entry.get("ambiguous")]
SEVERAL_FIRMS = {"two-names", "old-name"}
"""Kinds in which the sentence, not the name, says which of several firms is meant: attribution's business."""

LEFT = {
    "澜江银行股份有限公司衢江支行": "a branch behind the full name is read as the firm itself",
    "浙江云屿数据中心": "in a sentence 中心 may be anybody; the rule F05 takes it where the blank asks for a firm",
    "本院（浙江云屿智造创新中心）申报": "as above",
    "栖霁软件（杭州）有限公司（外商独资）": "what stands behind the legal form is a remark to us",
}
"""Entries that are read otherwise on purpose, and why nobody is harmed."""


def fields() -> list[Any]:
    wanted = [entry for entry in ALL if entry["where"] in {"form-field", "seal"} and entry["text"] not in LEFT]
    return [pytest.param(entry, id=entry["id"]) for entry in wanted]


def sentences() -> list[Any]:
    places = {"form-field", "seal", "recommender-field"}
    wanted = [one for one in ALL if one["where"] not in places and one["kind"] not in SEVERAL_FIRMS]
    return [pytest.param(entry, id=entry["id"]) for entry in wanted if entry["text"] not in LEFT]


def recommenders() -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in ALL if entry["where"] == "recommender-field"]


@pytest.mark.parametrize("entry", fields())
def test_the_blank_for_a_firm_is_read_as_its_full_name_or_as_none(entry: dict[str, Any]) -> None:
    text = entry["text"]
    found = (clean_name(text),) if is_company(clean_name(text)) else find_companies(text)

    assert [normalise_name(name) for name in found[:1]] == [
        normalise_name(entry["name"]) for _ in range(1) if entry["name"] != "none"
    ]


@pytest.mark.parametrize("entry", sentences())
def test_a_name_in_a_sentence_or_file_name_is_found_whole_and_without_the_words_around_it(
    entry: dict[str, Any],
) -> None:
    found = [normalise_name(name) for name in find_companies(entry["text"])]

    assert found[:1] == ([] if entry["name"] == "none" else [normalise_name(entry["name"])])


@pytest.mark.parametrize("entry", recommenders())
def test_the_blank_for_a_recommender_says_nobody_or_self_or_names_somebody(entry: dict[str, Any]) -> None:
    words = entry["text"]
    said = "self" if says_self(words) else "somebody" if names_a_body(words) else "none"

    assert said == (entry["name"] if entry["name"] in {"self", "none"} else "somebody")


def test_the_corpus_is_there() -> None:
    assert min(len(fields()), len(sentences()), len(recommenders())) >= 30


@pytest.mark.parametrize("words", ["经杭州市企业联合会推荐", "由省机械工业联合会推荐申报", "杭州市企业家协会"])
def test_a_body_beside_words_of_applying_is_no_self_nomination(words: str) -> None:
    assert not says_self(words)
    assert names_a_body(words)
