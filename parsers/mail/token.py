"""The Message-IDs of our letters (会话标识): ``<zhengji.{number}.{serial}.{hmac}@domain>``.

The HMAC makes an identifier that nobody can guess who was not sent the letter. Nothing reads it back: that a mail
answers a letter of ours is proved by the letter's exact Message-ID among those that the mail refers to.
"""

from __future__ import annotations

import hashlib
import hmac
import re

OUR_PREFIX = "zhengji."
"""How the local part of every Message-ID of ours begins."""

_HMAC_CHARACTERS = 32
_SAFE = re.compile(r"[^a-z0-9-]")


def make_token(secret: bytes, submission: str, letter: str) -> str:
    """Return the local part of a Message-ID for this letter (``zhengji.al2026-0042.3.9f…``), without ``@domain``.

    ``submission`` is its 受理编号, ``letter`` whatever tells its letters apart. Both are put in lower case, for some
    servers change the case of Message-IDs.
    """
    number, serial = _safe(submission)[:40], _safe(letter)[:80]
    return f"{OUR_PREFIX}{number}.{serial}.{_sign(secret, number, serial)}"


def _safe(text: str) -> str:
    return _SAFE.sub("-", text.lower()) or "-"


def _sign(secret: bytes, number: str, serial: str) -> str:
    message = f"zhengji-message-id\0{number}\0{serial}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:_HMAC_CHARACTERS]
