"""What attribution may look up, told by a test: submissions, letters, lists and filed mails, without a database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.attribution.placement import Lookups
from flows.attribution.receipt_order import Days
from parsers.facts.mails import MailReading
from parsers.names.company import Sameness, mention, same_company
from store.dossier.filed_mail import FiledMail, Turn
from store.dossier.known_submission import KnownSubmission, Remembered
from store.filing.lookups import CALLED
from tests.cases.telling import Mail, reading_of


def known(number: int, applicant: str = "", *senders: str, **more: Any) -> KnownSubmission:
    """Return a submission of the register; its firm has the submission's number as its own."""
    domains = frozenset(one.partition("@")[2] for one in senders if not one.endswith(("@qq.com", "@163.com")))
    values: dict[str, Any] = {"applicant_id": number, "senders": frozenset(senders), "domains": domains, **more}
    return KnownSubmission(number, f"AL2026-{number:04}", applicant=applicant, **values)


def read(mail: Mail, place: int = 1, *, refs: tuple[str, ...] = (), number: str = "") -> MailReading:
    """Return a told mail as it was read."""
    return reading_of(place, mail, hashlib.sha256(f"{place}|{mail}".encode()).hexdigest(), refs=refs, number=number)


@dataclass
class FakeLookups:
    """The register as a test tells it."""

    submissions: tuple[KnownSubmission, ...] = ()
    letters: dict[str, KnownSubmission] = field(default_factory=dict)
    threads: dict[str, KnownSubmission] = field(default_factory=dict)
    files: dict[str, KnownSubmission] = field(default_factory=dict)
    memory: dict[str, Remembered] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    """Full names in the lists, by name as written or by credit code."""
    recommenders: dict[str, str] = field(default_factory=dict)
    """Names of listed recommenders, by address or by name as written."""
    told: frozenset[str] = frozenset()
    """Addresses that a letter of ours went to."""
    junk: bool = False
    """Whether the mail lies in a junk folder, unconfirmed."""
    asked_back: bool = False
    """Whether staff took the mail back from what was set aside."""
    desks: frozenset[str] = frozenset()
    """Addresses from which a help desk's own message came before."""

    def by_letters(self, message_ids: Sequence[str]) -> KnownSubmission | None:
        return next((self.letters[one] for one in message_ids if one in self.letters), None)

    def by_threads(self, message_ids: Sequence[str]) -> tuple[KnownSubmission, ...]:
        return tuple({self.threads[one].id: self.threads[one] for one in message_ids if one in self.threads}.values())

    def by_number(self, number: str) -> KnownSubmission | None:
        return next((one for one in self.submissions if one.number == number), None)

    def by_credit_code(self, code: str) -> tuple[KnownSubmission, ...]:
        return tuple(one for one in self.submissions if code and one.credit_code == code)

    def by_name(self, name: str) -> tuple[tuple[KnownSubmission, Sameness], ...]:
        found = [(one, same_company(name, one.applicant)) for one in self.submissions if one.applicant and name]
        certain = [one for one in found if one[1] is Sameness.CERTAIN]
        return (*certain, *(one for one in found if one[1] is Sameness.LIKELY))

    def by_sender(self, address: str) -> tuple[KnownSubmission, ...]:
        return tuple(one for one in self.submissions if address in one.senders and not one.withdrawn)

    def by_domain(self, domain: str) -> tuple[KnownSubmission, ...]:
        live = [one for one in self.submissions if not one.withdrawn]
        return tuple(one for one in live if any(sender.endswith(f"@{domain}") for sender in one.senders))

    def mentioned(self, text: str) -> tuple[KnownSubmission, ...]:
        live = [one for one in self.submissions if one.applicant and not one.withdrawn]
        return tuple(one for one in live if mention(text, one.applicant) >= CALLED)

    def written_to(self, address: str) -> bool:
        return address in self.told

    def lay_in_junk(self) -> bool:
        return self.junk

    def taken_back(self) -> bool:
        return self.asked_back

    def desk_before(self, address: str) -> bool:
        return address in self.desks

    def by_files(self, hashes: Iterable[str]) -> tuple[KnownSubmission, ...]:
        return tuple({self.files[one].id: self.files[one] for one in hashes if one in self.files}.values())

    def remembered(self, address: str) -> Remembered | None:
        return self.memory.get(address)

    def listed_name(self, name: str, credit_code: str) -> str:
        return self.listed.get(credit_code, "") or self.listed.get(name, "")

    def listed_recommender(self, address: str) -> str:
        return self.recommenders.get(address, "")

    def listed_body(self, name: str) -> str:
        return self.recommenders.get(name, "")


@dataclass
class FakeDays:
    """The filed mails of some days as a test tells them."""

    mails: tuple[FiledMail, ...] = ()
    doubts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Hashes of the mails that each mail threw doubt on."""
    readings: dict[str, MailReading] = field(default_factory=dict)
    read_again: list[str] = field(default_factory=list)
    """Hashes of the mails that were read again, in order."""

    def after(self, turn: Turn, until: datetime) -> Sequence[FiledMail]:
        return self._in_order(one for one in self.mails if one.turn > turn and one.received <= until)

    def doubted_by(self, mails: Collection[str]) -> Sequence[FiledMail]:
        doubted = {sha256 for one in mails for sha256 in self.doubts.get(one, ())}
        return self._in_order(one for one in self.mails if one.sha256 in doubted)

    def reading(self, sha256: str) -> MailReading | None:
        self.read_again.append(sha256)
        return self.readings.get(sha256)

    @staticmethod
    def _in_order(mails: Iterable[FiledMail]) -> list[FiledMail]:
        return sorted(mails, key=lambda one: one.turn)


_LOOKUPS: type[Lookups] = FakeLookups
_DAYS: type[Days] = FakeDays
