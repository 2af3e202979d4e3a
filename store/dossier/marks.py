"""What ties mails together (关联线索), as pure values."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.names.company import Sameness, same_company


@dataclass(slots=True)
class Marks:
    """What ties mails together (关联线索): two mails that share none of it cannot change each other's place."""

    senders: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """Addresses that a mail names beside its sender: for answers, in copy, on its forms."""
    ids: set[str] = field(default_factory=set)
    """Message-IDs of the mails themselves."""
    references: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    submissions: set[int] = field(default_factory=set)

    def add(self, other: Marks) -> None:
        """Take in another mail's marks."""
        self.senders |= other.senders
        self.named |= other.named
        self.ids |= other.ids
        self.references |= other.references
        self.names |= other.names
        self.codes |= other.codes
        self.files |= other.files
        self.submissions |= other.submissions

    def may_move(self, later: Marks) -> bool:
        """Whether a mail with these marks could change where a later one belongs."""
        if later.senders & (self.senders | self.named) or later.references & self.ids:
            return True
        if later.submissions & self.submissions or later.codes & self.codes or later.files & self.files:
            return True
        return any(same_company(one, other) is not Sameness.NO for one in self.names for other in later.names)
