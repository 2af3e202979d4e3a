"""All operations of the desk (经办事项): one table that the command line and the UI are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.steps.answer.answer import answer_due
from flows.steps.desk import finding_ops, forms, mail_ops, sending_ops, submission_ops
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.screens.shelve import shelve
from flows.steps.workshop import Workshop
from store.filing.by_hand import CorrectionError
from store.letters.outbox import LetterMoved


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name at the command line, its title and description for staff, its form, and what does it."""

    name: str
    title: str
    description: str
    form: type[forms.DeskForm]
    run: Callable[[Workshop, Any, datetime], str]


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "rule",
        "裁定存疑",
        "对一项存疑作出裁定：通过，或确认缺失；确认缺失的会告知申报单位。",
        forms.RuleForm,
        finding_ops.decide_doubt,
    ),
    Operation(
        "override",
        "改判结论",
        "把一条规则的结论改成另一个结论；只限允许改判的规则。",
        forms.OverrideForm,
        finding_ops.override_finding,
    ),
    Operation(
        "take-back",
        "撤销裁定",
        "收回经办对一条规则的裁定或改判，恢复机器结论。",
        forms.TakeBackForm,
        finding_ops.take_back,
    ),
    Operation(
        "accept",
        "采纳待定文件",
        "认可待定文件：从此作为该件的申报材料，重新审核。",
        forms.VersionForm,
        submission_ops.accept_versions,
    ),
    Operation(
        "refuse",
        "不采纳待定文件",
        "待定文件不作申报材料：仍保留在案卷中，不参加审核。",
        forms.VersionForm,
        submission_ops.refuse_versions,
    ),
    Operation(
        "attribute",
        "归属来信",
        "把一封来信的全部文件或其中一个归到指定的申报件，可同时记住发件人；没有附件的来信只记入该件。",
        forms.AttributeForm,
        mail_ops.attribute_mail,
    ),
    Operation(
        "merge",
        "合并申报",
        "把另一件申报的来信和文件并入这一件，另一件的待发回信不再发出。",
        forms.MergeForm,
        submission_ops.merge,
    ),
    Operation(
        "split", "拆分申报", "把不属于这一件的文件拆出，归到另一家单位的申报件。", forms.SplitForm, submission_ops.split
    ),
    Operation(
        "undo",
        "撤销合并拆分",
        "按操作号撤销先前的一次合并、拆分或改归，文件回到原处。",
        forms.UndoForm,
        submission_ops.undo,
    ),
    Operation(
        "rename",
        "更正单位名称",
        "把申报单位的名称改为营业执照上的全称，可同时填写统一社会信用代码。",
        forms.RenameForm,
        submission_ops.rename,
    ),
    Operation(
        "release", "放行回信", "准许待放行的回信发出，随下一轮发信寄出。", forms.LetterForm, mail_ops.release_letters
    ),
    Operation("cancel", "不发回信", "扣下尚未发出的回信，以后也不再发出。", forms.LetterForm, mail_ops.refuse_letters),
    Operation(
        "edit",
        "补充回信",
        "在尚未发出的回信正文最前面加一段话，改后等待放行。",
        forms.EditLetterForm,
        mail_ops.edit_letter,
    ),
    Operation(
        "resend",
        "重发回信",
        "再次发出发送失败、被退回或不知是否送达的回信；对方可能因此收到两封。",
        forms.LetterForm,
        mail_ops.resend_letters,
    ),
    Operation(
        "irrelevant",
        "标为无关",
        "认定一封来信与征集无关，不再处理；已归入申报件的来信不能这样办。",
        forms.MessageForm,
        mail_ops.mark_irrelevant,
    ),
    Operation(
        "answered",
        "已人工答复",
        "表明经办已自行答复一封来信，从待办中销去，自动回信不再发出。",
        forms.MessageForm,
        mail_ops.mark_answered,
    ),
    Operation(
        "reread",
        "重新读取来信",
        "在下一轮重新读取一封来信，例如在垃圾邮件中、曾读取失败或已搁置的来信。",
        forms.MessageForm,
        mail_ops.read_again,
    ),
    Operation(
        "paper",
        "登记纸质件",
        "登记收到的一份纸质件：材料、收到日期、快递单号、是否盖章。",
        forms.PaperForm,
        submission_ops.book,
    ),
    Operation(
        "accept-late",
        "同意逾期",
        "同意接收一件申报在截止之后才到的材料，不再按逾期处理。",
        forms.AboutSubmission,
        submission_ops.accept_late,
    ),
    Operation(
        "withdraw",
        "登记撤回",
        "登记申报单位撤回这一件，并备一封确认撤回的回信。",
        forms.AboutSubmission,
        submission_ops.withdraw,
    ),
    Operation(
        "reinstate", "恢复申报", "取消先前登记的撤回，该件恢复审核。", forms.AboutSubmission, submission_ops.reinstate
    ),
    Operation("extend", "准予延期", "给这一件申报单独定一个更晚的截止时间。", forms.ExtendForm, submission_ops.extend),
    Operation(
        "policy",
        "确认口径",
        "确认通知没有写明之处按什么口径办理，或改用另一个取值；下一轮审核起生效。",
        forms.PolicyForm,
        mail_ops.confirm_policy,
    ),
    Operation(
        "sending",
        "停止或恢复发信",
        "立即停止发出所有信件，或恢复发信；收信和审核不受影响。",
        forms.SendingForm,
        sending_ops.switch_sending,
    ),
    Operation(
        "adopt-sent",
        "认领已发回信",
        "数据库恢复到较早的状态后：把“已发送”里本站点的回信认作已发出，不再重发，其余放行，恢复发信。",
        forms.AdoptForm,
        sending_ops.adopt_sent,
    ),
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
    answer_due(shop, now)
    shelve(shop, now)
    return sentence
