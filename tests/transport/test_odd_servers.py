"""Servers that answer as no sound server does: a fault with a sentence, never a crash, never a wrong mail."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from flows.transport.imap import open_mailbox
from flows.transport.ports import FolderRefused, RemoteMail, TransportError
from flows.transport.tls import Account, Encryption
from tests.servers.scripted import scripted_server

MAIL = RemoteMail(1, 3, datetime(2026, 5, 1, tzinfo=UTC))
LARGE = RemoteMail(1, 2 << 20, MAIL.received)


def whole_visit(answers: Mapping[str, bytes | Callable[[bytes], bytes]], mail: RemoteMail = MAIL) -> bytes | None:
    """Everything that a poll does; the bytes that came."""
    with scripted_server(answers) as port:
        account = Account("127.0.0.1", port, "me", "code", Encryption.NONE, connect_seconds=1, read_seconds=0.5)
        mailbox = open_mailbox(account)
        try:
            mailbox.folders()
            mailbox.examine("INBOX")
            mailbox.uids("INBOX")
            mailbox.describe("INBOX", [1])
            sink = io.BytesIO()
            return None if mailbox.fetch("INBOX", mail, sink) is None else sink.getvalue()
        finally:
            mailbox.close()


def test_the_usual_answers_are_sound() -> None:
    assert whole_visit({}) == b"abc"


UNSAFE = b"Unsafe Login. Please contact kefu@188.com for help"


@pytest.mark.parametrize("answer", [b"$ NO EXAMINE " + UNSAFE + b"\r\n", b"* BYE " + UNSAFE + b"\r\n"])
def test_an_unsafe_login_is_named_whether_it_comes_as_no_or_as_bye(answer: bytes) -> None:
    with pytest.raises(TransportError, match="Unsafe Login 拒绝打开文件夹") as told:
        whole_visit({"EXAMINE": answer})
    assert told.value.permanent


GARBAGE = {
    "nothing": b"",
    "no tag": b"* hello\r\n",
    "wrong tag": b"X99 OK done\r\n",
    "binary": b"\x00\xff\xfe\r\n$ OK done\r\n",
    "bad": b"$ BAD no\r\n",
    "no": b"$ NO not now\r\n",
    "bye": b"* BYE closing\r\n",
    "half a literal": b"* 1 FETCH (UID 1 BODY[] {500}\r\nabc",
    "literal of a letter": b"* 1 FETCH (UID 1 BODY[] {x}\r\nabc)\r\n$ OK done\r\n",
    "open bracket": b"* 1 FETCH (UID 1 BODY[] (\r\n$ OK done\r\n",
    "uneven": b"* 1 FETCH (UID)\r\n$ OK done\r\n",
    "uid is a word": b"* 1 FETCH (UID one RFC822.SIZE x)\r\n$ OK done\r\n",
    "size is nil": b"* 1 FETCH (UID 1 RFC822.SIZE NIL INTERNALDATE NIL BODY[] NIL)\r\n$ OK done\r\n",
    "search words": b"* SEARCH one two\r\n$ OK done\r\n",
    "odd list": b'* LIST broken\r\n* LIST () NIL "&bad"\r\n$ OK done\r\n',
    "odd numbers": b"* x EXISTS\r\n* OK [UIDVALIDITY x] y\r\n* OK [UIDNEXT] y\r\n$ OK done\r\n",
    "endless line": b"* OK " + b"x" * 2_000_000 + b"\r\n$ OK done\r\n",
    "empty ok": b"$ OK done\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
@pytest.mark.parametrize("verb", ["greeting", "CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "SEARCH", "FETCH"])
def test_garbage_in_place_of_any_answer_is_a_fault_or_harmless(verb: str, garbage: bytes) -> None:
    try:
        came = whole_visit({verb: garbage})
    except TransportError as told:
        assert "127.0.0.1:" in told.sentence  # noqa: PT017 - a fault is one of the two right ends
    else:
        assert came in {b"abc", None}


def test_a_server_that_does_not_know_parts_but_gives_the_whole_is_no_server_for_large_mails() -> None:
    with pytest.raises(TransportError, match="不支持分段下载") as told:
        whole_visit({}, LARGE)
    assert told.value.permanent


def test_an_answer_about_another_mail_is_not_taken_for_ours() -> None:
    other = b"* 2 FETCH (UID 2 RFC822.SIZE 3 BODY[] {3}\r\nxyz)\r\n$ OK done\r\n"
    assert whole_visit({"FETCH": other}) is None


def test_an_unasked_flag_report_between_the_answers_changes_nothing() -> None:
    ours = b"* 1 FETCH (UID 1 RFC822.SIZE 3 BODY[] {3}\r\nabc)\r\n"
    answer = b"* 1 FETCH (FLAGS (\\Seen))\r\n" + ours + b"* 2 EXISTS\r\n$ OK done\r\n"
    assert whole_visit({"FETCH": answer}) == b"abc"


def test_a_mail_with_a_date_that_cannot_be_read_is_kept_as_the_oldest() -> None:
    with scripted_server({"FETCH": b'* 1 FETCH (UID 1 RFC822.SIZE 3 INTERNALDATE "soon")\r\n$ OK done\r\n'}) as port:
        mailbox = open_mailbox(Account("127.0.0.1", port, "me", "code", Encryption.NONE, read_seconds=1))
        found = mailbox.describe("INBOX", [1])
        mailbox.close()
    assert found == {1: RemoteMail(1, 3, datetime(1970, 1, 1, tzinfo=UTC))}


def answering(whole: bytes, most: int) -> Mapping[str, bytes | Callable[[bytes], bytes]]:
    """A server that gives at most so many bytes for one part, whatever it is asked for."""

    def fetch(line: bytes) -> bytes:
        asked = re.search(rb"BODY\.PEEK\[\]<(\d+)\.(\d+)>", line)
        if asked is None:
            return b'* 1 FETCH (UID 1 RFC822.SIZE %d INTERNALDATE "01-May-2026 00:00:00 +0800")\r\n$ OK done\r\n' % len(
                whole
            )
        start = int(asked[1])
        data = whole[start : start + min(most, int(asked[2]))]
        return b"* 1 FETCH (UID 1 BODY[]<%d> {%d}\r\n%b)\r\n$ OK done\r\n" % (start, len(data), data)

    return {"FETCH": fetch}


@pytest.mark.parametrize("most", [100_000, 524_288, 1 << 20])
@pytest.mark.parametrize("told", [0, 1, -5, 700_000])
def test_a_server_that_gives_less_at_a_time_than_it_was_asked_for_is_asked_until_all_came(most: int, told: int) -> None:
    whole = b"0123456789abcdef\r\n" * 130_000
    mail = RemoteMail(1, len(whole) + told, MAIL.received)
    assert whole_visit(answering(whole, most), mail) == whole


def test_a_server_whose_parts_never_end_is_left() -> None:
    def fetch(line: bytes) -> bytes:
        asked = re.search(rb"<(\d+)\.(\d+)>", line)
        if asked is None:
            return b"* 1 FETCH (UID 1 RFC822.SIZE 3)\r\n$ OK done\r\n"
        return b"* 1 FETCH (UID 1 BODY[]<%b> {%d}\r\n%b)\r\n$ OK done\r\n" % (asked[1], 1 << 20, b"x" * (1 << 20))

    with pytest.raises(TransportError, match="没有尽头"):
        whole_visit({"FETCH": fetch}, LARGE)


def test_what_comes_short_is_handed_on_as_it_came() -> None:
    answer = b"* 1 FETCH (UID 1 RFC822.SIZE 3 BODY[] {0}\r\n)\r\n$ OK done\r\n"
    assert whole_visit({"FETCH": answer}, RemoteMail(1, 2_000, MAIL.received)) == b""


def test_one_folder_that_is_refused_is_named_and_the_line_lives() -> None:
    def examine(line: bytes) -> bytes:
        return b"$ NO EXAMINE System busy!\r\n" if b"Junk" in line else b"* 0 EXISTS\r\n$ OK done\r\n"

    listed = b'* LIST () "/" INBOX\r\n* LIST () "/" Junk\r\n$ OK done\r\n'
    with scripted_server({"EXAMINE": examine, "LIST": listed}) as port:
        mailbox = open_mailbox(Account("127.0.0.1", port, "me", "code", Encryption.NONE, read_seconds=1))
        mailbox.folders()
        with pytest.raises(FolderRefused) as told:
            mailbox.examine("Junk")
        assert mailbox.examine("INBOX").exists == 0
        mailbox.close()
    assert told.value.sentence == (
        f"邮箱服务器 127.0.0.1:{port} 不让打开文件夹“Junk”：其他文件夹照常收取，稍后会自动再试；"
        "一直如此请在网页邮箱查看这个文件夹。原话：select failed: EXAMINE System busy!"
    )
