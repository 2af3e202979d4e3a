"""The whole season again (重放): raw mails into an empty store, poll by poll, and what comes out differently.

Answers and reminders are looked for at the moments at which letters were made then.
Letters are composed and counted as sent, to nobody. What staff decided by hand is not in the mails, so a season with
rulings shows them as differences.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from config.settings import load_secret
from flows.replies.letter import LetterKind
from flows.replies.reminders import REMINDERS
from flows.steps.answer.answer import answer_due
from flows.steps.answer.remind import queue_reminders
from flows.steps.deliver.send import budgets_of, deliver
from flows.steps.filing.examine import examine, take_next
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop, open_workshop
from flows.transport.ports import Outcome, Sending
from store.mails import replaying
from store.tables import MessageRow


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What the replay found (重放结果)."""

    mails: int
    submissions: int
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the register came out the same."""
        return not self.differences

    def lines(self) -> list[str]:
        """Return the report as lines."""
        head = f"重放 {self.mails} 封来信，得到 {self.submissions} 件申报："
        return [head + ("与现有台账一致。" if self.same else f"有 {len(self.differences)} 处不同。"), *self.differences]


class _Nobody:
    """A sender that accepts every letter and sends none."""

    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, raw: bytes, recipient: str) -> Sending:
        """Take the letter for sent."""
        del raw, recipient
        return Sending(Outcome.ACCEPTED, "重放，未发出")

    def check(self) -> str:
        """Return a greeting."""
        return "重放"


def replay_season(shop: Workshop, into: Path | None, now: datetime) -> ReplayReport:
    """Replay every raw mail of this store into an empty one and compare the registers.

    ``into`` must be empty or absent; without it a temporary folder is used and removed. ``ValueError`` otherwise.
    """
    with _folder(into) as folder:
        settings = shop.settings.model_copy(
            update={
                "home": folder,
                "database_url": "",
                "reply_mode": "send",
                "secret": SecretStr(load_secret(shop.settings).decode()),
                "send_interval_seconds": 0,
                "send_per_15_minutes": 10**6,
                "send_per_day": 10**6,
                "letters_per_address_day": 10**6,
                "letters_per_address_season": 10**6,
                "letters_per_submission_day": 10**6,
            }
        )
        with open_workshop(settings, call=shop.call, ocr=shop.ocr, looks=shop.looks) as copy:
            mails = _play(shop, copy)
            values = register_values(copy, now)
    differences = tuple(compare(register_values(shop, now), values))
    return ReplayReport(mails, len(values["submissions"]), differences)


def compare(was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Say in one sentence each where two registers differ; states and times of letters are left out."""
    for part, key in (("submissions", "number"), ("messages", "sha256")):
        old = {row[key]: row for row in was[part]}
        new = {row[key]: row for row in now[part]}
        for name in dict.fromkeys((*old, *new)):
            if name not in new:
                yield f"{name[:16]}：重放中没有出现。"
            elif name not in old:
                yield f"{name[:16]}：重放中多出来的。"
            else:
                yield from _fields(name[:16], old[name], new[name])


def _fields(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for field, value in old.items():
        before, after = _bare(field, value), _bare(field, new.get(field))
        if before != after:
            yield f"{name} 的 {field}：{str(before)[:120]} → {str(after)[:120]}"


def _bare(field: str, value: Any) -> Any:
    if field == "letters":
        return [(letter["kind"], letter["to"], letter["subject"]) for letter in value]
    return value


def _play(shop: Workshop, copy: Workshop) -> int:
    sender = _Nobody(copy.settings.sender)
    with shop.store.reading() as source, copy.store.transaction() as target:
        replaying.copy_lists(source, target)
    with shop.store.reading() as source:
        rounds, made = dict(replaying.mails_by_round(source)), replaying.letters_by_moment(source)
    count = 0
    for moment in sorted({*rounds, *made}):
        count += _take_and_examine(shop, copy, rounds.get(moment, []), moment)
        answer_due(copy, moment)
        # Reminders are looked for when they were: a day on which nobody ran them is no difference.
        if REMINDERS & {LetterKind(kind) for kind in made.get(moment, ())}:
            queue_reminders(copy.store, copy.call, copy.settings, moment)
        deliver(copy.store, sender, budgets_of(copy.settings), moment)
    return count


def _take_and_examine(shop: Workshop, copy: Workshop, rows: list[MessageRow], moment: datetime) -> int:
    for row in rows:
        copy.store.blobs.put(shop.store.blobs.path_for_reading(row.sha256))
    with copy.store.transaction() as target:
        replaying.take_in(target, rows)
    count = 0
    while taken := take_next(copy, moment):
        examine(copy, taken, moment)
        count += 1
    return count


@contextlib.contextmanager
def _folder(into: Path | None) -> Iterator[Path]:
    if into is None:
        with tempfile.TemporaryDirectory(prefix="zhengji-replay-") as name:
            yield Path(name)
        return
    if into.exists() and any(into.iterdir()):
        message = f"{into} 不是空文件夹；重放需要一个空文件夹。"
        raise ValueError(message)
    into.mkdir(parents=True, exist_ok=True)
    yield into
