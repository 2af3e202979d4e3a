"""Faults of a call folder (征集文件夹的错误), collected so that all of them can be shown at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: in which file, at which key or row, and one Chinese sentence that names the cure."""

    file: str
    key: str
    sentence: str

    def __str__(self) -> str:
        """Show the fault as one line."""
        place = f"{self.file}：{self.key}" if self.key else self.file
        return f"{place}：{self.sentence}"


class CallFault(Exception):  # noqa: N818 - one word for one thing: a Fault in a call folder
    """A call folder that cannot be used (征集文件夹有误); ``faults`` holds every one of its faults."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Faults:
    """A list of faults that readers of one file add to."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, key: str, sentence: str) -> None:
        """Note one fault at this key."""
        self.found.append(Fault(self.file, key, sentence))
