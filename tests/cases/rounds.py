"""Mails filed round by round (一轮一轮归档): in any order within a round, and letters only when the round is over.

That is how the flow works: whatever a poll brings is filed before anything is answered, and a mail that is read late
comes to be filed in a later round than its receipt.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import Session

from flows.attribution.receipt_order import IN_TURN_FOR
from flows.steps.filing.file_mail import Filed
from store.filing.submissions import links_of
from store.tables import LetterRow, SubmissionRow
from tests.cases.telling import Mail, Teller


@dataclass
class RoundTeller(Teller):
    """A teller that writes its letters when a round is over."""

    unanswered: list[int] = field(default_factory=list)

    def tell_round(self, mails: Sequence[Mail], places: Iterable[int]) -> None:
        """File these mails in this order, then write the letter that tells each of its number."""
        for place in places:
            self.tell(place, mails[place - 1])
        with self.store.transaction() as session:
            for place in sorted(self.unanswered):
                self._letter(session, place)
        self.unanswered.clear()

    def _answer(self, session: Session, place: int, filed: Filed) -> None:
        del session, filed
        if place not in self.filed:
            self.unanswered.append(place)

    def _letter(self, session: Session, place: int) -> None:
        links = links_of(session, self.hashes[place])
        if len(links) != 1:
            return
        row = session.get_one(SubmissionRow, links[0].submission_id)
        session.add(
            LetterRow(
                subject_key=f"submission:{row.number}",
                submission_id=row.id,
                kind="received",
                state_key=str(place),
                to_address="x@y.example",
                message_id=f"<letter-{place}@zhengji.example>",
                raw_sha256="",
                frame_sha256="",
                created=datetime.now(UTC),
            )
        )


def rounds_of(mails: Sequence[Mail], acted_on: Collection[int] = ()) -> list[list[int]]:
    """Return the places (from 1) of a story's mails, round by round, as far apart as their order can be lost.

    A mail that answers a letter or gives a number was written after a letter had left: it begins a round. So does one
    that came longer after the round's first than mails are put in their turn for, and one that came after staff had
    acted (``acted_on``: the last mail that they saw).
    """
    rounds: list[list[int]] = []
    for place, mail in enumerate(mails, 1):
        first = mails[rounds[-1][0] - 1] if rounds else mail
        told = mail.answers or mail.number_of
        if not rounds or told or place - 1 in acted_on or mail.received() - first.received() > IN_TURN_FOR:
            rounds.append([])
        rounds[-1].append(place)
    return rounds


def days_of(mails: Sequence[Mail], together: int = 1) -> list[list[int]]:
    """Return the places (from 1) of a season's mails day by day, or several days together."""
    days: dict[int, list[int]] = {}
    for place, mail in enumerate(mails, 1):
        days.setdefault(mail.after // (1440 * together), []).append(place)
    return [days[day] for day in sorted(days)]


def shuffled(rounds: Sequence[Sequence[int]], seed: int) -> list[list[int]]:
    """Return the same rounds, each in an order of its own."""
    rng = random.Random(seed)
    return [rng.sample(list(one), len(one)) for one in rounds]


def other_orders(rounds: Sequence[Sequence[int]], seed: int) -> Iterator[list[list[int]]]:
    """Yield the rounds told backwards, and once more in another order where there is one."""
    told = [list(one) for one in rounds]
    backwards = [list(reversed(one)) for one in told]
    if backwards != told:
        yield backwards
    for attempt in range(20):
        order = shuffled(rounds, seed * 100 + attempt)
        if order not in (told, backwards):
            yield order
            return
