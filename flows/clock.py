"""The clock of a flow run (运行时钟): the present moment, or the one that its parameter fixes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from prefect import runtime

from flows.steps.workshop import system_now

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment_of(now: str) -> datetime:
    """Return the moment that a run works with; ``ValueError`` for one without a zone."""
    if not now:
        return system_now()
    moment = datetime.fromisoformat(now)
    if moment.tzinfo is None:
        message = f"“{now}”没有时区，应形如 2026-05-12T15:00+08:00"
        raise ValueError(message)
    return moment


def run_name() -> str:
    """Name a flow run by its flow and its moment in Shanghai, e.g. ``收信与审核 05-12 15:00``."""
    parameters = runtime.flow_run.get_parameters()
    moment = moment_of(str(parameters.get("now", "") or ""))
    return f"{runtime.flow_run.get_flow_name()} {moment.astimezone(_SHANGHAI):%m-%d %H:%M}"
