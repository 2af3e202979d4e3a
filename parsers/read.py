"""One mail or one file, read to the bottom (完整读取): decode, open, look inside, tell what is what.

The steps are kept apart so that ``parsers.sandbox.pool`` can run each in a process of its own where one of them dies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.classify import Classified, classify
from parsers.containers.budget import Budget
from parsers.containers.kinds import TABLES, WORD, sniff
from parsers.containers.passwords import find_passwords
from parsers.containers.unpack import Found, MailInside, Unpacked, unpack
from parsers.facts.account import UNSEEN_CODES
from parsers.facts.context import ReadContext
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.look.dispatch import look_at
from parsers.mail.bounce import find_bounce
from parsers.mail.judged import Beside, judge_mail
from parsers.mail.message import DecodedMail, MailPart, decode_mail
from parsers.mail.quoting import split_text
from parsers.photo.captions import Caption, Note, find_captions

Clock = Callable[[], float]

MOST_FORWARDED = 20_000
"""Characters of one forwarded mail that are kept beside what its files say."""
UNSEEN_PART = "来信中未能读出的部分"
"""The name under which bytes are told that belong to no part of a mail, or a file's encoding that was read as words."""
NOTE_CHARACTERS = 600
"""A Word file or a scan with more text than this is no note that gives a link."""
MOST_NOTES = 40
"""Notes and mails inside that are searched for links."""
MOST_MAILS_INSIDE = 20
"""Forwarded mails of one mail whose texts are kept; their files are read whatever their number."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """A single file read outside any mail: what it is, and the leaves in it where it holds others."""

    leaf: Leaf
    look: Look
    leaves: tuple[ReadLeaf, ...] = ()
    """Empty for a file that holds no others."""


def read_message(
    raw: bytes,
    spool: Spool,
    context: ReadContext,
    own_addresses: tuple[str, ...] = (),
    received: datetime | None = None,
    *,
    clock: Clock | None = None,
    passwords: tuple[str, ...] = (),
) -> MailReading:
    """Read one mail from its raw bytes. Never raises.

    ``passwords`` were told in other mails of the same sender or submission; they are tried after the mail's own.
    ``received`` is when the receiving server took it, for links that expire. ``clock`` gives seconds against which
    unpacking is limited; without one it is limited by entries and bytes alone.
    """
    mail = decode_mail(raw, spool)
    unpacked = open_parts(mail, mail.parts, spool, clock, passwords)
    looks = {} if find_bounce(mail) is not None else look_at_all(unpacked.leaves, spool, context)
    return compose(hashlib.sha256(raw).hexdigest(), mail, unpacked, looks, context, own_addresses, received)


def read_file(name: str, data: bytes, spool: Spool, context: ReadContext, *, clock: Clock | None = None) -> FileReading:
    """Read a single file of any kind; an archive is opened to the bottom. Never raises."""
    found = Found(name, spool.put(data), name)
    unpacked = unpack((found,), spool, Budget(clock=clock), (), _mail_reader(spool))
    kind = sniff(data[:65_536], data)
    own = Leaf(name, name, len(data), found.sha256, kind)
    itself = next((leaf for leaf in unpacked.leaves if leaf.path == name), own)
    look = look_at(data, name, kind, spool, context)
    others = tuple(leaf for leaf in unpacked.leaves if leaf.path != name)
    looks = look_at_all(others, spool, context)
    return FileReading(itself, look, read_leaves(others, looks, (), context))


def open_parts(
    mail: DecodedMail,
    parts: Sequence[MailPart],
    spool: Spool,
    clock: Clock | None = None,
    told: tuple[str, ...] = (),
) -> Unpacked:
    """Open the containers among a mail's parts, with the passwords that its text gives away, then with those ``told``.

    What a delivery report carries is our own letter or its headers: it is listed, never opened.
    """
    found = tuple(_found(part, mail.html) for part in parts)
    if find_bounce(mail) is not None:
        return Unpacked(tuple(_closed(one, spool) for one in found))
    passwords = tuple(dict.fromkeys((*find_passwords((f"{mail.subject}\n{mail.text}",)), *told)))
    return unpack(found, spool, Budget(clock=clock), passwords, _mail_reader(spool))


def _closed(found: Found, spool: Spool) -> Leaf:
    data = spool.get(found.sha256)
    kind = sniff(data[:65_536], data)
    return Leaf(found.path, found.name, len(data), found.sha256, kind, found.declared, problems=found.problems)


def look_at_all(leaves: Sequence[Leaf], spool: Spool, context: ReadContext) -> dict[str, Look]:
    """Look into every leaf; equal bytes are looked at once. The result is by path."""
    seen: dict[tuple[str, str], Look] = {}
    looks: dict[str, Look] = {}
    for leaf in leaves:
        key = (leaf.sha256, leaf.name.rpartition(".")[2].lower())
        if key not in seen:
            seen[key] = look_at(spool.get(leaf.sha256), leaf.name, leaf.type, spool, context)
        looks[leaf.path] = seen[key]
    return looks


def compose(
    sha256: str,
    mail: DecodedMail,
    unpacked: Unpacked,
    looks: Mapping[str, Look],
    context: ReadContext,
    own_addresses: tuple[str, ...] = (),
    received: datetime | None = None,
) -> MailReading:
    """Put together what was read: roles, captions, links, what kind of mail it is, whether to answer it."""
    words = split_text(mail.text)
    report = find_bounce(mail) is not None
    if report:
        leaves = tuple(ReadLeaf(leaf, Role.OTHER, "退信所附的原信，不是申报材料。") for leaf in unpacked.leaves)
    else:
        leaves = read_leaves(unpacked.leaves, looks, (("", words.new), *unpacked.texts), context)
        leaves += _unseen((*mail.problems, *unpacked.problems))
    judged = judge_mail(
        mail,
        words,
        has_files=any(leaf.role is not Role.NOISE for leaf in leaves),
        beside=() if report else _beside(unpacked, leaves),
        own_addresses=own_addresses,
        received=received,
        trusted_authserv=context.trusted_authserv,
        passwords=find_passwords((mail.subject, words.new)),
    )
    return MailReading(
        sha256=sha256,
        size=mail.size,
        message_id=mail.message_id,
        subject=mail.subject,
        sender=mail.sender,
        reply_to=mail.reply_to,
        to=mail.to,
        cc=mail.cc,
        date=mail.date,
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        text=words.new,
        quoted=words.quoted,
        signature=words.signature,
        machine=judged.machine,
        notice=judged.notice,
        bulk=judged.bulk,
        bounce=judged.bounce,
        authentication=judged.authentication,
        intent=judged.intent,
        intent_reason=judged.intent_reason,
        withdrawal=judged.withdrawal,
        links=judged.links,
        leaves=leaves,
        problems=(*mail.problems, *unpacked.problems),
        raw_account=mail.account,
        entry_account=unpacked.entries,
        forwarded=() if report else _forwarded(unpacked),
    )


def _unseen(problems: Sequence[Problem]) -> tuple[ReadLeaf, ...]:
    """Return what no reader saw of the mail as one unreadable thing, so that nothing is called missing beside it."""
    told = tuple(one for one in problems if one.code in UNSEEN_CODES and one.weight is Weight.UNREADABLE)
    if not told:
        return ()
    nothing = hashlib.sha256(b"").hexdigest()
    leaf = Leaf(UNSEEN_PART, UNSEEN_PART, 0, nothing, "", problems=told)
    return (ReadLeaf(leaf, Role.UNREADABLE, told[0].message),)


def _beside(unpacked: Unpacked, leaves: Sequence[ReadLeaf]) -> tuple[Beside, ...]:
    """Return the words beside the mail's own that may give links: mails inside, notes, shortcuts, a page of Word.

    A report cites websites; only a note is short enough to be nothing but the way to the files.
    """
    said = [Beside(text[:MOST_FORWARDED]) for _, text in unpacked.texts[:MOST_MAILS_INSIDE]]
    for one in leaves:
        text = one.look.text if one.look is not None else ""
        if text and (one.leaf.type in {"text", "lnk"} or len(text) <= NOTE_CHARACTERS):
            said.append(Beside(text[:MOST_FORWARDED], one.leaf.type == "lnk"))
    return tuple(said[:MOST_NOTES])


def _forwarded(unpacked: Unpacked) -> tuple[str, ...]:
    """Return what the mails inside say for themselves: without the history that they quote."""
    said = (split_text(text[:MOST_FORWARDED]) for _, text in unpacked.texts[:MOST_MAILS_INSIDE])
    words = (f"{one.new}\n{one.signature}".strip() for one in said)
    return tuple(text for text in words if text)


def read_leaves(
    leaves: Sequence[Leaf], looks: Mapping[str, Look], texts: Sequence[tuple[str, str]], context: ReadContext
) -> tuple[ReadLeaf, ...]:
    """Return each leaf with its role, and each photo with the caption found for it anywhere."""
    judged = [(leaf, classify(leaf, looks.get(leaf.path), leaves, context.call)) for leaf in leaves]
    photos = [leaf for leaf, answer in judged if answer.role is Role.PHOTO]
    captions = find_captions(photos, _notes(judged, looks, texts), _embedded(photos, looks)) if photos else {}
    return tuple(
        ReadLeaf(
            leaf,
            answer.role,
            answer.reason,
            looks.get(leaf.path),
            answer.sure,
            captions.get(leaf.path, Caption("", "")).text,
            captions.get(leaf.path, Caption("", "")).source,
        )
        for leaf, answer in judged
    )


def _embedded(photos: Sequence[Leaf], looks: Mapping[str, Look]) -> dict[str, str]:
    found = {}
    for photo in photos:
        look = looks.get(photo.path)
        if look is not None and look.picture is not None and look.picture.caption:
            found[photo.path] = look.picture.caption
    return found


def _notes(
    judged: Sequence[tuple[Leaf, Classified]], looks: Mapping[str, Look], texts: Sequence[tuple[str, str]]
) -> list[Note]:
    """Return the texts that may list captions: files beside the photos first, then what the mails say."""
    notes = []
    for leaf, answer in judged:
        look = looks.get(leaf.path)
        if look is None or not look.text or leaf.type not in {*WORD, *TABLES, "text", "pptx"}:
            continue
        if answer.role in {Role.OTHER, Role.REPORT}:
            notes.append(Note(f"文件“{leaf.name}”", look.text, answer.role is Role.REPORT, leaf.name))
    notes.sort(key=lambda note: note.is_report)
    notes += [Note("邮件正文", text) for _, text in texts]
    return notes


def _mail_reader(spool: Spool) -> Callable[[bytes], MailInside]:
    def read(raw: bytes) -> MailInside:
        mail = decode_mail(raw, spool)
        text = f"{mail.subject}\n{mail.text}".strip()
        return MailInside(text, tuple(_found(part, mail.html) for part in mail.parts), mail.problems)

    return read


def _found(part: MailPart, html: str) -> Found:
    """Return a part as something that may be a container.

    Apple's mail program calls photos and PDFs ``inline`` that were attached, and others show attached pictures in
    the text: what counts is whether the text shows the part by its Content-ID.
    """
    shown = bool(part.content_id) and f"cid:{part.content_id}" in html
    inline = shown or (part.inline and bool(part.content_id) and not html)
    return Found(part.name, part.sha256, part.path, part.declared, inline, part.content_id, part.problems)
