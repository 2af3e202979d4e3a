"""Everything that holds files, opened to the bottom (逐层展开): archives, mails in mails, files inside PDFs.

What cannot be opened stays in the list as a leaf with the reason and the cure; what can be opened is replaced by
what it holds. Nothing is written under a name from an archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from parsers.containers.budget import Budget, Frame, OverBudget
from parsers.containers.entries import Entry, Unopened, damaged, lost, volumes
from parsers.containers.kinds import CONTAINERS, sniff
from parsers.containers.msg import read_msg
from parsers.containers.passwords import MOST_TRIED, find_passwords
from parsers.containers.portfolio import may_hold_files, read_portfolio
from parsers.containers.rar import read_rar
from parsers.containers.self_extracting import read_program
from parsers.containers.seven_zip import read_seven_zip
from parsers.containers.smime import read_smime
from parsers.containers.tar_file import read_stream, read_tar
from parsers.containers.text_kinds import decoded, is_mail, mail_kind
from parsers.containers.tnef import read_tnef
from parsers.containers.volumes import find_pieces, join_spanned
from parsers.containers.zip_file import read_zip
from parsers.facts.account import EntryAccount
from parsers.facts.leaf import Leaf
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool

_HEAD = 65_536
_PIECE = re.compile(r"\.(?:z?\d{2,4}|zip|rar|r\d{2,3}|c\d{2})\Z", re.IGNORECASE)
_LISTENED = 100
_NOTE_BYTES = 4096
"""A text beyond this many bytes is no note with a password."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found and may be a container. ``path`` is the whole way to it; its bytes are in the spool."""

    name: str
    sha256: str
    path: str = ""
    declared: str = ""
    inline: bool = False
    content_id: str = ""
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    """False where no bytes could be had; ``problems`` says why."""


