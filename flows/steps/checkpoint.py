"""Named moments between two writes (检查点), where the crash tests end the process."""

from __future__ import annotations


def nothing(name: str) -> None:
    """Do nothing at a checkpoint: what production passes; the crash tests pass something that ends the process."""
    del name
