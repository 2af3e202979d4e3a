"""What the name of a heading means (章节名的含义): which part of the report it announces, and how plainly.

A grammar, not a list: Chinese puts the head noun last, so a heading is cut at its joiners (与 及 和 、) and each piece
is judged by the noun it ends with and by what stands before it: 企业概况, 公司基本情况, 主要做法与成效, 启示与思考.
The names that the notice itself uses come from the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from parsers.report.part_words import ASIDE, ENDS, INSIGHT, INTRO, OVERVIEW, PLAIN, PRACTICE, TWO_READINGS, WORDS

ORDER = (INTRO, OVERVIEW, PRACTICE, INSIGHT)
"""The parts in the order in which a report has them."""


class Strength(IntEnum):
    """How plainly a heading names a part (名称把握)."""

    NONE = 0
    HINT = 1
    """A word of that part stands somewhere in it."""
    WEAK = 2
    """It ends in a noun of that part, after words we do not know."""
    PLAIN = 3
    """Nothing else could be meant."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading may announce: part key to strength. ``aside`` is matter outside the parts (附录, 参考文献)."""

    strengths: dict[str, Strength] = field(default_factory=dict)
    aside: bool = False

    def of(self, part: str) -> Strength:
        """Return how plainly it names this part."""
        return self.strengths.get(part, Strength.NONE)

    @property
    def plain(self) -> str:
        """The one part that it plainly names; empty where none, or several."""
        named = [part for part, strength in self.strengths.items() if strength is Strength.PLAIN]
        return named[0] if len(named) == 1 and len(self.strengths) == 1 else ""

    @property
    def combined(self) -> bool:
        """Whether it announces two parts at once (背景与概况)."""
        return len([part for part, strength in self.strengths.items() if strength >= Strength.WEAK]) > 1


_PLAIN_RULES = {part: re.compile("|".join(f"(?:{rule})" for rule in rules)) for part, rules in PLAIN.items()}
_WORD_RULES = {part: re.compile("|".join(map(re.escape, words))) for part, words in WORDS.items()}
_ASIDE_RULE = re.compile(ASIDE)
_EITHER_RULES = tuple((re.compile(rule), parts) for rule, parts in TWO_READINGS)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_JOINER = re.compile(r"以及|[与及和、/／暨&＆＋+，,·•]")
_SPACES = re.compile(r"\s+")
_BEFORE = r"\s【\[「『〔《<＜（(◆■●▲★☆□○◇▶►➤※·•\-—－=~～|丨#*"
_AFTER = r"\s】\]」』〕》>＞）)◆■●▲★☆□○◇◀◄※：:。．.;；!！…\-—－=~～|丨#*"
_DECORATION = re.compile(rf"^[{_BEFORE}]+|[{_AFTER}]+$")
_GLOSS = re.compile(r"[（(][^（）()]{0,40}[）)]$")
_SPLIT = re.compile(r"[：:]|——|—|--|｜|\||　|\s")
_LONGEST = 60


def bare(text: str) -> str:
    """Return a heading without decoration, gloss in brackets and blanks: ``【引  言】`` becomes ``引言``."""
    text = text[: 2 * _LONGEST].strip()
    text = _GLOSS.sub("", text) or text
    return _SPACES.sub("", _DECORATION.sub("", text))


@lru_cache(maxsize=4096)
def meaning(text: str, own: tuple[tuple[str, str], ...] = (), firms: tuple[str, ...] = ()) -> Meaning:
    """Return what a heading means.

    ``own`` are the call's names for its parts as (part, name) pairs, each name ``bare``. ``firms`` are names of the
    applicant, which count as 企业. The text comes without its number.
    """
    if len(text) > _LONGEST or not _HAN.search(text):
        return Meaning()
    whole = bare(text)
    for firm in firms:
        whole = whole.replace(firm, "企业")
    if not whole or _ASIDE_RULE.fullmatch(whole):
        return Meaning(aside=bool(whole))
    pieces = [bare(piece) for piece in _SPLIT.split(_DECORATION.sub("", text.strip()))]
    best: dict[str, Strength] = _judged(whole, own)
    if max(best.values(), default=Strength.NONE) < Strength.PLAIN:
        # 企业概况：三十年磨一剑, or the other way round: a piece may name the part plainly.
        for piece in pieces:
            judged = _judged(piece, own) if len(piece) > 1 else {}
            if len([part for part in judged if judged[part] is Strength.PLAIN]) == 1:
                return Meaning({part: rank for part, rank in judged.items() if rank is Strength.PLAIN})
    if max(best.values(), default=Strength.NONE) is Strength.PLAIN:
        best = {part: rank for part, rank in best.items() if rank >= Strength.WEAK}
    return Meaning(best)


def stems(text: str) -> frozenset[str]:
    """Return the parts of which any word stands in the text, for the question whether a part is really absent."""
    return frozenset(part for part, words in WORDS.items() if any(word in text for word in words))


def _judged(text: str, own: tuple[tuple[str, str], ...]) -> dict[str, Strength]:
    """Judge one heading or piece of it: whole against the rules, else joined piece by piece."""
    for rule, parts in _EITHER_RULES:
        if rule.fullmatch(text):
            return dict.fromkeys(parts, Strength.WEAK)
    for part, name in own:
        if text in {name, name + "部分", name + "篇"}:
            return {part: Strength.PLAIN}
    plain = [part for part in ORDER if _PLAIN_RULES[part].fullmatch(text)]
    if len(plain) == 1:
        return {plain[0]: Strength.PLAIN}
    if plain:
        return dict.fromkeys(plain, Strength.WEAK)
    return _joined(text, own) or _hinted(text)


def _joined(text: str, own: tuple[tuple[str, str], ...]) -> dict[str, Strength]:
    """Judge the pieces between joiners; what only hints makes the whole no more than weak."""
    pieces = [piece for piece in _JOINER.split(text) if piece]
    if not 1 < len(pieces) <= 5:
        return {}
    judged = [_judged(piece, own) for piece in pieces]
    joined: dict[str, Strength] = {}
    for found in judged:
        for part, strength in found.items():
            joined[part] = max(strength, joined.get(part, Strength.NONE))
    whole = all(max(found.values(), default=Strength.NONE) >= Strength.WEAK for found in judged)
    return joined if whole else {part: min(rank, Strength.WEAK) for part, rank in joined.items()}


def _hinted(text: str) -> dict[str, Strength]:
    hinted = {part: Strength.HINT for part in ORDER if _WORD_RULES[part].search(text)}
    ends = {
        part: max(len(end) for end in found if text.endswith(end))
        for part, found in ENDS.items()
        if text.endswith(found)
    }
    if ends:
        longest = max(ends.values())
        hinted |= {part: Strength.WEAK for part, length in ends.items() if length == longest}
    return hinted
