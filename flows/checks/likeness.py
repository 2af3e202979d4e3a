"""Tell distinct photos from the same one sent twice (照片去重).

The hash is made by ``parsers.photo.photo``; comparing two needs none of what that module loads (OpenCV), so it stands
here.
"""

from __future__ import annotations

from store.dossier.dossier import FiledFile


def same_picture(one: str, other: str, bits: int) -> bool:
    """Whether two perceptual hashes (16 hexadecimal digits) are ``bits`` or fewer apart."""
    try:
        return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= bits
    except ValueError:
        return False


def distinct(
    photos: tuple[FiledFile, ...], bits: int
) -> tuple[tuple[FiledFile, ...], tuple[tuple[FiledFile, FiledFile], ...]]:
    """Return the distinct photos, oldest first, and each repeat with the photo it repeats.

    Bytes are compared first, then what the pictures show.
    """
    kept: list[FiledFile] = []
    repeats: list[tuple[FiledFile, FiledFile]] = []
    for photo in photos:
        twin = next((k for k in kept if k.sha256 == photo.sha256 or same_picture(phash(k), phash(photo), bits)), None)
        if twin is None:
            kept.append(photo)
        else:
            repeats.append((photo, twin))
    return tuple(kept), tuple(repeats)


def phash(photo: FiledFile) -> str:
    """Return the photo's perceptual hash; empty where it was not read."""
    return photo.look.picture.phash if photo.look and photo.look.picture else ""
