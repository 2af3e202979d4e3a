"""Runs that a crash left behind (遗留运行): marked as crashed at the start, so that they hold no slot."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

_LIVE = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def crash_orphans() -> int:
    """Mark every run that claims to be running as crashed; return how many. Only for the one host that runs flows.

    Suspended runs wait for a person and are left alone.
    """
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_LIVE)))
    count = 0
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_run_filter=wanted, limit=200):
            for run in runs:
                client.set_flow_run_state(run.id, Crashed(message="服务重新启动，该运行已中断"), force=True)
            count += len(runs)
    return count
