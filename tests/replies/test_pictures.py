"""Crops become small pictures, and a letter with pictures stays under 200 KB."""

import io

import numpy as np
from PIL import Image

from flows.replies.compose import compose
from flows.replies.letter import LetterKind
from flows.replies.mime import to_bytes
from flows.replies.pictures import ALL_BYTES, LONG_SIDE, MOST_PICTURES, letter_pictures, shrink
from store.dossier.finding import Evidence
from tests.checks.dossiers import cases_2026
from tests.replies import findings as f
from tests.replies.situations import MANY, NOW


def noise(width: int, height: int, seed: int = 1) -> bytes:
    """A picture that no encoder can make small."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    sink = io.BytesIO()
    Image.fromarray(pixels).save(sink, "PNG")
    return sink.getvalue()


def plain(width: int, height: int) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (width, height), (250, 240, 240)).save(sink, "PNG")
    return sink.getvalue()


def test_a_large_crop_is_shrunk_and_a_small_one_keeps_its_size() -> None:
    large, small = shrink(plain(2000, 900), ALL_BYTES), shrink(plain(300, 90), ALL_BYTES)
    assert large is not None
    assert small is not None
    assert Image.open(io.BytesIO(large)).size == (LONG_SIDE, 252)
    assert Image.open(io.BytesIO(small)).size == (300, 90)


def test_what_is_no_picture_or_too_heavy_is_left_out() -> None:
    assert shrink(b"not a picture", ALL_BYTES) is None
    assert shrink(plain(300, 90)[:60], ALL_BYTES) is None
    assert shrink(noise(560, 560), 2_000) is None


def test_pictures_stay_within_their_room_and_number() -> None:
    crops = {str(n): noise(700, 220, n) for n in range(9)}
    made = letter_pictures(tuple(crops), crops)
    assert 0 < len(made) <= MOST_PICTURES
    assert sum(len(picture.attachment.data) for picture in made) <= ALL_BYTES
    assert len({picture.attachment.content_id for picture in made}) == len(made)


def test_a_letter_with_many_files_findings_and_pictures_stays_under_200_kb() -> None:
    crops = {f"{n:064x}": noise(900, 300, n) for n in range(8)}
    found = tuple(
        f.lacks("P02", f"照片“{'长' * 60}{n}.jpg”没有内容概要", "请写一句内容概要。" * 8, "长" * 100, "第1页", str(n))
        for n in range(40)
    )
    shown = tuple(
        type(x)(x.code, x.verdict, x.message, x.defect, x.cure, x.item, (Evidence("a.pdf", place="第1页", crop=crop),))
        for x, crop in zip(found, crops, strict=False)
    )
    letter = compose(LetterKind.DEFICIENT, MANY, shown + found, cases_2026(), NOW, pictures=crops)
    raw = to_bytes(
        letter, sender="a@example.org", sender_name="分会", message_id="<m@example.org>", date=NOW, instance_id="zj"
    )
    assert 150_000 < len(raw) < 200_000
    for picture in letter.attachments:
        assert f"cid:{picture.content_id}" in letter.html


def test_a_letter_with_a_hundred_defects_names_them_all_and_stays_under_200_kb() -> None:
    found = tuple(
        f.lacks(
            "P02", f"照片“{'长' * 30}{n}.jpg”没有内容概要", "请写一句内容概要。", f"{'长' * 30}{n}.jpg", item=str(n)
        )
        for n in range(100)
    )
    letter = compose(LetterKind.DEFICIENT, MANY, found, cases_2026(), NOW)
    raw = to_bytes(
        letter, sender="a@example.org", sender_name="分会", message_id="<m@example.org>", date=NOW, instance_id="zj"
    )
    assert len(raw) < 200_000
    assert all(x.defect in "".join(letter.text.split()) and x.defect in "".join(letter.html.split()) for x in found)


def test_a_crop_that_is_not_at_hand_leaves_no_hole() -> None:
    found = f.NO_SEAL
    lost = type(found)(
        found.code, found.verdict, found.message, found.defect, found.cure, "", (Evidence("a.pdf", crop="9" * 64),)
    )
    letter = compose(LetterKind.DEFICIENT, MANY, (lost,), cases_2026(), NOW, pictures={})
    assert ("<img" in letter.html, letter.attachments) == (False, ())
