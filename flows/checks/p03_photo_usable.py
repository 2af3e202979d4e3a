"""P03: are the photos good enough to print? (照片是否可用).

通知四（三）：“提供可支撑案例报告的相关照片”

The notice sets no size, so this is a friendly 提示: too small, blurred, the same picture twice, or a screenshot, a
scanned page or a logo instead of a photo.
"""

from __future__ import annotations

from config.call import Call, Verdict
from flows.checks.likeness import distinct
from flows.checks.rule import Rule
from flows.checks.say import hint, not_applicable, of_file, passed
from parsers.facts.leaf import Role
from parsers.facts.looks import PictureFacts
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "P03"
LOOKS = {"page": "像是文件的扫描页", "screenshot": "像是屏幕截图", "graphic": "像是图标或示意图"}


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Look at each photo's size, sharpness and kind, and for repeats."""
    seen = tuple(f for f in dossier.photos if f.look and f.look.picture)
    if not seen:
        return not_applicable(CODE, "没有可以查看的照片。")
    said: list[str] = []
    evidence: list[Evidence] = []
    for file in seen:
        picture = file.look.picture if file.look else None
        faults = shortcomings(picture, file.size, call) if picture else []
        if faults:
            said.append(f"“{file.name}”{'、'.join(faults)}")
            evidence.append(of_file(file, "图片", "、".join(faults)))
    for repeat, twin in distinct(seen).repeats:
        said.append(f"“{repeat.name}”与“{twin.name}”相同")
        evidence.append(of_file(repeat, "图片", f"与“{twin.name}”相同"))
    if not said:
        return passed(CODE, "照片清晰，大小合适。", *(of_file(f) for f in seen))
    text = f"照片{'；'.join(said)}"
    return hint(CODE, f"{text}。", text, "如有更清晰的原图，可补发。", *evidence)


def shortcomings(picture: PictureFacts, size: int, call: Call) -> list[str]:
    """Return what would trouble a printer."""
    wanted, found = call.photos, []
    shorter, longer = sorted((picture.width, picture.height))
    if shorter < wanted.shorter_side_hint or longer < wanted.longer_side_hint:
        found.append(f"尺寸偏小（{picture.width}×{picture.height} 像素）")
    elif size < wanted.bytes_hint:
        found.append(f"压缩过度（{max(1, size // 1000)} KB）")
    if picture.sharpness < wanted.sharpness_hint:
        found.append("不够清晰")
    if picture.looks_like in LOOKS:
        found.append(LOOKS[picture.looks_like])
    return found


RULE = Rule(
    CODE,
    "photo_usable",
    "照片是否清晰、够大、不重复？",
    check,
    of=Role.PHOTO,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("通知没有规定尺寸：太小、模糊、重复、不像照片的只作提示。"),
)
