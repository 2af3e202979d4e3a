"""No golden of a story contradicts itself: whoever accepts one anew must not let nonsense become the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.story import CASES, load_story

_NUMBER = r"[A-Z]{2}\d{4}-\d{4}"
_PAPERS = {"F01": "推荐表", "R01": "案例报告"}


def contradictions(register: str, letters: str, *, surplus_accepted: bool = False) -> Iterator[str]:
    """Yield every place where one line of a story's goldens denies another."""
    for low, high in re.findall(r"名额 (\d+)-(\d+) 个", register + letters):
        if int(low) >= int(high):
            yield f"名额 {low}-{high}"
    yield from re.findall(r"第 0 件", register)
    parts = re.split(rf"^(?=(?:{_NUMBER}) )", register, flags=re.MULTILINE)
    told = {part[:11]: part for part in parts if re.match(_NUMBER, part)}
    for line in re.findall(r"超出 \d+ 个：([^。]+)。", register):
        for number in re.findall(_NUMBER, line):
            if "Q02 通过" in told[number] and not surplus_accepted:
                yield f"{number} 超出而 Q02 通过"
    for number, part in told.items():
        for code, name in _PAPERS.items():
            if f"  {code} 缺失" in part and re.search(rf"^  \S*{name} 现行", part, re.MULTILINE):
                yield f"{number} {name}既缺又在"
        if re.match(rf"{_NUMBER} .*：齐全\n", part) and re.search(r"^  [A-Z]\d\d (?:缺失|存疑)", part, re.MULTILINE):
            yield f"{number} 齐全而有缺失或存疑"
    for letter in re.split(r"^=== ", letters, flags=re.MULTILINE):
        here = set(re.findall(r"认作：(.+)", letter))
        # What was lacking and has come is told too, after a mark of its own: only numbered items are asked for.
        lacking = set(re.findall(r"^  \d+\. 未收到《?([^》，。：\n]+)》?", letter, re.MULTILINE))
        yield from (f"信中{name}既缺又在" for name in sorted(here & lacking))


@pytest.mark.parametrize("register", sorted(CASES.glob("*/*/register.txt")), ids=lambda path: path.parent.name)
def test_a_storys_goldens_do_not_contradict_themselves(register: Path) -> None:
    accepted = load_story(register.parent).policies.get("over_quota") == "accept"
    letters = register.with_name("letters.txt").read_text("utf-8")
    assert list(contradictions(register.read_text("utf-8"), letters, surplus_accepted=accepted)) == []


def test_contradictions_are_found() -> None:
    register = """
AL2026-0001 甲公司：齐全
  申报推荐表 现行 1:推荐表.pdf
  F01 缺失：来信中没有申报推荐表。
  Q02 通过：“某协会”推荐的第 0 件，名额 3-5 个。

名额 某协会：名额 3-1 个，已用 2 个（确认 0，占用 2），超出 1 个：AL2026-0001。
"""
    letters = "=== 第1封\n  1. 报告.docx\n     认作：案例报告\n  1. 未收到案例报告\n"
    assert list(contradictions(register, letters)) == [
        "名额 3-1",
        "第 0 件",
        "AL2026-0001 超出而 Q02 通过",
        "AL2026-0001 推荐表既缺又在",
        "AL2026-0001 齐全而有缺失或存疑",
        "信中案例报告既缺又在",
    ]
