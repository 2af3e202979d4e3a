"""Into the outbox (交发): a planned letter becomes frozen bytes and one row, in the caller's transaction."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from config.settings import Settings, load_secret
from flows.replies.decide import PRIORITY
from flows.replies.letter import LETTER_NAMES, TO_STAFF, Letter, LetterKind
from flows.replies.mime import ascii_address, can_be_sent_to, to_bytes
from flows.steps.workshop import Workshop
from parsers.mail.token import instance_of, make_token
from store import journal
from store.engine import Transaction
from store.letters import earlier_letters, outbox
from store.letters.earlier_letters import Earlier
from store.site import site_of
from store.states import LetterState
from store.views.open_notes import NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter's row belongs (回信归属): what it is about and what it answers."""

    subject_key: str
    state_key: str
    number: str = ""
    submission_id: int | None = None
    answers: str | None = None


def enqueue(
    shop: Workshop,
    session: Transaction,
    letter: Letter,
    place: Place,
    now: datetime,
    *,
    hold: bool = False,
    not_before: datetime | None = None,
    reason: str = "",
    priority: int | None = None,
) -> int | None:
    """Freeze a letter and put it into the outbox; return its row, or None where this state was told already.

    None as well where the letter can go to nobody: then staff are asked to telephone.
    """
    letter = replace(letter, to_address=ascii_address(letter.to_address))
    if not may_go_to(shop, letter.to_address):
        note_no_address(session, place, letter.kind, now)
        return None
    secret = load_secret(shop.settings)
    token = make_token(secret, place.number or "general", _serial(place, letter.kind))
    message_id = f"<{token}@{_domain(shop.settings)}>"
    raw = to_bytes(
        letter,
        sender=shop.settings.sender,
        sender_name=shop.call.sender_name,
        message_id=message_id,
        date=now,
        instance_id=site_of(session) or instance_of(secret),
    )
    earlier = earlier_letters.what_went_before(
        session,
        message_id,
        answers=place.answers,
        in_reply_to=letter.in_reply_to,
        to_staff=letter.kind in TO_STAFF,
        now=now,
    )
    row = outbox.queue(
        session,
        subject_key=place.subject_key,
        kind=letter.kind.value,
        state_key=place.state_key,
        submission_id=place.submission_id,
        answers=place.answers,
        raw=raw,
        message_id=message_id,
        to_address=letter.to_address,
        to_name=letter.to_name,
        subject=letter.subject,
        said=[asdict(told) for told in letter.said],
        priority=PRIORITY[letter.kind] if priority is None else priority,
        state=_first_state(shop.settings, earlier, hold=hold),
        state_reason=earlier.reason if earlier else reason,
        not_before=not_before,
        now=now,
    )
    if row is None:
        return None
    earlier_letters.count_down(session, letter.in_reply_to, now)
    if earlier and earlier.state is LetterState.SENT:
        outbox.note_sent_before(session, row, earlier.sent or now, row.state)
    about = f"submission:{place.number}" if place.number else place.subject_key
    waits = "，待人工放行" if row.state is LetterState.HELD else ""
    why = f"{reason}{earlier.reason}" if earlier else reason
    sentence = f"拟好“{LETTER_NAMES[letter.kind]}”，收件人 {letter.to_address}{waits}。{why}"
    journal.write(session, now, journal.SYSTEM, "letter-queued", about, sentence, {"letter": row.id})
    return row.id


def may_go_to(shop: Workshop, address: str) -> bool:
    """Whether a letter can be sent to this address, and is not sent to ourselves."""
    return can_be_sent_to(address) and address.lower() not in shop.settings.ours


def note_no_address(session: Transaction, place: Place, kind: LetterKind, now: datetime) -> None:
    """Write down once that a letter can go to nobody, so that staff telephone instead."""
    told = journal.read(session, place.subject_key, actions=(NO_ADDRESS,))
    if any(entry.details.get("message") == place.answers for entry in told):
        return
    sentence = f"来信没有可用的发件地址，“{LETTER_NAMES[kind]}”发不出去，请电话联系。"
    details = {"message": place.answers, "number": place.number}
    journal.write(session, now, journal.SYSTEM, NO_ADDRESS, place.subject_key, sentence, details)


def _first_state(settings: Settings, earlier: Earlier | None, *, hold: bool) -> LetterState:
    if earlier and earlier.state is LetterState.SENT:
        return LetterState.DRAFTED if settings.reply_mode == "draft" else earlier.state
    if settings.reply_mode == "off":
        return LetterState.SHADOW
    return LetterState.HELD if hold or earlier else LetterState.QUEUED


def _serial(place: Place, kind: LetterKind) -> str:
    """A short mark of this letter's place in the thread, the same whenever the same letter is made."""
    return hashlib.sha256(f"{place.subject_key}|{kind.value}|{place.state_key}".encode()).hexdigest()[:10]


def _domain(settings: Settings) -> str:
    return settings.sender.rpartition("@")[2] or "localhost"
