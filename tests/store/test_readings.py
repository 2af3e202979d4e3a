from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from parsers.facts.leaf import Role
from parsers.facts.mails import Address, Authentication, AuthVerdict, CloudLink, MailReading
from parsers.facts.problem import Problem, Weight
from store.engine import Store
from store.mails.readings import correct_role, leaf_rows, load_look, load_reading, save_look, save_reading
from store.tables import LeafRow, LookRow, MessageRow
from tests.cases.telling import FIRST, READER, File, Mail, Teller

FILES = (
    File("材料.zip/推荐表.pdf", "form", "浙江远衡精密机械有限公司", seal="浙江远衡精密机械有限公司", title="匠心"),
    File("材料.zip/报告.docx", "report", names=("浙江远衡精密机械有限公司",), title="匠心", broken=True),
    File("车间.jpg", "photo"),
    File("logo.png", "noise"),
)
READING = MailReading(
    sha256="a" * 64,
    size=5_000_000_000,
    message_id="<1@x>",
    subject="申报材料\ud83d 浙江",
    sender=Address("王工", "a@firm.example"),
    cc=(Address("", "b@firm.example"),),
    date=FIRST,
    references=("<0@x>",),
    text="见附件",
    links=(CloudLink("https://dl.example/1", "网易163超大附件", expires=FIRST),),
    authentication=Authentication(AuthVerdict.PASS, "dkim=pass"),
    leaves=tuple(file.read() for file in FILES),
    problems=(Problem("charset", "按 GB18030 读出。", weight=Weight.LOSSY),),
)


def take_in(store: Store) -> None:
    with store.transaction() as session:
        session.add(MessageRow(sha256=READING.sha256, size=1, received=FIRST, fetched=FIRST))


def test_a_reading_comes_back_whole(store: Store) -> None:
    take_in(store)
    with store.transaction() as session:
        save_reading(session, READING, READER)
    with store.reading() as session:
        assert load_reading(session, READING.sha256) == READING
        row = session.get_one(MessageRow, READING.sha256)
        assert (row.sender_address, row.sender_name, row.intent) == ("a@firm.example", "王工", "irrelevant")


def test_saving_again_changes_no_row(store: Store) -> None:
    take_in(store)
    with store.transaction() as session:
        save_reading(session, READING, READER)
        first = [(row.id, row.position, row.path) for row in leaf_rows(session, READING.sha256)]
    with store.transaction() as session:
        save_reading(session, READING, READER)
        assert [(row.id, row.position, row.path) for row in leaf_rows(session, READING.sha256)] == first
        assert len(session.exec(select(LookRow)).all()) == 3


def test_a_newer_reader_keeps_the_rows_of_what_it_finds_again(store: Store) -> None:
    take_in(store)
    with store.transaction() as session:
        save_reading(session, READING, READER)
        old = {row.path: row.id for row in leaf_rows(session, READING.sha256)}
        found = (File("新.pdf", "other").read(), *READING.leaves[2:], READING.leaves[0])
        save_reading(session, replace(READING, leaves=found), "test-2")
        rows = leaf_rows(session, READING.sha256)
        assert [row.path for row in rows] == ["新.pdf", "车间.jpg", "logo.png", "材料.zip/推荐表.pdf"]
        assert [row.id for row in rows[1:]] == [old[row.path] for row in rows[1:]]
        gone = session.exec(select(LeafRow.path).where(LeafRow.position < 0)).all()
        assert gone == ["材料.zip/报告.docx"]
        save_reading(session, READING, "test-3")
        assert {row.path: row.id for row in leaf_rows(session, READING.sha256)} == old


def test_a_leaf_that_a_newer_reader_misses_keeps_its_row(teller: Teller) -> None:
    mail = Mail("a@firm.example", FILES)
    sha256 = (teller.filed and "") or (teller.tell(1, mail) and teller.hashes[1])
    with teller.store.transaction() as session:
        reading = load_reading(session, sha256)
        assert reading is not None
        save_reading(session, replace(reading, leaves=reading.leaves[:1]), "test-2")
        assert [row.path for row in leaf_rows(session, sha256)] == ["材料.zip/推荐表.pdf"]
        gone = session.exec(select(LeafRow.path).where(LeafRow.position < 0)).all()
    assert sorted(gone) == ["logo.png", "材料.zip/报告.docx", "车间.jpg"]


def test_a_role_that_staff_corrected_outlives_another_reading(store: Store) -> None:
    take_in(store)
    with store.transaction() as session:
        save_reading(session, READING, READER)
        photo = leaf_rows(session, READING.sha256)[2]
        correct_role(session, photo.id or 0, Role.OTHER, "小王")
        save_reading(session, READING, "test-2")
    with store.reading() as session:
        reading = load_reading(session, READING.sha256)
    assert reading is not None
    assert [leaf.role for leaf in reading.leaves] == [Role.FORM, Role.REPORT, Role.OTHER, Role.NOISE]
    assert reading.leaves[2].reason == "经办 小王 认定。"


def test_a_look_is_kept_by_file_and_version_of_the_reader(store: Store) -> None:
    look = FILES[0].read().look
    assert look is not None
    with store.transaction() as session:
        save_look(session, "b" * 64, look, READER)
        save_look(session, "b" * 64, replace(look, text="另一次"), READER)
        assert load_look(session, "b" * 64, READER) == look
        assert load_look(session, "b" * 64, "test-2") is None


def test_a_mail_that_was_never_taken_in_cannot_be_read(store: Store) -> None:
    with pytest.raises(KeyError), store.transaction() as session:
        save_reading(session, READING, READER)
    with store.reading() as session:
        assert load_reading(session, READING.sha256) is None
