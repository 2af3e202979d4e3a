"""R02: is the report a Word file? (案例报告是否为 Word).

通知四（四）：“案例报告（word 格式）”

The notice names the format, and the machine knows it from the content, so a PDF or a picture is 缺失. What Word
opens though it is not Word's own (wps, rtf, odt, html) falls under the policy ``old_word_formats``.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.concealed import opened
from flows.checks.rule import Rule
from flows.checks.say import hint, missing, not_applicable, of_file, passed
from parsers.containers.kind_table import short_word
from parsers.containers.kinds import WORD
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R02"
CURE = "请将报告另存为 Word 文档（.docx）后重新发送。"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look at what the report's content is, whatever its name says."""
    material = call.asked(Role.REPORT)
    file = dossier.report_file
    if file is None:
        return not_applicable(CODE, "未收到案例报告，见 R01。")
    kind = file.type
    if not opened(file) and kind not in material.formats:
        return not_applicable(CODE, f"案例报告“{file.name}”无法打开，见 A01。", of_file(file))
    if kind in material.formats:
        return passed(CODE, f"案例报告“{file.name}”是 Word 文件。", of_file(file))
    name = short_word(kind)
    message = f"案例报告“{file.name}”是 {name} 格式，不是 Word 格式。"
    defect = f"案例报告“{file.name}”是 {name} 格式，通知要求“{material.format_name}”"
    policy = call.policy("old_word_formats")
    if kind in WORD and policy == "accept":
        return passed(CODE, f"案例报告“{file.name}”是 {name} 格式，按本次征集的口径视同 Word。", of_file(file))
    if kind in WORD and policy == "accept_with_hint":
        return hint(CODE, message, defect, "可将报告另存为 Word 文档（.docx）补发。", of_file(file))
    return missing(CODE, message, defect, CURE, of_file(file))


RULE = Rule(
    CODE,
    "report_is_word",
    "案例报告是否为 Word 格式？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("通知写明 word 格式，文件格式按内容判断，可以确定。Word 能打开的其他格式按口径办理。"),
)
