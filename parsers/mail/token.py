"""The Message-IDs of our letters (会话标识): ``<zhengji.{number}.{serial}.{hmac}@domain>``.

The HMAC makes an identifier that nobody can guess who was not sent the letter. That a mail answers a letter of ours is
proved by the letter's exact Message-ID among those that the mail refers to; ``is_token`` tells only, of a letter in our
own sent folder, that it was made with our key.
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


def is_token(secret: bytes, local: str) -> bool:
    """Whether this local part of a Message-ID was made with our key, whichever letter it is."""
    number, _, rest = local.removeprefix(OUR_PREFIX).partition(".")
    serial, _, signed = rest.partition(".")
    if not local.startswith(OUR_PREFIX) or not signed:
        return False
    return hmac.compare_digest(_sign(secret, number, serial).encode(), signed.encode())


def instance_of(secret: bytes) -> str:
    """Return the name that our letters carried before the id of the site did, and carry where there is none."""
    return "zj-" + hashlib.sha256(b"instance" + secret).hexdigest()[:12]


def _safe(text: str) -> str:
    return _SAFE.sub("-", text.lower()) or "-"


def _sign(secret: bytes, number: str, serial: str) -> str:
    message = f"zhengji-message-id\0{number}\0{serial}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:_HMAC_CHARACTERS]
