"""Reminders and what-if over rows in a real store."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from config.call import Verdict
from config.wording import SHARED
from flows.steps.answer.remind import queue_reminders
from flows.steps.dry_run.whatif import Change, WhatIf, compare, what_would_change
from flows.steps.screens.register import register_values
from flows.steps.screens.show import show_submission
from flows.steps.screens.waiting import waiting
from parsers.facts.mails import Intent
from parsers.facts.version import READER_VERSION
from store.engine import Store
from store.filing.submissions import by_number, file_leaf, link_message
from store.filing.suggestions import settle_suggestion, suggest
from store.filing.versions import settle_versions
from store.letters import due, outbox
from store.states import Basis, MessageKind, MessageState, Relation, Standing, SuggestionKind
from store.tables import LeafRow, LetterRow, MessageRow, SuggestionRow
from tests.checks.dossiers import CASE_TITLE, ZONE, cases_2026, complete_dossier, report, with_report
from tests.frozen_letters import bytes_of
from tests.replies.season import add_mail, add_submission, ask, settings_in, shop_for
from tests.store.blank import blank_store

CALL = cases_2026()
ONE, TWO = "杭州甲机械有限公司", "宁波乙轴承有限公司"


def at(day: int, hour: int = 9, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path / "home")
    yield opened
    opened.close()


def queued(store: Store) -> list[LetterRow]:
    with store.reading() as session:
        return list(outbox.in_state(session, "queued"))


def test_an_open_deficiency_is_reminded_once_and_names_what_is_open(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    settings = settings_in(store.home)
    assert queue_reminders(store, CALL, settings, at(7)).lines() == []
    report_ = queue_reminders(store, CALL, settings, at(8))
    assert report_.lines() == [f"{number} {ONE}：催补正，补正通知发出已满 3 天，尚未收到答复。"]
    assert queue_reminders(store, CALL, settings, at(8, 11)).lines() == []
    (letter,) = queued(store)
    assert letter.answers is not None
    mail = email.message_from_bytes(bytes_of(store, letter), policy=email.policy.default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert (letter.to_address, letter.kind, letter.priority) == ("one@example.com", "remind-open", 70)
    assert (mail["In-Reply-To"], mail["Auto-Submitted"]) == (f"<{letter.answers[:12]}@example.com>", "auto-generated")
    assert "没有新增" in text
    assert "推荐表" in text


def test_an_answer_or_a_letter_not_yet_released_stops_the_reminder(store: Store) -> None:
    answered = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, answered, at(5, 10))
    held = add_submission(store, TWO, at(5), "two@example.com")
    ask(store, held, at(5, 10), sent=False)
    sha256 = add_mail(store, "answer", at(6), sender="one@example.com", intent=Intent.MATERIALS, kind="supplement")
    with store.transaction() as session:
        row = by_number(session, answered)
        assert row is not None
        link_message(
            session, row, session.get_one(MessageRow, sha256), relation=Relation.SUPPLEMENTS, basis=Basis.SENDER
        )
    assert queue_reminders(store, CALL, settings_in(store.home), at(8)).lines() == []
    assert [letter.kind for letter in queued(store)] == ["deficient"]


def test_who_asked_and_sent_nothing_is_reminded_of_the_deadline(store: Store) -> None:
    add_mail(
        store,
        "asker",
        at(6),
        sender="asker@asker.example",
        intent=Intent.QUESTION,
        kind="inquiry",
        subject="请问怎么申报？",
    )
    add_mail(store, "thanks", at(6), sender="thanks@example.com", intent=Intent.THANKS, kind="inquiry")
    add_mail(store, "both", at(6), sender="one@example.com", intent=Intent.TEMPLATES, kind="inquiry")
    add_submission(store, ONE, at(7), "one@example.com")
    settings = settings_in(store.home)
    report_ = queue_reminders(store, CALL, settings, at(22))
    assert report_.lines() == ["asker@asker.example：截止提醒，距截止还有 8 天，材料尚未报送。"]
    assert queue_reminders(store, CALL, settings, at(22, 15)).lines() == []


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("asker@asker.example", "请问照片要多大？", ""),
        ("asker@asker.example", "材料收到了吗", "请问怎么申报的材料收到没有？"),
        ("asker@asker.example", "请问怎么申报？", "我是杭州甲机械有限公司的。"),
        ("colleague@one.example", "请问怎么申报？", ""),
    ],
    ids=["asks-something-else", "asks-whether-it-arrived", "names-a-firm-that-is-here", "colleague-of-a-firm-here"],
)
def test_nobody_else_is_told_that_nothing_came(store: Store, sender: str, subject: str, text: str) -> None:
    def ask_too(name: str, sender: str, subject: str, text: str) -> None:
        add_mail(store, name, at(6), sender=sender, intent=Intent.QUESTION, kind="inquiry", subject=subject, text=text)

    add_submission(store, ONE, at(7), "one@one.example")
    ask_too("asker", sender, subject, text)
    ask_too("newcomer", "new@new.example", "请问怎么申报？", "")
    lines = queue_reminders(store, CALL, settings_in(store.home), at(27)).lines()
    assert lines == ["new@new.example：截止提醒，距截止还有 3 天，材料尚未报送。"]


def _mark(store: Store, sha256: str, **changes: object) -> None:
    with store.transaction() as session:
        row = session.get_one(MessageRow, sha256)
        for name, value in changes.items():
            setattr(row, name, value)
        session.add(row)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": MessageState.STORED},
        {"state": MessageState.QUARANTINED},
        {"junk": True},
        {"answer_due": at(9)},
        {"kind": MessageKind.INQUIRY, "intent": Intent.QUESTION.value},
    ],
    ids=["unread", "unreadable", "in-the-junk-folder", "answer-due", "question-open"],
)
def test_whose_mail_lies_with_us_is_not_reminded(store: Store, changes: dict[str, object]) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    sha256 = add_mail(store, "more", at(5, 11), sender="one@example.com", intent=Intent.MATERIALS, kind="supplement")
    _mark(store, sha256, **changes)
    settings = settings_in(store.home)
    assert queue_reminders(store, CALL, settings, at(27)).lines() == []
    _mark(store, sha256, state=MessageState.SETTLED, junk=False, answer_due=None)
    assert len(queue_reminders(store, CALL, settings, at(27)).lines()) == 1


def test_a_held_letter_or_an_open_question_about_the_submission_keeps_reminders_back(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    settings = settings_in(store.home)
    with store.transaction() as session:
        row = by_number(session, number)
        assert row is not None
        mail = due.messages_of(session, row.id or 0)[0][0].sha256
        question = suggest(session, mail, SuggestionKind.MAYBE, paths=(), reason="?", at=at(6), submission_id=row.id)
    assert queue_reminders(store, CALL, settings, at(27)).lines() == []
    with store.transaction() as session:
        settle_suggestion(session, session.get_one(SuggestionRow, question.id), accepted=False, by="经办甲", at=at(7))
    assert len(queue_reminders(store, CALL, settings, at(27)).lines()) == 1


def test_a_reminder_says_only_what_was_asked_for_and_stays_open(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    queue_reminders(store, CALL, settings_in(store.home), at(8))
    (letter,) = queued(store)
    assert {told["verdict"] for told in letter.said} == {"缺失"}
    assert f"尚有 {len(letter.said)} 项材料待补正" in letter.subject
    assert number in letter.subject
    assert ONE in letter.subject


def test_at_night_nothing_is_queued_and_the_report_says_why(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    report_ = queue_reminders(store, CALL, settings_in(store.home), at(8, 22))
    assert report_.lines() == ["现在是夜间或休息日，按口径不发提醒。"]
    assert queued(store) == []


def test_without_room_in_the_budget_receipts_go_first_and_the_report_says_how_many_stay(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    settings = settings_in(store.home).model_copy(update={"send_per_day": 1})
    report_ = queue_reminders(store, CALL, settings, at(8))
    assert report_.lines() == ["另有 1 封提醒因当日发信限额不足没有排入，回执优先。"]
    assert queued(store) == []


def test_what_if_over_the_season_changes_nothing_and_names_what_would(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    softer = replace(CALL, rules={**CALL.rules, "F01": replace(CALL.rules["F01"], worst=Verdict.HINT)})
    result = what_would_change(store, CALL, softer, at(8))
    assert result.looked_at == 1
    assert [change.number for change in result.changes] == [number]
    assert result.changes[0].verdicts == ("F01 推荐表已报 缺失→提示",)
    assert result.lines()[:3] == [
        "共看 1 件申报：1 件的结论会变，1 件的回信会变。什么也没有改动。",
        "按规则：F01 推荐表已报 缺失→提示 1 件。",
        "按回信：补正措辞 1 件。",
    ]
    assert queued(store) == []
    assert what_would_change(store, CALL, CALL, at(8)).changes == ()


def test_what_if_sums_by_rule_and_by_letter_and_counts_each_submission_once() -> None:
    def change(number: str, kinds: str, *verdicts: str) -> Change:
        return Change(number, "某单位", verdicts, "回信不同", kinds)

    captions = ("P02 照片内容概要（a.jpg） 缺失→提示", "P02 照片内容概要（b（二）.jpg） 缺失→提示")
    result = WhatIf(
        9,
        (
            change("AL2026-0001", "补正→收讫", *captions),
            change("AL2026-0002", "补正→收讫", "P02 照片内容概要（c.jpg） 缺失→提示"),
            change("AL2026-0003", "补正措辞", "F03 推荐表盖章 存疑→通过"),
            change("AL2026-0004", ""),
        ),
    )
    assert result.sums() == [
        "按规则：P02 照片内容概要 缺失→提示 2 件；F03 推荐表盖章 存疑→通过 1 件。",
        "按回信：补正→收讫 2 件；补正措辞 1 件。",
    ]


def test_a_changed_limit_turns_advice_into_nothing_and_the_letter_with_it() -> None:
    short = with_report(report(counts=replace(report().counts, body=7000), title=CASE_TITLE))
    assert CALL.report is not None
    lower = replace(CALL, report=replace(CALL.report, words_total=6000))
    change = compare(short, short, CALL, lower, at(8))
    assert change.verdicts == ("R03 总字数 提示→通过",)
    assert change.letter.startswith("收讫有 ")


def test_a_rule_made_stricter_shows_the_letter_that_would_go_instead() -> None:
    three = complete_dossier()
    photos = replace(CALL.material("photos"), at_least=3)
    stricter = replace(CALL, materials=tuple(photos if m.key == "photos" else m for m in CALL.materials))
    change = compare(three, three, CALL, stricter, at(8))
    assert change.verdicts == ("P01 照片张数 通过→缺失",)
    assert change.letter == "回信 收讫→补正"
    assert change.sentence() == f"AL2026-0042 {three.applicant}：P01 照片张数 通过→缺失；回信 收讫→补正。"


def test_changed_wording_is_shown_with_its_first_new_line(tmp_path: Path) -> None:
    for source in SHARED.rglob("*"):
        target = tmp_path / "letters" / source.relative_to(SHARED)
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text("utf-8").replace("感谢贵单位报送", "多谢贵单位报送"), "utf-8")
    reworded = replace(CALL, folder=tmp_path)
    change = compare(complete_dossier(), complete_dossier(), CALL, reworded, at(8))
    assert change.verdicts == ()
    assert change.letter.startswith("收讫有 2 行不同，如“多谢贵单位报送“")


def test_wording_that_cannot_be_rendered_is_said_and_does_not_stop_the_comparison(tmp_path: Path) -> None:
    (tmp_path / "letters" / "received").mkdir(parents=True)
    (tmp_path / "letters" / "received" / "body.j2").write_text("{{ nobody.knows }}", "utf-8")
    reworded = replace(CALL, folder=tmp_path)
    change = compare(complete_dossier(), complete_dossier(), CALL, reworded, at(8))
    assert change.letter.startswith("回信无法生成：收讫：模板 letters/received/body.j2 无法生成（")


def test_one_submission_is_shown_with_its_letters_word_for_word_and_what_waits(store: Store) -> None:
    number = add_submission(store, ONE, at(5), "one@example.com")
    ask(store, number, at(5, 10))
    stranger = add_mail(
        store, "stranger", at(6), sender="else@else.example", intent=Intent.MATERIALS, kind="supplement"
    )
    with store.transaction() as session:
        row = by_number(session, number)
        assert row is not None
        message = session.get_one(MessageRow, stranger)
        link_message(session, row, message, relation=Relation.PENDING, basis=Basis.SENDER)
        leaf = LeafRow(
            message=stranger,
            position=0,
            path="补盖章.pdf",
            name="补盖章.pdf",
            size=1,
            sha256="7" * 64,
            type="pdf",
            role="form",
        )
        session.add(leaf)
        session.flush()
        file_leaf(session, CALL, row, leaf, standing=Standing.PENDING, reason="来自其他发件人，待经办确认。")
        settle_versions(session, CALL, row, READER_VERSION)
    lines = show_submission(shop_for(store), number, at(7))
    waiting = lines.index("待定文件")
    assert lines[waiting + 1].startswith("  补盖章.pdf：else@else.example 05-06 09:00 发来。")
    letter = lines.index("回信")
    assert lines[letter + 1].startswith(f"  补正（已发出）→ one@example.com  【请补正】{number} {ONE}")
    assert lines[letter + 2].startswith("    | ■ 请补正：尚有 ")
    assert not any("deficient" in line or "sent" in line for line in lines)


def test_a_request_for_the_forms_is_closed_by_the_letter_that_brings_them(store: Store) -> None:
    wants = add_mail(store, "wants", at(6), sender="new@new.example", intent=Intent.TEMPLATES, kind="inquiry")
    asks = add_mail(store, "asks", at(6), sender="two@new.example", intent=Intent.QUESTION, kind="inquiry")
    assert _to_do(store) == {wants[:12], asks[:12]}
    with store.transaction() as session:
        made = outbox.queue(
            session,
            subject_key=f"message:{wants}",
            kind="templates",
            state_key=wants,
            raw=b"",
            message_id="<one@example.org>",
            to_address="new@new.example",
            answers=wants,
            now=at(6),
        )
        assert made is not None
    assert _to_do(store) == {asks[:12]}
    with store.transaction() as session:
        outbox.cancel(session, made.id or 0, "x", at(6))
    assert _to_do(store) == {wants[:12], asks[:12]}


def _to_do(store: Store) -> set[str]:
    shop = shop_for(store)
    return {task.about for task in waiting(shop, register_values(shop, at(7)), at(7)) if task.kind == "咨询"}
