"""Trouble met while reading (读取问题), as a value: reading what a sender sent never raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a problem hides (影响程度)."""

    NOTE = "note"
    """Worth knowing; nothing is lost (仅供知悉)."""
    LOSSY = "lossy"
    """Something was repaired by a guess or cut off (有损修复)."""
    SUSPECT = "suspect"
    """The content may be hostile or not what it says (可疑)."""
    UNREADABLE = "unreadable"
    """The content stays hidden from us (无法读取)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One trouble: what it is, where it is, and what the sender can do about it.

    ``code`` is kebab-case and stable (tests and letters rely on it). ``message`` is one Chinese sentence for
    staff. ``where`` names the place: a leaf path, a header, a page. ``cure`` is one Chinese sentence for the
    sender, empty where there is nothing a sender could do.
    """

    code: str
    message: str
    where: str = ""
    cure: str = ""
    weight: Weight = Weight.NOTE
