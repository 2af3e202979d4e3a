"""The mailbox over IMAP (RFC 3501) through imapclient: read-only, in parts, with every wait limited.

imapclient's traps that are worked around here (measured with 4.1.0): ranges make ``fetch`` raise after the download,
so UIDs go out one by one; a mail expunged by another client answers ``BODY[]`` None or not at all, both mean gone;
after a stall or a cut the object is dead; times without ``normalise_times`` false come in local time without a zone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, BinaryIO

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from flows.transport.faults import FAULTS, explain, explain_folder
from flows.transport.folders import decode_name, role_of
from flows.transport.ports import NO_MOMENT, FolderRefused, FolderStatus, RemoteFolder, RemoteMail, TransportError
from flows.transport.profiles import Profile, profile_of
from flows.transport.tls import Account, Encryption, context
from flows.transport.watch import Watch

PART = 1 << 20
"""How much of a large mail is asked for at a time, in bytes: memory stays near 30 MB whatever the mail's size."""

_BATCH = 250
"""UIDs in one command: about 2.5 kB of line, well inside what servers take."""

_WHO = {"name": "zhengji", "version": "1.0", "vendor": "zhengji", "support-email": "postmaster@localhost"}


def open_mailbox(account: Account, profile: Profile | None = None) -> ImapMailbox:
    """Connect, log in, and say who we are; ``TransportError`` with server, fault and cure where that fails.

    Without a profile the host name and the greeting choose one.
    """
    chosen = profile or profile_of(account.host)
    try:
        client = _connect(account)
    except FAULTS as error:
        raise explain(error, account, chosen, "连接") from error
    greeting = _text(client.welcome)
    chosen = profile or profile_of(account.host, greeting)
    mailbox = ImapMailbox(client, account, chosen, greeting)
    try:
        mailbox.log_in()
    except TransportError:
        mailbox.close()
        raise
    return mailbox


