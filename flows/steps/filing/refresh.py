"""Settle anew what follows from all that a submission holds (重新认定): versions, the applicant, the recommender."""

from __future__ import annotations

from config.call import Call
from flows.attribution.naming import name_by_first, name_of, recommender_of
from store.engine import Transaction
from store.filing.derived import load_holdings, rename
from store.filing.lookups import StoreLookups
from store.filing.versions import settle_versions
from store.tables import SubmissionRow


def refresh_submission(
    session: Transaction, call: Call, submission: SubmissionRow, reader_version: str, *, has_lost: bool = False
) -> None:
    """Decide versions, name and recommender from everything held; ``has_lost`` where a mail has left it just now."""
    lookups = StoreLookups(session, call)
    settle_versions(session, call, submission, reader_version)
    held = load_holdings(session, submission, reader_version)
    firm = name_by_first(held, lookups, call) if has_lost else None
    if firm is not None:
        rename(session, submission, firm.name, firm.credit_code)
        held = load_holdings(session, submission, reader_version)
    naming = name_of(held, lookups, call)
    if naming is not None:
        if naming.firm is not None:
            rename(session, submission, naming.firm.name, naming.firm.credit_code)
        submission.applicant_certain, submission.applicant_reason = naming.certain, naming.reason
    submission.recommender = recommender_of(held, lookups)
    session.add(submission)
    session.flush()
