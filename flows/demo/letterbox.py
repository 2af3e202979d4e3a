"""A mailbox in memory (演示信箱): what the demo's IMAP server shows and what its SMTP server adds to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

INBOX = "INBOX"
SENT = "已发送"
DRAFTS = "草稿箱"
JUNK = "垃圾邮件"

FOLDERS: tuple[tuple[str, str], ...] = (
    (INBOX, ""),
    (DRAFTS, "\\Drafts"),
    (SENT, "\\Sent"),
    ("已删除", "\\Trash"),
    (JUNK, "\\Junk"),
    ("病毒邮件", ""),
    ("广告邮件", ""),
    ("订阅邮件", ""),
)
"""The folders of a 163 mailbox with their SPECIAL-USE flags."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail as the server keeps it; ``received`` is its INTERNALDATE."""

    uid: int
    raw: bytes
    received: datetime


@dataclass(slots=True)
class Folder:
    """One folder with its mails by UID."""

    name: str
    special: str
    uidvalidity: int
    next_uid: int = 1
    mails: dict[int, StoredMail] = field(default_factory=dict)


class Letterbox:
    """All folders of one account. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._last_uidvalidity = 1_700_000_000
        self._folders: dict[str, Folder] = {}
        for name, special in FOLDERS:
            self.reset(name, special)

    def reset(self, name: str, special: str = "") -> None:
        """Make a folder anew, empty, under another UIDVALIDITY, as a server does after a repair."""
        with self._lock:
            kept = self._folders.get(name)
            self._last_uidvalidity += 1
            self._folders[name] = Folder(name, kept.special if kept else special, self._last_uidvalidity)

    def deliver(self, raw: bytes, received: datetime, folder: str = INBOX) -> int:
        """Put a mail into a folder, received at this moment, and return its UID."""
        with self._lock:
            target = self._folders[folder]
            uid = target.next_uid
            target.next_uid += 1
            target.mails[uid] = StoredMail(uid, raw, received)
            return uid

    def expunge(self, folder: str, uid: int) -> None:
        """Take a mail away, as another client does."""
        with self._lock:
            self._folders[folder].mails.pop(uid, None)

    def folders(self) -> tuple[Folder, ...]:
        """Return all folders."""
        with self._lock:
            return tuple(self._folders.values())

    def folder(self, name: str) -> Folder | None:
        """Return a folder, or None; ``INBOX`` in any case of letters."""
        with self._lock:
            return self._folders.get(INBOX if name.upper() == INBOX else name)

    def mails(self, folder: str) -> tuple[StoredMail, ...]:
        """Return the mails of a folder by UID, ascending; nothing where there is no such folder."""
        with self._lock:
            found = self._folders.get(folder)
            return tuple(found.mails[uid] for uid in sorted(found.mails)) if found else ()
