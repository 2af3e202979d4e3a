"""Which of the materials is this file? (材料归类) Content first, then the file's name, then its folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from config.call import Call
from parsers.containers.kinds import CONTAINERS, KIND_NAMES, PICTURES, WORD
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import FormKind, Look, PartVerdict, PictureFacts, ReportFacts
from parsers.facts.problem import Problem, Weight
from parsers.photo.caption_names import caption_in_name
from parsers.text.paper_names import (
    FORM_WORDS,
    OTHER_WORDS,
    PHOTO_WORDS,
    REPORT_WORDS,
    is_called_a_paper,
    is_called_another_text,
)


class Classified(NamedTuple):
    """What a file was read as, why (one Chinese sentence), and whether no other role is plausible."""

    role: Role
    reason: str
    sure: bool = True


_EVERY_WORD = (*FORM_WORDS, *REPORT_WORDS, *PHOTO_WORDS, *OTHER_WORDS)
_TEMPLATE_MARKS = ("撰写要求", "案例报告基本要求")
_CLUTTER_NAMES = re.compile(
    r"^(~\$.*|\._.*|\.ds_store|thumbs\.db|desktop\.ini|smime\.p7s|att\d{3,6}\.(txt|html?)|"
    r"signature\.asc|.*\.(ics|vcf))$",
    re.IGNORECASE,
)
_LOGO_NAMES = re.compile(
    r"^(image\d{3}|logo.*|.*签名.*|signature.*|icon.*|bg|spacer|pixel|tracking|qrcode.*|二维码.*|outlook.*)\.",
    re.IGNORECASE,
)
_LONG_REPORT = 1500
"""字 from which a Word file is taken for a report whatever it is called."""
_FORM_WORDS_MOST = 1200


def classify(leaf: Leaf, look: Look | None, siblings: Sequence[Leaf], call: Call) -> Classified:
    """Return the role of a file. ``siblings`` are the other leaves of the mail."""
    return (
        _noise(leaf, look)
        or _unreadable(leaf, look)
        or _by_form(leaf, look, call)
        or _by_content(leaf, look, siblings, call)
        or _by_name(leaf, call)
        or Classified(
            Role.OTHER, f"{KIND_NAMES.get(leaf.type, '文件')}，未发现推荐表、案例报告或照片的特征。", sure=False
        )
    )


def _noise(leaf: Leaf, look: Look | None) -> Classified | None:
    if leaf.type in {"lock", "clutter"} or (leaf.type not in WORD and _CLUTTER_NAMES.match(leaf.name)):
        return Classified(Role.NOISE, "邮件程序或系统生成的杂项文件。")
    if re.match(r"^ATT\d{3,6}\.html?$", leaf.name, re.IGNORECASE) and leaf.size < 20_000:
        return Classified(Role.NOISE, "邮件程序生成的正文副本。")
    if leaf.type == "tnef" and not leaf.problems:
        return Classified(Role.NOISE, "Outlook 的格式信息（winmail.dat），其中没有附件。")
    if leaf.type == "empty" and leaf.inline:
        return Classified(Role.NOISE, "正文中的空占位附件。")
    picture = look.picture if look is not None else None
    if leaf.type in {*PICTURES, "svg"}:
        return _noise_picture(leaf, picture)
    return None


def _noise_picture(leaf: Leaf, picture: PictureFacts | None) -> Classified | None:
    """Tell signature pictures, logos and tracking pixels from photos."""
    if picture is None:
        small = leaf.inline and leaf.size < 30_000
        return Classified(Role.NOISE, "正文中嵌入的小图片（签名或标志）。") if small else None
    long_side, short_side = max(picture.width, picture.height), min(picture.width, picture.height)
    if long_side <= 16 or short_side <= 3:
        return Classified(Role.NOISE, "邮件中的追踪像素或分隔线。")
    if not leaf.inline:
        if _LOGO_NAMES.match(leaf.name) and long_side < 400 and picture.looks_like == "graphic":
            return Classified(Role.NOISE, "签名档中的标志图片。", sure=False)
        return None
    drawn = picture.looks_like == "graphic"
    if long_side < 600 or leaf.size < 30_000 or long_side > 4 * short_side or (drawn and leaf.size < 200_000):
        return Classified(Role.NOISE, "正文中嵌入的签名图片、标志或小图标。", sure=not 400 <= long_side < 600 or drawn)
    return None


def _unreadable(leaf: Leaf, look: Look | None) -> Classified | None:
    problems: tuple[Problem, ...] = (*leaf.problems, *(look.problems if look is not None else ()))
    for problem in problems:
        if problem.weight is Weight.UNREADABLE:
            return Classified(Role.UNREADABLE, problem.message)
    if leaf.type in CONTAINERS - {"eml", "msg", "tnef"}:
        return Classified(Role.UNREADABLE, "压缩包未能展开。")
    return None


def _by_form(leaf: Leaf, look: Look | None, call: Call) -> Classified | None:
    """Recognise the form by what its reader found, or by its printed labels in the text."""
    if look is None:
        return None
    scan = look.scan.form if look.scan is not None else None
    if scan is not None and scan.kind in {FormKind.CURRENT, FormKind.OLD}:
        last_year = scan.kind is FormKind.OLD
        return Classified(Role.FORM, "内容是推荐表（往年的表格）。" if last_year else "内容是推荐表。")
    if look.report is not None and look.report.counts.body > _FORM_WORDS_MOST:
        return None
    labels = _labels_seen(look.text, call)
    if labels >= 3 and not _is_template(look.text, call):
        is_word = leaf.type in WORD
        return Classified(
            Role.FORM, "内容是推荐表，但为 Word 版，不是盖章扫描件。" if is_word else "内容有推荐表的栏目。"
        )
    if _filled(look) >= 2 and not _long_text(look):
        return Classified(Role.FORM, "内容有推荐表的栏目。", sure=False)
    return None


def _filled(look: Look) -> int:
    form = look.scan.form if look.scan is not None else None
    if form is None:
        return 0
    return sum(bool(field.value) for field in (form.case_title, form.applicant, form.recommender, form.submitted_on))


def _labels_seen(text: str, call: Call) -> int:
    """Return how many of the form's labels are printed at the start of the text, the title counted as one."""
    if call.form is None:
        return 0
    packed = _pack(text[:2000])
    seen = 0
    for names in call.form.labels.values():
        wanted = [re.escape(_pack(name)) for name in names]
        seen += any(re.search(f"{name}(?:\\(.{{0,8}}\\))?[::_]", packed) for name in wanted)
    title = _pack(call.form.title)
    return seen + (title in packed or any(_pack(alias) in packed for alias in call.form.title_aliases))


