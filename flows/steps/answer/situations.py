"""From rows to the situation that a decision looks at (处置依据)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from config.call import Call
from flows.replies.announced import announced_until
from flows.replies.decide import Arrival, reply_address
from flows.replies.letter import LetterKind, Told
from flows.replies.state import ToldLetter, closing
from flows.replies.timing import settle_until
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from parsers.facts.mails import Intent, MailReading
from store.dossier.dossier import Dossier, MailSeen
from store.tables import LetterRow, MessageRow


def arrival_of(row: MessageRow, reading: MailReading, ours: Collection[str] = (), *, stranger: bool = False) -> Arrival:
    """Return the mail as a decision sees it. ``ours`` are our own addresses: nothing is sent to ourselves."""
    return Arrival(
        sha256=row.sha256,
        reply_to=reply_address(reading, ours),
        intent=reading.intent,
        machine=reading.machine or "",
        junk=row.junk,
        before_call=row.before_call,
        authentication=reading.authentication.verdict,
        forgot=_forgot(reading),
        stranger=stranger,
    )


def _forgot(reading: MailReading) -> bool:
    """Whether the mail speaks of files and has none. Where anything of it could not be read, nobody is told so."""
    files = [leaf for leaf in reading.leaves if leaf.role is not Role.NOISE]
    trace = files or reading.links or reading.problems or reading.forwarded
    return reading.intent is Intent.MATERIALS and not trace


def told_of(row: LetterRow) -> ToldLetter:
    """Return a letter of the outbox as a decision sees it."""
    return ToldLetter(
        row=row.id or 0,
        kind=LetterKind(row.kind),
        state=row.state,
        state_key=row.state_key,
        to_address=row.to_address,
        at=row.created,
        said=tuple(Told(**told) for told in row.said),
    )


def settling(shop: Workshop, dossier: Dossier, told: tuple[ToldLetter, ...]) -> datetime:
    """Return until when the answer waits for further mails of the same row.

    The row of mails begins with the first mail after the last letter that was made.
    """
    minutes = shop.settings.settle_minutes
    last_letter = max((letter.at for letter in told if letter.live), default=None)
    row = [mail.received for mail in dossier.mails if last_letter is None or mail.received > last_letter]
    soon = announced_until(dossier.mails, shop.call, closing(dossier, shop.call))
    settled = settle_until(
        shop.call,
        dossier.last_received,
        shop.call.replies.settle_minutes if minutes is None else minutes,
        closes=dossier.extended_to,
        opened=min(row, default=None),
    )
    return settled if soon is None else max(settled, soon)


def mail_seen(row: MessageRow, reading: MailReading, call: Call) -> MailSeen:
    """Return a mail as letters about the mail itself see it."""
    return MailSeen(
        sha256=row.sha256,
        message_id=row.message_id,
        sender_name=row.sender_name,
        sender_address=row.sender_address,
        subject=row.subject,
        received=row.received,
        text=reading.text,
        authentication=reading.authentication.verdict,
        references=reading.references,
        on_time=call.window.contains(row.received),
    )
