"""R07: are trade secrets or personal numbers left in the report? (不宜公开的内容).

附件2 一(3)：“隐去不适合对外传播的企业商业秘密等内容”

What may be published is the firm's decision, so this is 提示: the applicant is told what kind of thing stands there,
never its whole wording. A foreign author in the file's properties is for staff alone.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.reading import judged, unjudged
from flows.checks.rule import Rule
from flows.checks.say import hint, not_applicable, of_file, passed, staff_hint
from parsers.facts.leaf import Role
from parsers.facts.looks import Sensitive
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R07"
NAMES = {
    "id-number": "身份证号",
    "mobile": "手机号",
    "bank-account": "银行账号",
    "contract-number": "合同编号",
    "secret-mark": "“机密”“内部资料”等字样",
    "customer-list": "客户名单",
    "tracked-changes": "修订痕迹",
    "comments": "批注",
    "hidden-text": "隐藏文字",
    "foreign-author": "文档属性中的其他单位名称",
}
FOR_STAFF = frozenset({"foreign-author"})


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:  # noqa: ARG001 - every rule has this shape
    """Count what should perhaps not be published."""
    excuse = unjudged(CODE, dossier)
    if excuse is not None or dossier.report_file is None:
        return excuse or not_applicable(CODE, "未收到案例报告，见 R01。")
    file, found = dossier.report_file, judged(dossier).sensitive
    if not found:
        return passed(CODE, "未发现不宜公开的内容。", of_file(file))
    evidence = tuple(of_file(file, item.near or NAMES.get(item.kind, item.kind), item.masked) for item in found)
    told = tuple(item for item in found if item.kind not in FOR_STAFF)
    if not told:
        return staff_hint(CODE, f"案例报告中有{summary(found)}，请审读时留意。", *evidence)
    return hint(
        CODE,
        f"案例报告中有{summary(found)}，公开前宜隐去。",
        f"案例报告“{file.name}”中有{summary(told)}，可能不宜公开",
        "宜核对；不适合对外传播的，可隐去后补发。",
        *evidence,
    )


def summary(items: tuple[Sensitive, ...]) -> str:
    """Return the kinds with their numbers, each kind once, in the order in which they came."""
    counts: dict[str, int] = {}
    for item in items:
        name = NAMES.get(item.kind, "其他敏感内容")
        counts[name] = counts.get(name, 0) + item.count
    return "、".join(f"{name} {count} 处" for name, count in counts.items())


RULE = Rule(
    CODE,
    "nothing_secret",
    "案例报告中有无商业秘密或个人号码？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("公开什么由企业自己决定：只提示有哪一类内容，信中不引原文。"),
)
