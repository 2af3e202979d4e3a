"""A child that dies takes nothing along: the mail is read around it, and the next mail by its successor."""

from __future__ import annotations

import hashlib
import socket
import struct
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from parsers.facts.leaf import Role
from parsers.facts.mails import MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import read_message
from parsers.sandbox.pool import Killed, Reader
from tests.parsers.containers import poison
from tests.parsers.containers.makers import ole, plain_zip
from tests.parsers.containers.world import context, form_docx, photo_jpg, report_docx


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("spool"), context(), seconds=60) as made:
        yield made


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path / "spool", context(), seconds=3) as made:
        yield made


def mail(*files: tuple[str, bytes], text: str = "您好，材料见附件。") -> bytes:
    message = EmailMessage()
    message["From"] = "wang@example.cn"
    message["To"] = "cases@example.org"
    message["Subject"] = "申报材料"
    message["Message-ID"] = "<1@example.cn>"
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def roles(reading: MailReading) -> dict[str, Role]:
    return {leaf.leaf.path: leaf.role for leaf in reading.leaves}


def test_a_mail_read_in_a_child_is_the_mail_read_here(reader: Reader) -> None:
    raw = mail(
        ("材料.zip", plain_zip({"推荐表.docx": form_docx(), "照片/车间.jpg": photo_jpg(1)})),
        ("案例报告.docx", report_docx()),
    )

    reading = reader.read(raw)

    assert reading == read_message(raw, MemorySpool(), context())
    assert roles(reading) == {
        "材料.zip/推荐表.docx": Role.FORM,
        "材料.zip/照片/车间.jpg": Role.PHOTO,
        "案例报告.docx": Role.REPORT,
    }
    assert all(
        hashlib.sha256(reader.spool.get(leaf.leaf.sha256)).hexdigest() == leaf.leaf.sha256 for leaf in reading.leaves
    )


def test_a_mail_may_be_given_as_a_file(reader: Reader, tmp_path: Path) -> None:
    raw = mail(("推荐表.docx", form_docx()))
    path = tmp_path / "mail.eml"
    path.write_bytes(raw)

    assert reader.read(path) == reader.read(raw)


def test_an_archive_from_disk_is_read_to_the_bottom(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "材料.zip"
    path.write_bytes(plain_zip({"推荐表.docx": form_docx(), "说明.txt": "照片说明".encode()}))

    reading = reader.read_file(path)

    assert (reading.leaf.type, reading.leaf.name) == ("zip", "材料.zip")
    assert [(leaf.leaf.path, leaf.role) for leaf in reading.leaves] == [
        ("材料.zip/推荐表.docx", Role.FORM),
        ("材料.zip/说明.txt", Role.OTHER),
    ]


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (poison.crash, "reader-killed"),
        (poison.gorge, "reader-memory"),
        pytest.param(poison.hang, "reader-timeout", marks=pytest.mark.slow),
    ],
)
def test_a_child_that_dies_is_told_and_replaced(strict: Reader, task: object, code: str) -> None:
    with pytest.raises(Killed) as killed:
        strict._call(task)

    assert killed.value.problem.code == code
    assert strict._call(poison.ok) == "ok"


@pytest.mark.slow
def test_a_child_that_burns_time_or_fills_the_disk_is_stopped(strict: Reader, tmp_path: Path) -> None:
    with pytest.raises(Killed) as burnt:
        strict._call(poison.burn)
    with pytest.raises(Killed) as filled:
        strict._call(poison.scribble, tmp_path)

    assert burnt.value.problem.code in {"reader-timeout", "reader-killed"}
    assert (filled.value.problem.code, filled.value.problem.message) == (
        "reader-failed",
        "读取时出错（OSError），已中止。",
    )
    assert (tmp_path / "large").stat().st_size == 1000
    assert strict._call(poison.ok) == "ok"


