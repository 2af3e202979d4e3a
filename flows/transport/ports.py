"""The two ports (收发接口): what we need of a mailbox and of a mail submission server, and nothing more.

The fakes for tests and the real servers implement the same protocols and pass the same contract tests
(``tests/contract``). Faults of the edge are exceptions here: the steps decide what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import BinaryIO, Protocol


class TransportError(Exception):
    """The server or the line to it failed. ``sentence`` is Chinese, names the server, the fault and the cure."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.permanent = permanent
        """True where trying again without a person's help is useless (wrong password, wrong certificate)."""


class FolderRefused(TransportError):  # noqa: N818 - it says what happened
    """One folder is not there or is refused, with NO; the connection lives and serves the others."""


class FolderRole(StrEnum):
    """What a folder of the mailbox is for (文件夹用途)."""

    INBOX = "inbox"
    JUNK = "junk"
    """Junk, virus, advert and subscription folders: polled too, because submissions land there."""
    SENT = "sent"
    DRAFTS = "drafts"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder on the server. ``name`` is decoded from modified UTF-7."""

    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What EXAMINE said. ``uidvalidity`` 0 where the server gives none; ``uidnext`` None likewise (163)."""

    name: str
    uidvalidity: int
    exists: int
    uidnext: int | None = None

    @property
    def uidvalidity_tells(self) -> bool:
        """Whether a change of it would show: NetEase says 1 for every inbox, Exmail says nothing."""
        return self.uidvalidity > 1


NO_MOMENT = datetime.fromtimestamp(0, UTC)
"""Stands for an INTERNALDATE that is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class RemoteMail:
    """What the server says of one mail before it is fetched. ``received`` is INTERNALDATE, with its zone.

    ``size`` 0 where the server tells none, ``received`` ``NO_MOMENT`` where it tells none that can be read.
    """

    uid: int
    size: int
    received: datetime


class Mailbox(Protocol):
    """One mailbox over one connection, read-only: EXAMINE and BODY.PEEK[] only.

    Every method may raise ``TransportError``; afterwards the object is dead and must be closed. Only after a
    ``FolderRefused`` it lives on.
    """

    account: str
    """Login name, in lower case."""
    greeting: str
    """What the server said when we connected."""

    def capabilities(self) -> frozenset[str]:
        """Return the server's capabilities after login, in upper case."""

    def folders(self) -> tuple[RemoteFolder, ...]:
        """Return all selectable folders with the role each plays."""

    def examine(self, folder: str) -> FolderStatus:
        """Open a folder read-only."""

    def uids(self, folder: str) -> tuple[int, ...]:
        """Return all UIDs of the folder, ascending."""

    def describe(self, folder: str, uids: Sequence[int]) -> dict[int, RemoteMail]:
        """Return size and INTERNALDATE by UID; vanished mails are absent."""

    def fetch(self, folder: str, mail: RemoteMail, sink: BinaryIO) -> int | None:
        """Write the raw bytes into the sink, large mails in parts; return their number.

        None where the server gave nothing: the mail is gone, or only kept back (``uids`` tells). What came may be
        shorter than ``mail.size``, or longer: who asked judges it.
        """

    def headers(self, folder: str, uids: Sequence[int], names: Sequence[str]) -> dict[int, bytes]:
        """Return the named header fields of each mail, raw; used to look for our letters in Sent."""

    def append_draft(self, folder: str, raw: bytes, at: datetime) -> None:
        """Put a draft into the drafts folder (drafts mode only: the one thing we ever write)."""

    def close(self) -> None:
        """Log out; never raises."""


class Outcome(StrEnum):
    """What the submission server's answer means (发信结果), judged by token, not by number."""

    ACCEPTED = "accepted"
    THROTTLE = "throttle"
    """Slow down; try the same row again later."""
    DAY_QUOTA = "day-quota"
    """Nothing more today; all sending is frozen until tomorrow."""
    CONTENT = "content"
    """Refused for what it says; never resend the same text. Staff."""
    ACCOUNT = "account"
    """Our login or account is refused: all sending stops, alarm."""
    RECIPIENT = "recipient"
    """This recipient is refused. Staff."""
    RECIPIENT_LATER = "recipient-later"
    """This recipient is not taken now (a full mailbox, greylisting): try this letter later, the others at once."""
    MESSAGE = "message"
    """The message's form is refused: our fault."""
    UNREACHABLE = "unreachable"
    """No connection, and nothing of the message was sent: try again."""
    LOST = "lost"
    """The connection was lost after DATA began: perhaps accepted. Never resend blindly."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The result of one attempt. ``answer`` is the server's own words, ``queue_id`` its receipt."""

    outcome: Outcome
    answer: str = ""
    queue_id: str = ""


class Sender(Protocol):
    """A mail submission server. ``send`` never raises: what happened is the value."""

    address: str
    """The address that From and MAIL FROM must carry."""

    def send(self, raw: bytes, recipient: str) -> Sending:
        """Hand over one message to one recipient."""

    def check(self) -> str:
        """Log in without sending and return the greeting; ``TransportError`` where that fails."""
