"""Pictures in letters (信中图片): the crop of the place in question, shrunk so that the letter stays small."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from flows.replies.letter import Attachment

LONG_SIDE = 560
"""Pixels: what a phone shows across, and enough to recognise a field."""

ALL_BYTES = 84_000
"""Bytes of all pictures of one letter before base64; with texts the letter stays under 200 KB."""

MOST_PICTURES = 6

_PIXELS_READ = 40_000_000
_QUALITIES = (72, 55, 40)


@dataclass(frozen=True, slots=True)
class LetterPicture:
    """A picture ready for a letter, with the SHA-256 of the crop it was made from."""

    sha256: str
    attachment: Attachment


def letter_pictures(wanted: tuple[str, ...], crops: Mapping[str, bytes]) -> tuple[LetterPicture, ...]:
    """Return the wanted crops as inline pictures, in order, as many as fit; what cannot be read is left out."""
    made: list[LetterPicture] = []
    room = ALL_BYTES
    for sha256 in wanted:
        if len(made) == MOST_PICTURES or sha256 not in crops:
            continue
        data = shrink(crops[sha256], min(room, ALL_BYTES // 3))
        if data is None:
            continue
        room -= len(data)
        name = f"place-{len(made) + 1}.jpg"
        cid = f"{name.removesuffix('.jpg')}.{sha256[:12]}@zhengji.invalid"
        made.append(LetterPicture(sha256, Attachment(name, "image/jpeg", data, cid, "问题所在位置的图像")))
    return tuple(made)


def shrink(data: bytes, room: int) -> bytes | None:
    """Return the picture as a JPEG of at most ``room`` bytes and ``LONG_SIDE`` pixels; None where that fails."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > _PIXELS_READ:
                return None
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    for quality in _QUALITIES:
        sink = io.BytesIO()
        picture.save(sink, "JPEG", quality=quality)
        if sink.tell() <= room:
            return sink.getvalue()
    return None
