"""Writing a letter (拟信): from a kind and a matter to subject, plain text and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from markupsafe import escape

from config.call import Call, Verdict
from flows.replies import phrases
from flows.replies.facts import (
    call_facts,
    deadline_line,
    dossier_facts,
    mail_facts,
    papers_said,
    said_by,
    settled,
)
from flows.replies.letter import Attachment, Letter, LetterKind, Told
from flows.replies.letterbook import Rendered, letterbook_for
from flows.replies.matter import Bundle, ContactNote, Matter, QuotaNote, Recommended, Standing, Waiting
from flows.replies.notice_answers import answers_of_notice
from flows.replies.pictures import LetterPicture, letter_pictures
from flows.replies.reminders import REMINDERS
from flows.replies.safe_text import safe
from flows.replies.state import ASKING_KINDS, ToldLetter, doubts, missing, state_key, status_of
from flows.replies.wrap import keep
from parsers.facts.leaf import Role
from parsers.facts.mails import Address
from store.dossier.dossier import Dossier, MailSeen
from store.dossier.finding import Finding
from store.states import SubmissionStatus

REFERENCES_KEPT = 20
"""Message-IDs of the parent's References that are kept; the parent itself is added."""

LETTER_BYTES = 195_000
"""A letter stays below 200 KB: pictures are left out, then the frames, before a word is."""

_KINDS_THAT_SAY = ASKING_KINDS | {LetterKind.RECEIVED, LetterKind.COMPLETED, LetterKind.RECEIVED_CHECKING}
_STATUS_NAMES = {
    SubmissionStatus.COMPLETE: "已收齐",
    SubmissionStatus.DOUBTFUL: "已收到，人工核对中",
    SubmissionStatus.INCOMPLETE: "请补正",
    SubmissionStatus.LATE: "逾期，待人工处理",
    SubmissionStatus.WITHDRAWN: "已撤回",
}
_STANDING_NAMES = {
    SubmissionStatus.COMPLETE: "电子材料已收齐",
    SubmissionStatus.DOUBTFUL: "材料已收到，正在核对",
    SubmissionStatus.INCOMPLETE: "材料已收到，尚有待补正的，以补正通知为准",
    SubmissionStatus.LATE: "截止之后收到，已登记待定",
    SubmissionStatus.WITHDRAWN: "已撤回",
}

STANDINGS_SHOWN = 5
"""Submissions of one sender that an answer to a question names."""


def compose(
    kind: LetterKind,
    matter: Matter,
    findings: tuple[Finding, ...],
    call: Call,
    now: datetime,
    *,
    to: Address | None = None,
    answering: MailSeen | None = None,
    previous: ToldLetter | None = None,
    pictures: Mapping[str, bytes] | None = None,
    annexes: tuple[Attachment, ...] = (),
    brought: bool = True,
) -> Letter:
    """Write one letter.

    ``matter`` is the dossier, or the bundle or mail that is answered. ``to`` and ``answering`` default to the last
    mail of the matter. ``previous`` is the last letter that asked for something: with it the letter says what is
    settled since. ``pictures`` holds the crops of the findings' evidence, PNG by SHA-256.
    ``annexes`` go with a 模板寄送. ``brought`` false: nothing came since that letter, staff changed what is filed.
    Raises ``LetterFault`` where the call's wording is broken.
    """
    mail = answering or _last_mail(matter, to)
    # A withdrawal cites the mail that asked for it, and none where nobody asked in writing.
    cited = answering if kind is LetterKind.WITHDRAWN else mail
    findings = _told_before(findings, previous) if kind in REMINDERS and previous is not None else findings
    reader = to or (Address(mail.sender_name, mail.sender_address) if mail is not None else Address())
    book = letterbook_for(call)
    shown = letter_pictures(_wanted(kind, findings), pictures or {})
    while True:
        facts = facts_for(
            kind,
            matter,
            findings,
            call,
            now,
            answering=cited,
            before=previous,
            pictures={picture.sha256: picture.attachment.content_id for picture in shown},
            annexes=tuple(annex.name for annex in annexes),
            brought=brought,
        )
        rendered = book.render(kind, facts)
        if not shown or _weight(rendered, shown) <= LETTER_BYTES:
            break
        shown = shown[:-1]
    return Letter(
        kind=kind,
        to_name=safe(reader.name, 60),
        to_address=reader.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html if _weight(rendered, ()) <= LETTER_BYTES else _as_plain(rendered),
        attachments=tuple(picture.attachment for picture in shown) + annexes,
        in_reply_to=mail.message_id if mail is not None else "",
        references=_references(mail),
        said=_said(kind, matter, findings),
    )


