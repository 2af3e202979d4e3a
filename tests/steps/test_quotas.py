from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from config.call import Call
from config.load import find_call, load_call
from config.policies import decided
from flows.replies.matter import QuotaNote
from flows.steps.lists.quotas import QuotaLine, TwoRoutes, quota_ledger, quota_note, two_routes
from store.dossier.dossier import Limit, Per
from store.engine import Store
from store.filing.applicants import ensure_applicant
from store.filing.build_dossier import load_dossier
from store.filing.quotas import QuotaUse, city_in, limit_of, quota_uses, unit_in
from store.filing.submissions import open_submission
from tests.cases.telling import FIRST, READER, File, Mail, Teller, Telling, the_call
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
    assert line == QuotaLine(Limit("浙江工商校友总会"), "", "", listed=False, reserved=("AL2026-0002",))
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
    assert note == QuotaNote(Limit("泰顺县", Per.UNIT, most["泰顺县"]), 3, shared=True, over=over)
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


BY_CITY = with_policy("quota_per", "city")


def use_of(body: str, pool: str, region: str = "", quota: int | None = None) -> QuotaUse:
    return QuotaUse("N-1", "某公司", body, pool, region, "reserved", True, FIRST, listed=True, quota=quota)


@pytest.mark.parametrize(
    ("call", "use", "limit", "places"),
    [
        (CALL, use_of("浙江省轴承工业协会", "provincial"), Limit("浙江省轴承工业协会", Per.BODY, 3, 2), "2-3"),
        (CALL, use_of("浙江工商校友总会", ""), Limit("浙江工商校友总会"), ""),
        (CALL, use_of("绍兴市工业经济联合会", "city", "绍兴市", 1), Limit("绍兴市工业经济联合会", Per.BODY, 1), "1"),
        (
            with_policy("quota_per", "city"),
            use_of("绍兴市企联", "city", "绍兴市"),
            Limit("绍兴市", Per.CITY, 5, 3),
            "3-5",
        ),
        (BY_CITY, use_of("某市企联", "city"), Limit("某市企联", Per.BODY, 5, 3), "3-5"),
        (
            with_policy("quota_per", "city"),
            use_of("绍兴市企联", "city", "绍兴市", 4),
            Limit("绍兴市", Per.CITY, 4),
            "4",
        ),
        (COUNTIES, use_of("龙港市经济发展局", "", "龙港市"), Limit("龙港市", Per.UNIT, 2), "2"),
        (COUNTIES, use_of("龙港市经济发展局", "", "龙港市", 3), Limit("龙港市", Per.UNIT, 3), "3"),
        (COUNTIES, use_of("象山县经信局", "", "象山县"), Limit("象山县经信局"), ""),
    ],
)
def test_a_limit_is_the_lists_number_else_the_tables_else_the_range(
    call: Call, use: QuotaUse, limit: Limit, places: str
) -> None:
    assert (limit_of(call, use), limit_of(call, use).places) == (limit, places)


def test_rule_ledger_and_place_agree_on_a_number_that_the_list_gives(store: Store) -> None:
    teller = Teller(store)
    teller.prepare(Telling(recommenders=({"name": "温州市企业联合会", "quota": 1},)))
    tell(teller, "温州市企业联合会", "温州市企业联合会")
    with store.reading() as session:
        (line,) = quota_ledger(session, CALL)
        standings = [load_dossier(session, CALL, place, READER).lists.recommender for place in (1, 2)]
        note = quota_note(session, CALL, "温州市企业联合会")
    assert line.sentence().endswith("名额 1 个，已用 2 个（确认 0，占用 2），超出 1 个：AL2026-0002。")
    assert [(one.rank, one.at_most) for one in standings if one] == [(1, 1), (2, 1)]
    assert note is not None
    assert (note.limit, note.over) == (line.limit, ("AL2026-0002",))


def test_one_dossier_costs_the_same_number_of_queries_however_many_submissions_there_are(store: Store) -> None:
    teller = Teller(store)
    rows = tuple({"name": f"浙江省第{number}行业协会", "quota": 5} for number in range(40))
    teller.prepare(Telling(recommenders=rows, members=({"name": "浙江远衡甲机械有限公司"},)))
    free = with_policy("member_recommended", "free")
    counted: dict[int, int] = {}
    for number in range(30):
        firm = f"浙江远衡{number}号机械有限公司"
        form = File("推荐表.pdf", "form", firm, recommender=f"浙江省第{number}行业协会")
        teller.tell(number + 1, Mail(f"a{number}@firm.example", (form,), after=number))
        if number + 1 in {3, 30}:
            counted[number + 1] = queries(store, lambda session: load_dossier(session, free, 1, READER))
    assert counted[3] == counted[30] <= 25


def queries(store: Store, work: Callable[[Session], object]) -> int:
    """Return how many statements the work sends to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        with store.reading() as session:
            work(session)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return len(sent)
