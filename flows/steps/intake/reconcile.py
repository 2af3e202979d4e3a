"""The daily proof (零遗漏对账): UID by UID, server and ledger agree, or the gap has a name.

``邮箱 N 封 = 入库 N 封``: every mail in every polled folder is in the ledger, its raw bytes are in the blobs, and the
server still tells the same of it. Folders that are not polled are looked through for mails that someone moved there
before we saw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.call import Call
from flows.steps.intake.folders import folders_missed, folders_to_poll
from flows.steps.intake.poll import OTHER_MAIL, fingerprint
from flows.steps.intake.raw_head import field as header_field
from flows.transport.ports import FolderRefused, FolderRole, FolderStatus, Mailbox, RemoteFolder, RemoteMail
from store import journal
from store.engine import Store
from store.mails import messages
from store.mails.messages import Known, Place
from store.states import LedgerState

_OURS = frozenset({FolderRole.SENT, FolderRole.DRAFTS})
_BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Gap:
    """One mail of which server and ledger disagree (对账缺口)."""

    folder: str
    uid: int
    received: str
    """Beijing time as text; empty where the server no longer has it."""
    size: int
    reason: str


@dataclass(slots=True)
class ReconcileReport:
    """What the proof found. ``server`` counts mails in polled folders, ``stored`` those proved to be ours."""

    server: int = 0
    stored: int = 0
    gaps: list[Gap] = field(default_factory=list)
    moved_on: int = 0
    """Mails that we have and the server no longer shows where we took them: moved or deleted by people."""

    @property
    def sentence(self) -> str:
        """The proof in one sentence, for the digest."""
        if not self.gaps:
            return f"对账：邮箱 {self.server} 封 = 入库 {self.stored} 封，无缺口。"
        return f"对账：邮箱 {self.server} 封，入库 {self.stored} 封，缺口 {len(self.gaps)} 处，见清单。"


def reconcile(
    store: Store, mailbox: Mailbox, call: Call, now: datetime, *, folders: Sequence[str] = ()
) -> ReconcileReport:
    """Prove every folder and write the gaps down. ``TransportError`` where the mailbox fails in the middle.

    Mails given up before, and UIDs that mean another mail now, are due again at the next poll.
    """
    report = ReconcileReport()
    there = mailbox.folders()
    polled = folders_to_poll(there, folders)
    with store.reading() as session:
        missed = folders_missed(session, mailbox.account, there, folders, now)
    report.gaps += [Gap(name, 0, "", 0, why) for name, why in missed.items()]
    for folder in there:
        if folder not in polled and folder.role in _OURS:
            continue
        try:
            if folder in polled:
                _prove(store, mailbox, folder, now, report)
            else:
                _look_through(store, mailbox, folder, call, now, report)
        except FolderRefused as refused:
            # What lies in it is unproved; the others are proved all the same.
            gap = Gap(folder.name, 0, "", 0, refused.sentence)
            report.gaps.append(gap)
            _write(store, mailbox.account, folder, now, [gap], {}, None)
    with store.transaction() as session:
        journal.write(session, now, journal.SYSTEM, "reconciled", f"mailbox:{mailbox.account}", report.sentence)
    return report


def _prove(store: Store, mailbox: Mailbox, folder: RemoteFolder, now: datetime, report: ReconcileReport) -> None:
    status, uids = _listed(mailbox, folder.name)
    described = mailbox.describe(folder.name, uids)
    with store.reading() as session:
        known = messages.ledger(session, mailbox.account, folder.name, status.uidvalidity)
    gaps: list[Gap] = []
    if len(uids) < status.exists:
        told = f"服务器说有 {status.exists} 封却只列出 {len(uids)} 封：请在网页邮箱把“收取最近邮件”设为全部"
        gaps.append(Gap(folder.name, 0, "", 0, told))
    again: dict[Place, str] = {}
    at = Place(mailbox.account, folder.name, status.uidvalidity, 0)
    for uid, mail in described.items():
        reason = _gap(store, known.get(uid), mail)
        if reason is not None:
            gaps.append(_named(folder.name, mail, reason))
            if uid in known and known[uid].state != LedgerState.FAILED:
                again[replace(at, uid=uid)] = reason
    report.server += max(len(described), status.exists)
    report.stored += len(described) - sum(1 for gap in gaps if gap.uid)
    report.moved_on += sum(
        1 for uid, seen in known.items() if seen.state == LedgerState.FETCHED and uid not in described
    )
    report.gaps += gaps
    _write(store, mailbox.account, folder, now, gaps, again, len(described))


def _listed(mailbox: Mailbox, folder: str) -> tuple[FolderStatus, tuple[int, ...]]:
    """Return what the folder says of itself and the UIDs it lists; looks twice, as a mail may go in between."""
    status = mailbox.examine(folder)
    uids = mailbox.uids(folder)
    if len(uids) < status.exists:
        status = mailbox.examine(folder)
        uids = mailbox.uids(folder)
    return status, uids


def _write(
    store: Store,
    account: str,
    folder: RemoteFolder,
    now: datetime,
    gaps: list[Gap],
    again: dict[Place, str],
    count: int | None,
) -> None:
    with store.transaction() as session:
        messages.recheck(session, again, now)
        row = messages.folder_row(session, account, folder.name)
        row.role, row.last_reconciled, row.gaps = folder.role.value, now, [asdict(gap) for gap in gaps]
        row.server_count = row.server_count if count is None else count
        session.add(row)


def _gap(store: Store, known: Known | None, mail: RemoteMail) -> str | None:
    """Return what is wrong with our record of a mail; None where all is well."""
    if known is None:
        return "还没有收到库里，下次收信时收取"
    if known.state in {LedgerState.FAILED, LedgerState.GIVEN_UP}:
        return f"收取失败 {known.attempts} 次：{known.note}"
    if known.state == LedgerState.VANISHED:
        return "曾经不见，现又出现"
    if known.note != fingerprint(mail):
        return OTHER_MAIL
    return _gap_of_bytes(store, known, mail.size)


def _gap_of_bytes(store: Store, known: Known, told: int) -> str | None:
    """Compare the three sizes (told by the server, registered, lying here), and prove the bytes by their hash."""
    kept = store.blobs.size(known.message) if known.message is not None else None
    if kept is None:
        return "登记在册但原件不在库里"
    if told and told not in {known.size, known.told_size}:
        return f"服务器说有 {told} 字节，库里只有 {known.size} 字节"
    if kept != known.size:
        return f"登记为 {known.size} 字节，原件却有 {kept} 字节"
    return None if store.blobs.verify(known.message or "") else "原件已损坏，字节数虽同，内容与入库时不一致"


def _named(folder: str, mail: RemoteMail, reason: str) -> Gap:
    received = f"{mail.received.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"
    return Gap(folder, mail.uid, received, mail.size, reason)


def _look_through(
    store: Store, mailbox: Mailbox, folder: RemoteFolder, call: Call, now: datetime, report: ReconcileReport
) -> None:
    """Name mails in a folder that is not polled which we do not have: someone moved them before we came."""
    mailbox.examine(folder.name)
    described = mailbox.describe(folder.name, mailbox.uids(folder.name))
    recent = {uid: mail for uid, mail in described.items() if mail.received >= call.window.opens}
    heads = mailbox.headers(folder.name, sorted(recent), ("MESSAGE-ID",))
    with store.reading() as session:
        ours = messages.traces(session, call.window.opens)
    gaps = [
        _named(folder.name, mail, "在不收取的文件夹里，库里没有：若是来信请移回收件箱")
        for uid, mail in recent.items()
        if (mail.size, header_field(heads.get(uid, b""), b"Message-ID")) not in ours
    ]
    report.gaps += gaps
    _write(store, mailbox.account, folder, now, gaps, {}, None)
