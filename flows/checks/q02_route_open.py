"""Q02: did the applicant come by a way that is open to it, within the quota? (申报途径与名额).

通知三：“征集方式主要采取自主申报和推荐申报两种方式”

Members nominate themselves, others come through a recommender of an allowed class. Membership and class rest on
lists and names, and the notice does not say what a surplus means, so the worst is 存疑 for staff.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import paper
from flows.checks.rule import Rule
from flows.checks.same import same_name
from flows.checks.say import doubt, not_applicable, passed
from parsers.facts.looks import FormKind
from parsers.text.firm_words import says_self
from store.dossier.dossier import Dossier, Per, RecommenderStanding
from store.dossier.finding import Evidence, Finding

CODE = "Q02"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look at the recommender first: whoever is recommended is judged as such, member or not."""
    lists = dossier.lists
    member = lists.membership
    if lists.recommender is not None:
        if member is not None and call.policy("member_recommended") == "free":
            return passed(CODE, f"会员单位，经“{lists.recommender.name}”推荐；按口径不占推荐名额。", *evidence(dossier))
        return recommended(dossier, call, lists.recommender)
    if member is not None:
        return passed(CODE, f"分会会员（{member.list_name}第{member.row}行），可以自荐。", *evidence(dossier))
    return unrecommended(dossier, call)


def unrecommended(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge an applicant that is no member as far as we know, and whose recommender no list knows."""
    lists = dossier.lists
    if dossier.form_file is None and not dossier.recommender:
        return not_applicable(CODE, f"未收到{paper(call)}，尚不知推荐单位；收到后再核对。")
    if left_to_f06(dossier):
        return not_applicable(CODE, f"{paper(call)}的推荐单位一栏尚未确认，见 F06；确认后再核对。")
    if dossier.recommender and not says_self(dossier.recommender):
        return doubt(
            CODE, f"推荐单位“{dossier.recommender}”尚未与名单核对，请经办核实其类别和名额。", *evidence(dossier)
        )
    if lists.members_as_of is None:
        return doubt(CODE, "没有推荐单位，也尚未导入会员名单，请经办核实是否为会员自荐。")
    return doubt(CODE, f"没有推荐单位，会员名单（截至 {lists.members_as_of}）中也没有找到该单位，请经办核实。")


def left_to_f06(dossier: Dossier) -> bool:
    """Whether all that is known of the recommender is a field that F06 asks about: one fact is asked once."""
    form = dossier.form
    if form is None or form.kind in {FormKind.OLD, FormKind.OTHER}:
        return False
    field = form.recommender
    if field.certain and field.value.strip():
        return False
    return not dossier.recommender or same_name(dossier.recommender, field.value)


def recommended(dossier: Dossier, call: Call, standing: RecommenderStanding) -> tuple[Finding, ...]:
    """Judge whether the recommender has places at all, and this submission's place among those that share them."""
    limit, said = standing.limit, evidence(dossier)
    if limit.at_most is None:
        printed = call.quota_table is not None
        why = "所属地区不在推荐名额表中" if printed else "不属于通知所列的推荐单位类别"
        return doubt(CODE, f"推荐单位“{standing.name}”{why}，请经办核实。", *said)
    if not standing.rank:
        return passed(CODE, f"经“{standing.name}”推荐；已撤回，不占推荐名额。", *said)
    which = f"“{limit.holder}”推荐的第 {standing.rank} 件"
    # What comes beyond a printed table is for staff; what comes beyond a range, by policy.
    flagged = limit.per is Per.UNIT or call.policy("over_quota") == "flag"
    if standing.rank > limit.at_most and flagged:
        most = f"名额 {limit.at_most} 个" if limit.at_least is None else f"名额上限 {limit.at_most} 个"
        return doubt(CODE, f"{which}，超过{most}，请经办与推荐单位商定。", *said)
    guess = "" if standing.listed or limit.per is Per.UNIT else "（按名称归类）"
    return passed(CODE, f"{which}，名额 {limit.places} 个{guess}。", *said)


def evidence(dossier: Dossier) -> tuple[Evidence, ...]:
    """Return what the lists say about member and recommender."""
    found = []
    member, standing = dossier.lists.membership, dossier.lists.recommender
    if member is not None:
        found.append(
            Evidence(place=f"{member.list_name}第{member.row}行（截至 {member.as_of}）", words=dossier.applicant)
        )
    if standing is not None:
        which = f"收到的第 {standing.rank} 件" if standing.rank else "不占名额"
        found.append(Evidence(place="推荐名额", words=f"{standing.name}，{which}"))
    return tuple(found)


RULE = Rule(
    CODE,
    "route_open",
    "申报途径是否允许，是否在推荐名额之内？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("会员、推荐单位类别靠名单和名称判断，超额后果通知也未写明（或由经办办理）：至多存疑。"),
)
