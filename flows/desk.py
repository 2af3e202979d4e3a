"""The desk in the Prefect UI (经办): one deployment an operation, each with one form; all call ``perform``."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.flows import Flow

from config.settings import load_settings
from flows.screens import publish
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import open_workshop, system_now


def _do(name: str, form: forms.DeskForm) -> str:
    """Do one operation now and bring the screens up to date; a refusal is the run's failure, told in one sentence."""
    now = system_now()
    with open_workshop(load_settings()) as shop:
        try:
            sentence = perform(shop, name, form, now)
        except DeskRefusal as refusal:
            raise DeskRefusal(f"没有办理：{refusal}") from None
        publish(shop, now)
    return sentence


@flow(name="裁定存疑", flow_run_name="裁定存疑-{form.number}", persist_result=False)
def desk_rule(form: forms.RuleForm) -> str:
    """裁定一项存疑。"""
    return _do("rule", form)


@flow(name="改判结论", flow_run_name="改判结论-{form.number}", persist_result=False)
def desk_override(form: forms.OverrideForm) -> str:
    """改判一项结论（规则允许时）。"""
    return _do("override", form)


@flow(name="撤销裁定", flow_run_name="撤销裁定-{form.number}", persist_result=False)
def desk_take_back(form: forms.TakeBackForm) -> str:
    """撤销一项裁定或改判。"""
    return _do("take-back", form)


@flow(name="采纳待定文件", flow_run_name="采纳待定文件-{form.number}", persist_result=False)
def desk_accept(form: forms.VersionForm) -> str:
    """采纳或不采纳待定文件。"""
    return _do("accept", form)


@flow(name="不采纳待定文件", flow_run_name="不采纳待定文件-{form.number}", persist_result=False)
def desk_refuse(form: forms.VersionForm) -> str:
    """采纳或不采纳待定文件。"""
    return _do("refuse", form)


@flow(name="归属来信", flow_run_name="归属来信-{form.number}", persist_result=False)
def desk_attribute(form: forms.AttributeForm) -> str:
    """把一封来信（或其中的文件）归到一件申报。"""
    return _do("attribute", form)


@flow(name="合并申报", flow_run_name="合并申报-{form.number}", persist_result=False)
def desk_merge(form: forms.MergeForm) -> str:
    """把另一件申报并入这一件。"""
    return _do("merge", form)


@flow(name="拆分申报", flow_run_name="拆分申报-{form.number}", persist_result=False)
def desk_split(form: forms.SplitForm) -> str:
    """把一件申报中的文件拆给另一家单位。"""
    return _do("split", form)


@flow(name="撤销合并拆分", flow_run_name="撤销合并拆分", persist_result=False)
def desk_undo(form: forms.UndoForm) -> str:
    """撤销一次合并、拆分或改归。"""
    return _do("undo", form)


@flow(name="更正单位名称", flow_run_name="更正单位名称-{form.number}", persist_result=False)
def desk_rename(form: forms.RenameForm) -> str:
    """更正申报单位名称。"""
    return _do("rename", form)


@flow(name="放行回信", flow_run_name="放行回信", persist_result=False)
def desk_release(form: forms.LetterForm) -> str:
    """对一封或几封回信的处理。"""
    return _do("release", form)


@flow(name="不发回信", flow_run_name="不发回信", persist_result=False)
def desk_cancel(form: forms.LetterForm) -> str:
    """对一封或几封回信的处理。"""
    return _do("cancel", form)


@flow(name="补充回信", flow_run_name="补充回信", persist_result=False)
def desk_edit(form: forms.EditLetterForm) -> str:
    """修改一封待放行的回信。"""
    return _do("edit", form)


@flow(name="重发回信", flow_run_name="重发回信", persist_result=False)
def desk_resend(form: forms.LetterForm) -> str:
    """对一封或几封回信的处理。"""
    return _do("resend", form)


@flow(name="标为无关", flow_run_name="标为无关", persist_result=False)
def desk_irrelevant(form: forms.MessageForm) -> str:
    """对一封来信的处理。"""
    return _do("irrelevant", form)


@flow(name="已人工答复", flow_run_name="已人工答复", persist_result=False)
def desk_answered(form: forms.MessageForm) -> str:
    """对一封来信的处理。"""
    return _do("answered", form)


@flow(name="重新读取来信", flow_run_name="重新读取来信", persist_result=False)
def desk_reread(form: forms.MessageForm) -> str:
    """对一封来信的处理。"""
    return _do("reread", form)


@flow(name="登记纸质件", flow_run_name="登记纸质件-{form.number}", persist_result=False)
def desk_paper(form: forms.PaperForm) -> str:
    """登记收到的纸质件。"""
    return _do("paper", form)


@flow(name="同意逾期", flow_run_name="同意逾期-{form.number}", persist_result=False)
def desk_accept_late(form: forms.AboutSubmission) -> str:
    """对一件申报的办理。"""
    return _do("accept-late", form)


@flow(name="登记撤回", flow_run_name="登记撤回-{form.number}", persist_result=False)
def desk_withdraw(form: forms.AboutSubmission) -> str:
    """对一件申报的办理。"""
    return _do("withdraw", form)


@flow(name="恢复申报", flow_run_name="恢复申报-{form.number}", persist_result=False)
def desk_reinstate(form: forms.AboutSubmission) -> str:
    """对一件申报的办理。"""
    return _do("reinstate", form)


@flow(name="准予延期", flow_run_name="准予延期-{form.number}", persist_result=False)
def desk_extend(form: forms.ExtendForm) -> str:
    """准予一件申报延期。"""
    return _do("extend", form)


@flow(name="确认口径", flow_run_name="确认口径", persist_result=False)
def desk_policy(form: forms.PolicyForm) -> str:
    """确认一项尚未明确的口径。"""
    return _do("policy", form)


@flow(name="停止或恢复发信", flow_run_name="停止或恢复发信", persist_result=False)
def desk_sending(form: forms.SendingForm) -> str:
    """停止或恢复发信。"""
    return _do("sending", form)


OPERATIONS: tuple[Flow[Any, Any], ...] = (
    desk_rule,
    desk_override,
    desk_take_back,
    desk_accept,
    desk_refuse,
    desk_attribute,
    desk_merge,
    desk_split,
    desk_undo,
    desk_rename,
    desk_release,
    desk_cancel,
    desk_edit,
    desk_resend,
    desk_irrelevant,
    desk_answered,
    desk_reread,
    desk_paper,
    desk_accept_late,
    desk_withdraw,
    desk_reinstate,
    desk_extend,
    desk_policy,
    desk_sending,
)
"""Every operation, as ``flows.serve`` deploys them."""
