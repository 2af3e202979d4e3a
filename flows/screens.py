"""Artifacts at stable keys (看板): written by the flows, updated in place, read by staff in the Prefect UI."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path

from prefect.artifacts import Artifact, create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName

from flows.steps.desk.operations import OPERATIONS
from flows.steps.screens.pages import pages
from flows.steps.workshop import Workshop


def publish(shop: Workshop, now: datetime) -> None:
    """Bring every page up to date that would say something else than the last time it was shown."""
    path = shop.settings.home / "pages.json"
    known = _known(path) if Artifact.get("register") is not None else {}
    for page in pages(shop, now, operation_forms()):
        if known.get(page.key) != page.fingerprint:
            made = page.make()
            show(made.key, made.title, made.markdown)
            known[page.key] = page.fingerprint
    path.write_text(json.dumps(known), encoding="utf-8")


def operation_forms() -> dict[str, str]:
    """Return the address of each operation's form by the operation's name; empty where nothing is deployed."""
    office = DeploymentFilter(name=DeploymentFilterName(any_=[one.title for one in OPERATIONS]))
    with get_client(sync_client=True) as client:
        names = {flow.id: flow.name for flow in client.read_flows()}
        found = client.read_deployments(deployment_filter=office)
    return {names[one.flow_id]: f"/v2/deployments/deployment/{one.id}/run" for one in found if one.flow_id in names}


def show(key: str, title: str, markdown: str) -> None:
    """Show this page at ``/artifacts/key/<key>``: made the first time, replaced in place ever after.

    The key page renders the description of the latest version, so the page itself is put there; a history row per
    update would fill the database for nothing.
    """
    page = f"# {title}\n\n{markdown}"
    found = Artifact.get(key)
    assert not isinstance(found, Coroutine)  # Outside an event loop Prefect answers at once.
    if found is None or found.id is None:
        create_markdown_artifact(markdown=title, key=key, description=page)
        return
    with get_client(sync_client=True) as client:
        client.update_artifact(found.id, ArtifactUpdate(description=page))


def _known(path: Path) -> dict[str, str]:
    """Return what was shown last, by key; a lost or damaged note only means that all is shown again."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
