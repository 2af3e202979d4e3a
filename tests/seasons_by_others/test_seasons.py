"""Twelve seasons told by somebody who had not seen the code end as a wise clerk would have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parsers.facts.looks import Look
from store.engine import Store
from tests.cases.office import clear, quick_store
from tests.seasons_by_others.judging import About, Judge
from tests.seasons_by_others.playing import Playing
from tests.seasons_by_others.told import all_seasons

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("seasons-by-others"), pytest.mark.timeout(300)]

FAILING: dict[tuple[str, About], str] = {
    ("01", About.ASKED): "a planted defect is not asked for",
    ("01", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("01", About.TASKS): "staff are asked too much",
    ("02", About.ASKED): "a planted defect is not asked for",
    ("02", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("02", About.FILED): "papers are not filed where they belong",
    ("02", About.LETTER): "the wrong people hear of us",
    ("02", About.TASKS): "staff are asked too much",
    ("02", About.WRONG): "something is asked for that lies here or is in doubt",
    ("03", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("03", About.FILED): "papers are not filed where they belong",
    ("03", About.TASKS): "staff are asked too much",
    ("03", About.WRONG): "something is asked for that lies here or is in doubt",
    ("04", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("04", About.FILED): "papers are not filed where they belong",
    ("04", About.LETTER): "the wrong people hear of us",
    ("04", About.TASKS): "staff are asked too much",
    ("04", About.WRONG): "something is asked for that lies here or is in doubt",
    ("05", About.ASKED): "a planted defect is not asked for",
    ("05", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("05", About.FILED): "papers are not filed where they belong",
    ("05", About.TASKS): "staff are asked too much",
    ("05", About.WRONG): "something is asked for that lies here or is in doubt",
    ("06", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("06", About.FILED): "papers are not filed where they belong",
    ("06", About.TASKS): "staff are asked too much",
    ("06", About.WRONG): "something is asked for that lies here or is in doubt",
    ("07", About.ASKED): "a planted defect is not asked for",
    ("07", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("07", About.FILED): "papers are not filed where they belong",
    ("07", About.LETTER): "the wrong people hear of us",
    ("08", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("08", About.TASKS): "staff are asked too much",
    ("08", About.WITHDRAWAL): "withdrawals are not staff's task",
    ("09", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("09", About.TASKS): "staff are asked too much",
    ("10", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("10", About.LETTER): "the wrong people hear of us",
    ("10", About.TASKS): "staff are asked too much",
    ("11", About.LETTER): "the wrong people hear of us",
    ("11", About.TASKS): "staff are asked too much",
    ("11", About.WITHDRAWAL): "withdrawals are not staff's task",
    ("12", About.FATE): "machine mail, nameless files and words of known senders have no right fate",
    ("12", About.FILED): "papers are not filed where they belong",
    ("12", About.LETTER): "the wrong people hear of us",
    ("12", About.TASKS): "staff are asked too much",
}
"""What still goes wrong, with the reason; a cell that comes right must be taken out of here."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = quick_store(tmp_path_factory.mktemp("seasons"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def judged(opened: Store) -> dict[str, dict[About, list[str]]]:
    """Play each season once."""
    seen: dict[str, Look] = {}
    found = {}
    for season in all_seasons():
        clear(opened)
        playing = Playing(opened, season, seen)
        playing.play()
        found[season.name] = Judge(playing).complaints()
    return found


def cells() -> Iterator[object]:
    for season in all_seasons():
        for about in About:
            why = FAILING.get((season.name[:2], about))
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            yield pytest.param(season.name, about, id=f"{season.name}-{about.name.lower()}", marks=marks)


@pytest.mark.parametrize(("name", "about"), cells())
def test_the_season_ends_as_a_wise_clerk_would_have_it(
    judged: dict[str, dict[About, list[str]]], name: str, about: About
) -> None:
    assert judged[name][about] == []


def test_no_season_is_missing() -> None:
    assert len(all_seasons()) == 12
    assert sum(len(season.mails) for season in all_seasons()) == 146
