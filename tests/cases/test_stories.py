"""Every story ends as it is told: the register, the questions to staff, and the letters word for word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.engine import Store
from tests.cases.office import Office, clear, quick_store
from tests.cases.readme import shapes
from tests.cases.story import Story, all_stories
from tests.cases.truth import (
    everyone_is_answered,
    expected_register,
    findings_are_of_now,
    letters_made,
    names_nobody_else,
    quotas,
    routes,
    verdicts,
)
from tests.cases.written import letters_text, register_text

STORIES = all_stories()
_FIRST = {shape: next(s.name for s in STORIES if s.shape == shape) for shape in {story.shape for story in STORIES}}
_DAILY = {shape for folders in shapes().values() for shape in list(folders)[:2]}
"""One story of two shapes of every item runs each time; all of them in the whole run."""


def daily(story: Story) -> bool:
    return story.shape in _DAILY and _FIRST[story.shape] == story.name


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all stories: a new one for each would translate every query anew."""
    store = quick_store(tmp_path_factory.mktemp("stories"))
    yield store
    store.close()


@pytest.fixture
def store(opened: Store) -> Store:
    clear(opened)
    return opened


def hold(path: Path, found: str) -> None:
    """Compare with the golden file; ``ZHENGJI_ACCEPT_GOLDENS=1`` writes it anew, to be reviewed before a commit."""
    if os.environ.get("ZHENGJI_ACCEPT_GOLDENS"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(
            story,
            id=f"{story.shape}-{story.name}",
            marks=[] if daily(story) else [pytest.mark.slow],
        )
        for story in STORIES
    ],
)
def test_the_story_ends_as_told(store: Store, story: Story) -> None:
    office = Office(store, story)
    office.play()
    assert office.faults() == []
    _holds_what_is_told(office, story.then)
    register, letters = register_text(office), letters_text(office)
    names_nobody_else(office)
    everyone_is_answered(office)
    findings_are_of_now(office)
    hold(story.folder / "register.txt", register)
    hold(story.folder / "letters.txt", letters)
    # The first mail read once more changes nothing and sends nothing.
    if not story.acts and daily(story):
        office.take_in_again(1)
        _holds_what_is_told(office, story.then)
        assert letters_text(office) == letters


def _holds_what_is_told(office: Office, then: dict[str, Any]) -> None:
    """Hold the outcome against the truth that was written by hand; a golden alone could silently become wrong."""
    assert office.teller.register() == expected_register(then, office.story.mails)
    assert office.teller.asked() == then.get("asked", [])
    if "kinds" in then:
        assert [office.examined[place].kind for place in sorted(office.examined)] == then["kinds"]
    if "verdicts" in then:
        assert verdicts(office, then["verdicts"]) == then["verdicts"]
    if "imported" in then:
        assert [report.imported for report in office.imported] == then["imported"]
    if "quotas" in then:
        assert quotas(office) == then["quotas"]
    if "routes" in then:
        assert routes(office) == then["routes"]
    if "letters" in then:
        assert letters_made(office) == then["letters"]


def test_there_are_enough_stories_and_no_title_twice() -> None:
    titles = [story.title for story in STORIES]
    assert len(titles) == len(set(titles))
    assert len(titles) >= 120
