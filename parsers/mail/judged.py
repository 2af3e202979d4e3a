"""What a mail is (来信性质): one value from the mail's own words, and from whether files came with it.

Reading asks each question about the mail as a whole in one place: is it a delivery report, did a machine write it,
which links stand where files should be, does the receiving server vouch for its sender, what does it want.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.facts.mails import NOTICE_NAMES, Authentication, Bounce, CloudLink, Intent, Notice
from parsers.mail import authentication
from parsers.mail.bounce import find_bounce
from parsers.mail.intent import judge_intent
from parsers.mail.links import LINKS, find_links, main_link, shortcut_links, told_without_address
from parsers.mail.machine import generated, machine_reason
from parsers.mail.message import DecodedMail
from parsers.mail.notices import bulk_of, notice_of
from parsers.mail.quoting import SplitText
from parsers.mail.withdrawal import withdraws


@dataclass(frozen=True, slots=True)
class Beside:
    """What a file or a mail inside says in words: links stand there too."""

    text: str
    shortcut: bool = False
    """Whether the file is nothing but a way to somewhere else (``.url``, ``.webloc``)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the mail is; nothing of it says what its files are."""

    bounce: Bounce | None
    machine: str | None
    """Chinese reason where the mail must never be answered without staff; None where it may be."""
    notice: Notice | None
    bulk: bool
    links: tuple[CloudLink, ...]
    authentication: Authentication
    intent: Intent
    intent_reason: str
    withdrawal: str
    """The sentence in which the sender takes its application, or one firm's, back; empty where it does not."""


def judge_mail(
    mail: DecodedMail,
    words: SplitText,
    *,
    has_files: bool,
    beside: Sequence[Beside] = (),
    own_addresses: tuple[str, ...] = (),
    received: datetime | None = None,
    trusted_authserv: tuple[str, ...] = (),
    passwords: tuple[str, ...] = (),
) -> Judged:
    """Say what a decoded mail is. Never raises.

    ``words`` is its text in three (``parsers.mail.quoting``); ``has_files`` says whether a file came with it that is
    more than noise; ``beside`` is what its files and the mails in it say, for links; ``received`` is when the
    receiving server took it, for links that expire; ``passwords`` are those that its words give away.
    """
    bounce = find_bounce(mail)
    machine = machine_reason(mail, own_addresses)
    links = () if bounce is not None else _all_links(mail, words, beside, received, has_files=has_files)
    notice = notice_of(mail, words.new, marked=machine is not None or generated(mail), has_leaves=has_files)
    if notice is not None:
        machine = machine or f"来信是{NOTICE_NAMES[notice]}，不是人写的信。"
    vouched = authentication.judge(mail, trusted_authserv)
    intent, reason = judge_intent(mail, words.new, has_files, links, notice, bounce, tells_password=bool(passwords))
    if notice is not None and bounce is None:
        reason = machine or reason
    back = "" if notice is not None or bounce is not None else withdraws(mail.subject, words.new)
    return Judged(bounce, machine, notice, bulk_of(mail), links, vouched, intent, reason, back)


def _all_links(
    mail: DecodedMail, words: SplitText, beside: Sequence[Beside], received: datetime | None, *, has_files: bool
) -> tuple[CloudLink, ...]:
    """Return the links that this mail brings, wherever they stand, each address once."""
    found = list(_own_links(mail, words, received))
    for one in beside:
        found += shortcut_links(one.text) if one.shortcut else find_links(one.text, "", received)
    if not found and not has_files:
        about = main_link(words.new) or told_without_address(words.new)
        found += [] if about is None else [about]
    return tuple({link.url: link for link in reversed(found)}.values())[::-1][:LINKS]


def _own_links(mail: DecodedMail, words: SplitText, received: datetime | None) -> tuple[CloudLink, ...]:
    """Return the links of the mail's own words: in a reply, one that only stands in the history was told then."""
    links = find_links(f"{mail.subject}\n{mail.text}" if "://" in mail.subject else mail.text, mail.html, received)
    if not mail.in_reply_to:
        return links
    return tuple(link for link in links if link.url in words.new or link.url not in words.quoted)