class ImapMailbox:
    """A ``Mailbox`` over one IMAP connection; after a ``TransportError`` it is dead and may only be closed."""

    def __init__(self, client: IMAPClient, account: Account, profile: Profile, greeting: str) -> None:
        self.account = account.user.lower()
        self.greeting = greeting
        self.profile = profile
        self._server = account
        self._client = client
        self._watch = Watch(client.socket, account.command_seconds)
        self._raw_names: dict[str, bytes] = {}
        self._open: FolderStatus | None = None

    def log_in(self) -> None:
        """Log in and send ID where the server offers it or is known to insist on it."""
        with self._doing("登录"):
            self._client.login(self._server.user, self._server.password)
            try:
                self._say_who()
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                # A server that refuses ID does not insist on it.
                return

    def _say_who(self) -> None:
        if b"ID" in self._client.capabilities():
            self._client.id_(_WHO)
        elif self.profile.gates_on_id:
            pairs = " ".join(f'"{word}"' for pair in _WHO.items() for word in pair)
            self._client._imap.xatom("ID", f"({pairs})")  # noqa: SLF001 - imapclient refuses what is not offered

    def capabilities(self) -> frozenset[str]:
        """Return the server's capabilities after login, in upper case."""
        with self._doing("询问功能"):
            return frozenset(_text(name).upper() for name in self._client.capabilities())

    def folders(self) -> tuple[RemoteFolder, ...]:
        """Return all selectable folders with the role each plays; names are decoded from modified UTF-7."""
        with self._doing("列出文件夹"):
            listed = self._client.list_folders()
        found = []
        for flags, delimiter, raw in listed:
            name_bytes = raw if isinstance(raw, bytes) else str(raw).encode()
            if b"\\noselect" in {flag.lower() for flag in flags} or not name_bytes.isascii():
                # A name in raw 8-bit bytes breaks RFC 3501 and cannot be sent back by imaplib.
                continue
            name = "INBOX" if name_bytes.upper() == b"INBOX" else decode_name(name_bytes)
            self._raw_names[name] = name_bytes
            found.append(RemoteFolder(name, role_of(name, flags, _text(delimiter or b""))))
        return tuple(found)

    def examine(self, folder: str) -> FolderStatus:
        """Open a folder read-only."""
        self._open = None
        with self._doing(f"打开文件夹“{folder}”"):
            try:
                answer = self._client.select_folder(self._raw(folder), readonly=True)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                raise explain_folder(error, self._server, self.profile, folder) from error
        self._open = FolderStatus(
            name=folder,
            uidvalidity=int(answer.get(b"UIDVALIDITY") or 0),
            exists=int(answer.get(b"EXISTS") or 0),
            uidnext=int(answer[b"UIDNEXT"]) if answer.get(b"UIDNEXT") else None,
        )
        return self._open

    def uids(self, folder: str) -> tuple[int, ...]:
        """Return all UIDs of the folder, ascending. SEARCH ALL is the one search that every provider answers."""
        self._stand_in(folder)
        with self._doing(f"列出“{folder}”的邮件"):
            return tuple(sorted(self._client.search("ALL")))

    def describe(self, folder: str, uids: Sequence[int]) -> dict[int, RemoteMail]:
        """Return size and INTERNALDATE by UID; vanished mails are absent."""
        found: dict[int, RemoteMail] = {}
        for uid, data in self._each(folder, uids, ["RFC822.SIZE", "INTERNALDATE"], "询问邮件大小"):
            size, received = data.get(b"RFC822.SIZE"), data.get(b"INTERNALDATE")
            if size is not None or received is not None:
                found[uid] = RemoteMail(uid, int(size or 0), _moment(received))
        return found

    def fetch(self, folder: str, mail: RemoteMail, sink: BinaryIO) -> int | None:
        """Write the raw bytes into the sink and return their number; None where the server gave nothing.

        A large mail is asked for in parts until as much came as RFC822.SIZE says and a part comes short, or nothing
        comes any more: some servers give less at a time than they were asked for, and the number may be too small.
        """
        self._stand_in(folder)
        if mail.size <= PART:
            data = self._part(folder, mail.uid, None)
            return None if data is None else sink.write(data)
        total = 0
        while True:
            data = self._part(folder, mail.uid, total)
            if data is None and total == 0:
                return None
            sink.write(data or b"")
            total += len(data or b"")
            if not data or (len(data) != PART and total >= mail.size):
                return total
            if total > mail.size * 2 + PART:
                sentence = f"{self._server.place} 给出的内容没有尽头（{folder} UID {mail.uid}），稍后会自动再取。"
                raise TransportError(sentence)

    def headers(self, folder: str, uids: Sequence[int], names: Sequence[str]) -> dict[int, bytes]:
        """Return the named header fields of each mail, raw; vanished mails are absent."""
        found: dict[int, bytes] = {}
        for uid, data in self._each(folder, uids, [f"BODY.PEEK[HEADER.FIELDS ({' '.join(names)})]"], "读取信头"):
            for key, value in data.items():
                if key.startswith(b"BODY[HEADER.FIELDS") and isinstance(value, bytes):
                    found[uid] = value
        return found

    def append_draft(self, folder: str, raw: bytes, at: datetime) -> None:
        """Put a draft into the drafts folder."""
        with self._doing(f"写入“{folder}”"):
            self._client.append(self._raw(folder), raw, flags=(b"\\Draft",), msg_time=at)

    def close(self) -> None:
        """Log out; never raises."""
        self._watch.close()
        with contextlib.suppress(*FAULTS):
            self._client.socket().settimeout(2)
            self._client.logout()
        with contextlib.suppress(*FAULTS):
            self._client.shutdown()

    def _part(self, folder: str, uid: int, offset: int | None) -> bytes | None:
        item = "BODY.PEEK[]" if offset is None else f"BODY.PEEK[]<{offset}.{PART}>"
        with self._doing(f"下载“{folder}”的邮件"):
            data = self._client.fetch([uid], [item]).get(uid, {})
        if offset is None:
            return _bytes(data.get(b"BODY[]"))
        key = b"BODY[]<%d>" % offset
        if key not in data and data.get(b"BODY[]") is not None:
            sentence = f"{self._server.place} 不支持分段下载，大邮件无法安全收取：请联系邮箱服务商。"
            raise TransportError(sentence, permanent=True)
        return _bytes(data.get(key))

    def _each(
        self, folder: str, uids: Sequence[int], items: list[str], doing: str
    ) -> Iterator[tuple[int, dict[bytes, Any]]]:
        self._stand_in(folder)
        for start in range(0, len(uids), _BATCH):
            batch = list(uids[start : start + _BATCH])
            with self._doing(doing):
                answers = self._client.fetch(batch, items)
            yield from ((uid, answers[uid]) for uid in batch if uid in answers)

    def _stand_in(self, folder: str) -> None:
        if self._open is None or self._open.name != folder:
            self.examine(folder)

    def _raw(self, folder: str) -> bytes:
        if folder not in self._raw_names and folder.upper() != "INBOX":
            self.folders()
        if folder.upper() != "INBOX" and folder not in self._raw_names:
            sentence = f"{self._server.place} 的邮箱里没有文件夹“{folder}”：请核对设置或在网页邮箱中查看。"
            raise FolderRefused(sentence)
        return self._raw_names.get(folder, folder.encode())

    @contextlib.contextmanager
    def _doing(self, doing: str) -> Iterator[None]:
        try:
            with self._watch.command():
                yield
        except FAULTS as error:
            if self._watch.fired:
                seconds = self._server.command_seconds
                sentence = f"{self._server.place} 在{doing}时超过 {seconds:g} 秒没有完成，已断开，稍后会自动再试。"
                raise TransportError(sentence) from error
            raise explain(error, self._server, self.profile, doing) from error


def _connect(account: Account) -> IMAPClient:
    waits = SocketTimeout(connect=account.connect_seconds, read=account.read_seconds)
    implicit = account.encryption is Encryption.IMPLICIT
    client = IMAPClient(
        account.host,
        port=account.port,
        ssl=implicit,
        ssl_context=context(account) if implicit else None,
        timeout=waits,
    )
    client.folder_encode = False
    client.normalise_times = False
    if account.encryption is Encryption.STARTTLS:
        try:
            client.starttls(context(account))
            # What was said before encryption is not to be believed; this forgets it (RFC 2595, 3.1).
            client.capabilities()
        except FAULTS:
            with contextlib.suppress(*FAULTS):
                client.shutdown()
            raise
    return client


def _moment(received: datetime | None) -> datetime:
    """Return INTERNALDATE with a plain zone; ``NO_MOMENT`` where it is missing or cannot be read."""
    if received is None:
        return NO_MOMENT
    return received.astimezone(timezone(received.utcoffset() or timedelta(0)))


def _bytes(value: Any) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value
