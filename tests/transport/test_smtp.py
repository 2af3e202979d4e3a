"""Sending over SMTP to a server that refuses, breaks off, or loses its answer."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.transport.ports import Outcome, Sending, TransportError
from flows.transport.profiles import NETEASE
from flows.transport.smtp import SmtpSender
from flows.transport.tls import Account, Encryption
from tests.servers.bad_line import bad_line
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import free_port
from tests.servers.smtp_sink import LOST, LOST_BEFORE, PASSWORD, Sink, running_sink

ME = "me@163.example"
RAW = b"From: <me@163.example>\r\nMessage-ID: <x@y>\r\n\r\nhello\r\n.\r\n..\r\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink(ME) as made:
        yield made


def sender(port: int, **changes: object) -> SmtpSender:
    values: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "user": ME,
        "password": PASSWORD,
        "encryption": Encryption.NONE,
        "connect_seconds": 30.0,
        "read_seconds": 30.0,
    }
    return SmtpSender(Account(**(values | changes)), profile=NETEASE)  # type: ignore[arg-type]


def test_a_letter_arrives_byte_for_byte_and_its_receipt_is_kept(sink: Sink) -> None:
    sending = sender(sink.port).send(RAW, "a@firm.example")
    answer = "250 Mail OK queued as smtp11,abc1 1795331408"
    assert sending == Sending(Outcome.ACCEPTED, answer, queue_id="smtp11,abc1 1795331408")
    assert sink.taken == [("a@firm.example", RAW)]


@pytest.mark.parametrize(
    ("script", "meaning"),
    [
        ({"at_mail": ["421 HL:ICC"]}, Outcome.THROTTLE),
        ({"at_mail": ["550 User has no permission"]}, Outcome.ACCOUNT),
        ({"at_mail": ["550 MI:STC"]}, Outcome.DAY_QUOTA),
        ({"at_rcpt": ["550 Invalid User: a@firm.example"]}, Outcome.RECIPIENT),
        ({"at_rcpt": ["451 RP:CEL"]}, Outcome.THROTTLE),
        ({"at_rcpt": ["452 4.2.2 Mailbox full"]}, Outcome.RECIPIENT_LATER),
        ({"at_data": ["554 DT:SPM 163 smtp11"]}, Outcome.CONTENT),
        ({"at_data": ["451 MI:SFQ"]}, Outcome.THROTTLE),
        ({"at_data": ["552 Illegal Attachment"]}, Outcome.MESSAGE),
        ({"at_data": [LOST]}, Outcome.LOST),
        ({"at_data": [LOST_BEFORE]}, Outcome.LOST),
        ({"refuse_login": "535 Error: authentication failed"}, Outcome.ACCOUNT),
        ({"refuse_login": "454 Temporary authentication failure"}, Outcome.THROTTLE),
    ],
)
def test_each_refusal_has_its_meaning_and_nothing_else_is_taken(
    sink: Sink, script: dict[str, object], meaning: Outcome
) -> None:
    taken_all_the_same = script == {"at_data": [LOST]}
    for name, value in script.items():
        setattr(sink, name, list(value) if isinstance(value, list) else value)
    assert sender(sink.port).send(RAW, "a@firm.example").outcome is meaning
    assert len(sink.taken) == taken_all_the_same


def test_after_a_refusal_the_next_letter_goes(sink: Sink) -> None:
    sink.at_data = ["554 DT:SPM", ""]
    outcomes = [sender(sink.port).send(RAW, "a@firm.example").outcome for _ in range(2)]
    assert outcomes == [Outcome.CONTENT, Outcome.ACCEPTED]


def test_the_servers_words_are_kept_in_chinese(sink: Sink) -> None:
    sink.at_rcpt = ["550 Invalid User: 用户不存在"]
    assert sender(sink.port).send(RAW, "a@firm.example").answer == "550 Invalid User: 用户不存在"


@pytest.mark.parametrize("fault", ["cut", "stall"])
def test_a_line_that_breaks_before_data_handed_nothing_over(sink: Sink, fault: str) -> None:
    with bad_line(sink.port) as line:
        line.fault, line.after, line.times = fault, 40, 1
        sending = sender(line.port, read_seconds=0.4, connect_seconds=0.4).send(RAW, "a@firm.example")
    assert (sending.outcome, sink.taken) == (Outcome.UNREACHABLE, [])


@pytest.mark.parametrize("kept", [0, 1, 2])
@pytest.mark.parametrize("fault", ["cut", "stall"])
def test_an_answer_to_data_that_does_not_come_whole_leaves_us_in_doubt(sink: Sink, fault: str, kept: int) -> None:
    # Two digits of "250" are no answer, though smtplib reads them as the number 25.
    said = conversation(sink)
    with bad_line(sink.port) as line:
        line.fault, line.after, line.times = fault, sum(map(len, said[:-1])) + kept, 1
        sending = sender(line.port, read_seconds=0.5).send(RAW, "a@firm.example")
    assert (sending.outcome, len(sink.taken)) == (Outcome.LOST, 2)


def conversation(sink: Sink) -> list[bytes]:
    """What the server says while one letter goes out, up to the answer to DATA."""
    said: list[bytes] = []

    class Listening(smtplib.SMTP):
        def getreply(self) -> tuple[int, bytes]:
            assert self.sock is not None
            if self.file is None:
                self.file = self.sock.makefile("rb")
            lines = []
            while True:
                line = self.file.readline()
                said.append(line)
                lines.append(line)
                if line[3:4] != b"-":
                    break
            return int(lines[-1][:3]), b"\n".join(part[4:].strip() for part in lines)

    server = Listening("127.0.0.1", sink.port, timeout=5)
    server.ehlo()
    server.login(ME, PASSWORD)
    server.mail(ME)
    server.rcpt("a@firm.example")
    server.data(RAW)
    server.close()
    return said


@pytest.mark.parametrize("address", ["", "a b@firm.example", "a@b.cn>\r\nRCPT TO:<b@c", "某人@firm.example", "a@"])
def test_what_is_no_address_is_the_recipients_fault_and_goes_nowhere(sink: Sink, address: str) -> None:
    assert (sender(sink.port).send(RAW, address).outcome, sink.taken) == (Outcome.RECIPIENT, [])


def test_nobody_listening_is_unreachable_and_says_so() -> None:
    sending = sender(free_port()).send(RAW, "a@firm.example")
    assert sending.outcome is Outcome.UNREACHABLE
    assert "拒绝连接：请核对主机名和端口" in sending.answer


def test_check_logs_in_and_sends_nothing(sink: Sink) -> None:
    assert sender(sink.port).check()
    assert sink.taken == []


def test_check_names_a_wrong_authorisation_code(sink: Sink) -> None:
    with pytest.raises(TransportError, match=r"拒绝 me@163\.example 登录，授权码不对或已失效.*重新生成授权码"):
        sender(sink.port, password="wrong").check()


class TestEncryption:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
        made = make_certificates(tmp_path)
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.load_cert_chain(made.certificate, made.key)
        return made.authority, server

    def test_implicit_tls(self, authority: tuple[Path, ssl.SSLContext]) -> None:
        with running_sink(ME, tls=authority[1]) as sink:
            good = sender(sink.port, encryption=Encryption.IMPLICIT, ca_file=authority[0])
            assert good.send(RAW, "a@firm.example").outcome is Outcome.ACCEPTED

    def test_starttls(self, authority: tuple[Path, ssl.SSLContext]) -> None:
        with running_sink(ME, starttls=authority[1]) as sink:
            good = sender(sink.port, encryption=Encryption.STARTTLS, ca_file=authority[0])
            assert good.send(RAW, "a@firm.example").outcome is Outcome.ACCEPTED

    @pytest.mark.parametrize("encryption", [Encryption.IMPLICIT, Encryption.STARTTLS])
    def test_an_unknown_authority_stops_sending_before_the_password_goes_out(
        self, authority: tuple[Path, ssl.SSLContext], encryption: Encryption
    ) -> None:
        given = {"tls" if encryption is Encryption.IMPLICIT else "starttls": authority[1]}
        with running_sink(ME, **given) as sink:
            sending = sender(sink.port, encryption=encryption).send(RAW, "a@firm.example")
        assert (sending.outcome, sink.taken) == (Outcome.ACCOUNT, [])
        assert "证书不可信" in sending.answer

    def test_starttls_that_is_not_offered_is_no_reason_to_go_on_in_the_clear(self, sink: Sink) -> None:
        sending = sender(sink.port, encryption=Encryption.STARTTLS).send(RAW, "a@firm.example")
        assert (sending.outcome, sink.taken) == (Outcome.UNREACHABLE, [])
