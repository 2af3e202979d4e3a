"""The coordinators' digest: one look answers what came, what is wrong, what waits, and whether a mail is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.steps.digest import make_digest, queue_digest
from flows.steps.digest.facts import gather
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop, open_workshop
from store import journal, lists, watermarks
from store.filing import submissions
from store.letters import outbox
from store.states import ListKind
from tests.desk.conftest import FIRST, LATE, NOW, SECOND
from tests.digest.conftest import MORNING, recommend, send_held, show_mailbox
from tests.frozen_letters import bytes_of

Number = Callable[[str], str]
Golden = Callable[[str, str], None]


def words_of(page: str) -> str:
    body = re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", body)))


def lines_of(shop: Workshop, title: str) -> list[str]:
    sections = make_digest(shop, MORNING).sections
    return [line.words for one in sections if one.title.startswith(title) for line in one.lines]


def test_the_digest_of_the_small_office_word_for_word(shop: Workshop, golden: Golden) -> None:
    show_mailbox(shop, 4)
    golden("office.txt", make_digest(shop, MORNING).text)


def test_the_html_says_what_the_text_says_in_the_same_order(shop: Workshop) -> None:
    show_mailbox(shop, 4)
    made = make_digest(shop, MORNING)
    page = words_of(made.html)
    plain = [re.sub(r"^\s*·?\s*|\s+", "", line) for line in made.text.splitlines() if line.strip()]
    place = 0
    for line in plain:
        found = page.find(line, place)
        assert found >= 0, f"the page does not say, or not here: {line}"
        place = found + len(line)


def test_the_page_loads_nothing_from_anywhere_and_shows_what_senders_wrote_as_words(
    shop: Workshop, number: Number
) -> None:
    recommend(shop, number(SECOND), '<img src="http://evil.example/a.png">')
    made = make_digest(shop, MORNING)
    sources = re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\'\s>)]+)', re.sub(r"&lt;.*?&gt;", "", made.html))
    assert sources == ["cid:progress-chart@zhengji.invalid"]
    assert "&lt;img src=" in made.html
    assert "<script" not in made.html


def test_the_picture_has_its_facts_as_alt_text_and_is_the_same_each_time(shop: Workshop) -> None:
    first, second = make_digest(shop, MORNING), make_digest(shop, MORNING)
    (picture,) = (one for one in first.attachments if one.content_id)
    assert picture.data == next(one for one in second.attachments if one.content_id).data
    assert picture.data.startswith(b"\x89PNG")
    assert f'alt="{picture.description}"' in first.html
    assert picture.description.startswith("截至今日收到 3 件，其中齐全 0 件；")


def test_the_headline_numbers_are_those_of_the_register(shop: Workshop) -> None:
    rows = register_values(shop, MORNING)["submissions"]
    text = make_digest(shop, MORNING).text
    assert f"申报 {len(rows)} 件" in text
    assert f"待补正 {sum(row['status'] == 'incomplete' for row in rows)} 件" in text
    assert f"待核实 {sum(row['status'] == 'doubtful' for row in rows)} 件" in text


def test_changes_are_counted_from_the_digest_of_an_earlier_day_so_that_a_missed_day_loses_nothing(
    shop: Workshop,
) -> None:
    readers = shop.settings.model_copy(update={"digest_to": ("boss@office.example",)})
    shop.settings = readers
    at_first = NOW + timedelta(hours=1)
    queue_digest(shop, make_digest(shop, at_first), at_first)
    assert gather(shop, MORNING).since == at_first
    assert [row["applicant"] for row in gather(shop, MORNING).opened] == [LATE]
    assert gather(shop, MORNING).mails_new == 1


def test_every_gap_of_the_mailbox_is_named(shop: Workshop) -> None:
    gap = {"folder": "INBOX", "uid": 9, "received": "2026-05-20 10:00:00", "size": 512, "reason": "还没有收到库里"}
    show_mailbox(shop, 5, gaps=[gap])
    assert lines_of(shop, "收件对账") == [
        "邮箱 5 封 ≠ 入库 4 封：有出入，见下。",
        "去向：归档 4 封；合计 4 封，与入库相符。",
        "1 封还没有入库，下次收信时收取；一直如此的请看收件健康页。",
        "逐封对账做于 06-01 03:00，缺口 1 处。",
        "“INBOX” UID 9，收到于 2026-05-20 10:00:00，512 字节：还没有收到库里",
    ]


def test_mails_moved_away_after_they_were_stored_are_no_loss(shop: Workshop) -> None:
    show_mailbox(shop, 3)
    assert lines_of(shop, "收件对账")[2] == "1 封入库后在邮箱中被移走或删除，原件在库。"
    assert not gather(shop, MORNING).lost


def test_who_was_asked_and_stays_silent_is_to_be_phoned_with_what_is_missing(shop: Workshop, number: Number) -> None:
    assert lines_of(shop, "电话名单") == ["没有。"], "a letter that waits for staff was not answered by anybody"
    file = lists.ListFile(
        ListKind.MEMBER, "会员", NOW.date(), "f" * 64, (lists.Entry(1, SECOND, contact="王工 0571-88881234"),)
    )
    with shop.store.transaction() as session:
        lists.save_list(session, file, by="李经办", at=NOW)
    assert send_held(shop, "b@yi.example", NOW + timedelta(hours=1)) == ["deficient"]
    (line,) = (one for one in gather(shop, MORNING).calls)
    assert (line.number, line.applicant) == (number(SECOND), SECOND)
    assert line.contact == "杭州乙木、王工，0571-88881234，b@yi.example"
    assert line.why == "已发信告知 11 天，没有回音"
    assert line.missing == (
        f"申报推荐表“{SECOND}推荐表.pdf”是清晰的彩色页面，未见印章",
        "不同的照片只有 0 张，应为 2-3 张",
    )
    assert gather(shop, NOW + timedelta(days=2)).calls == (), "two days are not yet silence"


def test_a_bounced_letter_is_phoned_about_at_once_and_listed_as_undelivered(shop: Workshop, number: Number) -> None:
    send_held(shop, "b@yi.example", NOW + timedelta(hours=1))
    with shop.store.transaction() as session:
        (row,) = (one for one in outbox.in_state(session, "sent") if one.to_address == "b@yi.example")
        outbox.change_state(
            session, row.id or 0, NOW, to="bounced", reason="查无此人", action="x", from_states=frozenset({"sent"})
        )
    soon = NOW + timedelta(hours=3)
    (call,) = gather(shop, soon).calls
    assert (call.number, call.why) == (number(SECOND), "回信被退回（b@yi.example）")
    titles = [one.title for one in make_digest(shop, soon).sections]
    assert "未送达的回信（1 封）" in titles


def test_nothing_to_say_is_one_short_mail_that_says_so(tmp_path: Path) -> None:
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path / "data"), "ZHENGJI_IMAP_USER": "u@163.example"})
    with open_workshop(settings, ocr=False) as empty:
        show_mailbox(empty, 0)
        made = make_digest(empty, NOW)
    assert made.text == (
        "【征集简报】05月20日 2026年浙江省专精特新企业发展优秀案例征集：没有新情况，距截止 10 天\n\n"
        "05-19 10:00 以来没有新来信，没有状态变化，没有待办，回信都已送出。申报共 0 件，距截止 10 天。"
        "邮箱 0 封 = 入库 0 封：零遗漏。\n\n"
        "尚未确认的口径还有 23 项。\n"
    )
    assert made.attachments == ()


def test_a_missing_mail_is_never_passed_over_in_silence(tmp_path: Path) -> None:
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path / "data"), "ZHENGJI_IMAP_USER": "u@163.example"})
    with open_workshop(settings, ocr=False) as empty:
        gap = {"folder": "INBOX", "uid": 0, "received": "", "size": 0, "reason": "服务器说有 9 封却只列出 1 封"}
        show_mailbox(empty, 0, gaps=[gap])
        assert not gather(empty, NOW).quiet
        assert "“INBOX”：服务器说有 9 封却只列出 1 封" in make_digest(empty, NOW).text


def test_the_digest_goes_out_once_a_day_with_picture_and_register_and_never_to_ourselves(shop: Workshop) -> None:
    ours = shop.settings.imap_user
    shop.settings = shop.settings.model_copy(update={"digest_to": ("boss@office.example", ours)})
    made = make_digest(shop, MORNING)
    assert queue_digest(shop, made, MORNING) == "简报已放入发件队列，收件人 1 位。"
    assert queue_digest(shop, made, MORNING + timedelta(hours=2)) == "今天的简报已经拟过，不再重复。"
    with shop.store.reading() as session:
        (row,) = (one for one in outbox.in_state(session, "queued") if one.kind == "digest")
    message = message_from_bytes(bytes_of(shop.store, row), policy=policy.default)
    parts = [(part.get_content_type(), part.get_filename()) for part in message.walk() if not part.is_multipart()]
    assert [kind for kind, _ in parts] == ["text/plain", "text/html", "image/png", made.attachments[1].media_type]
    assert parts[3][1] == "台账.xlsx"
    assert message["To"] == "boss@office.example"


def test_without_a_reader_the_digest_says_that_it_was_not_sent(shop: Workshop) -> None:
    assert "没有设置简报收件人" in queue_digest(shop, make_digest(shop, MORNING), MORNING)


def test_no_more_lines_than_a_mail_can_bear(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.steps.digest.compose.MOST_LINES", 1)
    lines = lines_of(shop, "等经办处理")
    assert len(lines) == 2
    assert re.fullmatch(r"另有 \d+ 项，见“待办”页。", lines[1])


def become(shop: Workshop, number: str, status: str, at: datetime) -> None:
    """Let a submission have been decided so at this moment, as an answer does."""
    with shop.store.transaction() as session:
        row = submissions.by_number(session, number)
        assert row is not None
        row.status = status
        session.add(row)
        journal.write(session, at, journal.SYSTEM, "decided", f"submission:{number}", "测试。", {"status": status})


def test_what_became_complete_or_doubtful_since_the_last_digest_is_named_and_nothing_older(
    shop: Workshop, number: Number
) -> None:
    become(shop, number(FIRST), "complete", MORNING - timedelta(days=3))
    become(shop, number(SECOND), "complete", MORNING - timedelta(hours=2))
    become(shop, number(LATE), "doubtful", MORNING - timedelta(hours=1))
    assert lines_of(shop, "新近齐全") == [f"{number(SECOND)} {SECOND}（齐全）"]
    assert lines_of(shop, "新近待核实") == [f"{number(LATE)} {LATE}（待核实）"]
    assert "  齐全 2 件（+1）\n" in make_digest(shop, MORNING).text
    assert "  待核实 1 件（+1）\n" in make_digest(shop, MORNING).text


def test_an_alarm_stands_first(shop: Workshop) -> None:
    with shop.store.transaction() as session:
        watermarks.put_moment(session, "intake:last-success", MORNING - timedelta(hours=5), MORNING)
    first = make_digest(shop, MORNING).sections[0]
    assert (first.title, first.tone) == ("告警", "bad")
    told = "收信中断：已有 300 分钟没有成功收信。收信没有运行，请检查服务是否在运行。"
    assert [line.words for line in first.lines] == [told]
