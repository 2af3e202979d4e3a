"""What-if (假设): the whole season judged again by another call folder, side by side; nothing is written or sent."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.call import Call
from flows.checks.run import run_rules
from flows.replies.compose import compose
from flows.replies.decide import Situation, decide
from flows.replies.letter import LETTER_NAMES, Letter
from flows.replies.letterbook import LetterFault
from parsers.facts.version import READER_VERSION
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.engine import Store
from store.filing import submissions
from store.filing.build_dossier import load_dossier


@dataclass(frozen=True, slots=True)
class Change:
    """What would be different for one submission (变化)."""

    number: str
    applicant: str
    verdicts: tuple[str, ...]
    """One sentence for each verdict that changes: 规则, 原判定 → 新判定."""
    letter: str
    """What changes in its letter: another kind, or the number of lines worded otherwise; empty where nothing does."""
    kinds: str = ""
    """The letter's kind before and after (``补正→收讫``), or ``补正措辞``; empty where the letter stays."""

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        parts = [*self.verdicts, *([self.letter] if self.letter else [])]
        return f"{self.number} {self.applicant or '（单位待核）'}：{'；'.join(parts)}。"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What another call folder would change over the whole season (假设结果)."""

    looked_at: int
    changes: tuple[Change, ...]

    def lines(self) -> list[str]:
        """Return the result as Chinese sentences, the summary first."""
        verdicts = sum(1 for change in self.changes if change.verdicts)
        letters = sum(1 for change in self.changes if change.letter)
        head = f"共看 {self.looked_at} 件申报：{verdicts} 件的结论会变，{letters} 件的回信会变。什么也没有改动。"
        return [head, *self.sums(), *(change.sentence() for change in self.changes)]

    def sums(self) -> list[str]:
        """Return how many submissions change by rule and by letter, the most frequent first."""
        # A verdict's sentence may name a photo; what is counted is the rule and how its verdict turns.
        turned = Counter(
            turn for change in self.changes for turn in {_ITEM.sub("", verdict) for verdict in change.verdicts}
        )
        letters = Counter(change.kinds for change in self.changes if change.kinds)
        return [
            f"{title}：{'；'.join(f'{name} {count} 件' for name, count in _most(counted))}。"
            for title, counted in (("按规则", turned), ("按回信", letters))
            if counted
        ]


_ITEM = re.compile(r"（.*）(?= )")
"""The place in a verdict's sentence, between the rule's name and the two verdicts."""


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def what_would_change(store: Store, call: Call, other: Call, now: datetime) -> WhatIf:
    """Judge every submission of ``call`` by ``call`` and by ``other``, and compare verdicts and letters."""
    with store.reading() as session:
        ids = [row.id for row in submissions.all_of_call(session, call.id) if row.id is not None]
        pairs = [
            (load_dossier(session, call, id_, READER_VERSION), load_dossier(session, other, id_, READER_VERSION))
            for id_ in ids
        ]
    changes = (compare(then, instead, call, other, now) for then, instead in pairs)
    return WhatIf(len(pairs), tuple(change for change in changes if change.verdicts or change.letter))


def compare(dossier: Dossier, instead: Dossier, call: Call, other: Call, now: datetime) -> Change:
    """Compare one submission under two calls; the dossiers differ only in what the calls make of dates and lists."""
    was, would = run_rules(dossier, call), run_rules(instead, other)
    old, new = _letter(dossier, was, call, now), _letter(instead, would, other, now)
    verdicts = _verdicts(was, would, call, other)
    return Change(dossier.number, dossier.applicant, verdicts, _difference(old, new), _kinds(old, new))


def _verdicts(was: Iterable[Finding], would: Iterable[Finding], call: Call, other: Call) -> tuple[str, ...]:
    old = {(f.code, f.item): f.verdict.value for f in was}
    new = {(f.code, f.item): f.verdict.value for f in would}
    sentences = []
    for code, item in dict.fromkeys((*old, *new)):
        before, after = old.get((code, item), "没有此项"), new.get((code, item), "没有此项")
        if before != after:
            rule = call.rules.get(code) or other.rules.get(code)
            place = f"（{item}）" if item else ""
            sentences.append(f"{code} {rule.name if rule is not None else ''}{place} {before}→{after}")
    return tuple(sentences)


def _letter(dossier: Dossier, findings: tuple[Finding, ...], call: Call, now: datetime) -> Letter | str | None:
    """Return the letter that this state would get if nothing had been told yet; a sentence where it cannot be made."""
    decision = decide(Situation(call=call, now=now, dossier=dossier, findings=findings))
    if not decision.letters:
        return None
    try:
        return compose(decision.letters[0].kind, dossier, findings, call, now)
    except LetterFault as fault:
        return fault.sentence


def _difference(old: Letter | str | None, new: Letter | str | None) -> str:
    if old == new:
        return ""
    if isinstance(new, str):
        return f"回信无法生成：{new}"
    if not isinstance(old, Letter) or not isinstance(new, Letter):
        return f"回信 {_name(old)}→{_name(new)}"
    if old.kind is not new.kind:
        return f"回信 {_name(old)}→{_name(new)}"
    lines = difflib.ndiff([old.subject, *old.text.splitlines()], [new.subject, *new.text.splitlines()])
    changed = [line for line in lines if line[:1] in "+-"]
    if not changed:
        return f"{_name(new)}的网页版式不同"
    first = next((line[2:].strip() for line in changed if line.startswith("+ ") and line[2:].strip()), "")
    return f"{_name(new)}有 {len(changed)} 行不同" + (f"，如“{first[:40]}”" if first else "")


def _kinds(old: Letter | str | None, new: Letter | str | None) -> str:
    if old == new:
        return ""
    before, after = _name(old), _name(new)
    return f"{before}措辞" if before == after else f"{before}→{after}"


def _name(letter: Letter | str | None) -> str:
    if letter is None:
        return "不回信"
    return LETTER_NAMES[letter.kind] if isinstance(letter, Letter) else "无法生成"
