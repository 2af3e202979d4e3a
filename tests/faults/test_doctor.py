"""The doctor is honest both ways: a healthy home is healthy, and each thing that is wrong is named with its cure."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.steps.dry_run.doctor import examine_surroundings
from flows.steps.holding import the_only_serve
from flows.steps.intake import pause
from flows.steps.workshop import open_workshop
from store import watermarks

NOW = datetime(2026, 5, 12, 7, 0, tzinfo=UTC)


def looked(home: Path, **more: str) -> dict[str, list[tuple[bool | None, str]]]:
    """What the doctor says of this home, by name, without the folder of this test."""
    settings = load_settings({"ZHENGJI_HOME": str(home), **more})
    said: dict[str, list[tuple[bool | None, str]]] = {}
    for check in examine_surroundings(settings, now=NOW):
        said.setdefault(check.name, []).append((check.ok, check.sentence.replace(str(home), "…")))
    return said


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_workshop(load_settings({"ZHENGJI_HOME": str(tmp_path / "data")})):
        pass
    return tmp_path / "data"


def _damage(home: Path) -> None:
    whole = (home / "zhengji.db").read_bytes()
    (home / "zhengji.db").write_bytes(whole[: len(whole) // 2] + b"\xff" * (len(whole) - len(whole) // 2))


def _future(home: Path) -> None:
    with closing(sqlite3.connect(home / "zhengji.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def _old(home: Path) -> None:
    with closing(sqlite3.connect(home / "zhengji.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda home: (home / "zhengji.db").write_bytes(b"%PDF-1.7 none of ours" * 300),
            "已损坏或磁盘有故障：请停止服务，从备份恢复",
        ),
        (_damage, "已损坏或磁盘有故障：请停止服务，从备份恢复"),
        (_future, "结构版本 9999 比本程序新"),
        (_old, "结构是旧版本的：下次启动"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_with_its_right_cure(
    home: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(home)
    for beside in ("zhengji.db-wal", "zhengji.db-shm"):
        (home / beside).unlink(missing_ok=True)
    said = looked(home)["数据库"]

    assert [ok for ok, _ in said] == [False]
    assert words in said[0][1]


def test_the_secret_is_looked_at_for_what_it_is(home: Path) -> None:
    secret = home / "secret"
    seen = []
    for content, mode in ((b"a" * 64, 0o600), (b"a" * 64, 0o644), (b"", 0o600)):
        secret.write_bytes(content)
        secret.chmod(mode)
        seen += looked(home)["密钥"]

    assert seen == [
        (True, "在 …/secret，只有本用户能读。"),
        (False, "…/secret 其他用户也能读：请运行 chmod 600 …/secret。"),
        (False, "…/secret 是空的：请从备份恢复，没有备份则删去它，重新生成。"),
    ]


def test_a_folder_open_to_others_is_told(home: Path) -> None:
    home.chmod(0o755)

    assert any("chmod 700" in sentence for _, sentence in looked(home)["数据文件夹"])


def test_pauses_and_a_clock_that_was_ahead_are_told(home: Path) -> None:
    with open_workshop(load_settings({"ZHENGJI_HOME": str(home)})) as shop, shop.store.transaction() as session:
        watermarks.put_moment(session, pause.PAUSE_KEY, NOW + timedelta(days=40), NOW)
        watermarks.put_moment(session, pause.SUCCESS_KEY, NOW + timedelta(days=40), NOW)
    said = looked(home)

    assert [ok for ok, _ in said["收信暂停"]] == [None]
    assert "时钟走错了" in said["收信暂停"][0][1]
    assert [ok for ok, _ in said["时钟"]] == [False]


def test_who_has_port_and_folder_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = looked(home, ZHENGJI_UI_PORT=port)["服务"]
        with the_only_serve(home, NOW):
            running = looked(home, ZHENGJI_UI_PORT=port)["服务"]
    elsewhere = looked(home, ZHENGJI_PREFECT_API_URL="http://127.0.0.1:1/api")["服务"]

    assert busy[0][0] is False
    assert f"端口 {port} 已被别的程序占用" in busy[0][1]
    assert running[0][0] is True
    assert "正在运行（主机 " in running[0][1]
    assert elsewhere[0][0] is False
    assert "没有应答" in elsewhere[0][1]
