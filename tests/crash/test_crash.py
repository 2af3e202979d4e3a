"""Kill -9 at every point of the line, against Dovecot and a real SMTP server: nothing lost, nothing answered twice."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlmodel import select

from store.engine import open_store
from store.letters import outbox
from store.tables import LedgerRow, LetterRow, MessageRow
from tests.frozen_letters import bytes_of
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import needs_dovecot
from tests.servers.homes import data_folder
from tests.servers.smtp_sink import LOST, LOST_BEFORE, Sink, running_sink

# A minute on an idle machine; the limit is for busy ones.
pytestmark = [*needs_dovecot, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

MAILS = 200
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
POINTS = (
    "intake:before-fetch",
    "intake:after-fetch",
    "disk:before-fsync",
    "disk:after-fsync",
    "disk:before-rename",
    "disk:after-rename",
    "intake:after-blob",
    "intake:before-commit",
    "intake:after-commit",
    "work:after-lease",
    "work:before-commit",
    "work:after-commit",
    "send:after-claim",
    "smtp:before-mail",
    "smtp:before-data",
    "smtp:after-data",
    "send:after-answer",
    "send:before-commit",
    "send:after-commit",
)


def mail(number: int) -> tuple[str, bytes]:
    """Folder and bytes: every tenth mail is a second copy of an earlier one, every seventh lies in junk."""
    content = number - 5 if number % 10 == 9 else number
    body = f"Message-ID: <c{content}@firm.example>\r\nFrom: <a{content}@firm.example>\r\n\r\n".encode()
    return ("垃圾邮件" if number % 7 == 6 else "INBOX"), body + b"x" * (content * 37 % 3_000) + b"\r\n"


@dataclass
class Worker:
    """The process whose children do the work and die."""

    process: subprocess.Popen[str]
    deaths: Counter[str] = field(default_factory=Counter)

    def run(self, order: dict[str, object]) -> bool:
        """Carry out one order in a child; True where it was killed at its point."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        ended = json.loads(self.process.stdout.readline())
        assert ended in ({"signal": 9}, {"code": 0}), ended
        killed = ended == {"signal": 9}
        if killed:
            self.deaths[str(order["point"])] += 1
        return killed


@pytest.fixture
def worker() -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.crash.worker"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield Worker(process)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(timeout=30)
    process.stdout.close()


@dataclass
class Season:
    """One mailbox with its mails, its submission server, and the data folder of the line that serves it."""

    dovecot: Dovecot
    sink: Sink
    home: Path
    user: str
    admin: IMAPClient
    delivered: int = 0
    runs: int = 0

    def deliver(self, count: int) -> None:
        for number in range(self.delivered, min(self.delivered + count, MAILS)):
            folder, raw = mail(number)
            self.admin.append(folder, raw, (), START + timedelta(minutes=number))
            self.delivered += 1

    def order(self, point: str = "", count: int = 0) -> dict[str, object]:
        self.runs += 1
        return {
            "point": point,
            "count": count,
            "home": str(self.home),
            "now": (START + timedelta(days=1, minutes=70 * self.runs)).isoformat(),
            "imap_port": self.dovecot.port,
            "smtp_port": self.sink.port,
            "user": self.user,
            "password": PASSWORD,
        }

    def register(self) -> dict[str, object]:
        """Everything that the line wrote, without the moments at which it did."""
        store = open_store("", self.home)
        with store.reading() as session:
            mails = {
                row.sha256: (row.size, row.folder, row.junk, row.received, row.message_id, row.state, row.before_call)
                for row in session.exec(select(MessageRow))
            }
            places = {(row.folder, row.uid): (row.message, row.state) for row in session.exec(select(LedgerRow)).all()}
            letters = {
                (row.subject_key, row.kind): (row.message_id, row.to_address, row.state, bytes_of(store, row))
                for row in session.exec(select(LetterRow))
            }
        for sha256, told in mails.items():
            assert store.blobs.verify(sha256)
            assert len(store.blobs.read(sha256)) == told[0]
        store.close()
        return {"mails": mails, "places": places, "letters": letters}

    def on_server(self) -> dict[tuple[str, int], str]:
        """What the server holds: place to hash of the bytes."""
        found = {}
        for folder in ("INBOX", "垃圾邮件"):
            self.admin.select_folder(folder, readonly=True)
            answer = self.admin.fetch(self.admin.search("ALL"), ["BODY.PEEK[]"])
            found |= {(folder, uid): hashlib.sha256(data[b"BODY[]"]).hexdigest() for uid, data in answer.items()}
            assert not self.admin.search("SEEN")
        return found

    def open_letters(self) -> int:
        store = open_store("", self.home)
        with store.reading() as session:
            count = len(outbox.in_state(session, "queued", "sending", "unknown"))
        store.close()
        return count


