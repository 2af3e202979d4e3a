"""The account of entries: each entry of each archive became a file, was opened, is a folder or clutter, or is told."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from parsers.containers.budget import Budget, Limits
from parsers.containers.unpack import Found, MailInside, Unpacked, unpack
from parsers.facts.account import EntryAccount
from parsers.facts.problem import Weight
from parsers.facts.spool import MemorySpool
from parsers.mail.message import decode_mail
from parsers.read import open_parts
from tests.parsers.containers.golden import CASES, bytes_of
from tests.parsers.containers.makers import Item, gz, hand_zip, locked_item, plain_zip, tar


def opened(name: str, data: bytes, budget: Budget | None = None) -> Unpacked:
    spool = MemorySpool()
    return unpack(
        (Found(name, spool.put(data), name),), spool, budget or Budget(), ("8888",), lambda _: MailInside("", ())
    )


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_golden_archive_sums_and_what_is_missing_is_told(case) -> None:
    unpacked = opened(case.name, bytes_of(case))
    account = unpacked.entries
    assert account.sums
    told = [p for leaf in unpacked.leaves for p in leaf.problems if p.weight is not Weight.NOTE]
    assert not account.told or told or unpacked.problems
    assert not any(problem.code == "archive-entries-lost" for problem in told)


def test_files_folders_clutter_and_archives_inside_have_their_places() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("照片")
        archive.writestr("照片/1.jpg", b"\xff\xd8\xff1")
        archive.writestr("__MACOSX/._1.jpg", b"\x00\x05\x16\x07")
        archive.writestr("材料.zip", plain_zip({"推荐表.txt": b"one", "报告.txt": b"two"}))
        archive.writestr("旧.tar.gz", gz(tar({"a.txt": b"three"})))
    assert opened("全部.zip", out.getvalue()).entries == EntryAccount(
        listed=5 + 2 + 1 + 1, files=4, opened=3, folders=1, clutter=1, told=0
    )


def test_entries_beyond_the_budget_are_told() -> None:
    data = plain_zip({f"{n}.txt": b"x%d" % n for n in range(20)})
    unpacked = opened("a.zip", data, Budget(Limits(entries=5)))
    assert unpacked.entries == EntryAccount(listed=20, files=5, told=15)
    assert [p.code for leaf in unpacked.leaves for p in leaf.problems] == ["archive-too-many"]


def test_locked_entries_are_told() -> None:
    data = hand_zip(locked_item(b"a.pdf", b"%PDF", b"other"), locked_item(b"b.pdf", b"%PDF", b"other"))
    unpacked = opened("a.zip", data)
    assert (unpacked.entries.listed, unpacked.entries.told) == (2, 2)
    assert [p.code for leaf in unpacked.leaves for p in leaf.problems] == ["archive-encrypted"]


def test_what_a_directory_leaves_out_is_found() -> None:
    hidden = Item("推荐表.txt".encode(), bytes(range(256)) * 9, method=0)
    both = hand_zip(Item(b"a.txt", b"one"), hidden, Item(b"z.txt", b"two"))
    end = both.rfind(b"PK\x05\x06")
    first = both.find(b"PK\x01\x02")
    second = both.find(b"PK\x01\x02", first + 4)
    third = both.find(b"PK\x01\x02", second + 4)
    directory = both[first:second] + both[third:end]
    tail = bytearray(both[end:])
    tail[8:12] = (2).to_bytes(2, "little") * 2
    tail[12:16] = len(directory).to_bytes(4, "little")
    unpacked = opened("a.zip", both[:first] + directory + bytes(tail))
    assert {leaf.path: [p.code for p in leaf.problems] for leaf in unpacked.leaves} == {
        "a.zip/a.txt": [],
        "a.zip/z.txt": [],
        "a.zip/推荐表.txt": ["entry-unlisted"],
    }
    assert unpacked.entries == EntryAccount(listed=3, files=3)


def test_a_mail_counts_the_entries_of_all_its_archives() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b'Content-Type: application/zip; name="a.zip"\r\n\r\n' + plain_zip({"a.txt": b"x"}) + b"\r\n--b\r\n"
        b'Content-Type: application/zip; name="b.zip"\r\n\r\n' + plain_zip({"b.txt": b"x"}) + b"\r\n--b--\r\n"
    )
    spool = MemorySpool()
    mail = decode_mail(raw, spool)
    assert open_parts(mail, mail.parts, spool).entries == EntryAccount(listed=2, files=2)
