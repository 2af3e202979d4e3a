"""Whatever the bytes: nothing raises, and damage to one file never costs another."""

# ruff: noqa: E501 - a table of cases reads best with one case to a line

from __future__ import annotations

import hashlib
import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.containers.budget import Budget, Limits
from parsers.containers.entry_names import decode_names, steps_of
from parsers.containers.kinds import KIND_NAMES, KINDS, sniff
from parsers.containers.passwords import MOST_TRIED, find_passwords
from parsers.containers.rar_headers import rar_directory
from parsers.containers.unpack import Found, Unpacked, unpack
from parsers.containers.zip_directory import directory
from parsers.facts.leaf import Leaf
from parsers.facts.spool import MemorySpool
from parsers.look.dispatch import look_at
from parsers.photo.captions import Note, find_captions
from tests.parsers.containers.golden import CASES, bytes_of
from tests.parsers.containers.makers import (
    Item,
    MsgFile,
    MsgMail,
    RarItem,
    TnefFile,
    hand_zip,
    msg,
    plain_zip,
    rar4,
    rar5,
    tar,
    tnef,
)
from tests.parsers.containers.world import context
from tests.sizes import sized

STARTS = [
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh9",
    b"\xfd7zXZ\x00", b"\x78\x9f\x3e\x22\x01\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.4\n/EmbeddedFile", b"From: a\nTo: b\nDate: c\n\n",
    b"<?xml", b"<!--", b"RIFF", b"BM", b"\xff\xfe", b"",
]  # fmt: skip
SMALL = Limits(total_bytes=3_000_000, entry_bytes=1_000_000, ratio_from_bytes=500_000)
CHEAP = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
THOROUGH = settings(CHEAP, max_examples=sized(600, 6_000))


def opened(name: str, data: bytes, passwords: tuple[str, ...] = ()) -> Unpacked:
    spool = MemorySpool()
    unpacked = unpack((Found(name, spool.put(data)),), spool, Budget(SMALL), passwords)
    for leaf in unpacked.leaves:
        content = spool.get(leaf.sha256)
        assert (leaf.size, leaf.name) == (len(content), leaf.path.rpartition("/")[2])
        assert leaf.type in KINDS
        assert not {"", ".", ".."} & set(leaf.path.split("/"))
        assert leaf.path == name or leaf.path.startswith(f"{name}/")
    assert len({leaf.path for leaf in unpacked.leaves}) == len(unpacked.leaves) >= 1
    return unpacked


hostile = st.builds(lambda start, rest: start + rest, st.sampled_from(STARTS), st.binary(max_size=400))


@CHEAP
@given(hostile)
def test_no_bytes_make_the_container_readers_raise(data: bytes) -> None:
    opened("x", data, ("a", "密码"))


@CHEAP
@given(hostile)
def test_every_file_has_exactly_one_kind_with_a_name(data: bytes) -> None:
    assert sniff(data) in KIND_NAMES
    assert sniff(data[:64], data) in KIND_NAMES


@CHEAP
@given(st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.booleans(), st.binary(max_size=20)), max_size=6))
def test_no_names_make_the_decoding_of_names_raise(names: list[tuple[bytes, bool, bytes]]) -> None:
    decoded = decode_names(names)

    assert len(decoded) == len(names)
    for name in decoded:
        steps, _ = steps_of(name)
        assert steps
        assert not any(step in {"", ".", ".."} or "/" in step for step in steps)


@CHEAP
@given(st.dictionaries(st.text("浙江省专精特新优秀案例堃昇镕喆abc123", min_size=1, max_size=12), st.binary(max_size=200), min_size=1, max_size=6), st.sampled_from(["gbk", "utf-8"]))  # fmt: skip
def test_what_goes_into_an_archive_comes_out(files: dict[str, bytes], encoding: str) -> None:
    named = {f"{name}.bin": content for name, content in files.items()}
    archives = {
        "zip": hand_zip(*(Item(name.encode(encoding), content) for name, content in named.items())),
        "tar": tar(named, encoding=encoding),
        "rar4": rar4(*(RarItem(name, content) for name, content in named.items())),
        "rar5": rar5(*(RarItem(name, content, compressed=bool(content)) for name, content in named.items())),
        "tnef": tnef(*(TnefFile(name.encode("gbk"), content) for name, content in named.items())),
        "msg": msg(MsgMail("a", "b", tuple(MsgFile(name, content) for name, content in named.items()))),
    }
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in named.items() if not _opens(content)}
    for kind, archive in archives.items():
        found = {leaf.name: leaf.sha256 for leaf in opened(kind, archive).leaves if leaf.name in expected}
        assert found == expected, kind


def _opens(content: bytes) -> bool:
    return sniff(content) in {"zip", "rar", "7z", "tar", "gz", "bz2", "xz", "eml", "msg", "tnef"}


