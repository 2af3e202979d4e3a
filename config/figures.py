"""Hold the call's figures against the sentences that they rest on (数字与引文核对).

A figure that its own quote contradicts would be told to applicants as the notice's. Where the quote prints no figure
of that unit, nothing is said: not every figure stands in its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from config.call import Clause, Material, QuotaPool, ReportSpec, Window
from config.faults import Faults
from config.quotes import fold

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_FIGURES = r"(\d+)(?:[-–—~～至到]+(\d+))?"
_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
COUNTED = "张个件"
"""Units in which a set of files is counted."""


def check_figures(values: Mapping[str, Any], faults: Faults) -> None:
    """Note every figure of the sections built so far that its quote contradicts."""
    _window(values.get("window"), faults)
    for material in values.get("materials") or ():
        _material(material, faults)
    if values.get("report") is not None:
        _report(values["report"], [rule.clause for rule in (values.get("rules") or {}).values()], faults)
    for pool in values.get("quota_pools") or ():
        _pool(pool, faults)


def printed(clause: Clause, units: str) -> tuple[int, int] | None:
    """Return the lowest and highest figure that a quote prints with one of these units; None where it prints none."""
    words = fold(clause.quote).translate(_DIGITS)
    found = re.findall(rf"{_FIGURES}[{units}]", words)
    figures = [int(one) for pair in found for one in pair if one]
    return (min(figures), max(figures)) if figures else None


def _window(window: Window | None, faults: Faults) -> None:
    if window is None:
        return
    last = (window.closes - timedelta(microseconds=1)).date()
    days = [found for found in _days(window.clause.quote, window.closes) if found is not None]
    if days and last not in days:
        said = "、".join(f"{day.month}月{day.day}日" for day in dict.fromkeys(days))
        faults.add("window.closes", f"末日是 {last.month}月{last.day}日，引文写的是{said}；请改正其一。")


def _days(quote: str, closes: datetime) -> Iterable[date | None]:
    for year, month, day in _DATE.findall(fold(quote).translate(_DIGITS)):
        try:
            yield date(int(year or closes.year), int(month), int(day))
        except ValueError:
            yield None


def _material(material: Material, faults: Faults) -> None:
    where = f"materials.{material.key}"
    counts = printed(material.clause, COUNTED) if material.set_of_files else None
    if counts is not None:
        _held(f"{where}.at_least", material.at_least, counts[0], material.clause, faults)
        if material.at_most is not None:
            _held(f"{where}.at_most", material.at_most, counts[1], material.clause, faults)
    copies = printed(material.clause, "份")
    if copies is not None and material.copies is not None and not copies[0] <= material.copies <= copies[1]:
        _held(f"{where}.copies", material.copies, copies[0], material.clause, faults)


def _report(report: ReportSpec, clauses: Iterable[Clause], faults: Faults) -> None:
    for clause in clauses:
        total = printed(clause, "字") if "总字数" in clause.quote else None
        if total is not None:
            _held("report.words_total", report.words_total, total[0], clause, faults)
    for part in report.parts:
        words = printed(part.clause, "字")
        if words is not None:
            _held(f"report.parts.{part.key}.words", part.words, words[0], part.clause, faults)


def _pool(pool: QuotaPool, faults: Faults) -> None:
    places = printed(pool.clause, "个家名")
    if places is not None:
        _held(f"quota_pools.{pool.key}.at_least", pool.at_least, places[0], pool.clause, faults)
        _held(f"quota_pools.{pool.key}.at_most", pool.at_most, places[1], pool.clause, faults)


def _held(where: str, value: int, said: int, clause: Clause, faults: Faults) -> None:
    if value != said:
        faults.add(where, f"写的是 {value}，引文“{clause.quote}”写的是 {said}；请改正其一。")
