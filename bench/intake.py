"""What intake costs beyond the bare IMAP commands that it needs, and whether memory stays flat under large mails.

    python -m bench.intake                      10 000 small mails, then 40 of 30 MB
    python -m bench.intake --mails 2000 --large 10 --megabytes 10

Against a Dovecot of its own on this machine. Each ratio compares two things measured in turn in the same run, the best
of several; seconds alone mean nothing on a shared machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from config.load import find_call, load_call
from flows.steps.intake.poll import poll_mailbox
from flows.steps.intake.reconcile import reconcile
from flows.transport.imap import open_mailbox
from flows.transport.tls import Account, Encryption
from store.engine import Store, open_store
from tests.servers.dovecot import FOLDERS, PASSWORD, Dovecot, running_dovecot
from tests.servers.homes import data_folder

CALL = load_call(find_call("cases-2026"))
NOW = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
POLLED = ("INBOX", "垃圾邮件", "病毒邮件", "广告邮件", "订阅邮件")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=40)
    parser.add_argument("--megabytes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with running_dovecot() as dovecot, data_folder() as home:
        if asked.mails:
            many_small(dovecot, home / "small", asked.mails, asked.rounds)
        if asked.large:
            few_large(dovecot, home / "large", asked.large, asked.megabytes)


def many_small(dovecot: Dovecot, home: Path, count: int, rounds: int) -> None:
    user = dovecot.new_user()
    seed(dovecot, user, [small(number) for number in range(count)])
    account = Account("127.0.0.1", dovecot.port, user, PASSWORD, Encryption.NONE)
    store = open_store("", home)
    started = time.perf_counter()
    report = poll(store, account)
    took = time.perf_counter() - started
    assert len(report.stored) == count, report
    print(f"first sync: {count} mails, {count / took:,.0f} mails a second (blob, fsync and commit for each)")
    ours, bare = best_in_turn(lambda: poll(store, account), lambda: bare_poll(dovecot, user), rounds)
    print(f"poll with nothing new, {count} mails: {ours:.3f} s, bare commands {bare:.3f} s, ratio {ours / bare:.2f}")

    def prove() -> None:
        mailbox = open_mailbox(account)
        proof = reconcile(store, mailbox, CALL, NOW)
        mailbox.close()
        assert (proof.stored, proof.gaps) == (count, [])

    ours, bare = best_in_turn(prove, lambda: bare_proof(dovecot, user), rounds)
    print(f"full reconciliation, {count} UIDs: {ours:.3f} s, bare commands {bare:.3f} s, ratio {ours / bare:.2f}")
    store.close()


def few_large(dovecot: Dovecot, home: Path, count: int, megabytes: int) -> None:
    """Take in large mails ten at a time and forget them, so that the disk need not hold them all."""
    user = dovecot.new_user()
    account = Account("127.0.0.1", dovecot.port, user, PASSWORD, Encryption.NONE)
    store = open_store("", home)
    size = megabytes << 20
    poll(store, account)
    before, levels, taken, seconds = resident(), [], 0, 0.0
    while taken < count:
        batch = min(10, count - taken)
        seed(dovecot, user, [large(taken + number, size) for number in range(batch)])
        started = time.perf_counter()
        report = poll(store, account)
        seconds += time.perf_counter() - started
        assert len(report.stored) == batch, report
        taken += batch
        levels.append(resident())
        forget(dovecot, user, store, report.stored)
    told = " ".join(f"{level - before:+.1f}" for level in levels)
    print(f"{count} mails of {megabytes} MB: {count * megabytes / seconds:,.0f} MB/s into blobs")
    print(f"resident memory after each ten, beyond the {before:.0f} MB before (MB): {told}")
    more = peak() - before
    print(f"highest ever {peak():.0f} MB, that is {more:.1f} MB more: {more / megabytes:.2f} times one mail")
    store.close()


def poll(store: Store, account: Account):
    report = poll_mailbox(store, lambda: open_mailbox(account), CALL, NOW, force=True)
    assert not report.fault, report.fault
    return report


def bare_poll(dovecot: Dovecot, user: str) -> None:
    client = bare_client(dovecot, user)
    for name in POLLED:
        client.select_folder(name, readonly=True)
        client.search("ALL")
    client.logout()


def bare_proof(dovecot: Dovecot, user: str) -> None:
    client = bare_client(dovecot, user)
    for name in ("INBOX", *(name for name, _ in FOLDERS if name not in {"草稿箱", "已发送"})):
        client.select_folder(name, readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), 250):
            client.fetch(uids[start : start + 250], ["RFC822.SIZE", "INTERNALDATE"])
    client.logout()


def bare_client(dovecot: Dovecot, user: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port=dovecot.port, ssl=False, timeout=60)
    client.login(user, PASSWORD)
    client.id_({"name": "bench"})
    client.list_folders()
    return client


def best_in_turn(ours: Callable[[], object], bare: Callable[[], object], rounds: int) -> tuple[float, float]:
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for number, run in enumerate((ours, bare)):
            started = time.perf_counter()
            run()
            best[number] = min(best[number], time.perf_counter() - started)
    return best[0], best[1]


def small(number: int) -> Callable[[Path], None]:
    raw = f"Message-ID: <s{number}@firm.example>\r\nSubject: x\r\n\r\n{'x' * (number % 500)}\r\n".encode()
    return lambda path: path.write_bytes(raw) and None


def large(number: int, size: int) -> Callable[[Path], None]:
    line = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/012345678901\r\n" * 1_000

    def write(path: Path) -> None:
        with path.open("wb") as sink:
            sink.write(f"Message-ID: <l{number}@firm.example>\r\n\r\n".encode())
            while sink.tell() < size:
                sink.write(line)

    return write


_serial = iter(range(10_000_000))


def seed(dovecot: Dovecot, user: str, mails: list[Callable[[Path], None]]) -> None:
    """Put mails into the maildir as a delivery agent does: written aside, then moved into ``new``."""
    maildir = dovecot.folder / "home" / user / "Maildir"
    for name in ("tmp", "new", "cur"):
        (maildir / name).mkdir(parents=True, exist_ok=True)
    for write in mails:
        name = f"{1_780_000_000 + next(_serial)}.M1P1.bench"
        write(maildir / "tmp" / name)
        os.utime(maildir / "tmp" / name, (NOW.timestamp(), NOW.timestamp()))
        (maildir / "tmp" / name).rename(maildir / "new" / name)
    if os.getuid() == 0:
        for path in (maildir.parent, maildir, *maildir.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")


def forget(dovecot: Dovecot, user: str, store: Store, hashes: list[str]) -> None:
    for sha256 in hashes:
        store.blobs.path(sha256).unlink()
    client = dovecot.admin(user)
    client.select_folder("INBOX")
    client.delete_messages(client.search("ALL"))
    client.expunge()
    client.logout()


def resident() -> float:
    return _status("VmRSS")


def peak() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


if __name__ == "__main__":
    main()
