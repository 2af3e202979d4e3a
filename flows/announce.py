"""Events for automations (事件发布): what the steps did, told to the Prefect server;"""

from __future__ import annotations

from prefect.events import emit_event
from prefect.logging.handlers import APILogHandler

from flows.steps.events import Event


def announce(*happened: tuple[Event, ...]) -> None:
    """Emit these events, in order."""
    for event in (one for group in happened for one in group):
        emit_event(
            event.name,
            resource={"prefect.resource.id": f"zhengji.{event.about}", "prefect.resource.name": event.about},
            payload=dict(event.facts),
        )


def hand_over_logs() -> None:
    """Wait until the server has the log lines of the runs in this process; before it is ended, not after."""
    APILogHandler().flush()
