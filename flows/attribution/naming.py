"""What a submission is called and who recommends it (定名): decided anew from all that it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from config.call import Call
from flows.attribution.placement import Lookups
from parsers.facts.leaf import Role
from parsers.facts.mails import ReadLeaf
from parsers.names.applicant import ApplicantRead, choose, claims_of_leaves, claims_of_mail, codes_of_leaves
from parsers.names.company import Sameness, names_a_body, same_company
from store.dossier.holdings import HeldMail, Holdings
from store.states import Basis, Relation


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm that a submission is to bear; an empty name is a firm that is not known yet."""

    name: str
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """How sure a submission's name is, and why; ``firm`` only where it is to bear another one than it does."""

    certain: bool
    reason: str
    firm: Firm | None = None


def name_of(held: Holdings, lookups: Lookups, call: Call) -> Naming | None:
    """Decide the applicant from everything held; None where staff gave it, or nothing names anybody.

    Another firm than the one that it bears never takes its place: then the name is uncertain, and the reason says so.
    """
    if held.by_staff:
        return None
    read = _read([one.leaf for one in held.leaves], held.mails, call)
    if not read.name:
        return None
    listed = lookups.listed_name(read.name, read.credit_code)
    name = listed or read.name
    certain = (read.certain or bool(listed)) and not read.contradicted
    if not held.applicant or (same_company(name, held.applicant) is Sameness.LIKELY and read.certain):
        return Naming(certain, read.reason, Firm(name, read.credit_code))
    if same_company(name, held.applicant) is Sameness.NO:
        return Naming(certain=False, reason=read.reason)
    return Naming(certain, read.reason)


def name_by_first(held: Holdings, lookups: Lookups, call: Call) -> Firm | None:
    """Let the first of the mails name the applicant again, where one that has left renamed it; None where it stands."""
    mails = [mail for mail in held.mails if mail.relation != Relation.CONCERNS]
    if not mails or held.by_staff:
        return None
    first = mails[0]
    read = _read([one.leaf for one in held.leaves if one.mail == first.sha256], [first], call)
    name = (lookups.listed_name(read.name, read.credit_code) or read.name) if read.name else ""
    was = held.applicant
    if name == was or (same_company(name, was) is Sameness.NO if name and was else first.basis != Basis.UNNAMED):
        return None
    return Firm(name, read.credit_code if name else "")


def recommender_of(held: Holdings, lookups: Lookups) -> str:
    """Return what the current form says; where it says nothing, the listed body that sent the first of the mails."""
    for one in held.leaves:
        look = one.leaf.look
        form = look.scan.form if look and look.scan else None
        if one.current and one.leaf.role is Role.FORM and form and names_a_body(form.recommender.value):
            return lookups.listed_body(form.recommender.value) or form.recommender.value
    return next((body for mail in held.mails if (body := lookups.listed_recommender(mail.sender))), "")


def _read(leaves: list[ReadLeaf], mails: Iterable[HeldMail], call: Call) -> ApplicantRead:
    words = [claim for mail in mails if mail.reading for claim in claims_of_mail(mail.reading)]
    claims = [*claims_of_leaves(leaves), *words]
    return choose(claims, codes_of_leaves(leaves), never=(call.issuer, *call.issuer_aliases))
