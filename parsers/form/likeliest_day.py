"""Suggests which day a spoilt date means (报送时间的推测), out of all the days it could be; never a certainty.

The seal is pressed on the date more often than not, and a stroke of its ring turns 年 into 1 or eats a dot. Letter by
letter that cannot be mended. Asked which of the days of two years it sees, the recogniser mostly knows.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.form.likelihood import log_likelihoods
from parsers.page.ocr import Reader

_ALIKE = {"〇": "〇○零Oo0", "年": "年牛", "日": "日曰目号", "一": "一-—－", ".": ".·。", "1": "1lI"}
"""Signs that stand for the same one in a date: as people write it, and as the recogniser mistakes it."""
_NUMERALS = "〇一二三四五六七八九"
_MARGIN = 2.0
"""Nats by which a day must be likelier than every other: 7 to 1, enough for a suggestion that staff confirm."""
_OUTSIDE = 2.0
"""Nats that a day outside the call's own time must make up for: a form of last year is rare."""
_WORST = -1.6
"""Nats a letter at worst: below that the line says something that is no date."""
_STRETCHES = (0.94, 1.0, 1.12)
"""The recogniser's slips change with the width at which it sees a line."""


def likeliest_day(
    bands: list[NDArray[Any]], reader: Reader, issued: date, closes: date, *, ways: str = ""
) -> date | None:
    """Return the day that the date line says, from the year before the call closes on; None where it is not plain.

    ``bands`` are grey pictures of the date line without its label, cut out a little differently each. ``issued`` and
    ``closes`` bound the call's own time. ``ways`` limits how the day may be written to ``figures`` or ``numerals``.
    """
    texts, days = _ways_to_write(closes.year, ways)
    columns = {letter: reader.columns(_ALIKE.get(letter, letter)) for letter in {*"".join(texts)}}
    crops = [
        cv2.resize(band, None, fx=stretch, fy=1.0, interpolation=cv2.INTER_CUBIC)
        for band, stretch in zip(bands, _STRETCHES, strict=False)
        if min(band.shape[:2]) >= 6
    ]
    if not crops:
        return None
    fits = np.mean([log_likelihoods(chances, texts, columns) for chances in reader.chances(crops)], axis=0)
    fits = fits - [0.0 if issued <= day <= closes else _OUTSIDE for day in days]
    order = np.argsort(-fits)
    best = int(order[0])
    runner_up = next(int(index) for index in order if days[int(index)] != days[best])
    if fits[best] - fits[runner_up] < _MARGIN or fits[best] < _WORST * len(texts[best]):
        return None
    return days[best]


def way_of(words: str) -> str:
    """Return how these words write a day: with Chinese ``numerals`` or with ``figures``."""
    return "numerals" if any(letter in words for letter in f"{_NUMERALS}十○") else "figures"


@cache
def _ways_to_write(newest: int, ways: str) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Return every way in which forms write a day of the two years, and the day of each."""
    texts: list[str] = []
    days: list[date] = []
    day = date(newest - 1, 1, 1)
    while day.year <= newest:
        written = [text for text in _written(day) if not ways or way_of(text) == ways]
        texts += written
        days += [day] * len(written)
        day += timedelta(days=1)
    return tuple(texts), tuple(days)


def _written(day: date) -> list[str]:
    year, month, number = day.year, day.month, day.day
    in_chinese = "".join(_NUMERALS[int(figure)] for figure in str(year))
    forms = {
        f"{year}年{month}月{number}日",
        f"{year}年{month:02d}月{number:02d}日",
        f"{year}.{month}.{number}",
        f"{year}.{month:02d}.{number:02d}",
        f"{year}-{month:02d}-{number:02d}",
        f"{year}/{month}/{number}",
        f"{in_chinese}年{_counted(month)}月{_counted(number)}日",
    }
    return sorted(forms)


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (_NUMERALS[ones] if ones else "")
