"""A Word file looked into (Word 文件): as report, and as form where it is one."""

from __future__ import annotations

from dataclasses import replace

from parsers.facts.context import ReadContext
from parsers.facts.looks import Look, ScanFacts, WordCounts
from parsers.facts.problem import Problem, Weight
from parsers.facts.spool import Spool
from parsers.form.as_text import form_from_lines
from parsers.report.report import count_lines, report_of
from parsers.word.docx_file import read_docx
from parsers.word.libreoffice import to_docx
from parsers.word.open import OLE, read_word
from parsers.word.paragraph import Place, WordText

TEXT_KEPT = 40_000
"""Characters of the text that a ``Look`` carries for classification."""


def look_at_word(data: bytes, type: str, spool: Spool, context: ReadContext) -> Look:  # noqa: A002, ARG001 - the word of the values; pictures stay in the file
    """Read a Word file of any kind (``parsers.containers.kinds`` tells which) as report and, where it is one, as form.

    Never raises for what a sender did: a locked, cut off or foreign file comes back without a report and with the
    problem that says why and what helps.
    """
    word = read_word(data, type)
    counts: WordCounts | None = None
    if data.startswith(OLE) and word.lines and _needs_structure(word):
        word, counts = _with_structure(word, data, type)
    unreadable = any(problem.weight is Weight.UNREADABLE for problem in word.problems)
    if unreadable and not word.lines:
        return Look(type, problems=word.problems)
    form = form_from_lines(word.lines, context)
    scan = ScanFacts(pages=1, form=form) if form is not None else None
    text = "\n".join(line.text for line in word.lines if line.place is not Place.HEADER and line.text.strip())
    return Look(type, scan, report_of(word, context, counts), None, text[:TEXT_KEPT], word.problems)


def _needs_structure(word: WordText) -> bool:
    """Whether there is a report to understand: next to no text has no structure."""
    return sum(len(line.text) for line in word.lines) >= 600


def _with_structure(word: WordText, data: bytes, kind: str) -> tuple[WordText, WordCounts]:
    """Let LibreOffice show headings and automatic numbers; the counts stay those of the file's own text."""
    counts = count_lines(word.lines)
    converted = to_docx(data, "wps" if kind == "wps" else "doc")
    seen = read_docx(converted) if converted is not None else None
    if seen is None or not _agree(word, seen):
        lost = Problem("doc-structure", "旧版 Word 文件：自动编号无法读出，章节判断仅供参考", "", "", Weight.NOTE)
        return replace(word, problems=(*word.problems, lost)), counts
    numbering = count_lines(seen.lines).numbering
    return (
        replace(word, lines=seen.lines, plain=False, tracked=max(word.tracked, seen.tracked)),
        replace(counts, numbering=numbering),
    )


def _agree(word: WordText, seen: WordText) -> bool:
    """Whether the conversion kept the text: within two in a hundred characters."""
    own = sum(len(line.text) for line in word.lines if line.place is not Place.HEADER)
    other = sum(len(line.text) for line in seen.lines if line.place is not Place.HEADER)
    return abs(own - other) <= 0.02 * max(own, other) + 20
