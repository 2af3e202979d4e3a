"""The fields that letters may use (信函字段): plain values, made from a matter, findings and the call.

Everything a sender wrote goes through ``safe`` here, once. Names are marked so that no line breaks inside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.call import Call, Clause, Contact, Verdict
from flows.replies import phrases
from flows.replies.letter import Told
from flows.replies.safe_text import SENTENCE_LIMIT, safe
from flows.replies.state import PAPER_CODE, PAPER_IN, UNREAD_CODE, doubts, hints, missing, wholly_late
from flows.replies.wrap import keep
from parsers.facts.leaf import Role
from parsers.facts.looks import FormKind
from store.dossier.dossier import Dossier, FiledFile, MailSeen
from store.dossier.finding import Finding
from store.states import VersionState

CURE_UNKNOWN = "请按通知要求补正后回复本信；拿不准的，请致电经办人员。"
"""The cure of a 缺失 that names none, such as one that staff set by hand."""

FILES_SHOWN = 60
"""Files that a letter lists one by one; the rest is a number."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One received file in a letter (收到的文件)."""

    name: str
    inside: str
    """The container or folder it came in; empty where it was attached by itself."""
    read_as: str
    size: str
    old: bool
    """Another file counts in its place."""
    fate: str = ""
    """Why another one counts: replaced, the same once more, broken; a Chinese clause, empty for a file that counts."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing to mend or to consider (补正事项、建议)."""

    no: int
    defect: str
    cure: str
    ref: str
    quote: str
    files: str
    place: str
    again: bool
    """The last letter named it too."""
    picture: str
    """Content-ID of the picture that shows the place; empty for none."""
    picture_alt: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What letters say of paper originals (纸质件)."""

    open: bool
    items: tuple[ItemLine, ...]
    received: tuple[str, ...]
    """Originals that were booked in: name and day."""


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """The moment that counts for this reader (截止时间)."""

    full: str
    short: str
    left: int
    rest: str
    over: bool
    extended: bool


def file_lines(dossier: Dossier, call: Call) -> tuple[tuple[FileLine, ...], int]:
    """Return the received files as a letter lists them, oldest first, and how many more there are."""
    shown = [
        file
        for file in dossier.files
        if file.role is not Role.NOISE
        and not file.kept_from_us
        and file.state in (VersionState.CURRENT, VersionState.SUPERSEDED)
    ]
    order = {material.key: index for index, material in enumerate(call.materials)}
    shown.sort(key=lambda f: (f.state is not VersionState.CURRENT, order.get(f.material, 99), f.path, f.sha256))
    lines = tuple(_file_line(file, call) for file in shown[:FILES_SHOWN])
    return lines, max(0, len(shown) - FILES_SHOWN)


def _file_line(file: FiledFile, call: Call) -> FileLine:
    inside = file.path[: -len(file.name)].rstrip("/") if file.path.endswith(file.name) else ""
    return FileLine(
        name=keep(safe(file.name)) or "（未命名）",
        inside=keep(safe(inside, 80)),
        read_as=_read_as(file, call),
        size=phrases.size(file.size),
        old=file.state is VersionState.SUPERSEDED,
        fate=_fate(file) if file.state is VersionState.SUPERSEDED else "",
    )


_SAME = "内容完全相同"
"""Stands in the reason of a version whose bytes came before (``store.filing.versions``)."""


def _fate(file: FiledFile) -> str:
    if _SAME in file.reason:
        return "与已收到的文件内容相同"
    form = file.look.scan.form if file.look and file.look.scan else None
    if form is not None and form.kind in {FormKind.OLD, FormKind.OTHER}:
        # Whether a form is another year's is a doubt for staff (F08); its sender reads only that another one counts.
        return "现以另一份为准"
    return safe(file.reason.rstrip("。"), SENTENCE_LIMIT) or "已由后来的文件替换"


def _read_as(file: FiledFile, call: Call) -> str:
    if file.role is Role.UNREADABLE:
        return "无法打开的文件"
    for material in call.materials:
        if material.key == file.material:
            return material.name
    return "其他材料，已归档备查"


def item_lines(
    findings: tuple[Finding, ...],
    call: Call,
    before: tuple[Told, ...],
    pictures: Mapping[str, str],
    start: int | None = 1,
) -> tuple[ItemLine, ...]:
    """Return findings as lines, numbered from ``start`` (0 for each where it is None).

    ``pictures`` gives the Content-ID of the crops that go with the letter.
    """
    known = {(told.code, told.item) for told in before}
    lines = []
    for number, finding in enumerate(findings, start or 0):
        rule = call.rules.get(finding.code)
        clause = rule.clause if rule is not None else Clause("", "")
        files = list(dict.fromkeys(safe(e.file) for e in finding.evidence if e.file))
        crop = next((e for e in finding.evidence if e.crop in pictures), None)
        lines.append(
            ItemLine(
                no=number if start is not None else 0,
                defect=words_of_rule(_defect(finding), call),
                cure=words_of_rule(finding.cure or CURE_UNKNOWN, call),
                ref=clause.ref,
                quote=clause.quote,
                files="、".join(keep(file) for file in files[:6]) + ("等" if len(files) > 6 else ""),
                place=safe(next((e.place for e in finding.evidence if e.place), ""), 60),
                again=(finding.code, finding.item) in known,
                picture=pictures[crop.crop] if crop is not None else "",
                picture_alt=f"{safe(crop.file, 60)} {safe(crop.place, 60)}的图像".strip() if crop is not None else "",
            )
        )
    return tuple(lines)


def _defect(finding: Finding) -> str:
    """Return what is wrong, in the rule's words; for a 缺失 that staff set, in theirs."""
    by_staff = finding.ruling.reason if finding.ruling is not None else ""
    return finding.defect or by_staff or finding.message


