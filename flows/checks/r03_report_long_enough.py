"""R03: has the report at least the length asked for? (报告总字数).

附件2 二(2)：“总字数一般不少于 8000 字”

"一般" makes it a wish, so a short report is 提示. It is called short only where every way of counting (with text
boxes, notes and numbering) comes out short and no text stayed unread; otherwise the count says nothing: 存疑.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.reading import judged, unjudged
from flows.checks.rule import Rule
from flows.checks.say import doubt, hint, not_applicable, of_file, passed
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R03"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Compare both counts with the number that the notice prints."""
    excuse = unjudged(CODE, dossier, unsure=doubt)
    if excuse is not None or call.report is None or dossier.report_file is None:
        return excuse or not_applicable(CODE, "本次征集没有字数要求。")
    facts, file, asked = judged(dossier), dossier.report_file, call.report.words_total
    body, most = facts.counts.body, facts.counts.most
    evidence = of_file(file, "全文", f"正文 {body} 字，连同文本框、脚注等 {most} 字")
    if body >= asked:
        return passed(CODE, f"全文 {body} 字。", evidence)
    if most >= asked:
        return passed(CODE, f"正文 {body} 字，连同文本框、脚注等共 {most} 字。", evidence)
    if not facts.readable:
        return doubt(CODE, f"读出 {most} 字，不足 {asked} 字，但可能有文字未能读出，请人工查看。", evidence)
    return hint(
        CODE,
        f"全文共 {most} 字，通知要求一般不少于 {asked} 字。",
        f"案例报告“{file.name}”共 {most} 字，通知要求一般不少于 {asked} 字",
        "可酌情充实内容后补发。",
        evidence,
    )


RULE = Rule(
    CODE,
    "report_long_enough",
    "案例报告总字数是否达到要求？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("“一般不少于”是倡导，至多提示。连同文本框、脚注等都不足，且文字读得全，才说字数不足；读不全的请经办查看。"),
)
