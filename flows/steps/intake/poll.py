"""Intake (收信入库): every mail that the server has and we have not becomes raw bytes and three rows.

What is new is the server's UIDs minus our ledger: never flags, dates or ranges. A mail is ours from transaction 1 on,
whatever happens next; a crash at any point before it only means that the mail is fetched again. Nothing on the server
is changed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.call import Call
from flows.steps.checkpoint import nothing
from flows.steps.intake.raw_head import field as header_field
from flows.transport.ports import FolderRole, FolderStatus, Mailbox, RemoteFolder, RemoteMail, TransportError
from store import journal, watermarks
from store.engine import Store
from store.mails import messages
from store.mails.messages import Arrival, Known, Place
from store.states import LedgerState

PAUSE_KEY = "intake:pause"
FAILURES_KEY = "intake:failures"
SUCCESS_KEY = "intake:last-success"
FAULT_KEY = "intake:fault"

OTHER_MAIL = "这个 UID 现在是另一封邮件"

_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class PollLimits:
    """How patient a poll is. ``pauses`` are minutes without polling after so many failed polls in a row."""

    fetch_attempts: int = 6
    reconnects: int = 3
    largest: int = 200 * 1024 * 1024
    """Mails above this many bytes are left to staff; servers refuse far smaller ones."""
    pauses: tuple[int, ...] = (1, 2, 4, 8, 15)
    spot_check: int = 20
    """UIDs compared at each poll where UIDVALIDITY tells nothing."""


@dataclass(slots=True)
class PollReport:
    """What a poll did. ``stored`` holds the hashes of mails new to us, oldest first within each folder."""

    stored: list[str] = field(default_factory=list)
    again: int = 0
    """Fetched mails whose content we had already."""
    vanished: int = 0
    failed: int = 0
    given_up: int = 0
    on_server: dict[str, int] = field(default_factory=dict)
    """Folder to the number of mails in it."""
    fault: str = ""
    """What ended the poll early, in one Chinese sentence; empty where all folders were polled."""
    next_try: datetime | None = None
    """Until then polls do nothing, after a fault."""


def poll_mailbox(
    store: Store,
    connect: Callable[[], Mailbox],
    call: Call,
    now: datetime,
    *,
    folders: Sequence[str] = (),
    limits: PollLimits = PollLimits(),
    force: bool = False,
    checkpoint: Callable[[str], None] = nothing,
) -> PollReport:
    """Fetch every mail that is new, and write down how the poll went.

    ``connect`` opens the mailbox; after a fault it is called once more, and again as long as each connection got
    further. ``folders`` names what to poll; empty means inbox and junk-like folders. ``force`` ignores the pause
    after earlier faults. Faults of server and line end in the report, not in an exception.
    """
    with store.reading() as session:
        pause = watermarks.moment(session, PAUSE_KEY)
        fault = watermarks.get(session, FAULT_KEY) or ""
    if pause is not None and now < pause and not force:
        return PollReport(fault=fault, next_try=pause)
    poll = _Poll(store, call, now, tuple(folders), limits, checkpoint)
    _clear_partials(store)
    error = _with_reconnects(poll, connect, limits)
    return _conclude(store, poll.report, error, now, limits)


def _with_reconnects(poll: _Poll, connect: Callable[[], Mailbox], limits: PollLimits) -> TransportError | None:
    """Run the poll, anew after each fault as long as it gets further; return the fault that remained."""
    error: TransportError | None = None
    for _ in range(1 + limits.reconnects):
        done = poll.progress
        try:
            mailbox = connect()
        except TransportError as fault:
            poll.blame(fault, counts=False)
            return fault
        with contextlib.closing(mailbox):
            try:
                # The new connection works, so it was the mail that broke the last one.
                poll.blame(error, counts=True)
                poll.run(mailbox)
            except TransportError as fault:
                error = fault
                if fault.permanent or (poll.progress == done and poll.suspect is None):
                    break
                continue
        return poll.folder_fault
    poll.blame(error, counts=False)
    return error


@dataclass(slots=True)
class _Poll:
    """One poll over one or more connections."""

    store: Store
    call: Call
    now: datetime
    wanted: tuple[str, ...]
    limits: PollLimits
    checkpoint: Callable[[str], None]
    report: PollReport = field(default_factory=PollReport)
    progress: int = 0
    """Grows with every mail that is settled in one way or another."""
    suspect: Place | None = None
    """The mail that was being fetched when the line broke."""
    folder_fault: TransportError | None = None
    """Why a folder was left out."""
    opening: str = ""
    """The folder that was being opened when the line broke."""
    skipped: set[str] = field(default_factory=set)

    def run(self, mailbox: Mailbox) -> None:
        """Poll all folders over this connection."""
        polled: list[tuple[RemoteFolder, FolderStatus, int]] = []
        try:
            for folder in folders_to_poll(mailbox.folders(), self.wanted):
                if folder.name not in self.skipped:
                    polled.append(self._poll_folder(mailbox, folder))  # noqa: PERF401 - a fault keeps what is done
        finally:
            self._note_folders(mailbox.account, polled)

    def blame(self, error: TransportError | None, *, counts: bool) -> None:
        """Write down the mail or the folder at which the last connection broke, so that others go first."""
        if error is not None and self.opening:
            self.skipped.add(self.opening)
            self.folder_fault = error
            self.opening = ""
        if error is None or self.suspect is None:
            return
        place, self.suspect = self.suspect, None
        with self.store.transaction() as session:
            known = messages.ledger(session, place.account, place.folder, place.uidvalidity).get(place.uid)
            attempts = (known.attempts if known else 0) + (1 if counts else 0)
            over = attempts >= self.limits.fetch_attempts
            retry = None if over else self.now + timedelta(minutes=_pause(self.limits, max(attempts, 1)))
            messages.note_failure(session, place, error.sentence, self.now, retry=retry, counts=counts)
        self.progress += 1
        self.report.given_up += over
        self.report.failed += not over

    def _poll_folder(self, mailbox: Mailbox, folder: RemoteFolder) -> tuple[RemoteFolder, FolderStatus, int]:
        self.opening = folder.name
        status = mailbox.examine(folder.name)
        self.opening = ""
        uids = mailbox.uids(folder.name)
        with self.store.reading() as session:
            epoch = (mailbox.account, folder.name, status.uidvalidity)
            settled = messages.settled(session, *epoch)
            waiting = messages.ledger(session, *epoch, state=LedgerState.FAILED)
        at = Place(*epoch, 0)
        due = [uid for uid in uids if uid not in settled and _is_due(waiting.get(uid), self.now)]
        due += self._renumbered(mailbox, at, status, uids)
        self._note_gone(at, list(waiting), set(uids))
        described = mailbox.describe(folder.name, due)
        self._note_gone(at, due, set(described))
        for mail in sorted(described.values(), key=lambda one: (one.received, one.uid)):
            self._take(mailbox, replace(at, uid=mail.uid), mail, folder.role)
        return folder, status, len(uids)

    def _take(self, mailbox: Mailbox, place: Place, mail: RemoteMail, role: FolderRole) -> None:
        """Fetch one mail and keep it: blob first, then transaction 1."""
        if mail.size > self.limits.largest:
            why = f"邮件有 {mail.size} 字节，超过 {self.limits.largest} 字节的上限"
            with self.store.transaction() as session:
                messages.note_failure(session, place, why, self.now, retry=None, counts=False)
            self.report.given_up += 1
            return
        self.checkpoint("intake:before-fetch")
        try:
            kept = self._keep(mailbox, place, mail)
        except OSError as error:
            # Faults of the line are TransportErrors by now: this one is of our own disk, and no mail's fault.
            self.suspect = None
            cure = "请检查磁盘空间和文件夹权限，来信都还在邮箱里"
            raise TransportError(f"写不进数据文件夹 {self.store.home}（{error.strerror}）：{cure}。") from error
        if kept is None:
            self._note_gone(place, [place.uid], set())
            return
        sha256, size, head = kept
        self.checkpoint("intake:after-blob")
        arrival = Arrival(
            place=place,
            sha256=sha256,
            size=size,
            received=mail.received,
            junk=role is FolderRole.JUNK,
            before_call=mail.received < self.call.window.opens,
            fingerprint=fingerprint(mail),
            message_id=header_field(head, b"Message-ID"),
            received_evidence=header_field(head, b"Received"),
        )
        with self.store.transaction() as session:
            new = messages.note_arrival(session, arrival, self.now)
            self.checkpoint("intake:before-commit")
        self.checkpoint("intake:after-commit")
        self.progress += 1
        if new:
            self.report.stored.append(sha256)
        else:
            self.report.again += 1

    def _keep(self, mailbox: Mailbox, place: Place, mail: RemoteMail) -> tuple[str, int, bytes] | None:
        """Fetch into a file and keep it as a blob; return hash, size and the first bytes, or None where it is gone."""
        with _partial_file(self.store) as path:
            self.suspect = place
            with path.open("wb") as sink:
                size = mailbox.fetch(place.folder, mail, sink)
            self.suspect = None
            if size is None:
                return None
            self.checkpoint("intake:after-fetch")
            sha256 = self.store.blobs.put(path)
            with path.open("rb") as source:
                return sha256, size, source.read(_HEAD)

    def _note_gone(self, at: Place, uids: Sequence[int], there: set[int]) -> None:
        gone = [uid for uid in uids if uid not in there]
        if gone:
            with self.store.transaction() as session:
                for uid in gone:
                    messages.note_vanished(session, replace(at, uid=uid), self.now)
            self.report.vanished += len(gone)

    def _renumbered(self, mailbox: Mailbox, at: Place, status: FolderStatus, uids: Sequence[int]) -> list[int]:
        """Return known UIDs that now mean another mail, where a change of UIDVALIDITY would not have shown."""
        if status.uidvalidity_tells:
            return []
        with self.store.reading() as session:
            known = messages.ledger(session, at.account, at.folder, at.uidvalidity, state=LedgerState.FETCHED)
        both = [uid for uid in uids if uid in known]
        if not mismatches(mailbox, at.folder, both[-self.limits.spot_check :], known):
            return []
        changed = mismatches(mailbox, at.folder, both, known)
        with self.store.transaction() as session:
            messages.recheck(session, {replace(at, uid=uid): OTHER_MAIL for uid in changed}, self.now)
        return changed

    def _note_folders(self, account: str, polled: Sequence[tuple[RemoteFolder, FolderStatus, int]]) -> None:
        """Write down which folders were polled to their end, in one transaction: a poll with nothing new is cheap."""
        about = f"mailbox:{account}"
        with self.store.transaction() as session:
            for folder, status, count in polled:
                self.report.on_server[folder.name] = count
                row = messages.folder_row(session, account, folder.name)
                if row.last_polled is not None and row.uidvalidity != status.uidvalidity:
                    sentence = f"“{folder.name}”被服务器重新编号，已按内容逐封核对，收过的不会重复收。"
                    journal.write(session, self.now, journal.SYSTEM, "folder-renumbered", about, sentence)
                row.role, row.uidvalidity = folder.role.value, status.uidvalidity
                row.last_polled, row.server_count = self.now, count
                session.add(row)


def folders_to_poll(folders: Sequence[RemoteFolder], wanted: Sequence[str] = ()) -> tuple[RemoteFolder, ...]:
    """Return the folders to poll, the inbox first; ``TransportError`` where a wanted one is not there."""
    if wanted:
        there = {folder.name: folder for folder in folders}
        missing = [name for name in wanted if name not in there]
        if missing:
            names = "、".join(there)
            sentence = f"邮箱里没有文件夹“{missing[0]}”：请改正 ZHENGJI_IMAP_FOLDERS，现有：{names}。"
            raise TransportError(sentence, permanent=True)
        return tuple(there[name] for name in wanted)
    chosen = [folder for folder in folders if folder.role in {FolderRole.INBOX, FolderRole.JUNK}]
    return tuple(sorted(chosen, key=lambda folder: folder.role is not FolderRole.INBOX))


def fingerprint(mail: RemoteMail) -> str:
    """Return what the server tells of a mail, to notice when a UID later means another one."""
    return f"{mail.received.astimezone(UTC).isoformat()} {mail.size}"


def mismatches(mailbox: Mailbox, folder: str, uids: Sequence[int], known: dict[int, Known]) -> list[int]:
    """Return those UIDs of which the server now tells something else than when we fetched them."""
    described = mailbox.describe(folder, uids)
    return [uid for uid, mail in described.items() if known[uid].note != fingerprint(mail)]


def _is_due(waiting: Known | None, now: datetime) -> bool:
    return waiting is None or waiting.next_attempt is None or waiting.next_attempt <= now


def _pause(limits: PollLimits, failures: int) -> int:
    return limits.pauses[min(failures, len(limits.pauses)) - 1]


def _conclude(
    store: Store, report: PollReport, error: TransportError | None, now: datetime, limits: PollLimits
) -> PollReport:
    """Write down success, or the fault and when to try again."""
    with store.transaction() as session:
        if error is None:
            watermarks.put_moment(session, SUCCESS_KEY, now, now)
            for key in (PAUSE_KEY, FAILURES_KEY, FAULT_KEY):
                watermarks.drop(session, key)
            return report
        failures = int(watermarks.get(session, FAILURES_KEY) or 0) + 1
        # A refused login is never tried often: NetEase bans those who do.
        minutes = limits.pauses[-1] if error.permanent else _pause(limits, failures)
        report.fault, report.next_try = error.sentence, now + timedelta(minutes=minutes)
        watermarks.put(session, FAILURES_KEY, str(failures), now)
        watermarks.put(session, FAULT_KEY, error.sentence, now)
        watermarks.put_moment(session, PAUSE_KEY, report.next_try, now)
        journal.write(session, now, journal.SYSTEM, "poll-failed", "mailbox:", error.sentence)
    return report


@contextlib.contextmanager
def _partial_file(store: Store) -> Iterator[Path]:
    """Give an empty file for one download; it is gone afterwards."""
    folder = store.home / "incoming"
    folder.mkdir(exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f"{os.getpid()}-", dir=folder)
    os.close(number)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _clear_partials(store: Store) -> None:
    """Remove downloads that a killed process left behind."""
    for path in (store.home / "incoming").glob("*-*"):
        if not Path(f"/proc/{path.name.partition('-')[0]}").exists():
            path.unlink(missing_ok=True)
