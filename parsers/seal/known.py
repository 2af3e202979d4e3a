"""Corrects what was read on a seal to a name from the lists (印文校正), where the ink itself allows it."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from parsers.names.company import normalise_name
from parsers.seal.name import SealName

SURE = 0.85
"""A name of this confidence is taken for what it says (F03): it is not corrected, and no corrected name reaches it."""
_SEEN = 0.6
"""A letter of this chance was seen: a name that has another letter in its place is another body's."""
_LIKE = 0.75
_APART = 0.12


def correct_seal_name(name: SealName, known: tuple[str, ...]) -> SealName:
    """Return the name of the one known body that is plainly meant; ``raw`` keeps what was read.

    Only letters that the ink left open may change, and at least three quarters of the name must stand. Names of two
    firms may differ in one letter, so a corrected name is never certain, and where a second known name fits nearly
    as well nothing is corrected.
    """
    if name.confidence >= SURE or len(name.text) < 4 or name.text in known:
        return name
    fitting = sorted(
        ((likeness, one) for one in set(known) if (likeness := _likeness(name, one)) >= _LIKE), reverse=True
    )
    if not fitting or (len(fitting) > 1 and fitting[0][0] - fitting[1][0] < _APART):
        return name
    confidence = min(name.confidence, SURE - 0.05)
    return replace(name, text=fitting[0][1], raw=name.text, confidence=round(confidence, 3))


def _likeness(name: SealName, known: str) -> float:
    """Return the share of letters that agree, 0 where a letter that was seen would have to change."""
    wanted = normalise_name(known)
    if len(name.letters) != len(name.text):
        return 0.0
    for edit in Levenshtein.editops(name.text, wanted):
        if edit.tag != "insert" and name.letters[edit.src_pos] >= _SEEN:
            return 0.0
    return float(Levenshtein.normalized_similarity(name.text, wanted))
