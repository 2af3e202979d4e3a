"""Hostile bytes are read elsewhere (隔离读取): in warm child processes that may die without taking anything along.

A mail is read whole in one call. Where that call is killed (time, memory, a crash in a library), the mail is read
again piece by piece, each file in a call of its own, so that one poisonous file becomes one unreadable leaf.
Children come from a fork server that has the readers loaded: replacing a dead one costs 0.06 s instead of 1.3 s.
"""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from config.process import extend_environment
from parsers.containers.unpack import Unpacked
from parsers.facts.account import EntryAccount
from parsers.facts.context import ReadContext
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import FolderSpool
from parsers.mail.message import DecodedMail, MailPart
from parsers.read import FileReading
from parsers.sandbox import child

Result = TypeVar("Result")

_TASKS_PER_CHILD = 200
"""A child is replaced after so many tasks: the OCR engine's memory grows with the variety of page sizes."""

_MOST_KILLED = 5
"""Once so many children died over the pieces of one mail, the rest of its files is left unread."""

_PRELOADED = ["parsers.sandbox.child", "parsers.look.word_files", "parsers.look.papers"]
_SEND_AGAIN = "请检查该文件能否正常打开，另存后重新发送。"


class Killed(Exception):  # noqa: N818 - says what happened to the child, not what we did wrong
    """A reading did not come to its end. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Patience:
    """Counts the children that died over one mail: a mail of five hundred poisonous files must end some time."""

    def __init__(self) -> None:
        self.lost = 0

    def check(self) -> None:
        """Raise ``Killed`` where enough children have died."""
        if self.lost >= _MOST_KILLED:
            raise Killed(_killed("reader-given-up", f"这封来信已有 {_MOST_KILLED} 个文件读取失败，其余未再读取。"))


class Reader:
    """Reads mails and files in children with limits.

    ``seconds`` is the wall time that one call may take, ``memory_bytes`` the address space of a child,
    ``threads`` the cores that a model may use there (0: the machine's, shared among the workers). Leaves are laid
    into ``spool_folder``. ``closed`` is the data folder: of all that lies in it, a child sees only the
    spool, the looks and the one mail that it reads. Use as a context manager, or call ``close``.
    """

    def __init__(
        self,
        spool_folder: Path,
        context: ReadContext,
        own_addresses: tuple[str, ...] = (),
        *,
        workers: int = 1,
        seconds: float = 120.0,
        memory_bytes: int = 4 << 30,
        threads: int = 0,
        closed: Path | None = None,
    ) -> None:
        self.spool = FolderSpool(spool_folder)
        self._seconds = seconds
        spool_folder.mkdir(parents=True, exist_ok=True)
        # The fork server would look for ``queue`` or ``email`` in the working folder first.
        extend_environment({"PYTHONSAFEPATH": "1"})
        forking = multiprocessing.get_context("forkserver")
        forking.set_forkserver_preload(_PRELOADED)
        cores = threads or child.fair_threads(workers)
        limits = child.Limits(memory_bytes, cpu_seconds=int(seconds) * cores + 1, threads=cores)
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_PER_CHILD,
            initializer=child.settle,
            initargs=(spool_folder, context, own_addresses, limits, closed),
            context=forking,
        )

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the children."""
        self.close()

    def close(self) -> None:
        """Stop the children; what they are reading is given up."""
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves this one without types
        self._pool.join()

    def read(self, raw: bytes | Path, received: datetime | None = None, passwords: tuple[str, ...] = ()) -> MailReading:
        """Read one mail, given as bytes or as the file that holds it. Never raises for what a sender sent.

        ``passwords`` were told in other mails; they are tried on its archives too.
        """
        path = self._own_copy(raw)
        try:
            return self._call(child.read_mail_task, path, received, passwords)
        except Killed:
            return self._read_in_pieces(path, received, passwords)
        finally:
            path.unlink(missing_ok=True)

    def _own_copy(self, raw: bytes | Path) -> Path:
        """Lay a mail into the spool: a child can neither see where it is kept nor change it there."""
        number, name = tempfile.mkstemp(prefix=".mail-", dir=self.spool.folder)
        with os.fdopen(number, "wb") as sink:
            if isinstance(raw, Path):
                with raw.open("rb") as source:
                    shutil.copyfileobj(source, sink, 1 << 20)
            else:
                sink.write(raw)
        return Path(name)

    def look(self, sha256: str, name: str, kind: str) -> Look:
        """Look into one file that lies in the spool. Never raises for what a sender sent."""
        try:
            return self._call(child.look_task, sha256, name, kind)
        except Killed as killed:
            return Look(kind, problems=(replace(killed.problem, where=name),))

    def read_file(self, path: Path, name: str | None = None) -> FileReading:
        """Read a single file from disk; an archive is opened to the bottom."""
        data = path.read_bytes()
        shown = name or path.name
        sha256 = self.spool.put(data)
        try:
            return self._call(child.read_file_task, shown, sha256)
        except Killed as killed:
            problem = replace(killed.problem, where=shown)
            leaf = Leaf(shown, shown, len(data), sha256, "unknown", problems=(problem,))
            return FileReading(leaf, Look("unknown", problems=(problem,)))

    def _read_in_pieces(self, path: Path, received: datetime | None, passwords: tuple[str, ...]) -> MailReading:
        raw_sha256, size = _hash_of(path)
        try:
            mail = self._call(child.decode_task, path)
        except Killed as killed:
            return MailReading(raw_sha256, size, problems=(killed.problem,))
        patience = _Patience()
        unpacked = self._unpack_in_pieces(mail, patience, passwords)
        looks = self._looks_in_pieces(unpacked.leaves, patience)
        try:
            return self._call(child.compose_task, raw_sha256, mail, unpacked, looks, received)
        except Killed as killed:
            return MailReading(
                raw_sha256,
                size,
                mail.message_id,
                mail.subject,
                mail.sender,
                leaves=tuple(
                    ReadLeaf(leaf, Role.OTHER, "来信未能完整读取，文件未归类。", looks.get(leaf.path), sure=False)
                    for leaf in unpacked.leaves
                ),
                problems=(*mail.problems, killed.problem),
            )

    def _unpack_in_pieces(self, mail: DecodedMail, patience: _Patience, passwords: tuple[str, ...]) -> Unpacked:
        leaves: list[Leaf] = []
        problems: list[Problem] = []
        texts: list[tuple[str, str]] = []
        entries = EntryAccount()
        for part in mail.parts:
            try:
                patience.check()
                opened = self._call(child.open_task, mail, part, passwords)
            except Killed as killed:
                patience.lost += 1
                leaves.append(_shut_leaf(part, replace(killed.problem, where=part.path)))
                continue
            leaves += opened.leaves
            problems += opened.problems
            texts += opened.texts
            entries = entries.plus(opened.entries)
        return Unpacked(tuple(leaves), tuple(problems), tuple(texts), entries)

    def _looks_in_pieces(self, leaves: tuple[Leaf, ...], patience: _Patience) -> dict[str, Look]:
        seen: dict[tuple[str, str], Look] = {}
        looks = {}
        for leaf in leaves:
            key = (leaf.sha256, leaf.name.rpartition(".")[2].lower())
            if key not in seen:
                try:
                    patience.check()
                    seen[key] = self._call(child.look_task, leaf.sha256, leaf.name, leaf.type)
                except Killed as killed:
                    patience.lost += 1
                    seen[key] = Look(leaf.type, problems=(replace(killed.problem, where=leaf.name),))
            looks[leaf.path] = seen[key]
        return looks

    def _call(self, task: Callable[..., Result], *arguments: Any) -> Result:
        future = self._pool.schedule(task, args=arguments, timeout=self._seconds)
        try:
            result: Result = future.result()
        except FutureTimeout as error:
            message = f"读取超过 {self._seconds:.0f} 秒，已中止。"
            raise Killed(_killed("reader-timeout", message)) from error
        except MemoryError as error:
            raise Killed(_killed("reader-memory", "读取所需的内存过多，已中止。")) from error
        except ProcessExpired as error:
            raise Killed(_killed("reader-killed", f"读取进程异常终止（{_how(error)}）。")) from error
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                # The disk that readers write to is full: that is no fault of what they read.
                raise
            raise Killed(_killed("reader-failed", f"读取时出错（{error.__class__.__name__}），已中止。")) from error
        except Exception as error:  # a result that cannot be sent back, or a fault of ours: the mail is kept
            message = f"读取时出错（{error.__class__.__name__}），已中止。"
            raise Killed(_killed("reader-failed", message)) from error
        return result


def _how(error: ProcessExpired) -> str:
    """Return how a child ended: the signal's number counts below zero."""
    code = error.exitcode
    return f"信号 {-code}" if isinstance(code, int) and code < 0 else f"退出码 {code}"


def _killed(code: str, message: str) -> Problem:
    return Problem(code, message, "", _SEND_AGAIN, Weight.UNREADABLE)


def _shut_leaf(part: MailPart, problem: Problem) -> Leaf:
    return Leaf(
        part.path,
        part.name,
        part.size,
        part.sha256,
        "unknown",
        part.declared,
        part.inline,
        part.content_id,
        (*part.problems, problem),
    )


def _hash_of(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
        return digest.hexdigest(), os.fstat(stream.fileno()).st_size
