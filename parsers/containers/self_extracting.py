"""The archive in a self-extracting program (自解压程序): the program is never run, what is packed behind it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.containers.budget import Budget
from parsers.containers.entries import Entry
from parsers.containers.rar import read_rar
from parsers.containers.seven_zip import read_seven_zip
from parsers.containers.zip_directory import directory
from parsers.containers.zip_file import read_zip

_WITHIN = 4 << 20
"""The programs before such archives take up some hundred kilobytes."""
_MARKS = re.compile(rb"Rar!\x1a\x07(?:\x00..\x73|\x01\x00)|7z\xbc\xaf\x27\x1c\x00[\x00-\x05]", re.DOTALL)


def read_program(data: bytes, where: str, budget: Budget, passwords: Sequence[str]) -> Iterator[Entry] | None:
    """Return a reader of the archive behind a program; None where there is none."""
    match = _MARKS.search(data, 0, _WITHIN)
    if match is not None:
        packed = data[match.start() :]
        reader = read_rar if match[0].startswith(b"Rar!") else read_seven_zip
        return reader(packed, where, budget, passwords)
    found = directory(data) if b"PK\x05\x06" in data[-65_557:] else None
    return read_zip(data, where, budget, passwords) if found is not None and found.records else None
