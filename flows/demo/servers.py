"""The demo's mail servers on this machine (演示用邮件服务器): IMAP and SMTP around one mailbox in memory.

What zhengji sends is caught in ``letters`` and, as NetEase does, put into the sent folder; nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from flows.demo.imap_server import ImapServer
from flows.demo.letterbox import SENT, Letterbox

HOST = "127.0.0.1"
USER = "zjzjtxqycjfh@163.com"
PASSWORD = "demo-authcode"  # noqa: S105 - the demo's own servers, reachable from this machine only


@dataclass(frozen=True, slots=True)
class CaughtLetter:
    """A letter that the demo's SMTP server took."""

    at: datetime
    sender: str
    recipient: str
    raw: bytes


@dataclass(slots=True)
class DemoServers:
    """Both servers with what they hold. Deliver mails with ``letterbox.deliver``; read letters in ``letters``."""

    letterbox: Letterbox
    imap_port: int = 0
    smtp_port: int = 0
    user: str = USER
    password: str = field(default=PASSWORD, repr=False)
    letters: list[CaughtLetter] = field(default_factory=list)


def _now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def demo_servers(
    *,
    user: str = USER,
    password: str = PASSWORD,
    imap_port: int = 0,
    smtp_port: int = 0,
    clock: Callable[[], datetime] = _now,
) -> Iterator[DemoServers]:
    """Run both servers on the loopback address while the context lasts; port 0 takes a free one.

    ``clock`` gives the moment at which a letter arrives in the sent folder. ``OSError`` where a port is taken.
    """
    servers = DemoServers(Letterbox(), user=user, password=password)
    imap = ImapServer((HOST, imap_port), servers.letterbox, user, password)
    thread = threading.Thread(target=imap.serve_forever, kwargs={"poll_interval": 0.1}, name="demo-imap", daemon=True)
    thread.start()
    smtp = _SmtpController(servers, smtp_port, clock)
    try:
        smtp.start()
        servers.imap_port = imap.server_address[1]
        servers.smtp_port = smtp.taken_port
        yield servers
    finally:
        with contextlib.suppress(AssertionError):
            smtp.stop(no_assert=True)
        imap.shutdown()
        imap.server_close()
        thread.join(timeout=5)


class _SmtpController(Controller):
    """aiosmtpd's controller with our login and, for a free port, without its self-connection to port 0."""

    def __init__(self, servers: DemoServers, port: int, clock: Callable[[], datetime]) -> None:
        super().__init__(
            _Catcher(servers, clock),
            hostname=HOST,
            port=port,
            authenticator=_login_check(servers),
            auth_require_tls=False,
            data_size_limit=80_000_000,
        )
        # It warns about its own old names at every login.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    @property
    def taken_port(self) -> int:
        """The port that the server got."""
        assert isinstance(self.server, asyncio.Server)
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        # The base class connects to the port it was asked for, which may be 0: a free port is known only now.
        self.port = self.taken_port
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _login_check(servers: DemoServers) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        right = LoginPassword(servers.user.encode(), servers.password.encode())
        return AuthResult(success=login == right, handled=False)

    return check


class _Catcher:
    """Takes every letter, keeps it, and saves the copy in the sent folder."""

    def __init__(self, servers: DemoServers, clock: Callable[[], datetime]) -> None:
        self._servers = servers
        self._clock = clock

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it
        self, _server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 Authentication required"
        if address.lower() != self._servers.user.lower():
            return "553 Mail from must equal authorized user"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 Mail OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it
        raw, at = bytes(envelope.original_content or b""), self._clock()
        for recipient in envelope.rcpt_tos:
            self._servers.letters.append(CaughtLetter(at, envelope.mail_from or "", recipient, raw))
        self._servers.letterbox.deliver(raw, at, SENT)
        return f"250 Mail OK queued as demo,{len(self._servers.letters)} {int(at.timestamp())}"
