"""Runs the long proofs in full (证明的全量): what ``make proofs`` runs at reduced size; says what took how long.

python bench/proofs.py [PYTEST ARGUMENTS …]
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    environment = {**os.environ, "ZHENGJI_PROOFS": "full"}
    command = [sys.executable, "-m", "pytest", "-q", "-m", "long", "-n", "2", "--dist", "loadgroup", "--durations=12"]
    begun = time.perf_counter()
    done = subprocess.run([*command, *sys.argv[1:]], env=environment, cwd=ROOT, check=False)
    minutes = (time.perf_counter() - begun) / 60
    print(f"{dt.datetime.now().astimezone():%Y-%m-%d}: proofs in full, {minutes:.1f} minutes, exit {done.returncode}")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