def _pack(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _is_template(text: str, call: Call) -> bool:
    """Whether this is the notice itself or the writing instructions, sent back."""
    packed = _pack(text[:4000])
    return any(mark in packed for mark in _TEMPLATE_MARKS) or _pack(call.title)[:40] in packed[:600]


def _long_text(look: Look) -> bool:
    if look.report is not None:
        return look.report.counts.body >= _LONG_REPORT
    return len(_pack(look.text)) >= _LONG_REPORT


def _by_content(leaf: Leaf, look: Look | None, siblings: Sequence[Leaf], call: Call) -> Classified | None:
    if look is None:
        return None
    if leaf.type in PICTURES:
        return _picture(leaf, look, call)
    if _is_template(look.text, call) and not _long_report(look):
        return Classified(Role.OTHER, "内容是征集通知或撰写要求原文。", sure=False)
    if leaf.type in WORD and look.report is not None:
        return _word_report(leaf, look, siblings, call)
    if leaf.type == "pdf":
        return _pdf_report(leaf, look, call)
    return None


def _long_report(look: Look) -> bool:
    return look.report is not None and look.report.counts.body >= 3 * _LONG_REPORT


def _word_report(leaf: Leaf, look: Look, siblings: Sequence[Leaf], call: Call) -> Classified | None:
    assert look.report is not None
    parts = sum(part.verdict in {PartVerdict.CERTAIN, PartVerdict.LIKELY} for part in look.report.parts)
    if parts >= 2:
        return Classified(Role.REPORT, "内容是案例报告。")
    return _by_title(leaf, look.report, parts, siblings, call)


def _by_title(leaf: Leaf, report: ReportFacts, parts: int, siblings: Sequence[Leaf], call: Call) -> Classified | None:
    """Say what a text is that has no parts of a report: its name tells, then its length, then whether it is alone."""
    named = _named(leaf, _report_words(call))
    if _called(leaf, is_called_another_text):
        return Classified(Role.OTHER, "文件名表明是其他材料。", sure=report.counts.body < _LONG_REPORT)
    if named and report.counts.body >= 300:
        return Classified(Role.REPORT, "文件名为案例报告，内容为成文的 Word 文件。")
    if report.counts.body >= _LONG_REPORT:
        return Classified(Role.REPORT, "较长的 Word 文稿，按案例报告处理。", sure=parts >= 1)
    if report.images_only:
        return Classified(Role.REPORT, "Word 文件中只有图片，可能是扫描的案例报告。", sure=False)
    alone = not any(other is not leaf and other.type in WORD for other in siblings)
    if alone and report.counts.body >= 300 and not _named(leaf, _form_words(call)):
        return Classified(Role.REPORT, "来信中唯一的 Word 文稿，按案例报告处理。", sure=False)
    return None


def _pdf_report(leaf: Leaf, look: Look, call: Call) -> Classified | None:
    named_form = _named(leaf, _form_words(call))
    if _called(leaf, is_called_another_text) and not named_form:
        return Classified(Role.OTHER, "文件名表明是其他材料。", sure=not _long_text(look))
    pages = look.scan.pages if look.scan is not None else 0
    if _long_text(look) and not named_form:
        return Classified(Role.REPORT, "较长的 PDF 文稿，按案例报告处理（应为 Word 格式）。", sure=pages >= 4)
    if pages >= 6 and not named_form:
        return Classified(Role.REPORT, "多页扫描的 PDF，按案例报告处理（应为 Word 格式）。", sure=False)
    return None


def _picture(leaf: Leaf, look: Look, call: Call) -> Classified:
    kind = look.picture.looks_like if look.picture is not None else "photo"
    if _named(leaf, _form_words(call)) and kind in {"page", "screenshot"}:
        return Classified(Role.FORM, "文件名为推荐表的图片。", sure=False)
    if _called(leaf, is_called_a_paper) and not _named(leaf, PHOTO_WORDS):
        return Classified(Role.OTHER, "文件名表明是其他材料的图片。", sure=kind == "page")
    if kind == "page":
        return _page(leaf, call)
    if leaf.inline:
        return Classified(Role.PHOTO, "粘贴在正文中的照片。", sure=kind == "photo")
    if kind == "photo" or _named(leaf, PHOTO_WORDS):
        return Classified(Role.PHOTO, "图片文件，按照片处理。")
    return Classified(Role.PHOTO, "图片文件（截图或图形），按照片处理。", sure=False)


def _called(leaf: Leaf, judge: Callable[[str], bool]) -> bool:
    """Whether the file's name says so, or its folder's where the name says nothing of any kind."""
    if judge(leaf.name):
        return True
    folders = leaf.path.split("/")[:-1]
    return bool(folders) and not any(word in leaf.name for word in _EVERY_WORD) and judge(folders[-1])


def _page(leaf: Leaf, call: Call) -> Classified:
    if _named(leaf, _report_words(call)):
        return Classified(Role.REPORT, "案例报告的扫描图片（应为 Word 格式）。", sure=False)
    if _named(leaf, PHOTO_WORDS) or caption_in_name(leaf.name):
        # A board, a label or a certificate on the wall: whoever names what a picture shows means it as a photo.
        return Classified(Role.PHOTO, "画面像是文件、展板或标牌，按其名称作为照片处理。", sure=False)
    return Classified(Role.OTHER, "纸质文件的扫描或翻拍图片。", sure=False)


def _by_name(leaf: Leaf, call: Call) -> Classified | None:
    if leaf.type in {"xlsx", "xlsm", "xls", "ods", "csv", "text", "eml", "msg", "tnef", "exe", "video", "audio"}:
        return Classified(Role.OTHER, f"{KIND_NAMES[leaf.type]}，不是所要求的材料。")
    if _named(leaf, _form_words(call)) and leaf.type in {*WORD, "pdf", "ofd"}:
        return Classified(Role.FORM, "文件名为推荐表。", sure=False)
    if _named(leaf, OTHER_WORDS):
        return Classified(Role.OTHER, "文件名表明是其他材料。")
    if _named(leaf, _report_words(call)) and leaf.type in {*WORD, "pdf", "ofd"}:
        return Classified(Role.REPORT, "文件名或所在文件夹名为案例报告。", sure=False)
    return None


def _form_words(call: Call) -> tuple[str, ...]:
    return (*FORM_WORDS, *_material_words(call, Role.FORM))


def _report_words(call: Call) -> tuple[str, ...]:
    return (*REPORT_WORDS, *_material_words(call, Role.REPORT))


def _material_words(call: Call, role: Role) -> tuple[str, ...]:
    words: list[str] = []
    for material in call.materials:
        if material.role == role.value:
            words += [material.name, *material.aliases]
    return tuple(word for word in words if word)


def _named(leaf: Leaf, words: Iterable[str]) -> bool:
    """Whether the file's name says so; its folder counts only where the name says nothing of any kind."""
    name = leaf.name.lower()
    if any(word.lower() in name for word in words):
        return True
    if any(word in name for word in _EVERY_WORD):
        return False
    folders = leaf.path.split("/")[:-1]
    return bool(folders) and any(word.lower() in folders[-1].lower() for word in words)
