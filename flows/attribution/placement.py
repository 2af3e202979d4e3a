"""What an attribution may look up, what it looks at, and what it says (归属): values and one protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz

from flows.attribution.split_mail import Group
from parsers.facts.leaf import Role
from parsers.facts.mails import ReadLeaf
from parsers.names.company import Sameness, normalise_name, same_company
from store.dossier.known_submission import KnownSubmission, Remembered
from store.states import Basis, MessageKind, Relation, SuggestionKind


class Lookups(Protocol):
    """What the decision may look up; ``store.filing.lookups.StoreLookups`` answers from the tables."""

    def by_letters(self, message_ids: Sequence[str]) -> KnownSubmission | None:
        """Return the submission that a letter of ours with one of these Message-IDs was about."""

    def by_threads(self, message_ids: Sequence[str]) -> tuple[KnownSubmission, ...]:
        """Return the submissions of earlier mails with these Message-IDs."""

    def by_number(self, number: str) -> KnownSubmission | None:
        """Return the submission of this 受理编号."""

    def by_credit_code(self, code: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions of the enterprise with this credit code."""

    def by_name(self, name: str) -> tuple[tuple[KnownSubmission, Sameness], ...]:
        """Return submissions whose applicant bears this name, certainly or likely."""

    def by_sender(self, address: str) -> tuple[KnownSubmission, ...]:
        """Return the live submissions that this address sent something to."""

    def by_domain(self, domain: str) -> tuple[KnownSubmission, ...]:
        """Return the live submissions that somebody of this organisation's mail domain sent something to."""

    def mentioned(self, text: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions whose firm a text calls by its short name."""

    def written_to(self, address: str) -> bool:
        """Whether a letter of ours went to this address."""

    def lay_in_junk(self) -> bool:
        """Whether the mail that is placed lies in a junk folder, unconfirmed."""

    def taken_back(self) -> bool:
        """Whether staff took the mail that is placed back from what was set aside."""

    def desk_before(self, address: str) -> bool:
        """Whether a help desk's own message came from this address before the mail that is placed."""

    def by_files(self, hashes: Iterable[str]) -> tuple[KnownSubmission, ...]:
        """Return the submissions that hold one of these very files."""

    def remembered(self, address: str) -> Remembered | None:
        """Return the enterprise that staff tied to this address or its domain."""

    def listed_name(self, name: str, credit_code: str) -> str:
        """Return the full name that the lists use for an enterprise."""

    def listed_recommender(self, address: str) -> str:
        """Return the recommender whose listed address this is."""

    def listed_body(self, name: str) -> str:
        """Return the full name that the list of recommenders uses for a body."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A question to staff (归属建议): ``kind`` is ``leftover``, ``maybe`` or ``second-case``."""

    kind: SuggestionKind
    reason: str
    submission: int | None = None
    number: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Placement:
    """What to do with some files of a mail.

    ``submission`` None with ``opens`` true: a new submission for ``applicant``. None with ``opens`` false: nothing is
    filed and ``hint`` asks staff. ``relation``: ``opens``, ``supplements``, ``pending``, ``bundle``, ``concerns`` (a
    mail about a submission that brings no file). ``certain`` is about the applicant's name.
    """

    files: tuple[int, ...]
    """Places of the files in the reading."""
    relation: Relation | None
    basis: Basis
    reason: str
    confidence: float
    submission: int | None = None
    number: str = ""
    opens: bool = False
    applicant: str = ""
    credit_code: str = ""
    certain: bool = True
    recommender: str = ""
    second_case_of: str = ""
    folder: str = ""
    hint: Hint | None = None

    @property
    def automatic(self) -> bool:
        """Whether the machine decided, rather than leaving it to staff."""
        return self.hint is None and self.relation != Relation.PENDING


@dataclass(frozen=True, slots=True)
class Attribution:
    """What becomes of a whole mail. ``kind`` is the register's word for it."""

    kind: MessageKind
    reason: str
    placements: tuple[Placement, ...] = ()
    leftovers: tuple[int, ...] = ()
    """Places of files that fit none of several firms."""
    leftover_reason: str = ""


_NO_NAME_BELOW = 0.75
"""A name below this confidence (only in the mail's text, signature or sender) opens nothing against other signs."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a group says of its applicant, in the form that the decision needs."""

    name: str
    code: str
    certain: bool
    confidence: float
    reason: str
    strong: bool
    """Named in the papers, a file or folder name, or the subject: enough to open or to contradict."""
    titles: tuple[str, ...] = ()

    @classmethod
    def of(cls, group: Group, lookups: Lookups) -> Named:
        """Read a group; a name that the lists know by an alias or by code becomes the lists' full name."""
        read = group.applicant
        listed = lookups.listed_name(read.name, read.credit_code) if read.name or read.credit_code else ""
        return cls(
            name=listed or read.name,
            code=read.credit_code,
            certain=read.certain and not read.contradicted,
            confidence=read.confidence,
            reason=read.reason.rstrip("。"),
            strong=bool(read.name) and (read.confidence >= _NO_NAME_BELOW or bool(listed)),
            titles=_titles(group.leaves),
        )

    def agrees(self, known: KnownSubmission) -> bool:
        """Whether the files name the submission's applicant."""
        return bool(self.name) and same_firm(self.name, known.applicant)

    def speaks_against(self, known: KnownSubmission) -> bool:
        """Whether the files clearly name another enterprise than the submission's."""
        if self.code and known.credit_code:
            return self.code != known.credit_code
        return self.strong and bool(known.applicant) and not same_firm(self.name, known.applicant)


def _titles(leaves: Sequence[ReadLeaf]) -> tuple[str, ...]:
    titles: dict[str, None] = {}
    for leaf in leaves:
        look = leaf.look
        if look and look.scan and look.scan.form:
            titles[look.scan.form.case_title.value] = None
        if look and look.report and leaf.role is Role.REPORT:
            titles[look.report.title] = None
    titles.pop("", None)
    return tuple(titles)


def likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """Return how alike the most alike of two sets of titles are, 0 to 100."""
    return max((fuzz.ratio(normalise_name(a), normalise_name(b)) for a in left for b in right), default=100.0)


def same_firm(left: str, right: str) -> bool:
    """Whether two names are certainly or likely one enterprise's."""
    return same_company(left, right) is not Sameness.NO


def opened_for(group: Group, named: Named, basis: Basis, reason: str, confidence: float) -> Placement:
    """Return a new submission for what the files name."""
    return Placement(
        files=group.positions,
        relation=Relation.OPENS,
        basis=basis,
        reason=reason,
        confidence=confidence,
        opens=True,
        applicant=named.name,
        credit_code=named.code,
        certain=named.certain,
    )


def pending_in(group: Group, named: Named, known: KnownSubmission, basis: Basis, reason: str) -> Placement:
    """Return files that wait in a submission until staff take them in."""
    return Placement(
        files=group.positions,
        relation=Relation.PENDING,
        basis=basis,
        reason=reason,
        confidence=0.6,
        submission=known.id,
        number=known.number,
        applicant=named.name or known.applicant,
        credit_code=named.code,
        certain=False,
    )


def asked_about(group: Group, named: Named, hint: Hint, basis: Basis) -> Placement:
    """Return files that are filed nowhere until staff answer."""
    return Placement(
        files=group.positions,
        relation=None,
        basis=basis,
        reason=hint.reason,
        confidence=hint.confidence,
        applicant=named.name,
        credit_code=named.code,
        certain=False,
        hint=hint,
    )
