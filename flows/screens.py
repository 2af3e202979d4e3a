"""Artifacts at stable keys (看板): written by the flows, updated in place, read by staff in the Prefect UI."""

from __future__ import annotations

from datetime import datetime

from prefect.artifacts import Artifact, create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate

from flows.steps.pages import pages
from flows.steps.workshop import Workshop


def publish(shop: Workshop, now: datetime) -> None:
    """Bring every page that changed up to date."""
    for page in pages(shop, now):
        show(page.key, page.title, page.markdown)


def show(key: str, title: str, markdown: str) -> None:
    """Show this page at ``/artifacts/artifact/key/<key>``: made the first time, replaced in place ever after.

    The key page renders the description of the latest version, so the page itself is put there; a history row per
    update would fill the database for nothing.
    """
    page = f"# {title}\n\n{markdown}"
    found = Artifact.get(key)
    if found is None or found.id is None:
        create_markdown_artifact(markdown=page, key=key, description=page)
        return
    if found.data == page:
        return
    with get_client(sync_client=True) as client:
        client.update_artifact(found.id, ArtifactUpdate(data=page, description=page))
