"""A real Prefect server and the real ``zhengji serve``: a scheduled run happens, sees a mail, and answers it.

This is the only test that would notice dependencies with which the server starts, looks healthy, and never fires a
schedule (SQLAlchemy 2.1, see ``pyproject.toml``).
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.demo.posting import Draft, post
from flows.demo.servers import demo_servers
from flows.demo.world import demo_environment
from flows.steps.orchestrator import free_port

pytestmark = [pytest.mark.slow, pytest.mark.prefect, pytest.mark.timeout(420)]
AUTH = "zhengji:only-for-this-test"
CLIENT = "test"
QUESTION = "老师您好，请问市级专精特新企业可以申报吗？谢谢！\n"


def ask(api: str, path: str, body: dict[str, Any] | None = None, auth: str = AUTH, token: str = "") -> tuple[int, Any]:
    request = urllib.request.Request(f"{api}{path}", data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Prefect-Csrf-Client", CLIENT)
    request.add_header("Prefect-Csrf-Token", token)
    if auth:
        request.add_header("Authorization", "Basic " + base64.b64encode(auth.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, None


def scheduled_runs(api: str) -> list[dict[str, Any]]:
    _, given = ask(api, f"/csrf-token?client={CLIENT}")
    wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "limit": 50}
    _, runs = ask(api, "/flow_runs/filter", wanted, token=given["token"])
    return [run for run in runs or [] if run["auto_scheduled"]]


def test_serve_fires_a_schedule_that_answers_a_mail_behind_a_login(tmp_path: Path) -> None:
    port = free_port()
    with demo_servers() as servers:
        now = datetime.now(tz=UTC)
        servers.letterbox.deliver(post(Draft("小周", "zhou@ask.example", "咨询申报条件", QUESTION, now)), now)
        settings = demo_environment(tmp_path / "data", servers) | {
            "ZHENGJI_POLL_SECONDS": "15",
            "ZHENGJI_PREFECT_AUTH": AUTH,
            "ZHENGJI_UI_PORT": str(port),
        }
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")} | settings
        log = (tmp_path / "serve.log").open("wb")
        command = [sys.executable, "-c", "from flows.cli import main; main()", "serve"]
        process = subprocess.Popen(command, env=environment, cwd=Path.cwd(), stdout=log, stderr=log)
        api = f"http://127.0.0.1:{port}/api"
        try:
            found: list[dict[str, Any]] = []
            deadline = time.monotonic() + 300
            while time.monotonic() < deadline and not (found and servers.letters):
                time.sleep(3)
                assert process.poll() is None, (tmp_path / "serve.log").read_text(encoding="utf-8")[-3000:]
                try:
                    found = scheduled_runs(api)
                except (urllib.error.URLError, OSError):
                    continue
            refused, _ = ask(api, "/admin/version", auth="")
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    assert found, "no scheduled run completed: " + (tmp_path / "serve.log").read_text(encoding="utf-8")[-3000:]
    assert [letter.recipient for letter in servers.letters] == ["zhou@ask.example"]
    assert refused == 401, "the API must not answer without the login"
