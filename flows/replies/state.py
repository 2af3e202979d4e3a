"""What a letter says, as a short key (告知状态), so that the same state is never told twice (一次性告知).

The key has two halves, ``<files>-<defects>``. The first is a hash of the current files by content, the second of the
open 缺失 by rule and place. Neither knows the order in which mails came, row numbers, names of files or wordings: the
same files sent again, in another order or under other names are the same state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.call import Call, Verdict
from flows.replies.letter import LetterKind, Told
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.states import LetterState, SubmissionStatus, VersionState

LATE_CODE = "S01"
"""The rule on the window (征集时间): its doubt means 逾期, which is a policy of staff, not a fault to mend."""

UNREAD_CODE = "A01"
"""The rule on files that stayed shut and on links (文件均可读取): its item is the file's path or the link."""

PAPER_CODE = "N01"
"""The rule on paper originals (纸质件): every letter tells where to send them, none is sent because of them."""

FIRST_RECEIPT = "first-receipt"
"""State key of the receipt that goes out at once while the settling time runs. It promises the real letter."""

VERDICT_KINDS = frozenset(
    {
        LetterKind.RECEIVED,
        LetterKind.RECEIVED_CHECKING,
        LetterKind.DEFICIENT,
        LetterKind.COMPLETED,
        LetterKind.LATE,
        LetterKind.UNREADABLE,
        LetterKind.CLOUD_LINK,
        LetterKind.MINIMAL,
        LetterKind.WITHDRAWN,
    }
)
"""Letters that answer the state of a submission, at most one for each state."""

ASKING_KINDS = frozenset({LetterKind.DEFICIENT, LetterKind.UNREADABLE, LetterKind.CLOUD_LINK})
"""Letters after which the applicant must act."""

RECEIPT_KINDS = frozenset({LetterKind.RECEIVED, LetterKind.RECEIVED_CHECKING, LetterKind.COMPLETED})
"""Letters after which the applicant need not act."""

PAPER_IN = "已收"
"""Verdict under which a letter's ``said`` keeps that it told of a paper original."""

_GONE = frozenset({LetterState.CANCELLED, LetterState.FAILED, LetterState.REFUSED})
_WAITING = frozenset({LetterState.HELD, LetterState.QUEUED})


