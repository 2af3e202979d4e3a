"""Sample matters (样例): one full and one bare matter for each kind of letter, made from the call alone.

They let staff see every letter after a change of wording, and let ``letters --check`` reach every branch.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from config.call import Call, Verdict
from flows.replies.letter import Attachment, LetterKind, Told
from flows.replies.letterbook import LETTER_KINDS
from flows.replies.matter import (
    Bundle,
    BundleCase,
    ContactNote,
    ContactState,
    Inquiry,
    Matter,
    QuotaNote,
    Recommended,
    Standing,
    Waiting,
)
from flows.replies.state import LATE_CODE, PAPER_CODE, ToldLetter
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier, FiledFile, Limit, MailSeen, PaperReceipt
from store.dossier.finding import Evidence, Finding
from store.states import LetterState, SubmissionStatus, VersionState

_ABOUT_MAIL = frozenset({LetterKind.INQUIRY, LetterKind.TEMPLATES, LetterKind.MINIMAL, LetterKind.NO_ATTACHMENT})
_CLEAN = frozenset({LetterKind.RECEIVED, LetterKind.COMPLETED, LetterKind.WITHDRAWN, LetterKind.PAPER_RECEIVED})


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter to be rendered for a look (样信)."""

    name: str
    kind: LetterKind
    matter: Matter
    findings: tuple[Finding, ...]
    now: datetime
    previous: ToldLetter | None = None
    annexes: tuple[Attachment, ...] = ()


def samples(call: Call) -> tuple[Sample, ...]:
    """Return the samples of a call: every kind with much and with little to say, before and after the deadline."""
    before, after = call.window.closes - timedelta(days=12, hours=10), call.window.closes + timedelta(days=1)
    made = [sample for kind in LETTER_KINDS for sample in (_full(call, kind, before), _bare(call, kind, before))]
    return (*made, *(replace(_full(call, kind, after), name=f"{kind}-over") for kind in LETTER_KINDS))


def _full(call: Call, kind: LetterKind, now: datetime) -> Sample:
    dossier, found = _dossier(call, now), _findings(call)
    findings = tuple(f for f in found if f.verdict is not Verdict.MISSING) if kind in _CLEAN else found
    matter: Matter = dossier
    if kind in _ABOUT_MAIL:
        standing = Standing(dossier.number, dossier.applicant, SubmissionStatus.INCOMPLETE)
        asked = replace(dossier.mails[0], text="请问纸质材料寄到哪里？几点截止？推荐名额几个？")
        matter = Inquiry(asked, dossier.number, attachments=2, standings=(standing,))
    elif kind is LetterKind.BUNDLE:
        second = replace(dossier, number=call.number(2), applicant="样例第二企业有限公司")
        told = ContactNote(ContactState.TELLING, "z***@example.com")
        cases = (BundleCase(dossier, found, told), BundleCase(second, (), ContactNote(ContactState.NONE)))
        quota = QuotaNote(Limit("", at_most=3, at_least=2), 4, over=(second.number,), free=1, wanting=1)
        matter = Bundle(
            "样例行业协会",
            dossier.mails[0],
            cases,
            ("不知归属的文件.docx",),
            ("他人的推荐表.pdf",),
            quota,
            (dossier.number,),
        )
    elif kind is LetterKind.CONTACT:
        matter = Recommended(dossier, "样例行业协会", dossier.mails[0].received)
    said = (
        Told("X00", "", Verdict.MISSING.value, "上次告知的一项缺失"),
        *(Told(f.code, f.item, f.verdict.value, f.defect) for f in found[:1]),
    )
    previous = ToldLetter(1, LetterKind.DEFICIENT, LetterState.SENT, "sample", "sample@example.com", now, said)
    annexes = tuple(Attachment(annex.name, "application/octet-stream", b"") for annex in call.annexes)
    return Sample(f"{kind}-full", kind, matter, findings, now, previous, annexes)


def _bare(call: Call, kind: LetterKind, now: datetime) -> Sample:
    dossier = replace(_dossier(call, now), applicant="", files=(), paper=(), extended_to=None)
    matter: Matter = dossier
    if kind in _ABOUT_MAIL:
        matter = Inquiry(replace(dossier.mails[0], subject=""))
    elif kind is LetterKind.BUNDLE:
        matter = Bundle("", dossier.mails[0], (BundleCase(dossier, ()),), quota=QuotaNote(Limit(), 1))
    elif kind is LetterKind.CONTACT:
        matter = Recommended(dossier, "", dossier.mails[0].received)
    elif kind is LetterKind.REMIND_DEADLINE:
        matter = Waiting(dossier.mails[0])
    return Sample(f"{kind}-bare", kind, matter, (), now)


def _dossier(call: Call, now: datetime) -> Dossier:
    mail = MailSeen(
        sha256=hashlib.sha256(b"sample").hexdigest(),
        message_id="<sample@example.com>",
        sender_name="样例联系人",
        sender_address="sample@example.com",
        subject="报送申报材料",
        received=now - timedelta(minutes=20),
        text="",
    )
    electronic = call.electronic
    files = [_file(f"{m.name}.pdf", m.key, Role.OTHER, mail) for m in electronic]
    files.append(_file("打不开的附件.rar", "", Role.UNREADABLE, mail))
    files.append(replace(_file("旧稿.doc", "", Role.OTHER, mail), state=VersionState.SUPERSEDED))
    paper = tuple(PaperReceipt(m.key, date(now.year, now.month, 1)) for m in call.materials if m.medium == "paper")
    return Dossier(
        call=call.id,
        number=call.number(1),
        applicant="样例精密机械有限公司",
        applicant_certain=True,
        credit_code="",
        names=(),
        recommender="",
        first_received=mail.received,
        last_received=mail.received,
        mails=(mail,),
        files=tuple(files),
        paper=paper[:1],
        extended_to=call.window.closes + timedelta(days=3),
    )


def _file(name: str, material: str, role: Role, mail: MailSeen) -> FiledFile:
    return FiledFile(
        version=0,
        material=material,
        role=role,
        name=name,
        path=f"申报材料.zip/{name}",
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        size=482_113,
        type="pdf",
        message=mail.sha256,
        received=mail.received,
        state=VersionState.CURRENT,
    )


def _findings(call: Call) -> tuple[Finding, ...]:
    """Return one finding for every rule of the call that may speak to applicants, and one doubt."""
    found = [
        Finding(
            code=code,
            verdict=rule.worst,
            message=f"样例：{rule.name}。",
            defect=f"样例：“{rule.name}”一项有问题",
            cure="样例：请改好后重新发送。",
            evidence=(Evidence("样例文件.pdf", place="第1页"),),
        )
        for code, rule in call.rules.items()
        if rule.worst in (Verdict.MISSING, Verdict.HINT) and code not in (LATE_CODE, PAPER_CODE)
    ]
    found.append(Finding("Q01", Verdict.DOUBT, "样例存疑。"))
    if PAPER_CODE in call.rules:
        found.append(Finding(PAPER_CODE, Verdict.HINT, "", "样例：纸质件尚未收到", "样例：请盖章后寄来。"))
    return tuple(found)
