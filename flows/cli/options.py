"""Options that several commands share (公用选项)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from flows.steps.workshop import system_now

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """An ISO 8601 moment with its zone."""

    name = "时刻"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment; refuses one without a zone, because nobody could say which moment it is."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是 ISO 8601 时刻，应形如 2026-05-12T15:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"“{value}”没有时区，应形如 2026-05-12T15:00+08:00", param, ctx)
        return moment


def now_option(function: F) -> F:
    """Add ``--now``, the clock of the run."""
    return click.option(
        "--now", type=Moment(), default=system_now, metavar="时刻", help="固定本次运行的时钟（ISO 8601，带时区）。"
    )(function)
