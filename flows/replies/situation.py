"""The values of a decision (处置的要素): what it looks at, and what it says is to be done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.call import Call
from flows.replies.letter import LetterKind
from flows.replies.state import ToldLetter
from parsers.facts.mails import Address, AuthVerdict, Intent, MailReading
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.dossier.known_submission import domain_of
from store.states import SubmissionStatus

PRIORITY: dict[LetterKind, int] = {
    LetterKind.ALARM: 5,
    LetterKind.RECEIVED: 10,
    LetterKind.RECEIVED_CHECKING: 10,
    LetterKind.MINIMAL: 10,
    LetterKind.BUNDLE: 10,
    LetterKind.UNREADABLE: 20,
    LetterKind.CLOUD_LINK: 20,
    LetterKind.DEFICIENT: 30,
    LetterKind.COMPLETED: 30,
    LetterKind.LATE: 30,
    LetterKind.NO_ATTACHMENT: 20,
    LetterKind.CONTACT: 40,
    LetterKind.INQUIRY: 40,
    LetterKind.TEMPLATES: 40,
    LetterKind.WITHDRAWN: 40,
    LetterKind.PAPER_RECEIVED: 60,
    LetterKind.REMIND_OPEN: 70,
    LetterKind.REMIND_DEADLINE: 70,
    LetterKind.DIGEST: 80,
}
"""Which letters leave first where the budget is short: lower goes first."""


SHORT_FROM = 0.5
"""Share of the day's budget, sent or waiting, from which every submission gets one letter only."""


def budget_is_short(*, per_day: int, sent: int, waiting: int) -> bool:
    """Whether so much was sent in the last 24 hours, or waits, that receipts for everybody may not fit into the day.

    Then the first letter says everything: a deficient submission gets its 补正 after the settling time, with the
    priority of a receipt, instead of a receipt now and a 补正 later.
    """
    return sent + waiting >= per_day * SHORT_FROM


class Action(StrEnum):
    """What is done (处置)."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    ASK = "ASK"
    HOLD = "HOLD"
    """Staff must look; a letter may wait for them."""
    SILENT = "SILENT"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The mail that is being answered (所答来信)."""

    sha256: str
    reply_to: Address
    """Whom to answer; see ``reply_address``."""
    intent: Intent
    machine: str = ""
    """Chinese reason where it must never be answered; empty for mail written by a person."""
    junk: bool = False
    before_call: bool = False
    authentication: AuthVerdict = AuthVerdict.UNKNOWN
    forgot: bool = False
    """It says that it brings materials, and holds no file, no link and no trace of one."""
    stranger: bool = False
    """Its files wait for staff, because somebody else is this submission's correspondent."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision looks at (处置依据)."""

    call: Call
    now: datetime
    mail: Arrival | None = None
    """None where no mail is behind it: a ruling by staff, a changed rule."""
    dossier: Dossier | None = None
    """None where the mail belongs to no submission."""
    findings: tuple[Finding, ...] = ()
    told: tuple[ToldLetter, ...] = ()
    """All letters made before about this submission, in any order."""
    settle_until: datetime | None = None
    """Until then further mails may join (``flows.replies.timing.settle_until``)."""
    bundle: bool = False
    """The mail holds several applicants and is answered by one 批量报送回执."""
    approve: bool = False
    """``reply_mode`` is ``approve``: every asking letter waits for staff."""
    short: bool = False
    """The day's sending budget runs short (``budget_is_short``): one letter for each submission, no first receipt."""


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """A letter to be composed and queued (拟发回信)."""

    kind: LetterKind
    to: Address
    not_before: datetime
    hold: bool
    reason: str
    subject_key: str
    """``submission:<number>`` or ``message:<sha256>``."""
    state_key: str
    first: bool = False
    """Nobody was told anything about this matter yet: this letter is the acknowledgement, whatever else it says."""

    @property
    def priority(self) -> int:
        """Return its place in the outbox: lower goes first. A first answer goes with the receipts."""
        return min(PRIORITY[self.kind], PRIORITY[LetterKind.RECEIVED]) if self.first else PRIORITY[self.kind]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now, and why."""

    action: Action
    letters: tuple[PlannedLetter, ...]
    status: SubmissionStatus | None
    """The submission's status; None where there is none."""
    reason: str
    again_at: datetime | None = None
    """When to decide again without further mail: the end of the settling time."""
    cancel: tuple[int, ...] = ()
    """Rows of letters that have not left and say what is no longer so."""


def reply_address(reading: MailReading, ours: Collection[str] = ()) -> Address:
    """Return whom to answer: the sender, or Reply-To where it is of the sender's own organisation.

    A foreign Reply-To is not followed: it would let anybody send our letters to a third party. Neither is one on a
    provider where everybody has an address, for there a common domain says nothing, nor one of ``ours``.
    """
    sender = reading.sender
    domain = domain_of(sender.address)
    for address in reading.reply_to:
        if domain and domain_of(address.address) == domain and address.address not in ours:
            return Address(address.name or sender.name, address.address)
    return sender
