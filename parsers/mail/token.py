"""Which letter of ours does a mail answer (会话归属)? A token that only we can make, and the number people quote.

Our Message-IDs read ``<zhengji.{number}.{serial}.{hmac}@domain>``. The HMAC binds submission and letter to the
installation's secret, so a number alone, which anyone can guess, never proves that a mail belongs to a submission.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

OUR_PREFIX = "zhengji."
"""How the local part of every Message-ID of ours begins."""

_HMAC_CHARACTERS = 32
_SAFE = re.compile(r"[^a-z0-9-]")
_TOKEN = re.compile(
    rf"{re.escape(OUR_PREFIX)}([a-z0-9-]{{1,40}})\.([a-z0-9-]{{1,80}})\.([0-9a-f]{{{_HMAC_CHARACTERS}}})(?![0-9a-z])"
)


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


def read_token(secret: bytes, references: tuple[str, ...]) -> str | None:
    """Return the 受理编号 of the newest letter of ours among these Message-IDs; None where none is genuine.

    Tolerates changed case, folding blanks and angle brackets. The last reference is the newest.
    """
    for reference in reversed(references):
        squeezed = re.sub(r"\s+", "", reference).lower()
        for match in _TOKEN.finditer(squeezed[:2000]):
            number, serial, signature = match.groups()
            if hmac.compare_digest(_sign(secret, number, serial), signature):
                return number.upper()
    return None


def is_ours(message_id: str) -> bool:
    """Whether a Message-ID has the form of ours; proves nothing, and needs no secret."""
    return _TOKEN.search(re.sub(r"\s+", "", message_id).lower()) is not None


def find_numbers(text: str, prefix: str) -> tuple[str, ...]:
    """Return the 受理编号 quoted in a subject or text, in order, each once.

    Reads full-width letters and digits, any dash or none, blanks between, and fewer or more leading zeros:
    ``ａｌ２０２６－００４２``, ``AL2026 42`` and ``AL20260042`` all give ``AL2026-0042``.
    """
    plain = unicodedata.normalize("NFKC", text[:200_000]).upper()
    letters = unicodedata.normalize("NFKC", prefix).upper()
    spaced = r"[ \t]{0,2}".join(re.escape(character) for character in letters)
    pattern = re.compile(
        rf"(?<![A-Z0-9]){spaced}(?:[ \t]{{0,3}}[-‐-―−_－~～][ \t]{{0,3}}([0-9]{{1,6}})"
        rf"|[ \t\u3000]{{0,3}}([0-9]{{4,6}}))(?![0-9])"
    )
    found: dict[str, None] = {}
    for match in pattern.finditer(plain):
        found[f"{letters}-{int(match[1] or match[2]):04d}"] = None
    return tuple(found)
