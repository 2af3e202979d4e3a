"""The register does not depend on the order in which the mails of a day were filed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.attribution import make_season, run
from tests.cases.story import all_stories
from tests.cases.telling import Mail, Teller, Telling
from tests.store.blank import blank_store

ORDER_MATTERS = ("nearly the same name from another sender", "the credit code ties", "a second firm of an agent weeks")
"""Where the first to come decides who is the stranger or which of two names a code goes by, or weeks lie between."""


def free_of_order(mails: list[Mail]) -> bool:
    """Whether no mail of the story speaks of an earlier one's letter or number."""
    return len(mails) > 1 and not any(mail.answers or mail.number_of or mail.follows for mail in mails)


SHAPES = frozenset(
    (
        "after-the-deadline",
        "agent-nameless-after",
        "agent-nameless-between",
        "agent-second-firm-later",
        "broken-newer-version",
        "bundle-by-archive",
        "bundle-by-content",
        "bundle-by-file-name",
        "bundle-by-folder",
        "bundle-leftovers",
        "bundle-same-file-names",
        "bundle-wrong-folder",
        "corrected-version",
        "credit-code",
        "like-names",
        "name-in-file-name",
        "name-in-report",
        "name-in-subject",
        "name-writing",
        "names-of-others",
        "newer-in-other-format",
        "old-form",
        "one-open-submission",
        "parts-in-several-mails",
        "photos-as-a-set",
        "recommender-mail-by-mail",
        "recommender-nameless",
        "recommender-short-name",
        "sent-twice",
        "thread-copied-by-stranger",
        "thread-of-own-mail",
        "unreadable-then-files",
    )
)
"""Where the order of filing must not matter; elsewhere the first to come is known, and the next one a stranger."""

STORIES = [
    story
    for story in all_stories()
    if story.shape in SHAPES and free_of_order(list(story.mails)) and not story.title.startswith(ORDER_MATTERS)
]


@pytest.mark.slow
@pytest.mark.parametrize(("telling", "mails"), [pytest.param(s.telling, list(s.mails), id=s.title) for s in STORIES])
def test_a_story_ends_the_same_told_backwards(tmp_path: Path, telling: Telling, mails: list[Mail]) -> None:
    ends = []
    for direction in (1, -1):
        teller = Teller(blank_store(tmp_path / str(direction)))
        teller.prepare(telling)
        for place, mail in list(enumerate(mails, 1))[::direction]:
            teller.tell(place, mail)
        ends.append((teller.register(), teller.asked()))
        teller.store.close()
    assert ends[0] == ends[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_a_season_filed_in_another_order_within_each_day_gives_the_same_register(tmp_path: Path, seed: int) -> None:
    season = make_season(50, seed)
    rng = random.Random(seed)
    order = sorted(range(1, 51), key=lambda place: (season.mails[place - 1].after // 1440, rng.random()))
    assert order != sorted(order)
    ends = []
    for name, places in (("arrival", None), ("shuffled", order)):
        (tmp_path / name).mkdir()
        score, teller = run(season, places, tmp_path / name)
        assert score.wrong == ()
        ends.append((teller.register(), teller.asked()))
        teller.store.close()
    assert ends[0] == ends[1]
