"""Decides on the letters of a seal's name (印文逐字判定) from many readings of its unrolled ring.

The letters of a seal stand at equal distances. So the readings are laid on one grid: each slot is a letter, and
what each reading says of a slot counts, also where its own best path skipped it. Words that names are made of
decide where the ink left a letter open; the confidence stays that of the ink.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parsers.page.ocr import SIMPLER
from parsers.seal.words import ENDINGS, STARTS, TRADES

Chances = NDArray[Any]

_HALF = 0.42
"""A slot reaches this share of the distance between letters to either side."""
_UNSEEN = 0.008
"""What a letter counts that no reading saw."""
_NOTHING = 0.005
"""Below this chance a slot holds no letter; two such slots, and the letters are on no grid."""
_MOST = 40
"""No ring holds more letters."""
_LETTER = re.compile(r"[\u4e00-\u9fff（）()·]")


@dataclass(frozen=True, slots=True)
class Letters:
    """A name letter by letter: ``chances`` are what the ink alone says for each."""

    text: str
    chances: tuple[float, ...]
    even: bool
    """Whether the letters stood at equal distances, so that none can be missing between them."""
    rival: float = 0.0
    """The highest chance that any slot gives to another letter than the one chosen."""

    @property
    def weakest(self) -> float:
        """The chance of the letter that was seen worst; 0 for no letters."""
        return min(self.chances, default=0.0)

    @property
    def mean(self) -> float:
        """The mean chance of the letters; 0 for none."""
        return float(np.mean(self.chances)) if self.chances else 0.0


class Alphabet:
    """The engine's letters as far as names need them: foreign signs are left out, traditional letters made simple.

    ``letters`` are the engine's own, column by column; the first column is no letter.
    """

    def __init__(self, letters: tuple[str, ...]) -> None:
        self.columns = np.array([column for column, letter in enumerate(letters) if _LETTER.fullmatch(letter)])
        self.letters = [letters[column] for column in self.columns]
        place = {letter: index for index, letter in enumerate(self.letters)}
        pairs = [(place[old], place[letter]) for old in place if (letter := old.translate(SIMPLER)) in place]
        self._old = np.array([old for old, new in pairs if old != new], dtype=int)
        self._new = np.array([new for old, new in pairs if old != new], dtype=int)
        self.ends = [self._word(word, place) for word in ENDINGS]
        self.starts = [self._word(word, place) for word in STARTS]
        self.words = [self._word(word, place) for word in TRADES]

    def simple(self, steps: Chances) -> Chances:
        """Return the chances of our letters, a row for each step."""
        found: Chances = np.asarray(steps[:, self.columns], dtype=np.float32)
        np.add.at(found.T, self._new, found.T[self._old])
        found[:, self._old] = 0
        return found

    @staticmethod
    def _word(word: str, place: dict[str, int]) -> NDArray[np.int_]:
        return np.array([place.get(letter, -1) for letter in word])


_SURE = 0.5
_LEAST = 0.12
"""A slot at either end belongs to the name from about this chance on."""
_BONUS = {2: 1.2, 3: 2.0, 4: 2.6}
_START_BONUS = 2.4
_END_BONUS = 4.5


def decide(readings: list[Chances], alphabet: Alphabet) -> Letters:
    """Return the name that the readings of one strip give together; each is steps × letters of the engine."""
    steps = [alphabet.simple(reading) for reading in readings]
    paths = [_path(reading, ours) for reading, ours in zip(readings, steps, strict=True)]
    grid = _grid(paths)
    if grid is None:
        return _voted(paths, alphabet)
    start, pitch, first, last = grid
    # One more slot at either end: a letter there may be faint, or covered by another seal's ink.
    slots = [
        number
        for number in range(first - 1, last + 2)
        if first <= number <= last or 0.3 * pitch < start + number * pitch < 1 - 0.3 * pitch
    ]
    seen = np.stack([_slot(steps, start + number * pitch, pitch) for number in slots])
    chosen = _best_run(seen, alphabet, slots.index(first), slots.index(last))
    if sum(float(seen[slot, letter]) < _NOTHING for slot, letter in chosen) > 1:
        return _voted(paths, alphabet)
    text = "".join(alphabet.letters[letter] for _, letter in chosen)
    chances = tuple(round(float(seen[slot, letter]), 3) for slot, letter in chosen)
    return Letters(text, chances, even=True, rival=_rival(seen, chosen))


def _path(reading: Chances, ours: Chances) -> list[tuple[int, float, float]]:
    """Return the letters of a reading's own best path: index, chance, and place as share of the strip."""
    best = ours.argmax(axis=1)
    height = ours.max(axis=1)
    blank = reading[:, 0] >= height
    count = len(reading)
    found: list[tuple[int, float, float]] = []
    step = 0
    while step < count:
        end = step
        while end < count and blank[end] == blank[step] and (blank[step] or best[end] == best[step]):
            end += 1
        if not blank[step] and float(height[step:end].max()) > 0.02:
            found.append((int(best[step]), float(height[step:end].max()), (step + end) / 2 / count))
        step = end
    return found


