"""Names of enterprises (企业名称): cleaned, compared, found in texts. Placeholders are told from names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from parsers.names.places import PLACES
from parsers.text.firm_words import (
    BODY_ENDINGS,
    FIRM_ENDINGS,
    LEGAL_FORMS,
    SHORT_LEGAL_FORMS,
    is_blank_word,
    is_stand_in,
    says_self,
)


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name read somewhere (名称来源): the same fields as ``store.dossier.dossier.NameClaim``.

    ``confidence`` (0 to 1) is about this being the applicant, not only about the letters.
    """

    name: str
    source: str
    confidence: float
    where: str = ""


class Sameness(StrEnum):
    """Whether two names are one enterprise's (是否同一单位)."""

    CERTAIN = "certain"
    LIKELY = "likely"
    """Differs by what OCR confuses, by the legal form, or by a missing place: a person should look."""
    NO = "no"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPENING = "（([【〔［[{｛<＜《「『“\"'"
_CLOSING = "）)]】〕］]}｝>＞》」』”\"'"
_BRACKETS = str.maketrans(
    {**dict.fromkeys("（【〔［[{｛〈＜<", "("), **dict.fromkeys("）】〕］]}｝〉＞>", ")")},
)
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·•・_＿\"'“”‘’「」『』《》,，。、;；:：!！?？~～`|｜*＊]+")

_CONFUSED = frozenset(
    frozenset(pair)
    for pair in _words(
        "末未 土士 日曰 已己 己巳 已巳 入人 人八 千干 干于 千于 戊戌 戌戍 大太 太犬 大犬 天夭 王玉 玉五 木本 "
        "木术 白自 自目 目日 "
        "田由 由甲 甲申 田甲 由申 贝见 今令 免兔 侯候 洲州 辛幸 拔拨 沫沬 汩汨 祟崇 壁璧 竟竞 薄簿 弛驰 晴睛 "
        "清请 情清 清淸 "
        "科料 枓科 技枝 机杌 机朹 械槭 电屯 能熊 源漾 新薪 杭抗 航杭 浙淅 断浙 江汀 宁宇 波坡 湖溯 嘉喜 喜熹 "
        "绍绐 兴共 金全 "
        "金余 余佘 华毕 华崋 衢瞿 丽郦 鑫森 盛晟 晟威 恒桓 桓垣 恒亘 达迏 远运 运达 通逋 讯迅 信倍 伟纬 炜伟 "
        "炜玮 玮纬 瑞端 端湍 "
        "祥样 详祥 洋样 泽译 译泽 铎泽 润闰 涧润 阀阔 闽阀 阐阀 轴铀 铀铂 铝铅 铜钢 钢纲 钢铜 纲网 冈网 模膜 "
        "模摸 塑朔 塑愬 型刑 "
        "精情 精睛 工土 工王 业亚 亚业 丰半 车东 东乐 乐东 风凤 凤夙 龙尤 尤龙 飞乙 国囯 国围 圆园 园固 圆圓 "
        "德徳 徳得 强弻 "
        "智知 慧惠 彗慧 光尤 光先 先光 克兑 兑克 元无 元兀 万方 方万 力刀 刀力 九几 兀几 几九 三二 二三 一— 口囗 "
        "山出 石右 古占 "
        "台合 合台 会合 有冇 有肓 限根 限眼 公么 公分 司可 司同 股般 股殷 份分 份仍 份忿 任仕 任件 责贵 集隼 "
        "集焦 团囤 团困"
    )
)
"""Pairs that OCR takes for each other; only such slips may be forgiven."""


_NO_BRANDS = _words("请问 我们 你们 他们 本 我 贵 该 各 某 其 这家 那家 一家 请问贵")
"""Words that stand before a legal form in a sentence and are no firm's brand (请问有限公司和股份公司都能报吗)."""


