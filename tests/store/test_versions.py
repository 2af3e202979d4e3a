from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from parsers.facts.leaf import Role
from store.filing.versions import Candidate, decide_versions, material_of
from tests.cases.telling import FIRST, SHANGHAI, the_call

SETS = frozenset({"photos"})
REQUIRED = frozenset({"form", "report", "photos"})


def one(
    number: int,
    day: int,
    material: str = "form",
    *,
    role: Role = Role.FORM,
    name: str = "推荐表.pdf",
    content: str = "",
    standing: str = "filed",
    on_time: bool = True,
    worth: int = 2,
    why: str = "",
) -> Candidate:
    received: datetime = FIRST + timedelta(days=day)
    return Candidate(
        number,
        material,
        role,
        name,
        content or str(number),
        received,
        f"mail{day}",
        number,
        standing,
        on_time,
        worth,
        why,
    )


def states(*candidates: Candidate) -> dict[int, str]:
    decided = decide_versions(candidates, SETS, REQUIRED, SHANGHAI)
    return {number: standing.state.value for number, standing in sorted(decided.items())}


def reasons(*candidates: Candidate) -> dict[int, str]:
    decided = decide_versions(candidates, SETS, REQUIRED, SHANGHAI)
    return {number: standing.reason for number, standing in sorted(decided.items())}


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ((one(1, 0), one(2, 1)), {1: "superseded", 2: "current"}),
        ((one(1, 0), one(2, 1, worth=0)), {1: "current", 2: "superseded"}),
        ((one(1, 0, worth=0), one(2, 1, worth=0)), {1: "superseded", 2: "current"}),
        ((one(1, 0), one(2, 1, worth=1)), {1: "current", 2: "superseded"}),
        ((one(1, 0), one(2, 1, on_time=False)), {1: "current", 2: "superseded"}),
        ((one(1, 0, worth=0), one(2, 1, on_time=False)), {1: "superseded", 2: "current"}),
        ((one(1, 0, on_time=False), one(2, 1, on_time=False)), {1: "superseded", 2: "current"}),
        ((one(1, 0), one(2, 1, standing="pending")), {1: "current", 2: "pending"}),
        ((one(1, 0), one(2, 1, standing="refused")), {1: "current", 2: "refused"}),
        ((one(1, 0), one(2, 1, standing="accepted")), {1: "superseded", 2: "current"}),
        ((one(1, 0, content="x"), one(2, 1, content="x")), {1: "current", 2: "superseded"}),
        ((one(1, 0, standing="pending"),), {1: "pending"}),
    ],
)
def test_the_latest_valid_version_in_time_is_current(
    candidates: tuple[Candidate, ...], expected: dict[int, str]
) -> None:
    assert states(*candidates) == expected


def test_photos_are_a_set_and_the_same_photo_counts_once() -> None:
    photos = [
        one(n, n, "photos", role=Role.PHOTO, name=f"{n}.jpg", content=c) for n, c in ((1, "a"), (2, "b"), (3, "a"))
    ]
    assert states(*photos) == {1: "current", 2: "current", 3: "superseded"}


def test_late_photos_do_not_join_a_set_that_came_in_time() -> None:
    early = one(1, 0, "photos", role=Role.PHOTO)
    late = one(2, 1, "photos", role=Role.PHOTO, on_time=False)
    assert states(early, late) == {1: "current", 2: "superseded"}
    assert states(late) == {2: "current"}


def test_every_state_has_its_reason_in_chinese() -> None:
    told = reasons(
        one(1, 0, name="旧.pdf"),
        one(2, 1, name="新.pdf"),
        one(3, 2, name="坏.pdf", worth=0, why="打不开"),
        one(4, 3, content="2", name="又.pdf"),
        one(5, 4, on_time=False, name="迟.pdf"),
    )
    assert told == {
        1: "已由5月7日收到的“新.pdf”替代。",
        2: "现行件。",
        3: "打不开，未替换5月7日收到的“新.pdf”。",
        4: "与5月7日收到的“新.pdf”内容完全相同。",
        5: "截止后收到，未替换5月7日收到的“新.pdf”。",
    }


def test_what_could_not_be_opened_is_settled_by_a_later_readable_one() -> None:
    locked = one(1, 0, "", role=Role.UNREADABLE, name="材料.zip")
    assert states(locked) == {1: "current"}
    assert states(locked, one(2, 1, name="材料.pdf")) == {1: "superseded", 2: "current"}
    assert states(locked, one(2, 1, name="推荐表.pdf")) == {1: "current", 2: "current"}
    rest = (one(2, 1), one(3, 1, "report", role=Role.REPORT), one(4, 1, "photos", role=Role.PHOTO))
    assert states(locked, *rest) == {1: "superseded", 2: "current", 3: "current", 4: "current"}
    assert states(replace(locked, received=FIRST + timedelta(days=3)), *rest)[1] == "current"


def test_the_order_of_filing_never_matters() -> None:
    rng = random.Random(7)
    for _ in range(200):
        candidates = [
            one(
                n,
                rng.randrange(4),
                rng.choice(("form", "photos", "")),
                role=rng.choice((Role.FORM, Role.PHOTO, Role.UNREADABLE)),
                content=str(rng.randrange(4)),
                standing=rng.choice(("filed", "filed", "pending", "refused")),
                on_time=rng.random() < 0.7,
                worth=rng.randrange(3),
            )
            for n in range(1, 7)
        ]
        expected = reasons(*candidates)
        rng.shuffle(candidates)
        assert reasons(*candidates) == expected


@pytest.mark.parametrize(
    ("role", "name", "expected"),
    [
        (Role.FORM, "x.pdf", "form"),
        (Role.REPORT, "x.docx", "report"),
        (Role.PHOTO, "x.jpg", "photos"),
        (Role.OTHER, "申报推荐表纸质件.pdf", None),
        (Role.UNREADABLE, "推荐表.zip", None),
        (Role.NOISE, "logo.png", None),
    ],
)
def test_a_leaf_fills_the_material_of_its_role(role: Role, name: str, expected: str | None) -> None:
    material = material_of(the_call(), role, name)
    assert (material.key if material else None) == expected
