"""One thing that the doctor looked at (一项体检)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``ok`` None: works, but people should know."""

    name: str
    ok: bool | None
    sentence: str
