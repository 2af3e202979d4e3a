"""The local Prefect server as a child process (调度服务): started, waited for, ended.

Prefect itself is not imported here.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from config.process import child_environment
from flows.steps import holding

START_SECONDS = 120
"""A first start makes a database and compiles modules: 17 s measured, up to 40 s on a busy machine."""


MERCY_SECONDS = 8
"""How long whoever runs flows may take to notice that the server is gone."""


class OrchestratorError(Exception):
    """The Prefect server did not come up. The message is one Chinese sentence with the cure."""


def server_environment(home: Path, port: int, *, auth: str = "", host: str = "127.0.0.1") -> dict[str, str]:
    """Return what Prefect must be told by its environment, for the server and for whoever runs flows.

    Batched recorders (four times less work per task run), leases that survive a restart, no telemetry, no promotion,
    and no hidden second server when the address is missing. Set before Prefect is imported.
    """
    environment = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_HOST": host,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
        "PREFECT_RUNNER_POLL_FREQUENCY": "5",
        "PREFECT_LOGGING_LOG_PRINTS": "true",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
        "PYTHONSAFEPATH": "1",
    }
    if set("?#%$") & set(str(home)):
        # Prefect would put the folder's name into an address as it is.
        file = quote(str(home / "prefect" / "prefect.db"))
        environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///file:{file}?uri=true"
    if auth:
        environment["PREFECT_SERVER_API_AUTH_STRING"] = auth
        environment["PREFECT_API_AUTH_STRING"] = auth
        environment["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] = "true"
    return environment


def free_port(wanted: int = 0) -> int:
    """Return the wanted port of the loopback interface where it is free, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    sentence = "本机没有可用的端口，请稍后再试。"
    raise OrchestratorError(sentence)


@contextlib.contextmanager
def running_server(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run a Prefect server until the block ends; gives its API address once it answers.

    ``OrchestratorError`` where it does not answer in time; its own words are in ``log``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    # Prefect's database is made inside this folder, but the folder itself is not.
    Path(environment["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    home = Path(environment["PREFECT_HOME"]).parent
    holding.end_left_server(home)
    require_port(int(environment["PREFECT_SERVER_API_PORT"]))
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            env=child_environment(environment),
            stdout=sink,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call of the system, before any thread of the child
        )
    holding.remember_server(home, process.pid)
    watch = _Watch(process)
    try:
        url = environment["PREFECT_API_URL"]
        _wait_until_healthy(url, process, log)
        watch.start()
        yield url
    finally:
        watch.stop()
        _end(process)
        if watch.died:
            sentence = (
                f"Prefect 服务中途停止了（退出码 {process.returncode}），原因见 {log}：请重新运行 zhengji serve。"
            )
            raise OrchestratorError(sentence)


def require_port(port: int) -> None:
    """Refuse at once where somebody listens at this port; whoever answers there is not ours."""
    if holding.port_is_free(port):
        return
    who = "另一个 Prefect 服务" if server_answers(f"http://127.0.0.1:{port}/api") else "别的程序"
    sentence = f"端口 {port} 已被{who}占用：请停止它，或在 .env 中用 ZHENGJI_UI_PORT 换一个端口，再启动。"
    raise OrchestratorError(sentence)


def require_server(url: str) -> None:
    """Refuse at once where the server elsewhere does not answer; flows would wait for it for minutes."""
    if not server_answers(url):
        sentence = (
            f"Prefect 服务 {url} 没有应答：请确认它已启动、网络通畅、地址无误（ZHENGJI_PREFECT_API_URL 或 "
            "PREFECT_API_URL）；不写地址则在本机启动一个。"
        )
        raise OrchestratorError(sentence)


class _Watch:
    """Looks whether the server lives; where it dies, the main thread is interrupted as by Ctrl-C, and at last ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.died = False
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="zhengji-server-watch", daemon=True)

    def start(self) -> None:
        """Begin to look, once the server answers."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more: the server is ended on purpose."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(1):
            if self._process.poll() is None:
                continue
            self.died = True
            signal.pthread_kill(_main(), signal.SIGINT)
            if not self._over.wait(MERCY_SECONDS):
                # Whoever runs flows waits for a server that is gone; what was begun is taken up at the next start.
                sys.stderr.write("Prefect 服务中途停止了：请重新运行 zhengji serve。\n")
                os._exit(2)
            return


def _main() -> int:
    return threading.main_thread().ident or 0


def _end_with_parent() -> None:
    """Ask the system to end this process when the one that started it ends, however that happens."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


def server_answers(url: str) -> bool:
    """Whether a Prefect server answers at this API address."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=3) as answer:  # noqa: S310 - our own http address
            return bool(json.loads(answer.read()) is True)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sentence = f"Prefect 服务没有启动成功（退出码 {process.returncode}），原因见 {log}。"
            raise OrchestratorError(sentence)
        if server_answers(url):
            return
        time.sleep(0.3)
    sentence = f"Prefect 服务在 {START_SECONDS} 秒内没有应答，原因见 {log}。"
    raise OrchestratorError(sentence)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
