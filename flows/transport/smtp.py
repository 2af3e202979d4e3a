"""The submission server over SMTP (RFC 6409) through smtplib: one message, one recipient, one answer judged.

Each step is taken by itself rather than through ``sendmail``, because what matters is whether DATA had begun when the
line broke: before it nothing was handed over, after it perhaps everything was.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator

from flows.transport.answers import classify
from flows.transport.faults import FAULTS, answer_text, explain
from flows.transport.ports import Outcome, Sending
from flows.transport.profiles import Profile, profile_of
from flows.transport.tls import Account, Encryption, context
from flows.transport.watch import Watch

_ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
"""What may stand between the angle brackets of RCPT TO: ASCII without spaces and brackets."""


def _nothing(name: str) -> None:
    del name


class SmtpSender:
    """A ``Sender``. Each letter gets its own connection: letters are seconds apart, and servers end idle lines.

    ``address`` is what MAIL FROM carries (the login, as NetEase demands). ``checkpoint`` is called with the name of
    each step that is about to be taken; the crash tests stop the process there.
    """

    def __init__(
        self,
        account: Account,
        address: str = "",
        profile: Profile | None = None,
        checkpoint: Callable[[str], None] = _nothing,
    ) -> None:
        self.address = address or account.user
        self.profile = profile or profile_of(account.host)
        self._account = account
        self._checkpoint = checkpoint

    def send(self, raw: bytes, recipient: str) -> Sending:
        """Hand over one message to one recipient; what happened is the value."""
        if not _ADDRESS.fullmatch(recipient):
            return Sending(Outcome.RECIPIENT, f"收件地址“{recipient}”不是有效的邮件地址，没有发送。")
        try:
            with _line(self._account) as server:
                return self._hand_over(server, raw, recipient)
        except smtplib.SMTPAuthenticationError as error:
            text = answer_text(error.smtp_error)
            return Sending(classify(error.smtp_code, text, stage="login"), f"{error.smtp_code} {text}")
        except FAULTS as error:
            fault = explain(error, self._account, self.profile, "连接发信服务器")
            return Sending(Outcome.ACCOUNT if fault.permanent else Outcome.UNREACHABLE, fault.sentence)

    def check(self) -> str:
        """Log in without sending and return the greeting; ``TransportError`` where that fails."""
        try:
            with _line(self._account) as server:
                return answer_text(server.ehlo_resp or b"")
        except FAULTS as error:
            raise explain(error, self._account, self.profile, "登录发信服务器") from error

    def _hand_over(self, server: smtplib.SMTP, raw: bytes, recipient: str) -> Sending:
        begun = False
        try:
            self._checkpoint("smtp:before-mail")
            wide = not raw.isascii() and server.has_extn("8bitmime")
            code, answer = server.mail(self.address, ["BODY=8BITMIME"] if wide else [])
            if code != 250:
                return _refusal(code, answer, "mail")
            code, answer = server.rcpt(recipient)
            if code not in {250, 251}:
                # One recipient a message, so a refused recipient is never a partial success that nobody sees.
                return _refusal(code, answer, "rcpt")
            self._checkpoint("smtp:before-data")
            begun = True
            code, answer = server.data(raw)
            self._checkpoint("smtp:after-data")
        except smtplib.SMTPDataError as error:
            # smtplib raises this where DATA itself is refused: nothing of the message went out.
            return _refusal(error.smtp_code, error.smtp_error, "data")
        except FAULTS as error:
            sentence = explain(error, self._account, self.profile, "发送").sentence
            return Sending(Outcome.LOST if begun else Outcome.UNREACHABLE, sentence)
        return _verdict(code, answer_text(answer))


@contextlib.contextmanager
def _line(account: Account) -> Iterator[smtplib.SMTP]:
    """Give a connection that is logged in; it is closed afterwards without asking whether the server likes that."""
    server = _connect(account)
    watch = Watch(lambda: _socket_of(server), account.command_seconds)
    try:
        with watch.command():
            if account.encryption is Encryption.STARTTLS:
                server.starttls(context=context(account))
            server.ehlo_or_helo_if_needed()
            if account.password:
                server.login(account.user, account.password)
            yield server
    finally:
        with contextlib.suppress(*FAULTS):
            if server.sock is not None:
                server.sock.settimeout(2)
            server.quit()
        watch.close()
        server.close()


def _connect(account: Account) -> smtplib.SMTP:
    if account.encryption is Encryption.IMPLICIT:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            account.host, account.port, timeout=account.connect_seconds, context=context(account)
        )
    else:
        server = smtplib.SMTP(account.host, account.port, timeout=account.connect_seconds)
    _socket_of(server).settimeout(account.read_seconds)
    return server


def _socket_of(server: smtplib.SMTP) -> socket.socket | ssl.SSLSocket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("not connected")
    return server.sock


def _verdict(code: int, text: str) -> Sending:
    """Judge the answer to the whole message."""
    if 400 <= code < 600:
        return _refusal(code, text, "data")
    if 200 <= code < 300:
        return Sending(Outcome.ACCEPTED, f"{code} {text}", queue_id=_queue_id(text))
    # The line broke inside the answer: smtplib reads "25" as a number of its own.
    return Sending(Outcome.LOST, f"服务器的答复不完整：{code} {text}")


def _refusal(code: int, answer: bytes | str, stage: str) -> Sending:
    text = answer_text(answer)
    if code < 400:
        return Sending(Outcome.UNREACHABLE, f"服务器的答复不完整或不合规矩：{code} {text}")
    return Sending(classify(code, text, stage=stage), f"{code} {text}")


def _queue_id(text: str) -> str:
    """Return the receipt. NetEase says ``Mail OK queued as smtp11,<id> <epoch>``, others ``queued as <id>``."""
    return text.partition("queued as")[2].strip()[:200]
