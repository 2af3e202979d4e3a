"""Whatever the machine refuses is one Chinese sentence with its cure: no traceback reaches a person."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.refusals import our_own_fault, sentences_of
from tests.faults.commands import told, zhengji

pytestmark = pytest.mark.slow


def _not_a_database(home: Path) -> None:
    (home / "zhengji.db").write_bytes(b"%PDF-1.7 nothing of ours" * 300)


def _damaged(home: Path) -> None:
    zhengji("register", cwd=home.parent, ZHENGJI_HOME=str(home))
    whole = (home / "zhengji.db").read_bytes()
    (home / "zhengji.db").write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    for beside in ("zhengji.db-wal", "zhengji.db-shm"):
        (home / beside).unlink(missing_ok=True)


def _of_the_future(home: Path) -> None:
    zhengji("register", cwd=home.parent, ZHENGJI_HOME=str(home))
    with sqlite3.connect(home / "zhengji.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


_BROKEN = "数据库文件已损坏或磁盘有故障：请停止服务，从备份恢复 zhengji.db；来信原件在 blobs 里。"
_FUTURE = "数据库的结构版本 9999 比本程序新，请改用写入它的那个版本或更新的版本。"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(_not_a_database, f"{_BROKEN}（…/zhengji.db）"), (_damaged, _BROKEN), (_of_the_future, _FUTURE)],
)
@pytest.mark.parametrize(
    "command", [("register",), ("show", "1"), ("desk", "sending", "--by", "李", "--reason", "暂停")]
)
def test_a_database_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, spoil: Callable[[Path], None], sentence: str, command: tuple[str, ...]
) -> None:
    home = tmp_path / "data"
    home.mkdir()
    spoil(home)
    done = zhengji(*command, cwd=tmp_path, ZHENGJI_HOME=str(home))
    code, lines = told(done, home)

    assert code == 2
    assert len(lines) == 1
    assert lines[0].removesuffix("（…/zhengji.db）") == sentence.removesuffix("（…/zhengji.db）")


@pytest.mark.parametrize(
    ("home", "words"),
    [
        ("/proc/zhengji", "/proc/zhengji 不存在或不能建立"),
        ("/dev/null/data", "/dev/null/data"),
        ("/sys/zhengji", "/sys/zhengji"),
    ],
)
def test_a_data_folder_that_cannot_be_is_one_sentence(tmp_path: Path, home: str, words: str) -> None:
    code, lines = told(zhengji("register", cwd=tmp_path, ZHENGJI_HOME=home), tmp_path)

    assert (code, len(lines)) == (2, 1)
    assert words in lines[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("register", "--xlsx", "/proc/none/台账.xlsx"),
        ("digest", "--html", "/proc/none/简报.html"),
        ("export", "--into", "/proc/none"),
        ("letters", "--into", "/proc/none/letters"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, lines = told(zhengji(*arguments, cwd=tmp_path), tmp_path)

    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("/proc/none")


def test_a_full_disk_below_the_output_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", "letters", "--help"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (
        2,
        "磁盘已满，写不进 输出：请清理磁盘后再运行一次；已收的都在，没有收的来信都还在邮箱里。\n",
    )


def test_a_fault_of_ours_is_a_sentence_and_its_details_lie_masked_in_a_file() -> None:
    error = KeyError("zhou@example.com 13812345678")
    sentence = our_own_fault(error)
    path = Path(sentence.partition("详情在 ")[2].partition("：")[0])
    kept = path.read_text("utf-8")
    path.unlink()

    assert sentences_of(error) == ()
    assert sentence.startswith("程序本身出错（KeyError），详情在 ")
    assert "z***@example.com 138****5678" in kept
    assert "13812345678" not in kept + sentence
