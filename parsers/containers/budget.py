"""How much unpacking one mail may cost (解压预算): one budget over everything that is found in it.

Real submissions stay far below them: the largest ratio seen in 1,698
real Word files is 45, and a mail of the receiving server holds 72 MB at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from parsers.facts.account import EntryAccount
from parsers.facts.problem import Problem, Weight

MEGABYTE = 1_000_000

_MOST_REFUSED = 5
"""An archive with more bombs than these in it is nothing but a bomb."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings (上限). Sizes are bytes really produced, never sizes that an archive claims."""

    entries: int = 500
    total_bytes: int = 300 * MEGABYTE
    entry_bytes: int = 100 * MEGABYTE
    ratio: int = 200
    """Bytes out for each byte in, held against everything that one container yields."""
    ratio_from_bytes: int = 10 * MEGABYTE
    """Below this many bytes no ratio is held against anybody: a small blank bitmap shrinks a thousandfold."""
    depth: int = 4
    """Containers inside containers, the outermost counted."""
    seconds: float = 60.0


class OverBudget(Exception):  # noqa: N818 - a refusal, not an error of ours; it never leaves the parsers
    """Unpacking was stopped. ``problem`` says why; ``stops`` names what must not be read further."""

    def __init__(self, problem: Problem, stops: object) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.stops = stops


@dataclass(eq=False, slots=True)
class Frame:
    """One container being unpacked: its size, and the bytes that came out of it so far."""

    where: str
    packed: int
    produced: int = 0
    refused: int = 0
    listed: int = 0
    """Entries that the container itself speaks of."""
    given: int = 0
    files: int = 0
    opened: int = 0
    folders: int = 0
    clutter: int = 0

    def book(self) -> EntryAccount:
        """Return the account of this container: what was listed and came to nothing was told."""
        kept = self.files + self.opened + self.folders + self.clutter
        listed = max(self.listed, self.given + self.opened_inside + self.folders + self.clutter, kept)
        return EntryAccount(listed, self.files, self.opened, self.folders, self.clutter, listed - kept)

    @property
    def missing(self) -> int:
        """How many listed entries were neither given nor left out on purpose."""
        return self.listed - self.given - self.opened_inside - self.folders - self.clutter

    opened_inside: int = 0
    """Mails in an Outlook mail, which its reader opens itself."""


@dataclass(eq=False, slots=True)
class Meter:
    """Counts the bytes of one entry while they appear."""

    budget: Budget
    where: str
    packed: int = 0
    """How many bytes it takes up in its container, where that is known: then its own ratio is watched."""
    produced: int = 0

    def expect(self, size: int) -> None:
        """Refuse an entry that says itself that it is too big, before any of it is unpacked."""
        if size > self.budget.limits.entry_bytes:
            raise OverBudget(self._too_big(), self)

    def add(self, size: int) -> None:
        """Count bytes that have just been produced; raise ``OverBudget`` where a ceiling is passed."""
        self.produced += size
        limits = self.budget.limits
        if self.produced > limits.entry_bytes:
            self._refuse(self._too_big(), size)
        if self.packed and self.produced > max(limits.ratio_from_bytes, self.packed * limits.ratio):
            self._refuse(_inflated("entry-ratio", "文件", self.where, limits), size)
        self.budget.add(size, self.where)

    def _refuse(self, problem: Problem, size: int) -> NoReturn:
        """Throw the entry away: it does not speak against those beside it, but the work was done."""
        self.budget.discard(self.produced - size, size)
        raise OverBudget(problem, self)

    def room(self, wanted: int) -> int:
        """How many bytes a decompressor should be asked for at once, never less than one."""
        return max(1, min(wanted, self.budget.limits.entry_bytes - self.produced + 1))

    def _too_big(self) -> Problem:
        most = self.budget.limits.entry_bytes // MEGABYTE
        return Problem(
            "entry-too-big",
            f"文件解压后超过 {most} MB，未予展开。",
            self.where,
            "请压缩图片或拆分文件，使单个文件不超过 50 MB 后重新发送。",
            Weight.UNREADABLE,
        )


