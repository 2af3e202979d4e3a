from __future__ import annotations

import random
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import SQLModel, col, select

from flows.replies.letter import Attachment, Letter, LetterKind
from flows.replies.mime import to_bytes
from store import journal
from store.engine import Store, StoreError, migration_config, open_store, sentence_of, serialise, storable, upgrade
from store.letters import outbox
from store.tables import ApplicantRow, JournalRow, LedgerRow, LetterRow, ListEntryRow, SendRow

NOON = datetime(2026, 5, 8, 4, tzinfo=UTC)


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return [row.name for row in session.exec(select(ApplicantRow).order_by(ApplicantRow.id)).all()]  # type: ignore[arg-type]


def test_the_migrations_build_exactly_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_day_of_a_title_survives_the_new_name_of_its_column(tmp_path: Path) -> None:
    store = open_store("", tmp_path, migrate=False)
    with store.engine.begin() as connection:
        command.upgrade(migration_config(connection, store.blobs), "0002")
        connection.execute(text("INSERT INTO list VALUES (1, 'title', '小巨人', '2026-01-01', 'ab', '2026-01-01', 1)"))
        connection.execute(
            text(
                "INSERT INTO list_entry (id, list_id, row, name, normal_name, credit_code, region, batch, awarded,"
                " pool, aliases, contact, email) VALUES (1, 1, 2, '甲公司', '甲公司', '', '', '', '2024-07-01',"
                " '', '[]', '', '')"
            )
        )
    upgrade(store)
    with store.reading() as session:
        assert session.exec(select(ListEntryRow.conferred_on)).all() == [date(2024, 7, 1)]
    store.close()


_OLD_LETTER = text(
    "INSERT INTO letter (id, subject_key, kind, state_key, to_address, to_name, subject, message_id, raw, said,"
    " priority, state, state_reason, created, attempts, server_answer, queue_id, bounce, claim)"
    " VALUES (:id, 'k', 'received', :state, 'a@firm.example', '', '', :mid, :raw, '[]', 10, 'sent', '',"
    " '2026-05-08', 1, '', '', '', '')"
)


def test_letters_of_an_older_schema_move_into_the_blobs_byte_for_byte(address: str, tmp_path: Path) -> None:
    """Also downwards again; what they enclose is there once, and rows that point to them stay."""
    store = open_store(address, tmp_path, migrate=False)
    annex = random.Random(5).randbytes(300_000)
    letters = {1: b"Subject: x\r\n\r\nshort", 2: enclosing(annex, "a"), 3: enclosing(annex, "b")}
    with store.engine.begin() as connection:
        config = migration_config(connection, store.blobs)
        if address:
            command.downgrade(config, "0004")
        command.upgrade(config, "0004")
        for number, raw in letters.items():
            values = {"id": number, "state": str(number), "mid": f"<{number}@x>", "raw": raw}
            connection.execute(_OLD_LETTER, values)
        connection.execute(
            text(
                "INSERT INTO send (id, letter_id, to_address, at, outcome, answer)"
                " VALUES (1, 2, 'a@firm.example', '2026-05-08', 'accepted', '')"
            )
        )
    upgrade(store)
    with store.reading() as session:
        rows = session.exec(select(LetterRow).order_by(col(LetterRow.id))).all()
        assert {row.id: outbox.bytes_of(session, row) for row in rows} == letters
        assert [len(row.enclosed) for row in rows] == [0, 1, 1]
        assert rows[1].enclosed[0][1] == rows[2].enclosed[0][1]
        assert len(session.exec(select(SendRow)).all()) == 1
    kept = sum(path.stat().st_size for path in store.blobs.folder.rglob("*") if path.is_file())
    assert kept < len(annex) * 1.1
    with store.engine.begin() as connection:
        command.downgrade(migration_config(connection, store.blobs), "0004")
        again = connection.execute(text("SELECT id, raw FROM letter ORDER BY id")).all()
        assert {number: bytes(raw) for number, raw in again} == letters
        command.upgrade(migration_config(connection, store.blobs), "head")
    store.close()


def enclosing(annex: bytes, to: str) -> bytes:
    letter = Letter(LetterKind.TEMPLATES, "", f"{to}@firm.example", "附件", "文字", "<p>文字</p>")
    letter = replace(letter, attachments=(Attachment("附件1.docx", "application/octet-stream", annex),))
    sent = datetime(2026, 5, 8, tzinfo=UTC)
    return to_bytes(letter, sender="us@x.example", sender_name="", message_id="<1@x>", date=sent, instance_id="z")


def test_opening_again_keeps_what_is_there_and_changes_nothing(store: Store, address: str) -> None:
    with store.transaction() as session:
        session.add(ApplicantRow(name="甲公司"))
    again = open_store(address, store.home)
    upgrade(again)
    assert names(again) == ["甲公司"]
    again.close()


def test_a_schema_newer_than_the_program_is_refused_with_the_cure(store: Store, address: str) -> None:
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="数据库的结构版本 9999 比本程序新，请改用写入它的那个版本或更新的版本。"):
        open_store(address, store.home)


