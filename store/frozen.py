"""The frozen bytes of a letter (定稿): kept in the blobs, what is enclosed with many letters once.

A letter is kept as its frame, which is the whole mail without the files that it encloses, and for each of these the
place in the frame where it stands and its hash. Put together again, every byte is as it was: the hash of the whole is
kept beside them and is proved each time, so a letter that a damaged disk changed is never sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from store.blobs.protocol import Blobs, DamagedBlob

ENCLOSED_BYTES = 4096
"""A file from this size on is kept by itself; a smaller one stays in the frame."""

_DISPOSITION = re.compile(rb"^content-disposition:", re.IGNORECASE | re.MULTILINE)
_BASE64 = re.compile(rb"^content-transfer-encoding:\s*base64\s*$", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD, _BOUNDARY = b"\r\n\r\n", b"\r\n--"


class DamagedLetter(Exception):  # noqa: N818 - it says what is found
    """The bytes of a letter are gone or are not those that were frozen. The message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Where the bytes of a letter lie."""

    raw_sha256: str
    """Of the whole mail as it goes out."""
    frame_sha256: str
    """Of the mail without what it encloses; the same where it encloses nothing large."""
    enclosed: tuple[tuple[int, str], ...] = ()
    """Place in the frame and hash of each file that was taken out of it, in order; it stands there in base64."""


def freeze(blobs: Blobs, raw: bytes) -> Frozen:
    """Keep the bytes of a letter and return where they lie."""
    pieces, enclosed, place, kept = [], [], 0, 0
    for start, end, data in _files(raw):
        pieces.append(raw[kept:start])
        place += start - kept
        enclosed.append((place, blobs.put(data)))
        kept = end
    pieces.append(raw[kept:])
    return Frozen(hashlib.sha256(raw).hexdigest(), blobs.put(b"".join(pieces)), tuple(enclosed))


def thaw(blobs: Blobs, frozen: Frozen) -> bytes:
    """Return the bytes of a letter; ``DamagedLetter`` where they are not the ones that were frozen."""
    try:
        frame = blobs.read(frozen.frame_sha256)
        pieces, kept = [], 0
        for place, sha256 in frozen.enclosed:
            pieces += [frame[kept:place], _encoded(blobs.read(sha256))]
            kept = place
    except DamagedBlob as error:
        raise DamagedLetter(_damaged(frozen)) from error
    except KeyError as error:
        sentence = f"回信的定稿 {frozen.raw_sha256[:12]} 缺失，请从备份恢复原件库后重试。"
        raise DamagedLetter(sentence) from error
    raw = b"".join((*pieces, frame[kept:]))
    if hashlib.sha256(raw).hexdigest() != frozen.raw_sha256:
        raise DamagedLetter(_damaged(frozen))
    return raw


def _damaged(frozen: Frozen) -> str:
    return f"回信的定稿 {frozen.raw_sha256[:12]} 已损坏，请从备份恢复原件库后重试。"


def _files(raw: bytes) -> list[tuple[int, int, bytes]]:
    """Return where each large enclosed file stands in the mail, and the file."""
    found = []
    for named in _DISPOSITION.finditer(raw):
        start = raw.find(_END_OF_HEAD, named.end())
        head = raw[raw.rfind(_BOUNDARY, 0, named.start()) : start]
        end = raw.find(_BOUNDARY, start + len(_END_OF_HEAD))
        if start < 0 or end < 0 or not _BASE64.search(head):
            continue
        start += len(_END_OF_HEAD)
        body = raw[start:end]
        try:
            data = base64.b64decode(body)
        except binascii.Error:
            continue
        # Only what comes out again byte for byte may be taken out.
        if len(data) >= ENCLOSED_BYTES and _encoded(data) == body:
            found.append((start, end, data))
    return found


def _encoded(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
