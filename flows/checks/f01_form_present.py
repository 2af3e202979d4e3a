"""F01: was the form sent? (推荐表是否已报).

通知四（一）：“填写《浙江省专精特新企业发展优秀案例申报推荐表》（详见附件 1）。”

The notice demands the form, so its absence is 缺失. Where something that we could not open may hold it, the machine
is not certain and gives 存疑; A01 then tells the applicant which file could not be opened.
"""

from __future__ import annotations

from config.call import Call, Material, Verdict
from flows.checks.concealed import asked, may_hide
from flows.checks.rule import Rule
from flows.checks.say import missing, of_file, passed, waiting
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look for a current form, then for what might hide one."""
    material = call.asked(Role.FORM)
    file = dossier.form_file
    if file is not None:
        return passed(CODE, f"已收到{material.name}“{file.name}”。", of_file(file))
    hiding = may_hide(dossier, material)
    if hiding:
        return waiting(
            CODE,
            f"未见{material.name}，但可能在尚未读到或归档的“{'”“'.join(hiding)}”中。",
            hiding,
            asked=asked(dossier, material),
        )
    return missing(
        CODE,
        f"来信中没有{material.name}。",
        f"未收到《{call.form.title if call.form else material.name}》",
        cure(call, material),
    )


def cure(call: Call, material: Material) -> str:
    """Say which paper to fill in and how to send it."""
    title = call.form.title if call.form else material.name
    how = f"以“{material.format_name}”" if material.format_name else "作为附件"
    return f"请填写《{title}》并加盖公章，{how}发送。"


RULE = Rule(
    CODE,
    "form_present",
    "是否收到推荐表？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT),
    why=("通知明确要求填写推荐表，没有即缺失；若有打不开的文件可能就是它，则存疑，由 A01 告知是哪个文件。"),
)
