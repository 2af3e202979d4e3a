"""Made Chinese prose of an exact length (演示文字), as a small firm writes about itself."""

from __future__ import annotations

import random

from parsers.text.count import count_words


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_OPENERS = {
    "intro": _listed(
        """
        当前制造业加快向高端迈进 面对产业链重构的新形势 在国内外竞争日趋激烈的背景下 进入高质量发展的新阶段
        围绕中小企业如何走稳走远这一问题 从细分市场的变化来看 回望创业以来的历程 站在新的发展起点上
        """
    ),
    "overview": _listed(
        """
        公司地处浙江制造业腹地 自创办之初 经过多年积累 近三年来 目前企业拥有现代化厂房 公司现有员工三百余人
        产品先后通过多项体系认证 作为行业标准的参与者 公司建有省级研发中心 企业主导产品市场占有率稳居前列
        """
    ),
    "practice": _listed(
        """
        针对加工精度不稳的难题 为了打破国外品牌的垄断 在关键工序上 从客户的一次投诉出发 围绕降本增效这条主线
        技术团队经过上百次试验 借助数字化车间建设 在供应链协同方面 面向新能源汽车的需求 通过师徒结对的方式
        在质量管理环节 以订单全流程为抓手 结合产线实际情况 为补齐短板 在产学研合作上 从设备选型开始
        每逢新品试制阶段 公司成立专项小组后 在车间班组层面 依托省级企业技术中心
        """
    ),
    "insight": _listed(
        """
        实践表明 回顾这一过程 对广大中小企业而言 值得同行借鉴的是 从长期看 这一案例说明 企业要走得远
        归根到底 在资源有限的条件下 面对不确定的市场
        """
    ),
}
_ACTORS = _listed(
    """
    公司 企业 管理层 研发部门 生产一线 品质团队 经营班子 技术骨干 全体员工 项目组
    """
)
_VERBS = _listed(
    """
    坚持深耕 持续打磨 重新梳理 大胆革新 系统推进 逐项攻克 着力优化 率先布局 反复验证 稳步拓展
    集中力量突破 主动对接 严格把控 全面升级 分步实施 认真总结 耐心培育 积极引入 不断完善 牢牢守住
    """
)
_OBJECTS = _listed(
    """
    {product}的核心工艺 热处理与磨削环节 从图纸到交付的流程 {product}细分市场 上下游协作关系
    设备联网与数据采集 人才梯队建设 精益生产的基础工作 客户定制开发能力 产品全寿命周期管理
    关键材料的国产替代 检测与试验能力 知识产权布局 绿色低碳改造 海外售后服务网络 班组改善提案制度
    研发投入的长效机制 质量追溯体系 {product}的可靠性设计 供应商分级管理 订单与排产的衔接
    一线工人的技能等级 共性技术平台 仓储物流的节拍 专用夹具和刀具 企业文化的根基
    """
)
_RESULTS = _listed(
    """
    废品率下降了{percent}% 交货周期缩短了{days}天 人均产值提高{percent}% 客户满意度连续{years}年上升
    累计获得专利{count}项 良品率稳定在{percent}%以上 单件能耗降低{percent}% 形成了可以复制的工作方法
    带动{count}家配套企业共同成长 赢得了多家龙头企业的长期订单 让技术优势变成了市场优势
    为后续扩产打下了基础 研发周期压缩近{percent}% 库存周转加快{days}天 新品销售占比达到{percent}%
    在行业展会上受到好评 守住了企业的生命线 使老设备焕发出新活力 培养出{count}名技术能手
    得到了用户的认可 减少停机{count}小时 把经验固化成了标准 填补了区域内的空白 走出了一条差异化的路子
    有效降低了对进口的依赖 增强了抗风险的能力
    """
)
_PHRASES = {
    2: ("务实", "守正", "专注"),
    3: ("抓落实", "促提升", "谋长远"),
    4: ("稳扎稳打", "久久为功", "精益求精", "行稳致远", "厚积薄发", "循序渐进"),
    5: ("一步一脚印", "把小事做实", "让质量说话"),
    7: ("把每件产品做好", "向管理要出效益"),
    8: ("在细分领域做到底", "以点带面逐步推开"),
}


def paragraphs(rng: random.Random, length: int, part: str, company: str, product: str) -> list[str]:
    """Return paragraphs of exactly ``length`` 字 in all, in the tone of that part (``intro``, ``overview`` …)."""
    if length <= 0:
        return []
    sentences: list[str] = []
    left = length
    if part == "overview" and left > 150:
        sentences.append(
            f"{company}成立于{rng.randrange(1996, 2012)}年，是一家专业从事{product}研发、生产和销售的企业。"
        )
        left -= count_words(sentences[0])
    while left > 120:
        sentences.append(_sentence(rng, part, product))
        left -= count_words(sentences[-1])
    sentences.append(_closing(rng, left))
    return _grouped(rng, sentences)


def _sentence(rng: random.Random, part: str, product: str) -> str:
    clauses = [rng.choice(_OPENERS[part])]
    deeds = rng.choice((1, 1, 2))
    clauses += [rng.choice(_ACTORS) + rng.choice(_VERBS) + rng.choice(_OBJECTS) for _ in range(deeds)]
    clauses.append(rng.choice(_RESULTS))
    text = "，".join(clauses) + "。"
    return text.format(
        product=product,
        percent=rng.randrange(11, 98),
        days=rng.randrange(3, 40),
        years=rng.randrange(3, 9),
        count=rng.randrange(5, 90),
    )


def _closing(rng: random.Random, length: int) -> str:
    """Return a sentence of exactly this length: short phrases between commas."""
    if length == 1:
        return "。"
    if length == 2:
        return "好。"
    clauses: list[str] = []
    while length > 0:
        # A clause takes its phrase and one mark; never leave one or two 字 that no phrase could fill.
        fitting = [size for size in _PHRASES if size + 1 == length or length - size - 1 >= 3]
        size = rng.choice(fitting)
        clauses.append(rng.choice(_PHRASES[size]))
        length -= size + 1
    return "，".join(clauses) + "。"


def _grouped(rng: random.Random, sentences: list[str]) -> list[str]:
    grouped: list[str] = []
    while sentences:
        take = rng.randrange(3, 7)
        grouped.append("".join(sentences[:take]))
        sentences = sentences[take:]
    return grouped
