"""A mail that is filed late takes its turn, as long as nobody was told or decided anything meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from store import journal
from store.engine import Store, Transaction
from store.filing.by_hand import ByHand
from store.filing.submissions import by_number
from store.tables import (
    JournalRow,
    LeafRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)
from tests.cases.office import Office
from tests.cases.rounds import RoundTeller
from tests.cases.story import Story
from tests.cases.telling import FIRST, READER, File, Mail, Teller, Telling
from tests.cases.written import text_of
from tests.store.blank import blank_store

FIRM, OTHER = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司"
OWN = Mail("office@yuanheng.example", (File("推荐表.pdf", "form", FIRM, holds="own"),))
STRANGER = Mail("someone@163.com", (File("案例报告.docx", "report", names=(FIRM,), holds="strange"),), after=30)
BYSTANDER = Mail("b@lanting.example", (File("推荐表.pdf", "form", OTHER),), after=40)

IN_TURN = [
    {"number": "AL2026-0001", "sender": OWN.sender, "relation": "opens"},
    {"number": "AL2026-0001", "sender": STRANGER.sender, "relation": "pending"},
]
AS_FILED = [
    {"number": "AL2026-0001", "sender": OWN.sender, "relation": "pending"},
    {"number": "AL2026-0001", "sender": STRANGER.sender, "relation": "opens"},
]


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[RoundTeller]:
    opened = RoundTeller(blank_store(tmp_path))
    yield opened
    opened.store.close()


def links(store: Store) -> list[dict[str, str]]:
    query = (
        select(SubmissionRow.number, MessageRow.sender_address, SubmissionMessageRow.relation)
        .where(SubmissionMessageRow.submission_id == SubmissionRow.id)
        .where(SubmissionMessageRow.message == MessageRow.sha256)
        .order_by(MessageRow.received)  # type: ignore[arg-type]
    )
    with store.reading() as session:
        return [dict(zip(("number", "sender", "relation"), row, strict=True)) for row in session.exec(query)]


def rows(store: Store, *tables: Any) -> list[str]:
    with store.reading() as session:
        return sorted(repr(row) for table in tables for row in session.exec(select(table)))


def told(store: Store, *actions: str) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(line.action, line.sentence) for line in journal.read(session, actions=actions)]


def file(teller: Teller, mails: list[Mail], *places: int) -> None:
    for place in places:
        teller.tell(place, mails[place - 1])


def test_who_was_received_first_applies_and_the_other_waits_under_the_same_number(teller: RoundTeller) -> None:
    file(teller, [OWN, STRANGER], 2, 1)
    assert links(teller.store) == IN_TURN
    assert teller.asked() == []
    assert told(teller.store, "filed-in-turn", "closed") == [
        ("filed-in-turn", "另一封较早收到的来信（申报材料）迟于本信归档，本信改在其后重新归属。")
    ]


def test_filing_any_of_them_again_changes_nothing(teller: RoundTeller) -> None:
    mails = [OWN, STRANGER, BYSTANDER]
    file(teller, mails, 3, 2, 1)
    tables = (SubmissionMessageRow, VersionRow, SubmissionRow, SuggestionRow)
    before = rows(teller.store, *tables)
    file(teller, mails, 1, 2, 3, 1)
    assert rows(teller.store, *tables) == before


def test_a_mail_that_shares_nothing_keeps_its_very_rows(teller: RoundTeller) -> None:
    mails = [OWN, STRANGER, BYSTANDER]
    file(teller, mails, 3)
    before = rows(teller.store, SubmissionMessageRow, VersionRow, JournalRow)
    file(teller, mails, 2, 1)
    assert set(before) <= set(rows(teller.store, SubmissionMessageRow, VersionRow, JournalRow))


def test_no_file_is_lost_or_filed_twice(teller: RoundTeller) -> None:
    bundle = Mail(
        "office@body.example",
        (File(f"{FIRM}/推荐表.pdf", "form", FIRM, holds="a"), File(f"{OTHER}/推荐表.pdf", "form", OTHER, holds="b")),
        name="浙江省轴承工业协会",
        after=35,
    )
    file(teller, [OWN, STRANGER, bundle, BYSTANDER], 4, 3, 2, 1)
    with teller.store.reading() as session:
        leaves = sorted(session.exec(select(LeafRow.id)), key=str)
        filed = sorted(session.exec(select(VersionRow.leaf_id)), key=str)
    assert (len(leaves), filed) == (5, leaves)


def test_a_number_that_was_told_stays_and_staff_are_asked_who_was_first(teller: RoundTeller) -> None:
    mails = [OWN, STRANGER]
    teller.tell_round(mails, [2])
    teller.tell_round(mails, [1])
    assert links(teller.store) == AS_FILED
    assert teller.asked() == [{"mail": 1, "kind": "maybe", "files": ["推荐表.pdf"]}]
    with teller.store.reading() as session:
        (question,) = session.exec(select(SuggestionRow))
    assert question.reason == (
        "本信收到时间早于 AL2026-0001 的第一封来信，但归档在后；该件已告知对方或已立定，不再自动变动。"
        "请核对谁是申报单位本人，再决定是否采纳。"
    )


def test_what_came_days_later_stays_and_staff_are_asked(teller: RoundTeller) -> None:
    late = Mail(STRANGER.sender, STRANGER.files, after=3 * 1440 + 1)
    file(teller, [OWN, late], 2, 1)
    assert links(teller.store) == AS_FILED
    assert [one["kind"] for one in teller.asked()] == ["maybe"]


def _renamed(desk: ByHand, submission: SubmissionRow, _message: str) -> None:
    desk.rename(submission, FIRM, "电话核实。")


def _refused(desk: ByHand, submission: SubmissionRow, _message: str) -> None:
    query = select(VersionRow).where(VersionRow.submission_id == submission.id)
    desk.refuse(desk.session.exec(query).all(), "不是本单位。")


def _spoken_of(desk: ByHand, _submission: SubmissionRow, message: str) -> None:
    journal.write(desk.session, FIRST, "小王", "called", f"message:{message}", "已电话联系来信人。")


@pytest.mark.parametrize("act", [_renamed, _refused, _spoken_of])
def test_what_staff_touched_stays(teller: RoundTeller, act: Callable[[ByHand, SubmissionRow, str], None]) -> None:
    mails = [OWN, STRANGER]
    file(teller, mails, 2)
    with teller.store.transaction() as session:
        submission = _of(session, "AL2026-0001")
        desk = ByHand(session, teller.call, READER, by="小王", at=mails[1].received())
        act(desk, submission, teller.hashes[2])
    versions = rows(teller.store, VersionRow)
    file(teller, mails, 1)
    assert links(teller.store) == AS_FILED
    assert set(versions) <= set(rows(teller.store, VersionRow))


def _of(session: Transaction, number: str) -> SubmissionRow:
    row = by_number(session, number)
    assert row is not None
    return row


def test_a_number_that_nothing_comes_back_to_is_closed_and_never_given_again(teller: RoundTeller) -> None:
    mails = [
        Mail("b@qq.com", (File("推荐表.pdf", "form", FIRM, holds="1"),), cc=("a@qq.com",)),
        Mail("a@qq.com", (File("推荐表.pdf", "form", FIRM, holds="2"),), after=5),
        Mail("b@qq.com", (File("报告.docx", "report", names=("浙江远衡精密机槭有限公司",), holds="3"),), after=9),
        BYSTANDER,
    ]
    file(teller, mails, 2, 3)
    assert [one["number"] for one in links(teller.store)] == ["AL2026-0001", "AL2026-0002"]
    file(teller, mails, 1, 4)
    assert [(one["number"], one["relation"]) for one in links(teller.store)] == [
        ("AL2026-0001", "opens"),
        ("AL2026-0001", "supplements"),
        ("AL2026-0001", "supplements"),
        ("AL2026-0003", "opens"),
    ]
    assert told(teller.store, "closed") == [
        ("closed", "原凭后收到的来信立件；按收件先后重新归属后，AL2026-0002 名下已无来信，该号不再使用。")
    ]


def test_a_question_that_the_right_order_answers_is_withdrawn(teller: RoundTeller) -> None:
    mails = [
        Mail("office@body.example", (File("推荐表.pdf", "form", FIRM),), name="浙江省轴承工业协会", after=0),
        Mail(
            "office@body.example", (File("远衡补充.jpg", "photo"),), "远衡精密补充", name="浙江省轴承工业协会", after=9
        ),
    ]
    file(teller, mails, 2)
    assert [one["mail"] for one in teller.asked()] == [2]
    file(teller, mails, 1)
    assert teller.asked() == []
    assert [one["relation"] for one in links(teller.store)] == ["opens", "supplements"]


def test_a_strangers_mail_that_waits_in_a_nameless_submission_is_placed_anew_when_that_is_closed(
    teller: RoundTeller,
) -> None:
    def same_photo(sender: str, after: int) -> Mail:
        return Mail(sender, (File("IMG_1.jpg", "photo", holds="p"),), after=after)

    both = (
        File("甲/推荐表.pdf", "form", FIRM, title="绿色工厂的降本增效", holds="1"),
        File("乙/推荐表.pdf", "form", OTHER, holds="2"),
    )
    mails = [OWN, same_photo("x@qq.com", 1), same_photo("y@163.com", 5), Mail("x@qq.com", both, after=9)]
    file(teller, mails, 1, 2, 3)
    waiting = {"number": "AL2026-0002", "sender": "y@163.com", "relation": "pending"}
    assert waiting in links(teller.store)
    file(teller, mails, 4)
    assert waiting | {"number": "AL2026-0003"} in links(teller.store)
    assert {one["number"] for one in links(teller.store)} == {"AL2026-0001", "AL2026-0003"}
    assert ("taken-back", "AL2026-0002 名下已无来信，该号不再使用；在此待确认的来信重新判断归属。") in told(
        teller.store, "taken-back"
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    story = Story("", "", "", "cases-2026", Telling(), (), {}, (OWN, STRANGER), (), {})
    played = Office(blank_store(tmp_path), story)
    yield played
    played.store.close()


def receipts(office: Office) -> list[tuple[str, str]]:
    """Return whom letters about a submission went to, by its number."""
    with office.store.reading() as session:
        numbers = {row.id: row.number for row in session.exec(select(SubmissionRow))}
    return [(numbers[row.submission_id], row.to_address) for row in office.letters() if row.submission_id]


def test_a_mail_read_last_in_a_round_is_answered_as_the_applicants_and_the_stranger_is_told_no_number(
    office: Office,
) -> None:
    office.take_in(2, STRANGER)
    office.take_in(1, OWN)
    office.wait_until(office.now + timedelta(days=1))
    assert links(office.store) == IN_TURN
    assert {address for _, address in receipts(office)} == {OWN.sender}
    assert [row.to_address for row in office.letters() if "AL2026-0001" in text_of(office.store, row)] == [
        OWN.sender for _ in receipts(office)
    ]
    assert office.faults() == []


def test_a_mail_read_after_the_stranger_was_answered_moves_nothing_and_is_laid_before_staff(office: Office) -> None:
    office.take_in(2, STRANGER)
    office.wait_until(office.now + timedelta(minutes=5))
    told = receipts(office)
    office.take_in(1, OWN)
    office.wait_until(office.now + timedelta(days=1))
    assert links(office.store) == AS_FILED
    assert told
    assert {address for _, address in receipts(office)} == {STRANGER.sender}
    assert [(one["mail"], one["kind"]) for one in office.teller.asked()] == [(1, "maybe")]
