"""What does each photo show, in the sender's words? (照片内容概要) Notice 四（三）: 注明内容概要.

Senders write it into the file's name, the folder's name, a list beside the photos, the mail itself, or the
picture's own EXIF fields. A camera's file name is no caption.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.facts.leaf import Leaf

_SHORTEST, _LONGEST = 2, 120
_MOST_TEXT = 20_000
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_KIND = "(?:照片|图片|相片|附图|配图|图|Photo|photo|图例)"
_NUMBER = r"[（(]?(?P<number>\d{1,2}|十?[一二三四五六七八九十])[)）]?"
_NUMBERED = re.compile(rf"{_KIND}\s*{_NUMBER}\s*(?:[：:、.．—\-–）)是为]+|\s)\s*(?P<caption>[^；;。\n\t\r]{{2,120}})")
_LISTED = re.compile(rf"^\s*{_NUMBER}\s*[、.．:：)）]\s*(?P<caption>[^\n\t]{{2,120}})$", re.MULTILINE)
_LIST_HEAD = re.compile(r"(?:照片|图片)(?:的)?(?:内容)?(?:概要|说明|简介|介绍|清单|目录|如下|名称)[^\n]{0,20}")
_NEXT = re.compile(rf"{_KIND}\s*(?:\d{{1,2}}|十?[一二三四五六七八九十])\s*[：:、.．—\-–）)是为]")
_NAME_NUMBER = re.compile(rf"(?:{_KIND}|^)[\s_\-]*[（(]?(\d{{1,2}}|十?[一二三四五六七八九十])[)）]?(?!\d)")

# What cameras, phones, chat programs, scanners and screenshot keys call their files.
_MACHINE_NAMES = re.compile(
    r"""^(?:
      (?:img|dsc[fn]?|dscn|p|pic|photo|image|mvimg|pano|cimg|sam|gopr|dji|vid|wp|scan|screenshot|mmexport|wx_camera|
         qq|tim|beauty|faceu|b612|microsoft|unnamed|untitled|download|temp|tmp|file|c|j|n)[\s_\-()]*[\d_\-.()\s]* |
      [\d_\-.()\s年月日时分秒上午下午:]+ |
      [0-9a-f]{16,} | [0-9a-f]{8}-[0-9a-f-]{20,} | [A-Za-z0-9_\-]{20,} |
      (?:微信图片|微信截图|微信图片编辑|qq图片|qq截图|截图|截屏|屏幕截图|屏幕快照|企业微信截图|钉钉图片|捕获|未命名|新建|
         无标题|扫描|扫描全能王|拍照|相机|相机胶卷|ios\s?的图像|新建文件夹|新建\s?\w{0,5}\s?图像|inked微信图片|图像|图片|照片|相片|附图|图|画像|副本|幻灯片)[\s_\-()（）\d一二三四五六七八九十.上下午:：]*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_LEADING = re.compile(
    rf"^\s*(?:附件\s*\d*|{_KIND}\s*{_NUMBER.replace('?P<number>', '?:')}|\d{{1,2}}(?=[、.．\s_\-—])"
    r"|\([\d一二三四五六七八九十]{1,2}\))[\s、.．:：_\-—]*"
)
_TRAILING = re.compile(
    r"[\s_\-]*(?:[（(]\d{1,2}[)）]|副本|copy|\d{1,2}|_看图王|_压缩|\.(?:jpe?g|png|bmp|heic))$", re.IGNORECASE
)
_EMPTY_WORDS = re.compile(
    r"照片|图片|相片|配图|附图|现场图|现场(?=照片|图片)|素材|效果图|相关|支撑|证明|材料|附件|申报|案例|优秀|专精特新|报送|提供|企业|单位|公司|扫描件|电子版|"
    r"推荐|发展|浙江省|[0-9一二三四五六七八九十年月日\W_A-Za-z]"
)
_COMPANY = re.compile(r"^[\w（）()·]{2,30}?(?:股份有限公司|有限责任公司|有限公司|集团|工厂|厂|股份|公司)")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption and where it was found, in Chinese."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text that may list captions. ``source`` says in Chinese what it is, e.g. ``文件“照片说明.docx”``."""

    source: str
    text: str
    is_report: bool = False
    """A report numbers its own figures: there ``图1`` says nothing about the photos beside it."""


def find_captions(
    photos: Sequence[Leaf], notes: Sequence[Note] = (), embedded: Mapping[str, str] | None = None
) -> dict[str, Caption]:
    """Return the caption of each photo by its path; photos without one are left out.

    ``embedded`` are captions carried by the pictures themselves, by path. First the file's own name counts, then a
    list that names the file or its number, then the picture's own fields, then the folder.
    """
    found: dict[str, Caption] = {}
    for photo in photos:
        text = caption_in_name(photo.name)
        if text:
            found[photo.path] = Caption(text, "文件名")
    for note in notes:
        for path, text in _from_note(photos, note).items():
            found.setdefault(path, Caption(text, note.source))
    for photo in photos:
        text = _clean((embedded or {}).get(photo.path, ""))
        if text and not _is_empty(text):
            found.setdefault(photo.path, Caption(text, "图片自带的说明（EXIF）"))
    for photo in photos:
        text = _from_folder(photo, photos)
        if text:
            found.setdefault(photo.path, Caption(text, "文件夹名"))
    return found


def caption_in_name(name: str) -> str:
    """Return what a file's name says about the picture; empty where a device or a habit made the name."""
    stem = unicodedata.normalize("NFKC", re.sub(r"\.[A-Za-z0-9]{2,5}$", "", name.strip())).strip()
    if _MACHINE_NAMES.match(stem):
        return ""
    text = _TRAILING.sub("", _LEADING.sub("", stem)).strip(" _-—、.:：")
    if _MACHINE_NAMES.match(text) or _is_empty(text):
        return ""
    return _clean(text)


def _is_empty(text: str) -> bool:
    """Whether nothing is left once company names and words that fit every photo are taken out."""
    rest = _EMPTY_WORDS.sub("", _COMPANY.sub("", text))
    return len(rest) < _SHORTEST


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(' 。；;，,、—-_"“”').strip()[:_LONGEST]


def _from_folder(photo: Leaf, photos: Sequence[Leaf]) -> str:
    """Return the folder's name where it describes this one photo; a folder of several describes none of them."""
    folder = photo.path.rpartition("/")[0]
    if not folder or sum(other.path.rpartition("/")[0] == folder for other in photos) != 1:
        return ""
    name = folder.rpartition("/")[2]
    if re.search(r"\.(?:zip|rar|7z|eml|msg|tar|gz)$", name, re.IGNORECASE):
        return ""
    return caption_in_name(name)


def _from_note(photos: Sequence[Leaf], note: Note) -> dict[str, str]:
    text = unicodedata.normalize("NFKC", note.text[:_MOST_TEXT])
    found = dict(_by_name(photos, text))
    if note.is_report:
        return found
    numbered = _numbered(text)
    for path, number in _numbers(photos, len(numbered)).items():
        if number in numbered:
            found.setdefault(path, numbered[number])
    return found


def _by_name(photos: Sequence[Leaf], text: str) -> Iterator[tuple[str, str]]:
    """Find ``IMG_1234.jpg：生产车间``, or the same with a tab between."""
    lines = text.splitlines()
    for photo in photos:
        name = unicodedata.normalize("NFKC", photo.name).lower()
        stem = re.sub(r"\.[a-z0-9]{2,5}$", "", name)
        for line in lines:
            low = line.lower()
            at = low.find(name)
            length = len(name)
            if at < 0 and len(stem) >= 4:
                at, length = low.find(stem), len(stem)
            if at < 0:
                continue
            rest = re.match(r"[\"”》】)）]*\s*(?:[:、\-—–=,，\t]|是|为)+\s*(.+)", line[at + length :])
            caption = _clean(re.split(r"[;\t]", rest[1])[0]) if rest else ""
            if len(caption) >= _SHORTEST:
                yield photo.path, caption
                break


def _numbered(text: str) -> dict[int, str]:
    """Return the captions of ``照片1：…`` or of a numbered list under a heading such as ``照片说明``."""
    found: dict[int, str] = {}
    for match in _NUMBERED.finditer(text):
        caption = _clean(_NEXT.split(match["caption"])[0])
        if len(caption) >= _SHORTEST:
            found.setdefault(_value(match["number"]), caption)
    if found:
        return found
    head = _LIST_HEAD.search(text)
    if head is not None:
        for match in _LISTED.finditer(text, head.end()):
            found.setdefault(_value(match["number"]), _clean(match["caption"]))
    return found


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    if len(number) == 2:
        return 10 + _DIGITS.get(number[1], 0)
    return _DIGITS.get(number, 0)


def _numbers(photos: Sequence[Leaf], listed: int) -> dict[str, int]:
    """Return each photo's number: the one in its name, or its place where the list is as long as the photos."""
    named: dict[str, int] = {}
    for photo in photos:
        stem = unicodedata.normalize("NFKC", re.sub(r"\.[A-Za-z0-9]{2,5}$", "", photo.name))
        match = _NAME_NUMBER.search(stem)
        if match is not None and not re.search(r"\d{3,}", stem):
            named[photo.path] = _value(match[1])
    if len(named) == len(photos) and len(set(named.values())) == len(named):
        return named
    if listed == len(photos):
        return {photo.path: place for place, photo in enumerate(photos, 1)}
    return named
