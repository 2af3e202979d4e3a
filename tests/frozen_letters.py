"""The bytes of a letter, put together from the blobs as they go out."""

from __future__ import annotations

from store.engine import Store
from store.frozen import thaw
from store.letters import outbox
from store.tables import LetterRow


def bytes_of(store: Store, row: LetterRow | None) -> bytes:
    """Return the frozen bytes of a letter."""
    assert row is not None
    return thaw(store.blobs, outbox.frozen_of(row))
