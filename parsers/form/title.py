"""Tells which form a page is (表格种类) by its title: this call's, last year's, or another one."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from config.call import FormSpec
from parsers.facts.looks import FormKind
from parsers.page.lines import Level, canonical, rows_of

_OTHER_FORM = re.compile(r".{0,40}(申报书|申请书|申请表|推荐表|登记表|汇总表|申报表|承诺书|撰写要求|报名表|回执)")
_YEAR = re.compile(r"(20\d\d)年")
_ENOUGH = 84.0


def title_of(lines: list[Level], spec: FormSpec, year: int) -> tuple[FormKind, str]:
    """Return the kind of form and the title as read; ``year`` is the call's own.

    A title may stand on one to three rows; a year in it that is not the call's marks an old form.
    """
    windows = _windows(lines)
    ours = [canonical(title) for title in (spec.title, *spec.title_aliases)]
    old = [canonical(title) for title in spec.old_titles]
    text, score = _best(windows, ours)
    if score >= _ENOUGH:
        return (FormKind.OLD if _is_old(text, ours, old, year) else FormKind.CURRENT), text
    old_text, old_score = _best(windows, [title for title in old if len(title) >= 8])
    if old_score >= _ENOUGH:
        return FormKind.OLD, old_text
    for row in rows_of(lines)[:8]:
        match = _OTHER_FORM.match(row)
        if match and len(row) <= match.end() + 12:
            return FormKind.OTHER, row
    return FormKind.UNKNOWN, ""


def _is_old(text: str, ours: list[str], old: list[str], year: int) -> bool:
    if any(int(found) != year for found in _YEAR.findall(text)):
        return True
    best_ours = max(fuzz.ratio(text, title) for title in ours)
    for title in old:
        if any(title in mine for mine in ours):
            continue
        if title in text or (len(title) >= 8 and fuzz.ratio(text, title) > max(best_ours, _ENOUGH)):
            return True
    return False


def _best(windows: list[str], titles: list[str]) -> tuple[str, float]:
    best, score = "", 0.0
    for title in titles:
        for window in windows:
            if not 0.6 * len(title) <= len(window) <= 1.7 * len(title) + 6:
                continue
            # What stands around the title (附件1, a red letterhead) costs a little, so that the title alone wins.
            part = fuzz.partial_ratio(window, title) - 6 if len(window) > len(title) else 0.0
            found = max(fuzz.ratio(window, title), part)
            if found > score:
                best, score = window, found
    return best, score


def _windows(lines: list[Level]) -> list[str]:
    rows = rows_of(lines)
    return ["".join(rows[start : start + count]) for start in range(len(rows)) for count in (1, 2, 3)]
