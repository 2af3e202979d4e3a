"""What a submission holds (件内所存), as its name, its recommender and its weak ties are decided from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.facts.mails import MailReading, ReadLeaf
from store.states import Basis, Relation


@dataclass(frozen=True, slots=True)
class HeldLeaf:
    """One leaf that counts; ``current`` where it is a material's current file."""

    leaf: ReadLeaf
    mail: str
    current: bool


@dataclass(frozen=True, slots=True)
class HeldMail:
    """One mail that counts. ``reading`` is None where the mail's own words name nobody's firm (a bundle, a remark)."""

    sha256: str
    sender: str
    relation: Relation
    basis: Basis
    reading: MailReading | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that counts in one submission, in order of receipt, with the applicant's name as it stands."""

    applicant: str
    by_staff: bool
    """Whether staff gave that name."""
    leaves: tuple[HeldLeaf, ...] = ()
    mails: tuple[HeldMail, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderTie:
    """How an earlier or later mail of one sender is tied to a submission of another firm than the one opened now."""

    mail: str
    received: datetime
    submission: int
    basis: Basis
    named: bool
    """Whether the submission's applicant has a name."""
    bases: frozenset[Basis] = frozenset()
    """The bases of all mails that count in the submission."""
