"""Mails filed before their turn (先归后收): which of them move when one that was received earlier comes to be filed.

What decides who is an applicant and who a stranger is the moment the server took a mail, not the moment we came to
file it: a mail may be read late (a reader that failed, a junk folder, a gap found by reconciliation). When such a mail
is filed, the mails behind it that share something with it are taken back, and filed again after it.

Three things are never taken back: what anybody was told of by letter, what staff touched, and what the server took
more than ``IN_TURN_FOR`` later. Where more than ``MOST_IN_TURN`` mails would move, none does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from config.call import Call
from flows.attribution.placement import Lookups
from flows.attribution.ties import Marks, marks_of, marks_of_filed, papers_must_be_read
from parsers.facts.mails import MailReading
from store.dossier.filed_mail import FiledMail, Turn
from store.states import Basis

IN_TURN_FOR = timedelta(days=3)
"""How long after a mail's receipt others are filed again behind it; what came later than that stays where it is."""

MOST_IN_TURN = 200
"""So many mails at most are filed again behind one: it all happens in the transaction of that one mail."""


class Days(Protocol):
    """The mails of the days around one (前后几日的来信); ``store.filing.receipt_order.StoreDays`` loads them."""

    def after(self, turn: Turn, until: datetime) -> Sequence[FiledMail]:
        """Return the filed mails whose turn comes after this one and that were received by this moment, in order."""

    def doubted_by(self, mails: Collection[str]) -> Sequence[FiledMail]:
        """Return the filed mails that one of these mails threw doubt on, so that they were placed anew, in order."""

    def reading(self, sha256: str) -> MailReading | None:
        """Return a mail as it was read."""


def mails_to_move(
    reading: MailReading, received: datetime, days: Days, lookups: Lookups, call: Call
) -> tuple[FiledMail, ...]:
    """Return the mails that were filed though it was this one's turn, in order of receipt: whatever it could move.

    What was told, what staff touched and what came too much later is left out, and nothing is reached through it.
    None where there are more than ``MOST_IN_TURN``.
    """
    found = _Closure(days, lookups, call).of(reading, received)
    return found if len(found) <= MOST_IN_TURN else ()


def stays(mail: FiledMail) -> bool:
    """Whether a mail stays where it is: told of by letter, touched by staff, or tied to what either is true of.

    A submission that was written about holds what it held then: what we had fetched before.
    """
    if mail.answered or mail.by_staff:
        return True
    return any(
        tie.closed or tie.basis == Basis.STAFF or (tie.told is not None and tie.told >= mail.fetched)
        for tie in mail.ties
    )


class _Closure:
    """All that one mail could move, and what those could move in turn."""

    def __init__(self, days: Days, lookups: Lookups, call: Call) -> None:
        self.days = days
        self.lookups = lookups
        self.call = call
        self.open: dict[str, FiledMail] = {}
        """Mails that may be taken back and have not been reached yet."""
        self.marks: dict[str, Marks] = {}
        """What rows tell of each mail that may be taken back."""
        self.seen: set[str] = set()
        self.read: dict[str, Marks] = {}
        """What each mail that was read again says."""
        self.found: dict[str, FiledMail] = {}

    def of(self, reading: MailReading, received: datetime) -> tuple[FiledMail, ...]:
        """Return the mails in order of receipt."""
        turn = (received, reading.sha256)
        until = received + IN_TURN_FOR
        self._open(self.days.after(turn, until))
        if not self.open:
            return ()
        movers = [(turn, self._edge(reading))]
        while movers and len(self.found) <= MOST_IN_TURN:
            turn, marks = movers.pop()
            reached = [one for sha, one in self.open.items() if one.turn > turn and marks.may_move(self.marks[sha])]
            movers += [self._reach(one) for one in reached]
            for one in self._doubted_by(reached):
                # Decided anew because of a mail that is taken back, it is decided again from its own turn on.
                self._open([one, *self.days.after(one.turn, min(until, one.received + IN_TURN_FOR))])
                if one.sha256 in self.open:
                    movers.append(self._reach(one))
        return tuple(sorted(self.found.values(), key=lambda one: one.turn))

    def _edge(self, reading: MailReading) -> Marks:
        marks = marks_of(reading, self.lookups, self.call)
        own = self.lookups.by_sender(reading.sender.address)
        if len(own) == 1:
            # What names nobody goes to the sender's one submission.
            marks.submissions.add(own[0].id)
        return marks

    def _open(self, mails: Sequence[FiledMail]) -> None:
        for one in mails:
            if one.sha256 in self.seen:
                continue
            self.seen.add(one.sha256)
            if stays(one):
                continue
            marks = marks_of_filed(one)
            if papers_must_be_read(one):
                read = self._read_again(one.sha256)
                marks.add(Marks(names=read.names, codes=read.codes))
            self.marks[one.sha256] = marks
            self.open[one.sha256] = one

    def _reach(self, mail: FiledMail) -> tuple[Turn, Marks]:
        self.found[mail.sha256] = self.open.pop(mail.sha256)
        marks = Marks()
        marks.add(self._read_again(mail.sha256))
        marks.add(self.marks[mail.sha256])
        return mail.turn, marks

    def _read_again(self, sha256: str) -> Marks:
        if sha256 not in self.read:
            reading = self.days.reading(sha256)
            self.read[sha256] = marks_of(reading, self.lookups, self.call) if reading else Marks()
        return self.read[sha256]

    def _doubted_by(self, mails: Sequence[FiledMail]) -> list[FiledMail]:
        doubted = self.days.doubted_by([one.sha256 for one in mails]) if mails else ()
        return [one for one in doubted if one.sha256 not in self.found]
