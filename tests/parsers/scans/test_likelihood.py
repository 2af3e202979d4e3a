"""How well a line fits known texts: small matrices whose truth can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.form.likelihood import log_likelihoods

LETTERS = {"三": (1,), "五": (2,), "〇": (3, 4)}


def steps(*rows: tuple[float, float, float, float, float]) -> np.ndarray:
    return np.array(rows)


def test_the_likelihood_sums_every_way_to_say_the_text() -> None:
    chances = steps((0.5, 0.5, 0, 0, 0), (0.5, 0.5, 0, 0, 0))

    # 三 in two steps: 三三, 三-, -三; nothing: --; twice: no room for the pause between two equal letters.
    found = np.exp(log_likelihoods(chances, ("三", "", "三三"), LETTERS))

    assert found == pytest.approx([0.75, 0.25, 0.0], abs=1e-3)


def test_signs_that_mean_the_same_count_together() -> None:
    chances = steps((0.1, 0, 0, 0.45, 0.45))

    assert np.exp(log_likelihoods(chances, ("〇",), LETTERS)) == pytest.approx([0.9], abs=1e-3)


def test_a_step_spoilt_by_a_stroke_costs_but_decides_nothing() -> None:
    spoilt = steps((0.02, 0.9, 0.08, 0, 0), (0.98, 0.01, 0.01, 0, 0), (0, 0, 0, 0, 1.0), (0.1, 0.02, 0.88, 0, 0))

    likely, unlikely = log_likelihoods(spoilt, ("三五", "五三"), LETTERS)

    assert likely - unlikely > 4


def test_a_letter_that_the_engine_does_not_know_is_never_seen() -> None:
    assert log_likelihoods(steps((0.0, 1.0, 0, 0, 0)), ("八",), LETTERS)[0] < np.log(1e-3)


def test_nothing_to_choose_from_and_nothing_seen_give_no_likelihood() -> None:
    assert log_likelihoods(steps((1, 0, 0, 0, 0)), (), LETTERS).tolist() == []
    assert log_likelihoods(np.zeros((0, 5)), ("三",), LETTERS).tolist() == [-np.inf]
