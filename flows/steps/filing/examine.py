"""Examining a mail (审阅来信): read it in a child with limits, file what it holds, run the rules: transaction 2.

Taking and examining are two calls, so that whoever runs them (a Prefect task, a test) can name the second after what
the first has read. Our own faults bound the attempts of one mail and never stop the others.
"""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flows.steps.answer.answer import OWN_ANSWER
from flows.steps.answer.bounces import note_vague, tie_bounce
from flows.steps.answer.judge import judge
from flows.steps.events import Event
from flows.steps.filing.file_mail import LISTED, NEVER_FILED, file_reading
from flows.steps.leases import lease_next, owner_name
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Leaf, Role
from parsers.facts.mails import Intent, MailReading, ReadLeaf
from parsers.facts.problem import Problem, Weight
from parsers.facts.version import READER_VERSION
from parsers.look.cache import crops_of
from store import journal
from store.blobs.protocol import DamagedBlob
from store.dossier.dossier import GIVEN_SHORT
from store.engine import Transaction, sentence_of
from store.letters import due
from store.mails import messages
from store.mails.messages import FenceLost, Leased
from store.mails.passwords import still_shut, told_beside
from store.mails.readings import same_mail, save_reading, with_former_looks
from store.states import MessageKind, MessageState
from store.tables import MessageRow

UNSEEN_REST = "（来信中可能没有收到的部分）"
"""Name of the leaf that stands for what the server may have kept back of a mail."""

LEASE_SECONDS = 900
"""Longer than the longest reading (deadline of the reader times a few leaves read one by one)."""


LATER = timedelta(minutes=5)
"""How long a mail waits for a fault of our surroundings to be mended."""

SURROUNDINGS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
    | {errno.EACCES, errno.EPERM}
)
"""Faults of disk, memory and handles: whatever mail is being examined, it is not to blame."""

READER_DIED = frozenset({"reader-timeout", "reader-memory", "reader-killed", "reader-failed"})
"""Problems of ``parsers.sandbox.pool`` that, said of a whole mail, mean that it was not read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A leased mail that has been read, ready to be filed (已读来信)."""

    leased: Leased
    reading: MailReading
    title: str
    """Names the run in Chinese: applicant or sender, and subject."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of one mail (审阅结果)."""

    message: str
    kind: MessageKind
    reason: str
    numbers: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


def take_next(shop: Workshop, now: datetime) -> Taken | None:
    """Lease the oldest waiting mail and read it; None where none waits.

    A mail on which our own code fails is given back with its error, for a later attempt or for quarantine, and the
    next one is taken.
    """
    limit = shop.settings.max_attempts
    while leased := lease_next(shop.store, owner_name(), now, LEASE_SECONDS, max_attempts=limit):
        with shop.store.reading() as session:
            row = due.message_row(session, leased.sha256)
            told = told_beside(session, leased.sha256)
        try:
            reading = _whole(shop.reader.read(_raw(shop, leased.sha256), row.received, told))
            reading = with_rest_unseen(reading, row.fetch_doubt)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must cost this one mail only
            give_back(shop, leased, error, now)
            continue
        return Taken(leased, reading, _title(reading))
    return None


def examine(shop: Workshop, taken: Taken, now: datetime) -> Examined:
    """File one mail in one transaction: reading, versions, findings, the mark that an answer is due.

    Doing it again for the same mail gives the same rows. Never raises for what a mail holds.
    """
    try:
        _adopt(shop, taken.reading)
        with shop.store.transaction() as session:
            return _file(shop, session, taken, now)
    except FenceLost:
        return Examined(taken.leased.sha256, MessageKind.UNREAD, "这封来信已由另一个进程处理。")
    except Exception as error:  # noqa: BLE001 - our own fault: it must cost this one mail only, and staff must see it
        quarantined = give_back(shop, taken.leased, error, now)
        events = (_event("zhengji.message.quarantined", taken.leased.sha256),) if quarantined else ()
        reason = f"处理出错（{type(error).__name__}），" + ("已隔离待查。" if quarantined else "稍后再试。")
        kind = MessageKind.QUARANTINED if quarantined else MessageKind.UNREAD
        return Examined(taken.leased.sha256, kind, reason, events=events)


