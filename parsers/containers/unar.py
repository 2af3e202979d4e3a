"""What libarchive cannot unpack, through the program unar (外部解压程序): solid and encrypted RAR of Debian 12's day.

The archive is written under a name of ours into a new temporary folder; the content comes back through a pipe
(``unar -o -``), so that no name out of the archive reaches the disk.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parsers.containers.budget import Meter

_CPU_SECONDS = 30
_MEMORY = 2 << 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry as lsar lists it, directories left out."""

    index: int
    name: str
    size: int
    is_link: bool
    encrypted: bool


def is_installed() -> bool:
    """Whether both programs are there."""
    return shutil.which("unar") is not None and shutil.which("lsar") is not None


@contextmanager
def laid_down(data: bytes) -> Iterator[Path]:
    """Write the archive where unar can read it, and nothing else can be in the way."""
    with tempfile.TemporaryDirectory(prefix="zhengji-") as folder:
        path = Path(folder) / "archive"
        path.write_bytes(data)
        yield path


def list_entries(path: Path, password: str | None) -> tuple[Listed, ...] | None:
    """Return the entries; None where the password is wrong or the archive is beyond reading."""
    command = ["lsar", "-j", *_password(password), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, and the path is ours
            command,
            capture_output=True,
            timeout=_CPU_SECONDS,
            check=False,
            preexec_fn=_limit,
        )
        listing = json.loads(done.stdout.decode("utf-8", "replace"))
        entries = listing.get("lsarContents") or []
    except (subprocess.TimeoutExpired, ValueError, OSError, AttributeError):
        return None
    if listing.get("lsarError") and not entries:
        return None
    return tuple(
        Listed(
            index=int(entry.get("XADIndex", number)),
            name=str(entry.get("XADFileName", "")),
            size=int(entry.get("XADFileSize", 0)),
            is_link=bool(entry.get("XADIsLink")),
            encrypted=bool(entry.get("XADIsEncrypted")),
        )
        for number, entry in enumerate(entries)
        if isinstance(entry, dict) and not entry.get("XADIsDirectory")
    )


def read_entry(path: Path, index: int, password: str | None, meter: Meter) -> tuple[bytes, bool]:
    """Return one entry's content, and whether unar was content with it."""
    command = ["unar", "-q", "-nr", "-k", "skip", "-o", "-", *_password(password), "-i", str(path), str(index)]
    out = bytearray()
    with subprocess.Popen(  # noqa: S603 - fixed program, and the path is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=_limit,  # noqa: PLW1509 - it only sets limits; the parsers start no threads
    ) as process:
        assert process.stdout is not None
        try:
            while block := process.stdout.read(1 << 18):
                meter.add(len(block))
                out += block
        finally:
            process.stdout.close()
            if process.poll() is None:
                try:
                    process.wait(1)
                except subprocess.TimeoutExpired:
                    process.kill()
    return bytes(out), process.returncode == 0


def _password(password: str | None) -> Sequence[str]:
    # An empty password makes unar fail instead of asking at a terminal.
    return ["-p", password or ""]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
