"""R01: was the report sent? (案例报告是否已报).

通知四（四）：“电子版申报推荐表（盖章扫描 pdf 格式）、案例报告（word 格式）、照片打包发送到分会邮箱”

The notice demands the report, so its absence is 缺失. Where something that we could not open may hold it, the
machine is not certain and gives 存疑; A01 then tells the applicant which file could not be opened.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.concealed import asked, may_hide
from flows.checks.rule import Rule
from flows.checks.say import missing, of_file, passed, waiting
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look for a current report, then for what might hide one."""
    material = call.asked(Role.REPORT)
    file = dossier.report_file
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
        f"未收到{material.name}",
        f"请按通知的撰写要求撰写，以“{material.format_name}”发送。",
    )


RULE = Rule(
    CODE,
    "report_present",
    "是否收到案例报告？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT),
    why=("通知明确要求案例报告，没有即缺失；若有打不开的文件可能就是它，则存疑，由 A01 告知是哪个文件。"),
)
