"""Which store of bytes this installation uses (原件库的选择): the one place that names an implementation."""

from __future__ import annotations

from pathlib import Path

from store.blobs.folder import FolderBlobs
from store.blobs.protocol import Blobs

FOLDER = "blobs"
"""Name of the folder of bytes below the data folder and in a backup."""


def open_blobs(home: Path) -> Blobs:
    """Return the bytes that belong to this data folder, or to this backup."""
    return FolderBlobs(home / FOLDER)
