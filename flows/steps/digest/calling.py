"""The call sheet (电话名单): applicants who were told what is missing and have not answered, and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.replies.letter import LetterKind
from flows.replies.state import ASKING_KINDS
from flows.steps.workshop import Workshop
from store import lists
from store.engine import Transaction
from store.states import LetterState, SubmissionStatus
from store.tables import LetterRow
from store.views import overview

_ASKING = frozenset({*(kind.value for kind in ASKING_KINDS), LetterKind.REMIND_OPEN.value})
_UNREACHED = {LetterState.BOUNCED: "回信被退回", LetterState.FAILED: "回信未能发出"}
_MOBILE = re.compile(r"(?<![\d.\-])(?:(?:\+|00)?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?![\d.])")
_LANDLINE = re.compile(r"(?<![\d.\-])(0\d{2,3})[-－—) ）]{1,2}(\d{7,8})(?!\d)")


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One line of the call sheet."""

    number: str
    applicant: str
    contact: str
    """Name, telephone numbers and addresses as the mails, the form and the lists give them."""
    missing: tuple[str, ...]
    why: str
    """Why a call is needed, one Chinese clause."""
    since: datetime


def call_sheet(shop: Workshop, session: Transaction, values: dict[str, Any], now: datetime) -> tuple[PhoneCall, ...]:
    """Return whom to phone, longest silent first.

    That is: asked to mend something at least ``open_item_days`` (the first of them) ago and not heard of since; and at
    once, who cannot be reached by mail. Numbers stand in full here and nowhere else in the digest: staff must dial
    them (the register and the recommender's digest hold none).
    """
    patience = timedelta(days=min(shop.call.replies.open_item_days, default=3))
    letters = overview.letters_by_submission(session, shop.call.id)
    found = []
    for row in values["submissions"]:
        if row["status"] != SubmissionStatus.INCOMPLETE:
            continue
        last = datetime.fromisoformat(row["last_received"])
        reason = _silent(letters.get(row["number"], ()), last, now, patience)
        if reason is not None:
            missing = tuple(f["message"].rstrip("。") for f in row["findings"] if f["verdict"] == "缺失")
            contact = _contact(session, row)
            found.append(PhoneCall(row["number"], row["applicant"], contact, missing, reason[0], reason[1]))
    return tuple(sorted(found, key=lambda call: (call.since, call.number)))


def phones(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the telephone numbers of China that stand in these texts, each once, as one dials them."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _MOBILE.finditer(text):
            found[f"{match[1]}{match[3]}{match[4]}"] = None
        for match in _LANDLINE.finditer(text):
            found[f"{match[1]}-{match[2]}"] = None
    return tuple(found)


def masked(text: str) -> str:
    """Return a text with the middle of every mobile number hidden: ``138****1234``."""
    return _MOBILE.sub(lambda match: f"{match[1]}****{match[4]}", text)


def _silent(
    letters: Sequence[LetterRow], last: datetime, now: datetime, patience: timedelta
) -> tuple[str, datetime] | None:
    asked = [
        letter
        for letter in letters
        if letter.kind in _ASKING
        and letter.state not in {LetterState.CANCELLED, LetterState.REFUSED, LetterState.SHADOW}
    ]
    if not asked:
        # Told through its recommender (a bundle), or not told at all: silence counts from its own last mail.
        return (f"来信后 {(now - last).days} 天没有补正", last) if now - last >= patience else None
    letter = asked[-1]
    if letter.state in _UNREACHED:
        return f"{_UNREACHED[letter.state]}（{letter.to_address}）", letter.created
    at = letter.sent or letter.created
    if letter.state not in {LetterState.SENT, LetterState.DRAFTED} or last > at or now - at < patience:
        return None
    return f"已发信告知 {(now - at).days} 天，没有回音", at


def _contact(session: Transaction, row: dict[str, Any]) -> str:
    spoken = overview.spoken_of(session, row["number"])
    listed = lists.listed_enterprise(session, row["applicant"], row["credit_code"] or "") if row["applicant"] else None
    by_list = listed.contact if listed else ""
    person = _LANDLINE.sub("", _MOBILE.sub("", by_list)).strip(" ，、,；;")
    names = dict.fromkeys(name for name in (*spoken.names, person) if name)
    addresses = dict.fromkeys(address for address in spoken.addresses if address)
    told = phones((*spoken.texts, by_list))
    parts = ["、".join(names), "、".join(told) or "（来信、所报表格和名单中都没有电话）", "、".join(addresses)]
    return "，".join(part for part in parts if part)
