"""One submission as the rules see it (案卷): plain values, built from rows by ``store.filing.build_dossier``.

Rules, decisions and letters look at this and at the call, and at nothing else. No field of it needs a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parsers.facts.leaf import Role
from parsers.facts.looks import FormFacts, Look, ReportFacts, Seal
from parsers.facts.mails import AuthVerdict, CloudLink
from parsers.facts.problem import Problem
from store.dossier.finding import Ruling
from store.states import VersionState

GIVEN_SHORT = "given-short"
"""Code of the problem that the receiving server gave less of a mail than it told."""

STOPPED_BY_US = frozenset({"reader-timeout", "reader-memory"})
"""Codes of the problems that are a limit of ours and no fault of a file: it was stopped before it was read."""


@dataclass(frozen=True, slots=True)
class FiledFile:
    """One leaf filed in a submission (归档文件), with what was read in it."""

    version: int
    """Row number of the version."""
    material: str
    """Key of the material in the call; empty for files that are none (other, unreadable)."""
    role: Role
    name: str
    path: str
    sha256: str
    size: int
    type: str
    message: str
    """SHA-256 of the mail it came in."""
    received: datetime
    """When the receiving server took that mail."""
    state: VersionState
    reason: str = ""
    look: Look | None = None
    caption: str = ""
    caption_from: str = ""
    problems: tuple[Problem, ...] = ()
    received_doubt: str = ""
    """What speaks against ``received``, where it decides whether the file came in time."""

    @property
    def kept_from_us(self) -> bool:
        """Whether it is no file, but stands for what the receiving server may have kept back of a mail."""
        return any(problem.code == GIVEN_SHORT for problem in self.problems)

    @property
    def stopped_by_us(self) -> bool:
        """Whether our own limit on time or memory stopped the reading: nobody is asked to mend that."""
        seen = (*self.problems, *(self.look.problems if self.look is not None else ()))
        return any(problem.code in STOPPED_BY_US for problem in seen)


@dataclass(frozen=True, slots=True)
class NameClaim:
    """An applicant's name read somewhere (名称来源)."""

    name: str
    source: str
    """``form``, ``seal``, ``report``, ``folder``, ``file-name``, ``subject``, ``mail-text``, ``forwarded``,
    ``signature``, ``sender``, ``staff``.
    """
    confidence: float
    where: str = ""


@dataclass(frozen=True, slots=True)
class TitleHeld:
    """A title found in a list (所获称号)."""

    title: str
    list_name: str
    row: int
    as_of: date
    batch: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """The applicant's row in the member list (会员)."""

    list_name: str
    row: int
    as_of: date


class Per(StrEnum):
    """Whose places are counted together (名额归属)."""

    BODY = "body"
    """One recommender's."""
    CITY = "city"
    """Those of all bodies of a class in one city."""
    UNIT = "unit"
    """Those of one unit of the printed table: a county, or a city's own offices."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many places there are for a submission's recommender, and with whom it shares them (名额)."""

    holder: str = ""
    """Whose places they are: the body's name, or the city or unit."""
    per: Per = Per.BODY
    at_most: int | None = None
    """None where nothing gives this body a place: neither the list of recommenders nor the notice."""
    at_least: int | None = None
    """None where one figure is given and no range."""

    @property
    def places(self) -> str:
        """The figure or the range as people write it; empty where there is none."""
        if self.at_most is None:
            return ""
        single = self.at_least is None or self.at_least == self.at_most
        return f"{self.at_most}" if single else f"{self.at_least}-{self.at_most}"


@dataclass(frozen=True, slots=True)
class RecommenderStanding:
    """What is known of the recommender (推荐单位): its class and how much of its quota is used."""

    name: str
    pool: str
    """Key of the quota pool; empty where the body belongs to no allowed class."""
    listed: bool
    """Whether it stands in the imported list of recommenders (else the class was judged by its name)."""
    region: str = ""
    used: int = 0
    """Live submissions that share its limit, this one included."""
    rank: int = 0
    """This submission's place among them in order of arrival, from 1; 0 where it uses no place."""
    limit: Limit = Limit()

    @property
    def at_most(self) -> int | None:
        """The upper figure of its places; None where nothing gives it one."""
        return self.limit.at_most


