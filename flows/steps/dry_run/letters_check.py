"""Checking the wording (信函检查): every letter rendered with sample data, every field that is unknown or unused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from config.call import Call
from flows.replies.compose import compose, facts_for
from flows.replies.letter import LETTER_NAMES
from flows.replies.letterbook import LETTER_KINDS, Letterbook, LetterFault, letterbook_for
from flows.replies.samples import Sample, samples
from flows.replies.wrap import COLUMNS, columns

_OWN = frozenset({"blocks", "content", "subject", "f", "parts", "loop"})
"""Names that templates get from the rendering itself."""


@dataclass(frozen=True, slots=True)
class LettersReport:
    """What a check found (检查结果)."""

    rendered: int
    faults: tuple[str, ...]
    """What must be mended before letters go out."""
    unused: tuple[str, ...]
    """Fields that no template uses: not wrong, worth knowing."""
    wide: tuple[str, ...]
    """Lines of plain text that are wider than 76 columns though they hold no long name."""

    @property
    def ok(self) -> bool:
        """Whether letters can go out with this wording."""
        return not self.faults

    def lines(self) -> list[str]:
        """Return the report as Chinese sentences."""
        lines = [f"已用样例数据生成 {self.rendered} 封信。", *self.faults, *self.wide]
        if self.unused:
            lines.append(f"模板没有用到的字段：{'、'.join(self.unused)}。")
        lines.append("可以使用。" if self.ok else f"有 {len(self.faults)} 处须改正，改好之前请不要发信。")
        return lines


def check_letters(call: Call, *, into: Path | None = None) -> LettersReport:
    """Render every letter of the call with sample data; ``into`` is a folder for the results, to be looked at."""
    try:
        book = letterbook_for(call)
        faults, used = _read_templates(book)
    except (LetterFault, TemplateSyntaxError, OSError, UnicodeDecodeError) as error:
        sentence = error.sentence if isinstance(error, LetterFault) else f"模板读不了：{error}。请改正后再查。"
        return LettersReport(0, (sentence,), (), ())
    known: set[str] = set()
    wide: list[str] = []
    rendered = 0
    for sample in samples(call):
        facts = facts_for(sample.kind, sample.matter, sample.findings, call, sample.now, before=sample.previous)
        known |= set(field_names(facts))
        try:
            letter = _letter(sample, call)
        except LetterFault as fault:
            faults.append(fault.sentence)
            continue
        rendered += 1
        wide += [f"{sample.name}：这一行超过 {COLUMNS} 列：{line}" for line in _too_wide(letter.text)]
        if into is not None:
            into.mkdir(parents=True, exist_ok=True)
            (into / f"{sample.name}.txt").write_text(f"主题：{letter.subject}\n\n{letter.text}", "utf-8")
            (into / f"{sample.name}.html").write_text(letter.html, "utf-8")
    faults += [f"模板用到了不存在的字段：{name}，请改用已有字段。" for name in sorted(used - known - _OWN)]
    return LettersReport(rendered, tuple(dict.fromkeys(faults)), tuple(sorted(known - used)), tuple(wide))


def _letter(sample: Sample, call: Call) -> Any:
    return compose(
        sample.kind,
        sample.matter,
        sample.findings,
        call,
        sample.now,
        previous=sample.previous,
        annexes=sample.annexes,
    )


def _read_templates(book: Letterbook) -> tuple[list[str], set[str]]:
    """Return faults of single kinds, and every field name that any template mentions."""
    environment = Environment(autoescape=True)
    environment.filters |= {"wrap": str, "lines": str.splitlines}
    faults: list[str] = []
    used: set[str] = set()
    for name, source in book.sources.items():
        tree = environment.parse(source, name)
        used |= meta.find_undeclared_variables(tree) | {node.attr for node in tree.find_all(nodes.Getattr)}
        used -= _macro_names(tree)
    for kind in LETTER_KINDS:
        subject = book.sources[f"{kind}/subject.txt"].strip()
        if "\n" in subject:
            faults.append(f"{LETTER_NAMES[kind]}：letters/{kind}/subject.txt 只能有一行，请合成一行。")
    used -= {name for source in book.sources.values() for name in _macro_names(environment.parse(source))}
    return faults, used


def _macro_names(tree: nodes.Template) -> set[str]:
    """Return the names that a template defines itself, and two that the engine gives."""
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    # Names that templates set for themselves: parameters, loop variables, ``set``.
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    return macros | own | {"index", "length"}


def field_names(facts: Any) -> Iterator[str]:
    """Walk through facts and name every field in them."""
    if isinstance(facts, Mapping):
        for key, value in facts.items():
            yield str(key)
            yield from field_names(value)
    elif is_dataclass(facts) and not isinstance(facts, type):
        for field in fields(facts):
            yield field.name
            yield from field_names(getattr(facts, field.name))
    elif isinstance(facts, tuple):
        for value in facts:
            yield from field_names(value)


def _too_wide(text: str) -> list[str]:
    return [line for line in text.splitlines() if columns(line) > COLUMNS and " " in line.strip()]
