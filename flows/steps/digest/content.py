"""What a digest says (简报内容), as values that the plain text and the HTML are both written from."""

from __future__ import annotations

from dataclasses import dataclass

from flows.replies.letter import Attachment
from flows.steps.screens.lines import Line


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline number. ``change`` is against the digest before; None where there is nothing to compare."""

    name: str
    value: int
    unit: str
    change: int | None = None

    @property
    def told(self) -> str:
        """The number with its unit and change: ``15 件（+1）``."""
        return f"{self.value} {self.unit}{self.changed}"

    @property
    def changed(self) -> str:
        """The change in brackets; empty where it is not known."""
        if self.change is None:
            return ""
        return f"（{self.change:+d}）" if self.change else "（不变）"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines: the same in plain text and in HTML. ``tone`` colours the heading only."""

    title: str
    lines: tuple[Line, ...]
    tone: str = "plain"
    """``plain``, ``good``, ``warn`` (waits for somebody), ``bad`` (something is wrong)."""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a digest says. ``chart`` is its picture, with the same facts in words as the picture's alt text."""

    subject: str
    lead: str
    figures: tuple[Figure, ...]
    compared: str
    """What the changes are against, for the heading of the figures."""
    sections: tuple[Section, ...]
    chart: bytes = b""
    chart_words: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest made at one moment (每日简报)."""

    subject: str
    text: str
    html: str
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()
    recommender: str = ""
    """Whose digest it is; empty for the coordinators'."""
