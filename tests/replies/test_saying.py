"""Every golden letter of the tree read as its reader does, and the reader's own eye put to the test."""

from pathlib import Path

import pytest

from tests.replies.saying import Written, faults, letters_in

TESTS = Path(__file__).parents[1]
FILES = sorted(
    [
        *TESTS.glob("replies/goldens/*.txt"),
        *TESTS.glob("cases/**/letters.txt"),
        *TESTS.glob("season/goldens/letters.txt"),
    ]
)


def test_no_golden_letter_contradicts_itself() -> None:
    looked, found = 0, []
    for path in FILES:
        for letter in letters_in(path):
            looked += 1
            found += [f"{path.relative_to(TESTS)}: {letter.subject}: {fault}" for fault in faults(letter)]
    assert looked > 300
    assert found == []


SOUND = Written(
    "【已收讫·无需操作】AL2026-0001 甲",
    "■ 无需操作：电子材料已收齐",
    "【已收到的文件】\n\n  1. a.pdf（1 KB）\n     登记为：照片",
)
ASKING = Written(
    "【请补正】AL2026-0001 甲", "■ 请补正：尚有 1 项材料待补正", "  1. 没有收到照片\n     补正方式：请发来。"
)
REMINDING = Written(
    "【请补正·提醒】AL2026-0001 甲有限公司 尚有 1 项材料待补正",
    "■ 提醒：尚有 1 项材料待补正",
    "“甲有限公司”的申报（AL2026-0001）尚有以下 1 项材料待补正，此前已告知，没有新增。\n补正方式：请发来。",
)


@pytest.mark.parametrize("letter", [SOUND, ASKING, REMINDING], ids=["receipt", "request", "reminder"])
def test_a_sound_letter_has_no_fault(letter: Written) -> None:
    assert faults(letter) == []


@pytest.mark.parametrize(
    ("letter", "fault"),
    [
        (Written(SOUND.subject, SOUND.headline, ASKING.body), "nothing to do above"),
        (Written(SOUND.subject, SOUND.headline, "不知属于哪一家的文件，请回信说明"), "nothing to do above"),
        (Written(SOUND.subject, SOUND.headline, "【请另行寄送纸质件】"), "nothing to do above"),
        (Written(ASKING.subject, ASKING.headline, SOUND.body), "something to do above"),
        (Written(ASKING.subject, SOUND.headline, SOUND.body), "disagree"),
        (Written(SOUND.subject, SOUND.headline, "截止时间：5月30日，请尽早发出。"), "hurries"),
        (Written(ASKING.subject, ASKING.headline, f"{ASKING.body}\n{SOUND.body}"), "both received and lacking"),
        (Written(REMINDING.subject, REMINDING.headline, f"{REMINDING.body}\n1. 没有公章（上次已告知）"), "twice"),
        (Written("【请补正·提醒】AL2026-0001 尚有 1 项", REMINDING.headline, REMINDING.body), "names no firm"),
        (Written("【请补正·提醒】甲有限公司 尚有 1 项", REMINDING.headline, REMINDING.body), "without its number"),
        (Written(ASKING.subject, ASKING.headline, f"{ASKING.body}\n怎么办：x"), "an old word"),
    ],
)
def test_each_fault_is_seen(letter: Written, fault: str) -> None:
    assert any(fault in one for one in faults(letter)), faults(letter)


def test_a_photo_that_lies_here_beside_a_missing_form_is_no_contradiction() -> None:
    body = f"  1. 没有收到申报推荐表\n     补正方式：请发来。\n{SOUND.body}"
    assert faults(Written(ASKING.subject, ASKING.headline, body)) == []
