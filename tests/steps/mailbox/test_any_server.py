"""Whatever a server does for a day, in the end every mail is here once and whole, or its gap has a name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import BinaryIO

import pytest

from flows.demo.letterbox import JUNK
from flows.steps.alarms.alarms import alarms
from flows.steps.intake.poll import poll_mailbox
from flows.steps.intake.reconcile import reconcile
from flows.transport.ports import (
    NO_MOMENT,
    FolderRefused,
    FolderStatus,
    RemoteFolder,
    RemoteMail,
    TransportError,
)
from tests.contract.fake import FakeMailbox
from tests.steps.mailbox.conftest import NOW, Office

FOLDERS = ("INBOX", JUNK, "广告邮件")
BROKEN = "127.0.0.1 断开，稍后会自动再试。"


def multipart(number: int, size: int) -> bytes:
    """A mail whose every cut shows, or whose header alone is short."""
    body = (f"line {number} " + "x" * 60 + "\r\n") * size
    return (
        f"Message-ID: <m{number}@firm.example>\r\nFrom: a@firm.example\r\n"
        f'Content-Type: multipart/mixed; boundary="=_{number}"\r\n\r\n'
        f"--=_{number}\r\nContent-Type: text/plain\r\n\r\n{body}\r\n--=_{number}--\r\n"
    ).encode()


@dataclass
class Moody(FakeMailbox):
    """Misbehaves at random, as long as it is ``ill``."""

    rng: Random = field(default_factory=Random)
    ill: bool = True

    def _strikes(self, chance: float) -> bool:
        return self.ill and self.rng.random() < chance

    def _maybe_break(self, chance: float = 0.03) -> None:
        if self._strikes(chance):
            self.dead = True
            raise TransportError(BROKEN)

    def folders(self) -> tuple[RemoteFolder, ...]:
        self._maybe_break()
        found = super().folders()
        return tuple(one for one in found if one.name == "INBOX" or not self._strikes(0.05))

    def examine(self, folder: str) -> FolderStatus:
        self._maybe_break(0.05)
        if self._strikes(0.08):
            raise FolderRefused(f"不让打开文件夹“{folder}”。")
        return super().examine(folder)

    def uids(self, folder: str) -> tuple[int, ...]:
        self._maybe_break()
        return tuple(uid for uid in super().uids(folder) if not self._strikes(0.05))

    def describe(self, folder: str, uids: Sequence[int]) -> dict[int, RemoteMail]:
        self._maybe_break()
        found = super().describe(folder, uids)
        for uid in list(found):
            if self._strikes(0.05):
                del found[uid]
            elif self._strikes(0.05):
                found[uid] = RemoteMail(uid, 0, found[uid].received)
            elif self._strikes(0.03):
                found[uid] = RemoteMail(uid, found[uid].size, NO_MOMENT)
        return found

    def fetch(self, folder: str, mail: RemoteMail, sink: BinaryIO) -> int | None:
        self._maybe_break(0.08)
        if self._strikes(0.1):
            return None
        whole = super()._folder(folder).mails.get(mail.uid)
        if whole is not None and self._strikes(0.25):
            return sink.write(whole.raw[: self.rng.randrange(len(whole.raw))])
        return super().fetch(folder, mail, sink)


SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 25))]


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_day_of_any_faults_every_mail_is_here_once_and_whole(office: Office, seed: int) -> None:
    rng = Random(seed)
    delivered: set[str] = set()
    now, number = NOW, 0

    def connect(moment: datetime) -> FakeMailbox:
        ill = moment < NOW + timedelta(hours=6)
        if ill and rng.random() < 0.1:
            raise TransportError(BROKEN)
        return Moody(office.box, rng=rng, ill=ill)

    while now < NOW + timedelta(hours=9):
        if now < NOW + timedelta(hours=6) and rng.random() < 0.7:
            number += 1
            raw = multipart(number, rng.randrange(1, 60))
            delivered.add(hashlib.sha256(raw).hexdigest())
            office.box.deliver(raw, now, rng.choice(FOLDERS))
        report = poll_mailbox(office.store, lambda at=now: connect(at), office.call, now)  # type: ignore[misc]
        assert set(report.stored) <= delivered
        now += timedelta(minutes=5)

    assert set(office.messages()) == delivered
    assert all(office.store.blobs.verify(sha256) for sha256 in delivered)
    assert all(row.fetch_doubt == "" for row in office.messages().values())
    proof = reconcile(office.store, office.connect(), office.call, now)
    # Mails of which the server told another size or moment while it was ill are fetched and compared once more.
    office.poll(now)
    proof = reconcile(office.store, office.connect(), office.call, now)
    assert proof.sentence == f"对账：邮箱 {number} 封 = 入库 {number} 封，无缺口。"
    assert alarms(office.store, now) == ()


@pytest.mark.parametrize("seed", range(8))
def test_while_a_server_cuts_every_mail_nothing_is_kept_and_everything_is_named(office: Office, seed: int) -> None:
    rng = Random(seed)
    for number in range(6):
        uid = office.box.deliver(multipart(number, 20), NOW)
        office.given[uid] = [multipart(number, 20)[: rng.randrange(1_000)]]
    for hour in range(5):
        office.poll(NOW + timedelta(hours=hour))
    assert office.messages() == {}
    gaps = reconcile(office.store, office.connect(), office.call, NOW + timedelta(hours=12)).gaps
    assert [gap.uid for gap in gaps] == [1, 2, 3, 4, 5, 6]
