"""The pages that staff read: everything that waits, the letters as they would go out, and what proves a state."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from flows.steps.screens import pages as pages_module
from flows.steps.screens.pages import Page, page_key, pages, todo_page
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import waiting
from flows.steps.workshop import Workshop
from store.letters import outbox
from store.tables import MessageRow
from tests.desk.conftest import FIRST, LATE, NOW, SECOND
from tests.digest.conftest import MORNING, recommend, send_held, show_mailbox

Number = Callable[[str], str]


def page(shop: Workshop, key: str) -> Page:
    return next(one for one in pages(shop, MORNING) if one.key == key).make()


def kinds(shop: Workshop) -> list[tuple[str, str]]:
    return [(task.kind, task.about) for task in waiting(shop, register_values(shop, MORNING), MORNING)]


def settle(shop: Workshop, address: str, state: str) -> None:
    """Let the first letter to this address have come to this state."""
    with shop.store.transaction() as session:
        row = next(one for one in outbox.in_state(session, "held", "sent") if one.to_address == address)
        row.state, row.state_reason = state, "服务器答复：550 无此用户"
        session.add(row)


def change_mail(shop: Workshop, sender: str, **values: Any) -> str:
    with shop.store.transaction() as session:
        shas = [mail["sha256"] for mail in register_values(shop, NOW)["messages"] if mail["from"] == sender]
        row = session.get(MessageRow, shas[0])
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    return shas[0]


def with_link(shop: Workshop, ends: str) -> None:
    link = {
        "url": "https://mail.163.com/large-attachment-download/x",
        "provider": "网易163超大附件",
        "name": "照片.zip",
    }
    with shop.store.reading() as session:
        sha = next(mail["sha256"] for mail in register_values(shop, NOW)["messages"] if mail["from"] == "b@yi.example")
        reading = dict(session.get_one(MessageRow, sha).reading or {})
    reading["links"] = [link | {"code": "", "expires": ends}]
    change_mail(shop, "b@yi.example", reading=reading)


def test_doubts_held_letters_and_a_strangers_file_wait_the_oldest_first(shop: Workshop, number: Number) -> None:
    first, second, late = number(FIRST), number(SECOND), number(LATE)
    assert kinds(shop) == [
        ("名单", "全部"),
        ("回信待放行", first),
        ("待定文件", first),
        ("回信待放行", second),
        ("存疑", late),
        ("回信待放行", late),
    ]


@pytest.mark.parametrize(
    ("state", "name"), [("failed", "回信发送失败"), ("unknown", "回信结果不明"), ("bounced", "回信被退回")]
)
def test_a_letter_that_did_not_arrive_waits_under_its_own_name(
    shop: Workshop, number: Number, state: str, name: str
) -> None:
    settle(shop, "b@yi.example", state)
    assert (name, number(SECOND)) in kinds(shop)
    assert "550 无此用户" in page(shop, "todo").markdown


def test_a_quarantined_mail_and_a_question_wait_with_the_beginning_of_their_hash(shop: Workshop) -> None:
    quarantined = change_mail(shop, "who@else.example", kind="quarantined", reason="读了三次都没有读成。")
    assert ("隔离来信", quarantined[:12]) in kinds(shop)
    asked = change_mail(shop, "who@else.example", kind="inquiry")
    assert ("咨询", asked[:12]) in kinds(shop)
    assert ("隔离来信", quarantined[:12]) not in kinds(shop)


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("2026-06-03T12:00:00+08:00", "“照片.zip”06-03 12:00 到期，"),
        ("2026-05-30T12:00:00+08:00", "“照片.zip”已于 05-30 12:00 到期，"),
    ],
)
def test_a_cloud_link_about_to_end_waits(shop: Workshop, number: Number, ends: str, told: str) -> None:
    with_link(shop, ends)
    (task,) = (one for one in waiting(shop, register_values(shop, MORNING), MORNING) if one.kind == "云附件到期")
    assert task.about == number(SECOND)
    assert told in task.what
    assert "large-attachment-download" not in page(shop, "todo").markdown, "the link itself stays in the mail"


@pytest.mark.parametrize("ends", ["2026-07-01T12:00:00+08:00", "2026-05-20T12:00:00+08:00"])
def test_a_link_that_ends_far_off_or_ended_long_ago_waits_for_nobody(shop: Workshop, ends: str) -> None:
    with_link(shop, ends)
    assert [kind for kind, _ in kinds(shop) if kind == "云附件到期"] == []


def test_a_held_letter_can_be_read_whole_before_it_is_released(shop: Workshop) -> None:
    told = page(shop, "todo").markdown
    assert "## 待放行回信（3 封）" in told
    preview = told.partition("### 第 2 号 补正")[2].partition("### 第 3 号")[0]
    assert "- 收件人：b@yi.example" in preview
    assert "> 1. 申报推荐表“杭州乙木仪器有限公司推荐表.pdf”上没有看到公章  " in preview.splitlines()
    assert [line for line in preview.splitlines() if line and line[0] not in "->  "] == []


def test_the_list_leads_to_the_submission_and_to_the_form_that_settles_it(shop: Workshop, number: Number) -> None:
    values = register_values(shop, MORNING)
    told = todo_page(shop, values, MORNING, {"裁定存疑": "/v2/deployments/deployment/d1/run"}).markdown
    assert f"[{number(LATE)}]({page_key(number(LATE))})" in told
    assert "核对后用“[裁定存疑](/v2/deployments/deployment/d1/run)”" in told


def test_a_sent_letter_shows_what_proves_it_and_a_bounced_one_what_came_back(shop: Workshop, number: Number) -> None:
    send_held(shop, "b@yi.example", NOW + timedelta(hours=1))
    key = page_key(number(SECOND))
    assert "已发出，2026-05-20 11:00 被服务器接收（250 OK），未见退信" in page(shop, key).markdown
    settle(shop, "b@yi.example", "bounced")
    told = page(shop, key).markdown
    assert "被退回" in told
    assert "550 无此用户" in told
    assert "未见退信" not in told


def test_the_health_page_holds_server_against_ledger(shop: Workshop) -> None:
    show_mailbox(shop, 4)
    told = page(shop, "health").markdown
    assert "- 邮箱 4 封 = 入库 4 封：零遗漏。" in told
    assert re.search(r"- 磁盘：剩余 [\d.]+ GB", told)


def test_no_page_grows_without_bound(shop: Workshop, number: Number, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TODO_LINES", "PREVIEWS", "PREVIEW_LINES", "DOSSIER_LINES"):
        monkeypatch.setattr(pages_module, name, 1)
    told = page(shop, "todo").markdown
    assert "另有 5 项较新的未列" in told
    assert "另有 2 封待放行" in told
    assert len(told.splitlines()) < 30
    dossier = page(shop, page_key(number(FIRST))).markdown
    assert dossier.partition("## 流水")[2].count("\n- ") == 1


def test_what_a_sender_wrote_is_no_link_no_picture_and_no_cell_of_its_own(shop: Workshop, number: Number) -> None:
    recommend(
        shop, number(SECOND), "协会 | ![x](http://evil.example/a.png) [点我](http://evil.example) WWW.evil.example"
    )
    told = page(shop, "register").markdown
    row = next(line for line in told.splitlines() if SECOND in line)
    assert "协会 \\| \\!\\[x\\](http:\u2060//evil.example/a.png)" in row
    assert "WWW\u2060.evil.example" in row
    assert row.replace("\\|", "").count("|") == told.splitlines()[3].count("|")
