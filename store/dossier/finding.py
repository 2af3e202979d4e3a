"""Findings (结论) as values: what a rule says about a submission, with the evidence it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.call import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding rests on (依据): a file, a place in it, the words read there, and a picture of the place."""

    file: str = ""
    """Name of the file as the sender named it; empty where the evidence is no file."""
    path: str = ""
    sha256: str = ""
    place: str = ""
    """The place in Chinese: 第1页, 第三部分, 邮件正文, 小巨人名单第12行."""
    words: str = ""
    """What was read there; never a whole ID, phone or account number."""
    crop: str = ""
    """SHA-256 of a PNG in the blobs that shows the place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule about one submission.

    ``message`` is one Chinese sentence for staff. ``defect`` and ``cure`` are for the applicant's letter: what is
    wrong and how to mend it; both are empty for 通过 and 不适用, and for 存疑 (which never reaches a letter as an
    accusation). ``item`` tells apart several findings of one rule (a photo's path).
    """

    code: str
    verdict: Verdict
    message: str
    defect: str = ""
    cure: str = ""
    item: str = ""
    evidence: tuple[Evidence, ...] = ()
    waits_for: tuple[str, ...] = ()
    """Of a 存疑 that settles itself: the names of the things that may hold what is missed, until they are opened."""
    asked: bool = False
    """Whether each of ``waits_for`` is a question to staff already."""
    ruling: Ruling | None = None
    """The staff decision that gave this verdict, where one did."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A staff decision about a finding (人工裁定): stands until it is taken back, across re-examinations.

    ``basis`` is the finding's own verdict when staff decided; where a later examination finds something else in
    another file, the ruling still stands but the register shows that its basis changed.
    """

    code: str
    item: str
    verdict: Verdict
    reason: str
    by: str
    at: datetime
    basis: str = ""