@dataclass(frozen=True, slots=True)
class Lists:
    """What the imported lists say about the applicant (名单比对); a date is None where no such list was imported."""

    titles: tuple[TitleHeld, ...] = ()
    titles_as_of: date | None = None
    membership: Membership | None = None
    members_as_of: date | None = None
    recommender: RecommenderStanding | None = None


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """A paper original that staff booked in (纸质件)."""

    material: str
    received_on: date
    courier: str = ""
    sealed: bool = True
    by: str = ""


@dataclass(frozen=True, slots=True)
class MailSeen:
    """One mail of this submission (本件来信)."""

    sha256: str
    message_id: str
    sender_name: str
    sender_address: str
    subject: str
    received: datetime
    text: str
    """The new text; captions and contact lines may stand in it."""
    authentication: AuthVerdict = AuthVerdict.UNKNOWN
    passed_on: str = ""
    """What it forwards below its own words; only captions are looked for in it."""
    references: tuple[str, ...] = ()
    on_time: bool = True


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A thing of this sender or firm that nobody has read or placed yet (未定之物); it may hold what is missed here."""

    name: str
    why: str
    """What it waits for, in Chinese: 待读, 归属待定, 单位待认."""
    type: str = ""
    role: Role | None = None
    """What it was read as; None where it was not read."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything known of one submission at one moment."""

    call: str
    number: str
    applicant: str
    """The full name chosen for the applicant; empty where none could be."""
    applicant_certain: bool
    credit_code: str
    names: tuple[NameClaim, ...]
    recommender: str
    first_received: datetime
    last_received: datetime
    mails: tuple[MailSeen, ...]
    files: tuple[FiledFile, ...]
    links: tuple[CloudLink, ...] = ()
    """Links that stand where attachments should be and that no later mail settled."""
    unsettled: tuple[Unsettled, ...] = ()
    """What else came from its senders or for its firm, and is unread or lies in no submission of a known firm."""
    lists: Lists = Lists()
    paper: tuple[PaperReceipt, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    extended_to: datetime | None = None
    """A later closing moment that staff granted to this submission."""
    late_accepted: bool = False
    withdrawn: bool = False
    second_case_of: str = ""
    """Number of another submission by the same applicant to this call."""

    def current(self, material: str) -> tuple[FiledFile, ...]:
        """Return the current files of a material, oldest first; at most one unless the material is a set."""
        return tuple(f for f in self.files if f.material == material and f.state is VersionState.CURRENT)

    @property
    def unreadable(self) -> tuple[FiledFile, ...]:
        """Current files that could not be opened."""
        return tuple(f for f in self.files if f.role is Role.UNREADABLE and f.state is VersionState.CURRENT)

    @property
    def form_file(self) -> FiledFile | None:
        """The current form, where one is filed."""
        return next(iter(self._current_of(Role.FORM)), None)

    @property
    def form(self) -> FormFacts | None:
        """What was read from the current form."""
        file = self.form_file
        return file.look.scan.form if file and file.look and file.look.scan else None

    @property
    def seals(self) -> tuple[Seal, ...]:
        """The seals seen on the current form."""
        file = self.form_file
        return file.look.scan.seals if file and file.look and file.look.scan else ()

    @property
    def report_file(self) -> FiledFile | None:
        """The current report, where one is filed."""
        return next(iter(self._current_of(Role.REPORT)), None)

    @property
    def report(self) -> ReportFacts | None:
        """What was read from the current report."""
        file = self.report_file
        return file.look.report if file and file.look else None

    @property
    def photos(self) -> tuple[FiledFile, ...]:
        """The current photos."""
        return self._current_of(Role.PHOTO)

    def _current_of(self, role: Role) -> tuple[FiledFile, ...]:
        """Return the current files that fill the call's material of this role, whatever the call calls it."""
        return tuple(f for f in self.files if f.role is role and f.material and f.state is VersionState.CURRENT)
