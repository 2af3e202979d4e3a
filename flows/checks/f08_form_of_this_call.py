"""F08: is it the form of this call? (是否为本次征集的推荐表).

通知四（一）：“填写《浙江省专精特新企业发展优秀案例申报推荐表》（详见附件 1）。”

The title is read by machine, and people retype the form, so another title is 存疑 and not a defect: staff see it and
ask for the right form where needed.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import paper, unseen
from flows.checks.rule import Rule
from flows.checks.say import doubt, of_file, passed
from parsers.facts.leaf import Role
from parsers.facts.looks import FormKind
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F08"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge the form by the title that was read on it."""
    excuse, file, form = unseen(CODE, dossier, call), dossier.form_file, dossier.form
    if excuse is not None or file is None:
        return excuse or ()
    evidence = of_file(file, "表格标题", form.title if form else "")
    printed = call.form.title if call.form else paper(call)
    if form is None or form.kind is FormKind.UNKNOWN:
        return doubt(CODE, f"“{file.name}”上未认出表格标题，请人工确认是否为《{printed}》。", evidence)
    if form.kind is FormKind.OLD:
        return doubt(CODE, f"“{file.name}”的标题为“{form.title}”，像是往年的表格，请人工确认。", evidence)
    if form.kind is FormKind.OTHER:
        return doubt(CODE, f"“{file.name}”的标题为“{form.title}”，不像本次征集的{paper(call)}，请人工确认。", evidence)
    return passed(CODE, f"“{file.name}”是本次征集的{paper(call)}。", evidence)


RULE = Rule(
    CODE,
    "form_of_this_call",
    "所报表格是否为本次征集的推荐表？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("标题由机器读出，也有人重新录入表格：不符时请经办确认，不直接退回。"),
)
