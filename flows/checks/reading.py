"""Say whether the report's text can be judged at all (报告能否评读): what R03 to R07 share."""

from __future__ import annotations

from flows.checks.concealed import opened
from flows.checks.say import Maker, not_applicable, of_file
from parsers.facts.looks import ReportFacts
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding


def unjudged(code: str, dossier: Dossier, *, unsure: Maker = not_applicable) -> tuple[Finding, ...] | None:
    """Return why this rule cannot judge the report; None where it can.

    ``unsure`` makes the finding for a report whose text stayed unread: R03 gives 存疑 and sends staff to look; the
    others say only that it did.
    """
    file = dossier.report_file
    if file is None:
        return not_applicable(code, "未收到案例报告，见 R01。")
    if not opened(file):
        return not_applicable(code, f"案例报告“{file.name}”无法打开，见 A01。", of_file(file))
    facts = dossier.report
    then = "见 R03" if unsure is not_applicable else "请人工查看"
    if facts is None:
        return unsure(code, f"未能读出案例报告“{file.name}”的文字，{then}。", of_file(file))
    if facts.images_only:
        return unsure(code, f"案例报告“{file.name}”几乎全是图片，没有可读的文字，{then}。", of_file(file))
    return None


def judged(dossier: Dossier) -> ReportFacts:
    """Return the facts of a report for which ``unjudged`` returned None."""
    facts = dossier.report
    assert facts is not None
    return facts
