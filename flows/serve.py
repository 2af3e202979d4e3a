"""All deployments with their schedules (部署与日程), and the process that runs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from config.settings import Settings
from flows.deliver import deliver_letters
from flows.desk import FLOWS
from flows.digest import daily_digest, recommender_digests
from flows.orphans import crash_orphans
from flows.poll import poll_mailbox, reconcile_mailbox
from flows.remind import send_reminders

_ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
_ZONE = "Asia/Shanghai"
_OURS = "征集"
"""The tag of every deployment of ours."""
_NEVER_TWICE = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW, grace_period_seconds=60
)


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """Return every deployment: name, schedule, limit. A run that would overlap its predecessor is cancelled."""
    every = Interval(timedelta(seconds=settings.poll_seconds), anchor_date=_ANCHOR)
    scheduled: list[tuple[Flow[Any, Any], str, Any]] = [
        (poll_mailbox, "定时收信", every),
        (deliver_letters, "定时发信", Interval(timedelta(seconds=max(60, settings.poll_seconds)), anchor_date=_ANCHOR)),
        (daily_digest, "每日简报", Cron("30 8 * * *", timezone=_ZONE)),
        (recommender_digests, "推荐单位简报", Cron("45 8 * * *", timezone=_ZONE)),
        (send_reminders, "每日提醒", Cron("0 9 * * *", timezone=_ZONE)),
        (reconcile_mailbox, "每日对账", Cron("0 3 * * *", timezone=_ZONE)),
    ]
    made = [_deployment(flow, name, ["日程"], schedule=schedule) for flow, name, schedule in scheduled]
    return made + [_deployment(flow, flow.name, ["经办"]) for flow in FLOWS]


def serve_forever(settings: Settings, *, limit: int = 2) -> None:
    """Clean up after a crash, register every deployment, and run what is due until the process is ended."""
    crash_orphans()
    declared = deployments(settings)
    remove_undeclared({(one.flow_name or "", one.name) for one in declared})
    serve(*declared, limit=limit, pause_on_shutdown=False)


def remove_undeclared(declared: set[tuple[str, str]]) -> int:
    """Remove deployments of ours (by their tag) that no version declares any more; return how many.

    An older version named every operation 办理; their forms would stay in the list beside the new ones for ever.
    """
    wanted = DeploymentFilter(tags=DeploymentFilterTags(all_=[_OURS]))
    removed, offset = 0, 0
    with get_client(sync_client=True) as client:
        while found := client.read_deployments(deployment_filter=wanted, limit=200, offset=offset):
            names = {one.flow_id: client.read_flow(one.flow_id).name for one in found}
            old = [one for one in found if (names[one.flow_id], one.name) not in declared]
            for one in old:
                client.delete_deployment(one.id)
            removed += len(old)
            offset += len(found) - len(old)
    return removed


def _deployment(flow: Flow[Any, Any], name: str, tags: list[str], **schedule: Any) -> RunnerDeployment:
    made = flow.to_deployment(
        name,
        tags=[_OURS, *tags],
        description=flow.description,
        concurrency_limit=_NEVER_TWICE,
        entrypoint_type=EntrypointType.MODULE_PATH,
        **schedule,
    )
    if not isinstance(made, RunnerDeployment):
        message = "to_deployment was awaited where it must not be"
        raise TypeError(message)
    return made
