"""Tell distinct photos from the same one sent twice (照片去重): certainly by bytes, likely by what they show.

Only equal bytes are certainly the same photo. Pictures that look alike are left to people: two products photographed on
white have nearly the same outline, and a small copy compared point by point cannot tell two of one series apart, whose
label alone differs (docs/thresholds.md). The hash is made by ``parsers.photo.photo``; comparing two needs none of what
that module loads (OpenCV), so it stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.dossier.dossier import FiledFile

ALIKE_BITS = 8
"""Bits of the perceptual hash, of 64, up to which two photos look alike: enough to ask a person, never to count one."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Photos compared with one another, oldest first."""

    kept: tuple[FiledFile, ...]
    """Each photo but those that certainly repeat another one."""
    repeats: tuple[tuple[FiledFile, FiledFile], ...]
    """A photo and the one that it certainly repeats."""
    alike: tuple[tuple[FiledFile, FiledFile], ...]
    """Two photos that were kept and look alike: whether they are one, a person should see."""


def distinct(photos: tuple[FiledFile, ...]) -> Distinct:
    """Compare photos: bytes first, then what the pictures show."""
    kept: list[FiledFile] = []
    repeats: list[tuple[FiledFile, FiledFile]] = []
    alike: list[tuple[FiledFile, FiledFile]] = []
    for photo in photos:
        twin = next((one for one in kept if one.sha256 == photo.sha256), None)
        if twin is not None:
            repeats.append((photo, twin))
            continue
        like = next((one for one in kept if look_alike(phash(one), phash(photo))), None)
        if like is not None:
            alike.append((photo, like))
        kept.append(photo)
    return Distinct(tuple(kept), tuple(repeats), tuple(alike))


def look_alike(one: str, other: str) -> bool:
    """Whether two perceptual hashes (16 hexadecimal digits) are ``ALIKE_BITS`` or fewer apart."""
    try:
        return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE_BITS
    except ValueError:
        return False


def phash(photo: FiledFile) -> str:
    """Return the photo's perceptual hash; empty where it was not read."""
    return photo.look.picture.phash if photo.look and photo.look.picture else ""
