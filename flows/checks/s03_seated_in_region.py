"""S03: does the applicant sit in the province that the notice names? (是否在征集地域内).

通知二：“浙江省范围内”

The credit code shows where a firm was first registered and does not change when it moves, so another province in it
is 存疑 and not a defect; without a code there is nothing to judge.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.rule import Rule
from flows.checks.say import doubt, not_applicable, passed
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "S03"
REGIONS = {"浙江省": "33", "宁波市": "3302"}
"""Administrative division codes (GB/T 2260) as they stand from the third character of a credit code."""


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look at the division code inside the credit code."""
    code = dossier.credit_code
    wanted = REGIONS.get(call.eligibility.region)
    if not code or wanted is None:
        return not_applicable(CODE, "未读到统一社会信用代码，地域由经办在初审时核对。")
    evidence = Evidence(place="统一社会信用代码第3至8位", words=code[2:8])
    if not code[2:].startswith(wanted):
        return doubt(CODE, f"统一社会信用代码的登记地不在{call.eligibility.region}，请核实企业所在地。", evidence)
    for region in call.eligibility.excluded_regions:
        if code[2:].startswith(REGIONS.get(region, "none")):
            return doubt(CODE, f"统一社会信用代码的登记地在{region}，不属本次征集范围，请核实企业所在地。", evidence)
    return passed(CODE, f"统一社会信用代码的登记地在{call.eligibility.region}。", evidence)


RULE = Rule(
    CODE,
    "seated_in_region",
    "申报单位是否在征集的地域范围内？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("信用代码中的登记地不随企业迁移而变，只能作线索：不符时请经办核实。"),
)
