"""Telling a firm's own contact what its recommender sent (函告企业): policy ``tell_firm_contacts``, value ``both``.

Who never wrote to us is written to only under the bounds of ``docs/decisions/0031``: the address is the firm's without
doubt, the letter holds what the recommender's mails brought of this one firm and nothing else, a firm is told once, an
address at most once in thirty days, and without staff only where the mail server vouches for a listed recommender.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.replies.decide import Arrival, PlannedLetter
from flows.replies.letter import LetterKind
from flows.replies.matter import BundleCase, ContactNote, ContactState, Recommended
from flows.replies.mime import ascii_address, can_be_sent_to
from flows.replies.state import is_late, missing, state_key
from flows.replies.timing import answer_moment, next_opening
from flows.steps.answer.situations import told_of
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Leaf
from parsers.facts.mails import Address, AuthVerdict, MailReading, ReadLeaf
from parsers.names.contacts import (
    Barred,
    Contact,
    ContactRead,
    contacts_in_mail,
    contacts_in_paper,
    contacts_in_table,
    masked,
    shared_addresses,
    sure_contact,
)
from store import lists
from store.dossier.dossier import Dossier, MailSeen
from store.dossier.finding import Finding
from store.dossier.known_submission import domain_of
from store.engine import Transaction
from store.letters import due, outbox
from store.states import LetterState

BOTH = "both"

QUIET_FOR = timedelta(days=30)
"""An address that was told of one firm is not told of another for so long, however the first letter ended."""

MOST_AT_ONCE = 10
"""Firms of one mail whose contacts are told without staff: no recommender of the notice has more places."""

_REFUSED = frozenset({LetterState.REFUSED, LetterState.FAILED, LetterState.BOUNCED})
"""States after which the same firm's contact is not written to again by the machine."""


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """What becomes of one firm's contact: what its recommender reads of it, and the letter where one is to be made."""

    case: BundleCase
    submission_id: int
    letter: PlannedLetter | None = None
    matter: Recommended | None = None
    why: str = ""
    """Why no letter is made, in Chinese without its full stop; for the journal and for staff, never for a letter."""
    cancel: tuple[int, ...] = ()
    """Rows of letters to the same firm that have not left and that this one replaces."""

    @property
    def number(self) -> str:
        """The firm's 受理编号."""
        return self.case.dossier.number


@dataclass(frozen=True, slots=True)
class Bundled:
    """A recommender's mail with what it brought, as the planning needs it (推荐来信)."""

    mail: MailSeen
    reading: MailReading
    arrival: Arrival
    recommender: str
    cases: Mapping[int, BundleCase]
    """By row number of the submission, in order of the numbers."""


def plan_contacts(
    shop: Workshop, session: Transaction, bundled: Bundled, now: datetime, *, hold: bool
) -> tuple[ContactPlan, ...]:
    """Decide for every firm of a recommender's mail whether its contact is told; nothing where the policy says no.

    ``hold``: the recommender's own letter waits for staff, and so do these.
    """
    if shop.call.policy("tell_firm_contacts") != BOTH:
        return tuple(ContactPlan(case, number) for number, case in bundled.cases.items())
    planner = _Planner(shop, session, bundled, now)
    reads = planner.reads()
    chosen = {number: planner.choose(number, reads) for number in bundled.cases}
    found = sum(1 for contact in chosen.values() if contact.address)
    doubts = planner.doubts(found)
    return tuple(
        planner.plan(number, case, chosen[number], "" if not hold else "批量报送回执待人工放行", doubts)
        for number, case in bundled.cases.items()
    )


