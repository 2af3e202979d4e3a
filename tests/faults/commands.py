"""The command line as an operator calls it, for the tests of faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def zhengji(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these settings alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ZHENGJI_", "PREFECT_"))}
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    environment = {**kept, **settings, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=150)


def told(done: subprocess.CompletedProcess[str], home: Path) -> tuple[int, list[str]]:
    """What a person sees of a failed command: exit code and lines, without the folder of this test."""
    return done.returncode, [line.replace(str(home), "…") for line in done.stderr.splitlines()]
