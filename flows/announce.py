"""Events for automations (事件发布): what the steps did, told to the Prefect server; ``docs/events.md`` lists all."""

from __future__ import annotations

from prefect.events import emit_event

from flows.steps.events import Event


def announce(*happened: tuple[Event, ...]) -> None:
    """Emit these events, in order."""
    for event in (one for group in happened for one in group):
        emit_event(
            event.name,
            resource={"prefect.resource.id": f"zhengji.{event.about}", "prefect.resource.name": event.about},
            payload=dict(event.facts),
        )
