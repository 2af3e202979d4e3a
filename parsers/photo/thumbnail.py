"""Small copies of photos (缩略图) for the screens of staff."""

from __future__ import annotations

import io

from parsers.photo.photo import as_seen, open_picture

_SIDE = 360


def thumbnail(data: bytes) -> bytes:
    """Return the picture as a JPEG of at most 360 pixels a side, upright and without EXIF; empty where it won't open.

    Only for pictures that a child with limits has looked at before: this runs in the caller's process.
    """
    try:
        with open_picture(data) as picture:
            picture.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            small = as_seen(picture)
            small.thumbnail((_SIDE, _SIDE))
            # What the file says besides its pixels (EXIF, XMP) stays behind.
            small.info.clear()
            out = io.BytesIO()
            small.save(out, "JPEG", quality=72)
            return out.getvalue()
    except Exception:  # noqa: BLE001 - a picture that cannot be shown small is named without a picture
        return b""
