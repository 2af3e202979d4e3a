"""Runs one reading in a forked child that may use 300 MB and 2 seconds of processor time, and not a bit more."""

from __future__ import annotations

import gc
import math
import os
import pickle
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

MEMORY = 300_000_000
SECONDS = 2


class Violation(AssertionError):  # noqa: N818 - reads as a sentence in the report
    """The child passed a limit, or failed."""


def confined(work: Callable[[], Result], memory: int = MEMORY, seconds: int = SECONDS) -> Result:
    """Return what ``work`` returns; raise ``Violation`` where it needs more memory or time than allowed."""
    gc.collect()
    inlet, outlet = os.pipe()
    child = os.fork()
    if not child:
        _live(work, inlet, outlet, memory, seconds)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise Violation(f"the child was killed by {signal.Signals(os.WTERMSIG(status)).name}")
    kind, value = pickle.loads(answer) if answer else ("failed", f"exit status {os.WEXITSTATUS(status)}")
    if kind != "returned":
        raise Violation(value)
    result: Result = value
    return result


def _live(work: Callable[[], Result], inlet: int, outlet: int, memory: int, seconds: int) -> None:
    os.close(inlet)
    try:
        mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        answer = ("returned", work())
    except BaseException as error:  # noqa: BLE001 - the parent must hear of everything
        answer = ("failed", f"{type(error).__name__}: {error}")
    with os.fdopen(outlet, "wb") as pipe:
        pipe.write(pickle.dumps(answer))
    os._exit(0)
