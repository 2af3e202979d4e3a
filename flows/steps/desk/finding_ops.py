"""Decisions about findings (裁定与改判)."""

from __future__ import annotations

from datetime import datetime

from config.call import Verdict
from flows.steps.answer.judge import judge
from flows.steps.desk.forms import OverrideForm, RuleForm, TakeBackForm
from flows.steps.desk.places import submission_of
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import Workshop
from store.dossier.finding import Finding, Ruling
from store.engine import Transaction
from store.filing.findings import load_findings, rule, take_back_ruling
from store.tables import SubmissionRow


def decide_doubt(shop: Workshop, form: RuleForm, now: datetime) -> str:
    """Decide one 存疑: 通过, or 缺失 which the applicant is then told."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        found = _finding(session, row, form.code, form.item)
        if found.ruling is None and found.verdict is not Verdict.DOUBT:
            sentence = f"{row.number} 的 {form.code} 现为“{found.verdict}”，不是存疑；要改请用“改判结论”。"
            raise DeskRefusal(sentence)
        return _rule(shop, session, row, found, Verdict(form.verdict.value), form.by, form.reason, now)


def override_finding(shop: Workshop, form: OverrideForm, now: datetime) -> str:
    """Set a finding to another verdict, where the rule permits it."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        found = _finding(session, row, form.code, form.item)
        if not shop.call.rules[form.code].forcable:
            sentence = f"规则 {form.code} 不允许改判：请改用相应的办理（如登记纸质件、同意逾期）。"
            raise DeskRefusal(sentence)
        return _rule(shop, session, row, found, Verdict(form.verdict.value), form.by, form.reason, now)


def take_back(shop: Workshop, form: TakeBackForm, now: datetime) -> str:
    """Take a ruling back; the machine's own finding stands again."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        ruling = Ruling(form.code, form.item, Verdict.DOUBT, form.reason, form.by, now)
        if not take_back_ruling(session, row, ruling):
            sentence = f"{row.number} 的 {form.code} 没有裁定或改判可撤销，请核对规则代码。"
            raise DeskRefusal(sentence)
        judge(shop, session, row.id or 0, now)
        return f"已撤销 {row.number} 的 {form.code} 裁定，恢复为机器结论。"


def _rule(
    shop: Workshop,
    session: Transaction,
    row: SubmissionRow,
    found: Finding,
    verdict: Verdict,
    by: str,
    reason: str,
    now: datetime,
) -> str:
    rule(session, row, Ruling(found.code, found.item, verdict, reason, by, now, basis=found.verdict.value))
    judge(shop, session, row.id or 0, now)
    return f"{row.number} 的 {found.code} 由“{found.verdict}”定为“{verdict}”。"


def _finding(session: Transaction, row: SubmissionRow, code: str, item: str) -> Finding:
    found = [one for one in load_findings(session, row.id or 0) if one.code == code and one.item == item]
    if not found:
        named = f"（对象 {item}）" if item else ""
        sentence = f"{row.number} 没有规则 {code}{named} 的结论，请到案卷页核对规则代码。"
        raise DeskRefusal(sentence)
    return found[0]
