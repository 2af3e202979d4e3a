"""F06: is the recommender filled in and sensible? (推荐单位是否填写).

附件1：“推荐单位：”

The form asks for it, so a field that is certainly blank is 缺失; but 通知三（一） lets members nominate themselves, so
for an applicant on the member list a blank field is in order. Without a member list the policy
``blank_recommender`` decides. A recommender that cannot be read, or is the applicant itself, is 存疑.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import judge
from flows.checks.rule import Rule
from flows.checks.same import fold_name, same_name
from flows.checks.say import doubt, passed
from parsers.facts.leaf import Role
from parsers.text.firm_words import says_self
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F06"
CURE = "请填写推荐单位全称；分会会员单位自荐的，请填写“自荐（会员单位）”。加盖公章后重新扫描发送。"
CURE_ONE_WAY = "请填写推荐单位全称，加盖公章后重新扫描发送。"
"""Where the notice knows no way to apply but through a recommender."""


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge the field 推荐单位, with the ways to apply in mind that the call knows."""
    alone = any(route.key == "self" for route in call.routes)

    def odd(value: str) -> str:
        if says_self(value):
            return "" if alone else "通知没有自荐的途径，请人工核实由谁推荐。"
        if same_name(value, dossier.applicant) and dossier.lists.membership is None:
            return "与申报企业相同，像是自荐，请人工核实是否为会员单位。"
        return "" if len(fold_name(value)) >= 4 else "不像单位全称，请人工核实。"

    form, standing = dossier.form, dossier.lists.recommender
    # Only a body in the imported list confirms a reading; the dossier's own name may come from this very field.
    confirmed = bool(form and standing and standing.listed and same_name(form.recommender.value, standing.name))
    # A member may nominate itself: where its list says so, a 自荐 that was read with doubt is what stands there.
    confirmed = confirmed or bool(form and dossier.lists.membership and says_self(form.recommender.value))
    cure = CURE if alone else CURE_ONE_WAY
    findings = judge(CODE, "recommender", dossier, call, odd=odd, confirmed=confirmed, cure=cure)
    if findings[0].verdict is not Verdict.MISSING:
        return findings
    evidence = findings[0].evidence
    if dossier.lists.membership is not None:
        return passed(CODE, "推荐单位一栏空白；申报单位是分会会员，可以自荐。", *evidence)
    if dossier.lists.members_as_of is None and call.policy("blank_recommender") == "doubt":
        return doubt(CODE, "推荐单位一栏空白；尚未导入会员名单，不能确定是否为会员自荐，请经办核实。", *evidence)
    return findings


RULE = Rule(
    CODE,
    "recommender_filled",
    "推荐单位是否填写？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("栏目确实空白才判缺失；会员单位可以自荐，名单上的会员留空不算缺失。"),
)
