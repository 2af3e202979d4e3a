"""How statuses went, told from the journal; and telephone numbers found in what people write."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.steps.digest.calling import masked, phones
from flows.steps.digest.history import DayCount, calendar, courses, statuses_at
from store.journal import Entry

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 5, 1, 9, 0, tzinfo=ZONE)


def row(number: str, status: str) -> dict[str, Any]:
    return {"number": number, "status": status, "first_received": START.isoformat()}


def entry(days: int, action: str, number: str, status: str = "") -> Entry:
    details = {"status": status} if status else {}
    return Entry(days, START + timedelta(days=days), "系统", action, f"submission:{number}", "", details)


JOURNAL = (
    entry(0, "opened", "A"),
    entry(0, "decided", "A", "incomplete"),
    entry(2, "decided", "A", "complete"),
    entry(1, "opened", "B"),
    entry(3, "withdrawn", "B"),
    entry(3, "opened", "GONE"),
)
REGISTER = {"submissions": [row("A", "complete"), row("B", "withdrawn")]}


def test_a_status_holds_from_the_line_that_tells_it_to_the_next() -> None:
    first, second = courses(REGISTER, JOURNAL, START + timedelta(days=9))
    at = [START + timedelta(days=day) for day in (-1, 0, 1, 2, 3)]
    assert [first.at(moment) for moment in at] == [None, "incomplete", "incomplete", "complete", "complete"]
    assert [second.at(moment) for moment in at] == [None, None, "incomplete", "incomplete", "withdrawn"]


def test_only_what_stands_in_the_register_counts() -> None:
    found = courses(REGISTER, JOURNAL, START + timedelta(days=9))
    assert statuses_at(found, START + timedelta(days=9)) == {"complete": 1, "withdrawn": 1}


def test_the_last_status_is_the_registers_own_even_where_the_journal_is_silent() -> None:
    now = START + timedelta(days=9)
    (course,) = courses({"submissions": [row("A", "late")]}, JOURNAL[:2], now)
    assert (course.at(now - timedelta(seconds=1)), course.at(now)) == ("incomplete", "late")


def test_the_calendar_counts_arrivals_by_their_mail_and_ends_today() -> None:
    now = START + timedelta(days=2, hours=3)
    days = calendar(courses(REGISTER, JOURNAL, now), date(2026, 4, 30), date(2026, 5, 30), now, ZONE)
    assert days == (
        DayCount(date(2026, 4, 30), 0, 0),
        DayCount(date(2026, 5, 1), 2, 0),
        DayCount(date(2026, 5, 2), 2, 0),
        DayCount(date(2026, 5, 3), 2, 1),
    )


def test_telephone_numbers_are_found_however_they_are_written() -> None:
    texts = ["联系人：王五 手机 138-0571-1234", "电话（0571）85805136 转 2", "座机0571-85805136，+86 13905711234"]
    assert phones(texts) == ("13805711234", "0571-85805136", "13905711234")


def test_other_long_numbers_are_no_telephone_numbers() -> None:
    assert phones(["账号 6222021380571123456", "信用代码 91330100MA27ABCD1X", "编号 2026-0512-1380"]) == ()


def test_masking_keeps_enough_to_recognise_a_number_and_no_more() -> None:
    assert masked("王五 138-0571-1234") == "王五 138****1234"