def words_of_rule(sentence: str, call: Call) -> str:
    """Return a rule's sentence made safe, with the call's own addresses left as they are."""
    clean = safe(sentence, SENTENCE_LIMIT)
    for contact in call.contacts:
        if contact.email:
            clean = clean.replace(safe(contact.email), contact.email)
    return clean


def settled(findings: tuple[Finding, ...], before: tuple[Told, ...]) -> tuple[Told, ...]:
    """Return what the last letter asked for or advised and is open no more."""
    still = {(f.code, f.item) for f in findings if f.verdict in (Verdict.MISSING, Verdict.HINT) or f.waits_for}
    return tuple(told for told in before if told.defect and (told.code, told.item) not in still)


def settled_line(told: Told, call: Call) -> str:
    """Say what is settled as what is right now, never as the defect that it was."""
    if told.code == UNREAD_CODE:
        if _LINK.match(told.item):
            return "网盘链接已改为附件"
        return f"“{keep(safe(told.item.rpartition('/')[2]))}”中的材料已能读取"
    rule = call.rules.get(told.code)
    name = (rule.name if rule is not None else "") or safe(told.defect, 60)
    return f"{name}：{keep(safe(told.item.rpartition('/')[2]))}" if told.item else name


_LINK = re.compile(r"link\b|[a-z]+://")


def said_by(dossier: Dossier, findings: tuple[Finding, ...]) -> tuple[Told, ...]:
    """Return what a letter with these findings asks for and advises, and which papers it says are in."""
    asked = tuple(
        Told(f.code, f.item, f.verdict.value, safe(_defect(f), SENTENCE_LIMIT))
        for f in (*missing(findings), *hints(findings))
    )
    return asked + papers_said(dossier)


def papers_said(dossier: Dossier) -> tuple[Told, ...]:
    """Return the paper originals that a letter says are in."""
    return tuple(Told(PAPER_CODE, key, PAPER_IN, "") for key in dict.fromkeys(p.material for p in dossier.paper))


def paper_line(dossier: Dossier, findings: tuple[Finding, ...], call: Call) -> PaperLine:
    """Return what is known of the paper originals."""
    still = tuple(f for f in findings if f.code == PAPER_CODE and f.verdict in (Verdict.HINT, Verdict.MISSING))
    names = {material.key: material.name for material in call.materials}
    received = tuple(
        f"{names.get(p.material, p.material)}，{p.received_on.month}月{p.received_on.day}日收到"
        + ("" if p.sealed else "，未见公章")
        for p in dossier.paper
    )
    return PaperLine(bool(still), item_lines(still, call, (), {}, start=None), received)


def deadline_line(call: Call, now: datetime, extended_to: datetime | None) -> DeadlineLine:
    """Return the deadline as this reader must keep it."""
    zone = call.window.timezone
    closes = extended_to if extended_to is not None and extended_to > call.window.closes else call.window.closes
    left = phrases.days_left(closes, now, zone)
    return DeadlineLine(
        full=phrases.end(closes, zone),
        short=phrases.short_end(closes, zone),
        left=left,
        rest=phrases.rest_of_time(left),
        over=now >= closes,
        extended=closes != call.window.closes,
    )


def mail_facts(mail: MailSeen, call: Call) -> dict[str, Any]:
    """Return what a letter may say of the mail it answers."""
    return {
        "subject": keep(safe(mail.subject, 60)) or "（无主题）",
        "title": safe(mail.subject, 60),
        "received": phrases.moment(mail.received, call.window.timezone),
    }


def posting_contact(call: Call) -> Contact:
    """Return to whom paper goes."""
    return next((c for c in call.contacts if c.address and any(word in c.role for word in _POSTING)), call.contact)


def call_facts(call: Call) -> dict[str, Any]:
    """Return what every letter may say of the call."""
    return {
        "call_title": call.title,
        "short_title": call.short_title,
        "document_number": call.document_number,
        "sender_name": call.sender_name,
        "words": call.words,
        "contact": _contact(call.contact),
        "paper_to": _contact(posting_contact(call)),
    }


_POSTING = ("邮寄", "收件", "寄送")
"""Words in a contact's role that make it the one to whom paper goes."""


def _contact(contact: Contact) -> dict[str, str]:
    return {
        "person": contact.person,
        "role": contact.role,
        "phone": keep(contact.phone),
        "email": keep(contact.email),
        "address": contact.address,
    }


def dossier_facts(
    dossier: Dossier,
    findings: tuple[Finding, ...],
    call: Call,
    now: datetime,
    *,
    before: tuple[Told, ...] = (),
    pictures: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return everything that letters about one submission may say."""
    files, more = file_lines(dossier, call)
    must = item_lines(missing(findings), call, before, pictures or {})
    return {
        "number": keep(dossier.number),
        "applicant": keep(safe(dossier.applicant, 60)) or "（单位全称待核）",
        "applicant_short": safe(dossier.applicant, 24),
        "named": bool(safe(dossier.applicant, 60)),
        "files": files,
        "files_more": more,
        "must": must,
        "should": item_lines(hints(findings), call, before, pictures or {}, start=len(must) + 1),
        "settled": tuple(dict.fromkeys(settled_line(told, call) for told in settled(findings, before))),
        "checking": bool(doubts(findings)),
        "paper": paper_line(dossier, findings, call),
        "deadline": deadline_line(call, now, dossier.extended_to),
        "wholly_late": wholly_late(dossier, call),
    }
