"""The words of headings (章节用词): what people really write over each part of a report.

Patterns hold for a whole heading without number and blanks. The alternatives of a repeated group never begin alike,
so that no heading, however made, can be taken apart in many ways.
"""

from __future__ import annotations

INTRO, OVERVIEW, PRACTICE, INSIGHT = "intro", "overview", "practice", "insight"


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


def either(text: str) -> str:
    """Return a pattern for any of the words of a text."""
    return f"(?:{'|'.join(text.split())})"


_FIRM = rf"(?:本|我|该)?(?:案例)?{either('企业 公司 集团 单位 厂 主体 组织 我们 我司')}(?:的|之)?"
_ABOUT = either(
    """
    主要 重点 核心 具体 典型 特色 创新 关键 重要 若干 几点 几个 相关 有关 基本 总体 整体 实际 实践 工作 成功 先进
    案例 项目 课题 研究 分析 选题 实施 撰写 报告 时代 行业 发展 产业 政策 宏观 市场 企业 公司 集团 专精特新 专业
    精细 新颖 转型 升级 高质量 改革 管理 经营 生产 技术 品牌 数字 智能 绿色 成长 推进 落实 组织 战略 培育 建设
    推广 应用 示范 借鉴 复制 取得 形成 采取 开展 运行 运营 的 之 性 化 型 本 其
    """
)
_LOOSE = f"{_ABOUT}*"
_TOLD = f"{either('介绍 简介 简述 概述 综述 说明 分析 阐述 陈述 情况 部分 内容 篇 章 板块')}?"
_BACKGROUND = either("背景 缘起 缘由 由来 起因 动因")

PLAIN: dict[str, tuple[str, ...]] = {
    INTRO: (
        either(
            """
            引言 引子 前言 导言 导语 导读 序言 序 绪论 绪言 开篇 开篇语 开场白 卷首语 写在前面 写在前面的话 开篇的话
            内容提要 摘要 引论 楔子 序章 序幕
            """
        )
        + _TOLD,
        either("案例 项目 课题 研究 分析 选题 实施 撰写 报告 时代 行业 产业 政策 宏观 市场 发展 相关 本案例")
        + rf"*(?:的|之)?{_BACKGROUND}(?:[与和及]{either('目的 意义 必要性 动因 缘起 缘由 起因')})?{_TOLD}",
        rf"{either('案例 研究 报告 分析 撰写 写作 编写')}(?:的|之)?{either('目的 意义 初衷 必要性')}",
        r"(?:问题|课题|案例)(?:的|之)?提出",
    ),
    OVERVIEW: (
        _FIRM
        + either("基本 总体 整体 发展 经营 生产 自身 主要 简要 有关 相关")
        + "*(?:的|之)?"
        + either(
            """
            概况 简介 介绍 情况 概述 概览 概貌 简况 简述 现状 历程 沿革 发展史 历史 画像 名片 档案 全貌 风貌 背景
            发展历程 基本面 基本信息 速览 掠影 素描 概要 状况 简史 家底 综述 基础
            """
        )
        + "(?:介绍|说明|部分)?",
        rf"(?:基本|总体|整体)的?{either('概况 情况 信息 状况 概述 面 简介')}(?:介绍)?",
        r"概况|单位简介|简况",
        rf"{either('关于 走进 认识 了解 初识 走近 解读 聚焦 初见')}{either('我们 本企业 企业 本公司 公司 我司 集团')}",
        r"(?:我们|企业|公司)是谁",
        rf"{either('发展 成长 创业 历史')}{either('历程 沿革 轨迹 简史')}",
    ),
    PRACTICE: (
        rf"{_LOOSE}{either('做法 实践 举措 探索')}{either('成效 成果 效果 经验')}{_TOLD}",
        rf"{_LOOSE}(?:经验)?{either('做法 举措 措施 实践 探索 行动 打法 成效 成果 成绩 效果 实效 抓手 办法')}{_TOLD}",
        _LOOSE
        + either("实践 创新 发展 实施 成长 转型 推进 突破 培育 建设")
        + rf"(?:的|之)?{either('路径 策略 过程 内容 方案 之路 机制 道路')}",
        r"(?:案例|主要|核心|正文|具体)的?(?:内容|正文|主体|详情)",
        r"(?:特色|创新|亮点)[与和及]?(?:特色|创新|亮点)",
        rf"(?:{_FIRM})?是?(?:怎么|如何|怎样|这样)(?:做|干|破题|实践)的?",
        rf"{_FIRM}是?(?:主要|具体|创新)?{either('做法 实践 探索 行动 举措 打法')}",
        rf"(?:{_FIRM})?做了(?:什么|哪些)(?:事|工作)?",
    ),
    INSIGHT: (
        rf"{_LOOSE}(?:经验)?{either('启示 启发 启迪 体会 感悟 思考 心得 反思 思索')}{_TOLD}",
        either("主要 基本 成功 重要 几点 若干 实践 发展 案例 工作 管理 宝贵 有益 可复制 可推广 可借鉴 专精特新 的")
        + rf"*经验{either('总结 借鉴 推广 模式 提炼 归纳 分享 与推广 价值 体会 凝练 小结 输出')}?",
        rf"{_LOOSE}{either('推广 借鉴 示范 复制 参考')}(?:的|之)?{either('价值 意义 作用 性 应用 建议 前景')}?",
        rf"{either('案例 全文 实践 本文 简要 最后')}*{either('总结 结语 结束语 结论 小结 尾声 余论 后记 结尾 结束')}",
        rf"{either('案例 实践 几点 重要 理论 现实')}*{either('价值与意义 意义与价值 借鉴 建议 规律 收获 经验教训')}",
        r"(?:经验|管理|成功)模式",
        (
            rf"(?:给|带给|留给|写给)(?:{either('同行 中小企业 后来者 其他企业 他人 行业')}|{_FIRM})的?"
            f"{either('启示 启发 思考 建议 话 借鉴 经验')}?"
        ),
    ),
}
"""Whole headings that mean one part and nothing else."""

