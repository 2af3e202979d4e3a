"""When a mail was received: the server's word, what speaks against it, and that no on-time mail is called late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product

import pytest

from config.call import Window
from flows.steps.intake.receipt import Receipt, receipt_of, stamp_of
from flows.transport.ports import NO_MOMENT, RemoteMail
from tests.steps.mailbox.conftest import CHINA, NOW, Office

CLOSES = datetime(2026, 5, 31, tzinfo=CHINA)
BEFORE, AFTER = CLOSES - timedelta(hours=7), CLOSES + timedelta(hours=1)


def stamp(moment: datetime) -> str:
    return f"from mx.firm.example by mx27 (Coremail) with SMTP id x;\t{format_datetime(moment)}"


@pytest.fixture(scope="module")
def window(call: object) -> Window:
    return call.window  # type: ignore[attr-defined, no-any-return]


def test_where_nothing_speaks_against_it_the_servers_moment_counts(window: Window) -> None:
    later = BEFORE + timedelta(minutes=1)
    for received in ("", stamp(BEFORE), stamp(BEFORE - timedelta(days=3)), "no moment", "; yesterday"):
        assert receipt_of(BEFORE, received, later, window) == Receipt(BEFORE)


def test_to_the_second_at_the_deadline(window: Window) -> None:
    last, first_late = CLOSES - timedelta(seconds=1), CLOSES
    now = CLOSES + timedelta(hours=1)
    assert receipt_of(last, stamp(last), now, window) == Receipt(last)
    assert receipt_of(first_late, stamp(first_late), now, window) == Receipt(first_late)


def test_local_time_with_a_wrong_zone_is_not_late_and_both_moments_are_told(window: Window) -> None:
    true = datetime(2026, 5, 30, 17, 0, tzinfo=CHINA)
    told = true.replace(tzinfo=UTC)
    seen = receipt_of(told, stamp(true), true + timedelta(minutes=5), window)
    assert seen == Receipt(
        true,
        "收件服务器记为 2026-05-31 01:00:00 收到，信头 Received 写的是 2026-05-30 17:00:00，"
        "本程序在 2026-05-30 17:05:00 已取到这封信",
    )


def test_a_mail_that_was_copied_in_after_the_deadline_keeps_its_first_moment_with_a_doubt(window: Window) -> None:
    seen = receipt_of(AFTER, stamp(BEFORE), AFTER + timedelta(days=1), window)
    assert (seen.moment, seen.doubt) == (
        BEFORE,
        "收件服务器记为 2026-05-31 01:00:00 收到，信头 Received 写的是 2026-05-30 17:00:00",
    )


def test_a_stamp_that_claims_a_later_moment_does_not_make_a_mail_late(window: Window) -> None:
    seen = receipt_of(BEFORE, stamp(AFTER), AFTER + timedelta(days=1), window)
    assert seen.moment == BEFORE
    assert seen.doubt


def test_a_moment_far_ahead_on_which_nothing_hangs_is_replaced_without_a_doubt(window: Window) -> None:
    now = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)
    ahead = now + timedelta(hours=8)
    assert receipt_of(ahead, stamp(now), now, window) == Receipt(now.astimezone(UTC))
    assert receipt_of(ahead, "", now, window) == Receipt(now)


def test_two_clocks_that_differ_by_minutes_are_no_contradiction(window: Window) -> None:
    now = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)
    assert receipt_of(now + timedelta(minutes=9), stamp(now), now, window) == Receipt(now + timedelta(minutes=9))


def test_a_mail_without_a_moment_takes_that_of_its_stamp_or_of_our_fetch(window: Window) -> None:
    now = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)
    stamped = now - timedelta(hours=2)
    assert receipt_of(NO_MOMENT, stamp(stamped), now, window) == Receipt(stamped)
    assert receipt_of(NO_MOMENT, "", now, window) == Receipt(now)


def test_a_mail_without_any_moment_that_was_fetched_late_is_not_called_late(window: Window) -> None:
    seen = receipt_of(NO_MOMENT, "", AFTER, window)
    assert (seen.moment, seen.doubt) == (
        CLOSES - timedelta(seconds=1),
        "收件服务器没有给出收到时间，本程序在 2026-05-31 01:00:00 已取到这封信",
    )


def test_a_late_mail_stays_late_where_all_agree(window: Window) -> None:
    assert receipt_of(AFTER, stamp(AFTER), AFTER + timedelta(hours=1), window) == Receipt(AFTER)
    assert receipt_of(AFTER, "", AFTER + timedelta(hours=1), window) == Receipt(AFTER)


def test_whoever_is_on_time_by_one_witness_is_never_late_without_a_doubt(window: Window) -> None:
    hours = [-9, -8, -1, 0, 1, 8, 9, 24 * 400]
    for told, stamped, held in product(hours, [*hours, None], hours):
        moments = [CLOSES + timedelta(hours=hour) for hour in (told, held)]
        field = "" if stamped is None else stamp(CLOSES + timedelta(hours=stamped))
        seen = receipt_of(moments[0], field, moments[1], window)
        known = [moments[0], stamp_of(field, moments[1])]
        known += [moments[1]] if told > held else []
        if any(moment is not None and moment < CLOSES for moment in known):
            assert seen.moment < CLOSES
            assert seen.doubt or all(moment is None or moment < CLOSES for moment in known)
        else:
            assert seen.moment >= CLOSES or seen.doubt


@pytest.mark.parametrize(
    "field",
    [
        "",
        ";",
        "x; 99 Foo 9999 99:99:99",
        "x; Sat, 30 May 2026",
        "x; Sat, 30 May 1926 10:00:00 +0800",
        "x; :::::",
        "；:",
    ],
)
def test_what_is_no_moment_is_none(field: str) -> None:
    assert stamp_of(field, NOW) is None


# Through the poll


def raw(moment: datetime) -> bytes:
    return f"Received: {stamp(moment)}\r\nMessage-ID: <a@firm.example>\r\n\r\nhello\r\n".encode()


def test_a_mail_without_a_moment_is_not_taken_for_one_from_before_the_call(office: Office) -> None:
    uid = office.box.deliver(raw(NOW), NOW)
    office.told[uid] = RemoteMail(uid, len(raw(NOW)), NO_MOMENT)
    office.poll()
    (row,) = office.messages().values()
    assert (row.received, row.before_call, row.received_doubt) == (NOW, False, "")


def test_the_doubt_and_its_evidence_are_kept(office: Office) -> None:
    office.box.deliver(raw(BEFORE), AFTER)
    office.poll(AFTER + timedelta(hours=1))
    (row,) = office.messages().values()
    assert (row.received, row.received_evidence) == (BEFORE, stamp(BEFORE).replace("\t", " ").replace("; ", ";\t"))
    assert row.received_doubt == "收件服务器记为 2026-05-31 01:00:00 收到，信头 Received 写的是 2026-05-30 17:00:00"
