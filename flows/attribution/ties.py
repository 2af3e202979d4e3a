"""What ties a mail to others (关联线索), read from the mail: the side of receipt order that decides."""

from __future__ import annotations

import re
from collections.abc import Iterable

from config.call import Call
from flows.attribution.placement import Lookups
from flows.attribution.split_mail import split
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.text.credit_code import find_credit_codes
from store.dossier.marks import Marks

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")


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


def _on_forms(reading: MailReading) -> Iterable[str]:
    """Return the mail addresses that the forms of a mail name as contact."""
    for leaf in reading.leaves:
        form = leaf.look.scan.form if leaf.look and leaf.look.scan else None
        if form is not None:
            yield from (address.lower() for address in _ADDRESS.findall(form.contact))