def normalise_name(name: str) -> str:
    """Return the name as it is compared: NFKC, one kind of brackets, no blanks, quotes or marks, small Latin letters.

    The legal form stays: 有限公司, 有限责任公司 and 股份有限公司 are different names.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    plain = _NOISE.sub("", plain).strip("-—.()（）") if not plain.rstrip().endswith(")") else _NOISE.sub("", plain)
    plain = re.sub(r"\((?:盖章|公章|签章|盖公章|加盖公章|全称|章)\)$", "", plain)
    return plain.strip("-—.").casefold()


def clean_name(name: str) -> str:
    """Return the name as people read it: full-width brackets, no blanks between Chinese characters, no label left."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS).strip()
    plain = re.sub(
        r"^(?:申报企业|申报单位|推荐单位|推荐|企业名称|单位名称|公司名称)?(?:\((?:全称|盖章)\))?[::]\s*", "", plain
    )
    plain = re.sub(r"^\([^()]{1,8}\)", "", plain)
    plain = re.sub(r"\((?:盖章|公章|签章|盖公章|加盖公章|全称|章)\)$", "", plain)
    plain = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", plain)
    return plain.strip(" -—.,;:、。").replace("(", "（").replace(")", "）")


def is_placeholder(name: str) -> bool:
    """Whether this is the blank's own words or a stand-in (XX公司, 某某企业, 公司名称) and no name."""
    plain = normalise_name(name)
    if len(plain) < 2 or not any(character.isalpha() for character in plain):
        return True
    return is_blank_word(name) or is_stand_in(plain)


def is_company(name: str) -> bool:
    """Whether this reads as the full name of an enterprise: it ends as one does, and is no placeholder."""
    plain = normalise_name(name)
    if not 5 <= len(plain) <= 50 or not plain.endswith(FIRM_ENDINGS) or is_placeholder(name):
        return False
    return _core(plain) not in _NO_BRANDS


def is_body(name: str) -> bool:
    """Whether this reads as an association or an office: who recommends, not who applies."""
    plain = normalise_name(name)
    plain = re.sub(r"\([^()]*\)$", "", plain)
    return plain.endswith(BODY_ENDINGS)


def names_a_body(words: str) -> bool:
    """Whether the field 推荐单位 names somebody: not blank, no words of a template, no 自荐 in whatever words."""
    return len(normalise_name(words)) >= 4 and not says_self(words) and not is_placeholder(words)


def same_company(left: str, right: str) -> Sameness:
    """Compare two names of enterprises; empty names and placeholders are nobody's."""
    one, other = normalise_name(left), normalise_name(right)
    if not one or not other or is_placeholder(one) or is_placeholder(other):
        return Sameness.NO
    if one == other or one.replace("(", "").replace(")", "") == other.replace("(", "").replace(")", ""):
        return Sameness.CERTAIN
    if _core(one) == _core(other) and len(_bare(_core(one))) >= 2:
        return Sameness.LIKELY
    if _without_place(one) == _without_place(other) and len(_bare(_core(_without_place(one)))) >= 2:
        # 甲科技有限公司 and 浙江甲科技有限公司; two different places are two different firms.
        return Sameness.LIKELY if _place_missing(one, other) else Sameness.NO
    return Sameness.LIKELY if _ocr_slip(one, other) else Sameness.NO


def short_name(name: str) -> str:
    """Return what people call the firm (简称): 衢州星辰传感技术有限公司 without place and legal form, 星辰传感技术."""
    return _without_place(_core(normalise_name(name)))


def mention(text: str, name: str) -> float:
    """Return how surely a text (a folder, a file name, a subject) speaks of this firm, 0 to 1.

    1.0: the full name stands there. 0.9: name without its legal form. 0.8: the whole short name. Less: the
    beginning of the short name, four characters 0.7, three 0.6, two 0.5.
    """
    plain, full = normalise_name(text), normalise_name(name)
    short = short_name(name)
    if not plain or not full:
        return 0.0
    if full in plain:
        return 1.0
    if len(_core(full)) >= 4 and _core(full) in plain:
        return 0.9
    if len(short) >= 4 and short in plain:
        return 0.8
    for length, weight in ((4, 0.7), (3, 0.6), (2, 0.5)):
        if len(short) >= length and short[:length] in plain:
            return weight
    return 0.0


def _core(plain: str) -> str:
    """Return the name without its legal form."""
    for form in LEGAL_FORMS:
        if plain.endswith(form):
            return plain[: -len(form)]
    return plain


def _bare(core: str) -> str:
    return _without_place(core)


@lru_cache(maxsize=4096)
def _without_place(plain: str) -> str:
    found = True
    while found:
        found = False
        for place in PLACES:
            if plain.startswith(place) and len(plain) > len(place) + 1:
                rest = plain[len(place) :]
                plain = rest[1:] if rest[0] in "省市县区" else rest
                found = True
                break
    return re.sub(r"\([^()]*\)", "", plain)


