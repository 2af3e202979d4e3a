"""Run the rules of a call over a dossier (执行规则): here alone it is decided which run and how far they may go."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from config.call import Call, Verdict
from flows.checks.registry import BY_CODE
from flows.checks.rule import Rule
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding, Ruling

log = logging.getLogger(__name__)

LOADEDNESS = {Verdict.MISSING: 2, Verdict.HINT: 1}
"""How much a verdict lays at the applicant's door. 存疑 lays nothing there, so no cap takes it away."""


def run_rules(dossier: Dossier, call: Call, rules: Mapping[str, Rule] = BY_CODE) -> tuple[Finding, ...]:
    """Return the findings of every rule that the call lists, in the call's order, rulings applied.

    Each verdict is capped by the call's ``worst`` for its rule. A rule that fails by our fault gives 存疑 and is
    logged; the others run on. The same dossier and call always give the same findings.
    """
    findings: list[Finding] = []
    for code, spec in call.rules.items():
        rule = rules.get(code)
        if rule is not None:
            rulings = dossier.rulings if spec.forcable else ()
            findings += (ruled(capped(f, spec.worst), rulings) for f in guarded(rule, dossier, call))
    return tuple(findings)


def guarded(rule: Rule, dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Run one rule; our own mistake in it becomes a doubt for staff instead of a crash."""
    try:
        return rule.check(dossier, call)
    except Exception as error:  # noqa: BLE001 - one broken rule must not stop the other twenty-five
        kind = type(error).__name__
        # The exception's own words may quote the applicant's papers, so the log names only its kind and place.
        log.error("rule %s failed on %s: %s", rule.code, dossier.number, kind)  # noqa: TRY400
        evidence = Evidence(place=f"规则 {rule.code}", words=kind)
        return (Finding(rule.code, Verdict.DOUBT, f"规则自身出错（{kind}），请人工核对此项。", evidence=(evidence,)),)


def capped(finding: Finding, worst: Verdict) -> Finding:
    """Return the finding no harder on the applicant than the call allows.

    缺失 becomes 存疑, 提示 or 通过 as the cap says, and 提示 becomes staff's alone under a cap of 存疑 or less.
    """
    if finding.verdict not in LOADEDNESS or worst is Verdict.MISSING or finding.verdict is worst:
        return finding
    if worst is Verdict.HINT:
        return replace(finding, verdict=Verdict.HINT)
    if worst is Verdict.DOUBT and finding.verdict is Verdict.HINT:
        return finding
    return replace(finding, verdict=worst, defect="", cure="")


def ruled(finding: Finding, rulings: tuple[Ruling, ...]) -> Finding:
    """Return the finding as staff decided it, where they did; the last ruling on the same code and item counts.

    A ruling of 缺失 or 提示 keeps the rule's own words for the letter; staff's reason stands in where it had none.
    """
    mine = [ruling for ruling in rulings if ruling.code == finding.code and ruling.item == finding.item]
    if not mine:
        return finding
    last = max(mine, key=lambda ruling: ruling.at)
    if last.verdict in LOADEDNESS:
        defect, cure = finding.defect or last.reason, finding.cure or "请按上述意见处理后重新发送。"
        return replace(finding, verdict=last.verdict, defect=defect, cure=cure, ruling=last)
    return replace(finding, verdict=last.verdict, defect="", cure="", ruling=last)
