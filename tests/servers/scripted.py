"""An IMAP server that says what it is told (照本宣科的服务器): for answers that no sound server gives."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping

Answer = bytes | Callable[[bytes], bytes]


def _serve(listener: socket.socket, answers: Mapping[str, Answer]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client, contextlib.suppress(OSError), client.makefile("rb") as lines:
            client.sendall(_said(answers.get("greeting", b"* OK ready\r\n"), b""))
            for line in lines:
                tag, _, rest = line.strip().partition(b" ")
                words = rest.upper().split(b" ")
                verb = (words[1] if words[0] == b"UID" else words[0]).decode("ascii", errors="replace")
                answer = _said(answers.get(verb, USUAL.get(verb, b"$ BAD unknown\r\n")), line)
                client.sendall(answer.replace(b"$", tag))
                if not answer.endswith(b"\r\n") or b"* BYE" in answer:
                    break


def _said(answer: Answer, line: bytes) -> bytes:
    return answer if isinstance(answer, bytes) else answer(line)


USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 ID\r\n$ OK done\r\n",
    "LOGIN": b"$ OK in\r\n",
    "ID": b"* ID NIL\r\n$ OK done\r\n",
    "LIST": b'* LIST () "/" INBOX\r\n$ OK done\r\n',
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n$ OK [READ-ONLY] done\r\n",
    "SEARCH": b"* SEARCH 1\r\n$ OK done\r\n",
    "FETCH": b'* 1 FETCH (UID 1 RFC822.SIZE 3 INTERNALDATE "01-May-2026 00:00:00 +0800" BODY[] {3}\r\nabc)\r\n'
    b"$ OK done\r\n",
    "LOGOUT": b"* BYE\r\n$ OK\r\n",
}


@contextlib.contextmanager
def scripted_server(answers: Mapping[str, Answer]) -> Iterator[int]:
    """Run it on a free port. ``$`` in an answer stands for the command's tag; no line end at its end cuts the line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, answers), daemon=True).start()
        yield listener.getsockname()[1]
