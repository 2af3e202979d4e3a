"""What the line does to us (断线、停顿、错证书), on the demo's server, Dovecot, and Dovecot with providers' manners."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from flows.transport.imap import open_mailbox
from flows.transport.ports import TransportError
from flows.transport.profiles import GENERIC, NETEASE
from flows.transport.tls import Account, Encryption
from tests.contract.worlds import DovecotWorld, World
from tests.servers.bad_line import BadLine, bad_line
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import PASSWORD, Dovecot, free_port
from tests.servers.fixtures import needs_dovecot
from tests.servers.provider import Provider

AT = datetime(2026, 5, 1, tzinfo=UTC)
RAW = b"Message-ID: <a@b>\r\nSubject: x\r\n\r\n" + b"0123456789" * 5_000 + b"\r\n"
FAULTS = ["cut", "reset", "stall"]


@pytest.fixture
def line(served: World) -> Iterator[BadLine]:
    assert served.port is not None
    with bad_line(served.port) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_that_breaks_in_the_middle_of_a_mail_is_a_fault_and_the_next_connection_gets_it(
    served: World, line: BadLine, fault: str
) -> None:
    uid = served.deliver(RAW, AT)
    line.fault, line.after, line.times = fault, 20_000, 1
    mailbox = served.open(port=line.port, read_seconds=0.4)
    described = mailbox.describe("INBOX", [uid])[uid]
    with pytest.raises(TransportError, match="稍后会自动再试") as told:
        mailbox.fetch("INBOX", described, io.BytesIO())
    assert not told.value.permanent
    again, sink = served.open(port=line.port), io.BytesIO()
    assert (again.fetch("INBOX", described, sink), sink.getvalue()) == (len(RAW), RAW)


def test_after_a_fault_the_connection_only_gives_faults(served: World, line: BadLine) -> None:
    uid = served.deliver(RAW, AT)
    line.fault, line.after, line.times = "cut", 20_000, 1
    mailbox = served.open(port=line.port, read_seconds=0.4)
    described = mailbox.describe("INBOX", [uid])[uid]
    for _ in range(2):
        with pytest.raises(TransportError):
            mailbox.fetch("INBOX", described, io.BytesIO())
    mailbox.close()


def test_a_server_that_trickles_for_ever_is_cut_off_by_the_command_deadline(served: World, line: BadLine) -> None:
    uid = served.deliver(RAW, AT)
    line.fault, line.after, line.times = "trickle", 20_000, 1
    mailbox = served.open(port=line.port, read_seconds=5.0, command_seconds=0.6)
    described = mailbox.describe("INBOX", [uid])[uid]
    with pytest.raises(TransportError, match=r"超过 0\.6 秒"):
        mailbox.fetch("INBOX", described, io.BytesIO())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_breaks_off_before_its_greeting_is_no_wrong_password(
    served: World, line: BadLine, fault: str
) -> None:
    line.fault, line.after, line.times = fault, 0, 1
    with pytest.raises(TransportError, match="稍后会自动再试") as told:
        served.open(port=line.port, connect_seconds=0.4, read_seconds=0.4)
    assert not told.value.permanent


def test_a_line_that_breaks_during_login_is_no_wrong_password(served: World, line: BadLine) -> None:
    # The greeting and the first answers pass; the answer to LOGIN does not come whole.
    line.fault, line.after, line.times = "cut", 260, 1
    try:
        mailbox = served.open(port=line.port, read_seconds=0.4)
        with pytest.raises(TransportError, match="稍后会自动再试"):
            mailbox.folders()
    except TransportError as told:
        assert not told.permanent  # noqa: PT017 - either place of breaking is right
        assert "不对或已失效" not in told.sentence  # noqa: PT017


def test_a_wrong_password_is_named_once_and_for_good(served: World) -> None:
    with pytest.raises(TransportError, match=r"拒绝 .*@163\.example 登录，(密码|授权码)不对或已失效") as told:
        served.open(password="not-the-code")
    assert told.value.permanent
    assert "not-the-code" not in told.value.sentence


def test_a_password_that_is_not_ascii_is_named(served: World) -> None:
    with pytest.raises(TransportError, match="含有非英文字符") as told:
        served.open(password="授权码")
    assert told.value.permanent


def test_nobody_listening_is_named() -> None:
    with pytest.raises(TransportError, match="拒绝连接：请核对主机名和端口"):
        open_mailbox(Account("127.0.0.1", free_port(), "me", "x", Encryption.NONE))


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(TransportError, match=r"找不到邮箱服务器 no-such-host\.invalid:993：请核对主机名"):
        open_mailbox(Account("no-such-host.invalid", 993, "me", "x"))


def test_a_server_that_accepts_and_says_nothing_is_left_after_the_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        account = Account("127.0.0.1", listener.getsockname()[1], "me", "x", Encryption.NONE, connect_seconds=0.3)
        with pytest.raises(TransportError, match="没有回应"):
            open_mailbox(account)


def test_a_server_that_speaks_something_else_is_a_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        account = Account("127.0.0.1", port, "me", "x", Encryption.IMPLICIT, connect_seconds=0.3)
        with pytest.raises(TransportError):
            open_mailbox(account)


class TestEncryption:
    """TLS is verified, always."""

    pytestmark = needs_dovecot

    def test_a_certificate_of_our_own_authority_is_taken(self, on_dovecot: DovecotWorld, dovecot: Dovecot) -> None:
        ca = dovecot.certificates.authority
        mailbox = on_dovecot.open(port=dovecot.tls_port, encryption=Encryption.IMPLICIT, ca_file=ca)
        assert mailbox.examine("INBOX").exists == 0

    def test_starttls_works_and_asks_again_what_the_server_can(
        self, on_dovecot: DovecotWorld, dovecot: Dovecot
    ) -> None:
        ca = dovecot.certificates.authority
        mailbox = on_dovecot.open(encryption=Encryption.STARTTLS, ca_file=ca)
        assert "UIDPLUS" in mailbox.capabilities()

    @pytest.mark.parametrize("encryption", [Encryption.IMPLICIT, Encryption.STARTTLS])
    def test_an_unknown_authority_is_refused_before_the_password_goes_out(
        self, on_dovecot: DovecotWorld, dovecot: Dovecot, encryption: Encryption
    ) -> None:
        port = dovecot.tls_port if encryption is Encryption.IMPLICIT else dovecot.port
        with pytest.raises(TransportError, match=r"证书不可信.*密码没有发出") as told:
            on_dovecot.open(port=port, encryption=encryption)
        assert told.value.permanent

    def test_another_authority_is_refused(
        self, on_dovecot: DovecotWorld, dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        other = make_certificates(tmp_path_factory.mktemp("other")).authority
        with pytest.raises(TransportError, match="证书不可信"):
            on_dovecot.open(port=dovecot.tls_port, encryption=Encryption.IMPLICIT, ca_file=other)

    def test_a_certificate_for_another_name_is_refused(self, on_dovecot: DovecotWorld, dovecot: Dovecot) -> None:
        ca = dovecot.certificates.authority
        with pytest.raises(TransportError, match=r"证书不可信.*localhost"):
            on_dovecot.open(host="localhost", port=dovecot.tls_port, encryption=Encryption.IMPLICIT, ca_file=ca)

    def test_tls_on_a_plain_port_is_named(self, on_dovecot: DovecotWorld) -> None:
        with pytest.raises(TransportError, match="这个端口上不说 TLS"):
            on_dovecot.open(encryption=Encryption.IMPLICIT)


class TestProviders:
    """Manners that only providers have."""

    pytestmark = needs_dovecot

    def test_netease_is_told_who_we_are_on_every_connection(self, dovecot: Dovecot, netease: Provider) -> None:
        world = DovecotWorld("netease", dovecot, netease.port)
        ids, logins = netease.ids, netease.logins
        for _ in range(3):
            world.open().examine("INBOX")
        assert (netease.ids - ids, netease.logins - logins) == (3, 3)
        world.close()

    def test_without_id_netease_refuses_and_the_sentence_says_where_to_look(
        self, dovecot: Dovecot, netease: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = DovecotWorld("netease", dovecot, netease.port)
        monkeypatch.setattr("imapclient.IMAPClient.id_", lambda _self, _who: None)
        mailbox = world.open()
        with pytest.raises(TransportError, match=r"Unsafe Login.*网页邮箱确认 IMAP 服务已开启") as told:
            mailbox.examine("INBOX")
        assert told.value.permanent
        world.close()

    def test_the_greeting_tells_netease_where_the_host_name_does_not(self, dovecot: Dovecot, netease: Provider) -> None:
        world = DovecotWorld("netease", dovecot, netease.port)
        mailbox = world.open()
        assert mailbox.profile is NETEASE  # type: ignore[attr-defined]
        world.close()

    def test_netease_gives_no_uidnext_and_one_for_the_inbox(self, dovecot: Dovecot, netease: Provider) -> None:
        world = DovecotWorld("netease", dovecot, netease.port)
        status = world.open().examine("INBOX")
        assert (status.uidnext, status.uidvalidity) == (None, 1)
        world.close()

    def test_exmail_gives_no_uidvalidity_and_refuses_id(self, dovecot: Dovecot, exmail: Provider) -> None:
        world = DovecotWorld("exmail", dovecot, exmail.port)
        mailbox = world.open()
        assert (mailbox.examine("INBOX").uidvalidity, mailbox.profile) == (0, GENERIC)  # type: ignore[attr-defined]
        world.close()

    def test_id_is_sent_to_netease_even_where_it_is_not_offered(self, dovecot: Dovecot, exmail: Provider) -> None:
        account = Account("127.0.0.1", exmail.port, dovecot.new_user(), PASSWORD, Encryption.NONE)
        mailbox = open_mailbox(account, NETEASE)
        assert mailbox.examine("INBOX").exists == 0
        mailbox.close()
