"""What papers are called (材料与文件的叫法): the words by which senders name forms, reports, photos and other papers.

A word inside a name says little (专利产品生产线 is a photo, 以专利布局引领升级 a report's title); what a name ends with
says what the paper is. Measured on ``tests/corpora/roles.toml``, written by somebody who had not read this.
"""

from __future__ import annotations

import re
import unicodedata

FORM_WORDS = ("推荐表", "申报表", "申请表", "推荐申报表", "申报推荐表")
REPORT_WORDS = ("案例报告", "案例材料", "报告", "案例", "总结", "经验材料", "典型材料")
PHOTO_WORDS = ("照片", "图片", "相片", "现场图", "photo", "picture", "image", "pic")
OTHER_WORDS = (
    "营业执照", "证书", "资质", "身份证", "授权", "承诺书", "联系方式", "联系表", "汇总表", "台账", "名单", "清单",
    "说明", "公章", "通知", "批文", "专利", "发票", "回执", "盖章页说明", "简介",
)  # fmt: skip
_PAPERS = (
    *(word for word in OTHER_WORDS if word not in {"资质", "专利", "说明", "公章"}),
    "资质证明", "专利证", "快递单", "报价单", "合同", "公函",
)  # fmt: skip
"""What a paper's own name ends with; before another word (墙, 合影, 生产线) it is what hangs in the picture."""
_TEXTS = (
    "方案", "会议材料", "纪要", "申请书", "申报书", "宣传册", "汇编", "汇总", "规范", "标准", "制度", "委托书",
    "入会申请表", "简历", "邀请函", "介绍信", "财务报表", "目录",
)  # fmt: skip
_OTHER_REPORTS = re.compile(
    r"(?:审计|检测|检验|查新|责任|研究|验收|信用|自评|自查|环评|评估|评价|年度|年|尽调|鉴定|测试|征信|可行性)报告$"
)
_COPY_WORDS = re.compile(
    r"(?:[\s_\-]+|[（(]?\d{1,4}[)）]?|扫描件|扫描版?|复印件|影印件|原件|副本|正本|正面|反面|盖章版?|第.页|首页|照片|图片|截图|电子版)$"
)


def is_called_a_paper(name: str) -> bool:
    """Whether the name ends with a paper's that hangs on walls too: 专利证书扫描件 does, 荣誉资质展示墙 does not."""
    return _bare(name).endswith(_PAPERS)


def is_called_another_text(name: str) -> bool:
    """Whether the name ends with that of a paper which is no case report: 审计报告, 实施方案, 企业简介."""
    stem = _bare(name)
    return stem.endswith((*OTHER_WORDS, *_PAPERS, *_TEXTS)) or _OTHER_REPORTS.search(stem) is not None


def _bare(name: str) -> str:
    """Return a file's name without its ending, and without the words that tell which copy it is."""
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}$", "", unicodedata.normalize("NFKC", name))
    while (shorter := _COPY_WORDS.sub("", stem)) != stem:
        stem = shorter
    return stem
