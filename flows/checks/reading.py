"""Can the report's text be judged at all (报告能否评读)? What R03 to R07 share."""

from __future__ import annotations

from flows.checks.concealed import opened
from flows.checks.say import doubt, not_applicable, of_file, staff_hint
from parsers.facts import ReportFacts
from store.dossier import Dossier
from store.finding import Finding


def unjudged(code: str, dossier: Dossier) -> tuple[Finding, ...] | None:
    """Return why this rule cannot judge the report; None where it can.

    Only R03 gives 存疑 for a report of pictures or one read in part: one doubt sends staff to look, more would say
    the same again.
    """
    file = dossier.report_file
    if file is None:
        return not_applicable(code, "未收到案例报告，见 R01。")
    if not opened(file):
        return not_applicable(code, f"案例报告“{file.name}”无法打开，见 A01。", of_file(file))
    facts = dossier.report
    if facts is None:
        return either(code, f"未能读出案例报告“{file.name}”的文字，请人工查看。", dossier)
    if facts.images_only:
        return either(code, f"案例报告“{file.name}”几乎全是图片，没有可读的文字，请人工查看。", dossier)
    return None


def either(code: str, message: str, dossier: Dossier) -> tuple[Finding, ...]:
    """Return the one doubt, or a staff hint that points to it."""
    evidence = (of_file(dossier.report_file),) if dossier.report_file else ()
    return doubt(code, message, *evidence) if code == "R03" else staff_hint(code, "报告文字不可读，见 R03。", *evidence)


def judged(dossier: Dossier) -> ReportFacts:
    """Return the facts of a report for which ``unjudged`` returned None."""
    facts = dossier.report
    assert facts is not None
    return facts
