"""The mailbox in memory that step tests use: it passes the same contract as the real ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from flows.demo.letterbox import Folder, Letterbox
from flows.transport.folders import role_of
from flows.transport.ports import (
    FolderRefused,
    FolderStatus,
    Outcome,
    RemoteFolder,
    RemoteMail,
    Sending,
    TransportError,
)


@dataclass
class FakeMailbox:
    """A ``Mailbox`` over a ``Letterbox``. At each UID in ``break_at`` the line breaks once while it is fetched."""

    letterbox: Letterbox
    account: str = "me@163.example"
    greeting: str = "fake"
    break_at: list[int] = field(default_factory=list)
    uidvalidity: int | None = None
    """Given instead of the true one, as providers do that have none."""
    before_fetch: Callable[[int], None] | None = None
    newest_only: int | None = None
    """How many mails SEARCH lists, as where the web mailbox is set to "the last 30 days"."""
    given: dict[int, list[bytes | None]] = field(default_factory=dict)
    """What is given for a UID instead of its bytes, fetch by fetch; the last one for ever. None: ``BODY[] NIL``."""
    hidden: set[int] = field(default_factory=set)
    """UIDs that are listed and of which the server tells nothing else."""
    refused: dict[str, TransportError] = field(default_factory=dict)
    """Folders that are not opened, with what happens instead."""
    told: dict[int, RemoteMail] = field(default_factory=dict)
    """What is told of a UID instead of the truth."""
    fetched: list[int] = field(default_factory=list)
    dead: bool = False
    closed: bool = False

    def capabilities(self) -> frozenset[str]:
        self._alive()
        return frozenset({"IMAP4REV1", "ID"})

    def folders(self) -> tuple[RemoteFolder, ...]:
        self._alive()
        return tuple(
            RemoteFolder(one.name, role_of(one.name, (one.special.encode(),))) for one in self.letterbox.folders()
        )

    def examine(self, folder: str) -> FolderStatus:
        if folder in self.refused:
            self.dead = not isinstance(self.refused[folder], FolderRefused)
            raise self.refused[folder]
        found = self._folder(folder)
        told = found.uidvalidity if self.uidvalidity is None else self.uidvalidity
        return FolderStatus(folder, told, len(found.mails), found.next_uid)

    def uids(self, folder: str) -> tuple[int, ...]:
        uids = tuple(sorted(self._folder(folder).mails))
        return uids if self.newest_only is None else uids[len(uids) - self.newest_only :]

    def describe(self, folder: str, uids: Sequence[int]) -> dict[int, RemoteMail]:
        mails = self._folder(folder).mails
        return {
            uid: self.told.get(uid) or RemoteMail(uid, len(mails[uid].raw), mails[uid].received.replace(microsecond=0))
            for uid in uids
            if uid in mails and uid not in self.hidden
        }

    def fetch(self, folder: str, mail: RemoteMail, sink: BinaryIO) -> int | None:
        if self.before_fetch is not None:
            self.before_fetch(mail.uid)
        found = self._folder(folder).mails.get(mail.uid)
        if found is None:
            return None
        if mail.uid in self.break_at:
            self.break_at.remove(mail.uid)
            self.dead = True
            sink.write(found.raw[: len(found.raw) // 2])
            raise TransportError("127.0.0.1 在下载时断开，稍后会自动再试。")
        self.fetched.append(mail.uid)
        if answers := self.given.get(mail.uid):
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            return None if answer is None else sink.write(answer)
        return sink.write(found.raw)

    def headers(self, folder: str, uids: Sequence[int], names: Sequence[str]) -> dict[int, bytes]:
        mails = self._folder(folder).mails
        wanted = {name.lower().encode() for name in names}
        return {uid: _fields(mails[uid].raw, wanted) for uid in uids if uid in mails}

    def append_draft(self, folder: str, raw: bytes, at: datetime) -> None:
        self._folder(folder)
        self.letterbox.deliver(raw, at, folder)

    def close(self) -> None:
        self.closed = True

    def _folder(self, name: str) -> Folder:
        self._alive()
        found = self.letterbox.folder(name)
        if found is None:
            raise FolderRefused(f"127.0.0.1 的邮箱里没有文件夹“{name}”：请核对设置。")
        return found

    def _alive(self) -> None:
        if self.dead:
            raise TransportError("127.0.0.1 的连接已断开，稍后会自动再试。")


def _fields(raw: bytes, wanted: set[bytes]) -> bytes:
    chosen, keeping = b"", False
    for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        if line[:1] not in b" \t":
            keeping = line.partition(b":")[0].strip().lower() in wanted
        chosen += line + b"\r\n" if keeping else b""
    return chosen + b"\r\n"


@dataclass
class FakeSender:
    """A ``Sender`` that answers as told, one answer a letter; afterwards all goes well."""

    address: str = "me@163.example"
    answers: list[Sending] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)

    def send(self, raw: bytes, recipient: str) -> Sending:
        self.attempts.append(recipient)
        answer = self.answers.pop(0) if self.answers else Sending(Outcome.ACCEPTED, "250 ok", "q1")
        if answer.outcome in {Outcome.ACCEPTED, Outcome.LOST}:
            self.taken.append((recipient, raw))
        return answer

    def check(self) -> str:
        return "250 fake"
