"""F04: is the case title filled in and sensible? (案例名称是否填写).

附件1：“案例名称：”

The form asks for it, so a field that is certainly blank is 缺失. A title that is unreadable, too short or a sample
is 存疑; one that the report's own title confirms counts as read.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import judge
from flows.checks.rule import Rule
from flows.checks.same import fold_name, same_name, same_title
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F04"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge the field 案例名称."""

    def odd(value: str) -> str:
        if len(fold_name(value)) < 4:
            return "不像完整的案例名称，请人工核实。"
        if same_name(value, dossier.applicant):
            return "与申报单位名称相同，请人工核实。"
        return ""

    form, report = dossier.form, dossier.report
    confirmed = bool(form and report and same_title(form.case_title.value, report.title))
    return judge(CODE, "case_title", dossier, call, odd=odd, confirmed=confirmed)


RULE = Rule(
    CODE,
    "case_title_filled",
    "案例名称是否填写，是否像一个题目？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("栏目确实空白才判缺失；读不准的附上截图请经办核对，报告题目能印证的视为已读出。"),
)
