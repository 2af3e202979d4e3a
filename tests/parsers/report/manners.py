"""Reports in many manners of writing and formatting, whose title, parts and lengths are known."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from flows.demo.prose import paragraphs
from flows.demo.reports import chart
from parsers.text.count import count_words
from tests.parsers.report.made_word import MadeWord, paragraph, run, said

INTRO, OVERVIEW, PRACTICE, INSIGHT = PARTS = ("intro", "overview", "practice", "insight")


@dataclass(frozen=True)
class Naming:
    """The main headings of a report: part key to its headings; a part without any is left out."""

    intro: tuple[str, ...]
    overview: tuple[str, ...]
    practice: tuple[str, ...]
    insight: tuple[str, ...]
    lead: bool = False
    """The introduction stands at the start without a heading."""

    def of(self, part: str) -> tuple[str, ...]:
        found = getattr(self, part)
        assert isinstance(found, tuple)
        return found


def named(intro: str, overview: str, practice: str, insight: str, *, lead: bool = False) -> Naming:
    def cut(text: str) -> tuple[str, ...]:
        return tuple(text.split("|")) if text else ()

    return Naming(cut(intro), cut(overview), cut(practice), cut(insight), lead)


NAMINGS = (
    named("引言", "企业概况", "特色实践", "经验启示"),
    named("前言", "企业简介", "主要做法", "启示与思考"),
    named("背景", "公司概况", "具体举措与成效", "经验总结"),
    named("案例背景", "企业基本情况", "创新实践", "推广价值"),
    named("", "基本情况", "做法成效", "经验模式"),
    named("导语", "公司简介", "坚持专业化深耕主业|坚持精细化向管理要效益|坚持创新驱动攻克关键技术", "几点启示"),
    named("", "企业概况", "主要做法", "经验启示", lead=True),
    named("摘要", "关于企业", "实践探索", "结语"),
    named("写在前面", "走进企业", "我们的做法", "给同行的启示"),
    named("前言", "企业发展历程", "实施路径与成效", "总结与展望"),
    named("引言部分", "概况", "做法", "启示"),
    named("实施背景", "企业情况", "主要做法|实施效果", "推广意义"),
    named("引言", "企业概况：深耕轴承三十年", "特色实践：以专注铸就单项冠军", "经验启示：小企业也能办大事"),
    named("背景与意义", "企业基本情况介绍", "专精特新发展之路", "经验与启示"),
)


@dataclass
class Manner:
    """How the report is formatted (排版手法) and what else stands in it."""

    headings: str
    numbers: str
    cover: str = ""
    contents: str = ""
    subheads: str = "（一）"
    noise: tuple[str, ...] = ()


HEADINGS = (
    "style",
    "outline",
    "derived-style",
    "automatic",
    "automatic-style",
    "bold",
    "bold-big",
    "big",
    "centred",
    "plain",
    "bracket",
    "run-in",
    "soft-return",
    "text-box",
    "framed",
    "spaced",
)
NUMBERS = ("一、", "第一部分", "1.", "壹、", "none", "（一）", "01 ", "Ⅰ.")
_DIGITS = "一二三四五六七八九十"
_LEGAL = "壹贰叁肆伍陆柒捌玖拾"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
SUBHEADS = (
    "聚焦主业，把产品做到极致",
    "研发背景与立项",
    "加强管理，降本增效",
    "数字赋能，打造智能车间",
    "主要成效",
    "以人为本，建设人才队伍",
    "协同上下游，稳链强链",
    "经验做法的固化与推广",
)

STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    "<w:rPr><w:b/></w:rPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="x1"><w:name w:val="黑体一级"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="n1"><w:name w:val="编号一级"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
)
COMPANIES = ("浙江远衡精密机械有限公司", "宁海县恒固紧固件股份有限公司", "杭州澜图传感科技有限公司")
CENTRED = '<w:jc w:val="center"/>'


@dataclass
class Truth:
    """What the reader ought to find."""

    title: str
    words: dict[str, int] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)


@dataclass
class Sample:
    data: bytes
    truth: Truth
    what: str


def number(style: str, index: int) -> str:
    place = index % 10
    return {
        "一、": f"{_DIGITS[place]}、",
        "第一部分": f"第{_DIGITS[place]}部分  ",
        "1.": f"{index + 1}.",
        "壹、": f"{_LEGAL[place]}、",
        "（一）": f"（{_DIGITS[place]}）",
        "01 ": f"0{index + 1} ",
        "Ⅰ.": f"{_ROMAN[place]}.",
        "none": "",
    }[style]


class Writer:
    """Writes one report in one manner."""

    def __init__(self, naming: Naming, manner: Manner, seed: int, tone: str = "") -> None:
        self.naming = naming
        self.manner = manner
        self.tone = tone
        self.rng = random.Random(seed)
        self.word = MadeWord(styles=STYLES, numbering=NUMBERING)
        self.blocks: list[str] = []
        self.company = self.rng.choice(COMPANIES)
        self.product = self.rng.choice(("精密轴承", "高强螺栓", "压力传感器"))
        self.title = self.rng.choice(
            (
                f"{self.product}企业关键核心技术突破机制",
                f"小{self.product}撬动大市场——隐形冠军成长路径",
                "匠心深耕三十载 专精特新谱新篇",
                f"从跟跑到领跑：{self.product}国产替代之路",
            )
        )
        self.truth = Truth(self.title)
        self.index = 0

    def write(self) -> Sample:
        self._front()
        lengths = {INTRO: 300, OVERVIEW: 800, PRACTICE: 5200, INSIGHT: 950}
        for part in PARTS:
            heads = self.naming.of(part)
            if part == INTRO and self.naming.lead:
                self.truth.words[part] = self._text(part, 260)
                continue
            if not heads:
                continue
            share = int(lengths[part] * self.rng.uniform(0.75, 1.25)) // len(heads)
            self.truth.words[part] = sum(self._section(part, head, share, first=n == 0) for n, head in enumerate(heads))
        self._back()
        blocks = self.blocks
        if self.manner.headings == "framed":
            blocks = ["<w:tbl><w:tr><w:tc>", *self.blocks, "</w:tc></w:tr></w:tbl><w:p/>"]
        self.word.add(*blocks)
        what = f"{self.manner} {[self.naming.of(part) for part in PARTS]}"
        return Sample(self.word.save(), self.truth, what)

    def _front(self) -> None:
        cover = self.manner.cover
        if cover == "form":
            self.blocks += [
                said("附件2", "", ""),
                said("浙江省专精特新企业发展优秀案例", '<w:b/><w:sz w:val="52"/>', CENTRED),
                said("案例报告", '<w:b/><w:sz w:val="52"/>', CENTRED),
                said(f"案例名称：{self.title}"),
                said(f"申报企业：{self.company}"),
                said("报送时间：2026年5月8日"),
                paragraph('<w:r><w:br w:type="page"/></w:r>'),
            ]
        elif cover == "style":
            self.blocks.append(said(self.title, "", '<w:pStyle w:val="t"/>'))
            self.blocks.append(said(self.company, "", CENTRED))
        elif cover == "subtitle":
            self.blocks.append(said(self.title, '<w:b/><w:sz w:val="44"/>', CENTRED))
            self.blocks.append(said(f"——{self.company}", "", CENTRED))
        elif cover == "two-lines" and "——" in self.title:
            first, _, second = self.title.partition("——")
            self.blocks.append(said(first, '<w:b/><w:sz w:val="44"/>', CENTRED))
            self.blocks.append(said("——" + second, '<w:sz w:val="32"/>', CENTRED))
        else:
            self.blocks.append(said(self.title, '<w:b/><w:sz w:val="36"/>', CENTRED))
        if self.manner.contents:
            self._contents()

    def _contents(self) -> None:
        self.blocks.append(said("目  录", "<w:b/>", CENTRED))
        heads = [head for part in PARTS for head in self.naming.of(part)]
        for index, head in enumerate(heads):
            text = number(self.manner.numbers, index) + head
            if self.manner.contents == "typed":
                text += "…………" + str(index * 2 + 1)
            elif self.manner.contents == "tabbed":
                text += f"\t{index * 2 + 1}"
            self.blocks.append(said(text))
        self.blocks.append(paragraph('<w:r><w:br w:type="page"/></w:r>'))

    def _section(self, part: str, head: str, length: int, *, first: bool) -> int:
        self._heading(head)
        words = self._text(part, length, run_in=self._pending)
        if part == PRACTICE and first and "figure" in self.manner.noise:
            words += self._figure()
        if part == OVERVIEW and "table" in self.manner.noise:
            words += self._table()
        return words

    _pending: str = ""

    def _heading(self, head: str) -> None:
        manner = self.manner.headings
        shown = head
        if manner == "bracket":
            shown = f"【{head}】"
        elif manner == "spaced" and len(head) == 2:
            shown = f"{head[0]}　　{head[1]}"
        typed = "" if manner in {"automatic", "automatic-style"} else number(self.manner.numbers, self.index)
        self.index += 1
        text = typed + shown
        self.truth.headings.append(text)
        self._pending = ""
        looks = {
            "style": ("", '<w:pStyle w:val="1"/>'),
            "outline": ("", '<w:outlineLvl w:val="0"/>'),
            "derived-style": ("", '<w:pStyle w:val="x1"/>'),
            "automatic": ("<w:b/>", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
            "automatic-style": ("", '<w:pStyle w:val="n1"/>'),
            "bold": ("<w:b/>", ""),
            "bold-big": ('<w:b/><w:sz w:val="32"/>', ""),
            "big": ('<w:sz w:val="36"/>', ""),
            "centred": ("<w:b/>", CENTRED),
            "plain": ("", ""),
            "bracket": ("<w:b/>", ""),
            "framed": ("<w:b/>", ""),
            "spaced": ('<w:b/><w:sz w:val="32"/>', CENTRED),
        }
        if manner in {"run-in", "soft-return"}:
            self._pending = text + ("：" if manner == "run-in" else "\n")
        elif manner == "text-box":
            box = f"<w:txbxContent>{said(text, '<w:b/>')}</w:txbxContent>"
            self.blocks.append(
                paragraph(f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>")
            )
        else:
            self.blocks.append(said(text, *looks[manner]))

    def _text(self, part: str, length: int, run_in: str = "") -> int:
        """Write the text of a part and return how many 字 it has, sub-headings and noise included."""
        heads = self.rng.sample(SUBHEADS, 3) if part == PRACTICE and length > 1500 and self.manner.subheads else []
        words = 0
        for place in range(max(1, len(heads))):
            if heads:
                words += self._subhead(place, heads[place])
            for text in paragraphs(
                self.rng, length // max(1, len(heads)), self.tone or part, self.company, self.product
            ):
                words += count_words(text)
                self._body(text, run_in)
                run_in = ""
        if part == PRACTICE and "list" in self.manner.noise:
            for text in ("1.建立质量追溯台账", "2.推行班组长负责制", "3.每月开展技能比武"):
                self.blocks.append(said(text))
                words += count_words(text)
        return words

    def _subhead(self, place: int, head: str) -> int:
        style = self.manner.subheads
        numbers = {"（一）": f"（{_DIGITS[place]}）", "1.": f"{place + 1}.", "bold": "", "3.1": f"3.{place + 1} "}
        text = numbers[style] + head
        looks = "<w:b/>" if style == "bold" or "bold-subheads" in self.manner.noise else ""
        properties = '<w:pStyle w:val="2"/>' if self.manner.headings in {"style", "derived-style"} else ""
        self.blocks.append(said(text, looks, properties))
        return count_words(text)

    def _body(self, text: str, run_in: str) -> None:
        if run_in.endswith("\n"):
            inner = [run(run_in[:-1], "<w:b/>"), "<w:r><w:br/></w:r>", run(text)]
        elif run_in:
            inner = [run(run_in, "<w:b/>"), run(text)]
        elif "bold-leads" in self.manner.noise and self.rng.random() < 0.3:
            at = text.index("，")
            inner = [run(text[:at], "<w:b/>"), run(text[at:])]
        else:
            inner = [run(text)]
        self.blocks.append(paragraph(*inner, properties='<w:ind w:firstLine="560"/>'))

    def _figure(self) -> int:
        caption, source = f"图1 {self.product}销售收入增长情况", "资料来源：企业提供"
        self.blocks.append(paragraph(self.word.picture(chart(600, 400)), properties=CENTRED))
        self.blocks += [said(caption, "", CENTRED), said(source, "", CENTRED)]
        return count_words(caption) + count_words(source)

    def _table(self) -> int:
        rows = [["年度", "营业收入", "利润"], ["2024", "8500", "900"], ["2025", "9600", "1100"]]
        caption = "表1 企业主要经济指标"
        self.blocks.append(said(caption, "<w:b/>", CENTRED))
        inner = "".join(f"<w:tr>{''.join(f'<w:tc>{said(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
        self.blocks.append(f"<w:tbl>{inner}</w:tbl>")
        return count_words(caption) + sum(count_words(cell) for row in rows for cell in row)

    def _back(self) -> None:
        if "appendix" in self.manner.noise:
            self.blocks.append(said("参考文献", "<w:b/>"))
            self.blocks += [said(f"[{n}] 张三.中小企业专精特新发展研究[J].管理学报,2025({n}):1-9.") for n in (1, 2, 3)]


def sample(seed: int, namings: tuple[Naming, ...] = NAMINGS, tone: str = "") -> Sample:
    """Return the report of this seed: every naming and every way of heading comes up, the rest by chance.

    ``tone`` makes every part talk like that one.
    """
    rng = random.Random(seed * 7919 + 13)
    naming = namings[seed % len(namings)]
    headings = HEADINGS[(seed * 5 + seed // len(namings)) % len(HEADINGS)]
    numbers = rng.choice(NUMBERS)
    if headings in {"plain", "run-in", "soft-return"} and numbers == "none":
        numbers = "一、"
    if headings == "run-in":
        numbers = rng.choice(("一、", "（一）", "1."))
    subheads = rng.choice([style for style in ("（一）", "1.", "bold", "3.1") if style != numbers])
    if headings in {"bold", "big", "centred", "text-box"} and subheads == "bold" and numbers == "none":
        subheads = "（一）"
    noise = tuple(
        name for name in ("figure", "table", "list", "bold-leads", "bold-subheads", "appendix") if rng.random() < 0.35
    )
    manner = Manner(
        headings,
        numbers,
        rng.choice(("", "form", "style", "subtitle", "two-lines")),
        rng.choice(("", "", "typed", "tabbed", "bare")),
        subheads,
        noise,
    )
    return Writer(naming, manner, seed, tone).write()
