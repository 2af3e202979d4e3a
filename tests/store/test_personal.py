"""Which columns may hold personal data is told for each, and the journal's sentences hold none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, String, Text
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.sqltypes import AutoString

from store import journal
from store.engine import Store
from store.letters import outbox
from store.persons import NO_ADDRESS, NO_IDENTITY, NO_PHONE, without_persons
from store.tables import JournalRow, LetterRow
from tests.cases.office import Office, quick_store
from tests.cases.story import all_stories

NOON = datetime(2026, 5, 8, 4, tzinfo=UTC)


def texts() -> list[Column[object]]:
    """Every column that holds free text; words of closed sets are no text."""
    kinds = (AutoString, String, Text, JSON)
    return [c for table in SQLModel.metadata.sorted_tables for c in table.columns if isinstance(c.type, kinds)]


@pytest.mark.parametrize("column", texts(), ids=str)
def test_every_text_column_says_whether_it_may_hold_personal_data(column: Column[object]) -> None:
    assert column.info.get("personal") in {True, False}


def test_what_quotes_mails_papers_or_staff_may_hold_personal_data_and_the_journals_sentences_may_not() -> None:
    said = {str(column): column.info["personal"] for column in texts()}
    for name in ("operation.before", "list_entry.email", "alias.key", "suggestion.reason", "ruling.reason"):
        assert said[name] is True
    assert (said["journal.sentence"], said["journal.details"]) == (False, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "回执未送达（wang.li+1@mail.firm-1.com.cn），请电话联系：13812345678。",
            f"回执未送达（{NO_ADDRESS}），请电话联系：{NO_PHONE}。",
        ),
        ("电话 0571-85805136、+86 138 1234 5678、138-1234-5678", f"电话 {NO_PHONE}、{NO_PHONE}、{NO_PHONE}"),
        ("身份证110101199003071234", f"身份证{NO_IDENTITY}"),
        ("身份证33010219851231123x已核对", f"身份证{NO_IDENTITY}已核对"),
        (
            "AL2026-0042 收到 13 个文件，统一社会信用代码 91330100123456789X",
            "AL2026-0042 收到 13 个文件，统一社会信用代码 91330100123456789X",
        ),
        (
            "2026-05-30 17:00:00，哈希 a13812345678b，UID 1，900000 字节",
            "2026-05-30 17:00:00，哈希 a13812345678b，UID 1，900000 字节",
        ),
    ],
)
def test_addresses_telephones_and_identity_numbers_are_found_and_nothing_else(text: str, kept: str) -> None:
    assert without_persons(text) == kept


def raw_lines(session: Session) -> list[tuple[str, object]]:
    return [(row.sentence, row.details) for row in session.exec(select(JournalRow).order_by(JournalRow.id))]  # type: ignore[arg-type]


def test_a_sentence_refers_to_the_row_and_is_read_with_what_the_row_says(store: Store) -> None:
    with store.transaction() as session:
        letter = outbox.queue(
            session, subject_key="k", kind="received", state_key="1", raw=b"x\r\n\r\n", message_id="<1@x>",
            to_address="wang@firm.example", now=NOON,
        )  # fmt: skip
        assert letter is not None
        sentence = "王工 不发出：收件人 wang@firm.example 已致电 13812345678，另见 li@other.example。"
        journal.write(session, NOON, "王工", "letter-refused", "letter:1", sentence, {"to": ["wang@firm.example"]})
    with store.reading() as session:
        kept = "〔经办〕 不发出：收件人 〔收件人 letter:1〕 已致电 〔电话〕，另见 〔邮箱〕。"
        assert raw_lines(session) == [(kept, {"to": ["〔收件人 letter:1〕"]})]
        (read,) = journal.read(session)
        assert read.sentence == "王工 不发出：收件人 wang@firm.example 已致电 〔电话〕，另见 〔邮箱〕。"
    with store.transaction() as session:
        session.get_one(LetterRow, 1).to_address = ""
    with store.reading() as session:
        (read,) = journal.read(session)
        assert read.sentence == "王工 不发出：收件人 收件人 已致电 〔电话〕，另见 〔邮箱〕。", (
            "forgotten where the row forgets"
        )


STORIES = [
    next(story for story in all_stories() if story.shape == shape)
    for shape in ("answers-our-letter", "colleague", "bundle-and-contacts", "second-case", "agent-nameless-after")
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.shape}-{story.name}")
def test_no_address_and_no_name_of_a_sender_stands_in_the_journal_of_a_story(story: object, tmp_path: Path) -> None:
    store = quick_store(tmp_path)
    office = Office(store, story)  # type: ignore[arg-type]
    office.play()
    with store.reading() as session:
        lines = raw_lines(session)
        letters = session.exec(select(LetterRow)).all()
    canaries = {mail.sender for mail in office.story.mails} | {row.to_address for row in letters}
    canaries |= {name for row in letters if (name := row.to_name) and len(name) <= 4}
    canaries -= {""}
    assert canaries
    assert lines
    assert [(one, line) for line in lines for one in canaries if one in str(line)] == []
    assert [line for line in lines if "@" in str(line)] == []
    store.close()
