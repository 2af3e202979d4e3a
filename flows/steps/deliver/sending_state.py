"""Whether letters may go at all (发信总闸): an older database, the emergency stop, the freeze, the throttle's pause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from store import journal, watermarks
from store.engine import Store, Transaction
from store.letters import earlier_letters

STOPPED = "sending-stopped"
FROZEN = "sending-frozen-until"
PAUSED = "sending-paused-until"
THROTTLES = "sending-throttles"
SPAM = "sending-spam"
"""How many letters in a row were refused for their content."""
LOGIN = "sending-login"
"""A mark of the login with which the account was refused; empty where people stopped sending."""

MOST_SPAM = 3
"""So many letters in a row may be refused as spam before all sending stops: more would burn the account."""

LONGEST = {FROZEN: timedelta(hours=24), PAUSED: timedelta(minutes=60)}
"""No freeze and no pause ends later: one that does comes from a clock that stood wrong when it was written."""

PAUSES = (2, 15, 60)
"""Minutes without sending after the first, second, and every further throttle in a row."""

_BEIJING = ZoneInfo("Asia/Shanghai")
_THAW = time(0, 10)


@dataclass(frozen=True, slots=True)
class Gate:
    """Why nothing may go now, as a Chinese sentence (empty where letters may go), and until when."""

    reason: str = ""
    until: datetime | None = None


def clock(moment: datetime) -> str:
    """Return a moment as staff read it, in Beijing time."""
    return f"{moment.astimezone(_BEIJING):%m月%d日 %H:%M:%S}"


def gate(session: Transaction, now: datetime) -> Gate:
    """Return whether sending is open."""
    older = earlier_letters.older_state(session)
    if older is not None:
        return Gate(older.sentence())
    stopped = watermarks.get(session, STOPPED)
    if stopped is not None:
        return Gate(f"发信已停止：{stopped}")
    for key, words in ((FROZEN, "今日发信限额已用完"), (PAUSED, "服务器要求放慢或连不上")):
        until = watermarks.moment(session, key)
        if until is not None and until > now + LONGEST[key]:
            until = now + LONGEST[key]
            watermarks.put_moment(session, key, until, now)
            sentence = f"停发时间比最长的还远，写下时机器的时钟走错了：已改为 {clock(until)}，请核对时钟。"
            journal.write(session, now, journal.SYSTEM, "clock-was-wrong", "sending:", sentence)
        if until is not None and now < until:
            return Gate(f"{words}，{clock(until)} 后自动继续。", until)
    return Gate()


def stop(session: Transaction, reason: str, now: datetime, actor: str = journal.SYSTEM) -> None:
    """Stop all sending until someone starts it again; letters stay queued."""
    watermarks.put(session, STOPPED, reason, now)
    watermarks.drop(session, LOGIN)
    journal.write(session, now, actor, "sending-stopped", "sending:", f"发信已停止：{reason}")


def start(session: Transaction, reason: str, now: datetime, actor: str) -> None:
    """Let letters go again, whatever stopped them."""
    for key in (STOPPED, FROZEN, PAUSED, THROTTLES, SPAM, LOGIN):
        watermarks.drop(session, key)
    journal.write(session, now, actor, "sending-started", "sending:", f"发信已恢复：{reason}")


def stop_for_login(session: Transaction, reason: str, now: datetime, login: str) -> None:
    """Stop all sending because the account was refused; another ``login`` lets letters go again."""
    stop(session, reason, now)
    watermarks.put(session, LOGIN, login, now)


def heed_new_login(session: Transaction, login: str, now: datetime) -> None:
    """Let letters go again where sending was stopped by a refused login and this is another one: somebody mended it."""
    refused = watermarks.get(session, LOGIN)
    if login and refused and refused != login and watermarks.get(session, STOPPED) is not None:
        start(session, "发信的账号或授权码已更换，重新试发", now, journal.SYSTEM)


def refused_as_spam(session: Transaction, answer: str, now: datetime) -> bool:
    """Count one more letter in a row that was refused for its content; True where that stops all sending."""
    count = int(watermarks.get(session, SPAM) or 0) + 1
    watermarks.put(session, SPAM, str(count), now)
    if count < MOST_SPAM:
        return False
    cure = "请改动这类回信的措辞、到网页邮箱查看账号状态，再恢复发信"
    stop(session, f"连续 {count} 封回信被判为垃圾邮件，再发会伤及账号：{cure}。{answer}", now)
    return True


def stop_sending(store: Store, reason: str, now: datetime, actor: str) -> None:
    """Stop all sending (紧急停发), in a transaction of its own."""
    with store.transaction() as session:
        stop(session, reason, now, actor)


def start_sending(store: Store, reason: str, now: datetime, actor: str) -> None:
    """Let letters go again, in a transaction of its own."""
    with store.transaction() as session:
        start(session, reason, now, actor)


def freeze_day(session: Transaction, now: datetime) -> datetime:
    """Send nothing more today; return when sending goes on: 00:10 of the next day in Beijing."""
    tomorrow = now.astimezone(_BEIJING).date() + timedelta(days=1)
    until = min(datetime.combine(tomorrow, _THAW, _BEIJING), now + LONGEST[FROZEN])
    watermarks.put_moment(session, FROZEN, until, now)
    return until


def slow_down(session: Transaction, now: datetime) -> datetime:
    """Pause all sending, longer with each throttle in a row; return when it goes on."""
    count = int(watermarks.get(session, THROTTLES) or 0) + 1
    until = now + timedelta(minutes=PAUSES[min(count, len(PAUSES)) - 1])
    watermarks.put(session, THROTTLES, str(count), now)
    watermarks.put_moment(session, PAUSED, until, now)
    return until


def went_well(session: Transaction) -> None:
    """Forget earlier throttles: the server takes letters again."""
    for key in (THROTTLES, PAUSED, SPAM):
        watermarks.drop(session, key)
