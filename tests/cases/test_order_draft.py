"""The register does not depend on the order in which mails were filed, only on when the server took them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest


from store.engine import Store
from tests.cases.office import clear, quick_store
from tests.cases.rounds import RoundTeller, days_of, other_orders, rounds_of, shuffled
from tests.cases.story import Story, all_stories
from tests.cases.truth import expected_register

STORIES = [story for story in all_stories() if any(len(one) > 1 for one in rounds_of(story.mails))]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = quick_store(tmp_path_factory.mktemp("orders"))
    yield store
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("story", [pytest.param(one, id=f"{one.shape}-{one.name}") for one in STORIES])
def test_a_story_ends_the_same_in_whatever_order_its_mails_are_filed(opened: Store, story: Story) -> None:
    for order in other_orders(rounds_of(story.mails), zlib.crc32(story.name.encode())):
        clear(opened)
        teller = RoundTeller(opened, story.the_call())
        teller.prepare(story.telling)
        for places in order:
            teller.tell_round(story.mails, places)
        assert teller.register() == expected_register(story.then, story.mails), order
        assert teller.asked() == story.then.get("asked", []), order
