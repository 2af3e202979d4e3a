"""The chart (进度图): submissions that arrived and that are complete, day by day, against the whole calendar."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn

from config.working_days import is_working_day
from flows.steps.digest.history import DayCount

WIDTH, HEIGHT, DOTS = 6.4, 3.0, 150
"""Inches and dots an inch: 960 by 450 pixels, sharp on a phone and small in a mail."""

_ARRIVED, _COMPLETE, _REST, _CLOSE = "#1F4E78", "#3C8D40", "#F0F0F0", "#B03A2E"


def draw(days: Sequence[DayCount], opens: date, last_day: date) -> bytes:
    """Return the chart as a PNG; the same days give the same bytes. ``last_day`` is the last day that is on time."""
    # Drawing takes a second to import, and every command line would pay for it.
    from matplotlib import dates as untyped_dates  # noqa: PLC0415 - see above
    from matplotlib import font_manager  # noqa: PLC0415 - see above
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see above

    dates: Any = untyped_dates
    font = font_manager.FontProperties(fname=_font(), size=9)
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    end = max(last_day, days[-1].day if days else last_day) + timedelta(days=2)
    for day in _rest_days(opens, end):
        axes.axvspan(*dates.date2num([day, day + timedelta(days=1)]), color=_REST, linewidth=0)
    # A day's count is reached when the day ends.
    moments = dates.date2num([count.day + timedelta(days=1) for count in days])
    arrived, complete = [count.arrived for count in days], [count.complete for count in days]
    for counts, colour, name in ((arrived, _ARRIVED, "收到"), (complete, _COMPLETE, "齐全")):
        label = f"{name} {counts[-1] if counts else 0}"
        axes.step(moments, counts, where="post", color=colour, linewidth=2, label=label)
    axes.fill_between(moments, complete, step="post", color=_COMPLETE, alpha=0.15, linewidth=0)
    closes = float(dates.date2num(last_day + timedelta(days=1)))
    axes.axvline(closes, color=_CLOSE, linewidth=1.2, linestyle="--", label=f"截止 {last_day:%m-%d}")
    axes.set_xlim(float(dates.date2num(opens)), float(dates.date2num(end)))
    axes.set_ylim(0, max([*arrived, 4]) * 1.15)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.xaxis.set_major_locator(dates.WeekdayLocator(byweekday=0, interval=2))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%m-%d"))
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_fontproperties(font)
    axes.legend(prop=font, loc="upper left", frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title("申报件数（灰底为休息日）", fontproperties=font, loc="left")
    figure.tight_layout(pad=0.6)
    sink = io.BytesIO()
    figure.savefig(sink, format="png", metadata={"Software": None})
    return sink.getvalue()


def _rest_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return [day for day in days if not is_working_day(day)]


def _font() -> str:
    """Return the font that travels with a package of ours: no machine needs a Chinese font installed."""
    return str(Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf")
