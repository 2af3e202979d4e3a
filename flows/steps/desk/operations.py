"""All operations of the desk (经办事项): one table that the command line and the UI are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.steps.answer.answer import answer_due
from flows.steps.desk import finding_ops, forms, mail_ops, submission_ops
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.screens.shelve import shelve
from flows.steps.workshop import Workshop
from store.filing.by_hand import CorrectionError
from store.letters.outbox import LetterMoved


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name at the command line, its Chinese title, its form, and what does it."""

    name: str
    title: str
    form: type[forms.DeskForm]
    run: Callable[[Workshop, Any, datetime], str]


OPERATIONS: tuple[Operation, ...] = (
    Operation("rule", "裁定存疑", forms.RuleForm, finding_ops.decide_doubt),
    Operation("override", "改判结论", forms.OverrideForm, finding_ops.override_finding),
    Operation("take-back", "撤销裁定", forms.TakeBackForm, finding_ops.take_back),
    Operation("accept", "采纳待定文件", forms.VersionForm, submission_ops.accept_versions),
    Operation("refuse", "不采纳待定文件", forms.VersionForm, submission_ops.refuse_versions),
    Operation("attribute", "归属来信", forms.AttributeForm, mail_ops.attribute_mail),
    Operation("merge", "合并申报", forms.MergeForm, submission_ops.merge),
    Operation("split", "拆分申报", forms.SplitForm, submission_ops.split),
    Operation("undo", "撤销合并拆分", forms.UndoForm, submission_ops.undo),
    Operation("rename", "更正单位名称", forms.RenameForm, submission_ops.rename),
    Operation("release", "放行回信", forms.LetterForm, mail_ops.release_letters),
    Operation("cancel", "不发回信", forms.LetterForm, mail_ops.refuse_letters),
    Operation("edit", "补充回信", forms.EditLetterForm, mail_ops.edit_letter),
    Operation("resend", "重发回信", forms.LetterForm, mail_ops.resend_letters),
    Operation("irrelevant", "标为无关", forms.MessageForm, mail_ops.mark_irrelevant),
    Operation("answered", "已人工答复", forms.MessageForm, mail_ops.mark_answered),
    Operation("reread", "重新读取来信", forms.MessageForm, mail_ops.read_again),
    Operation("paper", "登记纸质件", forms.PaperForm, submission_ops.book),
    Operation("accept-late", "同意逾期", forms.AboutSubmission, submission_ops.accept_late),
    Operation("withdraw", "登记撤回", forms.AboutSubmission, submission_ops.withdraw),
    Operation("reinstate", "恢复申报", forms.AboutSubmission, submission_ops.reinstate),
    Operation("extend", "准予延期", forms.ExtendForm, submission_ops.extend),
    Operation("policy", "确认口径", forms.PolicyForm, mail_ops.confirm_policy),
    Operation("sending", "停止或恢复发信", forms.SendingForm, mail_ops.switch_sending),
)


def perform(shop: Workshop, name: str, form: forms.DeskForm, now: datetime) -> str:
    """Do one operation, decide the answers that follow from it, and say in one sentence what was done.

    ``DeskRefusal`` with one sentence where it makes no sense; then nothing is changed.
    """
    operation = next(one for one in OPERATIONS if one.name == name)
    try:
        sentence = operation.run(shop, form, now)
    except (CorrectionError, LetterMoved) as error:
        raise DeskRefusal(str(error)) from error
    report = answer_due(shop, now)
    shelve(shop, report.submissions)
    return sentence
