"""One season for all its tests: the scanned pages are read once and remembered by content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.demo.season import season
from flows.demo.servers import DemoServers, demo_servers
from tests.season.playing import Played, play, settings_for


@pytest.fixture(scope="session")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("looks")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, looks: Path) -> Iterator[tuple[Played, DemoServers, Path]]:
    moment: list[datetime] = [season()[0].now]
    with demo_servers(clock=lambda: moment[0]) as servers:
        home = tmp_path_factory.mktemp("season") / "data"
        yield play(settings_for(home, servers), servers, moment, looks), servers, looks


@pytest.fixture(scope="session")
def played(world: tuple[Played, DemoServers, Path]) -> Played:
    return world[0]
