"""Words to fill a form with (推荐表填写内容): invented enterprises and cases, from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TITLE = "浙江省专精特新企业发展优秀案例申报推荐表"
FOOTER = "浙江省“三会”专精特新企业发展促进分会"

_CITIES = ("杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水", "义乌", "浙江")
_FIRST = "恒瑞鼎盛泰华晟宏锐凌博科诺远德佳润启航天力创益正浩铭源凯腾飞云海森威智景春新亚汇欣荣骏捷"
_LAST = "达通鑫特尔泰丰源维康邦格力龙信成业光辉阳隆捷和翔宇轩峰驰昌兴诚宝腾安星纳晶波"
_TRADES = (
    "精密机械", "智能装备", "新材料科技", "电子科技", "轴承制造", "阀门", "汽车零部件", "生物医药", "仪器仪表",
    "环保科技", "自动化设备", "纺织机械", "电气", "液压技术", "光电科技", "紧固件制造", "传感技术", "模具",
)  # fmt: skip
_ENDINGS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "科技有限公司", "集团有限公司")
_MEANS = (
    "以数字孪生技术", "坚持单项冠军路径", "以标准引领", "深耕细分赛道", "以精益管理", "产学研协同", "以工匠精神",
    "全流程质量追溯", "以柔性制造", "“智改数转”", "聚焦关键基础件", "以专利布局", "从进口替代到出口领先",
)  # fmt: skip
_ENDS = (
    "驱动企业高质量发展", "破解核心零部件“卡脖子”难题", "打造百年品牌", "实现产品国产化替代", "推动降本增效的实践",
    "构建绿色低碳供应链", "赋能产业链协同创新", "走出专精特新成长之路", "提升关键工序良品率", "重塑精密制造流程",
)  # fmt: skip
_BODIES = (
    "浙江省机械工业联合会", "浙江省汽车行业协会", "浙江省轴承工业协会", "浙江省电子商会", "杭州市企业联合会",
    "宁波市企业家协会", "温州市工业经济联合会", "嘉兴市企业联合会", "绍兴市企业家协会", "台州市工业经济联合会",
    "浙江省紧固件行业协会", "浙江省专精特新企业促进分会", "金华市企业联合会", "湖州市企业家协会",
    "浙江省仪器仪表行业协会", "浙江省医药行业协会",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormWords:
    """What stands in the form; an empty string leaves the line blank. ``submitted_on`` stands as printed."""

    case_title: str
    applicant: str
    recommender: str
    submitted_on: str
    title: str = TITLE
    footer: str = FOOTER


def invent_words(seed: int) -> FormWords:
    """Invent one enterprise, its case, its recommender and a day within the call's window."""
    rng = np.random.default_rng(seed)
    company = invent_company(rng)
    case = _pick(rng, _MEANS) + _pick(rng, _ENDS)
    if rng.random() < 0.3:
        case = f"{case}——{company[2:4]}的经验"
    year, month, day = 2026, int(rng.integers(3, 6)), int(rng.integers(16, 29))
    date = _pick(
        rng,
        (f"{year}年{month}月{day}日", f"{year} 年 {month} 月 {day} 日", f"{year}年{month:02d}月{day:02d}日",
         f"{year}.{month}.{day}", _in_chinese(year, month, day)),
    )  # fmt: skip
    return FormWords(case_title=case, applicant=company, recommender=_pick(rng, _BODIES), submitted_on=date)


def invent_company(rng: np.random.Generator) -> str:
    """Invent the full name of an enterprise in Zhejiang."""
    city = _pick(rng, _CITIES)
    place = f"{city}市" if city != "浙江" and rng.random() < 0.2 else city
    return place + _pick(rng, _FIRST) + _pick(rng, _LAST) + _pick(rng, _TRADES) + _pick(rng, _ENDINGS)


def _pick(rng: np.random.Generator, choices: tuple[str, ...] | str) -> str:
    return choices[int(rng.integers(0, len(choices)))]


def _in_chinese(year: int, month: int, day: int) -> str:
    digits = "〇一二三四五六七八九"
    tens = ("", "十", "二十", "三十")

    def number(value: int) -> str:
        ten, one = divmod(value, 10)
        return tens[ten] + (digits[one] if one else "")

    return "".join(digits[int(digit)] for digit in str(year)) + f"年{number(month)}月{number(day)}日"
