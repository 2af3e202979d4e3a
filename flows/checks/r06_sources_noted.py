"""R06: do figures and tables name their source? (图表资料来源).

附件2 一(3)：“注重图文并茂，标注清楚资料来源”

The notice asks for clear sources but not in which form, and a firm's own photograph needs none in print: 提示. Small
pictures (icons, logos) are left out.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.reading import judged, unjudged
from flows.checks.rule import Rule
from flows.checks.say import hint, not_applicable, of_file, passed
from parsers.facts.leaf import Role
from parsers.facts.looks import Figure
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "R06"
SMALL = 200
"""Pictures with a shorter side below this many pixels are ornaments."""
NAMED = 5
"""How many places a letter names before it only counts."""


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:  # noqa: ARG001 - every rule has this shape
    """Look for figures and tables without a source near them."""
    excuse = unjudged(CODE, dossier)
    if excuse is not None or dossier.report_file is None:
        return excuse or not_applicable(CODE, "未收到案例报告，见 R01。")
    file = dossier.report_file
    figures = tuple(f for f in judged(dossier).figures if f.pixels is None or min(f.pixels) >= SMALL)
    if not figures:
        return not_applicable(CODE, "案例报告中没有图表。", of_file(file))
    bare = tuple(f for f in figures if not f.source_noted)
    if not bare:
        return passed(CODE, f"{len(figures)} 处图表都注明了来源。", of_file(file))
    places = "、".join(place(figure) for figure in bare[:NAMED]) + ("等" if len(bare) > NAMED else "")
    text = f"有 {len(bare)} 处图表未见资料来源：{places}"
    evidence = tuple(of_file(file, place(figure), figure.near) for figure in bare)
    cure = "可在图表旁注明资料来源后补发；本企业自行拍摄或统计的，可注“本企业提供”。"
    return hint(CODE, f"{text}。", f"案例报告“{file.name}”{text}", cure, *evidence)


def place(figure: Figure) -> str:
    """Name a figure so that a person finds it."""
    kind = "表" if figure.kind == "table" else "图"
    return f"“{figure.caption or figure.near or '无题' + kind}”"


RULE = Rule(
    CODE,
    "sources_noted",
    "案例报告的图表是否注明资料来源？",
    check,
    of=Role.REPORT,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("通知要求标注清楚资料来源，但没有规定写法：只作提示。图标等小图不计。"),
)
