"""What a reading process may do (受限进程): little memory, little time, no network. Runs inside the child.

Limits of the operating system hold against libraries in C; the audit hook holds against Python code where the
system does not let us leave the network.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.process import forget_environment
from parsers.containers.unpack import Unpacked
from parsers.facts.context import ReadContext
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading
from parsers.facts.spool import FolderSpool
from parsers.look.dispatch import look_at
from parsers.mail.message import DecodedMail, MailPart, decode_mail
from parsers.read import FileReading, compose, open_parts, read_file, read_message
from parsers.sandbox.isolation import isolate

_FORBIDDEN = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo")
_MOST_OPEN_FILES = 256
_MOST_THREADS = 4
"""More cores than this do not make one page quicker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may use. Memory is address space in bytes, of which the OCR engine alone maps much."""

    memory_bytes: int = 4 << 30
    cpu_seconds: int = 120
    file_bytes: int = 256 << 20
    threads: int = 1
    """Cores that a model of the OCR engine may use; processor time is counted over all of them."""


@dataclass(slots=True)
class _Cell:
    """What this process was given when it started."""

    spool: FolderSpool
    context: ReadContext
    own_addresses: tuple[str, ...]
    limits: Limits


_cell: _Cell | None = None


def settle(
    spool_folder: Path,
    context: ReadContext,
    own_addresses: tuple[str, ...],
    limits: Limits,
    closed: Path | None = None,
) -> None:
    """Take up the limits for good. Called once, before anything hostile is touched."""
    global _cell  # noqa: PLW0603 - a worker process has one cell for its whole life
    _cell = _Cell(FolderSpool(spool_folder), context, own_addresses, limits)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_OPEN_FILES, _MOST_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from parsers.page.ocr import share_cores  # noqa: PLC0415 - loads OpenCV, which the parent of the children does without

    share_cores(limits.threads)
    temporary = spool_folder / "tmp"
    temporary.mkdir(exist_ok=True)
    tempfile.tempdir = str(temporary)
    own = {"HOME": str(temporary), "TMPDIR": str(temporary)}
    forget_environment({"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **own})
    isolate(closed, tuple(path for path in (spool_folder, Path(context.remembers)) if str(path) != "."))
    sys.addaudithook(_refuse_network)
    # What a library murmurs about a damaged file is said by our own Problems; its words may hold personal data.
    for name in ("pypdf", "PIL", "openpyxl", "mailparser"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def fair_threads(workers: int) -> int:
    """Return how many cores each of so many workers may use, at least one, so that all together fit the machine."""
    return max(1, min(_MOST_THREADS, len(os.sched_getaffinity(0)) // max(workers, 1)))


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN and not _is_local(arguments):
        raise PermissionError(f"a reading process has no network ({event})")


def _is_local(arguments: tuple[object, ...]) -> bool:
    """Whether this is a Unix socket, by which worker processes talk to each other."""
    return len(arguments) > 1 and isinstance(arguments[1], (str, bytes)) and hasattr(arguments[0], "fileno")


def _begin() -> _Cell:
    """Give the coming task its share of processor time; what earlier tasks used does not count."""
    assert _cell is not None
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + _cell.limits.cpu_seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    return _cell


def read_mail_task(raw: Path, received: datetime | None, passwords: tuple[str, ...] = ()) -> MailReading:
    """Read a whole mail; ``passwords`` were told in other mails."""
    cell, data = _begin(), raw.read_bytes()
    return read_message(
        data, cell.spool, cell.context, cell.own_addresses, received, clock=time.monotonic, passwords=passwords
    )


def decode_task(raw: Path) -> DecodedMail:
    """Read only what the mail itself says, and lay its parts into the spool."""
    cell = _begin()
    return decode_mail(raw.read_bytes(), cell.spool)


def open_task(mail: DecodedMail, part: MailPart, passwords: tuple[str, ...] = ()) -> Unpacked:
    """Open one part of a mail; ``passwords`` were told in other mails."""
    cell = _begin()
    return open_parts(mail, (part,), cell.spool, time.monotonic, passwords)


def look_task(sha256: str, name: str, kind: str) -> Look:
    """Look into one file that lies in the spool."""
    cell = _begin()
    return look_at(cell.spool.get(sha256), name, kind, cell.spool, cell.context)


def compose_task(
    sha256: str, mail: DecodedMail, unpacked: Unpacked, looks: dict[str, Look], received: datetime | None
) -> MailReading:
    """Put a mail together from what was read of its parts one by one."""
    cell = _begin()
    return compose(sha256, mail, unpacked, looks, cell.context, cell.own_addresses, received)


def read_file_task(name: str, sha256: str) -> FileReading:
    """Read a single file that lies in the spool."""
    cell = _begin()
    return read_file(name, cell.spool.get(sha256), cell.spool, cell.context, clock=time.monotonic)