def test_a_failed_transaction_keeps_nothing(store: Store) -> None:
    with store.transaction() as session:
        session.add(ApplicantRow(name="甲公司"))
    with pytest.raises(ZeroDivisionError), store.transaction() as session:  # noqa: PT012 - the fault must come inside
        session.add(ApplicantRow(name="乙公司"))
        session.flush()
        raise ZeroDivisionError
    assert names(store) == ["甲公司"]


def test_reading_keeps_nothing(store: Store) -> None:
    with store.reading() as session:
        session.add(ApplicantRow(name="甲公司"))
        session.flush()
    assert names(store) == []


def test_what_no_database_takes_as_text_is_left_out(store: Store) -> None:
    with store.transaction() as session:
        session.add(ApplicantRow(name="甲\0公\ud83d司"))
    assert names(store) == ["甲公?司"]
    assert storable("plain") == "plain"


def test_uids_of_the_full_32_bits_are_kept(store: Store) -> None:
    with store.transaction() as session:
        session.add(LedgerRow(account="a", folder="INBOX", uidvalidity=4294967295, uid=4294967294, seen=NOON))
    with store.reading() as session:
        row = session.exec(select(LedgerRow)).one()
    assert (row.uidvalidity, row.uid, row.seen) == (4294967295, 4294967294, NOON)


def test_writers_wait_for_each_other_and_lose_no_count(store: Store) -> None:
    with store.transaction() as session:
        session.add(ApplicantRow(name="0"))

    def count_up() -> None:
        for _ in range(10):
            with store.transaction() as session:
                serialise(session, "count")
                row = session.exec(select(ApplicantRow)).one()
                row.name = str(int(row.name) + 1)
                session.add(row)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(store) == ["40"]


@pytest.mark.parametrize("statement", ["UPDATE journal SET sentence = '改'", "DELETE FROM journal"])
def test_the_journal_cannot_be_changed(store: Store, statement: str) -> None:
    with store.transaction() as session:
        journal.write(session, NOON, journal.SYSTEM, "mail-stored", "message:ab", "收到一封来信。", {"size": 3})
    with pytest.raises(DBAPIError, match="append-only"), store.transaction() as session:
        session.execute(text(statement))
    with store.reading() as session:
        assert journal.read(session) == (
            journal.Entry(1, NOON, "系统", "mail-stored", "message:ab", "收到一封来信。", {"size": 3}),
        )


def test_the_journal_reads_by_subject_action_and_newest(store: Store) -> None:
    with store.transaction() as session:
        for number, (about, action) in enumerate([("a", "filed"), ("b", "filed"), ("a", "decided"), ("a", "filed")]):
            journal.write(session, NOON.replace(minute=number), journal.SYSTEM, action, about, f"第{number}件")
            session.flush()
    with store.reading() as session:
        assert [line.sentence for line in journal.read(session, "a")] == ["第0件", "第2件", "第3件"]
        assert [line.sentence for line in journal.read(session, "a", actions=["filed"])] == ["第0件", "第3件"]
        assert [line.sentence for line in journal.read(session, limit=2)] == ["第2件", "第3件"]
        assert [line.sentence for line in journal.read(session, since=NOON.replace(minute=2))] == ["第2件", "第3件"]


def test_the_embedded_database_is_durable_and_checks_references(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    with store.reading() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "写法不对"),
        ("mysql://x/y", "不支持 mysql"),
        ("postgresql://u:secret@127.0.0.1:1/db", "打不开数据库"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_password(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url, tmp_path)
    assert "secret" not in str(caught.value)


def test_journal_rows_are_only_written_by_the_journal(store: Store) -> None:
    with store.reading() as session:
        assert session.exec(select(JournalRow)).all() == []


# Faults in words


def fault(words: str) -> OperationalError:
    return OperationalError("INSERT INTO mail", {}, Exception(words))


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("database is locked", "请关闭打开着 zhengji.db 的程序"),
        ("database or disk is full", "请清理磁盘"),
        ("attempt to write a readonly database", "请核对数据文件夹的权限"),
        ("unable to open database file", "请核对数据文件夹还在"),
        ("database disk image is malformed", "从备份恢复 zhengji.db"),
        ("server closed the connection unexpectedly", "请确认它已启动、网络通畅"),
    ],
)
def test_a_fault_of_the_database_is_a_sentence_with_its_cure_and_shows_no_statement(words: str, cure: str) -> None:
    told = sentence_of(fault(words))
    assert cure in told
    assert "INSERT" not in told


def test_what_is_no_fault_of_the_database_is_our_own() -> None:
    assert sentence_of(ValueError("database is locked")) == ""


def test_a_database_that_another_program_holds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.engine.BUSY_SECONDS", 0.05)
    store = open_store("", tmp_path)
    holder = sqlite3.connect(tmp_path / "zhengji.db")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as told, store.transaction() as session:
        session.exec(select(ApplicantRow)).all()
    holder.rollback()
    holder.close()
    assert "数据库正被别的程序占用" in sentence_of(told.value)
    with store.transaction() as session:
        session.add(ApplicantRow(name="甲公司"))
    assert names(store) == ["甲公司"]
    store.close()