def _inflated(code: str, what: str, where: str, limits: Limits) -> Problem:
    return Problem(
        code,
        f"{what}解压后膨胀超过 {limits.ratio} 倍，疑为压缩炸弹，已停止展开。",
        where,
        "请检查该压缩包，改用 zip 重新压缩申报材料后发送。",
        Weight.UNREADABLE,
    )


@dataclass(eq=False, slots=True)
class Budget:
    """What is left of the budget of one mail. ``clock`` gives seconds; without one, time is not counted."""

    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] | None = None
    entries: int = 0
    produced: int = 0
    frames: list[Frame] = field(default_factory=list)
    started: float = 0.0

    def __post_init__(self) -> None:
        """Start the clock."""
        if self.clock is not None:
            self.started = self.clock()

    def take_entry(self, where: str) -> None:
        """Count one more entry; raise ``OverBudget`` where there are too many."""
        self.entries += 1
        self.check_time(where)
        if self.entries > self.limits.entries:
            raise OverBudget(
                Problem(
                    "archive-too-many",
                    f"来信所含文件超过 {self.limits.entries} 个，其余未予展开。",
                    where,
                    "请只打包申报推荐表、案例报告和照片后重新发送。",
                    Weight.UNREADABLE,
                ),
                self,
            )

    def check_time(self, where: str) -> None:
        """Raise ``OverBudget`` where the seconds are used up."""
        if self.clock is not None and self.clock() - self.started > self.limits.seconds:
            raise OverBudget(
                Problem(
                    "archive-too-slow",
                    f"解压超过 {self.limits.seconds:.0f} 秒，其余未予展开。",
                    where,
                    "请改用 zip 重新压缩后发送。",
                    Weight.UNREADABLE,
                ),
                self,
            )

    def listed(self, entries: int) -> None:
        """Note how many entries the container that is being read speaks of."""
        if self.frames:
            self.frames[-1].listed += entries

    def folder(self) -> None:
        """Note an entry that is a folder."""
        if self.frames:
            self.frames[-1].folders += 1

    def clutter(self) -> None:
        """Note an entry that a system put beside the files."""
        if self.frames:
            self.frames[-1].clutter += 1

    def opened_inside(self) -> None:
        """Note an entry that its reader opened itself."""
        if self.frames:
            self.frames[-1].opened_inside += 1
            self.frames[-1].opened += 1

    def add(self, size: int, where: str) -> None:
        """Count bytes that have just been produced; raise ``OverBudget`` where a ceiling is passed."""
        self.produced += size
        for frame in self.frames:
            frame.produced += size
            if frame.produced > self.limits.ratio_from_bytes and frame.produced > frame.packed * self.limits.ratio:
                raise OverBudget(_inflated("archive-ratio", "压缩包", frame.where, self.limits), frame)
        if self.produced > self.limits.total_bytes:
            raise OverBudget(
                Problem(
                    "archive-too-big",
                    f"来信全部解压后超过 {self.limits.total_bytes // MEGABYTE} MB，其余未予展开。",
                    where,
                    "请压缩图片后分几封邮件重新发送。",
                    Weight.UNREADABLE,
                ),
                self,
            )
        self.check_time(where)

    def discard(self, counted: int, uncounted: int) -> None:
        """Take bytes that were thrown away off the containers' ratios; they still count against the total."""
        for frame in self.frames:
            frame.produced -= counted
            frame.refused += 1
            if frame.refused > _MOST_REFUSED:
                raise OverBudget(_inflated("archive-ratio", "压缩包", frame.where, self.limits), frame)
        self.produced += uncounted

    def meter(self, where: str, packed: int = 0) -> Meter:
        """Start counting one entry, which takes up ``packed`` bytes in its container where that is known."""
        return Meter(self, where, packed)

    @contextmanager
    def inside(self, where: str, packed: int) -> Iterator[Frame]:
        """Count everything produced in here against this container too; refuse one that lies too deep."""
        if len(self.frames) >= self.limits.depth:
            raise OverBudget(
                Problem(
                    "archive-too-deep",
                    f"压缩包嵌套超过 {self.limits.depth} 层，未予展开。",
                    where,
                    "请把申报材料直接放进一个 zip 压缩包，不要层层打包。",
                    Weight.UNREADABLE,
                ),
                self,
            )
        frame = Frame(where, packed)
        self.frames.append(frame)
        try:
            yield frame
        finally:
            self.frames.pop()