def _weight(rendered: Rendered, shown: tuple[LetterPicture, ...]) -> int:
    """Return about how many bytes the letter has when it goes out: base64 with its line ends, and the headers."""
    raw = len(rendered.text.encode()) + len(rendered.html.encode()) + sum(len(p.attachment.data) for p in shown)
    return raw * 4 // 3 * 79 // 77 + 3_000


def _as_plain(rendered: Rendered) -> str:
    """Return the plain text as HTML: for letters so long that the cards and frames would make them too heavy."""
    style = "margin:0 auto;padding:16px;max-width:640px;white-space:pre-wrap;color:#1f2328;background-color:#ffffff;"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n<body>'
        f'<div style="{style}">{escape(rendered.text)}</div></body>\n</html>\n'
    )


def _last_mail(matter: Matter, to: Address | None) -> MailSeen | None:
    """Return the mail that the letter answers: the reader's own last one, so that nobody reads another's subject."""
    if not isinstance(matter, Dossier):
        return matter.mail
    if not matter.mails:
        return None
    own = (mail for mail in reversed(matter.mails) if to is not None and mail.sender_address == to.address)
    return next(own, matter.mails[-1])


def _references(mail: MailSeen | None) -> tuple[str, ...]:
    if mail is None or not mail.message_id:
        return ()
    earlier = tuple(ref for ref in mail.references if ref != mail.message_id)
    return (*earlier[-REFERENCES_KEPT:], mail.message_id)


def _not_all_here(findings: tuple[Finding, ...]) -> bool:
    """Whether a material is missing, or may lie in what nobody has opened or placed yet."""
    return bool(missing(findings)) or any(finding.waits_for for finding in findings)


def _said(kind: LetterKind, matter: Matter, findings: tuple[Finding, ...]) -> tuple[Told, ...]:
    if not isinstance(matter, Dossier):
        return ()
    if kind is LetterKind.PAPER_RECEIVED:
        return papers_said(matter)
    if kind in REMINDERS:
        return tuple(told for told in said_by(matter, findings) if told.verdict == Verdict.MISSING.value)
    # The receipt before the settling time is over names no defect and no paper.
    first = kind is LetterKind.RECEIVED_CHECKING and _not_all_here(findings)
    return said_by(matter, findings) if kind in _KINDS_THAT_SAY and not first else ()


