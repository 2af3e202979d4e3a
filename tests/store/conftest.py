"""Stores to test on: SQLite always; PostgreSQL where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store.engine import Store, open_store
from tests.cases.telling import Teller
from tests.store.blank import blank_store


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    program = shutil.which("initdb")
    return Path(program).parent if program else None


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A private server in a folder of its own, on a free port of 127.0.0.1; ended by its own pg_ctl."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (initdb was not found)")
    folder = Path(tempfile.mkdtemp(prefix="zhengji-pg-"))
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            pytest.skip("PostgreSQL needs a user other than root, and there is none")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*words: str) -> None:
        subprocess.run(
            words,
            check=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            **user,
        )  # type: ignore[call-overload]

    run(str(programs / "initdb"), "-D", str(data), "-U", "zhengji", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    run(str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://zhengji@127.0.0.1:{port}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


_serial = iter(range(1, 1_000_000))


@pytest.fixture(scope="session")
def postgres_template(postgres_address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database at the newest revision, of which every test gets a copy."""
    with psycopg.connect(f"{postgres_address}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE newest")
    open_store(f"{postgres_address}/newest", tmp_path_factory.mktemp("newest")).close()
    return "newest"


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """A database at the newest revision: SQLite (empty: the default below the home folder) or PostgreSQL."""
    if request.param == "sqlite":
        return ""
    server, template = request.getfixturevalue("postgres_address"), request.getfixturevalue("postgres_template")
    name = f"test{next(_serial)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server}/{name}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that asks for a store on SQLite and, marked ``postgres`` and ``slow``, on PostgreSQL."""
    if "address" in metafunc.fixturenames:
        other = pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])
        metafunc.parametrize("address", ["sqlite", other], indirect=True)


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store at the newest revision."""
    opened = open_store(address, tmp_path / "home") if address else blank_store(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def teller(store: Store) -> Teller:
    """Files told mails in the store."""
    return Teller(store)
