"""Bad input at the command line: one sentence with the cure, exit code 2, nothing half done, no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.load import CALLS
from flows.demo.servers import demo_servers
from flows.demo.world import demo_environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def zhengji(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ZHENGJI_", "PREFECT_"))}
    environment = {**kept, **settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def test_a_wrong_setting_is_named_with_its_cure(tmp_path: Path) -> None:
    done = zhengji("register", cwd=tmp_path, ZHENGJI_REPLY_MODE="loud", ZHENGJI_IMAP_HOTS="x")

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "ZHENGJI_IMAP_HOTS：没有这项设置；是否应为 ZHENGJI_IMAP_HOST？",
        "ZHENGJI_REPLY_MODE：应为 send、approve、draft、off 之一，现为“loud”；请改正。",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = zhengji("register", cwd=tmp_path, ZHENGJI_CALL="no-such-call")

    assert done.returncode == 2
    assert "no-such-call" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_fault_of_a_call_folder_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "call"
    folder.mkdir()
    (folder / "call.toml").write_text('id = "x"\n', encoding="utf-8")
    (folder / "notice.md").write_text("通知\n", encoding="utf-8")
    done = zhengji("register", cwd=tmp_path, ZHENGJI_CALL=str(folder))

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) > 5
    assert all(line.startswith("call.toml") for line in done.stderr.splitlines())


@pytest.mark.parametrize("command", [("letters", "--check"), ("register",), ("whatif", "."), ("serve",)])
def test_a_rule_code_that_no_rule_answers_is_refused_wherever_the_call_is_opened(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = Path(shutil.copytree(CALLS / "cases-2026", tmp_path / "mine"))
    text = (folder / "call.toml").read_text("utf-8")
    (folder / "call.toml").write_text(text.replace('code = "F03"', 'code = "F30"'), "utf-8")
    theirs = {"ZHENGJI_HOME": str(tmp_path / "data")}
    mail = {"ZHENGJI_IMAP_HOST": "127.0.0.1", "ZHENGJI_IMAP_USER": "a@example.com", "ZHENGJI_IMAP_PASSWORD": "x"}
    done = zhengji(*command, cwd=folder, **theirs, **mail, ZHENGJI_REPLY_MODE="off", ZHENGJI_CALL=str(folder))

    assert done.returncode == 2
    assert done.stderr.splitlines() == ["call.toml：rules.F30：没有规则 F30，这一项不会核对；是否应为 F03？"]


def test_settings_that_receiving_needs_are_asked_for(tmp_path: Path) -> None:
    done = zhengji("run", "--once", cwd=tmp_path)

    assert done.returncode == 2
    assert "ZHENGJI_IMAP_HOST：未设置；请填写收信服务器，如 imap.163.com。" in done.stderr.splitlines()


def test_a_wrong_password_is_one_sentence_and_nothing_is_taken_in(tmp_path: Path) -> None:
    with demo_servers() as servers:
        settings = demo_environment(tmp_path / "data", servers) | {"ZHENGJI_IMAP_PASSWORD": "zhima-kaimen"}
        done = zhengji("run", "--once", cwd=tmp_path, **settings)
        after = zhengji("register", cwd=tmp_path, **settings)

    assert done.returncode == 2
    assert "密码不对或已失效" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "zhima-kaimen" not in done.stdout + done.stderr
    assert after.stdout.splitlines()[-1] == "共 0 件（还没有申报），来信 0 封。"


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with demo_servers() as servers:
        settings = demo_environment(tmp_path / "data", servers)
    done = zhengji("run", "--once", cwd=tmp_path, **settings)

    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_address_that_is_none_is_refused(tmp_path: Path) -> None:
    done = zhengji("register", cwd=tmp_path, ZHENGJI_DATABASE_URL="oracle://x")

    assert done.returncode == 2
    assert "ZHENGJI_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("moment", ["gestern", "2026-05-12T15:00"])
def test_a_clock_without_a_zone_is_refused(tmp_path: Path, moment: str) -> None:
    done = zhengji("register", "--now", moment, cwd=tmp_path)

    assert done.returncode == 2
    assert moment in done.stderr


def test_an_unknown_number_is_refused(tmp_path: Path) -> None:
    done = zhengji("show", "AL2026-0001", cwd=tmp_path)

    assert done.returncode == 2
    assert "没有受理编号 AL2026-0001" in done.stderr


def test_a_desk_form_that_is_filled_in_wrongly_names_the_field(tmp_path: Path) -> None:
    done = zhengji("desk", "rule", "--by", "李", "--reason", "已核实", "--number", "12", "--code", "F03", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (2, "受理编号：格式不对，请对照说明填写\n")


def test_a_damaged_file_is_read_with_its_problem_named(tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    (tmp_path / "空.docx").write_bytes(b"")
    done = zhengji("read", "--json", "--no-ocr", str(tmp_path), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert all('"problems": ["' in line for line in done.stdout.splitlines())
