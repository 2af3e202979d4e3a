"""A name on a seal is decided letter by letter on the grid that seals are engraved on. No OCR: made-up chances."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from parsers.seal.known import SURE, correct_seal_name
from parsers.seal.letters import Alphabet, Letters, decide
from parsers.seal.name import SealName

LETTERS = ("", *dict.fromkeys("浙江光达远模膜具科技术木樊有限公司恒桓業业0"))
ALPHABET = Alphabet(LETTERS)
STEPS = 8
"""Steps of a reading for each letter."""


def reading(*slots: dict[str, float], shift: int = 0) -> NDArray[Any]:
    """Return what an engine would say of these letters; what is missing to 1 in a slot says that there is none."""
    steps = np.zeros((STEPS * len(slots), len(LETTERS)), np.float32)
    steps[:, 0] = 1
    for number, slot in enumerate(slots):
        middle = number * STEPS + STEPS // 2 + shift
        for letter, chance in slot.items():
            steps[middle, LETTERS.index(letter)] = chance
        steps[middle, 0] = max(1 - sum(slot.values()), 0)
    return steps


def sure(text: str) -> list[dict[str, float]]:
    return [{letter: 0.99} for letter in text]


def test_letters_that_every_reading_is_sure_of_are_the_name() -> None:
    name = "浙江光达模具有限公司"

    assert decide([reading(*sure(name)), reading(*sure(name), shift=1)], ALPHABET) == Letters(
        name, (0.99,) * len(name), even=True, rival=0.0
    )


def test_a_letter_that_each_reading_skipped_is_found_on_the_grid() -> None:
    slots = [*sure("浙江光"), {"达": 0.3}, *sure("模具有限公司")]

    decided = decide([reading(*slots), reading(*slots)], ALPHABET)

    assert decided.text == "浙江光达模具有限公司"
    assert decided.weakest == 0.3


def test_a_word_tips_the_scale_only_where_the_ink_left_a_letter_open() -> None:
    open_letter = [*sure("浙江光达科"), {"樊": 0.3, "技": 0.12}, *sure("有限公司")]
    seen_letter = [*sure("浙江光达科"), {"樊": 0.97}, *sure("有限公司")]

    decided = [decide([reading(*slots)] * 2, ALPHABET) for slots in (open_letter, seen_letter)]

    assert [letters.text for letters in decided] == ["浙江光达科技有限公司", "浙江光达科樊有限公司"]
    assert [letters.weakest for letters in decided] == [0.12, 0.97]


def test_a_rival_letter_is_told_with_its_chance() -> None:
    slots = [*sure("浙江"), {"恒": 0.95, "桓": 0.04}, *sure("达有限公司")]

    assert decide([reading(*slots)] * 2, ALPHABET).rival == 0.04


def test_numbers_are_no_letters_and_traditional_letters_count_for_the_simple_ones() -> None:
    slots = [*sure("浙江"), {"業": 0.5, "业": 0.4}, *sure("达有限公司"), {"0": 0.9}]

    decided = decide([reading(*slots)] * 2, ALPHABET)

    assert decided.text == "浙江业达有限公司"
    assert round(decided.weakest, 2) == 0.9


def test_where_letters_stand_unevenly_the_reading_that_most_agree_on_is_taken() -> None:
    places = (3, 9, 30, 33, 61, 70, 75)
    steps = np.zeros((80, len(LETTERS)), np.float32)
    steps[:, 0] = 1
    for letter, place in zip("浙江光达有公司", places, strict=True):
        steps[place, LETTERS.index(letter)] = 0.9
        steps[place, 0] = 0.1

    decided = decide([steps, steps], ALPHABET)

    assert (decided.text, decided.even) == ("浙江光达有公司", False)


def test_blank_readings_give_no_name() -> None:
    assert decide([reading({}, {}, {})], ALPHABET).text == ""


def read(text: str, open_at: int, chance: float = 0.4) -> SealName:
    letters = tuple(chance if index == open_at else 0.98 for index in range(len(text)))
    return SealName(text, 0.6, letters=letters)


def test_a_doubtful_letter_is_corrected_to_the_known_name_and_shown() -> None:
    corrected = correct_seal_name(read("浙江光达膜具有限公司", 4), ("浙江光达模具有限公司", "宁波启明液压技术有限公司"))

    assert (corrected.text, corrected.raw) == ("浙江光达模具有限公司", "浙江光达膜具有限公司")
    assert corrected.confidence < SURE


def test_a_letter_that_was_seen_forbids_a_known_name_with_another_in_its_place() -> None:
    seen = read("浙江光远模具有限公司", 0)

    assert correct_seal_name(seen, ("浙江光达模具有限公司",)) == seen


def test_between_two_known_names_that_fit_alike_nothing_is_corrected() -> None:
    doubtful = read("浙江光樊模具有限公司", 3)

    assert correct_seal_name(doubtful, ("浙江光达模具有限公司", "浙江光远模具有限公司")) == doubtful


def test_a_certain_name_is_never_corrected() -> None:
    certain = SealName("浙江光远模具有限公司", 0.9, letters=(0.98, 0.98, 0.98, 0.5, *(0.98,) * 6))

    assert correct_seal_name(certain, ("浙江光达模具有限公司",)) == certain
