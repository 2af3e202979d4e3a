"""A filed mail as the order of receipt sees it (已归档来信): what ties it to other mails, or to its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from store.states import Basis

Turn: TypeAlias = tuple[datetime, str]
"""What orders mails: the server's clock, then the hash, which never changes."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A submission that holds a mail, or that staff are asked about, with its firm where it is of this call."""

    submission: int
    firm: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """How a mail is tied to one submission (归属)."""

    holder: Holder
    basis: Basis
    told: datetime | None = None
    """When the submission was last written about by letter or touched by staff; None where it never was."""
    closed: bool = False
    """The submission was merged or closed, or belongs to another call."""


@dataclass(frozen=True, slots=True)
class FiledMail:
    """One filed mail, as its rows tell it."""

    sha256: str
    received: datetime
    fetched: datetime
    sender: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """The Message-IDs that it answers or refers to, as they stand in it."""
    said: tuple[str, ...] = ()
    """Its words and the names of its files."""
    papers: bool = False
    """Whether it brought a form or a report."""
    files: tuple[str, ...] = ()
    """Hashes of its files."""
    ties: tuple[Tie, ...] = ()
    asked: tuple[Holder, ...] = ()
    """Submissions about which staff are asked because of it, and have not answered."""
    answered: bool = False
    """Whether a letter answers it."""
    by_staff: bool = False
    """Whether staff did something with it or with one of its files."""

    @property
    def turn(self) -> Turn:
        """Its place in the order of receipt."""
        return self.received, self.sha256
