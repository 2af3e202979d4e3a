"""A call for submissions (征集) as values: everything that a notice asks, and what staff decided where it is silent.

``config.load`` reads these from a call folder (``call.toml``, ``notice.md``, ``letters/``, ``quota.csv``). Every
sentence of the notice that a value rests on is kept with it, verbatim, as a ``Clause``; a test holds each against
``notice.md``. Nothing in the code knows which call is running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo


class Verdict(StrEnum):
    """What a rule found (判定)."""

    PASS = "通过"  # noqa: S105 - a verdict, not a password
    MISSING = "缺失"
    DOUBT = "存疑"
    HINT = "提示"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in the notice: its number as printed (``四（四）``) and its words, verbatim."""

    ref: str
    quote: str


@dataclass(frozen=True, slots=True)
class Window:
    """When materials may arrive (征集时间): ``[opens, closes)``, both with a zone.

    ``closes`` is the first moment too late.
    """

    opens: datetime
    closes: datetime
    timezone: ZoneInfo
    clause: Clause

    def contains(self, moment: datetime) -> bool:
        """Whether a mail that the server received at this moment is on time."""
        return self.opens <= moment < self.closes


@dataclass(frozen=True, slots=True)
class Material:
    """One line of the materials list (材料项)."""

    key: str
    """What the call calls it; code asks for a material by its role, never by its key."""
    role: str
    """Which leaf role fills it (see ``parsers.facts.leaf.Role``); ``other`` where the content cannot tell."""
    name: str
    """Chinese name, as letters use it."""
    clause: Clause
    required: bool = True
    medium: str = "electronic"
    """``electronic``, ``paper`` or ``both``."""
    formats: tuple[str, ...] = ()
    """Kinds of file (``parsers.containers.kinds``) that the notice accepts; empty for any."""
    format_name: str = ""
    """What the notice calls the format, for letters (``盖章扫描 pdf 格式``)."""
    at_least: int = 1
    at_most: int | None = None
    set_of_files: bool = False
    """Whether the material is a set (photos) rather than one current file with older versions."""
    supplier: str = "applicant"
    """``applicant`` or ``recommender`` (county package)."""
    copies: int | None = None
    """Paper copies, where the notice prints a number."""
    aliases: tuple[str, ...] = ()
    """Other names that the notice or people use, for file names and letters."""
    short_name: str = ""
    """What folders and columns call it, where ``name`` is too long for them."""

    @property
    def short(self) -> str:
        """The name for folders and columns."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class FormSpec:
    """How to recognise and read the form (推荐表)."""

    title: str
    title_aliases: tuple[str, ...]
    old_titles: tuple[str, ...]
    """Titles, or words in titles, that mark last year's form."""
    labels: dict[str, tuple[str, ...]]
    """Field key to the labels it goes by, the printed one first.

    Keys are ``case_title``, ``applicant``, ``recommender``, ``submitted_on``.
    """
    field_names: dict[str, str]
    """Field key to its Chinese name for letters."""
    stop_texts: tuple[str, ...] = ()
    """Printed texts that are never a value: title, footer, annex mark."""


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One part of the report (报告组成部分)."""

    key: str
    name: str
    clause: Clause
    words: int
    """The printed length in 字, ``左右``."""
    names: tuple[str, ...] = ()
    """Namings that people use for it, the notice's own first."""


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """What the notice asks of the report (案例报告)."""

    words_total: int
    parts: tuple[PartSpec, ...]
    tolerance: float
    """Share by which a part may differ from its printed length before a hint says so."""