def _wanted(kind: LetterKind, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the crops that this letter would show, the most important first."""
    if kind not in ASKING_KINDS | {LetterKind.REMIND_OPEN, LetterKind.CONTACT}:
        return ()
    ordered = [*missing(findings), *(f for f in findings if f.verdict is Verdict.HINT)]
    crops = (next((e.crop for e in f.evidence if e.crop), "") for f in ordered)
    return tuple(dict.fromkeys(crop for crop in crops if crop))


def facts_for(
    kind: LetterKind,
    matter: Matter,
    findings: tuple[Finding, ...],
    call: Call,
    now: datetime,
    *,
    answering: MailSeen | None = None,
    before: ToldLetter | None = None,
    pictures: Mapping[str, str] | None = None,
    annexes: tuple[str, ...] = (),
    brought: bool = True,
) -> dict[str, Any]:
    """Return every field that this letter's templates may use."""
    mail = answering or (None if kind is LetterKind.WITHDRAWN else _last_mail(matter, None))
    facts: dict[str, Any] = {
        **call_facts(call),
        "mail": mail_facts(mail, call) if mail is not None else None,
        "annexes": tuple(keep(safe(name)) for name in annexes),
    }
    if isinstance(matter, Dossier):
        said = before.said if before is not None else ()
        facts |= dossier_facts(matter, findings, call, now, before=said, pictures=pictures)
        facts["brought"] = brought
        facts["regret"] = before is not None and _was_our_mistake(matter, findings, before, brought=brought)
        facts["attachments"] = len(
            {f.path for f in matter.files if mail is not None and f.message == mail.sha256 and f.role is not Role.NOISE}
        )
        facts["interim"] = kind is LetterKind.RECEIVED_CHECKING and _not_all_here(findings)
    elif isinstance(matter, Bundle):
        facts |= _bundle_facts(matter, call, now)
    elif isinstance(matter, Recommended):
        facts |= _recommended_facts(matter, findings, call, now, pictures)
    elif isinstance(matter, Waiting):
        facts |= {"deadline": deadline_line(call, now, matter.closes), "number": "", "must": ()}
    else:
        facts |= {
            "number": keep(matter.number),
            "deadline": deadline_line(call, now, None),
            "attachments": matter.attachments,
            "standing": tuple(_standing_line(one) for one in matter.standings[:STANDINGS_SHOWN]),
            "lacking": any(one.status is SubmissionStatus.INCOMPLETE for one in matter.standings),
            "answers": answers_of_notice(f"{matter.mail.subject}\n{matter.mail.text}", call, now),
        }
    return facts


def _standing_line(one: Standing) -> str:
    who = keep(safe(one.applicant, 60)) or "（单位全称待核）"
    return f"{keep(one.number)} {who}：{_STANDING_NAMES.get(one.status, '已收到')}"


def _told_before(findings: tuple[Finding, ...], previous: ToldLetter) -> tuple[Finding, ...]:
    """Leave out 缺失 that the last letter did not name: a reminder adds nothing."""
    named = {(told.code, told.item) for told in previous.said}
    return tuple(f for f in findings if f.verdict is not Verdict.MISSING or (f.code, f.item) in named)


def _was_our_mistake(dossier: Dossier, findings: tuple[Finding, ...], before: ToldLetter, *, brought: bool) -> bool:
    """Whether something that we asked for was in order all along: staff mended it, and nothing new came in for it."""
    gone = [told for told in settled(findings, before.said) if told.verdict == Verdict.MISSING.value]
    if not gone or not brought:
        return bool(gone)
    # After a mail without new files only what staff ruled themselves is surely our mistake: a mail may bring captions.
    same_files = state_key(dossier, findings).partition("-")[0] == before.base_key.partition("-")[0]
    ruled = {(ruling.code, ruling.item) for ruling in dossier.rulings if ruling.verdict is not Verdict.MISSING}
    return same_files and all((told.code, told.item) in ruled for told in gone)


def _bundle_facts(bundle: Bundle, call: Call, now: datetime) -> dict[str, Any]:
    cases = []
    for case in bundle.cases:
        status = status_of(case.dossier, case.findings, call)
        facts = dossier_facts(case.dossier, case.findings, call, now)
        contact = _contact_facts(case.contact)
        cases.append({**facts, "status": status, "status_name": _STATUS_NAMES[status], "contact": contact})
    names = {case["number"]: f"{case['applicant']}（{case['number']}）" for case in cases}
    return {
        "recommender": keep(safe(bundle.recommender, 60)) or "贵单位",
        "cases": tuple(cases),
        "paper_items": next((case["paper"].items for case in cases if case["paper"].open), ()),
        "paper_waiting": tuple(case["number"] for case in cases if case["paper"].open),
        "overview": tuple(f"{case['applicant']}（{case['number']}）：{case['status_name']}" for case in cases),
        "open_cases": sum(1 for case in cases if case["must"]),
        "pending": bool(bundle.waiting)
        or any(case["status"] == "late" for case in cases)
        or any(doubts(case.findings) for case in bundle.cases),
        "leftovers": tuple(keep(safe(name)) for name in bundle.leftovers[:60]),
        "own_papers": tuple(keep(safe(name)) for name in bundle.own_papers[:60]),
        "waiting": tuple(keep(safe(name)) for name in bundle.waiting[:60]),
        "tells_contacts": any(case.contact for case in bundle.cases),
        "quota": _quota_facts(bundle.quota, names),
        "two_routes": tuple(names.get(keep(number), keep(number)) for number in bundle.two_routes),
        "deadline": deadline_line(call, now, None),
    }


def _quota_facts(quota: QuotaNote | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    if quota is None:
        return None
    most = quota.limit.at_most
    return {
        "range": quota.limit.places,
        "used": quota.used,
        "left": 0 if most is None else max(0, most - quota.used),
        "shared": quota.shared,
        "over": tuple(names.get(keep(number), keep(number)) for number in quota.over),
        "free": quota.free,
        "wanting": quota.wanting,
    }


def _recommended_facts(
    matter: Recommended,
    findings: tuple[Finding, ...],
    call: Call,
    now: datetime,
    pictures: Mapping[str, str] | None,
) -> dict[str, Any]:
    # The archive or folder that a file came in is the recommender's, and its name may name other firms.
    own = tuple(_without_paths(finding) for finding in findings)
    facts = dossier_facts(matter.dossier, own, call, now, pictures=pictures)
    return {
        **facts,
        "files": tuple(replace(file, inside="") for file in facts["files"]),
        "status": status_of(matter.dossier, findings, call),
        "recommender": keep(safe(matter.recommender, 60)) or "推荐单位",
        "sent_on": phrases.day(matter.received, call.window.timezone),
    }


def _without_paths(finding: Finding) -> Finding:
    kept = (replace(one, place="" if one.place == one.path else one.place) for one in finding.evidence)
    return replace(finding, evidence=tuple(kept))


def _contact_facts(note: ContactNote | None) -> dict[str, str] | None:
    return None if note is None else {"state": note.state.value, "address": keep(safe(note.address))}
