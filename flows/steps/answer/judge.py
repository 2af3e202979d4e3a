"""Judging a submission (审核): build its dossier from rows, run every rule of the call, keep the findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.checks.run import run_rules
from flows.steps.answer.tell_contacts import take_back_stale
from flows.steps.workshop import Workshop
from parsers.facts.version import READER_VERSION
from store import journal
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.engine import Transaction
from store.filing.build_dossier import load_dossier
from store.filing.findings import replace_findings
from store.letters import due


@dataclass(frozen=True, slots=True)
class Judged:
    """A submission as the rules saw it just now."""

    dossier: Dossier
    findings: tuple[Finding, ...]
    changed: bool


def look_at(shop: Workshop, session: Transaction, submission_id: int) -> Judged:
    """Run the rules without keeping anything."""
    dossier = load_dossier(session, shop.call, submission_id, READER_VERSION)
    return Judged(dossier, run_rules(dossier, shop.call), changed=False)


def judge(shop: Workshop, session: Transaction, submission_id: int, now: datetime) -> Judged:
    """Run the rules, keep what they found, and mark an answer as due. Running it again changes nothing.

    A letter to the firm's contact that has not left is taken back where it is no longer true.
    """
    seen = look_at(shop, session, submission_id)
    take_back_stale(session, submission_id, seen.dossier, seen.findings, now)
    changed = replace_findings(session, submission_id, seen.findings)
    due.mark_submission(session, submission_id, now)
    if changed:
        counts: dict[str, int] = {}
        verdicts: dict[str, list[str]] = {}
        for finding in seen.findings:
            counts[finding.verdict.value] = counts.get(finding.verdict.value, 0) + 1
            verdicts.setdefault(finding.code, []).append(finding.verdict.value)
        told = "，".join(f"{verdict} {count} 项" for verdict, count in counts.items())
        about = f"submission:{seen.dossier.number}"
        journal.write(
            session,
            now,
            journal.SYSTEM,
            "reviewed",
            about,
            f"审核完毕：{told}。",
            {"counts": counts, "verdicts": verdicts},
        )
    return Judged(seen.dossier, seen.findings, changed)
