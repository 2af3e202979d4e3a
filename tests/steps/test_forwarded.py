"""What a forwarded mail says counts as the sender's own words do: it finds and names, and proves nobody's identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from parsers.facts.mails import MailReading
from store.filing.submissions import links_of
from tests.cases.telling import File, Mail, Teller
from tests.store.blank import blank_store

FIRM, OTHER = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司"
CODE = "91330100799655058B"
BODY = "浙江省轴承工业协会"
FORM = File("推荐表.pdf", "form", FIRM, code=CODE, holds="form")
PHOTO = (File("1.jpg", "photo", holds="photo"),)
OPENED = Mail("office@yuanheng.example", (FORM,))


@dataclass
class Passing(Teller):
    """A teller of mails with others attached; ``inside`` is what those say, by place."""

    inside: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def _reading(self, session: Session, place: int, mail: Mail) -> MailReading:
        return replace(super()._reading(session, place, mail), forwarded=self.inside.get(place, ()))


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Passing]:
    opened = Passing(blank_store(tmp_path))
    yield opened
    opened.store.close()


def placed(teller: Passing, place: int) -> list[tuple[str, str, str]]:
    """Return the firm, relation and basis of a mail's places."""
    firms = [
        one["applicant"] for one in teller.register() if place in (*one["mails"], *one["pending"], *one["concerns"])
    ]
    with teller.store.reading() as session:
        links = links_of(session, teller.hashes[place])
    return [(firm, link.relation, link.basis) for firm, link in zip(firms, links, strict=True)]


@pytest.mark.parametrize(
    ("sender", "inside", "expected"),
    [
        ("office@yuanheng.example", "请补正 AL2026-0001 的照片。", [(FIRM, "supplements", "number")]),
        ("someone@163.com", "请补正 AL2026-0001 的照片。", [(FIRM, "pending", "number")]),
        ("someone@163.com", f"我公司{FIRM}补充照片。", [(FIRM, "pending", "name")]),
        ("someone@163.com", f"统一社会信用代码：{CODE}", [(FIRM, "pending", "code")]),
        # Whoever wrote the forwarded mail is not whoever sent this one.
        ("someone@163.com", "发件人：office@yuanheng.example\n照片见附件。", [("", "opens", "unnamed")]),
    ],
)
def test_photos_are_tied_by_what_the_forwarded_mail_says(
    teller: Passing, sender: str, inside: str, expected: list[Any]
) -> None:
    teller.tell(1, OPENED)
    teller.inside[2] = (inside,)
    teller.tell(2, Mail(sender, PHOTO, "转发", "见附件。", after=60))
    assert placed(teller, 2) == expected


def test_the_senders_own_number_comes_before_a_forwarded_one(teller: Passing) -> None:
    teller.tell(1, OPENED)
    teller.tell(2, Mail("b@lanting.example", (File("推荐表.pdf", "form", OTHER),), after=5))
    teller.inside[3] = ("原件为 AL2026-0002。",)
    teller.tell(3, Mail("office@yuanheng.example", PHOTO, "AL2026-0001 补照片", "见附件。", after=60))
    assert placed(teller, 3) == [(FIRM, "supplements", "number")]


def test_a_code_in_words_opens_nothing_and_outweighs_no_paper(teller: Passing) -> None:
    teller.tell(1, OPENED)
    teller.inside[2] = (f"信用代码 {CODE}",)
    teller.tell(2, Mail("b@lanting.example", (File("推荐表.pdf", "form", OTHER),), after=5))
    assert [(one["applicant"], one["code"]) for one in teller.register()] == [(FIRM, CODE), (OTHER, "")]


def test_a_recommender_that_passes_on_a_firms_mail_has_its_firm_named(teller: Passing) -> None:
    form = File("扫描件.pdf", "form", "", sure=False)
    asked = Mail("office@body.example", (form,), "转发：材料", "请查收。", name=BODY)
    teller.tell(1, asked)
    teller.inside[2] = (f"申报材料\n王老师，{FIRM}的推荐表见附件。",)
    teller.tell(2, replace(asked, after=9))
    assert [one["mail"] for one in teller.asked()] == [1]
    assert [(one["applicant"], one["certain"], one["mails"]) for one in teller.register()] == [(FIRM, False, [2])]


def test_the_same_name_in_the_mail_and_in_what_it_passes_on_is_said_once(teller: Passing) -> None:
    photo = replace(PHOTO[0], holds="other photo")
    teller.tell(1, OPENED)
    teller.inside[2] = (f"{OTHER}的照片。",)
    mail = Mail("office@yuanheng.example", (photo,), "补充", f"客户{OTHER}的现场照片。", after=60)
    teller.tell(2, mail)
    # Twice in words is still only words: the sender's one submission stands against it.
    assert placed(teller, 2) == [(FIRM, "supplements", "sender")]
