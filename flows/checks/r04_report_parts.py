"""R04: are the four parts there, each about its length? (报告的四个部分).

附件2 二(2)：“案例报告主要可由以下四方面内容构成”

"主要可由" and "左右" are wishes, so the worst is 提示. A part is called absent only where the reader is sure of it;
lengths are told only for parts whose bounds are certain. Parts that cannot be told apart are a note for staff, and
are never mentioned to the applicant.
"""

from __future__ import annotations

from config.call import Call, PartSpec, Verdict
from flows.checks.reading import judged, unjudged
from flows.checks.rule import Rule
from flows.checks.say import hint, not_applicable, of_file, passed, staff_hint
from parsers.facts.leaf import Role
from parsers.facts.looks import Part, PartVerdict
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "R04"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Hold the parts that were recognised against the printed list."""
    excuse = unjudged(CODE, dossier)
    if excuse is not None or call.report is None or dossier.report_file is None:
        return excuse or not_applicable(CODE, "本次征集没有分部分的要求。")
    file, found = dossier.report_file, {part.name: part for part in judged(dossier).parts}
    pairs = [(spec, found[spec.key]) for spec in call.report.parts if spec.key in found]
    evidence = tuple(shown(file.name, file.path, file.sha256, spec, part) for spec, part in pairs)
    absent = [spec.name for spec, part in pairs if part.verdict is PartVerdict.ABSENT]
    lengths = [told for spec, part in pairs if (told := off(spec, part, call.report.tolerance))]
    if absent or lengths:
        said = [f"未见“{'”“'.join(absent)}”部分"] if absent else []
        said += [f"部分篇幅与通知所示相差较大：{'、'.join(lengths)}"] if lengths else []
        text = "；".join(said)
        return hint(
            CODE, f"{text}。", f"案例报告“{file.name}”{text}", "可对照通知的撰写要求酌情调整后补发。", *evidence
        )
    unclear = [spec.name for spec, part in pairs if part.verdict is PartVerdict.UNCLEAR]
    unclear += [spec.name for spec in call.report.parts if spec.key not in found]
    if unclear:
        return staff_hint(CODE, f"未能认出“{'”“'.join(unclear)}”部分，请审读时留意。", *(evidence or (of_file(file),)))
    return passed(CODE, "各部分齐全，篇幅相当。", *evidence)


def off(spec: PartSpec, part: Part, tolerance: float) -> str:
    """Say how long a part is where it differs too much from its printed length; empty otherwise."""
    if part.verdict is not PartVerdict.CERTAIN or not spec.words:
        return ""
    if abs(part.words - spec.words) <= spec.words * tolerance:
        return ""
    return f"{spec.name} {part.words} 字（通知为 {spec.words} 字左右）"


def shown(name: str, path: str, sha256: str, spec: PartSpec, part: Part) -> Evidence:
    """Return what was recognised of one part."""
    words = f"{part.heading or '无标题'}，{part.words} 字，{WORDING[part.verdict]}"
    return Evidence(name, path, sha256, spec.name, words)


WORDING = {
    PartVerdict.CERTAIN: "已认定",
    PartVerdict.LIKELY: "大致认定",
    PartVerdict.UNCLEAR: "未能认定",
    PartVerdict.ABSENT: "没有",
    PartVerdict.NOT_REQUIRED: "按所用结构不需要",
}

RULE = Rule(
    CODE,
    "report_parts",
    "案例报告的各部分是否齐全，篇幅是否相当？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=(
        "“主要可由”“左右”是倡导，至多提示。确实没有的部分、边界确定而篇幅相差大的部分才写进信里；认不准的只提醒经办。"
    ),
)
