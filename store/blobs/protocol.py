"""What any store of bytes can do (原件库的约定), be it a folder or, later, an object store beyond this machine.

Bytes are named by the lower-case hexadecimal SHA-256 of their content, so putting them twice is harmless. Nothing is
ever handed out that has not been proved against its name: whoever gets bytes gets the ones that were put.
``tests/store/test_blobs_contract.py`` holds what every implementation must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

_HASH = re.compile(r"[0-9a-f]{64}")


class DamagedBlob(KeyError):  # noqa: N818 - it says what is found
    """Bytes lie under this hash that are not the ones that were put. To a reader they are as good as gone."""


class Blobs(Protocol):
    """Bytes by content. ``KeyError`` for whatever is not here, ``DamagedBlob`` (one of them) for what is not whole."""

    def put(self, data: bytes | Path) -> str:
        """Keep these bytes, or the content of this file, and return the SHA-256.

        Once it has returned they survive a power cut. What lies here damaged is healed by the same bytes.
        """

    def adopt(self, spool_folder: Path, sha256: str) -> None:
        """Take over a file of a flat spool folder; ``KeyError`` where it is neither there nor already here whole."""

    def exists(self, sha256: str) -> bool:
        """Whether something is kept under this hash; cheap, and no proof that it is whole."""

    def size(self, sha256: str) -> int | None:
        """Return how many bytes are kept under this hash; None where nothing is."""

    def verify(self, sha256: str) -> bool:
        """Whether the bytes are here and still have their hash."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proved; the name by which readers know ``read`` (``parsers.facts.spool.Spool``)."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes, proved."""

    def open(self, sha256: str) -> BinaryIO:
        """Open the bytes for reading, proved."""

    def path_for_reading(self, sha256: str) -> Path:
        """Return a file of this machine that holds the bytes, proved, for a child process. Not to be written to."""

    def copy_to(self, sha256: str, target: Path) -> None:
        """Write the bytes into a new file of its own, proved; a change of that file never reaches the original."""

    def hashes(self, after: str = "") -> Iterator[str]:
        """Give every hash under which something is kept, in order, those up to ``after`` left out."""

    def mark(self) -> str:
        """Return which site these bytes belong to; empty where nobody said so yet."""

    def set_mark(self, site: str) -> None:
        """Write down which site these bytes belong to."""


def read_if_whole(blobs: Blobs, sha256: str) -> bytes | None:
    """Return the bytes; None where they are gone or are not the ones that were put."""
    try:
        return blobs.read(sha256)
    except KeyError:
        return None


def is_hash(text: str) -> bool:
    """Whether this is the name of bytes, and so can never lead anywhere else."""
    return bool(_HASH.fullmatch(text))
