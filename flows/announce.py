"""Events for automations (事件发布): what the steps report, told to the Prefect server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from prefect.events import emit_event

from flows.steps.events import Event


class Reports(Protocol):
    """A report of a step that names the events it stands for."""

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, in order."""


def announce(*reports: Reports) -> None:
    """Emit every event of these reports; ``docs/events.md`` lists them."""
    for event in _all(reports):
        emit_event(
            event.name,
            resource={"prefect.resource.id": f"zhengji.{event.about}", "prefect.resource.name": event.about},
            payload=dict(event.facts),
        )


def _all(reports: Iterable[Reports]) -> Iterable[Event]:
    for report in reports:
        yield from report.events
