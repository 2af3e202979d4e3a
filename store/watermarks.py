"""Small facts that survive a restart (水位与开关): pauses, switches, who holds a lease."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, select

from store.tables import WatermarkRow


def get(session: Session, key: str) -> str | None:
    """Return what is written under this key; None where nothing is."""
    row = session.get(WatermarkRow, key)
    return None if row is None else row.value


def put(session: Session, key: str, value: str, at: datetime) -> None:
    """Write this under the key, over whatever was there."""
    row = session.get(WatermarkRow, key)
    if row is None:
        session.add(WatermarkRow(key=key, value=value, at=at))
    else:
        row.value, row.at = value, at
        session.add(row)
    session.flush()


def written_at(session: Session, key: str) -> datetime | None:
    """Return when the key was last written; None where it is unknown."""
    row = session.get(WatermarkRow, key)
    return None if row is None else row.at


def drop(session: Session, key: str) -> None:
    """Forget the key; does nothing where it is unknown."""
    session.exec(delete(WatermarkRow).where(col(WatermarkRow.key) == key))


def moment(session: Session, key: str) -> datetime | None:
    """Return the moment that was written under this key by ``put_moment``."""
    value = get(session, key)
    return datetime.fromisoformat(value) if value else None


def put_moment(session: Session, key: str, value: datetime, at: datetime) -> None:
    """Write a moment under the key."""
    put(session, key, value.isoformat(), at)


def starting_with(session: Session, prefix: str) -> dict[str, str]:
    """Return all keys that start with this prefix, with their values."""
    rows = session.exec(select(WatermarkRow).where(col(WatermarkRow.key).startswith(prefix, autoescape=True)))
    return {row.key: row.value for row in rows}
