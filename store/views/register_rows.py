"""The register (台账) as plain values: the object that ``zhengji register --json`` prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from config.call import Call
from parsers.facts.leaf import Role
from parsers.facts.looks import FormFacts, FormField, Look, ReportFacts
from store.filing.submissions import all_of_call
from store.mails.readings import load_looks
from store.states import VersionState
from store.tables import (
    ApplicantRow,
    FindingRow,
    LeafRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    VersionRow,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
_READ = frozenset({Role.FORM, Role.REPORT})
"""Roles of files of which the register tells what was read in them."""

Filed = tuple[VersionRow, LeafRow, MessageRow]


def register_values(session: Session, call: Call, as_of: datetime | None = None) -> dict[str, Any]:
    """Return the whole register of a call, in the shape of the design's section 6.

    Submissions stand by number, mails by arrival, files by arrival and place in their mail. ``as_of`` is the moment
    of the look; without it, the arrival of the last mail. Times are of Asia/Shanghai. Problems are their codes.
    """
    submissions = all_of_call(session, call.id)
    messages = list(session.exec(select(MessageRow).order_by(col(MessageRow.received), col(MessageRow.sha256))).all())
    moment = as_of or max((message.received for message in messages), default=None)
    return {
        "call": call.id,
        "as_of": _time(moment),
        "submissions": _submissions(session, call, submissions),
        "messages": _messages(session, messages),
    }


def _submissions(session: Session, call: Call, submissions: list[SubmissionRow]) -> list[dict[str, Any]]:
    ids = [row.id or 0 for row in submissions]
    filed = _filed(session, ids)
    findings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.exec(_of(FindingRow, FindingRow.submission_id, ids).order_by(col(FindingRow.position))):
        findings[row.submission_id].append(_finding(row))
    letters: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for letter in session.exec(_of(LetterRow, LetterRow.submission_id, ids).order_by(col(LetterRow.id))):
        letters[letter.submission_id or 0].append(_letter(letter))
    names = {row.id: row for row in session.exec(select(ApplicantRow))}
    looks = _looks_of_current(session, (one for group in filed.values() for one in group))
    return [
        _submission(call, row, names.get(row.applicant_id), filed[row.id or 0])
        | {"findings": findings[row.id or 0]}
        | {"facts": _facts(call, filed[row.id or 0], looks), "letters": letters[row.id or 0]}
        for row in submissions
    ]


def _submission(call: Call, row: SubmissionRow, applicant: ApplicantRow | None, filed: list[Filed]) -> dict[str, Any]:
    materials: dict[str, list[dict[str, Any]]] = {one.key: [] for one in call.electronic}
    for version, leaf, message in filed:
        if version.material:
            materials.setdefault(version.material, []).append(
                {
                    "name": leaf.name,
                    "path": leaf.path,
                    "sha256": leaf.sha256,
                    "message": message.sha256,
                    "current": version.state == VersionState.CURRENT,
                }
            )
    return {
        "number": row.number,
        "applicant": applicant.name if applicant else "",
        "credit_code": (applicant.credit_code or None) if applicant else None,
        "recommender": row.recommender or None,
        "status": row.status,
        "first_received": _time(row.first_received),
        "last_received": _time(row.last_received),
        "materials": materials,
    }


def _facts(call: Call, filed: list[Filed], looks: Mapping[str, Look]) -> dict[str, Any]:
    """Return what was read of the current form and report, by the key that the call gives them."""
    facts: dict[str, Any] = {one.key: None for one in call.electronic if one.role in _READ}
    for version, leaf, _ in filed:
        look = looks.get(leaf.sha256)
        if version.state != VersionState.CURRENT or look is None or version.material not in facts:
            continue
        if leaf.role == Role.FORM and look.scan and look.scan.form:
            facts[version.material] = _form(look.scan.form)
        if leaf.role == Role.REPORT and look.report:
            facts[version.material] = _report(look.report)
    return facts


def _form(form: FormFacts) -> dict[str, Any]:
    def value(field: FormField) -> str | None:
        return field.value or None

    return {
        "case_title": value(form.case_title),
        "applicant": value(form.applicant),
        "recommender": value(form.recommender),
        "submitted_on": value(form.submitted_on),
    }


def _report(report: ReportFacts) -> dict[str, Any]:
    parts = {part.name: {"verdict": part.verdict.value, "words": part.words} for part in report.parts}
    return {"words": report.counts.body, "parts": parts}


def _finding(row: FindingRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "verdict": row.verdict,
        "message": row.finding.get("message", ""),
        "evidence": row.finding.get("evidence", []),
        "waits_for": row.finding.get("waits_for", []),
        "asked": row.finding.get("asked", False),
    }


def _letter(row: LetterRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "to": row.to_address,
        "subject": row.subject,
        "state": row.state,
        "message_id": row.message_id,
    }


def _messages(session: Session, messages: list[MessageRow]) -> list[dict[str, Any]]:
    numbers: dict[str, list[str]] = defaultdict(list)
    links = (
        select(SubmissionMessageRow.message, SubmissionRow.number)
        .join(SubmissionRow, col(SubmissionRow.id) == SubmissionMessageRow.submission_id)
        .order_by(col(SubmissionRow.serial))
    )
    for message, number in session.exec(links):
        numbers[message].append(number)
    leaves: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = select(LeafRow).where(col(LeafRow.position) >= 0).order_by(col(LeafRow.position))
    for leaf in session.exec(rows):
        leaves[leaf.message].append(_leaf(leaf))
    return [
        {
            "sha256": row.sha256,
            "message_id": row.message_id,
            "from": row.sender_address,
            "subject": row.subject,
            "received": _time(row.received),
            "kind": row.kind,
            "intent": row.intent,
            "folder": row.folder,
            "junk": row.junk,
            "reason": row.reason,
            "numbers": numbers[row.sha256],
            "leaves": leaves[row.sha256],
        }
        for row in messages
    ]


def _leaf(row: LeafRow) -> dict[str, Any]:
    return {
        "path": row.path,
        "name": row.name,
        "size": row.size,
        "sha256": row.sha256,
        "role": row.role,
        "problems": [problem["code"] for problem in row.problems],
    }


def _filed(session: Session, ids: list[int]) -> dict[int, list[Filed]]:
    query = (
        select(VersionRow, LeafRow, MessageRow)
        .where(VersionRow.leaf_id == LeafRow.id)
        .where(LeafRow.message == MessageRow.sha256)
        .where(col(VersionRow.submission_id).in_(ids))
        .order_by(col(MessageRow.received), col(MessageRow.sha256), col(LeafRow.position))
    )
    filed: dict[int, list[Filed]] = defaultdict(list)
    for version, leaf, message in session.exec(query):
        filed[version.submission_id].append((version, leaf, message))
    return filed


def _looks_of_current(session: Session, filed: Iterable[Filed]) -> dict[str, Look]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for version, leaf, message in filed:
        if version.state == VersionState.CURRENT and version.material and leaf.role in _READ:
            wanted[message.reader_version].add(leaf.sha256)
    looks: dict[str, Look] = {}
    for reader_version, hashes in wanted.items():
        looks |= load_looks(session, hashes, reader_version)
    return looks


def _of(table: Any, column: Any, ids: list[int]) -> Any:
    return select(table).where(col(column).in_(ids))


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
