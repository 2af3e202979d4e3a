"""The data folder stands open to other users of the machine: it holds applicants' papers."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from config.settings import load_settings
from flows.steps.workshop import open_workshop


def test_a_data_folder_that_stands_open_is_closed_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "data"
    home.mkdir(mode=0o755)
    with open_workshop(load_settings({"ZHENGJI_HOME": str(home)})):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_everything_that_a_command_makes_is_its_owners_alone(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ZHENGJI_")}
    command = [sys.executable, "-c", "import os; os.umask(0o022); from flows.cli import main; main()", "register"]
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    made = [tmp_path / "data", *(tmp_path / "data").rglob("*")]

    assert {path.name: oct(path.stat().st_mode & 0o077) for path in made if path.stat().st_mode & 0o077} == {}
    assert (tmp_path / "data" / "zhengji.db").exists()
