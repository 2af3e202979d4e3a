"""Frozen letters: every byte comes back, what many enclose lies there once, and a damaged one is never handed out."""

from __future__ import annotations

import base64
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.replies.letter import Attachment, Letter, LetterKind
from flows.replies.mime import to_bytes
from store.blobs.folder import FolderBlobs as Blobs
from store.frozen import ENCLOSED_BYTES, DamagedLetter, freeze, thaw

PACK = random.Random(1).randbytes(2_000_000)
PICTURE = Attachment("图.png", "image/png", random.Random(2).randbytes(9_000), content_id="place-1")


def letter(to: str, *files: Attachment) -> bytes:
    made = Letter(LetterKind.TEMPLATES, "", f"{to}@firm.example", "附件", "文字\n" * 9000, "<p>文字</p>", files)
    sent = datetime(2026, 5, 8, tzinfo=UTC)
    return to_bytes(made, sender="us@x.example", sender_name="", message_id="<1@x>", date=sent, instance_id="z")


def pack(name: str = "汇编.pdf", data: bytes = PACK) -> Attachment:
    return Attachment(name, "application/pdf", data)


def kept(blobs: Blobs) -> int:
    return sum(path.stat().st_size for path in blobs.folder.rglob("*") if path.is_file())


def test_a_pack_that_goes_to_forty_people_is_kept_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    letters = [letter(f"a{number}", PICTURE, pack()) for number in range(40)]
    frozen = [freeze(blobs, raw) for raw in letters]
    assert [thaw(blobs, one) for one in frozen] == letters
    assert [len(one.enclosed) for one in frozen] == [2] * 40
    words = sum(len(letter(f"a{number}")) for number in range(40))
    assert len(PACK) < kept(blobs) < len(PACK) + words * 1.2


def test_a_letter_without_files_is_kept_whole_and_so_is_a_long_text(tmp_path: Path) -> None:
    blobs, raw = Blobs(tmp_path), letter("a")
    frozen = freeze(blobs, raw)
    assert (frozen.enclosed, frozen.frame_sha256, len(raw) > 50_000) == ((), frozen.raw_sha256, True)
    assert blobs.read(frozen.raw_sha256) == raw


@pytest.mark.parametrize("size", [ENCLOSED_BYTES - 1, ENCLOSED_BYTES, ENCLOSED_BYTES + 1, 0])
def test_files_around_the_limit_come_back(tmp_path: Path, size: int) -> None:
    blobs, raw = Blobs(tmp_path), letter("a", pack(data=PACK[:size]), pack("二.pdf", PACK[: size * 2]))
    frozen = freeze(blobs, raw)
    assert thaw(blobs, frozen) == raw
    assert len(frozen.enclosed) == (size >= ENCLOSED_BYTES) + (size * 2 >= ENCLOSED_BYTES)


def wrapped(text: bytes, columns: int, end: bytes) -> bytes:
    return end.join(text[place : place + columns] for place in range(0, len(text), columns)) + end


@pytest.mark.parametrize(
    "make",
    [
        lambda text: wrapped(text, 72, b"\r\n"),
        lambda text: wrapped(text, 76, b"\n"),
        lambda text: text,
        lambda text: wrapped(text, 76, b"\r\n") + b"\r\n",
        lambda text: wrapped(text[:-3] + b"@@@", 76, b"\r\n"),
        lambda text: wrapped(text[:-1], 76, b"\r\n"),
    ],
)
def test_what_is_written_in_another_manner_stays_in_the_frame(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    """Staff's paragraph goes through another writer of mails; none of its manners may cost a byte."""
    head = b"A: b\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n"
    raw = head + make(base64.b64encode(PACK[:9000])) + b"\r\n--x--\r\n"
    blobs = Blobs(tmp_path)
    assert thaw(blobs, freeze(blobs, raw)) == raw


@given(
    st.lists(
        st.sampled_from(
            [
                b"\r\n",
                b"--x",
                b"Content-Disposition: attachment",
                b"content-transfer-encoding: base64",
                b"\r\n\r\n",
                b"\r\n--",
                base64.encodebytes(PACK[:6000]).replace(b"\n", b"\r\n"),
                b"\x00\xff",
                b"=",
            ]
        ),
        max_size=30,
    )
)
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    blobs, raw = Blobs(tmp_path_factory.mktemp("b")), b"".join(pieces)
    assert thaw(blobs, freeze(blobs, raw)) == raw


def test_a_letter_whose_bytes_are_gone_or_changed_is_refused_with_the_cure(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    frozen = freeze(blobs, letter("a", pack()))
    changed = replace(frozen, enclosed=((frozen.enclosed[0][0], blobs.put(b"another pack")),))
    with pytest.raises(DamagedLetter, match="已损坏，请从备份恢复原件库"):
        thaw(blobs, changed)
    blobs.path(frozen.enclosed[0][1]).unlink()
    with pytest.raises(DamagedLetter, match="缺失，请从备份恢复原件库"):
        thaw(blobs, frozen)
