"""The forms of the desk (经办表单): what staff fill in, with titles, help and limits in Chinese.

The Prefect UI shows them as forms and the command line as options; both are checked here. There is no user identity
in an open Prefect server, so 经办人 is a field of every form.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

NUMBER = r"^[A-Za-z]{1,6}\d{4}-\d{4,6}$"
HASH = r"^[0-9a-fA-F]{8,64}$"


class Ruled(StrEnum):
    """What staff may decide about a doubt (裁定)."""

    PASS = "通过"  # noqa: S105 - a verdict, not a password
    MISSING = "缺失"


class Overridden(StrEnum):
    """What staff may set a finding to (改判)."""

    PASS = "通过"  # noqa: S105 - a verdict, not a password
    MISSING = "缺失"
    DOUBT = "存疑"
    HINT = "提示"
    NOT_APPLICABLE = "不适用"


class DeskForm(BaseModel):
    """每项办理都要填的内容：谁办的，为什么。"""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    by: str = Field(title="经办人", description="您的姓名，写入流水。", min_length=1, max_length=30)
    reason: str = Field(title="理由", description="至少 2 个字，写入流水。", min_length=2, max_length=500)


class AboutSubmission(DeskForm):
    """对一件申报的办理。"""

    number: str = Field(title="受理编号", description="例如 AL2026-0012。", pattern=NUMBER)


class RuleForm(AboutSubmission):
    """裁定一项存疑。"""

    code: str = Field(title="规则代码", description="例如 F03，见案卷页。", pattern=r"^[A-Z]\d{2}$")
    verdict: Ruled = Field(title="裁定", description="通过，或确认缺失（会告知申报单位）。", default=Ruled.PASS)
    item: str = Field(title="对象", description="同一规则有多条时填写（如照片路径），一般留空。", default="")


class OverrideForm(AboutSubmission):
    """改判一项结论（规则允许时）。"""

    code: str = Field(title="规则代码", description="例如 R03。", pattern=r"^[A-Z]\d{2}$")
    verdict: Overridden = Field(title="改为", description="改判后的结论。", default=Overridden.PASS)
    item: str = Field(title="对象", description="同一规则有多条时填写，一般留空。", default="")


class TakeBackForm(AboutSubmission):
    """撤销一项裁定或改判。"""

    code: str = Field(title="规则代码", description="例如 F03。", pattern=r"^[A-Z]\d{2}$")
    item: str = Field(title="对象", description="一般留空。", default="")


class VersionForm(AboutSubmission):
    """采纳或不采纳待定文件。"""

    file: str = Field(title="文件", description="文件名或其中一部分；留空为该件全部待定文件。", default="")


class AttributeForm(AboutSubmission):
    """把一封来信（或其中的文件）归到一件申报。"""

    message: str = Field(title="来信", description="来信编号（SHA-256）的前 8 位以上，见待办。", pattern=HASH)
    file: str = Field(title="文件", description="只归其中一个文件时填文件名；留空为全部。", default="")
    remember: bool = Field(title="记住发件人", description="以后该地址的来信都归这家单位。", default=False)


class MergeForm(AboutSubmission):
    """把另一件申报并入这一件。"""

    source: str = Field(title="被并入的编号", description="并入后其来信、文件都归到上面的受理编号。", pattern=NUMBER)


class SplitForm(AboutSubmission):
    """把一件申报中的文件拆给另一家单位。"""

    files: str = Field(title="文件", description="要拆出的文件名，多个用分号分开。", min_length=1)
    applicant: str = Field(title="另一家单位全称", description="营业执照上的全称。", min_length=4, max_length=80)


class RenameForm(AboutSubmission):
    """更正申报单位名称。"""

    applicant: str = Field(title="单位全称", description="营业执照上的全称。", min_length=4, max_length=80)
    credit_code: str = Field(title="统一社会信用代码", description="18 位，可留空。", default="", max_length=18)


class UndoForm(DeskForm):
    """撤销一次合并、拆分或改归。"""

    operation: int = Field(title="操作号", description="见该件案卷页的流水。", ge=1)


class LetterForm(DeskForm):
    """对一封或几封回信的处理。"""

    letters: str = Field(title="回信号", description="待办中的回信号，多个用逗号分开。", pattern=r"^\d+([,， ]+\d+)*$")


class EditLetterForm(DeskForm):
    """修改一封待放行的回信。"""

    letter: int = Field(title="回信号", description="见待办。", ge=1)
    addition: str = Field(title="补充说明", description="加在正文最前面的一段话。", min_length=2, max_length=1000)


class MessageForm(DeskForm):
    """对一封来信的处理。"""

    message: str = Field(title="来信", description="来信编号（SHA-256）的前 8 位以上，见待办。", pattern=HASH)


class PaperForm(DeskForm):
    """登记收到的纸质件。"""

    number: str = Field(title="受理编号", description="例如 AL2026-0012。", pattern=NUMBER)
    reason: str = Field(title="备注", description="可留空。", default="登记纸质件", max_length=500)
    paper: str = Field(
        title="材料",
        description="收到的是哪一项，写通知所用的名称，例如 推荐表、申请表、佐证材料。",
        min_length=2,
        max_length=60,
    )
    received_on: date = Field(title="收到日期", description="例如 2026-05-20。")
    courier: str = Field(title="快递单号", description="可留空。", default="", max_length=40)
    sealed: bool = Field(title="已盖章", description="纸质件上有公章。", default=True)


class ExtendForm(AboutSubmission):
    """准予一件申报延期。"""

    until: datetime = Field(title="延期至", description="含时区，例如 2026-06-05T24:00 写作 2026-06-06T00:00+08:00。")


class PolicyForm(DeskForm):
    """确认一项尚未明确的口径。"""

    policy: str = Field(title="口径", description="口径的名称，见简报“尚未确认的口径”。", pattern=r"^[a-z_]+$")
    value: str = Field(title="取值", description="留空为按现行取值确认。", default="")


class AdoptForm(DeskForm):
    """认领数据库恢复之前已发出的回信，其余放行。"""

    release_all: bool = Field(
        title="不能证明的也放行",
        description="邮箱不保存发信副本时，恢复之前可能已答复过的回信默认逐封留待放行；勾选为一并放行（对方可能收到两封）。",
        default=False,
    )


class SendingForm(DeskForm):
    """停止或恢复发信。"""

    stop: bool = Field(title="停止发信", description="勾选为立即停止，不勾选为恢复。", default=True)
