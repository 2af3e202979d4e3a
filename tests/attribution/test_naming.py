"""What a submission is called, and what is doubted: decided from what it holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.attribution.naming import Firm, name_by_first, name_of, recommender_of
from flows.attribution.weak_links import WEAK_FOR, doubted
from store.dossier.holdings import HeldLeaf, HeldMail, Holdings, SenderTie
from store.states import Basis, Relation
from tests.attribution.fake import FakeLookups, read
from tests.cases.telling import FIRST, File, Mail, the_call

FIRM, LIKE, OTHER = "浙江远衡精密机械有限公司", "浙江远衡精密机槭有限公司", "杭州澜汀仪器仪表有限公司"
BODY = "浙江省轴承工业协会"


def held(applicant: str, *mails: Mail, by_staff: bool = False, basis: Basis = Basis.NEW) -> Holdings:
    """Return a submission that holds these mails whole, every file current."""
    readings = [read(mail, place) for place, mail in enumerate(mails, 1)]
    relations = [Relation.OPENS, *[Relation.SUPPLEMENTS] * len(mails)]
    return Holdings(
        applicant,
        by_staff,
        tuple(HeldLeaf(leaf, one.sha256, current=True) for one in readings for leaf in one.leaves),
        tuple(
            HeldMail(one.sha256, one.sender.address, relation, basis, one)
            for one, relation in zip(readings, relations, strict=False)
        ),
    )


def papers(firm: str = "", **more: Any) -> Mail:
    return Mail("a@qq.com", (File("推荐表.pdf", "form", firm, **more),), text="")


def named(holdings: Holdings, lookups: FakeLookups | None = None) -> tuple[bool, Firm | None] | None:
    naming = name_of(holdings, lookups or FakeLookups(), the_call())
    return None if naming is None else (naming.certain, naming.firm)


@pytest.mark.parametrize(
    ("holdings", "expected"),
    [
        (held("", papers(FIRM, seal=FIRM)), (True, Firm(FIRM))),
        (held("", papers(FIRM, sure=False)), (False, Firm(FIRM))),
        (held(FIRM, papers(FIRM, seal=FIRM)), (True, None)),
        # A clearer paper corrects a slip; another firm never takes the name over, it only makes it doubtful.
        (held(LIKE, papers(FIRM, seal=FIRM)), (True, Firm(FIRM))),
        (held(LIKE, papers(FIRM, sure=False)), (False, None)),
        (held(OTHER, papers(FIRM, seal=FIRM)), (False, None)),
        (held("", papers()), None),
        (held(OTHER, papers(FIRM), by_staff=True), None),
    ],
)
def test_the_name_follows_from_all_that_is_held(holdings: Holdings, expected: object) -> None:
    assert named(holdings) == expected


def test_the_lists_full_name_is_certain_and_the_one_to_bear() -> None:
    lookups = FakeLookups(listed={FIRM: "浙江远衡精密机械股份有限公司"})
    assert named(held("", papers(FIRM, sure=False)), lookups) == (True, Firm("浙江远衡精密机械股份有限公司"))


def test_the_first_mail_left_names_the_submission_again() -> None:
    calls = (FakeLookups(), the_call())
    assert name_by_first(held(LIKE, papers(FIRM), papers(LIKE)), *calls) == Firm(FIRM)
    assert name_by_first(held(FIRM, papers(FIRM), papers(LIKE)), *calls) is None
    assert name_by_first(held(OTHER, papers(FIRM)), *calls) is None
    assert name_by_first(held(LIKE, papers(FIRM), by_staff=True), *calls) is None
    # What was opened nameless is nameless again when the mail that named it has left.
    assert name_by_first(held(FIRM, papers(), basis=Basis.UNNAMED), *calls) == Firm("")
    assert name_by_first(held(FIRM, papers()), *calls) is None


def test_the_current_form_says_who_recommends_and_else_the_listed_sender() -> None:
    lookups = FakeLookups(recommenders={"轴承工业协会": BODY, "a@qq.com": "宁波市企业联合会"})
    assert recommender_of(held(FIRM, papers(FIRM, recommender=BODY)), lookups) == BODY
    assert recommender_of(held(FIRM, papers(FIRM)), lookups) == "宁波市企业联合会"
    assert recommender_of(held(FIRM, papers(FIRM)), FakeLookups()) == ""
    former = Holdings(
        FIRM,
        by_staff=False,
        leaves=tuple(
            HeldLeaf(one.leaf, one.mail, current=False) for one in held(FIRM, papers(FIRM, recommender=BODY)).leaves
        ),
    )
    assert recommender_of(former, FakeLookups()) == ""


def tie(**more: Any) -> SenderTie:
    values: dict[str, Any] = {"mail": "a", "received": FIRST, "submission": 1, "basis": Basis.SENDER, "named": True}
    return SenderTie(**{**values, "bases": frozenset({Basis.NEW, Basis.SENDER}), **more})


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (tie(), True),
        (tie(received=FIRST - WEAK_FOR), True),
        (tie(received=FIRST + WEAK_FOR + timedelta(seconds=1)), False),
        (tie(basis=Basis.NAME), False),
        # A named firm that holds nothing else keeps it; what never had a name gives it back.
        (tie(bases=frozenset({Basis.SENDER})), False),
        (tie(bases=frozenset({Basis.UNNAMED}), basis=Basis.UNNAMED, named=False), True),
    ],
)
def test_what_rests_on_the_sender_alone_is_doubted_when_the_sender_applies_for_another_firm(
    one: SenderTie, expected: bool
) -> None:
    assert doubted([one], FIRST) == ((one,) if expected else ())
