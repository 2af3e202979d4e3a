"""The environment of this process and of its children (进程环境): the one place besides settings that touches it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def child_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with the additions, for a child process."""
    return {**os.environ, **additions}


def extend_environment(additions: Mapping[str, str]) -> None:
    """Add to this process's own environment, for libraries that read it when they are imported (Prefect)."""
    os.environ.update(additions)


def forget_environment(kept: Mapping[str, str]) -> None:
    """Empty this process's environment but for what is given, also the copy that the system shows of its start."""
    os.environ.clear()
    os.environ.update(kept)
    with suppress(OSError, ValueError, IndexError):
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(fields[47]), int(fields[48])
        if start:
            ctypes.memset(start, 0, end - start)
