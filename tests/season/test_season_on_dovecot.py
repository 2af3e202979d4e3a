"""The same season through a real IMAP server: the same register, the same letters."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from flows.demo.season import season
from flows.demo.servers import demo_servers
from tests.season.playing import Played, comparable, dumps, letter_texts, play, settings_for
from tests.servers.dovecot import DOMAIN, PASSWORD, PROGRAM, running_dovecot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.dovecot,
    pytest.mark.xdist_group("season"),
    pytest.mark.timeout(900),
    pytest.mark.skipif(PROGRAM is None, reason="the program dovecot is not installed (system-packages.txt)"),
]


def test_dovecot_gives_the_same_register_and_letters(played: Played, looks: Path, tmp_path: Path) -> None:
    moment: list[datetime] = [season()[0].now]
    with running_dovecot() as dovecot, demo_servers(clock=lambda: moment[0]) as servers:
        user = dovecot.new_user()
        settings = settings_for(
            tmp_path / "data", servers, IMAP_PORT=str(dovecot.port), IMAP_USER=user, IMAP_PASSWORD=PASSWORD,
            OWN_ADDRESSES=servers.user, SMTP_FROM=servers.user,
        )  # fmt: skip

        def deliver(raw: bytes, received: datetime) -> None:
            client = dovecot.admin(user)
            client.append("INBOX", raw, (), received)
            client.logout()

        found = play(settings, servers, moment, looks, deliver)

    assert letter_texts(found.letters) == letter_texts(played.letters)
    here, there = comparable(found.register), comparable(played.register)
    assert dumps(here) == dumps(there)
    assert not re.search(DOMAIN, dumps(here)), "our own login stands in the register"
