"""Who applies, as one mail's files say it (申报单位的读取): names with their sources, and the name chosen from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.facts.leaf import Role
from parsers.facts.looks import FormKind
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.names.company import (
    NameRead,
    Sameness,
    clean_name,
    find_companies,
    is_body,
    is_company,
    is_placeholder,
    same_company,
)
from parsers.text.credit_code import find_credit_codes

_WEIGHTS = {
    "form": 0.95,
    "seal": 0.8,
    "report": 0.85,
    "file-name": 0.8,
    "folder": 0.8,
    "subject": 0.75,
    "mail-text": 0.6,
    "forwarded": 0.55,
    "signature": 0.6,
    "sender": 0.5,
}
"""How far a name read without fault in this place may be taken for the applicant's own."""

_ONE_VOICE = {"forwarded": "mail-text"}
"""Sources that are heard as one: what a sender passes on says no more beside what it writes."""

_TOLD_IN_TURN = (
    *("form", "report", "file-name", "folder", "seal"),
    *("subject", "mail-text", "signature", "forwarded", "sender", "staff"),
)
"""In what order a reason names its sources."""
_WEIGHT_OF_CAPTION = 0.5
_SURE = 0.9
_NAMES_OF_SOURCES = {
    "form": "推荐表",
    "seal": "公章",
    "report": "案例报告",
    "file-name": "文件名",
    "folder": "文件夹名",
    "subject": "邮件标题",
    "mail-text": "邮件正文",
    "forwarded": "转来的邮件",
    "signature": "邮件签名",
    "sender": "发件人名称",
    "staff": "经办认定",
}


@dataclass(frozen=True, slots=True)
class ApplicantRead:
    """The applicant as read from a set of files: the chosen name, how sure, and why in one Chinese sentence."""

    name: str = ""
    certain: bool = False
    confidence: float = 0.0
    reason: str = "未读到申报单位名称。"
    credit_code: str = ""
    claims: tuple[NameRead, ...] = ()
    contradicted: bool = False
    """Two sources that should be the applicant's own (form, report, seal) name different enterprises."""


def read_applicant(
    reading: MailReading, leaves: Sequence[ReadLeaf], *, never: Sequence[str] = (), with_mail: bool = True
) -> ApplicantRead:
    """Choose the applicant named by these leaves and (``with_mail``) by the mail that brought them.

    ``never`` are names that are not the applicant's whatever says so: issuer, recommenders.
    """
    claims = [*claims_of_leaves(leaves)]
    if with_mail:
        claims += claims_of_mail(reading)
    return choose(claims, codes_of_leaves(leaves), never=never)


def codes_of_leaves(leaves: Iterable[ReadLeaf]) -> tuple[str, ...]:
    """Return the credit codes on forms (whole page) and on other materials' first page of text, in that order."""
    found: dict[str, None] = {}
    for leaf in leaves:
        if leaf.look and leaf.look.scan and leaf.look.scan.form and leaf.look.scan.form.credit_code:
            found[leaf.look.scan.form.credit_code] = None
    for leaf in leaves:
        if leaf.look and leaf.role in {Role.FORM, Role.REPORT}:
            found.update(dict.fromkeys(find_credit_codes(leaf.look.text)))
    return tuple(found)


def claims_of_leaves(leaves: Iterable[ReadLeaf]) -> tuple[NameRead, ...]:
    """Return the names that stand in and on files: form, seal, report, folder and file names."""
    leaves = [leaf for leaf in leaves if leaf.role is not Role.NOISE]
    claims: list[NameRead] = []
    on_forms = [claim.name for leaf in leaves for claim in _form_claims(leaf)]
    for leaf in leaves:
        claims += _form_claims(leaf)
        claims += _report_claims(leaf, on_forms)
        *folders, name = [step for step in re.split(r"[/\\]", leaf.leaf.path) if step] or [""]
        # A photo's name is its caption and may speak of a customer.
        weight = _WEIGHT_OF_CAPTION if leaf.role is Role.PHOTO else _WEIGHTS["file-name"]
        claims += [NameRead(found, "file-name", weight, leaf.leaf.path) for found in find_companies(name)]
        for folder in folders:
            claims += [NameRead(found, "folder", _WEIGHTS["folder"], folder) for found in find_companies(folder)]
    return tuple(dict.fromkeys(claims))


def claims_of_mail(reading: MailReading) -> tuple[NameRead, ...]:
    """Return the names that stand in the mail itself: subject, new text, signature, the sender's display name.

    What a forwarded mail says counts like the mail's own text; who wrote that mail is nobody's name here.
    """
    places = (
        ("subject", reading.subject),
        ("mail-text", reading.text),
        *(("forwarded", text) for text in reading.forwarded),
        ("signature", reading.signature),
        ("sender", reading.sender.name),
    )
    return tuple(
        NameRead(found, source, _WEIGHTS[source], _NAMES_OF_SOURCES[source])
        for source, text in places
        for found in find_companies(text)
    )


