"""A recommender's digest: its own firms, and not a word about anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from config.policies import decided
from flows.steps.digest import make_recommender_digest, queue_due_digests, queue_recommender_digest
from flows.steps.digest.recommender import NoSuchRecommender
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop
from store import lists
from store.letters import outbox
from store.states import ListKind
from tests.desk.conftest import FIRST, LATE, NOW, SECOND
from tests.digest.conftest import MORNING, recommend, send_held

Number = Callable[[str], str]
OURS, OTHERS = "浙江省轴承工业协会", "浙江省汽车行业协会"


@pytest.fixture
def two_bodies(shop: Workshop, number: Number) -> Workshop:
    """The first and the late firm by one body, the second by another."""
    recommend(shop, number(SECOND), OTHERS)
    return shop


def test_the_digest_of_one_body_word_for_word(two_bodies: Workshop, golden: Callable[[str, str], None]) -> None:
    golden("recommender.txt", make_recommender_digest(two_bodies, OURS, MORNING).text)


def test_nothing_of_another_bodys_firm_is_told(two_bodies: Workshop, number: Number) -> None:
    made = make_recommender_digest(two_bodies, OURS, MORNING)
    row = next(one for one in register_values(two_bodies, MORNING)["submissions"] if one["applicant"] == SECOND)
    secrets = [SECOND, number(SECOND), OTHERS, "b@yi.example", "乙木", *(f["message"] for f in row["findings"][:5])]
    secrets += [file["name"] for files in row["materials"].values() for file in files]
    assert len(secrets) > 10
    shared = {
        f["message"]
        for one in register_values(two_bodies, MORNING)["submissions"]
        if one is not row
        for f in one["findings"]
    }
    for secret in set(secrets) - shared:
        assert secret not in made.text
        assert secret not in made.html
    assert (FIRST in made.text, LATE in made.text) == (True, True)
    assert made.attachments == (), "the register and its journal hold everybody"


def test_a_quota_shared_by_a_city_tells_numbers_and_no_names(two_bodies: Workshop, number: Number) -> None:
    first, second = "杭州市企业联合会", "杭州市企业家协会"
    recommend(two_bodies, number(FIRST), first)
    recommend(two_bodies, number(SECOND), second)
    two_bodies.call = decided(two_bodies.call, {"quota_per": "city"})
    made = make_recommender_digest(two_bodies, first, MORNING)
    assert "名额 3-5 个（全市合计，含其他推荐单位），已用 2 个，还可推荐 3 个。" in made.text
    assert (number(SECOND) in made.text, second in made.text, SECOND in made.text) == (False, False, False)


def test_what_staff_still_verify_is_no_accusation(two_bodies: Workshop) -> None:
    doubts = [
        finding["message"]
        for row in register_values(two_bodies, MORNING)["submissions"]
        for finding in row["findings"]
        if finding["verdict"] == "存疑"
    ]
    assert len(doubts) >= 3
    text = make_recommender_digest(two_bodies, OURS, MORNING).text
    assert [doubt for doubt in doubts if doubt in text] == []


def test_what_is_missing_is_told_once_the_firm_was_told_and_not_before(two_bodies: Workshop) -> None:
    assert "未见印章" not in make_recommender_digest(two_bodies, OURS, MORNING).text
    send_held(two_bodies, "a@jia.example", NOW + timedelta(hours=1))
    told = f"缺：申报推荐表“{FIRST}推荐表.pdf”是清晰的彩色页面，未见印章。"
    assert told in make_recommender_digest(two_bodies, OURS, MORNING).text


def test_a_body_that_recommended_nobody_gets_a_sentence_and_no_mail(shop: Workshop) -> None:
    with pytest.raises(NoSuchRecommender, match="没有申报由“浙江省茶叶协会”推荐"):
        make_recommender_digest(shop, "浙江省茶叶协会", MORNING)


def test_it_goes_to_the_listed_address_once_a_day_and_nowhere_without_one(two_bodies: Workshop) -> None:
    made = make_recommender_digest(two_bodies, OURS, MORNING)
    with pytest.raises(NoSuchRecommender, match="请用 --to 写明收件地址"):
        queue_recommender_digest(two_bodies, made, MORNING)
    file = lists.ListFile(
        ListKind.RECOMMENDER, "推荐单位", MORNING.date(), "f" * 64, (lists.Entry(1, OURS, email="office@zhou.example"),)
    )
    with two_bodies.store.transaction() as session:
        lists.save_list(session, file, by="李经办", at=MORNING)
    assert queue_recommender_digest(two_bodies, made, MORNING) == "已放入发件队列，收件人 office@zhou.example。"
    later = MORNING + timedelta(hours=3)
    assert queue_recommender_digest(two_bodies, made, later) == "今天给该单位的简报已经拟过，不再重复。"
    with two_bodies.store.reading() as session:
        digests = [row.to_address for row in outbox.in_state(session, "queued") if row.kind == "digest"]
    assert digests == ["office@zhou.example"]


def listed(shop: Workshop, *names: str) -> None:
    entries = tuple(lists.Entry(row, name, email=f"office{row}@body.example") for row, name in enumerate(names, 1))
    file = lists.ListFile(ListKind.RECOMMENDER, "推荐单位", MORNING.date(), "e" * 64, entries)
    with shop.store.transaction() as session:
        lists.save_list(session, file, by="李经办", at=MORNING)


def scheduled(shop: Workshop, how: str) -> Workshop:
    return replace(shop, settings=shop.settings.model_copy(update={"recommender_digest": how}))


def sent_to(shop: Workshop) -> list[str]:
    with shop.store.reading() as session:
        return [row.to_address for row in outbox.in_state(session, "queued") if row.kind == "digest"]


def test_the_schedule_sends_nothing_unless_it_is_set(two_bodies: Workshop) -> None:
    listed(two_bodies, OURS, OTHERS)
    assert queue_due_digests(two_bodies, MORNING) == "推荐单位简报没有设为定时发送（ZHENGJI_RECOMMENDER_DIGEST）。"
    assert sent_to(two_bodies) == []


def test_the_schedule_sends_each_listed_body_its_own_once_a_week_and_only_what_is_new(
    two_bodies: Workshop, number: Number
) -> None:
    shop = scheduled(two_bodies, "weekly")
    listed(shop, OURS)
    done = "推荐单位简报已放入发件队列 1 份；1 家推荐单位在名单中没有邮箱。"
    none = done.replace("1 份", "0 份")
    sunday = MORNING - timedelta(days=1)
    assert queue_due_digests(shop, sunday) == "现在是夜间或休息日，推荐单位简报不发。"
    assert [queue_due_digests(shop, MORNING + timedelta(days=day)) for day in (0, 1, 7)] == [done, none, none]
    recommend(shop, number(SECOND), OURS)
    assert queue_due_digests(shop, MORNING + timedelta(days=3)) == none.replace("；1 家", "；0 家")
    assert queue_due_digests(shop, MORNING + timedelta(days=8)) == done.replace("；1 家", "；0 家")
    assert sent_to(shop) == ["office1@body.example"] * 2


def test_the_daily_schedule_tells_of_a_change_on_the_next_working_day(two_bodies: Workshop, number: Number) -> None:
    shop = scheduled(two_bodies, "daily")
    listed(shop, OURS, OTHERS)
    assert queue_due_digests(shop, MORNING).startswith("推荐单位简报已放入发件队列 2 份")
    assert queue_due_digests(shop, MORNING + timedelta(days=1)).startswith("推荐单位简报已放入发件队列 0 份")
    recommend(shop, number(SECOND), OURS)
    assert queue_due_digests(shop, MORNING + timedelta(days=2)).startswith("推荐单位简报已放入发件队列 1 份")
    assert sent_to(shop) == ["office1@body.example", "office2@body.example", "office1@body.example"]