FILES = {f"文件{letter}.txt": (letter * 900).encode() for letter in string.ascii_lowercase[:8]}
WHOLE = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
DAMAGEABLE = {
    "zip": lambda: plain_zip(FILES),
    "zip-stored": lambda: hand_zip(*(Item(name.encode(), content, 0x800, method=0) for name, content in FILES.items())),
    "rar4": lambda: rar4(*(RarItem(name, content) for name, content in FILES.items())),
    "rar5": lambda: rar5(*(RarItem(name, content) for name, content in FILES.items())),
    "rar5-compressed": lambda: rar5(*(RarItem(name, content, compressed=True) for name, content in FILES.items())),
}


# Each damaged compressed entry is tried a second time with unar, which costs two processes.
ALL_DAMAGEABLE = [pytest.param(kind, marks=pytest.mark.slow if "compressed" in kind else []) for kind in DAMAGEABLE]


@pytest.mark.parametrize("kind", ALL_DAMAGEABLE)
@pytest.mark.parametrize("width", [1, 16])
def test_damage_in_one_place_costs_at_most_the_files_it_touches(kind: str, width: int) -> None:
    """One spot of damage lies in one entry's header or content, or in the directory: at most two neighbours suffer."""
    archive = DAMAGEABLE[kind]()
    chance = random.Random(f"{kind} {width}")
    for _ in range(60):
        at = chance.randrange(8, len(archive) - width)
        damaged = (
            archive[:at]
            + bytes(byte ^ chance.randrange(1, 256) for byte in archive[at : at + width])
            + archive[at + width :]
        )
        sound = {leaf.sha256 for leaf in opened("x", damaged).leaves}
        lost = [name for name, sha256 in WHOLE.items() if sha256 not in sound]
        assert len(lost) <= 2, (at, lost)


@pytest.mark.parametrize("kind", ALL_DAMAGEABLE)
def test_cutting_an_archive_off_loses_only_what_was_cut_and_says_so(kind: str) -> None:
    archive = DAMAGEABLE[kind]()
    for at in range(len(archive) // 10, len(archive) - 30, len(archive) // 17):
        unpacked = opened("x", archive[:at])
        sound = {leaf.sha256 for leaf in unpacked.leaves}
        if set(WHOLE.values()) - sound:
            assert any(problem.code == "archive-damaged" for leaf in unpacked.leaves for problem in leaf.problems)
        # What stands wholly before the cut is there; headers take up less than a hundred bytes each.
        each = len(archive) / len(FILES)
        assert sum(sha256 in sound for sha256 in WHOLE.values()) >= int((at - 200) / (each + 100)) - 1


@pytest.mark.parametrize("kind", ["tnef", "msg", "7z"])
def test_damage_to_other_containers_never_raises(kind: str) -> None:
    archive = next(
        case.make() for case in CASES if case.id == {"tnef": "tnef-long-names", "msg": "msg-in-msg", "7z": "7z"}[kind]
    )
    chance = random.Random(kind)
    for _ in range(60):
        at = chance.randrange(len(archive))
        opened("x", archive[:at] + bytes([chance.randrange(256)]) + archive[at + 1 :])


@CHEAP
@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=40), max_size=4, unique=True))
def test_no_words_make_captions_or_passwords_raise(text: str, names: list[str]) -> None:
    photos = [Leaf(name, name, 1, "0", "jpeg") for name in names]

    found = find_captions(
        photos, [Note("邮件正文", text), Note("报告", text, is_report=True)], dict.fromkeys(names, text)
    )

    assert set(found) <= set(names)
    assert all(caption.text.strip() and caption.source for caption in found.values())
    assert len(find_passwords((text,))) <= MOST_TRIED


@CHEAP
@given(hostile, st.sampled_from(sorted(set(KINDS) - {"pdf", "jpeg", "png", "gif", "bmp", "tiff", "heic", "webp"})))
def test_no_bytes_make_looking_into_a_file_raise(data: bytes, kind: str) -> None:
    look = look_at(data, "文件.doc", kind, MemorySpool(), context())

    assert look.type in KINDS


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("seed", range(sized(4, 20)))
def test_turning_bytes_of_golden_archives_for_long_raises_nothing(seed: int) -> None:
    chance = random.Random(seed)
    makers = [case for case in CASES if len(bytes_of(case)) < 12_000]
    for _ in range(1000):
        case = chance.choice(makers)
        data = bytearray(bytes_of(case))
        for _ in range(chance.choice([1, 1, 2, 5, 20])):
            _turn(data, chance)
        opened(case.name, bytes(data), ("zj2026",) if chance.random() < 0.1 else ())
        directory(bytes(data))
        rar_directory(bytes(data))


def _turn(data: bytearray, chance: random.Random) -> None:
    if not data:
        return
    at = chance.randrange(len(data))
    way = chance.randrange(5)
    if way == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif way == 1:
        data[at : at + 4] = chance.choice(
            [b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"]
        )
    elif way == 2:
        del data[at : at + chance.randrange(1, 50)]
    elif way == 3:
        data[at:at] = data[chance.randrange(len(data)) :][: chance.randrange(60)]
    else:
        data[at:] = b""


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(sized(300, 3_600))
@THOROUGH
@given(hostile)
def test_many_bytes_make_nothing_raise(data: bytes) -> None:
    opened("x", data, ("a",))
