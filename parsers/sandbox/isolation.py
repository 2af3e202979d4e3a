"""What the system takes away from a reading process (隔离): the network, the rest of the data folder, our secrets.

Three means, each of them open to any user: a network namespace without interfaces, a seccomp filter that refuses every
socket but local ones (LibreOffice needs those), and Landlock, which closes the data folder but for the process's own
input. Why by ``prctl`` and not by a library: docs/decisions/0050-what-a-reading-process-may-do.md.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
"""Let the call through; fail it with EACCES."""
_NUMBER_AT, _MACHINE_AT, _FAMILY_AT = 0, 4, 16
_LOCAL_FAMILY = 1
_OTHER_TABLE = 0x40000000
"""Numbers from here on are the second table of x86-64 (x32), which reaches the same calls by other numbers."""

_IO_URING, _PIDFD_GETFD = 425, 438
_MACHINES = {
    "x86_64": (0xC000003E, 41, (101, 310, 311)),
    "aarch64": (0xC00000B7, 198, (117, 270, 271)),
}
"""Of each machine: its mark, the number of ``socket``, and those of ``ptrace``, ``process_vm_readv`` and
``process_vm_writev``, by which another process of ours could be read."""

_MAKE_RULES, _ADD_RULE, _TAKE_RULES, _ASK_VERSION = 444, 445, 446, 1
_RIGHTS = {1: 0x1FFF, 2: 0x3FFF}
_MOST_RIGHTS = 0x7FFF
_OF_A_SOCKET = 1 << 9 | 1 << 5
"""Make a local socket, and remove it."""
_PIPES = Path("/tmp")  # noqa: S108 - where LibreOffice makes its socket
_RIGHTS_OF_A_FILE = 0x4007
"""Run, write, read and shorten; the others are about what lies in a folder."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """What could be taken away."""

    namespace: bool
    """The network is one without interfaces."""
    sockets: bool
    """Only local sockets can be made."""
    folder: bool
    """The data folder is closed but for what was named."""

    @property
    def no_network(self) -> bool:
        """Whether nothing can be reached."""
        return self.namespace or self.sockets


def isolate(closed: Path | None, own: tuple[Path, ...]) -> Isolation:
    """Take network and data folder away from this process and all it will start, for good.

    ``closed`` is the data folder, None for none; ``own`` lies in it and stays open.
    """
    library = ctypes.CDLL(None, use_errno=True)
    namespace = leave_network(library)
    # Without this an ordinary user may set neither filter nor rules.
    library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    folder = closed is not None and _close_folder(library, closed, own)
    return Isolation(namespace, _refuse_sockets(library), folder)


def leave_network(library: ctypes.CDLL) -> bool:
    """Move this process into a network of its own without any interface; False where the system forbids it."""
    with suppress(OSError, AttributeError):
        return bool(library.unshare(_NEW_NETWORK) == 0 or library.unshare(_NEW_USER | _NEW_NETWORK) == 0)
    return False


def _refuse_sockets(library: ctypes.CDLL) -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.byteorder != "little":
        return False
    program = _program(*machine)
    kept = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(kept)))
    return bool(library.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(described), 0, 0) == 0)


def _program(mark: int, socket_call: int, others: tuple[int, ...]) -> bytes:
    """Return the filter: what to do with each call of the system, in the kernel's own small language."""
    refused = (*others, _IO_URING, _PIDFD_GETFD)
    lines = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, mark),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for number in refused:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    lines += [
        (_EQUAL, 1, 0, socket_call),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FAMILY_AT),
        (_EQUAL, 0, 1, _LOCAL_FAMILY),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _close_folder(library: ctypes.CDLL, closed: Path, own: tuple[Path, ...]) -> bool:
    """Leave open all but this folder: Landlock only opens, so every neighbour on the way down to it is named."""
    call = library.syscall
    version = call(_MAKE_RULES, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    rights = _RIGHTS.get(version, _MOST_RIGHTS)
    asked = struct.pack("=Q", rights)
    rules = call(_MAKE_RULES, asked, ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        return False
    try:
        for path in (*_beside(closed.resolve()), *(one.resolve() for one in own)):
            _open_path(library, rules, path, rights)
        if _PIPES in closed.resolve().parents:
            # LibreOffice makes its local socket there whatever it is told; nothing is read or overwritten by it.
            _open_path(library, rules, _PIPES, _OF_A_SOCKET)
        return bool(call(_TAKE_RULES, rules, 0) == 0)
    finally:
        os.close(rules)


def _beside(closed: Path) -> Iterator[Path]:
    """Give every file and folder that lies beside the path or beside a folder above it."""
    below = closed
    for above in closed.parents:
        with suppress(OSError):
            yield from (path for path in above.iterdir() if path != below and not path.is_symlink())
        below = above


def _open_path(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        number = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if stat.S_ISDIR(os.fstat(number).st_mode) else rights & _RIGHTS_OF_A_FILE
        library.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", allowed, number), 0)
    finally:
        os.close(number)
