from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.demo.servers import demo_servers
from flows.transport.imap import open_mailbox
from flows.transport.tls import Account, Encryption
from tests.contract.worlds import BoxWorld, DovecotWorld, World, fake_world
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


SERVED = [
    pytest.param("demo"),
    pytest.param("dovecot", marks=needs_dovecot),
    pytest.param("netease", marks=needs_dovecot),
    pytest.param("qq", marks=[*needs_dovecot, pytest.mark.slow]),
    pytest.param("exmail", marks=[*needs_dovecot, pytest.mark.slow]),
]


@pytest.fixture(params=[pytest.param("fake"), *SERVED])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    yield from _make(request)


@pytest.fixture(params=SERVED)
def served(request: pytest.FixtureRequest) -> Iterator[World]:
    """The worlds that are reached over a line."""
    yield from _make(request)


@pytest.fixture
def on_dovecot(dovecot: Dovecot) -> Iterator[DovecotWorld]:
    made = DovecotWorld("dovecot", dovecot, dovecot.port)
    yield made
    made.close()


def _make(request: pytest.FixtureRequest) -> Iterator[World]:
    name = request.param
    if name == "fake":
        made = fake_world()
        yield made
        made.close()
    elif name == "demo":
        with demo_servers(user="me@163.example", password="kxqzvbnmasdfghjk") as servers:

            def connect(**changes: object) -> object:
                values: dict[str, object] = {
                    "host": "127.0.0.1",
                    "port": servers.imap_port,
                    "user": servers.user,
                    "password": servers.password,
                    "encryption": Encryption.NONE,
                }
                return open_mailbox(Account(**(values | changes)))  # type: ignore[arg-type]

            box = BoxWorld("demo", servers.letterbox, connect, servers.imap_port)  # type: ignore[arg-type]
            yield box
            box.close()
    else:
        dovecot: Dovecot = request.getfixturevalue("dovecot")
        port = dovecot.port if name == "dovecot" else request.getfixturevalue(name).port
        made = DovecotWorld(name, dovecot, port, tells_uidvalidity=name in {"dovecot", "qq"})
        yield made
        made.close()
