"""What a mail with several firms is answered (批量报送的答复): one letter to the recommender, by policy one a firm."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from config.call import Call
from flows.attribution.split_mail import is_own_paper
from flows.replies.decide import Action, Arrival, Decision, PlannedLetter
from flows.replies.letter import LetterKind
from flows.replies.matter import Bundle, BundleCase
from flows.replies.state import missing
from flows.steps.answer.judge import look_at
from flows.steps.answer.tell_contacts import Bundled, ContactPlan, plan_contacts
from flows.steps.lists.quotas import quota_note, routes_ledger
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.names.company import normalise_name
from store import lists
from store.dossier.dossier import MailSeen
from store.engine import Transaction
from store.filing.quotas import quota_uses
from store.filing.submissions import by_number
from store.letters import due
from store.letters.due import Belonging
from store.states import Relation, VersionState


@dataclass(frozen=True, slots=True)
class BundleAnswer:
    """What a mail with several firms is answered: the recommender's letter, and the letters to the firms' contacts."""

    bundle: Bundle
    decision: Decision
    contacts: tuple[ContactPlan, ...]


def answer_bundle(
    shop: Workshop,
    session: Transaction,
    mail: MailSeen,
    reading: MailReading,
    arrival: Arrival,
    places: tuple[Belonging, ...],
    now: datetime,
) -> BundleAnswer:
    """Look at every firm of the mail and plan its letters."""
    bundle, cases = _bundle(shop, session, mail, reading, places)
    hold = shop.settings.reply_mode == "approve" and any(missing(case.findings) for case in bundle.cases)
    bundled = Bundled(mail, reading, arrival, bundle.recommender, cases)
    contacts = plan_contacts(shop, session, bundled, now, hold=hold)
    bundle = replace(bundle, cases=tuple(plan.case for plan in contacts))
    reason = _reason(bundle, contacts)
    planned = PlannedLetter(
        LetterKind.BUNDLE, arrival.reply_to, now, hold, reason, f"message:{mail.sha256}", mail.sha256
    )
    action = Action.ASK if any(missing(case.findings) for case in bundle.cases) else Action.ACKNOWLEDGE
    return BundleAnswer(bundle, Decision(action, (planned,), None, reason), contacts)


def _bundle(
    shop: Workshop, session: Transaction, mail: MailSeen, reading: MailReading, places: tuple[Belonging, ...]
) -> tuple[Bundle, dict[int, BundleCase]]:
    cases: dict[int, BundleCase] = {}
    waiting: dict[str, str] = {}
    for place in places:
        seen = look_at(shop, session, place.submission_id)
        if place.relation == Relation.BUNDLE:
            cases[place.submission_id] = BundleCase(seen.dossier, seen.findings)
        own = (file for file in seen.dossier.files if file.message == mail.sha256)
        waiting |= {file.path: file.name for file in own if file.state is VersionState.PENDING}
    filed = {file.path for case in cases.values() for file in case.dossier.files if file.message == mail.sha256}
    left = [
        leaf
        for leaf in reading.leaves
        if leaf.leaf.path not in filed and leaf.leaf.path not in waiting and leaf.role is not Role.NOISE
    ]
    firms = [case.dossier.applicant for case in cases.values() if case.dossier.applicant]
    own_papers = [leaf for leaf in left if is_own_paper(leaf, firms) or _is_recommenders_own(leaf.leaf.name, shop.call)]
    recommender = next((case.dossier.recommender for case in cases.values() if case.dossier.recommender), "")
    listed = next((one.name for case in cases.values() if (one := case.dossier.lists.recommender)), recommender)
    body = listed if listed and _speaks_for(session, shop, reading, listed) else ""
    numbers = {number for one in routes_ledger(session, shop.call) for number in one.numbers} if body else set()
    bundle = Bundle(
        recommender or mail.sender_name,
        mail,
        tuple(cases.values()),
        tuple(leaf.leaf.name for leaf in left if leaf not in own_papers),
        tuple(waiting.values()),
        quota_note(session, shop.call, body) if body else None,
        tuple(case.dossier.number for case in cases.values() if case.dossier.number in numbers),
        tuple(leaf.leaf.name for leaf in own_papers),
    )
    return bundle, cases


def _is_recommenders_own(name: str, call: Call) -> bool:
    """Whether a file's name is that of a material which the call asks of the recommender itself (县级材料)."""
    plain = re.sub(r"[\s“”\"_-]", "", name)
    asked = (material for material in call.materials if material.supplier == "recommender")
    return any(word.replace("“", "").replace("”", "") in plain for one in asked for word in (one.name, *one.aliases))


def _speaks_for(session: Transaction, shop: Workshop, reading: MailReading, body: str) -> bool:
    """Whether the sender may read of this recommender's places: its listed address, or whoever sent all of its firms.

    Anybody may write a body's name into a form; how many others it recommended is told to the body alone.
    """
    entry = lists.recommender_by_address(session, reading.sender.address)
    if entry is not None:
        return normalise_name(entry.name) == normalise_name(body)
    own = [use for use in quota_uses(session, shop.call) if normalise_name(use.recommender) == normalise_name(body)]
    rows = [row for use in own if (row := by_number(session, use.number)) is not None]
    mails = [one for row in rows for one in due.messages_of(session, row.id or 0)]
    return {mail.sender_address for mail, relation in mails if relation != Relation.PENDING} == {reading.sender.address}


def _reason(bundle: Bundle, contacts: tuple[ContactPlan, ...]) -> str:
    short = sum(1 for case in bundle.cases if missing(case.findings))
    parts = [f"批量报送 {len(bundle.cases)} 家，逐家列明情况" + (f"，其中 {short} 家须补正" if short else "")]
    going = [plan.number for plan in contacts if plan.letter is not None]
    if going:
        parts.append(f"函告企业联系人：{'、'.join(going)}")
    parts += [f"{plan.number} 不函告：{plan.why}" for plan in contacts if plan.why]
    return "；".join(parts) + "。"
