"""A reading process that hostile bytes have taken over: no network, no other papers, none of our secrets."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.sandbox import isolation

_PROBE = """
import json, os, socket, subprocess, sys
from pathlib import Path
from parsers.sandbox import isolation
ports, home, own, user, ways = json.loads(sys.argv[1])
if user:
    os.setgid(user)
    os.setuid(user)
if "namespace" not in ways:
    isolation.leave_network = lambda _library: False
if "sockets" not in ways:
    isolation._refuse_sockets = lambda _library: False
held = isolation.isolate(Path(home), (Path(own),))
told = {"held": [held.namespace, held.sockets, held.folder]}
def tried(name, act):
    try:
        act()
        told[name] = "reached"
    except OSError as error:
        told[name] = type(error).__name__
def send(family, kind, address):
    with socket.socket(family, kind) as one:
        one.settimeout(3)
        one.connect(address) if kind == socket.SOCK_STREAM else one.sendto(b"x", address)
tried("tcp", lambda: send(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", ports[0])))
tried("udp", lambda: send(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", ports[1])))
tried("tcp6", lambda: send(socket.AF_INET6, socket.SOCK_STREAM, ("::1", ports[2])))
tried("udp6", lambda: send(socket.AF_INET6, socket.SOCK_DGRAM, ("::1", ports[1])))
tried("local", lambda: [one.close() for one in socket.socketpair()])
call = "import socket; socket.create_connection(('127.0.0.1', %d), 3)" % ports[0]
again = subprocess.run([sys.executable, "-c", call], capture_output=True)
told["grandchild"] = again.returncode
tried("others", lambda: Path(home, "zhengji.db").read_bytes())
tried("list", lambda: list(Path(home).iterdir()))
tried("overwrite", lambda: Path(home, "zhengji.db").write_bytes(b""))
tried("around", lambda: Path(f"/proc/self/root/{home}/zhengji.db").read_bytes())
tried("input", lambda: Path(own, "mail").read_bytes())
tried("write", lambda: Path(own, "leaf").write_bytes(b"x"))
print(json.dumps(told))
"""


def _probed(tmp_path: Path, user: int, ways: tuple[str, ...]) -> dict[str, object]:
    home, own = tmp_path / "data", tmp_path / "data" / "spool" / "run"
    own.mkdir(parents=True)
    (home / "zhengji.db").write_bytes(b"papers")
    (own / "mail").write_bytes(b"mail")
    for path in (tmp_path, home, own.parent, own, *home.glob("*.db")):
        path.chmod(0o777)
    with (
        socket.create_server(("127.0.0.1", 0)) as four,
        socket.create_server(("::1", 0), family=socket.AF_INET6) as six,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        datagrams.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1] for one in (four, datagrams, six)]
        asked = json.dumps([ports, str(home), str(own), user, ways])
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        ended = subprocess.run(
            [sys.executable, "-c", _PROBE, asked], capture_output=True, text=True, check=True, env=environment
        )
    told: dict[str, object] = json.loads(ended.stdout)
    return told


@pytest.mark.skipif(platform.machine() not in isolation._MACHINES, reason="the filter knows two machines")
@pytest.mark.parametrize("user", [0, 65534])
def test_where_no_namespace_can_be_had_a_filter_leaves_only_local_sockets(user: int, tmp_path: Path) -> None:
    told = _probed(tmp_path, user if os.getuid() == 0 and _open_to_all() else 0, ("sockets",))

    assert told["held"][:2] == [False, True]  # type: ignore[index]
    assert {name: told[name] for name in ("tcp", "udp", "tcp6", "udp6", "local", "grandchild")} == {
        "tcp": "PermissionError",
        "udp": "PermissionError",
        "tcp6": "PermissionError",
        "udp6": "PermissionError",
        "local": "reached",
        "grandchild": 1,
    }


def test_a_namespace_alone_reaches_nothing_either(tmp_path: Path) -> None:
    told = _probed(tmp_path, 0, ("namespace",))
    if not told["held"][0]:  # type: ignore[index]
        pytest.skip("this system gives no process a network of its own")

    assert {name: told[name] for name in ("tcp", "udp", "tcp6", "udp6")} == dict.fromkeys(
        ("tcp", "udp", "tcp6", "udp6"), "OSError"
    )


def test_with_nothing_taken_away_the_probe_reaches_everything_so_that_it_proves_something(tmp_path: Path) -> None:
    told = _probed(tmp_path, 0, ())

    assert (told["tcp"], told["udp"], told["tcp6"], told["grandchild"]) == ("reached", "reached", "reached", 0)


def test_of_the_data_folder_a_child_sees_its_own_input_only(tmp_path: Path) -> None:
    told = _probed(tmp_path, 0, ("sockets",))
    if not told["held"][2]:  # type: ignore[index]
        pytest.skip("this kernel has no Landlock")

    names = ("others", "list", "overwrite", "around", "input", "write")
    assert {name: told[name] for name in names} == {
        "others": "PermissionError",
        "list": "PermissionError",
        "overwrite": "PermissionError",
        "around": "PermissionError",
        "input": "reached",
        "write": "reached",
    }
    assert (tmp_path / "data" / "zhengji.db").read_bytes() == b"papers"


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_works_in_a_child_from_which_all_this_was_taken(tmp_path: Path) -> None:
    code = (
        "import sys, tempfile; from pathlib import Path\n"
        "from parsers.sandbox.isolation import isolate\n"
        "from parsers.word import libreoffice\n"
        "home = Path(sys.argv[1]); own = home / 'spool'; own.mkdir(); tempfile.tempdir = str(own)\n"
        "isolate(home, (own,))\n"
        "print((libreoffice.to_docx(b'{\\\\rtf1 hello}', 'doc') or b'nothing')[:2])"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, env=environment
    )

    assert ended.stdout.strip() == "b'PK'"


def test_a_child_forgets_our_passwords_also_where_the_system_shows_how_it_was_started() -> None:
    code = (
        "from pathlib import Path; import os\n"
        "from config.process import forget_environment\n"
        "forget_environment({'LANG': 'C.UTF-8'})\n"
        "print(dict(os.environ), b'code-of-ours' in Path('/proc/self/environ').read_bytes())"
    )
    environment = os.environ | {
        "ZHENGJI_IMAP_PASSWORD": "code-of-ours",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)

    assert ended.stdout.strip() == "{'LANG': 'C.UTF-8'} False"


def _open_to_all() -> bool:
    """Whether another user may run this Python and read these sources."""
    asks = "import os; os.setgid(65534); os.setuid(65534); import parsers.sandbox.isolation"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return (
        subprocess.run([sys.executable, "-c", asks], check=False, capture_output=True, env=environment).returncode == 0
    )
