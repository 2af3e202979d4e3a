"""What the name of a heading means (章节名的含义): which part of the report it announces, and how plainly.

A grammar, not a list: Chinese puts the head noun last, so a heading is cut at its joiners (与 及 和 、) and each piece
is judged by the noun it ends with and by what stands before it: 企业概况, 公司基本情况, 主要做法与成效, 启示与思考.
The names that the notice itself uses come from the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

INTRO, OVERVIEW, PRACTICE, INSIGHT = "intro", "overview", "practice", "insight"
ORDER = (INTRO, OVERVIEW, PRACTICE, INSIGHT)
"""The parts in the order in which a report has them."""


class Strength(IntEnum):
    """How plainly a heading names a part (名称把握)."""

    NONE = 0
    HINT = 1
    """A word of that part stands somewhere in it."""
    WEAK = 2
    """It ends in a noun of that part, after words we do not know."""
    PLAIN = 3
    """Nothing else could be meant."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading may announce: part key to strength. ``aside`` is matter outside the parts (附录, 参考文献)."""

    strengths: dict[str, Strength] = field(default_factory=dict)
    aside: bool = False

    def of(self, part: str) -> Strength:
        """Return how plainly it names this part."""
        return self.strengths.get(part, Strength.NONE)

    @property
    def plain(self) -> str:
        """The one part that it plainly names; empty where none, or several."""
        named = [part for part, strength in self.strengths.items() if strength is Strength.PLAIN]
        return named[0] if len(named) == 1 and len(self.strengths) == 1 else ""

    @property
    def combined(self) -> bool:
        """Whether it announces two parts at once (背景与概况)."""
        return len([part for part, strength in self.strengths.items() if strength >= Strength.WEAK]) > 1


_FIRM = r"(?:本|我|该)?(?:案例)?(?:企业|公司|集团|单位|厂|主体|组织|我们|我司)(?:的|之)?"
_ABOUT = r"(?:主要|重点|核心|具体|典型|特色|创新|关键|重要|若干|几点|几个|相关|有关|基本|总体|整体|实际|实践|工作|成功|先进|本|其)"
_MATTER = (
    r"(?:案例|项目|课题|研究|分析|选题|实施|撰写|报告|时代|行业|发展|产业|政策|宏观|市场|企业|公司|集团|专精特新|专业化|精细化|"
    r"特色化|新颖化|创新型|创新|转型|升级|转型升级|高质量|改革|管理|经营|生产|技术|品牌|数字化|智能化|绿色|成长|推进|落实|"
    r"组织|战略|培育|建设|推广|应用|示范|借鉴|复制|取得|形成|采取|开展|运行|运营)"
)
_LOOSE = rf"(?:{_ABOUT}|{_MATTER}|的|之|性|化)*"
_TOLD = r"(?:介绍|简介|简述|概述|综述|说明|分析|阐述|陈述|情况|部分|内容|篇|章|板块)?"

