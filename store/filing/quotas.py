"""How much of each recommender's quota is used (推荐名额使用情况), counted from the submissions themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from config.call import Call
from config.quota import pool_of
from parsers.facts.leaf import Role
from parsers.names.company import names_a_body, normalise_name
from parsers.names.places import CITIES_OF_ZHEJIANG
from parsers.text.firm_words import says_self
from store import lists
from store.dossier.dossier import Limit, Per, RecommenderStanding
from store.states import SubmissionStatus, VersionState
from store.tables import ApplicantRow, LeafRow, LookRow, SubmissionRow, VersionRow

RESERVED, CONFIRMED, RELEASED = "reserved", "confirmed", "released"
"""What a submission does to its recommender's quota: 占用（待齐）, 确认, 释放."""


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """One submission in the ledger of quotas."""

    number: str
    applicant: str
    recommender: str
    pool: str
    region: str
    state: str
    counts: bool
    """False for released ones, and for members where the call's policy makes them free."""
    received: datetime
    listed: bool
    quota: int | None = None
    """The number of places that the list of recommenders gives the body, or another that shares them."""


def city_in(name: str) -> str:
    """Return the 设区市 that a body's name begins with; empty where it names none."""
    plain = normalise_name(name).removeprefix("浙江省")
    return next((f"{city}市" for city in CITIES_OF_ZHEJIANG if plain.startswith(city)), "")


def unit_in(call: Call, name: str) -> str:
    """Return the unit of the printed quota table that a body's name begins with; empty where it names none.

    A county may stand behind its city (杭州市萧山区财政局); a city's own office is the unit 本级.
    """
    if call.quota_table is None:
        return ""
    plain = normalise_name(name).removeprefix("浙江省")
    units = call.quota_table.units
    for unit in units:
        if plain.startswith((unit.region, unit.city + unit.region)):
            return unit.region
    return next(
        (unit.region for unit in units if unit.region == f"{unit.city}本级" and plain.startswith(unit.city)), ""
    )


def self_nominated(session: Session, call: Call) -> tuple[QuotaUse, ...]:
    """Return every submission that names no recommender, in order of arrival. It uses nobody's quota."""
    return tuple(use for use in _uses(session, call) if not use.recommender)


def named_on_forms(session: Session, call: Call) -> dict[str, tuple[str, ...]]:
    """Return by number the recommenders that the forms of a live submission surely name, those that wait included.

    A form that waits for staff came from somebody else than the submission's own sender; one that was superseded was
    corrected, and does not count. Empty where a form says 自荐 or is blank.
    """
    query = (
        select(SubmissionRow.number, LookRow.look)
        .join(VersionRow, col(VersionRow.submission_id) == SubmissionRow.id)
        .join(LeafRow, col(LeafRow.id) == VersionRow.leaf_id)
        .join(LookRow, col(LookRow.sha256) == LeafRow.sha256)
        .where(
            SubmissionRow.call == call.id,
            SubmissionRow.status != SubmissionStatus.MERGED,
            col(SubmissionRow.withdrawn).is_(False),
        )
        .where(VersionRow.material != "", LeafRow.role == Role.FORM.value)
        .where(col(VersionRow.state).in_([VersionState.CURRENT, VersionState.PENDING]))
        .order_by(col(SubmissionRow.serial), col(LeafRow.id))
    )
    found: dict[str, dict[str, None]] = {}
    for number, look in session.exec(query):
        field = ((look.get("scan") or {}).get("form") or {}).get("recommender") or {}
        name = str(field.get("value", ""))
        if field.get("certain") and (names_a_body(name) or says_self(name)):
            entry = lists.recommender_of(session, name)
            said = (entry.name if entry else name) if names_a_body(name) else ""
            found.setdefault(number, {})[said] = None
    return {number: tuple(names) for number, names in found.items()}


def quota_uses(session: Session, call: Call) -> tuple[QuotaUse, ...]:
    """Return every submission that names a recommender, in order of arrival."""
    return tuple(use for use in _uses(session, call) if use.recommender)


def sharing(session: Session, call: Call, number: str) -> tuple[str, ...]:
    """Return the numbers of the submissions that share their places with this one, itself left out."""
    uses = quota_uses(session, call)
    own = {quota_key(call, use) for use in uses if use.number == number}
    return tuple(use.number for use in uses if use.number != number and quota_key(call, use) in own)


