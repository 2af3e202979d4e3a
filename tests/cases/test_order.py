"""The register does not depend on the order in which mails were filed, only on when the server took them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.attribution import make_season, outcome, play, score_of
from flows.attribution.receipt_order import IN_TURN_FOR
from store import journal
from store.engine import Store
from store.filing.submissions import of_message
from tests.cases.office import POLL, Office, clear, quick_store
from tests.cases.rounds import RoundTeller, days_of, other_orders, rounds_of, shuffled
from tests.cases.story import Story, all_stories
from tests.cases.tangles import make_tangle
from tests.cases.telling import Teller
from tests.cases.truth import expected_register
from tests.sizes import sized


class Late(Office):
    """An office that takes in what a round brings in any order, and answers when the round is over."""

    def play_rounds(self, rounds: list[list[int]]) -> None:
        self.teller.prepare(self.story.telling)
        self._import_lists()
        for places in rounds:
            self.wait_until(max(self.received(self.story.mails[place - 1]) for place in places) + POLL)
            for place in places:
                self.take_in(place, self.story.mails[place - 1])
            self._answer()
            for act in (act for act in self.story.acts if act.after in places):
                self.wait_until(self.now + timedelta(minutes=act.minutes))
                self._do(act)

    def _number(self, place: str) -> str:
        # What a mail was filed under when it was taken in may be another's number by the end of the round.
        mail, _, which = place.partition(".")
        with self.store.reading() as session:
            rows = of_message(session, self.teller.hashes[int(mail)])
        return rows[int(which or 1) - 1].number


def rounds(story: Story) -> list[list[int]]:
    return rounds_of(story.mails, {act.after for act in story.acts})


STORIES = [story for story in all_stories() if any(len(one) > 1 for one in rounds(story))]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = quick_store(tmp_path_factory.mktemp("orders"))
    yield store
    store.close()


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("story", [pytest.param(one, id=f"{one.shape}-{one.name}") for one in STORIES])
def test_a_story_ends_the_same_in_whatever_order_its_mails_are_filed(opened: Store, story: Story) -> None:
    for order in other_orders(rounds(story), zlib.crc32(story.name.encode())):
        clear(opened)
        teller: Teller
        if story.acts or story.lists:
            office = Late(opened, story)
            office.play_rounds(order)
            teller = office.teller
        else:
            teller = RoundTeller(opened, story.the_call())
            teller.prepare(story.telling)
            for places in order:
                teller.tell_round(story.mails, places)
        assert teller.register() == expected_register(story.then, story.mails), order
        assert teller.asked() == story.then.get("asked", []), order


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 10 + sized(1, 10)))
def test_a_season_filed_in_another_order_within_every_three_days_gives_the_same_register(
    tmp_path: Path, seed: int
) -> None:
    season = make_season(60, seed)
    days = days_of(season.mails, together=IN_TURN_FOR.days)
    ends = []
    for name, order in (("receipt", days), ("shuffled", shuffled(days, seed))):
        teller = play(season, order, tmp_path / name)
        assert score_of(season, teller).wrong == ()
        ends.append(outcome(teller))
        with teller.store.reading() as session:
            put_right = journal.read(session, actions=["filed-in-turn"])
        assert bool(put_right) == (name == "shuffled")
        teller.store.close()
    assert ends[0] == ends[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "order"),
    [
        # Each of these found a tie between mails that was not looked at.
        (106, [12, 8, 1, 9, 11, 10, 3, 7, 2, 4, 6, 5]),
        (205, [7, 8, 2, 9, 11, 4, 6, 10, 5, 1, 3, 12]),
        (212, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (344, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (356, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_a_tangle_ends_the_same_in_another_order(opened: Store, seed: int, order: list[int]) -> None:
    mails = make_tangle(len(order), seed)
    ends = []
    for places in (sorted(order), order):
        clear(opened)
        teller = RoundTeller(opened)
        teller.tell_round(mails, places)
        ends.append(outcome(teller))
    assert ends[0] == ends[1]


def test_every_story_that_has_an_order_to_lose_is_told_in_another() -> None:
    assert len(STORIES) >= 80
    for story in STORIES:
        orders = list(other_orders(rounds(story), 1))
        assert orders
        for order in orders:
            assert sorted(place for one in order for place in one) == list(range(1, len(story.mails) + 1))
            assert order != rounds(story)
