"""One season as somebody told it who had never seen this code (他人所写的季节): firms, mails, and what is true."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from parsers.text.credit_code import check_character

FOLDER = Path(__file__).parent / "told"


@dataclass(frozen=True)
class Firm:
    """An invented enterprise with its case. ``member`` and ``titled`` say on which lists it stands."""

    key: str
    name: str
    code: str
    titled: bool
    member: bool
    contact: str
    recommender: str
    case: str


@dataclass(frozen=True)
class File:
    """One file of a mail: ``make`` and the rest decide its bytes, its name does not."""

    name: str
    make: str
    firm: str = ""
    flaws: tuple[str, ...] = ()
    caption: str = ""
    inner: tuple[File, ...] = ()
    password: str = ""
    mail_of: int = 0


@dataclass(frozen=True)
class MailTruth:
    """What must become of a mail: ``fate`` filed, task, answered or aside; ``letter`` none, some or any."""

    fate: str
    firms: tuple[str, ...]
    letter: str
    why: str


@dataclass(frozen=True)
class Mail:
    """One mail of the season."""

    at: datetime
    folder: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    reply_to_letter: str
    reply_to_mail: int
    files: tuple[File, ...]
    truth: MailTruth

    @property
    def address(self) -> str:
        """The sender's bare address."""
        return parseaddr(self.sender)[1].lower()


@dataclass(frozen=True)
class FirmTruth:
    """What is true of a firm in the end: which rules must, and which may never, ask something of it."""

    firm: str
    submission: bool
    has: tuple[str, ...]
    asks: frozenset[str]
    never: frozenset[str]
    staff: tuple[str, ...]
    withdrawn: bool


@dataclass(frozen=True)
class Season:
    """A whole season."""

    name: str
    title: str
    lists: tuple[str, ...]
    firms: Mapping[str, Firm]
    mails: tuple[Mail, ...]
    truths: tuple[FirmTruth, ...]
    most_tasks: int


@cache
def all_seasons() -> tuple[Season, ...]:
    """Return every season, by name."""
    return tuple(_season(path) for path in sorted(FOLDER.glob("*.toml")))


def _season(path: Path) -> Season:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    firms = {one["key"]: _firm(number, one) for number, one in enumerate(table["firm"], 1)}
    return Season(
        name=path.stem,
        title=table["title"],
        lists=tuple(table["lists"]),
        firms=firms,
        mails=tuple(_mail(one) for one in table["mail"]),
        truths=tuple(
            FirmTruth(
                one["firm"],
                one["submission"],
                tuple(one["has"]),
                frozenset(one["asks"]),
                frozenset(one["never"]),
                tuple(one["staff"]),
                one["withdrawn"],
            )
            for one in table["truth"]
        ),
        most_tasks=table["season"]["max_tasks"],
    )


def _firm(number: int, table: Mapping[str, Any]) -> Firm:
    code = table["code"]
    if code == "auto":
        body = f"91330100MA{sum(map(ord, table['key'])):05d}{number:02d}"
        code = body + check_character(body)
    return Firm(
        table["key"],
        table["name"],
        code,
        table["title"],
        table["member"],
        table["contact"],
        table["recommender"],
        table["case"],
    )


def _mail(table: Mapping[str, Any]) -> Mail:
    def many(value: Any) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value or ())

    truth = table["truth"]
    return Mail(
        at=datetime.fromisoformat(table["at"]),
        folder=table["folder"],
        sender=table["from"],
        to=many(table["to"]),
        cc=many(table.get("cc")),
        subject=table["subject"],
        text=table["text"].strip("\n") + "\n",
        html=table.get("html", ""),
        headers=tuple((name, value) for name, value in table.get("headers", ())),
        reply_to_letter=table.get("reply_to_letter", ""),
        reply_to_mail=table.get("reply_to_mail", 0),
        files=tuple(_file(one) for one in table.get("file", ())),
        truth=MailTruth(truth["fate"], tuple(truth["firms"]), truth["letter"], truth["why"]),
    )


def _file(table: Mapping[str, Any]) -> File:
    return File(
        table["name"],
        table["make"],
        table.get("firm", ""),
        tuple(table.get("flaws", ())),
        table.get("caption", ""),
        tuple(_file(one) for one in table.get("inner", ())),
        table.get("password", ""),
        table.get("mail_of", 0),
    )
