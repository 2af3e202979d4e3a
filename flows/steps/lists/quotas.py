"""The ledger of quotas (推荐名额台账): per recommender or city, how many places are reserved, confirmed, released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from config.call import Call
from flows.replies.matter import QuotaNote
from parsers.names.company import Sameness, normalise_name, same_company
from store.dossier.dossier import Limit
from store.engine import Transaction
from store.filing.quotas import (
    CONFIRMED,
    RELEASED,
    RESERVED,
    QuotaUse,
    limit_of,
    named_on_forms,
    quota_key,
    quota_uses,
    self_nominated,
)

SELF = "企业自行报送"
"""The way of an enterprise that names no recommender."""


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One holder of a quota.

    ``over`` are the numbers beyond the upper figure, in order of arrival: flagged, never dropped. Members are
    counted or free by the call's policy.
    """

    limit: Limit
    pool: str
    region: str
    listed: bool
    reserved: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    over: tuple[str, ...] = ()

    @property
    def holder(self) -> str:
        """Whose places they are."""
        return self.limit.holder

    @property
    def at_most(self) -> int | None:
        """The upper figure; None where nothing gives this body a place."""
        return self.limit.at_most

    @property
    def used(self) -> int:
        """Places in use: reserved and confirmed."""
        return len(self.reserved) + len(self.confirmed)

    def sentence(self) -> str:
        """Return the line as one Chinese sentence for the digest and the recommender's letter."""
        if self.at_most is None:
            return f"{self.holder}：已推荐 {self.used} 家，但不属于通知列明的推荐单位，请核实。"
        told = (
            f"{self.holder}{f'（{self.pool}）' if self.pool else ''}：名额 {self.limit.places} 个，已用 {self.used} 个"
        )
        told += f"（确认 {len(self.confirmed)}，占用 {len(self.reserved)}）"
        if self.over:
            return f"{told}，超出 {len(self.over)} 个：{'、'.join(self.over)}。"
        return f"{told}，还可推荐 {self.at_most - self.used} 个。"


@dataclass(frozen=True, slots=True)
class TwoRoutes:
    """One enterprise that came by two ways: two recommenders, or on its own and recommended.

    ``numbers`` is one where the second way's papers wait in the submission of the first.
    """

    applicant: str
    numbers: tuple[str, ...]
    routes: tuple[str, ...]

    def sentence(self) -> str:
        """Return it as one Chinese sentence for staff."""
        return f"{self.applicant} 由{'、'.join(self.routes)}多头申报（{'、'.join(self.numbers)}），请经办决定。"


def quota_ledger(session: Transaction, call: Call) -> tuple[QuotaLine, ...]:
    """Return a line for every body (or city, by policy) that recommended somebody, by pool and name."""
    groups: dict[str, list[QuotaUse]] = defaultdict(list)
    for use in quota_uses(session, call):
        groups[quota_key(call, use)].append(use)
    lines = [_line(call, uses) for uses in groups.values()]
    return tuple(sorted(lines, key=lambda line: (line.pool, line.holder)))


def line_of(session: Transaction, call: Call, recommender: str) -> QuotaLine | None:
    """Return the ledger's line that a recommender's submissions count in; None where it recommended nobody."""
    normal = normalise_name(recommender)
    uses = quota_uses(session, call)
    own = next((use for use in uses if normalise_name(use.recommender) == normal), None)
    if own is None:
        return None
    key = quota_key(call, own)
    return _line(call, [use for use in uses if quota_key(call, use) == key])


def quota_note(session: Transaction, call: Call, recommender: str) -> QuotaNote | None:
    """Return what a recommender's own letter says of its places; None where it recommended nobody.

    Of other bodies that share its quota nothing but their number is told.
    """
    line = line_of(session, call, recommender)
    if line is None:
        return None
    normal = normalise_name(recommender)
    own = {use.number for use in quota_uses(session, call) if normalise_name(use.recommender) == normal}
    over = () if call.policy("over_quota") == "accept" else line.over
    # Whether a quota that is not used up is spoken of; it is the recommender's own to use.
    least = line.limit.at_least if call.policy("under_quota") == "tell" else None
    return QuotaNote(
        line.limit,
        line.used,
        shared=not {*line.reserved, *line.confirmed} <= own,
        over=tuple(number for number in over if number in own),
        free=sum(1 for number in line.free if number in own),
        wanting=max(0, least - line.used) if least is not None else 0,
    )


def routes_ledger(session: Transaction, call: Call) -> tuple[TwoRoutes, ...]:
    """Return the enterprises of a call that came by more than one way, their own included, by number.

    The ways of one enterprise are those of all its submissions, and those that the forms in one submission name: a
    second recommender's form waits there for staff.
    """
    every = (*quota_uses(session, call), *self_nominated(session, call))
    named = named_on_forms(session, call)
    split = two_routes(every)
    known = {number for one in split for number in one.numbers}
    inside = []
    for use in every:
        ways = named.get(use.number, ())
        ways = ways if not use.recommender else (use.recommender, *ways)
        routes = tuple(dict.fromkeys(way or SELF for way in _distinct(ways)))
        if len(routes) > 1 and use.number not in known and use.state != RELEASED:
            inside.append(TwoRoutes(use.applicant, (use.number,), routes))
    return tuple(sorted((*split, *inside), key=lambda one: one.numbers))


def _distinct(names: Sequence[str]) -> list[str]:
    """Return one name for each body, the first that stood for it: another way of writing it is no other way."""
    kept: list[str] = []
    for name in names:
        if not any(name == one or same_company(name, one) is not Sameness.NO for one in kept):
            kept.append(name)
    return kept


def two_routes(uses: Sequence[QuotaUse]) -> tuple[TwoRoutes, ...]:
    """Return the enterprises that more than one body recommends, or one body and they themselves."""
    by_applicant: dict[str, list[QuotaUse]] = defaultdict(list)
    for use in uses:
        if use.state != RELEASED and use.applicant:
            by_applicant[normalise_name(use.applicant)].append(use)
    found = []
    for group in by_applicant.values():
        routes = tuple(dict.fromkeys(use.recommender or SELF for use in group))
        if len(routes) > 1:
            found.append(TwoRoutes(group[0].applicant, tuple(use.number for use in group), routes))
    return tuple(found)


def _line(call: Call, uses: Sequence[QuotaUse]) -> QuotaLine:
    first = uses[0]
    limit = limit_of(call, first)
    pool = next((pool for pool in call.quota_pools if pool.key == first.pool), None)
    counted = [use for use in uses if use.counts]
    return QuotaLine(
        limit,
        pool=pool.name if pool else "",
        region=first.region,
        listed=any(use.listed for use in uses),
        reserved=tuple(use.number for use in counted if use.state == RESERVED),
        confirmed=tuple(use.number for use in counted if use.state == CONFIRMED),
        released=tuple(use.number for use in uses if use.state == RELEASED),
        free=tuple(use.number for use in uses if not use.counts and use.state != RELEASED),
        over=() if limit.at_most is None else tuple(use.number for use in counted[limit.at_most :]),
    )
