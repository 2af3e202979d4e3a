"""What a reading child keeps from one file to the next: its models, its share of the cores, what it read before."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from flows.demo.papers import invent_words, make_form
from parsers.facts.looks import Look
from parsers.sandbox import child
from parsers.sandbox.pool import Reader
from tests.parsers.containers import poison
from tests.parsers.containers.world import context

pytestmark = pytest.mark.slow

WORDS = invent_words(5)


def scan(seed: int = 1) -> bytes:
    return make_form(WORDS, seal=None, scenario="dpi100", seed=seed)


def applicant(look: Look) -> str:
    assert look.scan is not None
    assert look.scan.form is not None
    return look.scan.form.applicant.value


def test_workers_share_the_cores_and_each_has_one_at_least() -> None:
    cores = len(os.sched_getaffinity(0))

    assert child.fair_threads(1) == min(cores, 4)
    assert child.fair_threads(cores) == 1
    assert child.fair_threads(10 * cores) == 1


@pytest.mark.parametrize(("workers", "threads", "expected"), [(64, 0, 1), (1, 3, 3)])
def test_a_child_loads_its_models_once_with_the_cores_it_was_given(
    tmp_path: Path, workers: int, threads: int, expected: int
) -> None:
    with Reader(
        tmp_path, replace(context(), ocr=True), workers=1, threads=threads or child.fair_threads(workers)
    ) as reader:
        looks = [reader.look(reader.spool.put(scan(seed)), "推荐表.pdf", "pdf") for seed in (1, 2)]
        loaded = reader._call(poison.models_loaded)

    assert [applicant(look) for look in looks] == [WORDS.applicant, WORDS.applicant]
    assert loaded == [expected]
