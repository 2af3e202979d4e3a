"""The first day is killed (SIGKILL) at many of its transactions and run again: the same register and letters."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.season import season
from flows.demo.servers import DemoServers, demo_servers
from flows.demo.world import demo_environment, import_lists
from flows.steps.workshop import open_workshop
from tests.season.playing import Played, comparable, dumps, letter_texts, look_back, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.xdist_group("season"), pytest.mark.timeout(900)]
ROOT = Path(__file__).resolve().parents[2]


def run_child(home: Path, servers: DemoServers, die_after: int, now: datetime, looks: Path) -> int:
    environment = {**os.environ, **demo_environment(home, servers), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__).with_name("child.py")), str(die_after), now.isoformat(), str(looks)]
    return subprocess.run(command, env=environment, cwd=home.parent, check=False, capture_output=True).returncode


def first_day(home: Path, looks: Path, deaths: tuple[int, ...]) -> tuple[Played, list[int]]:
    day = season()[0]
    moment = [day.now]
    with demo_servers(clock=lambda: moment[0]) as servers:
        settings = settings_for(home, servers)
        with open_workshop(settings, looks=looks) as shop:
            import_lists(shop, home / "lists", day.now)
        for mail in day.mails:
            servers.letterbox.deliver(mail.make(lambda _address: ""), mail.received)
        codes = [run_child(home, servers, die_after, day.now, looks) for die_after in deaths]
        # After the wait, letters that were on their way when the sender died are found in the sent folder.
        codes.append(run_child(home, servers, 0, day.now, looks))
        codes.append(run_child(home, servers, 0, day.now + timedelta(minutes=20), looks))
        return look_back(settings, servers, day), codes


def test_killed_runs_end_in_the_same_register_and_no_letter_goes_twice(
    played: Played, looks: Path, tmp_path: Path
) -> None:
    del played  # Only so that the pages are read and remembered before the children start.
    deaths = (6, 15, 24, 33, 30, 27, 22)
    calm, calm_codes = first_day(tmp_path / "calm" / "data", looks, ())
    shaken, codes = first_day(tmp_path / "shaken" / "data", looks, deaths)

    assert calm_codes == [0, 0]
    assert codes[:4] == [-signal.SIGKILL] * 4, "the first runs must have died in the middle"
    assert codes[-2:] == [0, 0]
    assert dumps(comparable(shaken.register)) == dumps(comparable(calm.register))
    assert sorted(letter_texts([one]) for one in shaken.letters) == sorted(letter_texts([one]) for one in calm.letters)
