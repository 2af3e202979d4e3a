"""S04: is this the applicant's only submission to the call? (是否一家一件).

通知五（一）：“对申报单位的资格、推荐程序和推荐申报表的完整性、合规性进行初审”

The notice sets no number of cases a firm may send (policy ``second_case``): a second one is 存疑 for staff to decide.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.rule import Rule
from flows.checks.say import doubt, passed
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "S04"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look whether another submission of the same applicant stands."""
    other = dossier.second_case_of
    if not other:
        return passed(CODE, "该单位在本次征集中只有这一件申报。")
    evidence = Evidence(place="台账", words=other)
    if call.policy("second_case") == "accept":
        return passed(CODE, f"该单位另有申报 {other}；按本次征集的口径两件并存。", evidence)
    return doubt(CODE, f"该单位另有申报 {other}。通知未写明每家限报几件，请经办决定两件并存还是合为一件。", evidence)


RULE = Rule(
    CODE,
    "only_case",
    "该单位是否只有这一件申报？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT),
    why=("通知没有写每家限报几件：同一单位有两件时交经办决定。"),
)