@pytest.fixture
def home() -> Iterator[Path]:
    """In memory where there is such a place: kill -9 leaves both kinds of folder alike."""
    with data_folder() as folder:
        yield folder


@pytest.fixture
def seasons(dovecot: Dovecot, home: Path) -> Iterator[list[Season]]:
    """Two of the same: one is disturbed, the other is not."""
    made: list[Season] = []
    clients: list[IMAPClient] = []
    users = [dovecot.new_user(), dovecot.new_user()]
    with running_sink(users[0]) as first, running_sink(users[1]) as second:
        for user, sink in zip(users, (first, second), strict=True):
            admin, sent = dovecot.admin(user), dovecot.admin(user)
            for client in (admin, sent):
                client.folder_encode = True
                clients.append(client)
            # As NetEase does: what was taken lies in the sent folder before the answer goes out.
            sink.keep = lambda raw, client=sent: client.append("已发送", raw)
            made.append(Season(dovecot, sink, home / user, user, admin))
        yield made
        for client in clients:
            client.logout()


def finish(season: Season, worker: Worker) -> None:
    """Run undisturbed until nothing is left to do, as the schedule would."""
    season.deliver(MAILS)
    for _ in range(12):
        assert not worker.run(season.order())
        if not season.open_letters():
            return


def prove_the_sent_folder(season: Season, worker: Worker) -> None:
    """Ten letters go well first: only then does the silence of the sent folder mean anything."""
    season.deliver(10)
    for _ in range(2):
        assert not worker.run(season.order())


def disturb(season: Season, worker: Worker, times: int) -> Counter[str]:
    """Kill the line ``times`` times at each point, while mails go on coming in."""
    chance = random.Random(20260530)
    left = Counter(dict.fromkeys(POINTS, times))
    before = Counter(worker.deaths)
    # Enough new mails for each run to come by any point, and enough mails for all runs.
    step = max(3, (MAILS - season.delivered) // (len(POINTS) * times + 10))
    while waiting := sorted(point for point, count in left.items() if count):
        assert season.delivered < MAILS, waiting
        season.deliver(step)
        point = chance.choice(waiting)
        if worker.run(season.order(point, chance.randint(1, 2))):
            left[point] -= 1
    return worker.deaths - before


def test_killed_at_every_point_nothing_is_lost_and_nothing_is_done_twice(seasons: list[Season], worker: Worker) -> None:
    disturbed, undisturbed = seasons
    prove_the_sent_folder(disturbed, worker)
    deaths = disturb(disturbed, worker, times=2)
    finish(disturbed, worker)
    finish(undisturbed, worker)

    assert set(deaths) == set(POINTS)
    on_server = disturbed.on_server()
    assert len(on_server) == MAILS
    register = disturbed.register()
    # Nothing lost, nothing filed twice: the ledger is the server's own list, by content.
    assert register["places"] == {place: (sha256, "fetched") for place, sha256 in on_server.items()}
    assert set(register["mails"]) == set(on_server.values())  # type: ignore[call-overload]
    # Nothing answered twice, nobody forgotten.
    letters = Counter(raw for _, raw in disturbed.sink.taken)
    assert max(letters.values()) == 1
    assert len(letters) == len(set(on_server.values()))
    # And all of it as if nothing had happened.
    assert register == undisturbed.register()
    assert Counter(disturbed.sink.taken) == Counter(undisturbed.sink.taken)


def test_with_five_per_cent_of_answers_wrong_or_lost_nobody_is_answered_twice(
    seasons: list[Season], worker: Worker
) -> None:
    season, _ = seasons
    chance = random.Random(163)
    faults = {
        "451 MI:SFQ 126 smtp8": 0.0125,
        "554 DT:SPM 163 smtp11": 0.0125,
        LOST: 0.0125,
        LOST_BEFORE: 0.0125,
    }
    given: Counter[str] = Counter()

    def decide(_raw: bytes) -> str:
        (answer,) = chance.choices([*faults, ""], [*faults.values(), 0.95])
        given[answer] += 1
        return answer

    prove_the_sent_folder(season, worker)
    season.sink.decide = decide
    disturb(season, worker, times=1)
    finish(season, worker)

    assert all(given[fault] for fault in faults)
    on_server = season.on_server()
    register = season.register()
    assert register["places"] == {place: (sha256, "fetched") for place, sha256 in on_server.items()}
    states = Counter(state for _, _, state, _ in register["letters"].values())  # type: ignore[attr-defined]
    # A letter refused for its content is never tried again; all others went out, each once.
    refused = given["554 DT:SPM 163 smtp11"]
    assert states == {"sent": len(set(on_server.values())) - refused, "failed": refused}
    letters = Counter(raw for _, raw in season.sink.taken)
    assert (max(letters.values()), len(letters)) == (1, states["sent"])
