"""The environment of this process and of its children (进程环境): the one place besides settings that touches it."""

from __future__ import annotations

import os
from collections.abc import Mapping


def child_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with the additions, for a child process."""
    return {**os.environ, **additions}


def extend_environment(additions: Mapping[str, str]) -> None:
    """Add to this process's own environment, for libraries that read it when they are imported (Prefect)."""
    os.environ.update(additions)
