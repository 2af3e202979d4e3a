"""The wording of a call's letters (信函样本): Jinja2 templates in ``config/letters``, which staff may change.

Each kind of letter has a folder named by its value with two files: ``subject.txt`` (one line) and ``body.j2``. The
body is written once and rendered twice: it calls blocks (``f.p``, ``f.files`` …) that ``_base/blocks.txt`` and
``_base/blocks.html`` define, so plain text and HTML cannot say different things. ``_base/page.txt`` and
``_base/page.html`` stand around the body. A call may word single files otherwise in its own ``letters`` folder, and
single words in ``[words]`` (see ``config.wording``). Templates run in a sandbox and may use no field that does
not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from config import wording
from config.call import Call
from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.replies.wrap import NAME, columns, unmark, wrap

SUBJECT_LIMIT = 120
"""Characters of a subject line."""

LETTER_KINDS: tuple[LetterKind, ...] = tuple(
    kind for kind in LetterKind if kind not in (LetterKind.DIGEST, LetterKind.ALARM)
)
"""Kinds that are worded in ``config/letters``; digest and alarm are for staff and not worded there."""

_SHORT = 24
"""Columns of a name that is never broken in HTML."""


class LetterFault(Exception):  # noqa: N818 - a fault of the call's wording, as the house calls it
    """A letter cannot be rendered; ``sentence`` names the template, the fault and the cure."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's three texts."""

    subject: str
    text: str
    html: str


class Letterbook:
    """The templates of one call, read once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self._text = _environment(self.sources, escape=False)
        self._html = _environment(self.sources, escape=True)

    def render(self, kind: LetterKind, facts: Mapping[str, Any]) -> Rendered:
        """Render one letter; ``LetterFault`` where the wording asks for what is not there."""
        subject = self._one(self._text, kind, f"{kind}/subject.txt", facts)
        body_text = self._one(self._text, kind, f"{kind}/body.j2", {**facts, "blocks": "_base/blocks.txt"})
        body_html = self._one(self._html, kind, f"{kind}/body.j2", {**facts, "blocks": "_base/blocks.html"})
        line = " ".join(unmark(subject).split())[:SUBJECT_LIMIT]
        page = {**facts, "subject": line}
        text = self._one(self._text, kind, "_base/page.txt", {**page, "content": body_text})
        html = self._one(self._html, kind, "_base/page.html", {**page, "content": Markup(body_html)})  # noqa: S704 - rendered with autoescape
        return Rendered(line, _tidy(text), re.sub(r"\n\s*\n+", "\n", _unbroken(html)).strip() + "\n")

    def _one(
        self, environment: ImmutableSandboxedEnvironment, kind: LetterKind, name: str, facts: Mapping[str, Any]
    ) -> str:
        try:
            return environment.get_template(name).render(facts)
        except TemplateError as error:
            message = f"{LETTER_NAMES[kind]}：模板 letters/{name} 无法生成（{error}），请改正该模板。"
            raise LetterFault(message) from error


def letterbook_for(call: Call) -> Letterbook:
    """Return the letters of a call; a changed file is read again, so staff see new wording without a restart."""
    paths = wording.templates(call.folder)
    return _load(tuple((name, path, *_stamp(path)) for name, path in paths.items()))


def needed_files() -> tuple[str, ...]:
    """Return the templates that letters are made from, by name."""
    base = tuple(f"{wording.BASE}/{name}" for name in wording.OF_BASE)
    return base + tuple(f"{kind}/{name}" for kind in LETTER_KINDS for name in wording.OF_LETTER)


@lru_cache(maxsize=8)
def _load(stamped: tuple[tuple[str, Path, int, int], ...]) -> Letterbook:
    sources = {name: path.read_text("utf-8") for name, path, _, _ in stamped}
    absent = [name for name in needed_files() if name not in sources]
    if absent:
        message = f"共用的回信模板 config/letters 缺少：{'、'.join(absent)}，请补上这些模板。"
        raise LetterFault(message)
    return Letterbook(sources)


def _stamp(path: Path) -> tuple[int, int]:
    """Return time and size of a template: what tells a changed wording from the one that was read."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size


def _environment(sources: Mapping[str, str], *, escape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(sources)),
        undefined=StrictUndefined,
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    folded: Callable[..., str] = wrap
    environment.filters["wrap"] = folded
    environment.filters["lines"] = str.splitlines
    return environment


def _unbroken(html: str) -> str:
    """Keep short names (numbers, telephones) on one line of a phone; longer ones may break anywhere."""

    def spanned(match: re.Match[str]) -> str:
        name = match.group(1)
        return f'<span style="white-space:nowrap;">{name}</span>' if columns(unescape(name)) <= _SHORT else name

    return unmark(NAME.sub(spanned, html))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in unmark(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
