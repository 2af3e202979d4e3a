"""S02: is the applicant known, one and the same in form, report and seal? (申报单位是否明确一致).

附件1：“申报企业（全称）”

Names are read by machine and may be misread, and firms change their names: a difference is 存疑 for staff, never
an accusation.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import paper
from flows.checks.rule import Rule
from flows.checks.same import fold_name, looks_like_a_company, nearly_same_name, same_name
from flows.checks.say import doubt, of_file, passed
from parsers.facts.looks import Seal
from parsers.names.company import is_placeholder
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "S02"
SEAL_NAME_READ = 0.85
"""From this confidence on a seal's ring text is taken for what it says."""


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:  # noqa: PLR0911 - one way out per fault of a name
    """Hold the chosen name against every place that names an applicant."""
    name = dossier.applicant
    claims = tuple(dict.fromkeys(Evidence(place=c.where or c.source, words=c.name) for c in dossier.names))
    if not name:
        return doubt(CODE, "未能认出申报单位的全称，请经办查看材料后填写。", *claims)
    if is_placeholder(name):
        return doubt(CODE, f"申报单位“{name}”像是未填的样例，请经办核实。", *claims)
    if not looks_like_a_company(name):
        return doubt(CODE, f"申报单位“{name}”不像企业全称，请经办核实。", *claims)
    if same_name(name, dossier.recommender):
        return doubt(CODE, f"申报单位与推荐单位同为“{name}”，请经办核实哪一个是申报企业。", *claims)
    other = differing(dossier, call)
    if other:
        told = "；".join(f"{evidence.place}为“{evidence.words}”" for evidence in other)
        return doubt(CODE, f"申报单位“{name}”与材料中的名称不一致：{told}。", *other)
    if not dossier.applicant_certain:
        others = [f"{claim.place}为“{claim.words}”" for claim in claims if not same_name(claim.words, name)]
        why = f"（{'；'.join(others[:3])}）" if others else ""
        return doubt(CODE, f"申报单位可能是“{name}”{why}，尚不能确定，请经办核实。", *claims)
    if foreign_seal(dossier):
        return passed(CODE, f"申报单位为“{name}”；印章上的名称不同，见 F03。", *claims)
    return passed(CODE, f"申报单位为“{name}”，各处一致。", *claims)


def differing(dossier: Dossier, call: Call) -> tuple[Evidence, ...]:
    """Return every place that certainly names somebody else.

    A seal counts beside another place only: where nothing but the seal differs, F03 asks whose it is, once.
    """
    name = dossier.applicant
    found: list[Evidence] = []
    form, report = dossier.form, dossier.report
    if form and dossier.form_file and form.applicant.certain and form.applicant.value:
        box = form.applicant
        if not same_name(box.value, name):
            found.append(of_file(dossier.form_file, f"{paper(call)}第{box.page}页", box.value, box.crop))
    if report and dossier.report_file and report.names and not any(within(name, n) for n in report.names):
        found.append(of_file(dossier.report_file, "案例报告", report.names[0]))
    seal = foreign_seal(dossier)
    if found and seal is not None and dossier.form_file:
        found.append(of_file(dossier.form_file, f"{paper(call)}第{seal.page}页印章", seal.text, seal.crop))
    return tuple(found)


def foreign_seal(dossier: Dossier) -> Seal | None:
    """Return the first seal of the form where every one that can be read names somebody else.

    A ring text that is off by a character or two was most likely misread.
    """
    readable = [s for s in dossier.seals if s.text and s.confidence >= SEAL_NAME_READ]
    known = (dossier.applicant, dossier.recommender)
    alien = readable and not any(alike(s.text, k) for s in readable for k in known)
    return readable[0] if alien else None


def alike(one: str, other: str) -> bool:
    """Whether two names are the same, or so near that one was most likely misread."""
    return same_name(one, other) or nearly_same_name(one, other)


def within(name: str, written: str) -> bool:
    """Whether a report's name for the firm is its full name or a short form of it."""
    return same_name(name, written) or fold_name(written) in fold_name(name)


RULE = Rule(
    CODE,
    "applicant_known",
    "申报单位是否明确，推荐表、报告、印章是否为同一单位？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT),
    why=("名称由机器读出，可能误读，企业也可能更名：不一致时只请经办核实，不写入给申报单位的信。"),
)
