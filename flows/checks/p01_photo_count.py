"""P01: are there two or three distinct photos? (照片张数).

通知四（三）：“提供可支撑案例报告的相关照片 2-3 张”

The notice demands at least two, and counting is certain, so fewer are 缺失, unless something that we could not open
may hold more. More than three do no harm: 提示 (policy ``more_than_three_photos``). Pictures inside the report are
not counted unless the policy ``photos_in_report`` leaves that to staff.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.concealed import asked as asked_already
from flows.checks.concealed import may_hide, opened
from flows.checks.likeness import distinct
from flows.checks.rule import Rule
from flows.checks.say import doubt, hint, missing, of_file, passed, quoted, waiting
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Finding

CODE = "P01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Count distinct photos that could be opened."""
    material = call.asked(Role.PHOTO)
    compared = distinct(tuple(f for f in dossier.photos if opened(f)))
    photos, repeats = compared.kept, compared.repeats
    count, evidence = len(photos), tuple(of_file(photo) for photo in dossier.photos)
    if count < material.at_least:
        return too_few(dossier, call, photos, repeats)
    if material.at_most is not None and count > material.at_most and call.policy("more_than_three_photos") == "hint":
        text = f"共收到 {count} 张不同的照片，通知要求 {asked(call)}"
        return hint(CODE, f"{text}。", text, f"如有侧重，可回信指明使用哪 {material.at_most} 张。", *evidence)
    if count - len(compared.alike) < material.at_least:
        return doubt(CODE, f"收到 {count} 张照片，其中{pairs(compared.alike)}，请经办看是否为同一张。", *evidence)
    return passed(CODE, f"收到 {count} 张不同的照片。", *evidence)


def pairs(alike: tuple[tuple[FiledFile, FiledFile], ...]) -> str:
    """Name the photos that look alike."""
    return "，".join(f"“{one.name}”与“{other.name}”相像" for one, other in alike)


def too_few(
    dossier: Dossier, call: Call, photos: tuple[FiledFile, ...], repeats: tuple[tuple[FiledFile, FiledFile], ...]
) -> tuple[Finding, ...]:
    """Say that photos are missing, or why that is not certain."""
    count, evidence = len(photos), tuple(of_file(photo) for photo in dossier.photos)
    hiding = may_hide(dossier, call.asked(Role.PHOTO))
    if hiding:
        text = f"只见 {count} 张照片，但可能另有照片在尚未读到或归档的“{'”“'.join(hiding)}”中。"
        known = asked_already(dossier, call.asked(Role.PHOTO))
        return waiting(CODE, text, hiding, *evidence, asked=known)
    inside = sum(1 for figure in dossier.report.figures if figure.kind == "figure") if dossier.report else 0
    if inside and call.policy("photos_in_report") == "doubt":
        return doubt(CODE, f"只见 {count} 张照片，案例报告中另有 {inside} 处图片，是否算作照片请经办决定。", *evidence)
    same = quoted(tuple(photo for photo, _ in repeats))
    defect = (f"只收到 {count} 张照片" if count else "未收到照片") + f"，通知要求 {asked(call)}"
    defect += f"（{same}与其他照片相同，不重复计算）" if same else ""
    cure = "请将照片作为图片文件补发，并为每张注明内容概要。"
    cure += "报告中的插图如要作为照片，请另存为图片文件一并发送。" if inside else ""
    return missing(CODE, f"不同的照片只有 {count} 张，应为 {asked(call)}。", defect, cure, *evidence)


def asked(call: Call) -> str:
    """Return the number of photos that the notice prints."""
    material = call.asked(Role.PHOTO)
    return f"{material.at_least}-{material.at_most} 张" if material.at_most else f"至少 {material.at_least} 张"


RULE = Rule(
    CODE,
    "photo_count",
    "照片张数是否符合要求？",
    check,
    of=Role.PHOTO,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.HINT, Verdict.DOUBT),
    why=(
        "张数可以数清：不足两张判缺失，同一文件只算一张，只是相像的请经办看；可能另有照片在打不开的文件中时存疑；多于三张只提示。"
    ),
)
