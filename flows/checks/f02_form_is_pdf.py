"""F02: is the form a PDF? (推荐表是否为 PDF).

通知四（四）：“电子版申报推荐表（盖章扫描 pdf 格式）”

The notice names the format, and the machine knows it from the content, so another one is 缺失. Pictures of the
stamped form show everything that a PDF would: they are 提示 unless the policy ``scan_as_picture`` says otherwise.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.concealed import PICTURES, opened
from flows.checks.rule import Rule
from flows.checks.say import hint, missing, not_applicable, of_file, passed
from parsers.containers.kind_table import short_word
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F02"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look at what the form's content is, whatever its name says."""
    material = call.asked(Role.FORM)
    file = dossier.form_file
    if file is None:
        return not_applicable(CODE, f"未收到{material.name}，见 F01。")
    if file.type in material.formats:
        return passed(CODE, f"{material.name}“{file.name}”是 PDF。", of_file(file))
    if not opened(file):
        return not_applicable(CODE, f"{material.name}“{file.name}”无法打开，见 A01。", of_file(file))
    picture = file.type in PICTURES
    kind = "图片" if picture else f" {short_word(file.type)} 文件"
    message = f"{material.name}“{file.name}”是{kind}，不是 PDF。"
    defect = f"{material.name}“{file.name}”是{kind}，通知要求“{material.format_name}”"
    cure = f"请将盖章的{material.name}扫描成一个 PDF 文件后重新发送。"
    if picture and call.policy("scan_as_picture") == "accept_with_hint":
        return hint(CODE, message, defect, f"可将盖章的{material.name}扫描成一个 PDF 文件补发。", of_file(file))
    return missing(CODE, message, defect, cure, of_file(file))


RULE = Rule(
    CODE,
    "form_is_pdf",
    "推荐表是否为 PDF？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("通知写明 pdf 格式，文件格式按内容判断，可以确定。图片也能看清盖章，按口径收下并提示改交 PDF。"),
)