def _place_missing(one: str, other: str) -> bool:
    """Whether one name only lacks a place that the other has."""
    return one in other or other in one or _places_in(one) <= _places_in(other) or _places_in(other) <= _places_in(one)


def _places_in(plain: str) -> frozenset[str]:
    return frozenset(place for place in PLACES if place in plain)


def _ocr_slip(one: str, other: str) -> bool:
    """Whether the names differ only by characters that OCR confuses, at most one in six."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        # A character lost at the edge of a seal or a box, in a long name.
        return (
            len(long) >= 9
            and len(long) - len(short) == 1
            and Levenshtein.distance(short, long) == 1
            and (
                long.startswith(short)
                or long.endswith(short)
                or (short.endswith(FIRM_ENDINGS) and _core(short) == _core(long))
            )
        )
    slips = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(slips) * 6 <= len(one) and all(frozenset(pair) in _CONFUSED for pair in slips)


_NAME_BODY = r"[\u3400-\u9fff A-Za-z0-9（）()·]{2,36}?"
_NAME = re.compile(rf"{_NAME_BODY}(?:{'|'.join(SHORT_LEGAL_FORMS)}|(?:股份|集团|总)公司|合作社)")
_LEAD = re.compile(
    r"^.*(?:现将|附件是|附上|提交|报送|推荐|关于|这是|我是|我们是|来自|我单位|我公司|我司|本公司|公司为|单位为|企业为|申报单位|申报企业|"
    r"推荐单位|母公司|子公司|企业名称|单位名称|公司名称|企业全称|申报材料|优秀案例|案例报告|推荐表|代表|代为|转发|请查收|收到|以及|还有|其中|分别是|"
    r"分别为|包括|第[一二三四五六七八九十]家|[一二三四五六七八九十\d]+[、.．)）])\s*(?=.{2,}(?:公司|合作社))(?!股份|有限|公司)"
)
_READ_AT_MOST = 20_000
"""Characters of a text in which names are looked for: whoever names a firm does so near the beginning."""

_LINKS = "由为和与及将向是在给对的请代替受"
"""Single words before a name; only before a place are they certainly no part of it."""


def find_companies(text: str) -> tuple[str, ...]:
    """Return the full names of enterprises in a text, each once, in order of appearance, without words before them."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(unicodedata.normalize("NFKC", text[:_READ_AT_MOST])):
        name = clean_name(_trim(match.group(), follows=match.start() > 0 and bool(found)))
        if is_company(name):
            found[name] = None
    return tuple(found)


def _trim(words: str, *, follows: bool) -> str:
    """Cut what stands before the name: words that are no part of one, and whatever long words stand before a place."""
    plain = re.sub(
        r"^附件\s*[一二三四五六七八九十\d]*[\s、:.．_-]+|^\d{1,2}(?=[一二三四五六七八九十])", "", words.strip()
    )
    plain = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", plain)
    last = plain.rsplit(" ", 1)[-1]
    if re.search(r"[\u3400-\u9fff]", last):
        plain = last
    if lead := _LEAD.match(plain):
        plain = plain[lead.end() :]
    elif follows and plain[:1] in {"和", "与", "及"}:
        plain = plain[1:]
    start = _place_begins(plain)
    if start > 0 and (start > _LONGEST_BRAND or plain[start - 1] in _LINKS):
        plain = plain[start:]
    opening = plain.find("(")
    if ")" in plain and (opening < 0 or plain.find(")") < opening):
        plain = plain[plain.find(")") + 1 :]
    return _from_open_bracket(plain)


_LONGEST_BRAND = 4
"""Characters before a place that may still be a brand (正大安吉食品有限公司); more are a sentence."""


def _place_begins(plain: str) -> int:
    """Return where the first place stands outside brackets; -1 where there is none."""
    starts = [
        at for name in PLACES if (at := plain.find(name)) >= 0 and (plain[at - 1 : at] != "(" or ")" not in plain[at:])
    ]
    return min(starts, default=-1)


def _from_open_bracket(plain: str) -> str:
    """Cut up to a bracket that never closes: 我司（浙江甲有限公司 begins inside it."""
    return plain.rsplit("(", 1)[1] if plain.count("(") > plain.count(")") else plain
