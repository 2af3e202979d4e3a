"""What ties mails together (关联线索): read from a mail itself, or from what is kept of one that was filed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.call import Call
from flows.attribution.placement import Lookups
from flows.attribution.split_mail import split
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.names.company import Sameness, find_companies, same_company
from parsers.text.credit_code import find_credit_codes
from store.dossier.filed_mail import FiledMail, Holder
from store.states import Basis

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")

_BY_NAME = frozenset({Basis.NEW, Basis.NAME, Basis.CODE})
"""Bases of attributions to the firm that a mail names: there the submission's firm says what the mail says."""

_BY_FILES = frozenset({Basis.NEW, Basis.UNNAMED, Basis.FILES})
"""Bases of attributions that a file seen before could have changed, as it could where a mail was filed nowhere."""


@dataclass(slots=True)
class Marks:
    """What ties mails together (关联线索): two mails that share none of it cannot change each other's place."""

    senders: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """Addresses that a mail names beside its sender: for answers, in copy, on its forms."""
    ids: set[str] = field(default_factory=set)
    """Message-IDs of the mails themselves."""
    references: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    submissions: set[int] = field(default_factory=set)

    def add(self, other: Marks) -> None:
        """Take in another mail's marks."""
        self.senders |= other.senders
        self.named |= other.named
        self.ids |= other.ids
        self.references |= other.references
        self.names |= other.names
        self.codes |= other.codes
        self.files |= other.files
        self.submissions |= other.submissions

    def may_move(self, later: Marks) -> bool:
        """Whether a mail with these marks could change where a later one belongs."""
        if later.senders & (self.senders | self.named) or later.references & self.ids:
            return True
        if later.submissions & self.submissions or later.codes & self.codes or later.files & self.files:
            return True
        return any(same_company(one, other) is not Sameness.NO for one in self.names for other in later.names)


def marks_of(reading: MailReading, lookups: Lookups, call: Call) -> Marks:
    """Return everything of a mail by which it could change where another one belongs."""
    bundle = split(reading, (call.issuer, *call.issuer_aliases))
    reads = [group.applicant for group in bundle.groups]
    names = {name for read in reads for name in (read.name, lookups.listed_name(read.name, read.credit_code))}
    memory = lookups.remembered(reading.sender.address)
    if memory is not None:
        names.add(memory.name)
    said = "\n".join((reading.subject, reading.text, reading.signature, *reading.forwarded))
    ids = (*reading.in_reply_to, *reading.references)
    tied = [lookups.by_letters(ids), *lookups.by_threads(ids)]
    return Marks(
        senders={reading.sender.address} - {""},
        named={*(one.address for one in (*reading.reply_to, *reading.cc)), *_on_forms(reading)} - {""},
        ids={reading.message_id.strip("<>")} - {""},
        names=names - {""},
        codes={*(read.credit_code for read in reads), *find_credit_codes(said)} - {""},
        files={leaf.leaf.sha256 for leaf in reading.leaves if leaf.role is not Role.NOISE},
        submissions={known.id for known in tied if known is not None},
    )


def marks_of_filed(mail: FiledMail) -> Marks:
    """Return what ties a filed mail to others as far as its rows tell it; ``papers_must_be_read`` says where not.

    A mail that was placed by something else than the firm it names may name one all the same: its words are looked at.
    """
    marks = Marks(
        senders={mail.sender} - {""},
        ids=_bare([mail.message_id]),
        references=_bare(mail.references),
        submissions={holder.submission for holder in _holders(mail)},
        names={holder.firm for holder in _holders(mail)} - {""},
        codes={holder.code for holder in _holders(mail)} - {""},
    )
    if all(tie.basis in _BY_FILES for tie in mail.ties):
        marks.files |= set(mail.files)
    if not _placed_by_name(mail):
        marks.names |= {name for text in mail.said for name in find_companies(text)}
        marks.codes |= {code for text in mail.said for code in find_credit_codes(text)}
    return marks


def papers_must_be_read(mail: FiledMail) -> bool:
    """Whether a filed mail may name a firm in papers that no row tells of: they must be read again."""
    return mail.papers and not _placed_by_name(mail)


def _placed_by_name(mail: FiledMail) -> bool:
    return any(tie.basis in _BY_NAME for tie in mail.ties)


def _holders(mail: FiledMail) -> list[Holder]:
    return [*(tie.holder for tie in mail.ties), *mail.asked]


def _bare(message_ids: Iterable[str]) -> set[str]:
    return {one.strip().strip("<>") for one in message_ids} - {""}


def _on_forms(reading: MailReading) -> Iterable[str]:
    """Return the mail addresses that the forms of a mail name as contact."""
    for leaf in reading.leaves:
        form = leaf.look.scan.form if leaf.look and leaf.look.scan else None
        if form is not None:
            yield from (address.lower() for address in _ADDRESS.findall(form.contact))
