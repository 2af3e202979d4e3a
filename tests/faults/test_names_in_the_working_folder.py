"""A file of the operator's named as a module (``queue.py``, ``config.py``) lies in the folder he starts us in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("config", "email", "logging", "queue", "select", "socket", "random", "types", "store", "flows")


@pytest.mark.slow
def test_a_file_named_as_a_module_in_the_working_folder_harms_no_command(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('harmed')\n")
    (tmp_path / "来信.eml").write_bytes(b"From: a@b.example\r\nSubject: x\r\n\r\nhello\r\n")
    program = Path(sys.executable).parent / "zhengji"
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONSAFEPATH", "PYTHONPATH"}}
    ended = subprocess.run(
        [program, "read", "--json", "--no-ocr", "来信.eml"],
        cwd=tmp_path,
        env=environment | {"ZHENGJI_HOME": str(tmp_path / "data")},
        capture_output=True,
        timeout=120,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "reader-" not in ended.stdout
    assert '"subject": "x"' in ended.stdout