def _grid(paths: list[list[tuple[int, float, float]]]) -> tuple[float, float, int, int] | None:
    """Return where slot 0 stands, the distance of slots, and the first and last slot that enough readings saw."""
    sure = [np.array([place for _, chance, place in path if chance > _SURE]) for path in paths]
    gaps = np.concatenate([np.diff(places) for places in sure if len(places) > 1] or [np.zeros(0)])
    usual = float(np.median(gaps)) if len(gaps) >= 3 else 0.0
    if usual < 1 / _MOST:
        return None
    places = np.concatenate(sure)
    best = (1.0, usual, 0.0)
    for pitch in np.linspace(0.88 * usual, 1.12 * usual, 49):
        start = float(np.angle(np.mean(np.exp(2j * np.pi * places / pitch)))) / (2 * np.pi) * pitch
        off = float(np.abs((places - start + pitch / 2) % pitch - pitch / 2).mean()) / pitch
        best = min(best, (off, float(pitch), start))
    off, pitch, start = best
    if off > 0.16:
        return None
    numbers = np.round((places - start) / pitch).astype(int)
    if len(set(numbers.tolist())) > 2:
        pitch, start = (float(value) for value in np.polyfit(numbers, places, 1))
    often = [number for number, count in Counter(numbers.tolist()).items() if count >= 0.3 * len(paths)]
    return (start, pitch, min(often), max(often)) if often and max(often) - min(often) < _MOST else None


def _slot(steps: list[Chances], middle: float, pitch: float) -> Chances:
    """Return what all readings together say of the slot about ``middle``."""
    said = []
    for reading in steps:
        first = max(0, int(np.floor((middle - _HALF * pitch) * len(reading))))
        last = min(len(reading), int(np.ceil((middle + _HALF * pitch) * len(reading))))
        said.append(reading[first:last].max(axis=0) if last > first else np.zeros(reading.shape[1], np.float32))
    return np.asarray(np.mean(said, axis=0))


def _rival(seen: Chances, chosen: list[tuple[int, int]]) -> float:
    others = [np.delete(seen[slot], letter).max() for slot, letter in chosen]
    return round(float(max(others, default=0.0)), 3)


def _best_run(seen: Chances, alphabet: Alphabet, first: int, last: int) -> list[tuple[int, int]]:
    """Return the slots and letters of the likeliest name: letters as seen, words where the ink leaves it open."""
    worth = np.log((seen + _UNSEEN) / (_LEAST + _UNSEEN))
    words = _words_at(worth, alphabet)
    best: tuple[float, list[tuple[int, int]]] = (-np.inf, [])
    for begin in range(max(0, first - 1), min(len(seen), first + 2)):
        for end in range(max(begin, last - 1), min(len(seen), last + 2)):
            best = max(best, _run(worth, words, begin, end), key=lambda item: item[0])
    return best[1]


@dataclass(frozen=True, slots=True)
class _Word:
    letters: tuple[int, ...]
    worth: float
    only: str
    """``start``, ``end`` or empty: where in a name it may stand."""


def _words_at(worth: Chances, alphabet: Alphabet) -> dict[int, list[_Word]]:
    """Return for every slot the words that could begin there and are worth more than nothing."""
    found: dict[int, list[_Word]] = {slot: [] for slot in range(len(worth))}
    kinds = (("start", alphabet.starts), ("end", alphabet.ends), ("", alphabet.words))
    for only, words in kinds:
        for word in words:
            length = len(word)
            if length > len(worth) or (word < 0).any():
                continue
            bonus = {"start": _START_BONUS, "end": _END_BONUS}.get(only, _BONUS.get(length, 3.0))
            window = np.lib.stride_tricks.sliding_window_view(worth[:, word], length, axis=0)
            sums = np.einsum("kii->k", window) + bonus
            for slot in np.flatnonzero(sums > -4):
                found[int(slot)].append(_Word(tuple(int(letter) for letter in word), float(sums[slot]), only))
    return found


def _run(worth: Chances, words: dict[int, list[_Word]], begin: int, end: int) -> tuple[float, list[tuple[int, int]]]:
    letters = worth.argmax(axis=1)
    best: list[tuple[float, list[tuple[int, int]]]] = [(-np.inf, [])] * (end - begin + 2)
    best[0] = (0.0, [])
    for slot in range(begin, end + 1):
        value, path = best[slot - begin]
        steps = [_Word((int(letters[slot]),), float(worth[slot, letters[slot]]), ""), *words[slot]]
        for word in steps:
            after = slot + len(word.letters)
            if after > end + 1 or (word.only == "start" and slot != begin) or (word.only == "end" and after != end + 1):
                continue
            if value + word.worth > best[after - begin][0]:
                added = [(slot + index, letter) for index, letter in enumerate(word.letters)]
                best[after - begin] = (value + word.worth, path + added)
    return best[end - begin + 1]


def _voted(paths: list[list[tuple[int, float, float]]], alphabet: Alphabet) -> Letters:
    """Return the reading that most others agree with, then the surest: for letters that stand unevenly."""
    texts = ["".join(alphabet.letters[letter] for letter, _, _ in path) for path in paths]
    votes = Counter(texts)
    chances = [tuple(round(chance, 3) for _, chance, _ in path) for path in paths]
    best = max(range(len(paths)), key=lambda index: (bool(texts[index]), votes[texts[index]], sum(chances[index])))
    return Letters(texts[best], chances[best], even=False)
