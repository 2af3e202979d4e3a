"""Who runs here (占用): one serve a data folder, one owner a port; a server that a killed parent left is ended.

What tells living from dead is a lock of the system on a file in the data folder: it goes with its process, however
that ends, and holds across containers with process numbers and host names of their own.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

_END_SECONDS = 10.0


class HeldError(Exception):
    """Something else runs here already. The message is one Chinese sentence with the cure."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs here, as it is told to whoever comes second."""

    host: str
    process: int
    since: str


@contextlib.contextmanager
def the_only_serve(home: Path, now: datetime) -> Iterator[None]:
    """Hold the data folder for one serve; ``HeldError`` where another one lives."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".serve.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise HeldError(_second(lock.read(), home)) from error
        lock.truncate(0)
        lock.write(
            json.dumps(asdict(Holder(socket.gethostname(), os.getpid(), f"{now.astimezone():%Y-%m-%d %H:%M:%S}")))
        )
        lock.flush()
        yield


def serve_that_runs(home: Path) -> str:
    """Say which serve holds the data folder; empty where none does. Changes nothing."""
    try:
        with (home / ".serve.lock").open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder((home / ".serve.lock").read_text("utf-8"))
        return (
            f"正在运行（主机 {holder.host}，进程 {holder.process}，自 {holder.since} 起）。" if holder else "正在运行。"
        )
    except OSError:
        return ""
    return ""


def _holder(told: str) -> Holder | None:
    try:
        return Holder(**json.loads(told))
    except (ValueError, TypeError):
        return None


def _second(told: str, home: Path) -> str:
    holder = _holder(told)
    if holder is None:
        return f"数据文件夹 {home} 已有一个 zhengji serve 在运行：请用那一个，或先停止它再启动。"
    return (
        f"数据文件夹 {home} 已有一个 zhengji serve 在运行（主机 {holder.host}，进程 {holder.process}，"
        f"自 {holder.since} 起）：请用那一个，或先停止它（kill {holder.process}）再启动。"
    )


def port_is_free(port: int) -> bool:
    """Whether nobody listens at this port of the loopback interface."""
    with socket.socket() as probe:
        # A port that is only waiting for its last packets is free; one with a listener never is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def remember_server(home: Path, process: int) -> None:
    """Write down which server was started for this data folder, for the case that we are killed."""
    (home / "prefect" / "server.json").write_text(json.dumps({"process": process, "started": started(process)}))


def end_left_server(home: Path) -> int | None:
    """End the server that a killed serve of this data folder left; return its number, None where there is none.

    Only whoever holds the data folder may call this: the server's own serve is dead then. Number and start must both
    be those that were written down, so that no other program is ever ended.
    """
    try:
        kept = json.loads((home / "prefect" / "server.json").read_text())
        process, start = int(kept["process"]), str(kept["started"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if not start or started(process) != start:
        return None
    for number in (signal.SIGTERM, signal.SIGKILL):
        # It was started as the head of a group of its own.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process, number)
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if started(process) != start:
                return process
            time.sleep(0.1)
    return process


def started(process: int) -> str:
    """Return when a process started, in clock ticks since boot; empty where there is none that runs."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]
