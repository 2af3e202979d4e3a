"""Which filed mails move when one that was received earlier comes to be filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.attribution import receipt_order
from flows.attribution.receipt_order import IN_TURN_FOR, mails_to_move, stays
from store.dossier.filed_mail import FiledMail, Holder, Tie
from store.states import Basis
from tests.attribution.fake import FakeDays, FakeLookups, known, read
from tests.cases.telling import FIRST, File, Mail, the_call

FIRM, LIKE, OTHER = "浙江远衡精密机械有限公司", "浙江远衡精密机槭有限公司", "杭州澜汀仪器仪表有限公司"
CODE = "91330100799655058B"
LATE = Mail("office@yuanheng.example", (File("推荐表.pdf", "form", FIRM, code=CODE, holds="own"),))
"""The mail that comes to be filed now, though it was received first."""


def tie(submission: int = 1, basis: Basis = Basis.SENDER, **more: Any) -> Tie:
    firm = more.pop("firm", "")
    return Tie(Holder(submission, firm, more.pop("code", "")), basis, **more)


def filed(sha256: str, minutes: float = 30, **more: Any) -> FiledMail:
    moment = FIRST + timedelta(minutes=minutes)
    return FiledMail(sha256, moment, moment, **{"sender": f"{sha256}@elsewhere.example", **more})


def moved(days: FakeDays, mail: Mail = LATE, lookups: FakeLookups | None = None, at: datetime = FIRST) -> list[str]:
    found = mails_to_move(read(mail), at, days, lookups or FakeLookups(), the_call())
    return [one.sha256 for one in found]


OWN_FILE = read(LATE).leaves[0].leaf.sha256


@pytest.mark.parametrize(
    "shared",
    [
        {"sender": LATE.sender},
        {"ties": (tie(firm=FIRM, basis=Basis.NEW),)},
        {"ties": (tie(firm=LIKE, basis=Basis.NAME),)},
        {"ties": (tie(code=CODE, basis=Basis.CODE),)},
        {"asked": (Holder(1, FIRM),)},
        {"references": ("<mail-1@sender.example>",)},
        {"references": ("mail-1@sender.example",)},
        {"said": (f"{FIRM}补充材料",)},
        {"said": (f"统一社会信用代码：{CODE}",)},
        {"files": (OWN_FILE,)},
        {"files": (OWN_FILE,), "ties": (tie(basis=Basis.UNNAMED),)},
    ],
)
def test_what_shares_a_mark_with_the_mail_moves(shared: dict[str, Any]) -> None:
    assert moved(FakeDays((filed("a"), filed("b", **shared)))) == ["b"]


@pytest.mark.parametrize(
    "apart",
    [
        {},
        {"ties": (tie(firm=OTHER, basis=Basis.NEW),), "said": ("另一家的材料",)},
        # Where a mail was placed by the firm it names, its other words are context.
        {"ties": (tie(firm=OTHER, basis=Basis.NEW),), "said": (f"{FIRM}是本公司的客户",)},
        # Where it was placed by something stronger than its files, the same file changes nothing.
        {"ties": (tie(firm=OTHER, basis=Basis.NUMBER),), "files": (OWN_FILE,)},
        {"message_id": "<mail-1@sender.example>"},
    ],
)
def test_what_shares_nothing_stays(apart: dict[str, Any]) -> None:
    assert moved(FakeDays((filed("a", **apart),))) == []


def test_the_firm_in_papers_that_no_row_tells_of_is_read_again() -> None:
    by_sender = filed("a", papers=True, ties=(tie(firm=OTHER, basis=Basis.SENDER),))
    by_name = filed("b", papers=True, ties=(tie(2, firm="宁波启明液压技术有限公司", basis=Basis.NAME),))
    report = read(Mail("a@elsewhere.example", (File("报告.docx", "report", names=(FIRM,)),)))
    days = FakeDays((by_sender, by_name), readings={"a": report, "b": report})
    assert moved(days) == ["a"]
    assert days.read_again == ["a"]


def test_mails_received_before_it_or_long_after_stay() -> None:
    same = {"sender": LATE.sender}
    minutes = IN_TURN_FOR.total_seconds() / 60
    days = FakeDays((filed("a", -1, **same), filed("b", minutes, **same), filed("c", minutes + 1, **same)))
    assert moved(days) == ["b"]


def test_of_two_mails_of_one_second_the_hash_says_which_comes_first() -> None:
    own = read(LATE).sha256
    days = FakeDays((filed("0", 0, sender=LATE.sender), filed("z", 0, sender=LATE.sender)))
    assert "0" < own < "z"
    assert moved(days) == ["z"]


def test_what_a_moved_mail_could_move_moves_too_and_nothing_before_it() -> None:
    middle = filed("b", 20, sender=LATE.sender, ties=(tie(7),))
    days = FakeDays((filed("a", 10, ties=(tie(7),)), middle, filed("c", 30, ties=(tie(7),)), filed("d", 40)))
    assert moved(days) == ["b", "c"]


def test_nothing_is_reached_through_a_mail_that_stays() -> None:
    told = filed("b", 20, sender=LATE.sender, ties=(tie(7),), answered=True)
    days = FakeDays((told, filed("c", 30, ties=(tie(7),))))
    assert moved(days) == []


def test_a_mail_that_names_nobody_could_move_what_lies_in_its_senders_one_submission() -> None:
    photos = Mail("a@qq.com", (File("1.jpg", "photo"),))
    days = FakeDays((filed("b", ties=(tie(3, firm=OTHER, basis=Basis.NEW),)),))
    one, another = known(3, OTHER, "a@qq.com"), known(4, FIRM, "a@qq.com")
    assert moved(days, photos, FakeLookups((one,))) == ["b"]
    assert moved(days, photos, FakeLookups((one, another))) == []
    assert moved(days, photos, FakeLookups((replace(one, withdrawn=True),))) == []


def test_what_was_placed_anew_because_of_a_moved_mail_moves_from_its_own_turn_on() -> None:
    before, behind = filed("a", -60, ties=(tie(9),)), filed("c", -30, ties=(tie(9),))
    days = FakeDays((before, behind, filed("b", 20, sender=LATE.sender)), doubts={"b": ("a",)})
    assert moved(days) == ["a", "c", "b"]


def test_where_more_than_the_most_would_move_none_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_order, "MOST_IN_TURN", 2)
    mails = tuple(filed(name, sender=LATE.sender) for name in "abc")
    assert moved(FakeDays(mails[:2])) == ["a", "b"]
    assert moved(FakeDays(mails)) == []


FETCHED = FIRST + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (filed("a"), False),
        (filed("a", ties=(tie(), tie(2))), False),
        (filed("a", answered=True), True),
        (filed("a", by_staff=True), True),
        (filed("a", ties=(tie(), tie(2, basis=Basis.STAFF))), True),
        (filed("a", ties=(tie(closed=True),)), True),
        (filed("a", ties=(tie(told=FETCHED),)), True),
        (filed("a", ties=(tie(told=FETCHED - timedelta(seconds=1)),)), False),
    ],
)
def test_what_was_told_or_touched_by_staff_stays(mail: FiledMail, expected: bool) -> None:
    assert stays(mail) is expected
