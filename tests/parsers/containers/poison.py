"""Readers that do what a hostile file may make a library do. The children of the tests load these by name."""

from __future__ import annotations

import ctypes
import socket
import subprocess
import sys
import time
from pathlib import Path


def crash() -> None:
    """End as a library in C ends that follows a wild pointer."""
    ctypes.string_at(0)


def hang() -> None:
    """Never come back."""
    time.sleep(600)


def gorge() -> int:
    """Ask for more memory than there is."""
    return len(b"x" * (64 << 30))


def burn() -> None:
    """Use up the processor."""
    while True:
        pass


def scribble(folder: Path) -> None:
    """Write a file that grows beyond the limit."""
    with (folder / "large").open("wb", buffering=0) as stream:
        stream.write(bytes(1000))
        stream.seek((256 << 20) + 1)
        stream.write(b"x")


def call_home(port: int) -> str:
    """Try to reach a server by every way there is."""
    tried = []
    for attempt in (
        lambda: socket.create_connection(("127.0.0.1", port), 1).close(),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: _by_program(port),
    ):
        try:
            attempt()
            tried.append("reached")
        except OSError as error:
            tried.append(type(error).__name__)
    return " ".join(tried)


def _by_program(port: int) -> None:
    code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    if done.returncode:
        raise OSError(done.returncode)


def ok() -> str:
    """Return at once."""
    return "ok"


def models_loaded() -> list[int]:
    """Say with how many threads each reader of this child runs; one reader, if models are loaded once."""
    from parsers.page import ocr  # noqa: PLC0415 - what the child itself has loaded

    return [reader.threads for reader in ocr._loaded]