def give_back(shop: Workshop, leased: Leased, error: Exception, now: datetime) -> bool:
    """Note our own fault on the mail; True where it goes into quarantine.

    What is wrong with the machine, the database or the store of bytes is nothing of the mail's: it costs no attempt.
    """
    why = f"程序出错：{type(error).__name__}：{str(error)[:300]}"
    try:
        with shop.store.transaction() as session:
            if surroundings := _of_surroundings(error):
                messages.put_off(session, leased.sha256, leased.fence, surroundings, now + LATER)
                return False
            return messages.fail(
                session, leased.sha256, leased.fence, why, now, max_attempts=shop.settings.max_attempts
            )
    except FenceLost:
        return False


def _of_surroundings(error: Exception) -> str:
    """Say which fault of our own surroundings this is, in a Chinese sentence; empty where it may be the mail's."""
    if isinstance(error, OutOfBytes):
        return str(error)
    if isinstance(error, OSError) and error.errno in SURROUNDINGS:
        return f"本机暂时不能处理（{error.strerror}），稍后再试；请检查磁盘空间、权限和内存。"
    if isinstance(error, MemoryError):
        return "本机内存不足，稍后再试。"
    told = sentence_of(error)
    return f"{told}稍后再试。" if told else ""


def with_rest_unseen(reading: MailReading, doubt: str) -> MailReading:
    """Return the reading with what the server may have kept back: something unreadable in which anything may be.

    Only a mail that brings materials, or says so, gets it: of a question nothing is lacking.
    """
    brings = reading.intent is Intent.MATERIALS or any(leaf.role is not Role.NOISE for leaf in reading.leaves)
    if not doubt or reading.bounce is not None:
        return reading
    problem = Problem(GIVEN_SHORT, doubt, weight=Weight.UNREADABLE)
    reading = replace(reading, problems=(*reading.problems, problem))
    if not brings:
        return reading
    empty = hashlib.sha256(b"").hexdigest()
    rest = Leaf(UNSEEN_REST, UNSEEN_REST, 0, empty, "", problems=(problem,))
    return replace(
        reading, leaves=(*reading.leaves, ReadLeaf(rest, Role.UNREADABLE, "收件服务器可能没有给全这封来信。"))
    )


class OutOfBytes(Exception):  # noqa: N818 - it says what happened
    """The raw mail is not in the store of bytes, or is not whole there. The message is a Chinese sentence."""


class ReadingFailed(Exception):  # noqa: N818 - it says what happened
    """The reader itself died on the mail: nothing it gave may be taken for what the mail says."""


def _raw(shop: Workshop, sha256: str) -> Path:
    try:
        return shop.store.blobs.path_for_reading(sha256)
    except DamagedBlob as damaged:
        sentence = "来信原件已损坏，等待修复：重新收取时自动补上，或从备份恢复原件库。"
        raise OutOfBytes(sentence) from damaged
    except KeyError as gone:
        sentence = "来信原件不在原件库里，等待修复：请核对原件库是否挂载，重新收取时自动补上，或从备份恢复。"
        raise OutOfBytes(sentence) from gone


def _whole(reading: MailReading) -> MailReading:
    """Return the reading; ``ReadingFailed`` where the reader died on the mail as a whole (not on one file in it)."""
    for problem in reading.problems:
        if problem.code in READER_DIED:
            raise ReadingFailed(problem.message)
    return reading


