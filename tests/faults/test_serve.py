"""``zhengji serve`` beside others: a taken port, a second one, a server elsewhere that is down, one that dies."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.servers import demo_servers
from flows.demo.world import demo_environment
from flows.steps import holding
from flows.steps.orchestrator import free_port
from tests.faults.commands import ROOT, told, zhengji

NOW = datetime(2026, 5, 12, 7, 0, tzinfo=UTC)
SETTINGS = {
    "ZHENGJI_IMAP_HOST": "127.0.0.1",
    "ZHENGJI_IMAP_USER": "a@example.com",
    "ZHENGJI_IMAP_PASSWORD": "x",
    "ZHENGJI_REPLY_MODE": "off",
}


def test_a_second_serve_on_one_data_folder_is_told_who_has_it_and_since_when(tmp_path: Path) -> None:
    with holding.the_only_serve(tmp_path / "data", NOW):
        started = time.monotonic()
        done = zhengji("serve", cwd=tmp_path, **SETTINGS)
    code, lines = told(done, tmp_path)

    assert (code, len(lines)) == (2, 1)
    since = f"{NOW.astimezone():%Y-%m-%d %H:%M:%S}"
    mine = f"主机 {socket.gethostname()}，进程 {os.getpid()}，自 {since} 起"
    assert lines[0].startswith(f"数据文件夹 …/data 已有一个 zhengji serve 在运行（{mine}）")
    assert time.monotonic() - started < 30


def test_the_folder_is_free_again_once_its_holder_is_gone_however_it_went(tmp_path: Path) -> None:
    code = (
        "import sys, time; from datetime import datetime, UTC; from pathlib import Path\n"
        "from flows.steps.holding import the_only_serve\n"
        "with the_only_serve(Path(sys.argv[1]), datetime.now(UTC)):\n    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(holding.HeldError), holding.the_only_serve(tmp_path, NOW):
        pass
    holder.kill()
    holder.communicate()
    with holding.the_only_serve(tmp_path, NOW):
        pass


def test_a_port_that_another_program_has_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, lines = told(zhengji("serve", cwd=tmp_path, **SETTINGS, ZHENGJI_UI_PORT=str(port)), tmp_path)

    assert (code, lines) == (
        2,
        [f"端口 {port} 已被别的程序占用：请停止它，或在 .env 中用 ZHENGJI_UI_PORT 换一个端口，再启动。"],
    )


def test_a_server_elsewhere_that_is_down_is_told_in_seconds(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/api"
    started = time.monotonic()
    code, lines = told(zhengji("serve", cwd=tmp_path, **SETTINGS, ZHENGJI_PREFECT_API_URL=url), tmp_path)

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"Prefect 服务 {url} 没有应答：请确认它已启动、网络通畅、地址无误")
    assert time.monotonic() - started < 30


def test_only_the_very_process_that_was_written_down_is_ended(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    holding.remember_server(tmp_path, left.pid)
    kept = (tmp_path / "prefect" / "server.json").read_text()
    (tmp_path / "prefect" / "server.json").write_text(kept.replace('"started": "', '"started": "1'))

    assert holding.end_left_server(tmp_path) is None
    assert left.poll() is None

    (tmp_path / "prefect" / "server.json").write_text(kept)

    assert holding.end_left_server(tmp_path) == left.pid
    assert left.wait(10) == -signal.SIGTERM
    assert holding.end_left_server(tmp_path) is None


@contextlib.contextmanager
def served(tmp_path: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    with demo_servers() as servers:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "ZHENGJI"))}
        settings = demo_environment(tmp_path / "data", servers) | {"ZHENGJI_UI_PORT": str(port)}
        log = tmp_path / f"serve-{time.monotonic_ns()}.log"
        command = [sys.executable, "-c", "from flows.cli import main; main()", "serve"]
        with log.open("wb") as sink:
            process = subprocess.Popen(command, env=kept | settings, cwd=ROOT, stdout=sink, stderr=sink)
        try:
            yield process, log
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def until(true: object, seconds: float = 150) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.3)
    return False


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(500)
def test_server_and_serve_end_with_each_other_and_nothing_is_left_behind(tmp_path: Path) -> None:
    port = free_port()
    written = tmp_path / "data" / "prefect" / "server.json"
    with served(tmp_path, port) as (process, log):
        assert until(lambda: "界面" in log.read_text()), log.read_text()
        process.kill()
        process.wait()

        assert until(lambda: holding.port_is_free(port), 15), "the server did not end with its serve"

    with served(tmp_path, port) as (process, log):
        assert until(lambda: "界面" in log.read_text()), log.read_text()
        time.sleep(8)
        os.killpg(int(written.read_text().partition('"process": ')[2].partition(",")[0]), signal.SIGKILL)

        assert process.wait(20) == 2
        assert "Prefect 服务中途停止了" in log.read_text()
        assert "Traceback" not in log.read_text()

    with served(tmp_path, port) as (process, log):
        assert until(lambda: "界面" in log.read_text()), log.read_text()
        time.sleep(8)
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
        assert until(lambda: holding.port_is_free(port), 15)