_PLAIN: dict[str, tuple[str, ...]] = {
    INTRO: (
        r"(?:引言|引子|前言|导言|导语|导读|序言|序|绪论|绪言|开篇语?|开场白|卷首语|写在前面|写在前面的话|开篇的话|内容提要|摘要|"
        rf"引论|楔子|序章|序幕){_TOLD}",
        r"(?:案例|项目|课题|研究|分析|选题|实施|撰写|报告|时代|行业|产业|政策|宏观|市场|发展|相关|本案例?)*(?:的|之)?"
        rf"(?:背景|缘起|缘由|由来|起因|动因)(?:[与和及](?:目的|意义|必要性|动因|缘起|缘由|起因))?{_TOLD}",
        r"(?:案例|研究|报告|分析|撰写|写作|编写)(?:的|之)?(?:目的|意义|初衷|必要性)",
        r"(?:问题|课题|案例)(?:的|之)?提出",
    ),
    OVERVIEW: (
        rf"(?:{_FIRM})(?:基本|总体|整体|发展|经营|生产|自身|主要|简要|有关|相关)*(?:的|之)?"
        r"(?:概况|简介|介绍|情况|概述|概览|概貌|简况|简述|现状|历程|沿革|发展史|历史|画像|名片|档案|全貌|风貌|背景|发展历程|"
        r"基本面|基本信息|速览|掠影|素描|概要|状况|简史|家底|综述|基础)(?:介绍|说明|部分)?",
        r"(?:基本|总体|整体)(?:的)?(?:概况|情况|信息|状况|概述|面|简介)(?:介绍)?",
        r"(?:概况|单位简介|简况)",
        r"(?:关于|走进|认识|了解|初识|走近|解读|聚焦|初见)(?:我们|本?企业|本?公司|我司|集团)",
        r"(?:我们|企业|公司)是谁",
        r"(?:发展|成长|创业|历史)(?:历程|沿革|轨迹|简史)",
    ),
    PRACTICE: (
        rf"{_LOOSE}(?:做法|实践|举措|探索)(?:成效|成果|效果|经验){_TOLD}",
        rf"{_LOOSE}(?:经验)?(?:做法|举措|措施|实践|探索|行动|打法|成效|成果|成绩|效果|实效|抓手|办法){_TOLD}",
        rf"{_LOOSE}(?:实践|创新|发展|实施|成长|转型|推进|突破|培育|建设)(?:的|之)?(?:路径|策略|过程|内容|方案|之路|机制|道路)",
        r"(?:案例|主要|核心|正文|具体)(?:的)?(?:内容|正文|主体|详情)",
        r"(?:特色|创新|亮点)(?:与|和|及)?(?:特色|创新|亮点)",
        rf"(?:我们|{_FIRM})?(?:是)?(?:怎么|如何|怎样|这样)(?:做|干|破题|实践)(?:的)?",
        rf"(?:我们|{_FIRM})(?:的|是)?(?:主要|具体|创新)?(?:做法|实践|探索|行动|举措|打法)",
        rf"(?:我们|{_FIRM})?做了(?:什么|哪些)(?:事|工作)?",
    ),
    INSIGHT: (
        rf"{_LOOSE}(?:经验)?(?:启示|启发|启迪|体会|感悟|思考|心得|反思|思索){_TOLD}",
        r"(?:主要|基本|成功|重要|几点|若干|实践|发展|案例|工作|管理|宝贵|有益|可复制|可推广|可借鉴|专精特新|的)*"
        r"(?:经验)(?:总结|借鉴|推广|模式|提炼|归纳|分享|与推广|价值|体会|凝练|小结|输出)?",
        rf"{_LOOSE}(?:推广|借鉴|示范|复制|参考)(?:的|之)?(?:价值|意义|作用|性|应用|建议|前景)?",
        r"(?:案例|全文|实践|本文|简要|最后)*(?:总结|结语|结束语|结论|小结|尾声|余论|后记|结尾|结束)",
        r"(?:案例|实践|几点|重要|理论|现实)*(?:价值与意义|意义与价值|借鉴|建议|规律|收获|经验教训)",
        r"(?:经验|管理|成功)模式",
        rf"(?:给|带给|留给|写给)(?:我们|同行|{_FIRM}|中小企业|后来者|其他企业|他人|行业)的?(?:启示|启发|思考|建议|话|借鉴|经验)?",
    ),
}

_ENDS: dict[str, tuple[str, ...]] = {
    INTRO: ("背景", "缘起", "由来", "引言", "前言", "序", "提出", "导读", "初衷", "起点", "缘由", "挑战", "目的", "动因", "开篇"),
    OVERVIEW: (
        "概况", "简介", "基本情况", "历程", "沿革", "现状", "画像", "名片", "是谁", "档案", "掠影", "概貌", "简况", "风采",
        "公司介绍", "企业介绍", "发展史", "全景", "印象", "家底", "底色", "概览", "前世今生", "基本面", "基础",
    ),
    PRACTICE: (
        "做法", "举措", "措施", "实践", "探索", "成效", "路径", "行动", "打法", "之路", "之道", "策略", "成果", "实招", "方法",
        "创新", "突破", "攻坚", "故事", "机制", "体系", "办法", "抓手", "亮点", "答卷", "密码", "秘诀", "法宝", "过程", "解法",
    ),
    INSIGHT: (
        "启示", "启发", "经验", "思考", "体会", "感悟", "借鉴", "总结", "结语", "推广", "展望", "心得", "价值", "意义", "收获",
        "启迪", "未来", "规律", "回响", "可复制", "反思", "结论", "寄语", "建议", "余思", "镜鉴", "回顾", "道理",
    ),
}  # fmt: skip