def standing_of(session: Session, call: Call, submission: SubmissionRow) -> RecommenderStanding | None:
    """Return what is known of a submission's recommender, and this submission's place; None where it names none."""
    if not submission.recommender:
        return None
    uses = quota_uses(session, call)
    own = next((use for use in uses if use.number == submission.number), None)
    if own is None:
        return None
    key = quota_key(call, own)
    shared = [use for use in uses if quota_key(call, use) == key and use.counts]
    rank = next((place for place, use in enumerate(shared, 1) if use.number == own.number), 0)
    return RecommenderStanding(
        name=own.recommender,
        pool=own.pool,
        listed=own.listed,
        region=own.region,
        used=len(shared),
        rank=rank,
        limit=limit_of(call, own),
    )


def limit_of(call: Call, use: QuotaUse) -> Limit:
    """Return how many places there are for a submission, and whose they are; told nowhere else.

    Whose: the unit's where the notice prints a table, else the body's, or its city's where the pool (for the pool of
    cities, the policy ``quota_per``) says so. How many: what the list of recommenders gives, else the table, else the
    pool's range. A list gives one figure, so nothing is left of the range then.
    """
    unit = next((row for row in call.quota_table.units if row.region == use.region), None) if call.quota_table else None
    pool = next((pool for pool in call.quota_pools if pool.key == use.pool), None)
    if unit is not None:
        limit = Limit(unit.region, Per.UNIT, unit.quota)
    elif pool is None or call.quota_table is not None:
        limit = Limit(use.recommender)
    else:
        per = Per(call.policy("quota_per") if pool.key == "city" else pool.per)
        by_city = per is Per.CITY and bool(use.region)
        holder, per = (use.region, Per.CITY) if by_city else (use.recommender, Per.BODY)
        limit = Limit(holder, per, pool.at_most, pool.at_least)
    return limit if use.quota is None else replace(limit, at_most=use.quota, at_least=None)


def quota_key(call: Call, use: QuotaUse) -> str:
    """Return what is the same for all submissions that share their places."""
    limit = limit_of(call, use)
    return f"{limit.per}:{use.pool if limit.per is Per.CITY else ''}:{normalise_name(limit.holder)}"


def _uses(session: Session, call: Call) -> list[QuotaUse]:
    """Return every live submission of the call, in order of arrival, in a number of queries that does not grow."""
    query = (
        select(SubmissionRow, ApplicantRow)
        .where(SubmissionRow.applicant_id == ApplicantRow.id)
        .where(SubmissionRow.call == call.id, SubmissionRow.status != SubmissionStatus.MERGED)
    )
    rows = sorted(session.exec(query), key=lambda one: (one[0].first_received, one[0].serial))
    uses = [_use(session, call, row, applicant) for row, applicant in rows]
    # Where several bodies share their places, a number that the list gives to one of them is the number of all.
    given: dict[str, int] = {}
    for use in uses:
        if use.quota is not None:
            given.setdefault(quota_key(call, use), use.quota)
    return [replace(use, quota=given.get(quota_key(call, use))) for use in uses]


def _use(session: Session, call: Call, row: SubmissionRow, applicant: ApplicantRow) -> QuotaUse:
    entry = lists.recommender_of(session, row.recommender) if row.recommender else None
    name = entry.name if entry else row.recommender
    pool = pool_of(call, name)
    state = RELEASED if row.withdrawn else CONFIRMED if row.status == SubmissionStatus.COMPLETE else RESERVED
    free = call.policy("member_recommended") == "free" and lists.is_member(
        session, applicant.name, applicant.credit_code
    )
    return QuotaUse(
        number=row.number,
        applicant=applicant.name,
        recommender=name,
        pool=_listed_pool(call, entry.pool if entry else "") or (pool.key if pool else ""),
        region=(entry.region if entry else "") or unit_in(call, name) or city_in(name),
        state=state,
        counts=state != RELEASED and not free and bool(row.recommender),
        received=row.first_received,
        listed=entry is not None,
        quota=entry.quota if entry else None,
    )


def _listed_pool(call: Call, words: str) -> str:
    """Return the key of the pool that a list's 类别 column names; empty where it names none of the notice's."""
    if not words:
        return ""
    for pool in call.quota_pools:
        if words in {pool.key, pool.name} or words in pool.name or pool.name in words:
            return pool.key
    return ""
