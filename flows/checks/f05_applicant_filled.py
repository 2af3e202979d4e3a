"""F05: is the applicant's full name filled in and sensible? (申报企业全称是否填写).

附件1：“申报企业（全称）：”

The form asks for the full name, so a field that is certainly blank is 缺失. A name that is unreadable, no company's
or the recommender's is 存疑; one that is confirmed by another source counts as read.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import judge
from flows.checks.rule import Rule
from flows.checks.same import looks_like_a_company, same_name
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F05"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge the field 申报企业（全称）."""

    def odd(value: str) -> str:
        if same_name(value, dossier.recommender):
            return "与推荐单位相同，请人工核实哪一个是申报企业。"
        if not looks_like_a_company(value):
            return "不像企业全称，请人工核实。"
        return ""

    form = dossier.form
    others = [claim.name for claim in dossier.names if claim.source != "form"]
    confirmed = bool(form and dossier.applicant_certain and any(same_name(form.applicant.value, n) for n in others))
    return judge(CODE, "applicant", dossier, call, odd=odd, confirmed=confirmed)


RULE = Rule(
    CODE,
    "applicant_filled",
    "申报企业（全称）是否填写，是否像一个企业全称？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("栏目确实空白才判缺失；读不准或不像企业全称的请经办核对，有其他来源印证的视为已读出。"),
)
