"""Runs the migrations on the connection that ``store.engine.upgrade`` hands over."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from store.columns import OneOf, UtcTime


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write plain SQL types into the revisions, so that an old revision never changes with our own types."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, OneOf):
        return "sa.String()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if isinstance(item, sa.String) and item.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
