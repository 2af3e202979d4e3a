"""What a letter is about (回信事由), where it is not one submission's dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.dossier.dossier import Dossier, Limit, MailSeen
from store.dossier.finding import Finding
from store.states import SubmissionStatus


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One mail that is answered for itself (来信): a question, a wish for templates, a mail not vouched for."""

    mail: MailSeen
    number: str = ""
    """The submission it belongs to, where it is the sender's own."""
    attachments: int = 0
    """How many files it brought."""
    standings: tuple[Standing, ...] = ()
    """The sender's own submissions, for who asks about the call and is known already."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one submission is (办理情况), as its own sender may read it."""

    number: str
    applicant: str
    status: SubmissionStatus


class ContactState(StrEnum):
    """What becomes of a firm's contact when its recommender is answered (函告情况)."""

    TELLING = "telling"
    """A letter to it goes out beside the recommender's."""
    CHECKING = "checking"
    """A letter to it waits for staff."""
    TOLD = "told"
    """It was told before."""
    NONE = "none"
    """No address is surely its own, or it needs no letter: the recommender passes the word on."""


@dataclass(frozen=True, slots=True)
class ContactNote:
    """What the recommender's letter says of a firm's contact. ``address`` is masked (``z***@firm.example``)."""

    state: ContactState
    address: str = ""


@dataclass(frozen=True, slots=True)
class BundleCase:
    """One applicant in a recommender's mail (批量报送中的一件)."""

    dossier: Dossier
    findings: tuple[Finding, ...]
    contact: ContactNote | None = None
    """None where the call's policy leaves telling the firms to the recommender."""


@dataclass(frozen=True, slots=True)
class QuotaNote:
    """A recommender's places as its letter tells them (推荐名额)."""

    limit: Limit
    used: int
    shared: bool = False
    """Other bodies' submissions count in it too, by policy: then only figures are told."""
    over: tuple[str, ...] = ()
    """Its own submissions beyond the upper figure, by number, in order of arrival."""
    free: int = 0
    """Its own recommended members that use no place, by policy."""
    wanting: int = 0
    """How many are short of the lower figure, where the policy ``under_quota`` has it told."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A recommender's mail with several applicants (批量报送)."""

    recommender: str
    mail: MailSeen
    cases: tuple[BundleCase, ...]
    leftovers: tuple[str, ...] = ()
    """Names of files that could be given to none of them, as the sender named them."""
    waiting: tuple[str, ...] = ()
    """Names of files that staff must look at before they count, because somebody else applied for their firm."""
    quota: QuotaNote | None = None
    """None where its recommender is unknown."""
    two_routes: tuple[str, ...] = ()
    """Numbers of the cases whose enterprise came by another way too."""
    own_papers: tuple[str, ...] = ()
    """Names of files that are the recommender's own part of the materials (联合行文, 汇总表), and no firm's."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """One firm's own part of a recommender's mail, for the firm's contact (函告企业): nothing of the other firms.

    The recommender's mail is no part of it: its subject, its text and the names of its archives may name others.
    """

    dossier: Dossier
    recommender: str
    received: datetime
    """When the recommender's mail came in."""

    @property
    def mail(self) -> None:
        """No mail of the reader is answered."""
        return


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who wrote and has not sent any material yet (尚未报送): for the reminder of the deadline."""

    mail: MailSeen
    closes: datetime | None = None
    """A later closing moment that staff granted."""


Matter = Dossier | Bundle | Inquiry | Waiting | Recommended
