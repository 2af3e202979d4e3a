"""Whatever "Word" means on the applicants' machines (Word 文件): one front for every format."""

from __future__ import annotations

from parsers.context import ReadContext
from parsers.docx_file import read_docx, read_word_xml
from parsers.facts import Look, ScanFacts
from parsers.form_words import form_from_lines
from parsers.line import Place, WordText
from parsers.problem import Problem, Weight
from parsers.report import report_of
from parsers.spool import Spool

TEXT_KEPT = 4_000
"""Characters of the text that a ``Look`` carries for classification."""

UNLOCK = "请取消打开密码（文件—信息—保护文档）后重新发送。"


def look_at_word(data: bytes, type: str, spool: Spool, context: ReadContext) -> Look:  # noqa: A002, ARG001
    """Read a Word file of any kind (``parsers.sniff`` tells which) as report and, where it is one, as form."""
    word = read_word(data, type)
    problems = list(word.problems)
    if not word.lines and any(problem.weight is Weight.UNREADABLE for problem in problems):
        return Look(type, problems=tuple(problems))
    form = form_from_lines(word.lines, context)
    scan = ScanFacts(pages=1, form=form) if form is not None else None
    text = "\n".join(line.text for line in word.lines if line.place is not Place.HEADER and line.text.strip())
    return Look(type, scan, report_of(word, context), None, text[:TEXT_KEPT], tuple(problems))


def read_word(data: bytes, kind: str) -> WordText:
    """Read the lines of a Word file by its content; ``kind`` only names the format."""
    if data.startswith(b"PK"):
        return read_docx(data, "docm" if kind == "docm" else "docx")
    if b"wordDocument" in data[:4000] or b"xmlPackage" in data[:4000]:
        return read_word_xml(data)
    problem = Problem("word-unknown", "无法识别的 Word 文件格式", "", "请另存为 docx 后重新发送。", Weight.UNREADABLE)
    return WordText(kind, problems=(problem,), readable=False)