class _Planner:
    def __init__(self, shop: Workshop, session: Transaction, bundled: Bundled, now: datetime) -> None:
        self.shop, self.session, self.bundled, self.now = shop, session, bundled, now

    def reads(self) -> dict[int, tuple[ContactRead, ...]]:
        """Return the addresses that stand for each firm, from its papers, the mail's text and tables in the mail."""
        cases, reading = self.bundled.cases, self.bundled.reading
        firms = [case.dossier.applicant for case in cases.values()]
        said = [contacts_in_mail(reading.text, firms), *(contacts_in_table(leaf, firms) for leaf in reading.leaves)]
        return {
            number: (
                *(read for leaf in _papers(case.dossier) for read in contacts_in_paper(leaf)),
                *(read for one in said for read in one.get(case.dossier.applicant, ())),
            )
            for number, case in cases.items()
        }

    def choose(self, number: int, reads: Mapping[int, Sequence[ContactRead]]) -> Contact:
        """Return one firm's sure contact, or why there is none."""
        shared = shared_addresses({str(key): found for key, found in reads.items()})
        return sure_contact(reads[number], self._barred(reads[number]), shared)

    def _barred(self, reads: Iterable[ContactRead]) -> Barred:
        """Return who is no firm's contact: we, our coordinators, the call's contacts, the sender, every recommender."""
        settings, reading = self.shop.settings, self.bundled.reading
        staff = {*settings.ours, *settings.digest_to, *(one.email.lower() for one in self.shop.call.contacts)}
        senders = {reading.sender.address, *(one.address for one in reading.reply_to)}
        bodies = {read.address for read in reads if lists.recommender_by_address(self.session, read.address)}
        everyone = (staff | senders | bodies) - {""}
        return Barred(frozenset(everyone), frozenset(filter(None, map(domain_of, everyone))))

    def doubts(self, found: int) -> str:
        """Return why staff must look at all these letters before they go; empty where they need not."""
        if self.bundled.arrival.authentication is not AuthVerdict.PASS:
            return "来信的发件域名未经收件服务器验证"
        if lists.recommender_by_address(self.session, self.bundled.reading.sender.address) is None:
            return "发件地址不在推荐单位名单中"
        return f"一封来信要函告 {found} 家" if found > MOST_AT_ONCE else ""

    def plan(self, number: int, case: BundleCase, contact: Contact, waits: str, doubts: str) -> ContactPlan:
        """Decide for one firm."""
        told = due.letters_about(self.session, submission_id=number)
        earlier = [row for row in told if row.kind == LetterKind.CONTACT.value]
        why = self._why_not(case, contact) or self._why_not_again(contact, number, [row.state for row in earlier])
        if why:
            return ContactPlan(self._noted(case, ContactState.NONE), number, why=why)
        waiting = tuple(row for row in earlier if row.state in outbox.OPEN_STATES)
        # A mail that is decided once more finds the letter that it led to before.
        mine = [row for row in waiting if row.answers == self.bundled.mail.sha256]
        left = next((row for row in earlier if told_of(row).live and (row in mine or row not in waiting)), None)
        if left is not None:
            note = self._noted(case, ContactState.TOLD, left.to_address)
            return ContactPlan(note, number, why="此前已函告")
        hold = waits or doubts or self._late(case)
        state = ContactState.CHECKING if hold else ContactState.TELLING
        reason = f"{contact.reason}，函告企业联系人 {masked(contact.address)}。"
        return ContactPlan(
            self._noted(case, state, contact.address),
            number,
            PlannedLetter(
                LetterKind.CONTACT,
                Address(contact.person, contact.address),
                self._moment(case),
                bool(hold),
                f"{reason}须人工核对：{hold}。" if hold else reason,
                f"submission:{case.dossier.number}",
                _state_key(case, [row.state_key for row in earlier]),
            ),
            Recommended(case.dossier, self.bundled.recommender, self.bundled.mail.received),
            cancel=tuple(row.id or 0 for row in waiting),
        )

    def _why_not(self, case: BundleCase, contact: Contact) -> str:
        dossier, sender = case.dossier, self.bundled.mail.sender_address
        if not dossier.applicant or not dossier.applicant_certain:
            return "单位名称尚未确定"
        if dossier.withdrawn:
            return "申报已撤回"
        if any(mail.sender_address != sender for mail in dossier.mails):
            return "该件另有来信人，回信发给其来信人"
        if dossier.links:
            return "来信用了网盘或超大附件，材料未收全"
        if not contact.address:
            return contact.reason
        return "" if can_be_sent_to(ascii_address(contact.address)) else "联系邮箱的写法不能发信"

    def _why_not_again(self, contact: Contact, number: int, states: Sequence[str]) -> str:
        if any(state in _REFUSED for state in states):
            return "此前的函告未能送达，或经办决定不发"
        recent = (
            row
            for row in outbox.letters_to(self.session, contact.address)
            if row.kind == LetterKind.CONTACT.value and row.submission_id != number
        )
        if any(row.created > self.now - QUIET_FOR for row in recent):
            return f"该邮箱 {QUIET_FOR.days} 天内已因另一家企业函告过"
        return ""

    def _late(self, case: BundleCase) -> str:
        return "材料在截止之后收到" if is_late(case.dossier, case.findings, self.shop.call) else ""

    def _moment(self, case: BundleCase) -> datetime:
        """Return when it may leave: not at night or on a rest day, for the reader did not write; never too late."""
        call = self.shop.call
        moment = next_opening(answer_moment(self.now, call) if missing(case.findings) else self.now, call)
        closes = max(call.window.closes, case.dossier.extended_to or call.window.closes)
        return self.now if self.now < closes <= moment else moment

    def _noted(self, case: BundleCase, state: ContactState, address: str = "") -> BundleCase:
        return BundleCase(case.dossier, case.findings, ContactNote(state, masked(address)))


def contact_key(dossier: Dossier, findings: Iterable[Finding]) -> str:
    """Return the key of what a letter to a firm's contact would say now: its papers, its open 缺失, its name."""
    name = hashlib.sha256(dossier.applicant.encode()).hexdigest()[:8]
    return f"contact-{state_key(dossier, findings)}-{name}"


def take_back_stale(
    session: Transaction, submission_id: int, dossier: Dossier, findings: Iterable[Finding], now: datetime
) -> None:
    """Take back a letter to the firm's contact that has not left and says what is no longer so.

    It may wait for staff for days. The recommender's mail is then decided once more, so that a true one takes its
    place; where the recommender wrote again, that mail's own decision does.
    """
    now_so = contact_key(dossier, findings)
    for row in due.letters_about(session, submission_id=submission_id):
        stale = row.kind == LetterKind.CONTACT.value and row.state_key.partition("#")[0] != now_so
        if not stale or not outbox.cancel(session, row.id or 0, "状态已有变化，这封函告不再发出。", now):
            continue
        newest, _ = due.messages_of(session, submission_id)[0]
        if row.answers == newest.sha256:
            due.mark_message(session, newest.sha256, now)


def _state_key(case: BundleCase, earlier: Sequence[str]) -> str:
    key = contact_key(case.dossier, case.findings)
    rounds = sum(1 for one in earlier if one.partition("#")[0] == key)
    return f"{key}#{rounds + 1}" if rounds else key


def _papers(dossier: Dossier) -> Iterable[ReadLeaf]:
    for file in (dossier.form_file, dossier.report_file):
        if file is not None:
            yield ReadLeaf(Leaf(file.path, file.name, file.size, file.sha256, file.type), file.role, "", file.look)
