"""Intake (收信入库): every mail that the server has and we have not becomes raw bytes and three rows.

What is new is the server's UIDs minus our ledger: never flags, dates or ranges. A mail is ours from transaction 1 on,
whatever happens next; a crash at any point before it only means that the mail is fetched again. Nothing on the server
is changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.call import Call
from flows.steps.checkpoint import nothing
from flows.steps.intake import pause
from flows.steps.intake.fetch import Visit, clear_partials, cut_in, look_of, partial_file, row_of, visit
from flows.steps.intake.folders import folders_missed, folders_to_poll, left_out, note_left_out
from flows.steps.intake.raw_head import field as header_field
from flows.steps.intake.receipt import receipt_of
from flows.steps.intake.whole import Look, Verdict
from flows.transport.ports import (
    FolderRefused,
    FolderRole,
    FolderStatus,
    Mailbox,
    RemoteFolder,
    RemoteMail,
    TransportError,
)
from store import journal
from store.engine import Store
from store.mails import messages
from store.mails.messages import Arrival, Known, Place
from store.states import LedgerState

OTHER_MAIL = "这个 UID 现在是另一封邮件"
KEPT_BACK = "服务器列着这封邮件，却没有给出内容"

_HEAD = 65_536
_LATEST_RETRY = timedelta(hours=1)
"""No mail waits longer for its next attempt: a later moment was written by a clock that stood wrong."""


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
    left_out: dict[str, str] = field(default_factory=dict)
    """Folder to the sentence that says why it was not polled, where others were."""
    fault: str = ""
    """What ended the poll early, in one Chinese sentence; empty where the inbox was polled to its end."""
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
    login: str = "",
    checkpoint: Callable[[str], None] = nothing,
    afterwards: Callable[[Mailbox], object] | None = None,
) -> PollReport:
    """Fetch every mail that is new, and write down how the poll went.

    ``connect`` opens the mailbox; after a fault it is called once more, and again as long as each connection got
    further. ``folders`` names what to poll; empty means inbox and junk-like folders. ``force`` ignores the pause
    after earlier faults, and so does a ``login`` (a mark of server, user and code) that is not the one that failed.
    ``afterwards`` gets the mailbox once every folder was polled; a fault there is none of the poll's. Faults of
    server and line end in the report, not in an exception.
    """
    with store.transaction() as session:
        rest = None if force else pause.resting(session, now, login)
        standing = left_out(session)
    if rest is not None:
        return PollReport(fault=rest.fault, next_try=rest.until)
    poll = _Poll(store, call, now, tuple(folders), limits, checkpoint, frozenset(standing))
    clear_partials(store)
    error = _with_reconnects(poll, connect, limits, afterwards)
    return _conclude(store, poll, error, login)


def _with_reconnects(
    poll: _Poll, connect: Callable[[], Mailbox], limits: PollLimits, afterwards: Callable[[Mailbox], object] | None
) -> TransportError | None:
    """Run the poll, anew after each fault as long as it gets further; return the fault that remained."""
    error: TransportError | None = None
    for _ in range(1 + limits.reconnects):
        done = poll.progress
        try:
            mailbox = connect()
        except TransportError as fault:
            poll.blame(fault, counts=False)
            return fault
        poll.connections += 1
        with contextlib.closing(mailbox):
            try:
                # The new connection works, so it was the mail that broke the last one.
                poll.blame(error, counts=True)
                poll.run(mailbox)
            except TransportError as fault:
                error = fault
                if fault.permanent or (poll.progress == done and poll.suspect is None and poll.opening is None):
                    break
                continue
            if afterwards is not None:
                with contextlib.suppress(TransportError):
                    afterwards(mailbox)
        return poll.inbox_fault
    one_folder = poll.opening is not None
    poll.blame(error, counts=False)
    return poll.inbox_fault if one_folder and poll.any_polled else error


@dataclass(slots=True)
class _Poll:
    """One poll over one or more connections."""

    store: Store
    call: Call
    now: datetime
    wanted: tuple[str, ...]
    limits: PollLimits
    checkpoint: Callable[[str], None]
    standing: frozenset[str] = frozenset()
    """Folders that were left out last time: they come last."""
    report: PollReport = field(default_factory=PollReport)
    progress: int = 0
    """Grows with every mail that is settled in one way or another."""
    connections: int = 0
    suspect: Place | None = None
    """The mail that was being fetched when the line broke."""
    inbox_fault: TransportError | None = None
    """Why the inbox was left out: without it a poll is none."""
    opening: RemoteFolder | None = None
    """The folder that was being opened when the line broke."""
    any_polled: bool = False
    listed: bool = False
    """Whether all folders were seen to their end, polled or left out."""

    def run(self, mailbox: Mailbox) -> None:
        """Poll all folders over this connection."""
        polled: list[tuple[RemoteFolder, FolderStatus, int]] = []
        there = mailbox.folders()
        chosen = folders_to_poll(there, self.wanted)
        with self.store.reading() as session:
            self.report.left_out |= folders_missed(session, mailbox.account, there, self.wanted, self.now)
        try:
            for folder in sorted(chosen, key=lambda one: one.name in self.standing):
                if folder.name in self.report.left_out:
                    continue
                try:
                    polled.append(self._poll_folder(mailbox, folder))
                    self.any_polled = True
                except FolderRefused as refused:
                    self._leave_out(folder, refused)
        finally:
            self._note_folders(mailbox.account, polled)
        self.listed = True
        if not self.any_polled and self.inbox_fault is None:
            self.inbox_fault = TransportError("；".join(self.report.left_out.values()))

    def _leave_out(self, folder: RemoteFolder, fault: TransportError) -> None:
        self.opening = None
        self.report.left_out[folder.name] = fault.sentence
        if folder.role is FolderRole.INBOX:
            self.inbox_fault = fault

    def blame(self, error: TransportError | None, *, counts: bool) -> None:
        """Write down the mail or the folder at which the last connection broke, so that others go first."""
        if error is not None and self.opening is not None:
            self._leave_out(self.opening, error)
        if error is None or self.suspect is None:
            return
        place, self.suspect = self.suspect, None
        with self.store.transaction() as session:
            known = messages.ledger(session, place.account, place.folder, place.uidvalidity).get(place.uid)
            attempts = (known.attempts if known else 0) + (1 if counts else 0)
            over = attempts >= self.limits.fetch_attempts
            retry = None if over else self._later(attempts)
            messages.note_failure(session, place, error.sentence, self.now, retry=retry, counts=counts)
        self.progress += 1
        self.report.given_up += over
        self.report.failed += not over

    def _poll_folder(self, mailbox: Mailbox, folder: RemoteFolder) -> tuple[RemoteFolder, FolderStatus, int]:
        self.opening = folder
        status = mailbox.examine(folder.name)
        self.opening = None
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
        for uid in due:
            if uid not in described:
                self._nothing_came(mailbox, replace(at, uid=uid))
        for mail in sorted(described.values(), key=lambda one: (one.received, one.uid)):
            looks = tuple(look_of(row) for row in waiting[mail.uid].looks) if mail.uid in waiting else ()
            self._take(mailbox, replace(at, uid=mail.uid), mail, folder.role, looks)
        return folder, status, len(uids)

    def _take(
        self, mailbox: Mailbox, place: Place, mail: RemoteMail, role: FolderRole, looks: tuple[Look, ...]
    ) -> None:
        """Fetch one mail and keep it: blob first, then transaction 1."""
        if mail.size > self.limits.largest:
            why = f"邮件有 {mail.size} 字节，超过 {self.limits.largest} 字节的上限"
            with self.store.transaction() as session:
                messages.note_failure(session, place, why, self.now, retry=None, counts=False)
            self.report.given_up += 1
            return
        self.checkpoint("intake:before-fetch")
        try:
            kept = self._keep(mailbox, place, mail, looks)
        except OSError as error:
            # Faults of the line are TransportErrors by now: this one is of our own disk, and no mail's fault.
            self.suspect = None
            cure = "请检查磁盘空间和文件夹权限，来信都还在邮箱里"
            raise TransportError(f"写不进数据文件夹 {self.store.home}（{error.strerror}）：{cure}。") from error
        if kept is None:
            return
        self.checkpoint("intake:after-blob")
        stamped = header_field(kept.head, b"Received")
        receipt = receipt_of(mail.received, stamped, self.now, self.call.window)
        arrival = Arrival(
            place=place,
            sha256=kept.sha256,
            size=kept.size,
            received=receipt.moment,
            junk=role is FolderRole.JUNK,
            before_call=receipt.moment < self.call.window.opens,
            fingerprint=fingerprint(mail),
            message_id=header_field(kept.head, b"Message-ID"),
            received_evidence=stamped,
            received_doubt=receipt.doubt,
            told_size=mail.size if mail.size != kept.size else 0,
            fetch_doubt=kept.doubt,
        )
        with self.store.transaction() as session:
            new = messages.note_arrival(session, arrival, self.now)
            self.checkpoint("intake:before-commit")
        self.checkpoint("intake:after-commit")
        self.progress += 1
        if new:
            self.report.stored.append(kept.sha256)
        else:
            self.report.again += 1

    def _keep(self, mailbox: Mailbox, place: Place, mail: RemoteMail, looks: tuple[Look, ...]) -> _Kept | None:
        """Fetch into a file and keep it as a blob; None where nothing came, or where what came is not believed."""

        def into(path: Path) -> int | None:
            self.suspect = place
            with path.open("wb") as sink:
                size = mailbox.fetch(place.folder, mail, sink)
            self.suspect = None
            return size

        with partial_file(self.store) as path:
            connection = f"{self.now.isoformat()}#{self.connections}"
            seen = visit(into, path, mail.size, looks, now=self.now, connection=connection)
            if seen.verdict is None:
                self._nothing_came(mailbox, place)
                return None
            if seen.verdict in {Verdict.SHORT, Verdict.CUT}:
                self._note_short(place, mail, seen, cut_in(path) if seen.verdict is Verdict.CUT else "")
                return None
            self.checkpoint("intake:after-fetch")
            doubt = f"{seen.short_by(mail.size, '')}，内容看不出缺损，已照此收下。"
            sha256 = self.store.blobs.put(path)
            with path.open("rb") as source:
                head = source.read(_HEAD)
            return _Kept(sha256, seen.size, head, doubt if seen.verdict is Verdict.BELIEVED else "")

    def _note_short(self, place: Place, mail: RemoteMail, seen: Visit, cut: str) -> None:
        """Less came than the server tells: the mail stays a gap, and is asked for again and again."""
        with self.store.transaction() as session:
            known = messages.ledger(session, place.account, place.folder, place.uidvalidity).get(place.uid)
            retry = self.now + _LATEST_RETRY if cut else self._later(known.attempts + 1 if known else 1)
            looks = [row_of(look) for look in seen.looks]
            messages.note_failure(session, place, seen.short_by(mail.size, cut), self.now, retry=retry, looks=looks)
        self.progress += 1
        self.report.failed += 1

    def _nothing_came(self, mailbox: Mailbox, place: Place) -> None:
        """Look whether a mail of which nothing came is still listed: then it is asked for again, else it is gone."""
        status = mailbox.examine(place.folder)
        if status.uidvalidity != place.uidvalidity or place.uid not in mailbox.uids(place.folder):
            self._note_gone(place, [place.uid], set())
            return
        with self.store.transaction() as session:
            known = messages.ledger(session, place.account, place.folder, place.uidvalidity).get(place.uid)
            retry = self._later(known.attempts + 1 if known else 1)
            messages.note_failure(session, place, KEPT_BACK, self.now, retry=retry)
        self.progress += 1
        self.report.failed += 1

    def _later(self, attempts: int) -> datetime:
        return self.now + timedelta(minutes=pause.minutes_after(self.limits.pauses, attempts))

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


def fingerprint(mail: RemoteMail) -> str:
    """Return what the server tells of a mail, to notice when a UID later means another one."""
    return f"{mail.received.astimezone(UTC).isoformat()} {mail.size}"


def mismatches(mailbox: Mailbox, folder: str, uids: Sequence[int], known: dict[int, Known]) -> list[int]:
    """Return those UIDs of which the server now tells something else than when we fetched them."""
    described = mailbox.describe(folder, uids)
    return [uid for uid, mail in described.items() if known[uid].note != fingerprint(mail)]


def _is_due(waiting: Known | None, now: datetime) -> bool:
    if waiting is None or waiting.next_attempt is None:
        return True
    return not now < waiting.next_attempt <= now + _LATEST_RETRY


def _conclude(store: Store, poll: _Poll, error: TransportError | None, login: str) -> PollReport:
    """Write down success, or the fault and when to try again, and which folders were left out."""
    report, now = poll.report, poll.now
    with store.transaction() as session:
        note_left_out(session, report.left_out, now, whole=poll.listed)
        if error is None:
            pause.note_success(session, now)
            return report
        report.fault = error.sentence
        report.next_try = pause.note_fault(
            session, error.sentence, now, pauses=poll.limits.pauses, permanent=error.permanent, login=login
        )
    return report


@dataclass(frozen=True, slots=True)
class _Kept:
    """A mail in the blobs: its first bytes, and why it may not be whole."""

    sha256: str
    size: int
    head: bytes
    doubt: str
