"""Where everything of a mail went (字节账、条目账): the raw bytes are one account, the entries of archives another.

Both sum: what belongs to no field, file, text or separator is named, and what was left unread was told. So no shape of
a mail can lose a file in silence, whether or not anybody has thought of that shape.
"""

from __future__ import annotations

from dataclasses import dataclass

UNSEEN_CODES = frozenset(
    {"bytes-outside-parts", "bytes-unaccounted", "base64-as-words", "header-lines-unread", "transfer-unread"}
)
"""Problems of a mail, where they weigh as unreadable, that say: a file may lie here that nobody saw."""
UNACCOUNTED_BYTES = 1024
"""As many bytes as may belong to nothing: programs write a line or two before and after the parts."""


@dataclass(frozen=True, slots=True)
class ByteAccount:
    """The raw bytes of a mail (字节账): ``size`` is the sum of all others."""

    size: int = 0
    headers: int = 0
    texts: int = 0
    files: int = 0
    """As they are encoded in the mail."""
    separators: int = 0
    """Delimiter lines, line breaks and blanks between the parts."""
    told: int = 0
    """Left unread, and a problem says so."""
    loose: int = 0
    """Words outside the parts: a few bytes are usual, more than ``UNACCOUNTED_BYTES`` are told."""

    @property
    def sums(self) -> bool:
        """Whether every byte is in one of them."""
        return self.size == self.headers + self.texts + self.files + self.separators + self.told + self.loose


@dataclass(frozen=True, slots=True)
class EntryAccount:
    """The entries of all archives and mails in a mail (条目账): ``listed`` is the sum of all others."""

    listed: int = 0
    files: int = 0
    """Became files of ours."""
    opened: int = 0
    """Were archives themselves, and what they hold stands in their place."""
    folders: int = 0
    clutter: int = 0
    """Files that systems put beside: ``.DS_Store``, ``Thumbs.db``, lock files."""
    told: int = 0
    """Stayed shut, and a problem says so."""

    @property
    def sums(self) -> bool:
        """Whether every entry is in one of them."""
        return self.listed == self.files + self.opened + self.folders + self.clutter + self.told

    def plus(self, other: EntryAccount) -> EntryAccount:
        """Return both together."""
        return EntryAccount(
            self.listed + other.listed,
            self.files + other.files,
            self.opened + other.opened,
            self.folders + other.folders,
            self.clutter + other.clutter,
            self.told + other.told,
        )
