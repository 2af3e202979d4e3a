"""The truth that stories are held against: what they tell by hand, and what no letter may ever say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from flows.checks.run import run_rules
from flows.replies.letter import LetterKind
from flows.steps.lists.quotas import quota_ledger, routes_ledger
from parsers.facts.version import READER_VERSION
from store.filing.build_dossier import load_dossier
from store.filing.findings import load_findings
from store.filing.submissions import all_of_call
from store.tables import (
    ApplicantRow,
    FindingRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
)
from tests.cases.office import Office
from tests.cases.telling import Mail
from tests.cases.written import text_of


def expected_register(then: Mapping[str, Any], mails: Sequence[Mail]) -> list[dict[str, Any]]:
    """Fill in what a story leaves unsaid: everything of its mails is current, named surely, and nothing waits."""
    register = []
    for one in then.get("register", []):
        whole = {
            "code": "",
            "certain": True,
            "recommender": "",
            "second": False,
            "mails": [],
            "pending": [],
            "concerns": [],
            "superseded": [],
            "held": [],
        } | one
        whole["current"] = sorted(
            one.get(
                "current",
                [
                    name
                    for place in whole["mails"]
                    for file in mails[place - 1].files
                    if file.role != "noise"
                    and (name := f"{place}:{file.path}") not in whole["superseded"] + whole["held"]
                ],
            )
        )
        whole["superseded"], whole["held"] = sorted(whole["superseded"]), sorted(whole["held"])
        register.append(whole)
    return sorted(register, key=lambda one: (one["mails"], one["pending"], one["applicant"]))


def verdicts(office: Office, told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return, for each submission in order of its number, the verdicts of the rules that the story speaks of."""
    found = []
    with office.store.reading() as session:
        rows = session.exec(select(SubmissionRow).order_by(col(SubmissionRow.serial))).all()
        for row, asked in zip(rows, told, strict=True):
            applicant = session.get(ApplicantRow, row.applicant_id)
            mine = session.exec(select(FindingRow).where(FindingRow.submission_id == row.id)).all()
            by_code = {finding.code: finding.verdict for finding in mine}
            said = {"applicant": applicant.name if applicant else ""}
            found.append({key: said.get(key, by_code.get(key, "")) for key in asked})
    return found


def letters_made(office: Office) -> list[dict[str, str]]:
    """Return recipient, kind and fate of every letter that was not overtaken by another."""
    return [
        {"to": row.to_address, "kind": row.kind, "state": row.state}
        for row in office.letters()
        if row.state != "cancelled"
    ]


def quotas(office: Office) -> list[dict[str, Any]]:
    """Return each holder of places with how many it uses and how many are beyond its upper figure."""
    with office.store.reading() as session:
        lines = quota_ledger(session, office.shop.call)
    return [{"holder": line.holder, "used": line.used, "over": len(line.over)} for line in lines]


def routes(office: Office) -> list[str]:
    """Return the enterprises that came by more than one way, each as one sentence."""
    with office.store.reading() as session:
        return [one.sentence() for one in routes_ledger(session, office.shop.call)]


def names_nobody_else(office: Office) -> None:
    """Hold that no letter that was sent tells its reader what somebody else sent.

    A letter about a submission goes only to whoever brought something that counts in it. It lists a file only where
    its reader sent one of that very name or was copied in, and names a firm only where the reader named it first. A
    firm's own contact reads of that firm alone.
    """
    for row in office.letters():
        if row.state != "sent":
            continue
        if row.kind == LetterKind.CONTACT.value:
            _names_one_firm(office, row)
            continue
        heard = [mail for mail in office.story.mails if row.to_address in {mail.sender, *mail.cc}]
        text = text_of(office.store, row)
        names = {file.path.rsplit("/", 1)[-1] for mail in heard for file in mail.files}
        assert set(_LISTED.findall(text)) <= names, row.to_address
        said = "\n".join(_words(mail) for mail in heard)
        firms = {file.applicant for mail in office.story.mails for file in mail.files if file.applicant}
        assert [firm for firm in sorted(firms) if firm in text and firm not in said] == [], row.to_address
        if row.submission_id is not None and row.kind != LetterKind.MINIMAL.value:
            assert row.to_address in _own_senders(office, row.submission_id), row.to_address


_LISTED = re.compile(r"^\s+(?:\d+\. |已收到：)(.+?)(?:（[\d.]+ [KMG]?B）|，登记为)", re.MULTILINE)
"""A file in a letter's list, by its name."""


def _own_senders(office: Office, submission_id: int) -> set[str]:
    """Return who brought something that counts in a submission, or in the one that it was merged into."""
    with office.store.reading() as session:
        row = session.get_one(SubmissionRow, submission_id)
        into = session.exec(select(SubmissionRow).where(SubmissionRow.number == row.merged_into)).first()
        ids = [one.id for one in (row, into) if one is not None]
        query = select(MessageRow.sender_address).where(MessageRow.sha256 == SubmissionMessageRow.message)
        query = query.where(
            col(SubmissionMessageRow.submission_id).in_(ids), SubmissionMessageRow.relation != "pending"
        )
        return set(session.exec(query).all())


def everyone_is_answered(office: Office) -> None:
    """Hold that whoever wrote and brought or asked something got a letter after it, sent or waiting for staff.

    Left out are machines, chatter, and files sent once more with the same bytes.
    """
    letters = [row for row in office.letters() if row.state != "cancelled"]
    for place, mail in enumerate(office.story.mails, 1):
        silent = mail.machine or mail.intent == "thanks" or office.examined[place].kind in {"machine", "irrelevant"}
        if silent or _brings_nothing_new(office, place):
            continue
        received = office.received(mail)
        assert any(row.to_address == mail.sender and row.created >= received for row in letters), mail.sender


def findings_are_of_now(office: Office) -> None:
    """Hold that judging every submission once more finds what is kept: none was forgotten when something else came."""
    with office.store.reading() as session:
        for row in all_of_call(session, office.shop.call.id):
            dossier = load_dossier(session, office.shop.call, row.id or 0, READER_VERSION)
            now = [(f.code, f.item, f.verdict, f.message) for f in run_rules(dossier, office.shop.call)]
            kept = [(f.code, f.item, f.verdict, f.message) for f in load_findings(session, row.id or 0)]
            assert sorted(kept) == sorted(now), row.number


def _brings_nothing_new(office: Office, place: int) -> bool:
    mails = office.story.mails
    before = {
        file.read().leaf.sha256
        for mail in mails[: place - 1]
        if mail.sender == mails[place - 1].sender
        for file in mail.files
    }
    return bool(mails[place - 1].files) and {file.read().leaf.sha256 for file in mails[place - 1].files} <= before


def _names_one_firm(office: Office, row: LetterRow) -> None:
    with office.store.reading() as session:
        submission = session.get_one(SubmissionRow, row.submission_id)
        own = session.get_one(ApplicantRow, submission.applicant_id).name
    firms = {file.applicant for mail in office.story.mails for file in mail.files}
    text = text_of(office.store, row)
    assert [firm for firm in sorted(firms - {"", own}) if firm in text] == [], row.to_address


def _words(mail: Mail) -> str:
    files = [(file.path, file.applicant, *file.names) for file in mail.files]
    return "\n".join([mail.subject, mail.text, mail.name, *(word for one in files for word in one)])