def _file(shop: Workshop, session: Transaction, taken: Taken, now: datetime) -> Examined:
    reading = taken.reading
    row = messages.finish(session, taken.leased.sha256, taken.leased.fence)
    first = row.kind in NEVER_FILED
    _describe(row, reading)
    if reading.bounce is not None:
        save_reading(session, reading, READER_VERSION)
        letter = tie_bounce(session, reading.bounce, row.sha256, now)
        vague = None if letter else note_vague(session, reading, row.received, now)
        told = f"多半是第 {vague} 号回信的，请经办核对。" if vague else "不是我方任何一封回信的退信。"
        reason = "退信，" + (f"已记到第 {letter} 号回信。" if letter else told)
        done = _done(session, row, MessageKind.BOUNCE, reason, now)
        return (
            replace(done, events=(*done.events, Event("zhengji.letter.bounced", f"letter.{letter}")))
            if letter
            else done
        )
    reading = with_former_looks(session, reading, READER_VERSION)
    filed = file_reading(session, shop.store, shop.call, reading, now, reader_version=READER_VERSION)
    for submission_id in filed.submissions:
        judge(shop, session, submission_id, now)
    copy_of = same_mail(session, reading, junk=row.junk)
    reason = filed.reason
    if copy_of is not None:
        reason = f"{filed.reason.rstrip('。')}。与来信 {copy_of[:12]} 是同一封，经不同地址收到，只答复一次。"
        # Nobody waits for an answer to a question that was asked once.
        row.state = MessageState.SETTLED if filed.kind is MessageKind.INQUIRY else row.state
    elif filed.answer_message or (reading.intent in OWN_ANSWER and filed.kind not in LISTED):
        due.mark_message(session, row.sha256, now)
    if first and reading.intent is Intent.PASSWORD:
        _try_again(session, row.sha256, now)
    done = _done(session, row, filed.kind, reason, now, filed.numbers)
    rows = due.submission_rows(session, filed.opened)
    opened = tuple(Event("zhengji.submission.opened", f"submission.{one.number}") for one in rows)
    return replace(done, events=(*done.events, *opened))


def _try_again(session: Transaction, sha256: str, now: datetime) -> None:
    """Have the mails beside this one, of which a file stayed shut, read again with the password that it tells."""
    for other in still_shut(session, sha256):
        messages.run_again(session, other, now, journal.SYSTEM, "另一封来信告知了密码。")


def _done(
    session: Transaction, row: MessageRow, kind: MessageKind, reason: str, now: datetime, numbers: tuple[str, ...] = ()
) -> Examined:
    row.kind, row.reason = kind, reason
    session.add(row)
    about = f"message:{row.sha256}"
    journal.write(session, now, journal.SYSTEM, "examined", about, reason, {"kind": kind, "numbers": list(numbers)})
    event = _event("zhengji.message.received", row.sha256, kind)
    return Examined(row.sha256, kind, reason, numbers, (event,))


def _describe(row: MessageRow, reading: MailReading) -> None:
    row.subject, row.message_id = reading.subject, reading.message_id
    row.sender_name, row.sender_address = reading.sender.name, reading.sender.address
    row.intent = reading.intent.value


def _adopt(shop: Workshop, reading: MailReading) -> None:
    """Take over what the reader laid down: the leaves, and the crops that serve as evidence."""
    for read in reading.leaves:
        _take_over(shop, read.leaf.sha256)
        for crop in crops_of(read.look) if read.look is not None else ():
            _take_over(shop, crop)


def _take_over(shop: Workshop, sha256: str) -> None:
    try:
        shop.store.blobs.adopt(shop.spool, sha256)
    except KeyError:
        # An unreadable leaf may stand for content that was never unpacked; its row says so.
        return


def _title(reading: MailReading) -> str:
    forms = [leaf.look.scan.form for leaf in reading.leaves if leaf.look and leaf.look.scan and leaf.look.scan.form]
    name = next((form.applicant.value for form in forms if form.applicant.value), "")
    who = name or reading.sender.name or reading.sender.address or "未知发件人"
    return f"{who[:30]}｜{reading.subject[:40] or '无主题'}"


def _event(name: str, sha256: str, kind: str = "") -> Event:
    return Event(name, f"message.{sha256[:16]}", {"kind": kind} if kind else {})
