"""A line that breaks (断线、停顿、慢速): a TCP proxy that cuts, stalls or trickles what the server says."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class BadLine:
    """``after`` bytes from the server are let through untouched on each of the next ``times`` connections.

    Then ``fault`` happens: ``cut``, ``reset``, ``stall`` or ``trickle`` (a byte every tenth of a second). Further
    connections are sound.
    """

    target: int
    port: int = 0
    fault: str = "cut"
    after: int = 0
    times: int = 0
    connections: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            broken = self.times > 0
            self.times -= broken
            server = socket.create_connection(("127.0.0.1", self.target))
            self._sockets += [client, server]
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, broken), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, broken: bool) -> None:
        left = self.after
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if broken and len(data) > left:
                    sink.sendall(data[:left])
                    self._break(data[left:], source, sink)
                    return
                left -= len(data)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _break(self, rest: bytes, source: socket.socket, sink: socket.socket) -> None:
        if self.fault == "stall":
            self._over.wait(60)
        if self.fault == "trickle":
            for byte in rest * 1000:
                if self._over.wait(0.1):
                    break
                sink.sendall(bytes([byte]))
        if self.fault == "reset":
            sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def stop(self) -> None:
        self._over.set()
        time.sleep(0)
        for one in self._sockets:
            one.close()


@contextlib.contextmanager
def bad_line(target: int) -> Iterator[BadLine]:
    listener = socket.create_server(("127.0.0.1", 0))
    line = BadLine(target, port=listener.getsockname()[1])
    threading.Thread(target=line.serve, args=(listener,), daemon=True).start()
    try:
        yield line
    finally:
        listener.close()
        line.stop()