ENDS: dict[str, tuple[str, ...]] = {
    INTRO: listed(
        """
        背景 缘起 由来 引言 前言 序 提出 导读 初衷 起点 缘由 挑战 目的 动因 开篇
        """
    ),
    OVERVIEW: listed(
        """
        概况 简介 基本情况 历程 沿革 现状 画像 名片 是谁 档案 掠影 概貌 简况 风采 公司介绍 企业介绍 发展史 全景
        印象 家底 底色 概览 前世今生 基本面 基础
        """
    ),
    PRACTICE: listed(
        """
        做法 举措 措施 实践 探索 成效 路径 行动 打法 之路 之道 策略 成果 实招 方法 创新 突破 攻坚 故事 机制 体系
        办法 抓手 亮点 答卷 密码 秘诀 法宝 过程 解法
        """
    ),
    INSIGHT: listed(
        """
        启示 启发 经验 思考 体会 感悟 借鉴 总结 结语 推广 展望 心得 价值 意义 收获 启迪 未来 规律 回响 可复制
        反思 结论 寄语 建议 余思 镜鉴 回顾 道理
        """
    ),
}
"""Nouns at the end of a heading that hint at its part, after words nobody could list."""

WORDS: dict[str, tuple[str, ...]] = {
    INTRO: listed(
        """
        引言 前言 导言 导语 序言 绪论 背景 缘起 由来 为什么 为何 摘要 开篇 引子
        """
    ),
    OVERVIEW: listed(
        """
        概况 简介 基本情况 走进 走近 关于 认识 历程 沿革 初识 我们是 是一家 公司介绍 企业介绍 发展现状 是谁
        企业情况 公司情况 前世今生 来路
        """
    ),
    PRACTICE: listed(
        """
        做法 举措 措施 实践 探索 成效 路径 怎么做 如何做 怎样做 怎么干 行动 打法 特色 创新 坚持 打造 推进 聚焦
        深耕 强化
        """
    ),
    INSIGHT: listed(
        """
        启示 启发 经验 思考 体会 感悟 借鉴 总结 结语 推广 展望 心得 学到 同行 带来什么 告诉我们 结束语 可复制
        说明了什么 带走
        """
    ),
}
"""Words anywhere in a line that may have to do with a part."""

TWO_READINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        rf"(?:案例|项目|本案|全文|总体)的?{either('概述 简介 介绍 概要 概况 综述 情况 基本情况 总述 摘要')}",
        (INTRO, OVERVIEW),
    ),
    (r"概述|综述|总述|总论|概要", (INTRO, OVERVIEW)),
    (
        (
            r"(?:企业|公司|集团)?的?"
            f"{either('荣誉 资质 成就 业绩 经营业绩 经营情况 运营绩效 核心能力 主要业务 主要产品 主营业务')}"
        ),
        (OVERVIEW, PRACTICE),
    ),
    (r"(?:典型|先进)的?经验", (PRACTICE, INSIGHT)),
    (r"(?:发展|成长|运营|创新|商业|专精特新)?的?模式", (PRACTICE, INSIGHT)),
    (r"(?:未来|今后|下一步)?的?(?:展望|规划|计划|打算|发展规划|发展展望|愿景|方向)", (INSIGHT,)),
    (r"(?:重要|现实|重大)?意义", (INTRO, INSIGHT)),
    (
        rf"(?:面临|存在|发展)?的?{either('问题 困难 挑战 痛点 瓶颈 机遇 困境 难题')}[与和]?(?:挑战|机遇|困难|痛点)?",
        (INTRO, PRACTICE),
    ),
)
"""Headings that may mean either part; their place among the other headings tells."""

ASIDE = (
    r"(?:参考文献|参考资料|附录.*|附件.*|附表.*|附图.*|致谢|鸣谢|联系(?:人|方式|我们).*|目录|目次|声明|注释|备注|作者简介|"
    r"报送单位.*|撰稿人?.*|执笔人?.*|资料来源.*|封面)"
)
"""Matter that belongs to no part."""
