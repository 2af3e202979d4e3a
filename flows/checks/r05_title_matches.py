"""R05: has the report a title, the same as on the form? (报告题目).

附件2 二(1)：“案例报告题目自拟，体现出案例企业在专精特新发展方面的特色经验”

Titles are free and are polished until the last day, so neither lack nor difference is worse than 提示; it is said to
the applicant only where both titles were surely read.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import paper
from flows.checks.reading import judged, unjudged
from flows.checks.rule import Rule
from flows.checks.same import same_title
from flows.checks.say import hint, not_applicable, of_file, passed, staff_hint
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R05"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Compare the report's title with 案例名称."""
    excuse = unjudged(CODE, dossier)
    if excuse is not None or dossier.report_file is None:
        return excuse or not_applicable(CODE, "未收到案例报告，见 R01。")
    title, file = judged(dossier).title.strip(), dossier.report_file
    evidence = of_file(file, "题目", title)
    if not title:
        return staff_hint(CODE, f"未能认出案例报告“{file.name}”的题目，请审读时留意。", evidence)
    field = dossier.form.case_title if dossier.form else None
    if field is None or not field.value:
        return passed(CODE, f"报告题目为“{title}”；{paper(call)}的案例名称未读出，无从比对。", evidence)
    if same_title(title, field.value):
        return passed(CODE, f"报告题目为“{title}”，与{paper(call)}一致。", evidence)
    message = f"报告题目“{title}”与{paper(call)}的案例名称“{field.value}”不同"
    if not field.certain:
        return staff_hint(CODE, f"{message}；案例名称未能确认，请审读时留意。", evidence)
    return hint(CODE, f"{message}。", message, "如需改成一致，可补发相应文件。", evidence)


RULE = Rule(
    CODE,
    "title_matches",
    "案例报告有无题目，与推荐表的案例名称是否一致？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("题目自拟，常有修改：不一致只作提示；推荐表上读不准的只提醒经办。"),
)
