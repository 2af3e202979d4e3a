"""A locked archive is opened with the password that stands in its own name, another file's name or a note beside it."""

from __future__ import annotations

import pytest

from parsers.containers.budget import Budget
from parsers.containers.unpack import Found, unpack
from parsers.facts.spool import MemorySpool
from tests.parsers.containers.makers import hand_zip, locked_item, plain_zip

LOCKED = hand_zip(locked_item("推荐表.pdf".encode(), b"%PDF-1.4 form", b"zj2026"))


def opened(files: dict[str, bytes]) -> set[str]:
    spool = MemorySpool()
    found = tuple(Found(name, spool.put(data), name) for name, data in files.items())
    return {leaf.path for leaf in unpack(found, spool, Budget()).leaves}


@pytest.mark.parametrize(
    "files",
    [
        {"申报材料（密码zj2026）.zip": LOCKED},
        {"申报材料.zip": LOCKED, "解压密码.txt": b"zj2026"},
        {"申报材料.zip": LOCKED, "说明.txt": "解压前请输入 zj2026".encode("gbk")},
        {"申报材料.zip": LOCKED, "密码是zj2026.txt": b""},
        {"全部.zip": plain_zip({"申报材料.zip": LOCKED, "密码.txt": b"zj2026"})},
    ],
    ids=["its own name", "a note", "a note in words", "a name of a note", "inside an archive"],
)
def test_it_is_opened(files: dict[str, bytes]) -> None:
    assert any(path.endswith("/推荐表.pdf") for path in opened(files))


def test_a_wrong_word_beside_it_leaves_it_shut() -> None:
    assert opened({"申报材料.zip": LOCKED, "密码.txt": b"other1"}) == {"申报材料.zip", "密码.txt"}
