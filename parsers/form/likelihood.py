"""How well a line of print fits texts that are known beforehand (候选比对): which day, out of all possible ones.

A recogniser reads letter by letter and may put any letter under the stroke of a seal. Where only few texts are
possible, it is better asked which of them it sees: the likelihood of each under connectionist temporal
classification (Graves et al. 2006), in which every step of the line gives each letter, or none, a probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[Any]
"""Steps × letters: the probability of each letter at each step; column 0 is «no letter»."""

_FLOOR = 1e-4
"""No letter is ever impossible: a stroke of a seal makes the recogniser sure of the wrong one."""


def log_likelihoods(chances: Chances, texts: Sequence[str], columns: Mapping[str, tuple[int, ...]]) -> NDArray[Any]:
    """Return for each text the log-likelihood that the line says just that.

    ``columns`` names for every letter used in ``texts`` the columns of ``chances`` that count as it, such as the
    three signs for zero. A letter without columns counts as never seen.
    """
    if not texts or not len(chances):
        return np.full(len(texts), -np.inf)
    alphabet = sorted({letter for text in texts for letter in text})
    places = {letter: index for index, letter in enumerate(alphabet, 1)}
    seen = np.full((len(chances), len(alphabet) + 1), _FLOOR)
    seen[:, 0] += chances[:, 0]
    for letter, index in places.items():
        for column in columns.get(letter, ()):
            seen[:, index] += chances[:, column]
    states, ends = _states(texts, places)
    return _forward(seen, states, ends)


def _states(texts: Sequence[str], places: Mapping[str, int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return texts × states: each text's letters with «no letter» before, between and after; and its last state."""
    most = max(len(text) for text in texts)
    states = np.zeros((len(texts), 2 * most + 1), dtype=np.int64)
    for row, text in enumerate(texts):
        states[row, 1 : 2 * len(text) : 2] = [places[letter] for letter in text]
    return states, np.array([2 * len(text) for text in texts])


def _forward(seen: NDArray[Any], states: NDArray[Any], ends: NDArray[Any]) -> NDArray[Any]:
    """Sum the probability of every way through the steps, text by text, kept in range by scaling at each step."""
    rows = np.arange(len(states))
    may_skip = np.zeros(states.shape)
    may_skip[:, 2:] = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    now = np.zeros(states.shape)
    now[:, :2] = 1.0
    total = np.zeros(len(states))
    for step, chance in enumerate(seen):
        if step:
            moved = now.copy()
            moved[:, 1:] += now[:, :-1]
            moved[:, 2:] += now[:, :-2] * may_skip[:, 2:]
            now = moved
        now *= chance[states]
        scale = np.maximum(now.sum(axis=1), 1e-300)
        now /= scale[:, None]
        total += np.log(scale)
    last = now[rows, ends] + np.where(ends > 0, now[rows, np.maximum(ends - 1, 0)], 0.0)
    return np.asarray(total + np.log(np.maximum(last, 1e-300)))
