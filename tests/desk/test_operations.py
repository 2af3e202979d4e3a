"""Every operation of the desk: what it does, what it writes down, and what it refuses in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from pydantic import ValidationError

from flows.demo.papers import make_photo
from flows.demo.posting import Draft, Enclosure, post
from flows.steps.answer.answer import answer_due
from flows.steps.desk import forms
from flows.steps.desk.operations import OPERATIONS, perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.dry_run.replay import compare
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import waiting
from flows.steps.workshop import Workshop, with_confirmed_policies
from store import journal, watermarks
from store.letters import due, outbox
from store.mails import messages
from store.views import desk_lookups
from tests.desk.conftest import FIRST, LATE, NOW, SECOND, form, mail, take_in, work
from tests.frozen_letters import bytes_of

pytestmark = pytest.mark.slow
Number = Callable[[str], str]
WHO: dict[str, Any] = {"by": "李经办", "reason": "已电话核实"}
LATER = NOW + timedelta(days=12)


def row_of(shop: Workshop, number: str) -> dict[str, Any]:
    rows = register_values(shop, LATER)["submissions"]
    return next(row for row in rows if row["number"] == number)


def verdict(shop: Workshop, number: str, code: str) -> str:
    return next(f["verdict"] for f in row_of(shop, number)["findings"] if f["code"] == code)


def said(shop: Workshop, about: str) -> list[tuple[str, str]]:
    with shop.store.reading() as session:
        return [(entry.actor, entry.action) for entry in journal.read(session, about)]


def letters(shop: Workshop, number: str) -> list[tuple[str, str]]:
    return [(letter["kind"], letter["state"]) for letter in row_of(shop, number)["letters"]]


def letter_id(shop: Workshop, state: str) -> int:
    with shop.store.reading() as session:
        return outbox.in_state(session, state)[0].id or 0


def test_a_doubt_is_decided_and_the_decision_stands_in_the_journal(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    sentence = perform(shop, "rule", forms.RuleForm(number=mine, code="Q01", **WHO), LATER)

    assert sentence == f"{mine} 的 Q01 由“存疑”定为“通过”。"
    assert verdict(shop, mine, "Q01") == "通过"
    assert ("李经办", "ruled") in [(who, "ruled") for who, _ in said(shop, f"submission:{mine}") if who == "李经办"]


def test_a_finding_that_is_no_doubt_cannot_be_ruled_on(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    with pytest.raises(DeskRefusal, match=f"{mine} 的 F01 现为“通过”，不是存疑；要改请用“改判结论”。"):
        perform(shop, "rule", forms.RuleForm(number=mine, code="F01", **WHO), LATER)


def test_a_rule_that_gave_nothing_cannot_be_ruled_on(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    with pytest.raises(DeskRefusal, match=f"{mine} 没有规则 Z99 的结论"):
        perform(shop, "rule", forms.RuleForm(number=mine, code="Z99", **WHO), LATER)


def test_an_overridden_finding_takes_back_the_held_deficiency_letter(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    assert ("deficient", "held") in letters(shop, mine)

    perform(shop, "override", forms.OverrideForm(number=mine, code="F03", **WHO), LATER)

    assert verdict(shop, mine, "F03") == "通过"
    assert ("deficient", "cancelled") in letters(shop, mine)
    assert ("received-checking", "queued") in letters(shop, mine)


def test_a_ruling_taken_back_lets_the_machine_speak_again(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    perform(shop, "override", forms.OverrideForm(number=mine, code="F03", **WHO), LATER)
    perform(shop, "take-back", forms.TakeBackForm(number=mine, code="F03", **WHO), LATER)

    assert verdict(shop, mine, "F03") == "缺失"
    with pytest.raises(DeskRefusal, match="没有裁定或改判可撤销"):
        perform(shop, "take-back", forms.TakeBackForm(number=mine, code="F03", **WHO), LATER)


def test_a_strangers_file_counts_only_once_staff_accept_it(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    before = [one["current"] for one in row_of(shop, mine)["materials"]["report"]]
    sentence = perform(shop, "accept", forms.VersionForm(number=mine, **WHO), LATER)
    after = [one["current"] for one in row_of(shop, mine)["materials"]["report"]]

    assert (before, after) == ([True, False], [False, True])
    assert sentence == f"{mine} 采纳待定文件 1 个。"


def test_a_refused_file_stays_in_the_dossier_and_never_counts(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    perform(shop, "refuse", forms.VersionForm(number=mine, **WHO), LATER)

    assert [one["current"] for one in row_of(shop, mine)["materials"]["report"]] == [True, False]
    with pytest.raises(DeskRefusal, match=f"{mine} 没有待定文件。"):
        perform(shop, "accept", forms.VersionForm(number=mine, **WHO), LATER)


def test_a_merger_can_be_undone(shop: Workshop, number: Number) -> None:
    mine, other = number(FIRST), number(SECOND)
    perform(shop, "merge", forms.MergeForm(number=mine, source=other, **WHO), LATER)
    assert [row["number"] for row in register_values(shop, LATER)["submissions"]] == [mine, number(LATE)]

    perform(shop, "undo", forms.UndoForm(operation=1, **WHO), LATER)
    assert [row["number"] for row in register_values(shop, LATER)["submissions"]] == [mine, other, number(LATE)]
    with pytest.raises(DeskRefusal, match="这一步已经撤销过"):
        perform(shop, "undo", forms.UndoForm(operation=1, **WHO), LATER)
    with pytest.raises(DeskRefusal, match="没有操作号 99"):
        perform(shop, "undo", forms.UndoForm(operation=99, **WHO), LATER)


def test_a_submission_is_not_merged_into_itself(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    with pytest.raises(DeskRefusal, match="不能把一件申报并入它自己"):
        perform(shop, "merge", forms.MergeForm(number=mine, source=mine, **WHO), LATER)


def test_files_are_split_off_to_another_firm(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    form = forms.SplitForm(number=mine, files="车间全景；检测现场", applicant="湖州丁火模具有限公司", **WHO)
    perform(shop, "split", form, LATER)

    assert row_of(shop, mine)["materials"]["photos"] == []
    assert len(row_of(shop, number("湖州丁火模具有限公司"))["materials"]["photos"]) == 2


def test_a_submission_gets_the_name_that_staff_know_but_no_false_credit_code(shop: Workshop, number: Number) -> None:
    mine = number(SECOND)
    perform(shop, "rename", forms.RenameForm(number=mine, applicant="杭州乙木仪器仪表有限公司", **WHO), LATER)

    assert row_of(shop, mine)["applicant"] == "杭州乙木仪器仪表有限公司"
    bad = forms.RenameForm(number=mine, applicant="杭州乙木仪器仪表有限公司", credit_code="91330100MA00000000", **WHO)
    with pytest.raises(DeskRefusal, match="统一社会信用代码 91330100MA00000000 校验不符"):
        perform(shop, "rename", bad, LATER)


def test_a_held_letter_goes_when_released_and_only_then(shop: Workshop) -> None:
    held = letter_id(shop, "held")
    sentence = perform(shop, "release", forms.LetterForm(letters=str(held), **WHO), LATER)

    with shop.store.reading() as session:
        row = desk_lookups.letter(session, held)
        assert row is not None
        assert (sentence, row.state) == (f"回信 {held} 已放行。", "queued")
    with pytest.raises(DeskRefusal):
        perform(shop, "release", forms.LetterForm(letters=str(held), **WHO), LATER)
    with pytest.raises(DeskRefusal, match="没有第 999 号回信"):
        perform(shop, "release", forms.LetterForm(letters="999", **WHO), LATER)


def test_of_several_letters_all_are_released_or_none(shop: Workshop) -> None:
    held = letter_id(shop, "held")
    with pytest.raises(DeskRefusal, match="没有第 999 号回信"):
        perform(shop, "release", forms.LetterForm(letters=f"{held},999", **WHO), LATER)

    assert letter_id(shop, "held") == held


def test_a_letter_that_staff_refuse_is_not_planned_again_while_nothing_changes(shop: Workshop) -> None:
    held = letter_id(shop, "held")
    with shop.store.reading() as session:
        about = desk_lookups.letter(session, held).submission_id  # type: ignore[union-attr]
    perform(shop, "cancel", forms.LetterForm(letters=str(held), **WHO), LATER)
    with shop.store.transaction() as session:
        before = [(row.id, row.state) for row in due.letters_about(session, submission_id=about)]
        due.mark_submission(session, about or 0, LATER)
    assert (held, "refused") in before
    assert answer_due(shop, LATER).decided == 1

    with shop.store.reading() as session:
        assert [(row.id, row.state) for row in due.letters_about(session, submission_id=about)] == before


def test_a_paragraph_of_the_staff_stands_before_the_letters_text(shop: Workshop) -> None:
    held = letter_id(shop, "held")
    with shop.store.reading() as session:
        before = message_from_bytes(bytes_of(shop.store, desk_lookups.letter(session, held)))
    words = "王工您好，<b>请</b>优先寄纸质件。"
    perform(shop, "edit", forms.EditLetterForm(letter=held, addition=words, **WHO), LATER)

    with shop.store.reading() as session:
        row = desk_lookups.letter(session, held)
    assert row is not None and row.state == "held"
    after = message_from_bytes(bytes_of(shop.store, row))
    texts = {
        p.get_content_type(): p.get_payload(decode=True).decode()
        for p in after.walk()
        if not p.is_multipart() and p.get_content_maintype() == "text"
    }  # type: ignore[union-attr]
    assert f"\n\n{words}\n\n您好！" in texts["text/plain"].replace("\r\n", "\n")
    assert "&lt;b&gt;请&lt;/b&gt;" in texts["text/html"] and "<b>请</b>" not in texts["text/html"]
    assert after["Message-ID"] == before["Message-ID"] and after["To"] == before["To"]


def test_a_letter_that_never_failed_is_not_sent_again(shop: Workshop) -> None:
    with pytest.raises(DeskRefusal):
        perform(shop, "resend", forms.LetterForm(letters=str(letter_id(shop, "held")), **WHO), LATER)


def test_a_question_that_staff_answered_is_off_the_list_until_it_is_read_again(shop: Workshop) -> None:
    asked = post(
        Draft("甲川", "q@jia.example", "请问会员单位怎么自荐？", "请问会员单位怎么自荐？推荐单位一栏填什么？\n", NOW)
    )
    sha256 = take_in(shop, asked, NOW, 9)
    work(shop, NOW)

    def listed() -> list[str]:
        return [task.cure for task in waiting(shop, register_values(shop, LATER), LATER) if task.kind == "咨询"]

    form = forms.MessageForm(message=sha256[:10], by="李经办", reason="已电话答复：填“自荐”")
    assert listed() == [f"请在邮箱中答复；答复后用“已人工答复”销去：{sha256[:12]}"]
    assert perform(shop, "answered", form, LATER) == "这封咨询已标为人工答复，从待办中销去。"
    (row,) = (one for one in register_values(shop, LATER)["messages"] if one["sha256"] == sha256)
    assert (row["kind"], row["reason"].endswith("李经办 已人工答复：已电话答复：填“自荐”")) == ("inquiry", True)
    assert (listed(), said(shop, f"message:{sha256}")[-1]) == ([], ("李经办", "answered-by-staff"))
    with shop.store.reading() as session:
        assert {letter.state for letter in due.letters_about(session, message=sha256)} == {"cancelled"}
    with pytest.raises(DeskRefusal, match="已标为人工答复，不必再办"):
        perform(shop, "answered", form, LATER)

    perform(shop, "reread", form, LATER)
    work(shop, LATER)
    assert len(listed()) == 1


def test_a_mail_with_papers_is_no_question_to_be_answered(shop: Workshop, number: Number) -> None:
    mail = next(one for one in register_values(shop, LATER)["messages"] if number(FIRST) in one["numbers"])
    with pytest.raises(DeskRefusal, match="这封来信不是咨询，不能标为已答复"):
        perform(shop, "answered", forms.MessageForm(message=mail["sha256"][:10], **WHO), LATER)


def test_a_submission_of_no_known_firm_ends_with_its_irrelevant_mail_and_nobody_is_told(shop: Workshop) -> None:
    photo = Enclosure("会议现场.jpg", make_photo(3, 1200, 900), "image/jpeg")
    sha256 = take_in(
        shop, post(Draft("行政", "xz@advert.example", "优秀案例照片", "请查收。\n", NOW, (photo,))), NOW, 41
    )
    work(shop, NOW)
    rows = register_values(shop, LATER)["submissions"]
    nameless = next(row for row in rows if not row["applicant"])
    others = [row for row in rows if row["number"] != nameless["number"]]

    sentence = perform(shop, "irrelevant", forms.MessageForm(message=sha256[:12], **WHO), LATER)
    answer_due(shop, LATER)

    assert sentence == "这封来信已标为无关，不再处理。"
    assert register_values(shop, LATER)["submissions"] == others
    with shop.store.reading() as session:
        told = [(row.kind, row.state) for row in outbox.letters_to(session, "xz@advert.example")]
    assert told == [("received-checking", "cancelled")]
    assert said(shop, f"submission:{nameless['number']}")[-1] == ("李经办", "closed")


def test_a_mail_that_opened_a_submission_is_not_simply_irrelevant(shop: Workshop, number: Number) -> None:
    mail = next(m for m in register_values(shop, LATER)["messages"] if m["from"] == "a@jia.example")
    with pytest.raises(DeskRefusal, match=f"这封来信已归入 {number(FIRST)}"):
        perform(shop, "irrelevant", forms.MessageForm(message=mail["sha256"][:10], **WHO), LATER)


def test_a_strangers_mail_can_be_set_aside(shop: Workshop) -> None:
    mail = next(m for m in register_values(shop, LATER)["messages"] if m["from"] == "who@else.example")
    perform(shop, "irrelevant", forms.MessageForm(message=mail["sha256"][:10], **WHO), LATER)

    again = next(m for m in register_values(shop, LATER)["messages"] if m["from"] == "who@else.example")
    assert (again["kind"], again["reason"]) == ("irrelevant", "李经办 标为无关：已电话核实")


def test_a_mail_is_named_by_the_beginning_of_its_hash(shop: Workshop) -> None:
    with pytest.raises(DeskRefusal, match="没有编号以 00000000 开头的来信"):
        perform(shop, "reread", forms.MessageForm(message="00000000", **WHO), LATER)


def test_a_mail_read_again_gives_the_same_register(shop: Workshop) -> None:
    before = register_values(shop, LATER)
    mail = next(m for m in before["messages"] if m["from"] == "b@yi.example")
    perform(shop, "reread", forms.MessageForm(message=mail["sha256"], **WHO), LATER)
    work(shop, LATER)

    assert list(compare(before, register_values(shop, LATER))) == []


def test_a_mails_files_are_given_to_a_submission_and_the_sender_remembered(shop: Workshop, number: Number) -> None:
    mine = number(SECOND)
    mail = next(m for m in register_values(shop, LATER)["messages"] if m["from"] == "who@else.example")
    form = forms.AttributeForm(number=mine, message=mail["sha256"][:12], remember=True, **WHO)
    sentence = perform(shop, "attribute", form, LATER)

    assert sentence == f"来信的 1 个文件已归到 {mine}，并记住该发件人。"
    assert len(row_of(shop, mine)["materials"]["report"]) == 2


def test_a_paper_original_is_booked_once_and_not_from_the_future(shop: Workshop, number: Number) -> None:
    mine = number(FIRST)
    form = forms.PaperForm(number=mine, paper="推荐表", received_on="2026-05-25", courier="SF123", by="李经办")
    assert perform(shop, "paper", form, LATER) == f"{mine} 的申报推荐表纸质件已登记，收到日期 2026-05-25。"
    with pytest.raises(DeskRefusal, match="已登记过同样的记录"):
        perform(shop, "paper", form, LATER)
    with pytest.raises(DeskRefusal, match="在今天之后"):
        perform(shop, "paper", form.model_copy(update={"received_on": date(2026, 8, 1)}), LATER)


def test_a_late_submission_counts_once_staff_accept_it(shop: Workshop, number: Number) -> None:
    late = number(LATE)
    perform(shop, "accept-late", forms.AboutSubmission(number=late, **WHO), LATER)

    assert row_of(shop, late)["status"] == "incomplete"
    assert ("late", "cancelled") in letters(shop, late)
    with pytest.raises(DeskRefusal, match="已同意接收"):
        perform(shop, "accept-late", forms.AboutSubmission(number=late, **WHO), LATER)
    with pytest.raises(DeskRefusal, match="没有逾期材料"):
        perform(shop, "accept-late", forms.AboutSubmission(number=number(SECOND), **WHO), LATER)


def test_an_extension_must_end_after_the_deadline(shop: Workshop, number: Number) -> None:
    late = number(LATE)
    with pytest.raises(DeskRefusal, match="延期须晚于征集截止时间"):
        perform(shop, "extend", forms.ExtendForm(number=late, until="2026-05-29T00:00+08:00", **WHO), LATER)
    perform(shop, "extend", forms.ExtendForm(number=late, until="2026-06-06T00:00+08:00", **WHO), LATER)

    assert verdict(shop, late, "S01") == "通过"


def test_a_withdrawal_is_confirmed_to_the_applicant_and_can_be_reversed(shop: Workshop, number: Number) -> None:
    mine = number(SECOND)
    perform(shop, "withdraw", forms.AboutSubmission(number=mine, **WHO), LATER)
    assert row_of(shop, mine)["status"] == "withdrawn"
    assert "withdrawn" in [kind for kind, _ in letters(shop, mine)]
    with pytest.raises(DeskRefusal, match="已是撤回状态"):
        perform(shop, "withdraw", forms.AboutSubmission(number=mine, **WHO), LATER)

    perform(shop, "reinstate", forms.AboutSubmission(number=mine, **WHO), LATER)
    assert row_of(shop, mine)["status"] == "incomplete"
    with pytest.raises(DeskRefusal, match="没有撤回"):
        perform(shop, "reinstate", forms.AboutSubmission(number=mine, **WHO), LATER)


def test_a_confirmed_policy_holds_from_the_next_run_and_nonsense_is_refused(shop: Workshop) -> None:
    perform(shop, "policy", forms.PolicyForm(policy="late_mail", **WHO), LATER)
    policy = with_confirmed_policies(shop.call, shop.store).policies["late_mail"]

    assert policy.confirmed
    with pytest.raises(DeskRefusal, match="没有口径 no_such"):
        perform(shop, "policy", forms.PolicyForm(policy="no_such", **WHO), LATER)
    with pytest.raises(DeskRefusal, match="取值只能是"):
        perform(shop, "policy", forms.PolicyForm(policy="late_mail", value="whatever", **WHO), LATER)
    assert not with_confirmed_policies(shop.call, shop.store).policies["over_quota"].confirmed


def test_a_question_that_nothing_acts_on_is_not_answered_with_a_promise(shop: Workshop) -> None:
    with pytest.raises(DeskRefusal) as open_question:
        perform(shop, "policy", forms.PolicyForm(policy="authors", value="ask_later", **WHO), LATER)
    with pytest.raises(DeskRefusal) as not_asked:
        perform(shop, "policy", forms.PolicyForm(policy="last_day", **WHO), LATER)

    assert str(open_question.value) == (
        "“个人证书上的创作人从哪里来、最多几位、如何排序？”是待定问题，程序没有据以办理的设置，这里不能确认。"
        "推荐表没有创作人一栏：入围后再向申报单位征询。"
    )
    assert str(not_asked.value) == "本次征集用不到口径 last_day（“某日前”是否含当日？），不必确认。"


def test_a_deadline_that_staff_let_run_to_the_next_working_day_moves_the_window(shop: Workshop) -> None:
    perform(shop, "policy", forms.PolicyForm(policy="deadline_moment", value="next_working_day", **WHO), LATER)
    closes = with_confirmed_policies(shop.call, shop.store).window.closes

    assert (closes - shop.call.window.closes).days == 2


def test_sending_stops_at_once_and_starts_again(shop: Workshop) -> None:
    perform(shop, "sending", forms.SendingForm(stop=True, **WHO), LATER)
    with shop.store.reading() as session:
        assert watermarks.get(session, "sending-stopped") == "已电话核实"
    perform(shop, "sending", forms.SendingForm(stop=False, **WHO), LATER)
    with shop.store.reading() as session:
        assert watermarks.get(session, "sending-stopped") is None


def test_an_unknown_number_is_refused(shop: Workshop) -> None:
    with pytest.raises(DeskRefusal, match="没有受理编号 AL2026-9999"):
        perform(shop, "withdraw", forms.AboutSubmission(number="AL2026-9999", **WHO), LATER)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_no_operation_is_done_without_a_name(operation) -> None:
    with pytest.raises(ValidationError, match="by"):
        operation.form(reason="已电话核实")


def test_what_is_refused_changes_nothing(shop: Workshop, number: Number) -> None:
    before = register_values(shop, LATER)
    for name, filled in (
        ("rule", forms.RuleForm(number=number(FIRST), code="F01", **WHO)),
        ("merge", forms.MergeForm(number=number(FIRST), source=number(FIRST), **WHO)),
        ("undo", forms.UndoForm(operation=99, **WHO)),
    ):
        with pytest.raises(DeskRefusal):
            perform(shop, name, filled, LATER)

    assert register_values(shop, LATER) == before
    with shop.store.reading() as session:
        assert due.due_submissions(session, shop.call.id, LATER) == ()


def test_whatever_was_set_aside_can_be_taken_back_and_filed_by_hand(shop: Workshop, number: Number) -> None:
    listed = (("List-Id", "<news.example>"),)
    raw = post(Draft("快讯", "news@sme.example", "五月政策汇编", "一周速览，点击阅读原文。", LATER, headers=listed))
    sha256 = take_in(shop, raw, LATER, 77)
    work(shop, LATER)

    def kind() -> str:
        return next(str(one["kind"]) for one in register_values(shop, LATER)["messages"] if one["sha256"] == sha256)

    assert kind() in {"aside", "machine"}
    perform(shop, "reread", forms.MessageForm(message=sha256[:10], **WHO), LATER)
    work(shop, LATER)
    assert kind() == "inquiry"
    said = perform(shop, "attribute", forms.AttributeForm(number=number(FIRST), message=sha256[:10], **WHO), LATER)
    assert said == f"这封来信没有附件，已记入 {number(FIRST)}。"


def test_a_mail_that_our_machine_could_not_examine_is_named_until_it_is(shop: Workshop) -> None:
    raw = post(Draft("", "d@ding.example", "申报材料", "见附件。\n", NOW, ()))
    sha256 = take_in(shop, raw, NOW, 51)
    with shop.store.transaction() as session:
        fence = messages.lease(session, sha256, "w", NOW, 60).fence
        messages.put_off(session, sha256, fence, "本机磁盘已满，稍后再试。", NOW + timedelta(minutes=5))

    def told(now: datetime) -> list[tuple[str, str, str]]:
        tasks = waiting(shop, register_values(shop, now), now)
        return [(task.kind, task.about, task.what) for task in tasks if task.kind == "暂缓来信"]

    assert told(NOW + timedelta(minutes=10)) == []
    assert told(NOW + timedelta(hours=1)) == [("暂缓来信", sha256[:12], "本机磁盘已满，稍后再试。")]
    work(shop, NOW + timedelta(hours=2))
    assert told(NOW + timedelta(hours=2)) == []


def test_what_others_lack_is_judged_anew_when_a_question_about_their_senders_mail_is_settled(shop: Workshop) -> None:
    for place, firm in enumerate(("丽水己木光电有限公司", "湖州庚火电机有限公司")):
        take_in(shop, mail("agent@agency.example", firm, NOW, form(firm)), NOW + timedelta(minutes=place), 61 + place)
        work(shop, NOW + timedelta(minutes=place))
    photo = Enclosure("1.jpg", make_photo(9, 1200, 900), "image/jpeg")
    raw = post(Draft("", "agent@agency.example", "照片", "请查收。\n", NOW, (photo,)))
    sha256 = take_in(shop, raw, NOW + timedelta(minutes=9), 63)
    work(shop, NOW + timedelta(minutes=9))

    def photos() -> list[str]:
        rows = [row for row in register_values(shop, LATER)["submissions"] if row["applicant"][:2] in ("丽水", "湖州")]
        return [f["verdict"] for row in rows for f in row["findings"] if f["code"] == "P01"]

    assert photos() == ["存疑", "存疑"]
    perform(shop, "irrelevant", forms.MessageForm(message=sha256[:12], **WHO), LATER)
    assert photos() == ["缺失", "缺失"]
