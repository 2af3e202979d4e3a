"""What a reader may know besides the bytes (读取背景)."""

from __future__ import annotations

from dataclasses import dataclass

from config.call import Call


@dataclass(frozen=True, slots=True)
class ReadContext:
    """The call whose papers we expect, and the names that may be taken for corrections.

    ``known_names`` are full names of enterprises and recommenders from the lists: OCR slips may be corrected to
    them, and the correction is shown. ``ocr`` false leaves scanned pages unread (fast tests, ``bench``).
    ``trusted_authserv`` names receiving servers whose Authentication-Results are believed (RFC 8601, authserv-id).
    ``remembers`` is a folder for what was read before (``parsers.look.cache``); empty for none.
    """

    call: Call
    known_names: tuple[str, ...] = ()
    ocr: bool = True
    remembers: str = ""
    trusted_authserv: tuple[str, ...] = ()
