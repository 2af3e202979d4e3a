from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.demo.servers import demo_servers
from flows.transport.imap import open_mailbox
from flows.transport.tls import Account, Encryption
from tests.contract.worlds import BoxWorld, DovecotWorld, World, fake_world
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import dovecot, exmail, needs_dovecot, netease, qq

__all__ = ["dovecot", "exmail", "netease", "qq"]

SERVED = [
    pytest.param("demo"),
    pytest.param("dovecot", marks=needs_dovecot),
    pytest.param("netease", marks=[*needs_dovecot, pytest.mark.slow]),
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
