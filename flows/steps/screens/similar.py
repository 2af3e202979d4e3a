"""Reports that share text (雷同报告): looked for every night among all applicants, told to staff with the passages.

Each report is compared with those that share a few of its sampled word sequences, so a season of a thousand reports
costs seconds, not a million comparisons. What the machine finds is a hint for staff: nobody is told but they.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from flows.steps.workshop import Workshop
from parsers.text.similarity import shared_passages
from store import journal, watermarks
from store.views.report_texts import ReportText, report_texts

KEY = "similar-reports"
_WINDOW = 24
"""Characters of a sampled sequence."""
_SAMPLE = 16
"""One sequence in so many is kept."""
_ENOUGH = 2
"""Sampled sequences that two reports must share before they are compared in full."""
_BARE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Similar:
    """Two submissions whose reports share passages; the longest come first."""

    first: str
    second: str
    passages: tuple[str, ...]

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        count = sum(len(passage) for passage in self.passages)
        longest = self.passages[0][:60]
        return f"{self.first} 与 {self.second} 的案例报告有 {len(self.passages)} 处雷同，共约 {count} 字：“{longest}”。"


def find_similar(shop: Workshop, now: datetime) -> tuple[Similar, ...]:
    """Compare all current reports of the call, keep what was found for the 待办 page, and return it."""
    with shop.store.reading() as session:
        reports = report_texts(session, shop.call.id)
    found = tuple(compare_reports(reports))
    with shop.store.transaction() as session:
        before = watermarks.get(session, KEY)
        told = json.dumps([asdict(one) for one in found], ensure_ascii=False)
        if told != (before or "[]"):
            for one in found:
                about = f"submission:{one.first}"
                journal.write(session, now, journal.SYSTEM, "reports-similar", about, one.sentence())
        watermarks.put(session, KEY, told, now)
    return found


def known_similar(shop: Workshop) -> tuple[Similar, ...]:
    """Return what the last comparison found."""
    with shop.store.reading() as session:
        told = json.loads(watermarks.get(session, KEY) or "[]")
    return tuple(Similar(one["first"], one["second"], tuple(one["passages"])) for one in told)


def compare_reports(reports: list[ReportText]) -> Iterable[Similar]:
    """Compare reports of different applicants that share sampled sequences; the same firm may repeat itself."""
    places: dict[int, list[int]] = defaultdict(list)
    for index, report in enumerate(reports):
        for mark in _marks(report.text):
            places[mark].append(index)
    pairs: Counter[tuple[int, int]] = Counter()
    for indexes in places.values():
        # A sequence that half of all authors use is a phrase of the notice or of the trade.
        if 1 < len(indexes) <= max(2, len(reports) // 5):
            pairs.update((a, b) for a in indexes for b in indexes if a < b)
    for (a, b), count in sorted(pairs.items()):
        if count < _ENOUGH or reports[a].applicant_id == reports[b].applicant_id:
            continue
        passages = shared_passages(reports[a].text, reports[b].text)
        if passages:
            yield Similar(reports[a].number, reports[b].number, passages)


def _marks(text: str) -> set[int]:
    bare = _BARE.sub("", text)
    sums = (zlib.crc32(bare[place : place + _WINDOW].encode()) for place in range(max(0, len(bare) - _WINDOW + 1)))
    return {mark for mark in sums if mark % _SAMPLE == 0}
