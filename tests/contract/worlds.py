"""The worlds in which the contract is tried: a mailbox as we see it, and the same one as another client moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode

from flows.demo.letterbox import Letterbox
from flows.transport.imap import open_mailbox
from flows.transport.ports import Mailbox
from flows.transport.tls import Account, Encryption
from tests.contract.fake import FakeMailbox
from tests.servers.dovecot import PASSWORD, Dovecot

JUNK, SENT, DRAFTS = "垃圾邮件", "已发送", "草稿箱"


class World(Protocol):
    """One mailbox, seen from both sides."""

    name: str
    tells_uidvalidity: bool
    port: int | None

    def open(self, **changes: object) -> Mailbox: ...
    def deliver(self, raw: bytes, received: datetime, folder: str = "INBOX") -> int: ...
    def expunge(self, folder: str, uid: int) -> None: ...
    def move(self, folder: str, uid: int, to: str) -> None: ...
    def reset(self, folder: str) -> None: ...
    def seen(self, folder: str) -> list[int]: ...
    def read(self, folder: str, uid: int) -> None: ...
    def stored(self, folder: str) -> list[tuple[bytes, datetime]]: ...
    def close(self) -> None: ...


@dataclass
class BoxWorld:
    """The fake, and the demo's server: both over a letterbox in memory."""

    name: str
    letterbox: Letterbox
    connect: Callable[..., Mailbox]
    port: int | None = None
    tells_uidvalidity: bool = True
    opened: list[Mailbox] = field(default_factory=list)

    def open(self, **changes: object) -> Mailbox:
        self.opened.append(self.connect(**changes))
        return self.opened[-1]

    def deliver(self, raw: bytes, received: datetime, folder: str = "INBOX") -> int:
        return self.letterbox.deliver(raw, received, folder)

    def expunge(self, folder: str, uid: int) -> None:
        self.letterbox.expunge(folder, uid)

    def move(self, folder: str, uid: int, to: str) -> None:
        (mail,) = [one for one in self.letterbox.mails(folder) if one.uid == uid]
        self.letterbox.deliver(mail.raw, mail.received, to)
        self.letterbox.expunge(folder, uid)

    def reset(self, folder: str) -> None:
        self.letterbox.reset(folder)

    def seen(self, folder: str) -> list[int]:
        del folder
        return []

    def read(self, folder: str, uid: int) -> None:
        """A letterbox keeps no flags."""

    def stored(self, folder: str) -> list[tuple[bytes, datetime]]:
        return [(mail.raw, mail.received) for mail in self.letterbox.mails(folder)]

    def close(self) -> None:
        for mailbox in self.opened:
            mailbox.close()


def fake_world() -> BoxWorld:
    box = Letterbox()
    return BoxWorld("fake", box, lambda **_changes: FakeMailbox(box))


class DovecotWorld:
    """A user of Dovecot; ``port`` may be that of a proxy with a provider's manners."""

    def __init__(self, name: str, dovecot: Dovecot, port: int, *, tells_uidvalidity: bool = True) -> None:
        self.name = name
        self.port = port
        self.tells_uidvalidity = tells_uidvalidity
        self.user = dovecot.new_user()
        self._dovecot = dovecot
        self._admin: IMAPClient | None = None
        self._opened: list[Mailbox] = []

    def account(self, **changes: object) -> Account:
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": self.user,
            "password": PASSWORD,
            "encryption": Encryption.NONE,
            "read_seconds": 20.0,
        }
        return Account(**(values | changes))  # type: ignore[arg-type]

    def open(self, **changes: object) -> Mailbox:
        self._opened.append(open_mailbox(self.account(**changes)))
        return self._opened[-1]

    @property
    def admin(self) -> IMAPClient:
        if self._admin is None:
            self._admin = self._dovecot.admin(self.user)
            self._admin.folder_encode = True
        return self._admin

    def deliver(self, raw: bytes, received: datetime, folder: str = "INBOX") -> int:
        answer = self.admin.append(folder, raw, (), received)
        return int(answer.split(b"APPENDUID ")[1].split(b"]")[0].split()[1])

    def expunge(self, folder: str, uid: int) -> None:
        self.admin.select_folder(folder)
        self.admin.add_flags([uid], [b"\\Deleted"], silent=True)
        self.admin.uid_expunge([uid])
        self.admin.unselect_folder()

    def move(self, folder: str, uid: int, to: str) -> None:
        self.admin.select_folder(folder)
        self.admin.move([uid], to)
        self.admin.unselect_folder()

    def reset(self, folder: str) -> None:
        if folder.upper() == "INBOX":
            # An inbox cannot be deleted; renaming it leaves a new, empty one under another number (RFC 3501 6.3.5).
            self.admin.rename_folder(folder, f"old-{encode(folder).decode()}")
            return
        self.admin.delete_folder(folder)
        self.admin.create_folder(folder)

    def seen(self, folder: str) -> list[int]:
        self.admin.select_folder(folder, readonly=True)
        found = sorted(self.admin.search("SEEN"))
        self.admin.unselect_folder()
        return found

    def read(self, folder: str, uid: int) -> None:
        self.admin.select_folder(folder)
        self.admin.add_flags([uid], [b"\\Seen", b"\\Flagged"])
        self.admin.unselect_folder()

    def stored(self, folder: str) -> list[tuple[bytes, datetime]]:
        self.admin.select_folder(folder, readonly=True)
        uids = sorted(self.admin.search("ALL"))
        found = self.admin.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"])
        self.admin.unselect_folder()
        return [(found[uid][b"BODY[]"], found[uid][b"INTERNALDATE"]) for uid in uids]

    def close(self) -> None:
        for mailbox in self._opened:
            mailbox.close()
        if self._admin is not None:
            self._admin.logout()