def test_a_child_has_no_network(reader: Reader) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        answer = reader._call(poison.call_home, server.getsockname()[1])

    # What another program of a child reaches is the system's to forbid; some systems do not let us ask for it.
    assert answer == f"PermissionError PermissionError PermissionError {'OSError' if _may_leave() else 'reached'}"


def _may_leave() -> bool:
    """Whether this system lets a process leave the network, as it is or in a user's name of its own."""
    ways = (["unshare", "--net", "true"], ["unshare", "--user", "--net", "true"])
    return any(subprocess.run(way, capture_output=True, check=False).returncode == 0 for way in ways)


def test_one_poisonous_file_costs_only_itself(tmp_path: Path) -> None:
    raw = mail(
        ("推荐表.docx", form_docx()),
        ("毒.xls", _xls_that_aborts()),
        ("材料.zip", plain_zip({"案例报告.docx": report_docx(), "照片1.jpg": photo_jpg(2)})),
        ("好.zip", plain_zip({"a.txt": b"x"})),
        text="照片1：智能车间。",
    )

    with Reader(tmp_path / "spool", context(), seconds=60, memory_bytes=1200 << 20) as narrow:
        reading = narrow.read(raw)

    assert roles(reading) == {
        "推荐表.docx": Role.FORM,
        "毒.xls": Role.UNREADABLE,
        "材料.zip/案例报告.docx": Role.REPORT,
        "材料.zip/照片1.jpg": Role.PHOTO,
        "好.zip/a.txt": Role.OTHER,
    }
    poisonous = next(leaf for leaf in reading.leaves if leaf.role is Role.UNREADABLE)
    assert poisonous.look is not None
    assert [(problem.code, problem.where) for problem in poisonous.look.problems] == [("reader-killed", "毒.xls")]
    assert reading.subject == "申报材料"
    assert next(leaf.caption for leaf in reading.leaves if leaf.role is Role.PHOTO) == "智能车间"


@pytest.mark.slow
def test_a_mail_of_many_poisonous_files_comes_to_an_end(tmp_path: Path) -> None:
    poisons = tuple((f"{number}.xls", _xls_that_aborts() + bytes([number])) for number in range(8))

    with Reader(tmp_path / "spool", context(), seconds=60, memory_bytes=1200 << 20) as narrow:
        reading = narrow.read(mail(("推荐表.docx", form_docx()), *poisons))

    assert [(leaf.role, leaf.look and [problem.code for problem in leaf.look.problems]) for leaf in reading.leaves] == [
        (Role.FORM, []),
        *[(Role.UNREADABLE, ["reader-killed"])] * 5,
        *[(Role.UNREADABLE, ["reader-given-up"])] * 3,
    ]


def _xls_that_aborts() -> bytes:
    """Return a workbook of two cells in opposite corners: its reader wants 540 MB for the rectangle and aborts."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<2H", kind, len(body)) + body

    bof = record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    sheets = 1
    listing, place = b"", 0
    sheet = (
        record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0))
        + record(0x200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0))
        + record(0x203, struct.pack("<3Hd", 0, 0, 0, 1.0))
        + record(0x203, struct.pack("<3Hd", 65535, 255, 0, 1.0))
        + record(0x0A, b"")
    )
    for _ in range(2):
        listing = b"".join(
            record(0x85, struct.pack("<IBBBB", place + number * len(sheet), 0, 0, 2, 0) + b"S%d" % number)
            for number in range(sheets)
        )
        place = len(bof) + len(listing) + 4
    return ole({"Workbook": bof + listing + record(0x0A, b"") + sheet})


def test_a_mail_that_cannot_be_read_at_all_is_kept_with_the_reason(tmp_path: Path) -> None:
    raw = mail(("推荐表.docx", bytes(1 << 20)))
    with Reader(tmp_path / "spool", context(), memory_bytes=32 << 20) as starved:
        reading = starved.read(raw)

    assert (reading.sha256, reading.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert [problem.code for problem in reading.problems] == ["reader-memory"]
