"""The season of the demo, as a test: every mail decided as expected, every letter word for word, and again the same."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from flows.demo.season import season
from flows.demo.servers import DemoServers
from flows.demo.world import print_mails
from flows.steps.answer.remind import queue_reminders
from flows.steps.cycle import run_cycle
from flows.steps.dry_run.replay import replay_season
from flows.steps.screens.register import register_values
from flows.steps.workshop import open_workshop
from tests.season.playing import Played, comparable, dumps, letter_texts

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("season"), pytest.mark.timeout(900)]
GOLDENS = Path(__file__).parent / "goldens"


def hold(name: str, found: str) -> None:
    """Compare with the golden file; ``ZHENGJI_ACCEPT_GOLDENS=1`` writes it anew, to be reviewed before a commit."""
    path = GOLDENS / name
    if os.environ.get("ZHENGJI_ACCEPT_GOLDENS"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_every_mail_is_decided_as_its_story_expects(played: Played) -> None:
    assert print_mails(played.register, season()) == 0


def test_the_register_equals_the_golden_one(played: Played) -> None:
    hold("register.json", dumps(comparable(played.register)))


def test_every_letter_equals_its_golden_text(played: Played) -> None:
    hold("letters.txt", letter_texts(played.letters))


def test_two_more_rounds_change_nothing_and_send_nothing(world: tuple[Played, DemoServers, Path]) -> None:
    played, servers, looks = world
    now = season()[-1].now
    for _ in range(2):
        with open_workshop(played.settings, looks=looks) as shop:
            run_cycle(shop, now)
            again = register_values(shop, now)

    assert dumps(again) == dumps(played.register)
    assert len(servers.letters) == len(played.letters)


def test_a_replay_from_raw_mail_gives_the_same_register(world: tuple[Played, DemoServers, Path]) -> None:
    played, _, looks = world
    with open_workshop(played.settings, looks=looks) as shop:
        report = replay_season(shop, None, season()[-1].now)

    assert report.lines() == [f"重放 {len(played.register['messages'])} 封来信，得到 15 件申报：与现有台账一致。"]


def test_a_replay_makes_the_reminders_again_so_that_they_are_no_difference(
    world: tuple[Played, DemoServers, Path],
) -> None:
    """Stands last: it adds letters to the season that the tests above look at."""
    played, _, looks = world
    with open_workshop(played.settings, looks=looks) as shop:
        moment = datetime(2026, 5, 27, 9, 0, tzinfo=shop.call.window.timezone)
        made = queue_reminders(shop.store, shop.call, shop.settings, moment).queued
        report = replay_season(shop, None, moment)
        kinds = [letter["kind"] for row in register_values(shop, moment)["submissions"] for letter in row["letters"]]

    assert made
    assert kinds.count("remind-deadline") == len(made)
    assert report.lines() == [f"重放 {len(played.register['messages'])} 封来信，得到 15 件申报：与现有台账一致。"]
