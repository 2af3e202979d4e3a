"""A mail that comes shorter than the server told: a gap that is asked for again, unless the number itself is wrong."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest

from flows.steps.alarms.alarms import alarms
from flows.steps.intake.poll import fingerprint
from flows.steps.intake.reconcile import reconcile
from flows.steps.intake.whole import Look, Verdict, counts_line_ends, cut_where, judge, repeats
from flows.transport.ports import RemoteMail
from store.mails import messages
from tests.steps.mailbox.conftest import NOW, Office, raw_mail

PART = base64.encodebytes(bytes(range(256)) * 4).replace(b"\n", b"\r\n")
WHOLE = (
    b"From: a@firm.example\r\nMessage-ID: <w@firm.example>\r\n"
    b'Content-Type: multipart/mixed;\r\n boundary="=_outer"\r\n\r\n'
    b"--=_outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
    b"--inner\r\nContent-Type: text/plain\r\n\r\nhello\r\n--inner--\r\n"
    b"--=_outer\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + PART + b"\r\n"
    b"--=_outer--\r\n"
)


def minutes(*, until: int, pace: int = 5) -> list[datetime]:
    return [NOW + timedelta(minutes=pace * step) for step in range(until // pace + 1)]


def sizes(office: Office) -> list[tuple[int, int, str]]:
    return [(row.size, row.told_size, row.fetch_doubt) for row in office.messages().values()]


# Where a mail breaks off

CUT = {
    "nothing": (b"", "信头没有结束"),
    "half a header": (WHOLE[:60], "信头没有结束"),
    "header alone": (WHOLE[: WHOLE.index(b"\r\n\r\n") + 4], "没有正文"),
    "before the last mark": (WHOLE[: -len(b"--=_outer--\r\n")], "最后一段没有结束标记"),
    "before the first mark": (WHOLE[: WHOLE.index(b"\r\n\r\n") + 8], "最后一段没有结束标记"),
    "in the inner parts": (WHOLE.replace(b"--inner--\r\n", b""), "最后一段没有结束标记"),
    "in the attachment": (WHOLE.replace(PART, PART[:-4]), "附件编码中断"),
    "single base64 part": (
        b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\nYWJj\r\nYW",
        "附件编码中断",
    ),
    "bare line ends": (WHOLE.replace(b"\r\n", b"\n")[:-14], "最后一段没有结束标记"),
}


@pytest.mark.parametrize(("raw", "where"), CUT.values(), ids=CUT.keys())
def test_a_mail_that_breaks_off_is_seen_by_its_bytes(raw: bytes, where: str) -> None:
    assert cut_where(raw) == where


SOUND = {
    "multipart": WHOLE,
    "bare line ends": WHOLE.replace(b"\r\n", b"\n"),
    "text": b"Subject: x\r\n\r\nhello",
    "a boundary that is only spoken of": b"Subject: x\r\n\r\nContent-Type: multipart/mixed; boundary=zz",
    "epilogue": WHOLE + b"a footer of a list\r\n",
    "padded base64": b"Content-Transfer-Encoding: base64\r\n\r\nYWI=\r\n",
}


@pytest.mark.parametrize("raw", SOUND.values(), ids=SOUND.keys())
def test_a_mail_that_is_whole_shows_no_break(raw: bytes) -> None:
    assert cut_where(raw) == ""


# When the number is disbelieved


def looks(*seen: tuple[int, str, str]) -> tuple[Look, ...]:
    return tuple(Look(NOW + timedelta(minutes=minute), line, 10, sha) for minute, line, sha in seen)


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        (looks((0, "1", "a"), (0, "1", "a"), (30, "2", "a")), True),
        (looks((0, "1", "b"), (5, "2", "a"), (20, "3", "a"), (35, "4", "a")), True),
        # Too few, too close together, over one line only, and not the same.
        (looks((0, "1", "a"), (30, "2", "a")), False),
        (looks((0, "1", "a"), (10, "2", "a"), (29, "3", "a")), False),
        (looks((0, "1", "a"), (20, "1", "a"), (40, "1", "a")), False),
        (looks((0, "1", "a"), (20, "2", "b"), (40, "3", "a"), (41, "4", "a"), (42, "5", "a")), False),
    ],
)
def test_only_equal_fetches_over_two_lines_and_half_an_hour_speak_against_the_number(
    seen: tuple[Look, ...], *, right: bool
) -> None:
    assert repeats(seen) is right


def test_what_came_is_judged_by_size_repetition_and_structure() -> None:
    often = looks((0, "1", "a"), (0, "1", "a"), (30, "2", "a"))
    told = len(WHOLE) + 500
    assert judge(len(WHOLE), WHOLE, (), "a", ()) is Verdict.WHOLE
    assert judge(told, WHOLE, often[:1], "a", ()) is Verdict.AGAIN
    assert judge(told, WHOLE, often[:2], "a", ("a",)) is Verdict.SHORT
    assert judge(told, WHOLE, often, "a", ()) is Verdict.BELIEVED
    assert judge(told, WHOLE[:-20], often, "a", ()) is Verdict.CUT
    # More than told: nothing was cut off, but it must come twice the same.
    assert judge(10, WHOLE, (), "a", ()) is Verdict.AGAIN
    assert judge(10, WHOLE, (), "a", ("a",)) is Verdict.WHOLE
    assert judge(10, WHOLE, (), "b", ("a",)) is Verdict.SHORT
    # A server that told no size and gave no byte gave nothing.
    assert judge(0, b"", often[:1], "a", ()) is Verdict.AGAIN


def test_a_server_that_counts_two_bytes_for_a_line_end_of_one_is_understood() -> None:
    raw = b"a\nb\r\nc\n"
    assert counts_line_ends(raw, 9)
    assert not counts_line_ends(raw, 8)


# The poll


def test_an_empty_body_that_comes_twice_is_never_kept_and_the_mail_comes_later(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [b""]
    report = office.poll()
    assert (report.stored, report.failed, office.messages(), office.ledger()) == ([], 1, {}, {("INBOX", 1): "failed"})
    del office.given[1]
    assert len(office.poll(NOW + timedelta(minutes=5)).stored) == 1
    assert sizes(office) == [(len(WHOLE), 0, "")]


@pytest.mark.parametrize("cut", [0, 40, 200, len(WHOLE) - 20])
def test_a_mail_whose_cut_form_repeats_for_a_day_stays_a_gap_and_becomes_a_task(office: Office, cut: int) -> None:
    office.box.deliver(WHOLE, NOW)
    office.box.deliver(raw_mail(2), NOW)
    office.given[1] = [WHOLE[:cut]]
    for moment in minutes(until=24 * 60, pace=20):
        office.poll(moment)
    assert office.ledger() == {("INBOX", 1): "failed", ("INBOX", 2): "fetched"}
    with office.store.reading() as session:
        (stuck,) = messages.unfetched(session)
    assert (stuck.uid, stuck.short, stuck.given_up) == (1, True, False)
    assert stuck.note.startswith(f"服务器说这封信有 {len(WHOLE)} 字节，取了 ")
    assert f"只给出 {cut} 字节，而且{cut_where(WHOLE[:cut])}，多半不全" in stuck.note
    (gap,) = reconcile(office.store, office.connect(), office.call, NOW + timedelta(days=1)).gaps
    assert (gap.uid, gap.reason.partition("：")[2]) == (1, stuck.note)
    del office.given[1]
    assert len(office.poll(NOW + timedelta(days=1, hours=2)).stored) == 1


def test_it_is_asked_for_less_often_once_it_is_seen_to_be_cut(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [WHOLE[:200]]
    for moment in minutes(until=24 * 60, pace=20):
        office.poll(moment)
    # Twice at each of the first visits within half an hour, then once an hour.
    assert sum(len(mailbox.fetched) for mailbox in office.mailboxes) < 45


def test_a_whole_mail_with_a_wrong_number_is_filed_after_half_an_hour_with_both_sizes(office: Office) -> None:
    uid = office.box.deliver(WHOLE, NOW)
    office.told[uid] = RemoteMail(uid, len(WHOLE) + 300, NOW)
    for moment in minutes(until=25):
        assert office.poll(moment).stored == []
    stored = [sha for moment in minutes(until=60)[6:] for sha in office.poll(moment).stored]
    assert len(stored) == 1
    ((size, told, doubt),) = sizes(office)
    assert (size, told) == (len(WHOLE), len(WHOLE) + 300)
    assert doubt.startswith(f"服务器说这封信有 {told} 字节，取了 ")
    assert doubt.endswith(f"最近一次只给出 {size} 字节，内容看不出缺损，已照此收下。")
    report = reconcile(office.store, office.connect(), office.call, NOW + timedelta(days=1))
    assert report.sentence == "对账：邮箱 1 封 = 入库 1 封，无缺口。"


def test_a_number_that_counts_other_line_ends_delays_nothing_and_casts_no_doubt(office: Office) -> None:
    bare = WHOLE.replace(b"\r\n", b"\n")
    uid = office.box.deliver(bare, NOW)
    office.told[uid] = RemoteMail(uid, len(WHOLE), NOW)
    assert len(office.poll().stored) == 1
    assert sizes(office) == [(len(bare), len(WHOLE), "")]


@pytest.mark.parametrize("told", [0, 7])
def test_a_number_that_is_too_small_delays_nothing(office: Office, told: int) -> None:
    uid = office.box.deliver(WHOLE, NOW)
    office.told[uid] = RemoteMail(uid, told, NOW)
    assert len(office.poll().stored) == 1
    assert office.poll(NOW + timedelta(minutes=5)).stored == []


def test_a_mail_that_never_comes_twice_the_same_stays_a_gap(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [WHOLE[:size] for size in range(300, 360)]
    for moment in minutes(until=120):
        office.poll(moment)
    assert (office.messages(), office.ledger()) == ({}, {("INBOX", 1): "failed"})


def test_a_glitch_within_one_visit_costs_no_time(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [WHOLE[:100], WHOLE]
    assert len(office.poll().stored) == 1


def test_a_short_mail_holds_up_no_other_and_is_an_alarm_after_half_an_hour(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [WHOLE[:200]]
    for number, moment in enumerate(minutes(until=30)):
        office.box.deliver(raw_mail(number), moment)
        assert len(office.poll(moment).stored) == 1
        told = [alarm.key for alarm in alarms(office.store, moment)]
        assert told == (["mails-short"] if moment >= NOW + timedelta(minutes=30) else [])


# Nothing given for a mail that is there


def test_a_mail_of_which_nothing_came_once_is_fetched_at_the_next_poll(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [None, WHOLE]
    report = office.poll()
    assert (report.vanished, report.failed, office.ledger()) == (0, 1, {("INBOX", 1): "failed"})
    assert len(office.poll(NOW + timedelta(minutes=5)).stored) == 1


def test_a_mail_that_is_listed_and_not_described_is_not_taken_for_gone(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.hidden = {1}
    assert (office.poll().vanished, office.ledger()) == (0, {("INBOX", 1): "failed"})
    office.hidden = set()
    assert len(office.poll(NOW + timedelta(minutes=5)).stored) == 1


def test_a_mail_that_was_taken_for_gone_and_is_listed_again_is_fetched(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    with office.store.transaction() as session:
        place = messages.Place("me@163.example", "INBOX", office.connect().examine("INBOX").uidvalidity, 1)
        messages.note_vanished(session, place, NOW)
    assert len(office.poll(NOW + timedelta(minutes=5)).stored) == 1


def test_a_mail_that_is_kept_back_for_ever_holds_up_no_other(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    office.given[1] = [None]
    for number, moment in enumerate(minutes(until=120)):
        office.box.deliver(raw_mail(number), moment)
        office.poll(moment)
    assert (len(office.messages()), office.ledger()[("INBOX", 1)]) == (25, "failed")


# The proof compares sizes


def test_a_blob_that_was_cut_on_the_disk_is_named_and_made_whole(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    (sha256,) = office.poll().stored
    path = office.store.blobs.path(sha256)
    path.chmod(0o600)
    path.write_bytes(WHOLE[:100])
    (gap,) = reconcile(office.store, office.connect(), office.call, NOW).gaps
    assert gap.reason == f"登记为 {len(WHOLE)} 字节，原件却有 100 字节"
    office.poll()
    assert office.store.blobs.verify(sha256)
    assert reconcile(office.store, office.connect(), office.call, NOW).gaps == []


def test_a_blob_of_which_one_byte_turned_is_named_and_made_whole_from_the_mailbox(office: Office) -> None:
    office.box.deliver(WHOLE, NOW)
    (sha256,) = office.poll().stored
    path = office.store.blobs.path_for_reading(sha256)
    path.chmod(0o600)
    path.write_bytes(WHOLE[:-3] + b"?" + WHOLE[-2:])
    (gap,) = reconcile(office.store, office.connect(), office.call, NOW).gaps
    assert gap.reason == "原件已损坏，字节数虽同，内容与入库时不一致"
    office.poll()
    assert office.store.blobs.verify(sha256)
    assert reconcile(office.store, office.connect(), office.call, NOW).gaps == []


def test_a_mail_that_was_believed_too_short_in_former_days_is_named_and_fetched_again(office: Office) -> None:
    uid = office.box.deliver(WHOLE[:200], NOW)
    office.told[uid] = RemoteMail(uid, 200, NOW)
    office.poll()
    with office.store.transaction() as session:
        place = messages.Place("me@163.example", "INBOX", office.connect().examine("INBOX").uidvalidity, 1)
        office.told[uid] = RemoteMail(uid, len(WHOLE), NOW)
        messages.note_arrival(
            session,
            messages.Arrival(place, *office.messages(), 200, NOW, False, False, fingerprint(office.told[uid])),
            NOW,
        )
    (gap,) = reconcile(office.store, office.connect(), office.call, NOW).gaps
    assert gap.reason == f"服务器说有 {len(WHOLE)} 字节，库里只有 200 字节"
    office.given[1] = [WHOLE]
    assert len(office.poll().stored) == 1
    assert reconcile(office.store, office.connect(), office.call, NOW).gaps == []
