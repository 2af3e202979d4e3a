"""Every story of this folder: mails in, the register and the questions to staff out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.engine import Store
from tests.cases.telling import Mail, Teller, Telling, load_stories
from tests.store.blank import blank_store

STORIES = [(path.stem, *story) for path in sorted(Path(__file__).parent.glob("*.toml")) for story in load_stories(path)]
FAST = {title for stem in {story[0] for story in STORIES} for title in [s[1] for s in STORIES if s[0] == stem][:2]}
"""The first two of every shape run each time; all of them in the whole run."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path)
    yield opened
    opened.close()


def expected_register(then: dict[str, Any], mails: list[Mail]) -> list[dict[str, Any]]:
    """Fill in what a story leaves unsaid: everything of its mails is current, named surely, and nothing waits."""
    register = []
    for one in then.get("register", []):
        whole = {
            "code": "",
            "certain": True,
            "recommender": "",
            "second": False,
            "mails": [],
            "pending": [],
            "concerns": [],
            "superseded": [],
            "held": [],
        } | one
        whole["current"] = sorted(
            one.get(
                "current",
                [
                    name
                    for place in whole["mails"]
                    for file in mails[place - 1].files
                    if file.role != "noise"
                    and (name := f"{place}:{file.path}") not in whole["superseded"] + whole["held"]
                ],
            )
        )
        whole["superseded"], whole["held"] = sorted(whole["superseded"]), sorted(whole["held"])
        register.append(whole)
    return sorted(register, key=lambda one: (one["mails"], one["pending"], one["applicant"]))


@pytest.mark.parametrize(
    ("telling", "mails", "then"),
    [
        pytest.param(*story[2:], id=f"{story[0]}-{story[1]}", marks=[] if story[1] in FAST else [pytest.mark.slow])
        for story in STORIES
    ],
)
def test_the_story_ends_as_told(store: Store, telling: Telling, mails: list[Mail], then: dict[str, Any]) -> None:
    teller = Teller(store)
    teller.prepare(telling)
    kinds = [teller.tell(place, mail).kind for place, mail in enumerate(mails, 1)]
    register = teller.register()
    assert register == expected_register(then, mails)
    assert teller.asked() == then.get("asked", [])
    if "kinds" in then:
        assert kinds == then["kinds"]
    # The first mail told once more changes nothing.
    teller.tell(1, mails[0])
    assert teller.register() == register


def test_there_are_enough_stories_and_no_title_twice() -> None:
    titles = [story[1] for story in STORIES]
    assert len(titles) == len(set(titles))
    assert len(titles) >= 120
