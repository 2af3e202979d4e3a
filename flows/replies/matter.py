"""What a letter is about (回信事由), where it is not one submission's dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.dossier import Dossier, MailSeen
from store.finding import Finding


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One mail that is answered for itself (来信): a question, a wish for templates, a mail not vouched for."""

    mail: MailSeen
    number: str = ""
    """The submission it belongs to, where it is the sender's own."""


@dataclass(frozen=True, slots=True)
class BundleCase:
    """One applicant in a recommender's mail (批量报送中的一件)."""

    dossier: Dossier
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A recommender's mail with several applicants (批量报送)."""

    recommender: str
    mail: MailSeen
    cases: tuple[BundleCase, ...]
    leftovers: tuple[str, ...] = ()
    """Names of files that could be given to none of them, as the sender named them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who wrote and has not sent any material yet (尚未报送): for the reminder of the deadline."""

    mail: MailSeen
    closes: datetime | None = None
    """A later closing moment that staff granted."""


Matter = Dossier | Bundle | Inquiry | Waiting
