"""F03: does the form carry a seal, and whose? (推荐表是否盖章).

通知四（四）：“须加盖公章，电子版申报推荐表（盖章扫描 pdf 格式）”

A seal is demanded, but a machine sees it only in colour: 缺失 is given only on clean colour pages on which a seal
would be seen. A faint one, a grey scan, an unreadable or foreign name and an e-seal (policy ``e_seal_counts``) are
存疑: staff look at the picture of the place.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.fields import paper, unseen
from flows.checks.rule import Rule
from flows.checks.same import nearly_same_name, same_name
from flows.checks.say import doubt, missing, of_file, passed
from parsers.facts.leaf import Role
from parsers.facts.looks import Colour, FormFacts, ScanFacts, Seal, SealStrength
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Finding

CODE = "F03"
NAME_READ = 0.85
"""From this confidence on the ring text is taken for what it says."""


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look for seals on the form, then for electronic signatures, then for how sure their absence is."""
    excuse, file = unseen(CODE, dossier, call), dossier.form_file
    if excuse is not None or file is None:
        return excuse or ()
    scan = file.look.scan if file.look else None
    if scan is None:
        return doubt(CODE, f"未能查看{paper(call)}“{file.name}”的页面，请人工确认是否盖章。", of_file(file))
    if scan.seals:
        return whose(dossier, call, file, scan.seals)
    if scan.signatures:
        return signed(call, file, scan)
    return absent(call, file, scan)


def whose(  # noqa: PLR0911 - one way out per kind of name
    dossier: Dossier, call: Call, file: FiledFile, seals: tuple[Seal, ...]
) -> tuple[Finding, ...]:
    """Judge the seals that were seen by the names they carry."""
    evidence = tuple(of_file(file, f"第{seal.page}页印章", as_read(seal), seal.crop) for seal in seals)
    read = [seal for seal in seals if seal.text and seal.confidence >= NAME_READ]
    coded = bool(dossier.credit_code) and any(seal.serial == dossier.credit_code for seal in seals)
    if coded or any(same_name(seal.text, dossier.applicant) for seal in read):
        form_pages = pages_of_form(dossier.form)
        if form_pages and form_pages.isdisjoint(seal.page for seal in seals):
            places = "、".join(f"第{page}页" for page in sorted({seal.page for seal in seals}))
            here = "、".join(f"第{page}页" for page in sorted(form_pages))
            text = f"{paper(call)}在{here}，未见印章；“{dossier.applicant}”的印章盖在{places}，请人工确认。"
            return doubt(CODE, text, *evidence)
        return passed(CODE, f"{paper(call)}盖有“{dossier.applicant}”的印章。", *evidence)
    if all(seal.strength is SealStrength.MID for seal in seals):
        return doubt(CODE, f"{paper(call)}上似有印章，但不清晰，请人工确认。", *evidence)
    if not read and any(same_name(seal.text, dossier.applicant) for seal in seals):
        text = f"{paper(call)}印文似为“{dossier.applicant}”，与申报单位一致，但个别字认不准，请人工核对。"
        return doubt(CODE, text, *evidence)
    if not read:
        return doubt(CODE, f"{paper(call)}盖有印章，但印文未能辨认，请人工核对是否为申报单位公章。", *evidence)
    if not dossier.applicant:
        return doubt(CODE, f"{paper(call)}盖有“{read[0].text}”的印章，但申报单位尚未认定，请人工核对。", *evidence)
    if any(same_name(seal.text, dossier.recommender) for seal in read):
        return doubt(
            CODE, f"{paper(call)}上只认出推荐单位“{dossier.recommender}”的印章，未认出申报单位公章。", *evidence
        )
    near = next((seal for seal in read if nearly_same_name(seal.text, dossier.applicant)), None)
    if near is not None:
        text = (
            f"{paper(call)}印文读作“{near.text}”，与申报单位“{dossier.applicant}”相差一两个字，可能是误读，请人工核对。"
        )
        return doubt(CODE, text, *evidence)
    return doubt(CODE, f"{paper(call)}印章为“{read[0].text}”，与申报单位“{dossier.applicant}”不一致。", *evidence)


def as_read(seal: Seal) -> str:
    """Return the name on a seal, and what stood there before a known name corrected it (校正前的读法)."""
    return f"{seal.text}（读作“{seal.raw}”，据已知名称校正）" if seal.raw and seal.raw != seal.text else seal.text


def pages_of_form(form: FormFacts | None) -> set[int]:
    """Return the pages on which the form's fields stand; none where the reader did not say."""
    if form is None:
        return set()
    fields = (form.case_title, form.applicant, form.recommender, form.submitted_on)
    return {field.page for field in fields if field.page}


def signed(call: Call, file: FiledFile, scan: ScanFacts) -> tuple[Finding, ...]:
    """Judge an electronic signature by the call's policy."""
    names = dict.fromkeys(signature.signer or signature.name for signature in scan.signatures)
    signer = "、".join(name for name in names if name) or "未写明签署人"
    evidence = of_file(file, "PDF 电子签章", signer)
    policy = call.policy("e_seal_counts")
    whole = any(signature.covers_whole_file for signature in scan.signatures)
    if policy == "yes" and not whole:
        text = f"{paper(call)}带有电子签章（{signer}），但签署后文件又被改动过，请人工核实。"
        return doubt(CODE, text, evidence)
    if policy == "yes":
        return passed(CODE, f"{paper(call)}带有电子签章（{signer}），按本次征集的口径视同盖章。", evidence)
    if policy == "no":
        return missing(
            CODE,
            f"{paper(call)}只有电子签章（{signer}），没有盖章；按本次征集的口径不视同盖章。",
            f"{paper(call)}“{file.name}”只有电子签章，未见加盖公章",
            "请打印后加盖公章，扫描成 PDF 重新发送。",
            evidence,
        )
    return doubt(CODE, f"{paper(call)}未见印章，带有电子签章（{signer}），是否视同盖章请经办决定。", evidence)


def absent(call: Call, file: FiledFile, scan: ScanFacts) -> tuple[Finding, ...]:
    """Say that no seal was seen, as surely as the pages allow."""
    evidence = of_file(file, f"共{scan.pages}页", "", scan.seal_place)
    if scan.clean:
        return missing(
            CODE,
            f"{paper(call)}“{file.name}”是清晰的彩色页面，未见印章。",
            f"{paper(call)}“{file.name}”上没有看到公章",
            f"请在{paper(call)}上加盖单位公章，彩色扫描成 PDF 后重新发送。",
            evidence,
        )
    if scan.colour in {Colour.GREY, Colour.BILEVEL}:
        return doubt(CODE, f"{paper(call)}是黑白扫描，无法分辨印章，请人工确认。", evidence)
    return doubt(CODE, f"{paper(call)}上未认出印章，但页面不够清晰，请人工确认。", evidence)


RULE = Rule(
    CODE,
    "form_stamped",
    "推荐表是否加盖公章，印章是谁的？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=(
        "通知要求加盖公章。只有在清晰的彩色页面上确无印章时才判缺失；黑白扫描、印文不清、印章不符、电子签章都"
        "请经办看图核实。"
    ),
)
