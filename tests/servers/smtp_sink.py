"""A submission server that answers as told (发信替身): providers' refusals, lost answers, and all is well."""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers.dovecot import free_port

PASSWORD = "kxqzvbnmasdfghjk"
OK = "250 Mail OK queued as smtp11,abc{number} 1795331408"

LOST = "lost"
"""Take the message and break the line before the answer."""
LOST_BEFORE = "lost-before"
"""Break the line at DATA, before anything was taken."""


@dataclass
class Sink:
    """What came in, and what to answer. Scripts are used up one a message; afterwards all goes well."""

    user: str
    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    at_rcpt: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    decide: Callable[[bytes], str] | None = None
    """Instead of ``at_data``: gives the answer to each message; empty for the usual one."""
    keep: Callable[[bytes], None] | None = None
    """Called with each message taken: the provider's own copy in Sent."""
    refuse_login: str = ""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if not session.authenticated:
            return "530 Authentication required"
        if self.at_mail and (answer := self.at_mail.pop(0)):
            return answer
        if address != self.user:
            return "553 Mail from must equal authorized user"
        envelope.mail_from = address
        return "250 Mail OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at_rcpt and (answer := self.at_rcpt.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 Mail OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it
        raw = bytes(envelope.original_content)
        answer = self.decide(raw) if self.decide else self.at_data.pop(0) if self.at_data else ""
        if answer and answer != LOST:
            if answer == LOST_BEFORE:
                server.transport.abort()
                return "421 gone"
            return answer
        self.taken += [(recipient, raw) for recipient in envelope.rcpt_tos]
        if self.keep is not None:
            self.keep(raw)
        if answer == LOST:
            server.transport.abort()
        return OK.format(number=len(self.taken))

    def _check_login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        if self.refuse_login:
            return AuthResult(success=False, handled=False, message=self.refuse_login)
        right = login.login == self.user.encode() and login.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False, message=None if right else "535 Error: authentication failed")


@contextlib.contextmanager
def running_sink(
    user: str, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[Sink]:
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    sink = Sink(user, port=free_port())
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ssl_context=tls,
        tls_context=starttls,
        authenticator=sink._check_login,
        auth_require_tls=False,
        data_size_limit=80_000_000,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