def choose(claims: Sequence[NameRead], codes: Sequence[str] = (), *, never: Sequence[str] = ()) -> ApplicantRead:
    """Choose among the names: those that are one enterprise's support each other, each source once."""
    usable = [claim for claim in claims if _may_apply(claim.name, never)]
    code = codes[0] if len(set(codes)) == 1 else ""
    if not usable:
        return ApplicantRead(reason=_why_none(claims, never), credit_code=code, claims=tuple(claims))
    groups = _groups(usable)
    groups.sort(key=_support, reverse=True)
    best = groups[0]
    own = {claim.source for group in groups[1:] for claim in group if claim.source in {"form", "report"}}
    rival = next((group for group in groups[1:] if _support(group) > 0.6 and _same_strength(best, group)), None)
    name = max(best, key=lambda claim: claim.confidence).name
    confidence = _support(best)
    certain = confidence >= _SURE and rival is None and not own
    return ApplicantRead(
        name=name,
        certain=certain,
        confidence=confidence,
        reason=_why(name, best, groups[1:]) if not certain or len(groups) > 1 else _why(name, best, []),
        credit_code=code,
        claims=tuple(claims),
        contradicted=bool(own) and any(claim.source in {"form", "report"} for claim in best),
    )


def _form_claims(leaf: ReadLeaf) -> list[NameRead]:
    look = leaf.look
    if look is None or look.scan is None:
        return []
    claims = []
    form = look.scan.form
    if form and form.kind is not FormKind.OTHER and form.applicant.value:
        trust = 1.0 if form.applicant.certain else max(0.4, form.applicant.confidence * 0.9)
        claims.append(NameRead(clean_name(form.applicant.value), "form", _WEIGHTS["form"] * trust, leaf.leaf.path))
    if leaf.role is Role.FORM:
        claims += [
            NameRead(clean_name(seal.text), "seal", _WEIGHTS["seal"] * seal.confidence, leaf.leaf.path)
            for seal in look.scan.seals
            if is_company(seal.text)
        ]
    return claims


def _report_claims(leaf: ReadLeaf, on_forms: Sequence[str]) -> list[NameRead]:
    """Take the firm that the forms name too, else the first one: others are parents, customers and partners."""
    if leaf.role is not Role.REPORT or leaf.look is None or leaf.look.report is None:
        return []
    names = [name for name in leaf.look.report.names if is_company(name)]
    agreed = [name for name in names if any(same_company(name, other) is not Sameness.NO for other in on_forms)]
    return [NameRead(clean_name(name), "report", _WEIGHTS["report"], leaf.leaf.path) for name in (agreed or names)[:1]]


def _may_apply(name: str, never: Sequence[str]) -> bool:
    if is_placeholder(name) or is_body(name):
        return False
    return not any(same_company(name, other) is Sameness.CERTAIN for other in never)


def _groups(claims: Sequence[NameRead]) -> list[list[NameRead]]:
    groups: list[list[NameRead]] = []
    for claim in sorted(claims, key=lambda claim: -claim.confidence):
        for group in groups:
            if same_company(group[0].name, claim.name) is not Sameness.NO:
                group.append(claim)
                break
        else:
            groups.append([claim])
    return groups


def _support(group: Sequence[NameRead]) -> float:
    """Return the chance that not all of a group's sources err, each source counted once."""
    best: dict[str, float] = {}
    for claim in group:
        voice = _ONE_VOICE.get(claim.source, claim.source)
        best[voice] = max(best.get(voice, 0.0), claim.confidence)
    doubt = 1.0
    for confidence in best.values():
        doubt *= 1.0 - min(confidence, 0.99)
    return 1.0 - doubt


def _same_strength(best: Sequence[NameRead], other: Sequence[NameRead]) -> bool:
    """Whether another name stands in as good a place as the best: then no machine should choose."""
    strong = {"form", "report", "folder", "file-name"}
    return any(claim.source in strong for claim in other) or not any(claim.source in strong for claim in best)


def _why(name: str, group: Sequence[NameRead], others: Sequence[Sequence[NameRead]]) -> str:
    """Name the sources in one order whatever their weight: how sure a reading is differs a little between machines."""
    heard = sorted(dict.fromkeys(claim.source for claim in group), key=_place)
    sources = "、".join(_NAMES_OF_SOURCES.get(source, source) for source in heard)
    sentence = f"{sources}写的是“{name}”"
    if others:
        other = min(others[0], key=lambda claim: _place(claim.source))
        sentence += f"，而{_NAMES_OF_SOURCES.get(other.source, other.source)}写的是“{other.name}”"
    return sentence + "。"


def _place(source: str) -> int:
    return _TOLD_IN_TURN.index(source) if source in _TOLD_IN_TURN else len(_TOLD_IN_TURN)


def _why_none(claims: Sequence[NameRead], never: Sequence[str]) -> str:
    for claim in claims:
        source = _NAMES_OF_SOURCES.get(claim.source, claim.source)
        if is_placeholder(claim.name):
            return f"{source}上的单位名称“{claim.name}”是空白或占位文字，不是企业全称。"
        if is_body(claim.name) or any(same_company(claim.name, other) is Sameness.CERTAIN for other in never):
            return f"{source}上的申报企业写成了推荐单位“{claim.name}”。"
    return "未读到申报单位名称。"