@dataclass(frozen=True, slots=True)
class MailInside:
    """A mail found inside: what it says and what is attached to it."""

    text: str
    parts: tuple[Found, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """All leaves in the order in which they were found, and the texts of mails among the containers."""

    leaves: tuple[Leaf, ...]
    problems: tuple[Problem, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    """Path of a mail that was opened, and what it says."""
    entries: EntryAccount = field(default_factory=EntryAccount)


def unpack(
    parts: Iterable[Found],
    spool: Spool,
    budget: Budget,
    passwords: tuple[str, ...] = (),
    read_mail: Callable[[bytes], MailInside] | None = None,
) -> Unpacked:
    """Open every container among the parts, down to the bottom, under one budget. Never raises."""
    unpacker = _Unpacker(spool, budget, passwords, read_mail)
    leaves = unpacker.open_all([unpacker.unique(part, "") for part in parts], None)
    return Unpacked(tuple(leaves), tuple(unpacker.problems), tuple(unpacker.texts), unpacker.entries)


@dataclass(slots=True)
class _Unpacker:
    spool: Spool
    budget: Budget
    passwords: tuple[str, ...]
    read_mail: Callable[[bytes], MailInside] | None
    paths: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    entries: EntryAccount = field(default_factory=EntryAccount)

    def unique(self, found: Found, inside: str) -> Found:
        """Give a file a path that no other has: a second ``照片.jpg`` becomes ``照片(2).jpg``."""
        wanted = f"{inside}/{found.path or found.name}" if inside else found.path or found.name
        path, number = wanted, 1
        while path in self.paths:
            number += 1
            folder, slash, name = wanted.rpartition("/")
            stem, dot, ending = name.rpartition(".")
            path = f"{folder}{slash}{stem}({number}).{ending}" if dot and stem else f"{wanted}({number})"
        self.paths.add(path)
        return replace(found, name=path.rpartition("/")[2], path=path)

    def open_all(self, items: list[Found], frame: Frame | None) -> list[Leaf]:
        """Return the leaves of these files. Where ``frame``'s own ceiling is passed, the rest stays shut."""
        pieces = len(items)
        items = self._joined(items)
        self._listen(items)
        leaves: list[Leaf] = []
        stopped: Problem | None = None
        for found in items:
            data = self.spool.get(found.sha256)
            kind = _kind(found, data)
            if kind in CONTAINERS and stopped is not None:
                leaves.append(_leaf(found, len(data), kind, (stopped,)))
                continue
            try:
                leaves += self._open(found, data, kind)
            except OverBudget as over:
                if over.stops is not frame:
                    raise
                stopped = over.problem
                leaves.append(_leaf(found, len(data), kind, (stopped,)))
        if frame is not None:
            own = {found.path for found in items}
            frame.files += sum(leaf.path in own for leaf in leaves)
            frame.opened += pieces - sum(leaf.path in own for leaf in leaves)
        return leaves

    def _open(self, found: Found, data: bytes, kind: str) -> list[Leaf]:
        reader = self._reader(found, data, kind)
        if reader is None:
            return [_leaf(found, len(data), kind)]
        is_pdf = kind == "pdf"
        frame = None
        try:
            with self.budget.inside(found.path, len(data)) as frame:
                children, problems = self._children(found, reader, frame)
                if not children and not problems:
                    problems = [] if is_pdf or kind in {"eml", "msg", "tnef"} else [_empty(found.path)]
                    return [_leaf(found, len(data), kind, tuple(problems))]
                leaves = self.open_all(children, frame)
        except OverBudget as over:
            if over.stops is not self.budget:
                raise
            problems = _lossy([over.problem]) if is_pdf else [over.problem]
            return [_leaf(found, len(data), kind, tuple(problems))]
        finally:
            self.entries = self.entries if frame is None else self.entries.plus(frame.book())
        if is_pdf:
            # What is wrong with the files inside does not make the pages unreadable.
            problems = _lossy(problems)
        if is_pdf and children:
            problems = [_portfolio(found.path, len(children)), *problems]
        if problems or found.problems or is_pdf:
            leaves.insert(0, _leaf(found, len(data), kind, tuple(problems)))
        return leaves

    def _children(self, found: Found, reader: Iterator[Entry], frame: Frame) -> tuple[list[Found], list[Problem]]:
        """Read a container to its end or to where it breaks."""
        children: list[Found] = []
        problems: list[Problem] = []
        try:
            for entry in reader:
                if entry.text:
                    self._hear(found.path, entry.text)
                if entry.steps:
                    frame.given += 1
                    children.append(self._keep(entry, found.path))
            if frame.missing > 0:
                problems.append(lost(found.path, frame.missing))
        except Unopened as shut:
            problems.append(shut.problem)
        except OverBudget as over:
            # An outer container's ceiling stops that container; everything else stops this one.
            if isinstance(over.stops, Frame) and over.stops is not frame:
                raise
            problems.append(over.problem)
        except MemoryError:
            problems.append(_too_much(found.path))
        except Exception:  # noqa: BLE001 - libraries raise whatever hostile bytes lead them to
            problems.append(damaged(found.path, "文件"))
        return children, problems

    def _keep(self, entry: Entry, inside: str) -> Found:
        return self.unique(
            Found(
                entry.name,
                self.spool.put(entry.data or b""),
                "/".join(entry.steps),
                entry.declared,
                entry.inline,
                entry.content_id,
                entry.problems,
                readable=entry.data is not None,
            ),
            inside,
        )

    def _hear(self, path: str, text: str) -> None:
        """Keep what a mail inside says; it may name the password of what is attached to it."""
        self.texts.append((path, text))
        self._learn((text,))

    def _joined(self, items: list[Found]) -> list[Found]:
        """Put one archive in the place of its pieces; pieces of an archive that is not all here stay shut."""
        by_path = {found.path: found for found in items if found.readable}
        heads = {path: self.spool.get(found.sha256)[:16] for path, found in by_path.items() if _PIECE.search(path)}
        if not heads:
            return items
        changed: dict[str, Found | None] = {}
        for group in find_pieces(heads):
            parts = [by_path[path] for path in group.names]
            if not group.complete:
                for part in parts:
                    told = (*part.problems, volumes(part.path))
                    changed[part.path] = replace(part, problems=told, readable=False)
                continue
            data = [self.spool.get(part.sha256) for part in parts]
            whole = join_spanned(data) if group.spanned else b"".join(data)
            changed |= dict.fromkeys(group.names)
            path = group.whole if group.whole in changed else self.unique(Found("", "", group.whole), "").path
            name = path.rpartition("/")[2]
            changed[group.names[-1]] = replace(parts[-1], name=name, path=path, sha256=self.spool.put(whole))
        return [one for found in items if (one := changed.get(found.path, found)) is not None]

    def _listen(self, items: list[Found]) -> None:
        """Learn the passwords that names give away, and notes that lie beside (``解压密码.txt``)."""
        for found in items[:_LISTENED]:
            stem = found.name.rpartition(".")[0] or found.name
            data = self.spool.get(found.sha256) if found.name.lower().endswith(".txt") and found.readable else b""
            note = data if len(data) <= _NOTE_BYTES else b""
            self._learn((f"{stem}\n{decoded(note) or ''}".rstrip(),))

    def _learn(self, texts: tuple[str, ...]) -> None:
        self.passwords = tuple(dict.fromkeys((*self.passwords, *find_passwords(texts))))[: MOST_TRIED * 2]

    def _reader(self, found: Found, data: bytes, kind: str) -> Iterator[Entry] | None:
        """Return what opens this kind of file; None where it is not to be opened."""
        where, budget = found.path, self.budget
        if not found.readable:
            return None
        readers: dict[str, Callable[[], Iterator[Entry] | None]] = {
            "zip": lambda: read_zip(data, where, budget, self.passwords),
            "rar": lambda: read_rar(data, where, budget, self.passwords),
            "7z": lambda: read_seven_zip(data, where, budget, self.passwords),
            "tar": lambda: read_tar(data, where, budget),
            "msg": lambda: read_msg(data, where, budget),
            "tnef": lambda: read_tnef(data, where, budget),
            "smime": lambda: read_smime(data, found.name, where, budget),
            "exe": lambda: read_program(data, where, budget, self.passwords),
            "pdf": lambda: read_portfolio(data, where, budget) if may_hold_files(data) else None,
            "eml": lambda: None if self.read_mail is None else self._mail(data, where),
        }
        if kind in {"gz", "bz2", "xz"}:
            return read_stream(data, kind, found.name, where, budget)
        return readers[kind]() if kind in readers else None

    def _mail(self, data: bytes, where: str) -> Iterator[Entry]:
        assert self.read_mail is not None
        mail = self.read_mail(data)
        self.budget.listed(len(mail.parts))
        self.problems += [replace(problem, where=f"{where} {problem.where}".strip()) for problem in mail.problems]
        if mail.text:
            yield Entry((), None, text=mail.text)
        for part in mail.parts:
            self.budget.take_entry(where)
            steps = tuple((part.path or part.name).split("/"))
            content = self.spool.get(part.sha256)
            self.budget.add(len(content), where)
            yield Entry(steps, content, part.problems, part.declared, part.inline, part.content_id)


def _kind(found: Found, data: bytes) -> str:
    """Return what a file is by its content; words that were called a mail are one where they begin like one."""
    if not found.readable:
        return "unknown"
    kind = sniff(data[:_HEAD], data)
    called = found.declared in {"message/rfc822", "message/global"} or found.name.lower().endswith(".eml")
    if called and kind in {"text", "csv", "html", "unknown"} and is_mail(data[:_HEAD], said=True):
        return mail_kind(data[:_HEAD])
    return kind


def _leaf(found: Found, size: int, kind: str, problems: tuple[Problem, ...] = ()) -> Leaf:
    return Leaf(
        path=found.path,
        name=found.name,
        size=size,
        sha256=found.sha256,
        type=kind,
        declared=found.declared,
        inline=found.inline,
        content_id=found.content_id,
        problems=(*found.problems, *problems),
    )


def _lossy(problems: list[Problem]) -> list[Problem]:
    return [replace(problem, weight=Weight.LOSSY) for problem in problems]


def _empty(where: str) -> Problem:
    return Problem(
        "archive-empty", "压缩包是空的。", where, "请检查压缩包，放入申报材料后重新发送。", Weight.UNREADABLE
    )


def _portfolio(where: str, count: int) -> Problem:
    return Problem("pdf-portfolio", f"这个 PDF 内嵌了 {count} 个文件，已一并取出。", where, "", Weight.NOTE)


def _too_much(where: str) -> Problem:
    return Problem(
        "archive-too-big",
        "展开这个文件所需的内存过多，未予展开。",
        where,
        "请改用 zip 重新压缩后发送。",
        Weight.UNREADABLE,
    )
