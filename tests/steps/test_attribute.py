from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from flows.steps.filing.file_mail import file_reading
from parsers.facts.mails import MailReading
from store import journal
from store.engine import Store
from store.tables import MessageRow, SubmissionMessageRow, VersionRow
from tests.cases.telling import FIRST, READER, File, Mail, Teller
from tests.store.blank import blank_store

FIRM, OTHER = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司"
FORM = Mail("a@firm.example", (File("推荐表.pdf", "form", FIRM),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("mail", "kind", "numbers", "waits"),
    [
        (FORM, "submission", ("AL2026-0001",), False),
        (
            Mail("office@body.example", (File("a.pdf", "form", FIRM), File("b.pdf", "form", OTHER))),
            "submission",
            ("AL2026-0001", "AL2026-0002"),
            True,
        ),
        (Mail("q@x.example", intent="question"), "inquiry", (), True),
        (Mail("q@x.example", intent="withdrawal"), "inquiry", (), True),
        (Mail("q@x.example", intent="advert"), "irrelevant", (), False),
        (Mail("q@x.example", machine="自动回复。", intent="machine"), "machine", (), False),
        (Mail("q@x.example", (File("1.jpg", "photo"),), name="浙江省轴承工业协会"), "submission", (), True),
    ],
)
def test_a_filing_says_what_became_of_the_mail(
    store: Store, mail: Mail, kind: str, numbers: tuple[str, ...], waits: bool
) -> None:
    filed = Teller(store).tell(1, mail)
    assert (filed.kind, filed.numbers, filed.answer_message) == (kind, numbers, waits)
    assert filed.reason.endswith("。")
    with store.reading() as session:
        row = session.exec(select(MessageRow)).one()
    assert (row.kind, row.reason) == (kind, filed.reason)


def test_filing_again_gives_the_same_rows_and_asks_for_the_same_examinations(store: Store) -> None:
    teller = Teller(store)
    first = teller.tell(1, FORM)

    def rows() -> list[str]:
        with store.reading() as session:
            return [repr(row) for table in (SubmissionMessageRow, VersionRow) for row in session.exec(select(table))]

    before = rows()
    again = teller.tell(1, FORM)
    assert rows() == before
    assert (again.kind, again.numbers, again.submissions, again.opened) == (
        first.kind,
        first.numbers,
        first.submissions,
        (),
    )


def test_every_decision_stands_in_the_journal_with_its_basis(store: Store) -> None:
    teller = Teller(store)
    teller.tell(1, FORM)
    teller.tell(2, Mail("a@firm.example", (File("1.jpg", "photo"),), after=5))
    teller.tell(3, Mail("b@qq.com", (File("新.pdf", "form", FIRM),), after=9))
    with store.reading() as session:
        told = [
            (line.action, line.details["basis"], line.sentence)
            for line in journal.read(session, "submission:AL2026-0001")
        ]
    assert told == [
        ("opened", "new", f"台账中尚无“{FIRM}”的申报，新立一件（推荐表写的是“{FIRM}”）。"),
        ("mail-supplements", "sender", "文件未写明单位；该发件人名下只有 AL2026-0001 一件。"),
        ("mail-pending", "name", "单位全称与 AL2026-0001 相同，但 b@qq.com 从未就该件来过信，待经办确认。"),
    ]


def test_a_mail_that_was_never_taken_in_is_not_filed(store: Store) -> None:
    teller = Teller(store)
    with pytest.raises(KeyError), store.transaction() as session:
        file_reading(session, store, teller.call, MailReading(sha256="f" * 64, size=1), FIRST, reader_version=READER)


@pytest.mark.parametrize(("role", "tied"), [("unreadable", False), ("noise", False), ("photo", True)])
def test_equal_files_that_anybody_may_have_tie_no_two_senders(store: Store, role: str, tied: bool) -> None:
    teller = Teller(store)
    same = File("同一文件", role, holds="the same bytes")
    teller.tell(1, Mail("a@qq.com", (File("1.jpg", "photo", holds="one"), same)))
    teller.tell(2, Mail("b@163.com", (File("2.jpg", "photo", holds="two"), same)))
    register = [(one["mails"], one["pending"]) for one in teller.register()]
    assert register == ([([1], [2])] if tied else [([1], []), ([2], [])])


@pytest.mark.parametrize(("word", "tied"), [("AL2026-0001", True), ("MODAL2026-0001", False), ("3AL20260001", False)])
def test_a_number_inside_a_longer_word_is_none(store: Store, word: str, tied: bool) -> None:
    teller = Teller(store)
    teller.tell(1, FORM)
    teller.tell(2, Mail("b@163.com", (File("2.jpg", "photo"),), subject=f"产品{word}的照片"))
    register = [(one["mails"], one["pending"]) for one in teller.register()]
    assert register == ([([1], [2])] if tied else [([1], []), ([2], [])])
