"""How letters say moments, sizes and counts (行文): one way for each, in Chinese."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = "一二三四五六日"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as letters say it: ``2026年5月8日（星期五）14:05``."""
    local = at.astimezone(zone)
    return f"{_day(local)}{local:%H:%M}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment's day: ``2026年5月8日（星期五）``."""
    return _day(at.astimezone(zone))


def end(closes: datetime, zone: ZoneInfo) -> str:
    """Return the first moment too late as the last one that counts: ``2026年5月30日（星期六）24时``."""
    local = closes.astimezone(zone)
    if local.hour == local.minute == local.second == 0:
        return f"{_day(local - timedelta(days=1))}24时"
    return f"{_day(local)}{_clock(local)}"


def short_end(closes: datetime, zone: ZoneInfo) -> str:
    """Return the same for a subject: ``5月30日24时``."""
    local = closes.astimezone(zone)
    if local.hour == local.minute == local.second == 0:
        last = local - timedelta(days=1)
        return f"{last.month}月{last.day}日24时"
    return f"{local.month}月{local.day}日{_clock(local)}"


def days_left(closes: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Return the days from today to the last day; 0 on the last day itself, negative after it."""
    last = (closes.astimezone(zone) - timedelta(microseconds=1)).date()
    return (last - now.astimezone(zone).date()).days


def rest_of_time(left: int) -> str:
    """Return how letters say the days that are left: ``还有 5 天``, ``明日截止``, ``今日截止``, ``已过``."""
    if left < 0:
        return "已过"
    return {0: "今日截止", 1: "明日截止"}.get(left, f"还有 {left} 天")


def size(bytes_: int) -> str:
    """Return a file's size as people read it: ``820 字节``, ``36 KB``, ``4.2 MB``."""
    if bytes_ < 1024:
        return f"{bytes_} 字节"
    if bytes_ < 1024 * 1024:
        return f"{max(1, round(bytes_ / 1024))} KB"
    return f"{bytes_ / 1024 / 1024:.1f} MB"


def _day(local: datetime) -> str:
    return f"{local.year}年{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）"


def _clock(local: datetime) -> str:
    return f"{local.hour}时{local.minute:02d}分" if local.minute else f"{local.hour}时"
