"""The local Prefect server as a child process (调度服务): started, waited for, ended.

Prefect itself is not imported here.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from config.process import child_environment

START_SECONDS = 120
"""A first start makes a database and compiles modules: 17 s measured, up to 40 s on a busy machine."""


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
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            env=child_environment(environment),
            stdout=sink,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        url = environment["PREFECT_API_URL"]
        _wait_until_healthy(url, process, log)
        yield url
    finally:
        _end(process)


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
