"""A proxy in front of Dovecot with the manners of Chinese providers (notes mail.md 1.1): real storage, odd answers."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_CODE = re.compile(rb"\[CAPABILITY [^\]]*\] ?")


@dataclass(frozen=True)
class Manners:
    """What a provider does differently from Dovecot."""

    greeting: bytes
    capabilities: bytes
    gates_on_id: bool = False
    hides_uidnext: bool = False
    uidvalidity: bytes | None = b"kept"
    """``kept``, a constant for the inbox, or None where none is given."""
    keywords: bool = False
    refused: frozenset[bytes] = frozenset()
    search: str = "empty"
    """What a search other than ALL gives: ``empty`` or ``bad``."""


NETEASE = Manners(
    greeting=b"* OK Coremail System IMap Server Ready(163com[10774b260cc7a37d26d71b52404dcf5c])\r\n",
    capabilities=b"IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS APPENDLIMIT=71680000 UIDPLUS X-CM-EXT-1",
    gates_on_id=True,
    hides_uidnext=True,
    uidvalidity=b"1",
    refused=frozenset({b"IDLE", b"MOVE", b"ENABLE", b"SORT", b"UNSELECT", b"NAMESPACE", b"CONDSTORE"}),
)
QQ = Manners(
    greeting=b"* OK [CAPABILITY IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN NAMESPACE] QQMail XMIMAP4Server ready\r\n",
    capabilities=b"IMAP4 IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS",
    refused=frozenset({b"ENABLE", b"SORT", b"UNSELECT"}),
    search="bad",
)
EXMAIL = Manners(
    greeting=b"* OK [CAPABILITY IMAP4 IMAP4rev1 AUTH=LOGIN] IMAP4 server ready\r\n",
    capabilities=b"IMAP4 IMAP4rev1 XLIST IDLE UIDPLUS",
    uidvalidity=None,
    refused=frozenset({b"ENABLE", b"SORT", b"UNSELECT", b"ID"}),
    search="bad",
)


class Provider:
    """The proxy. ``ids`` counts ID commands, ``logins`` counts connections that logged in."""

    def __init__(self, manners: Manners, dovecot_port: int) -> None:
        self.manners = manners
        self.port = 0
        self.ids = 0
        self.logins = 0
        self._target = dovecot_port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        for _ in range(5):
            self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target, limit=1 << 20)
            try:
                await inner_reader.readline()
                writer.write(self.manners.greeting)
                line = _Line(self, reader, writer, inner_reader, inner_writer)
                tasks = [asyncio.create_task(line.to_server()), asyncio.create_task(line.to_client())]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()
            finally:
                inner_writer.close()
        writer.close()


@dataclass
class _Line:
    """One connection through the proxy."""

    provider: Provider
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    inner_reader: asyncio.StreamReader
    inner_writer: asyncio.StreamWriter
    said_id: bool = False
    in_inbox: bool = False

    async def to_server(self) -> None:
        while line := await self.reader.readline():
            answer = self._own_answer(line)
            if answer is not None:
                self.writer.write(answer)
                continue
            self.inner_writer.write(line)
            literal = _LITERAL.search(line)
            while literal:
                await _copy(self.reader, self.inner_writer, int(literal[1]))
                line = await self.reader.readline()
                self.inner_writer.write(line)
                literal = _LITERAL.search(line)

    async def to_client(self) -> None:
        while line := await self.inner_reader.readline():
            changed = self._changed(line)
            if changed:
                self.writer.write(changed)
            if literal := _LITERAL.search(line):
                await _copy(self.inner_reader, self.writer, int(literal[1]))
            await self.writer.drain()

    def _own_answer(self, line: bytes) -> bytes | None:
        manners = self.provider.manners
        tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
        words = rest.upper().split(b" ")
        verb = words[1] if words[0] == b"UID" and len(words) > 1 else words[0]
        if verb in manners.refused:
            return tag + b" BAD command not support\r\n"
        if verb == b"CAPABILITY":
            return b"* CAPABILITY " + manners.capabilities + b"\r\n" + tag + b" OK CAPABILITY completed\r\n"
        if verb == b"LOGIN":
            self.provider.logins += 1
        if verb == b"ID":
            self.said_id = True
            self.provider.ids += 1
        if verb in {b"SELECT", b"EXAMINE"}:
            if manners.gates_on_id and not self.said_id:
                return tag + b" NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"
            self.in_inbox = b"INBOX" in words[1]
        if verb == b"SEARCH" and words[-1] != b"ALL":
            if manners.search == "bad":
                return tag + b" BAD UID SEARCH invalid argument\r\n"
            return b"* SEARCH\r\n" + tag + b" OK SEARCH completed\r\n"
        return None

    def _changed(self, line: bytes) -> bytes:
        manners = self.provider.manners
        line = _CODE.sub(b"", line)
        if line.startswith(b"* OK [UNSEEN") or b"[HIGHESTMODSEQ" in line:
            return b""
        if b"[UIDNEXT" in line and manners.hides_uidnext:
            return b""
        if b"[UIDVALIDITY" in line and line.startswith(b"* OK"):
            if manners.uidvalidity is None:
                return b""
            if manners.uidvalidity != b"kept" and self.in_inbox:
                return b"* OK [UIDVALIDITY " + manners.uidvalidity + b"] UIDs valid\r\n"
        if b"[PERMANENTFLAGS" in line and not manners.keywords:
            return line.replace(b" \\*", b"")
        if line.startswith(b"* STATUS") and manners.hides_uidnext:
            return re.sub(rb" ?UIDNEXT \d+", b"", line)
        return line


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter, count: int) -> None:
    while count:
        data = await source.read(min(count, 1 << 16))
        if not data:
            raise asyncio.IncompleteReadError(b"", count)
        sink.write(data)
        await sink.drain()
        count -= len(data)


@contextlib.contextmanager
def running_provider(manners: Manners, dovecot_port: int) -> Iterator[Provider]:
    provider = Provider(manners, dovecot_port)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
