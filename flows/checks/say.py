"""Make findings (写结论): one maker for each verdict, so that what a verdict may carry is decided once.

通过, 不适用 and 存疑 never carry words for the applicant: a doubt is for staff, and nobody is accused of it. 缺失
always says what is wrong and how to mend it. 提示 does so too, unless it is meant for staff alone.
"""

from __future__ import annotations

from collections.abc import Callable

from config.call import Verdict
from store.dossier.dossier import FiledFile
from store.dossier.finding import Evidence, Finding

Maker = Callable[..., tuple[Finding, ...]]
"""One of the makers below that take a code, a message and evidence."""


def passed(code: str, message: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """通过: what was asked is there."""
    return (Finding(code, Verdict.PASS, message, evidence=evidence),)


def not_applicable(code: str, message: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """不适用: there is nothing to judge, or another rule says it already."""
    return (Finding(code, Verdict.NOT_APPLICABLE, message, evidence=evidence),)


def doubt(code: str, message: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """存疑: the machine is not sure; staff look at the evidence and decide."""
    return (Finding(code, Verdict.DOUBT, message, evidence=evidence),)


def waiting(
    code: str, message: str, things: tuple[str, ...], *evidence: Evidence, asked: bool = False
) -> tuple[Finding, ...]:
    """存疑: what is missed may lie in things that are not opened or placed yet; staff look where that lasts.

    ``asked``: staff are asked about each of them already.
    """
    return (Finding(code, Verdict.DOUBT, message, evidence=evidence, waits_for=things, asked=asked),)


def missing(code: str, message: str, defect: str, cure: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """缺失: the notice demands it and it is certainly not there."""
    return (Finding(code, Verdict.MISSING, message, defect, cure, evidence=evidence),)


def hint(code: str, message: str, defect: str, cure: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """提示: worth mending, but nothing depends on it."""
    return (Finding(code, Verdict.HINT, message, defect, cure, evidence=evidence),)


def staff_hint(code: str, message: str, *evidence: Evidence) -> tuple[Finding, ...]:
    """提示 for staff alone: no words for the applicant, so that no letter names it."""
    return (Finding(code, Verdict.HINT, message, evidence=evidence),)


def of_file(file: FiledFile, place: str = "", words: str = "", crop: str | None = None) -> Evidence:
    """Evidence in a filed file."""
    return Evidence(file.name, file.path, file.sha256, place, words, crop or "")


def quoted(files: tuple[FiledFile, ...]) -> str:
    """Return the files' names, each in quotation marks, as letters list them."""
    return "、".join(f"“{file.name}”" for file in files)
