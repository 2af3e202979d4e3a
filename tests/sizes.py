"""How large a proof is (证明的大小): reduced beside every change, full where bench/proofs.py asks for it."""

from __future__ import annotations

import os

FULL = os.environ.get("ZHENGJI_PROOFS") == "full"


def sized(reduced: int, full: int) -> int:
    """Return how often to try: ``reduced`` in ``make proofs``, ``full`` in ``bench/proofs.py``."""
    return full if FULL else reduced