_WORDS: dict[str, tuple[str, ...]] = {
    INTRO: ("引言", "前言", "导言", "导语", "序言", "绪论", "背景", "缘起", "由来", "为什么", "为何", "摘要", "开篇", "引子"),
    OVERVIEW: (
        "概况", "简介", "基本情况", "走进", "走近", "关于", "认识", "历程", "沿革", "初识", "我们是", "是一家", "公司介绍",
        "企业介绍", "发展现状", "是谁", "企业情况", "公司情况", "前世今生", "来路",
    ),
    PRACTICE: (
        "做法", "举措", "措施", "实践", "探索", "成效", "路径", "怎么做", "如何做", "怎样做", "怎么干", "行动", "打法", "特色",
        "创新", "坚持", "打造", "推进", "聚焦", "深耕", "强化",
    ),
    INSIGHT: (
        "启示", "启发", "经验", "思考", "体会", "感悟", "借鉴", "总结", "结语", "推广", "展望", "心得", "学到", "同行", "带来什么",
        "告诉我们", "结束语", "可复制", "说明了什么", "带走",
    ),
}  # fmt: skip

_ASIDE = re.compile(
    r"(?:参考文献|参考资料|附录.*|附件.*|附表.*|附图.*|致谢|鸣谢|联系(?:人|方式|我们).*|目录|目次|声明|注释|备注|作者简介|"
    r"报送单位.*|撰稿人?.*|执笔人?.*|资料来源.*|封面)"
)
_EITHER = {
    # Two readings, told apart by the place among the other headings.
    r"(?:案例|项目|本案|全文|总体)(?:的)?(?:概述|简介|介绍|概要|概况|综述|情况|基本情况|总述|摘要)": (INTRO, OVERVIEW),
    r"概述|综述|总述|总论|概要": (INTRO, OVERVIEW),
    r"(?:企业|公司|集团)?(?:的)?(?:荣誉|资质|成就|业绩|经营业绩|经营情况|运营绩效|核心能力|主要业务|主要产品|主营业务)": (OVERVIEW, PRACTICE),
    r"(?:典型|先进)(?:的)?经验": (PRACTICE, INSIGHT),
    r"(?:发展|成长|运营|创新|商业|专精特新)?(?:的)?模式": (PRACTICE, INSIGHT),
    r"(?:未来|今后|下一步)?(?:的)?(?:展望|规划|计划|打算|发展规划|发展展望|愿景|方向)": (INSIGHT,),
    r"(?:重要|现实|重大)?意义": (INTRO, INSIGHT),
    r"(?:面临|存在|发展)?(?:的)?(?:问题|困难|挑战|痛点|瓶颈|机遇|困境|难题)(?:与|和)?(?:挑战|机遇|困难|痛点)?": (INTRO, PRACTICE),
}  # fmt: skip

_PLAIN_RULES = {part: re.compile("|".join(f"(?:{rule})" for rule in rules)) for part, rules in _PLAIN.items()}
_WORD_RULES = {part: re.compile("|".join(map(re.escape, words))) for part, words in _WORDS.items()}
_EITHER_RULES = tuple((re.compile(rule), parts) for rule, parts in _EITHER.items())
_HAN = re.compile(r"[\u4e00-\u9fff]")
_JOINER = re.compile(r"以及|[与及和、/／暨&＆＋+，,·•]")
_SPACES = re.compile(r"\s+")
_DECORATION = re.compile(
    r"^[\s【\[「『〔《<＜（(◆■●▲★☆□○◇▶►➤※·•\-—－=~～|丨#*]+|[\s】\]」』〕》>＞）)◆■●▲★☆□○◇◀◄※：:。．.;；!！…\-—－=~～|丨#*]+$"
)
_GLOSS = re.compile(r"[（(][^（）()]{0,40}[）)]$")
_SPLIT = re.compile(r"[：:]|——|—|--|｜|\||　|\s")
_LONGEST = 60


