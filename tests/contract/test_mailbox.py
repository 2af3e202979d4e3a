"""The mailbox contract: the fake, the demo's server, Dovecot, and Dovecot with three providers' manners."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest

from flows.transport.ports import FolderRefused, FolderRole, Mailbox, RemoteFolder, RemoteMail, TransportError
from tests.contract.worlds import DRAFTS, JUNK, SENT, World
from tests.servers.fixtures import needs_dovecot

CHINA = timezone(timedelta(hours=8))
AT = datetime(2026, 5, 30, 23, 58, 7, tzinfo=CHINA)
PART = 1 << 20


def letter(number: int = 1, body: bytes = b"hello\r\n") -> bytes:
    head = b"Received: from a by b;\r\n\tSat, 30 May 2026 23:58:07 +0800\r\nMessage-ID: <m%d@firm.example>\r\n" % number
    return head + b"From: <a@firm.example>\r\nSubject: =?utf-8?B?5o6o6I2Q6KGo?=\r\n\r\n" + body


def sized(size: int) -> bytes:
    """A mail of exactly this many bytes, in lines as base64 has them."""
    line = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/012345678901\r\n"
    room = size - len(letter(body=b""))
    lines, rest = divmod(room, len(line))
    return letter(body=line * lines + b"=" * rest)


def fetched(mailbox: Mailbox, uid: int, folder: str = "INBOX") -> bytes | None:
    described = mailbox.describe(folder, [uid])
    sink = io.BytesIO()
    count = mailbox.fetch(folder, described[uid], sink)
    assert count is None or count == len(sink.getvalue())
    return None if count is None else sink.getvalue()


def roles(mailbox: Mailbox) -> dict[str, FolderRole]:
    return {folder.name: folder.role for folder in mailbox.folders()}


# Folders


def test_the_inbox_is_there_and_has_its_role(world: World) -> None:
    assert RemoteFolder("INBOX", FolderRole.INBOX) in world.open().folders()


def test_junk_virus_advert_and_subscription_folders_count_as_junk(world: World) -> None:
    found = roles(world.open())
    assert {name for name, role in found.items() if role is FolderRole.JUNK} == {
        "垃圾邮件",
        "病毒邮件",
        "广告邮件",
        "订阅邮件",
    }


def test_sent_and_drafts_are_known_by_their_chinese_names(world: World) -> None:
    found = roles(world.open())
    assert (found[SENT], found[DRAFTS]) == (FolderRole.SENT, FolderRole.DRAFTS)


def test_the_bin_has_no_role_of_ours(world: World) -> None:
    assert roles(world.open())["已删除"] is FolderRole.OTHER


def test_an_empty_folder_has_no_mails(world: World) -> None:
    mailbox = world.open()
    assert (mailbox.examine(JUNK).exists, mailbox.uids(JUNK)) == (0, ())


def test_examine_counts_the_mails(world: World) -> None:
    for number in range(3):
        world.deliver(letter(number), AT)
    assert world.open().examine("INBOX").exists == 3


def test_uidvalidity_is_the_same_on_the_next_connection(world: World) -> None:
    world.deliver(letter(), AT)
    first, second = world.open().examine("INBOX"), world.open().examine("INBOX")
    assert first.uidvalidity == second.uidvalidity


def test_uidvalidity_says_whether_it_tells(world: World) -> None:
    assert world.open().examine("INBOX").uidvalidity_tells is world.tells_uidvalidity


def test_a_folder_that_is_not_there_is_a_fault_that_names_it(world: World) -> None:
    with pytest.raises(TransportError, match="没有这个夹"):
        world.open().examine("没有这个夹")


# UIDs


def test_uids_ascend(world: World) -> None:
    given = [world.deliver(letter(number), AT - timedelta(days=number)) for number in range(5)]
    assert world.open().uids("INBOX") == tuple(sorted(given))


def test_a_deleted_mail_leaves_a_hole_and_no_uid_moves(world: World) -> None:
    first, second, third = (world.deliver(letter(number), AT) for number in range(3))
    mailbox = world.open()
    before = mailbox.uids("INBOX")
    world.expunge("INBOX", second)
    mailbox.examine("INBOX")
    assert (before, mailbox.uids("INBOX")) == ((first, second, third), (first, third))


def test_a_mail_that_comes_while_we_are_connected_is_seen_at_the_next_examine(world: World) -> None:
    mailbox = world.open()
    mailbox.examine("INBOX")
    before = mailbox.uids("INBOX")
    uid = world.deliver(letter(), AT)
    mailbox.examine("INBOX")
    assert (before, mailbox.uids("INBOX")) == ((), (uid,))


def test_two_connections_see_the_same(world: World) -> None:
    world.deliver(letter(), AT)
    one, other = world.open(), world.open()
    assert one.uids("INBOX") == other.uids("INBOX") == (1,)


def test_going_back_and_forth_between_folders_mixes_nothing_up(world: World) -> None:
    world.deliver(letter(1), AT)
    world.deliver(letter(2), AT, JUNK)
    mailbox = world.open()
    found = [fetched(mailbox, 1, folder) for folder in ("INBOX", JUNK, "INBOX", JUNK)]
    assert found == [letter(1), letter(2), letter(1), letter(2)]


# Size and date


def test_the_size_is_exact(world: World) -> None:
    raw = letter(body=b"x" * 12_345 + b"\r\n")
    uid = world.deliver(raw, AT)
    assert world.open().describe("INBOX", [uid])[uid].size == len(raw)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 5, 30, 23, 59, 59, tzinfo=CHINA),
        datetime(2026, 5, 31, 0, 0, 0, tzinfo=CHINA),
        datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC),
        datetime(2026, 1, 9, 22, 0, 0, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_the_moment_of_receipt_is_exact_to_the_second_in_any_zone(world: World, moment: datetime) -> None:
    uid = world.deliver(letter(), moment)
    received = world.open().describe("INBOX", [uid])[uid].received
    assert received.tzinfo is not None
    assert received == moment


def test_describing_nothing_gives_nothing(world: World) -> None:
    assert world.open().describe("INBOX", []) == {}


def test_vanished_mails_are_absent_from_the_description(world: World) -> None:
    kept, gone = world.deliver(letter(1), AT), world.deliver(letter(2), AT)
    world.expunge("INBOX", gone)
    mailbox = world.open()
    assert set(mailbox.describe("INBOX", [kept, gone, 4711])) == {kept}


def test_descriptions_come_whole_beyond_one_batch(world: World) -> None:
    given = [world.deliver(letter(number), AT) for number in range(253)]
    assert sorted(world.open().describe("INBOX", given)) == given


# Bytes

BODIES = {
    "plain": b"hello\r\n",
    "without-line-end": b"hello",
    "empty": b"",
    "gbk-eight-bit": "朱镕基 堃昇 材料".encode("gb18030") + b"\r\n",
    "raw-utf8": "案例报告".encode() + b"\r\n",
    "dots": b".\r\n..\r\n.x\r\n",
    "from-line": b"From here on\r\n>From there\r\n",
    "long-line": b"y" * 20_000 + b"\r\n",
    "looks-like-a-literal": b"{12}\r\n)\r\nA1 OK FETCH completed\r\n* BYE\r\n",
    "quotes-and-brackets": b'"\\" () BODY[] NIL\r\n',
    "all-high-bytes": bytes(range(128, 256)) * 8 + b"\r\n",
    "digits-only": b"12345",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_the_bytes_are_those_that_were_delivered(world: World, body: bytes) -> None:
    uid = world.deliver(letter(body=body), AT)
    assert fetched(world.open(), uid) == letter(body=body)


def test_eight_bit_header_fields_come_as_they_are(world: World) -> None:
    raw = b"Subject: " + "推荐表堃".encode("gb18030") + b"\r\nMessage-ID: <e@f>\r\n\r\nx\r\n"
    uid = world.deliver(raw, AT)
    mailbox = world.open()
    assert fetched(mailbox, uid) == raw
    assert mailbox.headers("INBOX", [uid], ["SUBJECT"])[uid].startswith(b"Subject: " + "推荐表堃".encode("gb18030"))


@pytest.mark.parametrize("size", [PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 17])
def test_large_mails_come_whole_in_parts(world: World, size: int) -> None:
    raw = sized(size)
    uid = world.deliver(raw, AT)
    assert fetched(world.open(), uid) == raw


def test_the_sink_keeps_what_was_in_it_before(world: World) -> None:
    uid = world.deliver(letter(), AT)
    mailbox = world.open()
    sink = io.BytesIO(b"before")
    sink.seek(6)
    mailbox.fetch("INBOX", mailbox.describe("INBOX", [uid])[uid], sink)
    assert sink.getvalue() == b"before" + letter()


@pytest.mark.parametrize("declared", [10, 5_000, 3 * PART])
def test_a_wrong_declared_size_costs_no_byte(world: World, declared: int) -> None:
    raw = letter(body=b"z" * 3_000 + b"\r\n")
    uid = world.deliver(raw, AT)
    sink = io.BytesIO()
    count = world.open().fetch("INBOX", RemoteMail(uid, declared, AT), sink)
    assert (count, sink.getvalue()) == (len(raw), raw)


def test_a_mail_that_is_gone_gives_none_and_writes_nothing(world: World) -> None:
    uid = world.deliver(letter(), AT)
    mailbox = world.open()
    described = mailbox.describe("INBOX", [uid])[uid]
    world.expunge("INBOX", uid)
    sink = io.BytesIO()
    assert (mailbox.fetch("INBOX", described, sink), sink.getvalue()) == (None, b"")


def test_a_uid_that_never_was_gives_none(world: World) -> None:
    world.deliver(letter(), AT)
    assert world.open().fetch("INBOX", RemoteMail(99, 100, AT), io.BytesIO()) is None


def test_after_a_vanished_mail_the_connection_serves_the_next(world: World) -> None:
    first, second = world.deliver(letter(1), AT), world.deliver(letter(2), AT)
    mailbox = world.open()
    described = mailbox.describe("INBOX", [first, second])
    world.expunge("INBOX", first)
    assert mailbox.fetch("INBOX", described[first], io.BytesIO()) is None
    assert fetched(mailbox, second) == letter(2)


# The other client


def test_when_another_client_expunges_an_earlier_mail_we_still_fetch_the_right_one(world: World) -> None:
    uids = [world.deliver(letter(number), AT) for number in range(4)]
    mailbox = world.open()
    mailbox.uids("INBOX")
    world.expunge("INBOX", uids[0])
    assert [fetched(mailbox, uid) for uid in uids[1:]] == [letter(1), letter(2), letter(3)]


def test_a_mail_that_staff_read_and_flagged_is_still_there_for_us(world: World) -> None:
    uid = world.deliver(letter(), AT)
    world.read("INBOX", uid)
    mailbox = world.open()
    assert (mailbox.uids("INBOX"), fetched(mailbox, uid)) == ((uid,), letter())


def test_nothing_we_do_marks_a_mail_as_read(world: World) -> None:
    uid = world.deliver(letter(body=b"a" * (PART + 5) + b"\r\n"), AT)
    small = world.deliver(letter(2), AT)
    mailbox = world.open()
    fetched(mailbox, uid)
    fetched(mailbox, small)
    mailbox.headers("INBOX", [uid, small], ["MESSAGE-ID"])
    mailbox.close()
    assert world.seen("INBOX") == []


def test_a_mail_that_staff_move_is_found_in_its_new_folder_with_its_date(world: World) -> None:
    uid = world.deliver(letter(), AT, JUNK)
    world.move(JUNK, uid, "INBOX")
    mailbox = world.open()
    (new,) = mailbox.uids("INBOX")
    assert (mailbox.uids(JUNK), fetched(mailbox, new)) == ((), letter())
    assert mailbox.describe("INBOX", [new])[new].received == AT


def test_a_folder_made_anew_shows_it_where_the_provider_tells(world: World) -> None:
    world.deliver(letter(1), AT, "广告邮件")
    before = world.open().examine("广告邮件").uidvalidity
    world.reset("广告邮件")
    uid = world.deliver(letter(2), AT, "广告邮件")
    mailbox = world.open()
    after = mailbox.examine("广告邮件").uidvalidity
    assert (uid, fetched(mailbox, uid, "广告邮件")) == (1, letter(2))
    # NetEase numbers its own folders truly; only its inbox is always 1. Exmail tells nothing at all.
    assert (before != after) is (world.name != "exmail")


# Header fields


def test_only_the_fields_that_were_asked_for_come(world: World) -> None:
    uid = world.deliver(letter(7), AT)
    assert world.open().headers("INBOX", [uid], ["MESSAGE-ID"])[uid].strip() == b"Message-ID: <m7@firm.example>"


def test_folded_fields_come_whole(world: World) -> None:
    uid = world.deliver(letter(), AT)
    found = world.open().headers("INBOX", [uid], ["RECEIVED"])[uid]
    assert found.strip() == b"Received: from a by b;\r\n\tSat, 30 May 2026 23:58:07 +0800"


def test_fields_that_are_missing_leave_nothing(world: World) -> None:
    uid = world.deliver(letter(), AT)
    assert world.open().headers("INBOX", [uid], ["X-OQ-MSGID"])[uid].strip() == b""


def test_vanished_mails_have_no_header_fields(world: World) -> None:
    uid = world.deliver(letter(), AT)
    assert set(world.open().headers("INBOX", [uid, 4711], ["MESSAGE-ID"])) == {uid}


# Drafts


def test_a_draft_lies_in_the_drafts_folder_byte_for_byte_with_its_date(world: World) -> None:
    raw = letter(body="回信".encode() * 400 + b"\r\n")
    world.open().append_draft(DRAFTS, raw, AT)
    assert world.stored(DRAFTS) == [(raw, AT)]


def test_a_draft_can_be_found_again_by_its_message_id(world: World) -> None:
    mailbox = world.open()
    mailbox.append_draft(DRAFTS, letter(5), AT)
    mailbox.examine(DRAFTS)
    (uid,) = mailbox.uids(DRAFTS)
    assert b"<m5@firm.example>" in mailbox.headers(DRAFTS, [uid], ["MESSAGE-ID"])[uid]


# The connection


def test_the_server_says_what_it_can_in_upper_case(world: World) -> None:
    offered = world.open().capabilities()
    assert "IMAP4REV1" in offered
    assert offered == {name.upper() for name in offered}


def test_the_account_is_in_lower_case(world: World) -> None:
    account = world.open().account
    assert account == account.lower()
    assert "@163.example" in account


def test_closing_twice_is_fine(world: World) -> None:
    mailbox = world.open()
    mailbox.close()
    mailbox.close()


def test_there_is_a_greeting_to_show(world: World) -> None:
    assert world.open().greeting


@pytest.mark.slow
@pytest.mark.parametrize(
    ("served", "megabytes"),
    [
        ("demo", 30),
        pytest.param("dovecot", 30, marks=needs_dovecot),
        pytest.param("netease", 70, marks=needs_dovecot),
        pytest.param("qq", 30, marks=needs_dovecot),
    ],
    indirect=["served"],
)
def test_very_large_mails_come_whole(served: World, megabytes: int) -> None:
    raw = sized(megabytes << 20)
    uid = served.deliver(raw, AT)
    assert fetched(served.open(), uid) == raw


# Folders that are refused


def test_after_a_folder_that_is_refused_the_connection_serves_the_others(world: World) -> None:
    world.deliver(letter(), AT)
    mailbox = world.open()
    with pytest.raises(FolderRefused, match="没有这个夹"):
        mailbox.examine("没有这个夹")
    assert fetched(mailbox, 1) == letter()
