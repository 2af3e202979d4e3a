"""What becomes of a mail in which nothing is handed in, or nothing of ours (来信去向): pure.

Every mail ends where somebody sees it: filed, answered, before staff, or listed by name among what was set aside. A
machine's mark decides nothing here; what the mail says and brings, and whether its sender is known, does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from config.call import Call
from parsers.facts.leaf import Role
from parsers.facts.mails import NOTICE_NAMES, Intent, MailReading, Notice, ReadLeaf
from store.states import MessageKind

PAPERS = frozenset({Role.FORM, Role.REPORT, Role.PHOTO})
"""Files that are somebody's materials by what they hold."""

IDLE = frozenset({Intent.ADVERT, Intent.IRRELEVANT})
"""Intents in which nothing of ours was seen; of a known sender they are staff's all the same."""

_TELLING = 3
"""Characters from which a material's name says something: 报告 and 照片 stand in any mail."""
_DELAYED = re.compile(r"延迟|尚未投递|delayed|warning message|待审核", re.IGNORECASE)
_ASKS = frozenset({Intent.QUESTION, Intent.STATUS, Intent.TEMPLATES})
"""Intents of a person who waits for an answer, whatever the mail encloses."""
_CLEAR = frozenset({Intent.WITHDRAWAL, Intent.PASSWORD, Intent.CONTACT, Intent.STATUS, Intent.CORRECTION})
"""Intents that say something of a submission, whoever is copied in."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of whoever wrote, and of where the mail lay."""

    known: bool
    """A submission, a letter of ours, a list or staff know the address, or a colleague's of its own domain."""
    firm: bool
    """The mail names a firm that stands in the register or in a list."""
    any_firm: bool = False
    """The mail, or a file's name in it, calls any firm by its full name."""
    junk: bool = False
    kept: bool = False
    """Staff took this very mail back from what was set aside."""
    desk_before: bool = False
    """A help desk answered from this address before."""


def of_notice(reading: MailReading, notice: Notice, sender: Sender) -> tuple[MessageKind, str]:
    """Say what becomes of a program's own message: listed, or a task where somebody must act on it."""
    name = NOTICE_NAMES[notice]
    if sender.kept:
        return MessageKind.INQUIRY, f"{name}，经办取回，请人工处理。"
    if notice is Notice.LEFT and sender.known:
        return MessageKind.INQUIRY, f"{name}：以后的回信可能没有人看，请与单位联系并更正联系方式。"
    if notice is Notice.DESK and sender.desk_before:
        return MessageKind.INQUIRY, f"{name}：对每封信都自动回复，已不再回信，请改用其他方式联系。"
    if notice is Notice.UNDELIVERED and not _only_delayed(reading):
        return MessageKind.INQUIRY, f"{name}：我方的回信可能没有送到，请核对后电话联系。"
    return MessageKind.MACHINE, reading.intent_reason or f"{name}，不是人写的信。"


def set_aside(reading: MailReading, files: Sequence[ReadLeaf], sender: Sender, call: Call) -> str:
    """Return why a mail is only listed; empty where it is to be filed, answered or looked at.

    That is: nobody we know wrote it, it names neither the call nor a firm, and what it brings is nobody's materials.
    """
    if sender.kept or sender.known or any(leaf.role in PAPERS for leaf in files):
        return ""
    if _copied_only(reading, call) and reading.intent not in _CLEAR:
        return "只是抄送给本邮箱，没有申报材料，列入搁置。"
    if sender.firm or names_the_call(reading, files, call):
        return ""
    return _nothing_of_ours(reading, files, sender)


def _nothing_of_ours(reading: MailReading, files: Sequence[ReadLeaf], sender: Sender) -> str:
    """Say why a mail that names nothing we know is only listed; empty where it may hold an application."""
    if reading.bulk or sender.junk:
        where = "在垃圾邮件夹中" if sender.junk else "是群发邮件"
        return f"{where}，没有提到本次征集或已知的单位，也没有申报材料，列入搁置。"
    if not (files or reading.links) or reading.intent in _ASKS:
        return ""
    hidden = bool(reading.links) or any(leaf.role is Role.UNREADABLE for leaf in files)
    if hidden and sender.any_firm:
        return ""
    return "陌生发件人，没有提到本次征集或任何单位，附件不是申报材料，列入搁置。"


def names_the_call(reading: MailReading, files: Sequence[ReadLeaf], call: Call) -> bool:
    """Whether subject, text or the names of files speak of the call's own papers, number or issuer."""
    said = "\n".join((reading.subject, reading.text, *reading.forwarded, *(leaf.leaf.path for leaf in files)))
    return _words_of(call).search(re.sub(r"\s+", "", said)) is not None


def _words_of(call: Call) -> re.Pattern[str]:
    words = {call.short_title, call.document_number, call.issuer, *call.issuer_aliases}
    words |= {word for one in call.materials for word in (one.name, *one.aliases) if len(word) >= _TELLING}
    words |= {word for one in call.materials for word in one.aliases if one.key == "form"}
    if call.form is not None:
        words |= {call.form.title, *call.form.title_aliases}
    return _pattern(call.number_prefix, frozenset(re.sub(r"\s+", "", one) for one in words if one))


@cache
def _pattern(prefix: str, words: frozenset[str]) -> re.Pattern[str]:
    numbers = rf"{re.escape(prefix)}\W?\d{{1,6}}"
    return re.compile("|".join([numbers, *map(re.escape, sorted(words)), "申报材料"]))


def _copied_only(reading: MailReading, call: Call) -> bool:
    ours = {contact.email.lower() for contact in call.contacts}
    return any(one.address in ours for one in reading.cc) and not any(one.address in ours for one in reading.to)


def _only_delayed(reading: MailReading) -> bool:
    return _DELAYED.search(f"{reading.subject}\n{reading.text}") is not None
