"""What does a file's or a folder's name say about the picture? (文件名中的内容概要).

A name that a device, a program or a habit made says nothing; nor does a firm's name, a date or 照片1. Measured on the
names of ``tests/corpora/captions.toml``, written by somebody who had not read this.
"""

from __future__ import annotations

import re
import unicodedata

SHORTEST, LONGEST = 2, 120
"""Characters of a caption: one character is a slip, more than a line is a story."""
KIND = "(?:照片|图片|相片|附图|配图|图|Photo|photo|图例)"
DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
NUMBER = r"(?:\d{1,2}(?!\d)|十?[一二三四五六七八九十])"

# What cameras, phones, chat programs, scanners and screenshot keys call their files.
_DEVICE_WORDS = (
    "img|dsc[fn]?|dscn|pxl|p|pic|photo|image|mvimg|pano|cimg|sam|gopr|dji|vid|wp|scan|screenshot|mmexport|wx_camera|"
    "qq|tim|beauty|faceu|b612|microsoft|unnamed|untitled|download|temp|tmp|file|c|j|n"
)
_MACHINE_NAMES = re.compile(
    rf"""^(?:
      (?:{_DEVICE_WORDS})[\s_\-()]*[\d_\-.()\s]* |
      [\d_\-.()\s年月日时分秒上午下午:]+ |
      [0-9a-f]{{16,}} | [0-9a-f]{{8}}-[0-9a-f-]{{20,}} | (?=[A-Za-z0-9_\-]*\d)[A-Za-z0-9_\-]{{20,}} |
      (?:微信图片|微信截图|微信图片编辑|qq图片|qq截图|截图|截屏|屏幕截图|屏幕快照|企业微信截图|钉钉图片|捕获|未命名|新建|
         无标题|扫描|扫描全能王|拍照|相机|相机胶卷|ios\s?的图像|新建文件夹|新建\s?\w{{0,5}}\s?图像|inked微信图片|图像|图片|照片|相片|附图|图|画像|副本|幻灯片)[\s_\-()（）\d一二三四五六七八九十.上下午:：]*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_LEADING = re.compile(
    rf"^\s*(?:附件\s*\d*|{KIND}\s*[（(]?{NUMBER}[)）]?|\d{{1,2}}(?=[、.．\s_\-—])"
    r"|\([\d一二三四五六七八九十]{1,2}\))[\s、.．:：_\-—]*"
)
_TRAILING = re.compile(
    r"[\s_\-]*(?:[（(]\d{1,2}[)）]|副本|copy|\d{1,2}|_看图王|_压缩|\.(?:jpe?g|png|bmp|heic))$", re.IGNORECASE
)
_EMPTY_WORDS = re.compile(
    r"照片|图片|相片|配图|附图|现场图|现场(?=照片|图片)|素材|效果图|相关|支撑|证明|材料|附件|申报|案例|优秀|专精特新|报送|提供|企业|单位|公司|扫描件|电子版|"
    r"最终版|终版|终稿|定稿|修改版?|新版|原图|高清|推荐|发展|浙江省|[0-9一二三四五六七八九十年月日\W_]"
)
_EMPTY_LATIN = re.compile(
    rf"^(?:{_DEVICE_WORDS}|picture|pictures|images?|photos?|copy|final|new|jpe?g|png|nef|cr[23]|arw|dng|no|fig|zip)$",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"^[\w（）()·]{2,30}?(?:股份有限公司|有限责任公司|有限公司|集团|工厂|厂|股份|公司)")


def caption_in_name(name: str) -> str:
    """Return what a file's name says about the picture; empty where a device or a habit made the name."""
    stem = unicodedata.normalize("NFKC", stem_of(name.strip())).strip()
    if _MACHINE_NAMES.match(stem):
        return ""
    text = _TRAILING.sub("", _LEADING.sub("", stem)).strip(" _-—、.:：")
    if _MACHINE_NAMES.match(text) or is_empty(text):
        return ""
    return clean(text)


def stem_of(name: str) -> str:
    """Return a file's name without its ending."""
    return re.sub(r"\.[A-Za-z0-9]{2,5}$", "", name)


def is_empty(text: str) -> bool:
    """Whether nothing is left once company names and words that fit every photo are taken out."""
    rest = _EMPTY_WORDS.sub("", _COMPANY.sub("", text))
    if len(re.sub(r"[A-Za-z]", "", rest)) >= SHORTEST:
        return False
    return not any(_says_something(word) for word in re.findall(r"[A-Za-z]+", _with_digits_gone(text)))


def _with_digits_gone(text: str) -> str:
    """Take out what mixes letters and digits, as serial numbers and hashes do, and the names of apps (com.a.b)."""
    return re.sub(r"[A-Za-z]*\d[A-Za-z\d]*|[a-z]+(?:\.[a-z]+){2,}", " ", text)


def _says_something(word: str) -> bool:
    return len(word) >= SHORTEST and _EMPTY_LATIN.match(word) is None


def clean(text: str) -> str:
    """Return a caption in one line, without the marks round it, at most ``LONGEST`` characters."""
    return " ".join(text.split()).strip(' 。；;，,、—-_"“”').strip()[:LONGEST]


def number_in_name(name: str) -> int | None:
    """Return the number that a sender gave to a photo (照片2.jpg); none where a camera counted."""
    stem = unicodedata.normalize("NFKC", stem_of(name))
    match = re.search(rf"(?:{KIND}|^)[\s_\-]*[（(]?({NUMBER})[)）]?(?!\d)", stem)
    return None if match is None or re.search(r"\d{3,}", stem) else value_of(match[1])


def value_of(number: str) -> int:
    """Return what a number of one or two digits or Chinese signs is worth; 0 where it is none."""
    if number.isdigit():
        return int(number)
    if len(number) == 2:
        return 10 + DIGITS.get(number[1], 0)
    return DIGITS.get(number, 0)