@dataclass(frozen=True, slots=True)
class PhotoSpec:
    """What makes a photo usable (照片要求). Only counts and captions are the notice's; the rest is our hint."""

    shorter_side_hint: int = 600
    longer_side_hint: int = 800
    bytes_hint: int = 40_000
    sharpness_hint: float = 10.0


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule as this call uses it (规则): the clause it rests on and the worst verdict it may give here."""

    code: str
    clause: Clause
    worst: Verdict
    name: str = ""
    """Short Chinese name for tables."""
    forcable: bool = True
    """Whether staff may override it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom applicants may ask, and where paper goes (联系方式)."""

    person: str
    phone: str
    email: str
    address: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What staff decided where the notice is silent (未明事项的处理口径); ``config.policies`` has the table of them.

    ``value`` is what the code acts on. ``confirmed`` turns true when someone at the association has confirmed it;
    until then the digest lists it.
    """

    key: str
    question: str
    value: str
    choices: Mapping[str, str] = field(default_factory=dict)
    """The values that it may have, with what each means."""
    default_reason: str = ""
    """Why this call does so until somebody confirms it."""
    confirmed: bool = False
    asked: bool = True
    """Whether the question arises in this call; where not, the value is the default and nobody is asked."""

    @property
    def meaning(self) -> str:
        """Return what the value means, in Chinese."""
        return self.choices.get(self.value) or self.value


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the notice leaves open and nothing in the program acts on (待定问题)."""

    key: str
    question: str
    meanwhile: str
    """What is done until it is answered."""


@dataclass(frozen=True, slots=True)
class QuotaPool:
    """A range of places for a class of recommenders (推荐名额)."""

    key: str
    name: str
    keywords: tuple[str, ...]
    """Patterns of a body's whole name that put it into this class; ``*`` is any text (see ``config.quota.pool_of``)."""
    at_least: int
    at_most: int
    per: str
    """``body`` or ``city``: whose quota it is."""
    clause: Clause


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One row of a printed quota table (推荐名额表)."""

    number: int
    region: str
    city: str
    """The city whose subtotal this unit belongs to; the city itself for a subtotal row."""
    subtotal: bool
    columns: tuple[int, ...]
    """The tilt columns and the factor column, in print order."""
    quota: int


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """A quota table whose arithmetic was proved when it was loaded."""

    rows: tuple[QuotaRow, ...]

    @property
    def units(self) -> tuple[QuotaRow, ...]:
        """The rows that are quota units, without the subtotals."""
        return tuple(row for row in self.rows if not row.subtotal)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to apply (申报方式)."""

    key: str
    """``self`` or ``recommended`` or ``county``."""
    clause: Clause


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whose applications the call admits (征集范围)."""

    titles: tuple[str, ...]
    """Titles of which one is enough."""
    excluded_titles: tuple[str, ...]
    must_be_valid: bool | None
    """Whether an expired title counts; None where the notice is silent (then a policy says)."""
    region: str
    excluded_regions: tuple[str, ...]
    clause: Clause


@dataclass(frozen=True, slots=True)
class ReplySettings:
    """Letter manners that belong to the call (回信口径)."""

    settle_minutes: int
    reminder_days: tuple[int, ...]
    """Days before the deadline on which a reminder may go out."""
    open_item_days: tuple[int, ...]
    """Days after a deficiency letter on which one may be reminded."""
    quiet_from: int = 21
    quiet_until: int = 8
    sender_name: str = ""
    """Who signs letters; empty for the issuer, by the name that the policy ``issuer_name`` says."""


@dataclass(frozen=True, slots=True)
class Annex:
    """A template that applicants may ask for (附件模板)."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Call:
    """One notice with everything that runs on it (征集)."""

    id: str
    folder: Path
    title: str
    short_title: str
    document_number: str
    issuer: str
    issuer_aliases: tuple[str, ...]
    issued: date
    number_prefix: str
    """Numbers look like ``AL2026-0042``."""
    window: Window
    """When materials may arrive, the policies on the last day applied."""
    printed_closes: datetime
    """When the window closes by the notice's own words, whatever the policies say."""
    materials: tuple[Material, ...]
    rules: dict[str, RuleSpec]
    contacts: tuple[Contact, ...]
    replies: ReplySettings
    words: dict[str, str]
    """The few words that this call says otherwise in the shared letters (``config.wording``)."""
    eligibility: Eligibility
    routes: tuple[Route, ...]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """Every policy of the table, as this call gives it or by default (``config.policies``)."""
    open_questions: tuple[OpenQuestion, ...] = ()
    form: FormSpec | None = None
    report: ReportSpec | None = None
    photos: PhotoSpec = field(default_factory=PhotoSpec)
    quota_pools: tuple[QuotaPool, ...] = ()
    quota_table: QuotaTable | None = None
    annexes: tuple[Annex, ...] = ()

    @property
    def contact(self) -> Contact:
        """The first contact: the one that letters name."""
        return self.contacts[0]

    @property
    def electronic(self) -> tuple[Material, ...]:
        """The materials that come by mail, in the order of the list."""
        return tuple(material for material in self.materials if material.medium != "paper")

    @property
    def on_paper(self) -> tuple[Material, ...]:
        """The materials that come by post, alone or as well, in the order of the list."""
        return tuple(material for material in self.materials if material.medium != "electronic")

    def of_role(self, role: str) -> Material | None:
        """Return the material that files of this role fill; None where the call asks for none by mail."""
        return next((material for material in self.electronic if material.role == role), None)

    def asked(self, role: str) -> Material:
        """Return the material that files of this role fill; ``KeyError`` where the call asks for none by mail."""
        found = self.of_role(role)
        if found is None:
            raise KeyError(role)
        return found

    def material(self, key: str) -> Material:
        """Return the material of this key; ``KeyError`` where the call has none."""
        for material in self.materials:
            if material.key == key:
                return material
        raise KeyError(key)

    def policy(self, key: str) -> str:
        """Return what staff decided on this question, or what holds until they do; ``KeyError`` for no policy."""
        return self.policies[key].value

    @property
    def sender_name(self) -> str:
        """Who signs letters (署名)."""
        return self.replies.sender_name or self.policy("issuer_name")

    def number(self, serial: int) -> str:
        """Return the 受理编号 of this serial number, e.g. ``AL2026-0042``."""
        return f"{self.number_prefix}-{serial:04d}"
