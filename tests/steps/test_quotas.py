from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.call import Call
from config.load import find_call, load_call
from config.policies import decided
from flows.replies.matter import QuotaNote
from flows.steps.lists.quotas import QuotaLine, TwoRoutes, quota_ledger, quota_note, two_routes
from store.engine import Store
from store.filing.applicants import ensure_applicant
from store.filing.quotas import QuotaUse, city_in, quota_uses, unit_in
from store.filing.submissions import open_submission
from tests.cases.telling import FIRST, File, Mail, Teller, Telling, the_call
from tests.store.blank import blank_store

CALL = the_call()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path)
    yield opened
    opened.close()


def with_policy(key: str, value: str) -> Call:
    return decided(CALL, {key: value})


def tell(teller: Teller, *recommenders: str) -> None:
    for place, recommender in enumerate(recommenders, 1):
        firm = f"浙江远衡{'甲乙丙丁戊己庚'[place - 1]}机械有限公司"
        files = (File("推荐表.pdf", "form", firm, recommender=recommender, holds=firm),)
        teller.tell(place, Mail(f"a@firm{place}.example", files, after=place))


def holders(store: Store, call: Call) -> list[tuple[str, int, tuple[str, ...]]]:
    with store.reading() as session:
        return [(line.holder, line.used, line.over) for line in quota_ledger(session, call)]


def test_a_quota_is_each_bodys_own_or_its_citys_by_policy(store: Store) -> None:
    teller = Teller(store)
    bodies = ["温州市企业联合会", "温州市企业家协会", "温州市企业联合会", "杭州市企业家协会"]
    tell(teller, *bodies, "温州市工业经济联合会", "温州市企业家协会", "温州市企业家协会")
    assert holders(store, with_policy("quota_per", "body")) == [
        ("杭州市企业家协会", 1, ()),
        ("温州市企业家协会", 3, ()),
        ("温州市企业联合会", 2, ()),
        ("温州市工业经济联合会", 1, ()),
    ]
    assert holders(store, with_policy("quota_per", "city")) == [("杭州市", 1, ()), ("温州市", 6, ("AL2026-0007",))]


def test_members_use_no_place_where_the_policy_makes_them_free(store: Store) -> None:
    teller = Teller(store)
    teller.prepare(Telling(members=({"name": "浙江远衡甲机械有限公司"},)))
    tell(teller, "温州市企业联合会", "温州市企业联合会")
    assert holders(store, with_policy("member_recommended", "uses_quota")) == [("温州市企业联合会", 2, ())]
    assert holders(store, with_policy("member_recommended", "free")) == [("温州市企业联合会", 1, ())]


def test_a_number_of_places_in_the_list_goes_before_the_notices_range(store: Store) -> None:
    teller = Teller(store)
    teller.prepare(Telling(recommenders=({"name": "温州市企业联合会", "quota": 1, "aliases": ["温州市企联"]},)))
    tell(teller, "温州市企联", "温州市企业联合会")
    assert holders(store, CALL) == [("温州市企业联合会", 2, ("AL2026-0002",))]


def test_a_body_of_no_allowed_class_is_shown_and_not_counted_against_a_range(store: Store) -> None:
    tell(Teller(store), "浙江某某大学校友会", "浙江工商校友总会")
    with store.reading() as session:
        (line,) = quota_ledger(session, CALL)
    assert line == QuotaLine(
        "浙江工商校友总会", "", "", listed=False, at_least=None, at_most=None, reserved=("AL2026-0002",)
    )
    assert line.sentence() == "浙江工商校友总会：已推荐 1 家，但不属于通知列明的推荐单位，请核实。"


def test_an_enterprise_by_two_bodies_is_pointed_out() -> None:
    def use(number: str, body: str, state: str = "reserved") -> QuotaUse:
        return QuotaUse(
            number, "浙江远衡机械有限公司", body, "city", "", state, counts=True, received=FIRST, listed=True
        )

    twice = [use("AL2026-0001", "温州市企业联合会"), use("AL2026-0002", "温州市企业家协会")]
    assert two_routes(twice) == (
        TwoRoutes("浙江远衡机械有限公司", ("AL2026-0001", "AL2026-0002"), ("温州市企业联合会", "温州市企业家协会")),
    )
    assert two_routes(twice)[0].sentence() == (
        "浙江远衡机械有限公司 由温州市企业联合会、温州市企业家协会多头申报（AL2026-0001、AL2026-0002），请经办决定。"
    )
    assert two_routes([twice[0], use("AL2026-0002", "温州市企业家协会", "released")]) == ()
    assert two_routes([twice[0], use("AL2026-0003", "温州市企业联合会")]) == ()


COUNTIES = load_call(find_call("key-sme-2025"))


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("桐庐县经济和信息化局", "桐庐县"),
        ("杭州市桐庐县财政局", "桐庐县"),
        ("浙江省义乌市经信局", "义乌市"),
        ("杭州市经济和信息化局", "杭州市本级"),
        ("宁波市经济和信息化局", ""),
        ("浙江省轴承工业协会", ""),
    ],
)
def test_an_offices_unit_is_read_from_its_name(name: str, unit: str) -> None:
    assert unit_in(COUNTIES, name) == unit
    assert unit_in(CALL, name) == ""


def test_two_offices_of_one_county_share_the_places_that_the_table_prints(store: Store) -> None:
    with store.transaction() as session:
        for place, office in enumerate(
            ("泰顺县经信局", "泰顺县财政局", "温州市泰顺县经济和信息化局", "云和县经信局"), 1
        ):
            applicant = ensure_applicant(session, f"浙江远衡{place}机械有限公司")
            moment = datetime(2024, 11, 10 + place, 9, tzinfo=FIRST.tzinfo)
            open_submission(session, COUNTIES, applicant.id or 0, received=moment, recommender=office)
    with store.reading() as session:
        lines = quota_ledger(session, COUNTIES)
        note = quota_note(session, COUNTIES, "温州市泰顺县经济和信息化局")
    most = {row.region: row.quota for row in COUNTIES.quota_table.units}  # type: ignore[union-attr]
    assert [(line.holder, line.used, line.at_most) for line in lines] == [
        ("云和县", 1, most["云和县"]),
        ("泰顺县", 3, most["泰顺县"]),
    ]
    over = ("ZD2025-0003",) if most["泰顺县"] < 3 else ()
    assert note == QuotaNote(None, most["泰顺县"], 3, shared=True, over=over)
    assert lines[0].sentence().startswith(f"云和县：名额 {most['云和县']} 个，已用 1 个（确认 0，占用 1）")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("温州市企业联合会", "温州市"),
        ("浙江省杭州市企业家协会", "杭州市"),
        ("浙江省轴承工业协会", ""),
        ("苏州市企业联合会", ""),
    ],
)
def test_a_bodys_city_is_read_from_its_name(name: str, expected: str) -> None:
    assert city_in(name) == expected


def test_who_recommends_nobody_stands_in_no_ledger(store: Store) -> None:
    tell(Teller(store), "自荐", "")
    with store.reading() as session:
        assert quota_uses(session, CALL) == ()
