"""P02: does every photo say what it shows? (照片内容概要).

通知四（三）：“提供可支撑案例报告的相关照片 2-3 张，注明内容概要。”

The notice demands it. It is 缺失 only where no photo has a caption and nothing else was sent that may hold one (a
list, a text, words about pictures in the mail); where some have one, or one may stand elsewhere, it is 提示.
"""

from __future__ import annotations

import re

from config.call import Call, Verdict
from flows.checks.concealed import unopened
from flows.checks.likeness import distinct
from flows.checks.rule import Rule
from flows.checks.say import hint, missing, not_applicable, of_file, passed, quoted
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.states import VersionState

CODE = "P02"
DESCRIBED = re.compile(
    r"(?:照片|图片|配图|图|photo)\s*(?:说明|内容|概要|简介|[一二三四五1-5]\s*[：:、.．])|内容概要|第\s*[一二三四五1-5]\s*张"
    r"|(?:照片|图片|[两三四]张)[^。\n]{0,8}(?:依次|分别|顺序)|(?<![\u4e00-\u9fff])图\s*[一二三四五1-5](?=[\u4e00-\u9fff])|[①②③]"
)
"""Words under which a mail describes its pictures; "附照片2张" alone describes nothing."""
ABOUT_PICTURES = re.compile(r"照片|图片|配图|概要")
CURE = "请为每张照片注明内容概要：写在文件名中，或附一份照片说明。"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:  # noqa: ARG001 - every rule has this shape
    """Look for photos without a caption; a photo sent twice needs one caption only."""
    compared = distinct(dossier.photos)
    photos, repeats = compared.kept, compared.repeats
    if not photos:
        return not_applicable(CODE, "未收到照片，见 P01。")
    captioned = {twin.path for photo, twin in repeats if photo.caption}
    # What is perhaps one photo twice needs one caption only: in doubt for whoever sent it.
    captioned |= {one.path for pair in compared.alike for one in pair if any(other.caption for other in pair)}
    bare = tuple(p for p in photos if not p.caption and p.path not in captioned)
    evidence = tuple(of_file(p, p.caption_from, p.caption) for p in photos)
    if not bare:
        return passed(CODE, f"{len(photos)} 张照片都有内容概要。", *evidence)
    text = f"照片{quoted(bare)}没有内容概要"
    if len(bare) == len(photos) and not elsewhere(dossier):
        return missing(CODE, f"{text}。", text, CURE, *evidence)
    text = f"未找到照片{quoted(bare)}的内容概要"
    return hint(CODE, f"{text}。", text, CURE, *evidence)


def elsewhere(dossier: Dossier) -> bool:
    """Whether captions may stand where we did not find them."""
    current = tuple(f for f in dossier.files if f.state is VersionState.CURRENT)
    others = any(
        ABOUT_PICTURES.search(f.name + (f.look.text if f.look else "")) for f in current if f.role is Role.OTHER
    )
    texts = tuple(f"{mail.text}\n{mail.passed_on}" for mail in dossier.mails)
    mails = any(DESCRIBED.search(text) for text in texts) or any(
        names(text, photo.name) for text in texts for photo in dossier.photos
    )
    unplaced = any(one.role in {None, Role.OTHER, Role.UNREADABLE} for one in dossier.unsettled)
    return others or mails or unplaced or bool(unopened(dossier)) or bool(dossier.links)


def names(text: str, file: str) -> bool:
    """Whether a mail calls a picture by its file's name, or by the number in it; what it shows stands beside it."""
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", file).lower()
    digits = re.findall(r"\d{6,}", stem)
    return len(stem) >= 4 and (stem in text.lower() or any(one in text for one in digits))


RULE = Rule(
    CODE,
    "photo_captions",
    "每张照片是否注明内容概要？",
    check,
    of=Role.PHOTO,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("通知要求注明内容概要。所有照片都没有、别处也不可能有时才判缺失，否则提示。"),
)