def bare(text: str) -> str:
    """Return a heading without decoration, gloss in brackets and blanks: ``【引  言】`` becomes ``引言``."""
    text = _DECORATION.sub("", text[: 2 * _LONGEST].strip())
    without = _GLOSS.sub("", text)
    return _SPACES.sub("", _DECORATION.sub("", without or text))


@lru_cache(maxsize=4096)
def meaning(text: str, own: tuple[tuple[str, str], ...] = (), firms: tuple[str, ...] = ()) -> Meaning:
    """Return what a heading means. ``own`` are the call's names for its parts as (part, name) pairs, each name ``bare``.

    ``firms`` are names of the applicant, which count as 企业. The text comes without its number.
    """
    if len(text) > _LONGEST or not _HAN.search(text):
        return Meaning()
    whole = bare(text)
    for firm in firms:
        whole = whole.replace(firm, "企业")
    if not whole or _ASIDE.fullmatch(whole):
        return Meaning(aside=bool(whole))
    pieces = [bare(piece) for piece in _SPLIT.split(_DECORATION.sub("", text.strip()))]
    best: dict[str, Strength] = _judged(whole, own)
    if max(best.values(), default=Strength.NONE) < Strength.PLAIN:
        # 企业概况：三十年磨一剑, or the other way round: a piece may name the part plainly.
        for piece in pieces:
            judged = _judged(piece, own) if len(piece) > 1 else {}
            if len([part for part in judged if judged[part] is Strength.PLAIN]) == 1:
                return Meaning({part: rank for part, rank in judged.items() if rank is Strength.PLAIN})
    if max(best.values(), default=Strength.NONE) is Strength.PLAIN:
        best = {part: rank for part, rank in best.items() if rank >= Strength.WEAK}
    return Meaning(best)


def stems(text: str) -> frozenset[str]:
    """Return the parts of which any word stands in the text, for the question whether a part is really absent."""
    return frozenset(part for part, words in _WORDS.items() if any(word in text for word in words))


def _judged(text: str, own: tuple[tuple[str, str], ...]) -> dict[str, Strength]:
    """Judge one heading or piece of it: whole against the rules, else joined piece by piece."""
    for rule, parts in _EITHER_RULES:
        if rule.fullmatch(text):
            return dict.fromkeys(parts, Strength.WEAK)
    for part, name in own:
        if text in {name, name + "部分", name + "篇"}:
            return {part: Strength.PLAIN}
    plain = [part for part in ORDER if _PLAIN_RULES[part].fullmatch(text)]
    if len(plain) == 1:
        return {plain[0]: Strength.PLAIN}
    if plain:
        return dict.fromkeys(plain, Strength.WEAK)
    pieces = [piece for piece in _JOINER.split(text) if piece]
    if 1 < len(pieces) <= 5:
        joined: dict[str, Strength] = {}
        for piece in pieces:
            for part, strength in _judged(piece, own).items():
                joined[part] = max(strength, joined.get(part, Strength.NONE))
        if joined:
            whole = all(max(_judged(piece, own).values(), default=0) >= Strength.WEAK for piece in pieces)
            return joined if whole else {part: min(rank, Strength.WEAK) for part, rank in joined.items()}
    return _hinted(text)


def _hinted(text: str) -> dict[str, Strength]:
    hinted = {part: Strength.HINT for part in ORDER if _WORD_RULES[part].search(text)}
    ends = {
        part: max(len(end) for end in found if text.endswith(end))
        for part, found in _ENDS.items()
        if text.endswith(found)
    }
    if ends:
        longest = max(ends.values())
        hinted |= {part: Strength.WEAK for part, length in ends.items() if length == longest}
    return hinted
