"""Lets OpenCV compute the demo's papers the same on every processor (处处相同的运算).

OpenCV chooses among several builds of a step by what the processor has (AVX2, AVX-512, Intel's own routines), and they
differ in the last bits; a made paper would then have other bytes, another size and another hash on each machine. What
every 64-bit machine of its kind has is slower, and the same everywhere.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import cv2

P = ParamSpec("P")
R = TypeVar("R")

_lock = threading.RLock()


def exactly(make: Callable[P, R]) -> Callable[P, R]:
    """Run a maker without the processor's own routines. The switch is the process's: makers run one at a time."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with _lock:
            optimised, intel = cv2.useOptimized(), cv2.ipp.useIPP()
            cv2.setUseOptimized(False)
            try:
                return make(*args, **kwargs)
            finally:
                cv2.setUseOptimized(optimised)
                cv2.ipp.setUseIPP(intel)

    return made
