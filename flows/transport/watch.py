"""Ends a command that takes too long (超时看守), however alive the line seems.

A socket timeout only limits silence: a server that sends one byte a minute would hold us for ever. One thread for each
connection looks at the clock twice a second and shuts the socket down when the command's time is over; the reader then
sees the end of the stream.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator


class Watch:
    """Guards one connection. ``line`` gives the socket in use (STARTTLS replaces it)."""

    def __init__(self, line: Callable[[], socket.socket], seconds: float) -> None:
        self._line = line
        self._seconds = seconds
        self._until: float | None = None
        self._over = threading.Event()
        self.fired = False
        self._thread = threading.Thread(target=self._look, name="transport-watch", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def command(self) -> Iterator[None]:
        """Limit what happens inside to the command's time."""
        self._until = time.monotonic() + self._seconds
        try:
            yield
        finally:
            self._until = None

    def close(self) -> None:
        """Stop looking."""
        self._over.set()

    def _look(self) -> None:
        pace = min(0.5, self._seconds / 4)
        while not self._over.wait(pace):
            until = self._until
            if until is not None and time.monotonic() > until:
                self.fired = True
                with contextlib.suppress(OSError):
                    self._line().shutdown(socket.SHUT_RDWR)
                return
