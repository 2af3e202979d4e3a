"""Alarms (告警): what staff must hear about at once, because nobody would notice until the deadline.

An alarm is worked out anew from the rows each time; it goes away when its cause does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.steps.deliver import sending_state
from flows.steps.intake.folders import left_out
from flows.steps.intake.pause import FAULT_KEY, SUCCESS_KEY
from flows.steps.intake.receipt import AHEAD
from flows.steps.intake.whole import APART as SHORT_FOR
from store import watermarks
from store.engine import Store, Transaction
from store.letters import earlier_letters, outbox
from store.mails import messages
from store.states import LetterState
from store.views.shelf import SHELF_FAULT

FIRST_SEEN = "alarm:first-seen:"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. ``since`` is when its cause began, as far as known."""

    key: str
    """``mailbox-silent``, ``sending-stopped``, ``sending-frozen``, ``older-state``, ``letters-unknown``,
    ``mails-given-up``, ``mails-short``, ``folders-left-out``, ``shelf-behind``."""
    title: str
    sentence: str
    since: datetime
    can_mail: bool = True
    """Whether a mail about it has a chance to go out."""


def alarms(store: Store, now: datetime, *, silent: timedelta = timedelta(minutes=15)) -> tuple[Alarm, ...]:
    """Return the alarms that stand now, the gravest first. ``silent`` is how long polls may fail before it is one."""
    with store.transaction() as session:
        found = [
            _mailbox_silent(session, now, silent),
            _older_state(session, now),
            _sending_closed(session, now),
            _letters_in_doubt(session, now),
            _mails_given_up(session),
            _mails_short(session, now),
            _folders_left_out(session, now, silent),
            _shelf_behind(session, now),
        ]
    return tuple(alarm for alarm in found if alarm is not None)


def _mailbox_silent(session: Transaction, now: datetime, silent: timedelta) -> Alarm | None:
    last = watermarks.moment(session, SUCCESS_KEY)
    if last is None or last > now + AHEAD:
        # Never polled yet, or by a clock that stood wrong: the silence counts from the first time somebody asked.
        last = _first_seen(session, "mailbox-silent", now)
    if now - last < silent:
        return None
    minutes = int((now - last).total_seconds() // 60)
    fault = watermarks.get(session, FAULT_KEY) or "收信没有运行，请检查服务是否在运行。"
    return Alarm("mailbox-silent", "收信中断", f"已有 {minutes} 分钟没有成功收信。{fault}", last)


def _older_state(session: Transaction, now: datetime) -> Alarm | None:
    older = earlier_letters.older_state(session)
    if older is None:
        return None
    since = watermarks.written_at(session, earlier_letters.OLDER) or now
    return Alarm("older-state", "数据库是较早的状态", older.sentence(), since, can_mail=False)


def _sending_closed(session: Transaction, now: datetime) -> Alarm | None:
    gate = sending_state.gate(session, now)
    if not gate.reason or earlier_letters.older_state(session) is not None:
        return None
    stopped = watermarks.get(session, sending_state.STOPPED)
    frozen = watermarks.moment(session, sending_state.FROZEN)
    if stopped is not None:
        since = watermarks.written_at(session, sending_state.STOPPED) or now
        return Alarm("sending-stopped", "发信已停止", gate.reason, since, can_mail=False)
    if frozen is not None and now < frozen:
        since = watermarks.written_at(session, sending_state.FROZEN) or now
        return Alarm("sending-frozen", "今日发信限额用完", gate.reason, since, can_mail=False)
    return None


def _letters_in_doubt(session: Transaction, now: datetime) -> Alarm | None:
    old = [
        row for row in outbox.in_state(session, LetterState.UNKNOWN) if row.attempted and now - row.attempted > _DOUBT
    ]
    if not old:
        return None
    since = min(row.attempted for row in old if row.attempted)
    return Alarm("letters-unknown", "回信结果不明", f"有 {len(old)} 封回信不知是否已送出，还没有核对成功。", since)


def _mails_given_up(session: Transaction) -> Alarm | None:
    lost = [mail for mail in messages.unfetched(session) if mail.given_up]
    if not lost:
        return None
    sentence = f"有 {len(lost)} 封邮件多次收取失败，请到网页邮箱处理，详见对账缺口。"
    return Alarm("mails-given-up", "有邮件收不下来", sentence, lost[0].seen)


def _mails_short(session: Transaction, now: datetime) -> Alarm | None:
    short = [mail for mail in messages.unfetched(session) if mail.short and not mail.given_up]
    old = [mail for mail in short if now - mail.seen >= SHORT_FOR]
    if not old:
        return None
    sentence = f"有 {len(old)} 封邮件服务器一直没有给全，程序仍在重取，详见待办“收取不全”。"
    return Alarm("mails-short", "有邮件收取不全", sentence, old[0].seen)


def _folders_left_out(session: Transaction, now: datetime, silent: timedelta) -> Alarm | None:
    """Tell of folders that fail while the others are polled; one that fails for a moment is none yet."""
    told = [(since, why) for why, since in left_out(session).values() if since is not None and now - since >= silent]
    if not told:
        return None
    return Alarm("folders-left-out", "有文件夹没有收取", "".join(why for _, why in told), min(s for s, _ in told))


def _shelf_behind(session: Transaction, now: datetime) -> Alarm | None:
    fault = watermarks.get(session, SHELF_FAULT)
    if not fault:
        return None
    return Alarm("shelf-behind", "案卷没有跟上", fault, watermarks.written_at(session, SHELF_FAULT) or now)


_DOUBT = timedelta(hours=1)


def _first_seen(session: Transaction, key: str, now: datetime) -> datetime:
    seen = watermarks.moment(session, FIRST_SEEN + key)
    if seen is None or seen > now + AHEAD:
        watermarks.put_moment(session, FIRST_SEEN + key, now, now)
        return now
    return seen
