"""Session fixtures for the real servers; a conftest that needs them imports them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import PROGRAM, Dovecot, running_dovecot
from tests.servers.provider import EXMAIL, NETEASE, QQ, Provider, running_provider

needs_dovecot = [
    pytest.mark.dovecot,
    pytest.mark.skipif(PROGRAM is None, reason="the program dovecot is not installed (apt install dovecot-imapd)"),
]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def netease(dovecot: Dovecot) -> Iterator[Provider]:
    with running_provider(NETEASE, dovecot.port) as provider:
        yield provider


@pytest.fixture(scope="session")
def qq(dovecot: Dovecot) -> Iterator[Provider]:
    with running_provider(QQ, dovecot.port) as provider:
        yield provider


@pytest.fixture(scope="session")
def exmail(dovecot: Dovecot) -> Iterator[Provider]:
    with running_provider(EXMAIL, dovecot.port) as provider:
        yield provider
