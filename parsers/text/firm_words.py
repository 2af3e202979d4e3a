"""Words that tell firms, bodies, 自荐 and empty blanks apart (名称用字): every list of them, told once.

What a firm is called ends in its legal form; who recommends is a body; where a form asks for a recommender, many
applicants write in one way or another that there is none; and a blank may hold the words of the template instead of an
answer. Rules, forms, seals, reports, captions and lists take these words from here, so that they cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata

LEGAL_FORMS = ("股份有限公司", "有限责任公司", "股份合作公司", "有限公司", "集团公司", "股份公司", "总公司", "公司")
"""Legal forms of companies, longest first where one ends in another."""

FIRM_ENDINGS = (
    *LEGAL_FORMS,
    "集团",
    "总厂",
    "厂",
    "合作社",
    "联合社",
    "研究院",
    "研究所",
    "设计院",
    "合伙企业",
    "事务所",
    "商行",
    "经营部",
    "工作室",
    "(有限合伙)",
    "(普通合伙)",
    "(特殊普通合伙)",
)
"""What the full name of whoever may apply ends in, brackets as ``normalise_name`` writes them."""

BLANK_ENDINGS = (*(one for one in FIRM_ENDINGS if not one.startswith("(")), "中心", "企业", "合伙", "支行", "分行")
"""What may end the blank for a firm beside these: there 数据中心 is a firm, in a sentence it may be anybody."""

BODY_ENDINGS = (
    "协会", "联合会", "促进会", "商会", "学会", "联盟", "企联", "工经联", "经信局", "经济和信息化局", "委员会",
)  # fmt: skip
"""What associations and offices end in: who recommends, not who applies."""

RECOMMENDER_ENDINGS = (
    *("会", "局", "厅", "中心", "办公室", "政府", "公司", "联盟", "院", "所", "集团", "园区", "街道", "镇", "乡", "部"),
    *("企联", "工经联"),
)
"""What may end the blank for a recommender: far more than the bodies that the notice allows."""

SEAL_ENDINGS = (*FIRM_ENDINGS[:-3], *BODY_ENDINGS, "总会", "分会", "局", "中心", "大学", "学院")
"""What the name in a seal's ring ends in: whoever has a seal."""

SHORT_LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司")
"""Endings that make a name of the words before them wherever they stand in a sentence."""

_SELF = re.compile(
    "自荐|自推荐|自我推荐|自主推荐|自行推荐|自主申报|自行申报|自愿申报|自己申报|自主报送|自行报送|直接申报|直接报送|自报|自申报"
)
_OF_ITSELF = frozenset(
    [
        "本单位",
        "本企业",
        "本公司",
        "我单位",
        "我公司",
        "我司",
        "同申报企业",
        "同申报单位",
        "同上",
        "申报企业自身",
        "分会会员单位",
        "会员单位",
        "分会会员",
    ]
)
_BLANK_WORDS = frozenset(
    [
        "公司名称",
        "企业名称",
        "单位名称",
        "企业全称",
        "公司全称",
        "单位全称",
        "申报企业",
        "申报单位",
        "申报企业全称",
        "全称",
        "名称",
        "案例名称",
        "推荐单位",
        "盖章",
        "公章",
        "无",
        "暂无",
        "没有",
        "空",
        "待定",
        "待填",
        "不填",
        "未填",
        "无推荐单位",
        "无推荐",
        "本公司",
        "我公司",
        "贵公司",
        "我司",
        "本企业",
        "我企业",
        "本单位",
        "我单位",
        "某公司",
        "某企业",
        "某某公司",
        "某某企业",
        "企业",
        "公司",
        "单位",
        "有限公司",
        "股份有限公司",
        "有限责任公司",
        "集团公司",
        "股份公司",
        "测试",
        "示例",
        "样例",
        "测试公司",
        "示例公司",
        "样例公司",
        "test",
        "请填写",
        "请填写全称",
        "填写企业全称",
        "此处填写",
        "企业盖章",
        "单位盖章",
        "公司盖章",
        "年月日",
        "同意推荐",
        "na",
    ]
)
_STAND_IN = re.compile(
    r"(?:[x×✕✖Ⅹ○〇□■_\-—.…*＊#某甲乙丙a-c\d](?:省|市|县|区)?)+"
    r"(?:科技|实业|机械)?(?:股份有限公司|有限责任公司|有限公司|公司|集团|企业|单位|协会|厂)?",
    re.IGNORECASE,
)
_BLANKED = re.compile(r"[xX×]{2,}|某某|\*{2,}|＊{2,}|_{2,}|…{1,}|\.{3,}")
_MARKS = re.compile(r"[\W_]+")


def says_self(words: str) -> bool:
    """Whether the words in place of a recommender say that there is none (自荐, 自行申报, 本单位, 会员单位自荐 …).

    A body's name beside them is an answer: 经…协会推荐 is no 自荐.
    """
    plain = _fold(words.replace("薦", "荐"))
    if not plain or any(ending in plain for ending in ("协会推荐", "联合会推荐", "商会推荐")):
        return False
    return plain in _OF_ITSELF or _SELF.search(plain) is not None


def is_blank_word(words: str) -> bool:
    """Whether the words are no answer but what stood in a template (XX公司, 待定, ____, 某某企业, 盖章)."""
    folded = _fold(words)
    return not folded or folded in _BLANK_WORDS or bool(_BLANKED.search(words))


def is_stand_in(name: str) -> bool:
    """Whether this is a made-up firm of examples (甲公司, XX市XX科技有限公司, ABC集团); ``name`` is normalised."""
    return bool(_STAND_IN.fullmatch(name))


def _fold(words: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", words)).casefold()
