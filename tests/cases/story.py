"""One folder a story (案例故事): ``story.toml`` tells what was known, which mails came, and what must be true then.

Beside it lie two goldens that people can read: ``register.txt`` (台账) and ``letters.txt`` (回信).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from config.call import Call
from config.load import load_call
from config.policies import decided
from tests.cases.telling import CALLS, File, Mail, Telling, mail_of

CASES = Path(__file__).parent

TITLE = "深耕细分领域的成长之路"
"""What the papers of a story are about in which titles do not matter."""


@dataclass(frozen=True)
class Act:
    """What staff do at the desk ``minutes`` after mail ``after`` was taken in.

    ``do`` is the desk's own name of the operation, ``form`` its fields. In texts ``{1}`` stands for the number that
    mail 1 was filed under (``{1.2}`` for the second of several), ``{mail 1}`` for the mail's hash, ``{step}`` for the
    last merge, split or move, ``{held}`` for the letters that wait.
    """

    after: int
    do: str
    form: Mapping[str, Any]
    minutes: int = 30


@dataclass(frozen=True)
class Story:
    """A story as told. ``shape`` and ``name`` are its folder; ``then`` is the hand-written truth."""

    shape: str
    name: str
    title: str
    call: str
    telling: Telling
    lists: tuple[Mapping[str, Any], ...]
    policies: Mapping[str, str]
    mails: tuple[Mail, ...]
    acts: tuple[Act, ...]
    then: Mapping[str, Any] = field(hash=False)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return CASES / self.shape / self.name

    def the_call(self) -> Call:
        """Return the call under which it plays, with what staff confirmed before it began."""
        call = decided(_call(self.call), self.policies)
        assert {key: call.policy(key) for key in self.policies} == dict(self.policies)
        return call


@cache
def _call(name: str) -> Call:
    return load_call(CALLS / name)


@cache
def all_stories() -> tuple[Story, ...]:
    """Return every story, by shape and name."""
    return tuple(load_story(path.parent) for path in sorted(CASES.glob("*/*/story.toml")))


def load_story(folder: Path) -> Story:
    """Read one story."""
    table = tomllib.loads((folder / "story.toml").read_text(encoding="utf-8"))
    known = dict(table.get("known", {}))
    lists, policies = tuple(known.pop("lists", ())), known.pop("policies", {})
    call = table.get("call", "cases-2026")
    return Story(
        shape=folder.parent.name,
        name=folder.name,
        title=table["title"],
        call=call,
        telling=Telling(**{key: tuple(value) for key, value in known.items()}),
        lists=lists,
        policies=policies,
        mails=_whole(tuple(mail_of(mail) for mail in table["mail"]), table["mail"], call),
        acts=tuple(Act(**act) for act in table.get("act", ())),
        then=table["then"],
    )


def _whole(mails: tuple[Mail, ...], tables: list[dict[str, Any]], call: str) -> tuple[Mail, ...]:
    """Let the papers say what the tables leave unsaid, so that letters speak of what the story is about."""
    titled = any(file.title for mail in mails for file in mail.files)
    day = {"cases-2026": "2026-05-06", "key-sme-2025": "2024-11-11"}[call]

    def paper(file: File, table: Mapping[str, Any]) -> File:
        changes: dict[str, Any] = {"whole": True}
        if file.role in {"form", "report"} and not titled:
            changes["title"] = TITLE
        if file.role == "form":
            changes["submitted"] = file.submitted or day
            changes["recommender"] = table.get("recommender", "自荐（会员单位）" if call == "cases-2026" else "")
        return replace(file, **changes)

    return tuple(
        replace(
            mail, files=tuple(paper(file, one) for file, one in zip(mail.files, table.get("files", ()), strict=True))
        )
        for mail, table in zip(mails, tables, strict=True)
    )