@dataclass(frozen=True, slots=True)
class ToldLetter:
    """A letter made before about the same submission (此前回信), from its row in the outbox."""

    row: int
    kind: LetterKind
    state: str
    """The outbox state: ``held``, ``queued``, ``sent`` …"""
    state_key: str
    to_address: str
    at: datetime
    """When it was made."""
    said: tuple[Told, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it was or will be read by somebody."""
        return self.state not in _GONE

    @property
    def refused(self) -> bool:
        """Whether staff decided that it does not go: nobody read it, and the same state is not put to them again."""
        return self.state == LetterState.REFUSED

    @property
    def waiting(self) -> bool:
        """Whether it has not left yet, so that a better one may take its place."""
        return self.state in _WAITING

    @property
    def base_key(self) -> str:
        """The state key without the mark that tells a repeated state apart."""
        return self.state_key.partition("#")[0]


def state_key(dossier: Dossier, findings: Iterable[Finding]) -> str:
    """Return the key of what a letter about this submission would say now.

    Files that were replaced, or could not take another's place, count too: whoever sent one hears what became of it.
    The same bytes sent again are nothing new.
    """
    told = (VersionState.CURRENT, VersionState.SUPERSEDED)
    filed = sorted(
        {(file.material, file.sha256) for file in dossier.files if file.state in told and file.role is not Role.NOISE}
    )
    links = sorted({link.url for link in dossier.links})
    marks = [dossier.withdrawn, dossier.late_accepted]
    open_now = sorted({(finding.code, finding.item) for finding in missing(findings)})
    return f"{_digest([filed, links, marks], 20)}-{_digest(open_now, 12)}"


def missing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the open 缺失, in the order of the findings."""
    return tuple(finding for finding in findings if finding.verdict is Verdict.MISSING)


def doubts(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the 存疑 that staff must look at."""
    return tuple(finding for finding in findings if finding.verdict is Verdict.DOUBT)


def still_open(findings: Iterable[Finding], last: ToldLetter) -> bool:
    """Whether something that a letter asked for is neither here nor missing: it may lie in what is not settled yet."""
    named = {(told.code, told.item) for told in last.said if told.verdict == Verdict.MISSING}
    return any(f.waits_for and (f.code, f.item) in named for f in findings)


def only_waits(findings: Iterable[Finding], last: ToldLetter) -> bool:
    """Whether a letter asked for all that is missing now, and the rest of what it asked may lie in what is not settled.

    Then nothing new is to be asked, and nothing is cured yet: the applicant is left alone.
    """
    named = {(told.code, told.item) for told in last.said if told.verdict == Verdict.MISSING}
    now = {(f.code, f.item) for f in findings if f.verdict is Verdict.MISSING}
    waiting = {(f.code, f.item) for f in findings if f.waits_for}
    return now < named and named - now <= waiting


def told_already(last: ToldLetter, key: str, target: LetterKind, findings: tuple[Finding, ...]) -> bool:
    """Whether the last letter says all that one of kind ``target`` about the state ``key`` would say now."""
    if last.base_key == key and last.kind is not LetterKind.WITHDRAWN:
        return last.kind is target or last.kind is not LetterKind.MINIMAL
    if last.kind in ASKING_KINDS and target in RECEIPT_KINDS and still_open(findings, last):
        return True
    same_files = last.base_key.partition("-")[0] == key.partition("-")[0]
    both_ask = last.kind in ASKING_KINDS and target in ASKING_KINDS
    if same_files and both_ask and not last.waiting and only_waits(findings, last):
        return True
    # A doubt that staff cleared, or a hint that came or went, asks nothing of the applicant: no letter.
    return same_files and last.kind in RECEIPT_KINDS and target in RECEIPT_KINDS


def hints(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the 提示 of a letter.

    Those without words for the applicant are for staff alone; paper originals have their own paragraph.
    """
    return tuple(f for f in findings if f.verdict is Verdict.HINT and f.defect and f.code != PAPER_CODE)


def closing(dossier: Dossier, call: Call) -> datetime:
    """Return the first moment too late for this submission: the window's end, or what staff granted."""
    return max(call.window.closes, dossier.extended_to or call.window.closes)


def papers_untold(dossier: Dossier, told: Iterable[ToldLetter]) -> tuple[str, ...]:
    """Return the paper originals that were booked in and that no letter told of, by material key.

    A letter counts that lives, or that staff refused.
    """
    said = {t.item for letter in told if letter.live or letter.refused for t in letter.said if t.verdict == PAPER_IN}
    return tuple(dict.fromkeys(p.material for p in dossier.paper if p.material not in said))


def paper_key(dossier: Dossier) -> str:
    """Return the state key of a 纸质件收讫: which originals are in."""
    return f"paper-{_digest(sorted({p.material for p in dossier.paper}), 12)}"


def is_late(dossier: Dossier, findings: Iterable[Finding], call: Call) -> bool:
    """Whether something came too late and the rule on the window left that open for staff."""
    if not any(f.code == LATE_CODE and f.verdict in (Verdict.DOUBT, Verdict.MISSING) for f in findings):
        return False
    return dossier.last_received >= closing(dossier, call)


def wholly_late(dossier: Dossier, call: Call) -> bool:
    """Whether already the first mail came too late."""
    return dossier.first_received >= closing(dossier, call)


def status_of(dossier: Dossier, findings: Iterable[Finding], call: Call) -> SubmissionStatus:
    """Return the submission's status, by its findings and by when it came."""
    found = tuple(findings)
    if dossier.withdrawn:
        return SubmissionStatus.WITHDRAWN
    if is_late(dossier, found, call) and wholly_late(dossier, call):
        return SubmissionStatus.LATE
    if missing(found):
        return SubmissionStatus.INCOMPLETE
    return SubmissionStatus.DOUBTFUL if doubts(found) else SubmissionStatus.COMPLETE


def _digest(value: object, length: int) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:length]
