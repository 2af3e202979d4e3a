"""What exactly somebody asks (咨询内容): how to apply, or whether their materials arrived.

Who asks how to apply may be reminded of the deadline once they sent nothing; who asks whether something arrived has
sent it, and is told how far it is, never that it is missing.
"""

from __future__ import annotations

import re

_HOW = re.compile(
    r"(?:怎么|怎样|如何|哪里|在哪|咋)[^\n。！？?，,]{0,10}(?:申报|报名|报送|参[加评与]|提交|申请|填|交|推荐|自荐)"
    r"|(?:申报|报名|报送|参评|申请)[^\n。！？?，,]{0,8}(?:流程|条件|要求|方式|途径|程序|步骤|材料有哪些|需要)"
    r"|(?:需要|要|应|应当|须)(?:提交|准备|提供|交|报)?[^\n。！？?，,]{0,6}(?:哪些|什么)(?:材料|资料|文件)"
    r"|(?:能|可)(?:否|不能|以|不可以)[^\n。！？?，,]{0,8}(?:申报|报名|参[加评与]|申请|自荐)"
    r"|(?:是否|还能|还可以|可不可以|能不能)[^\n。！？?，,]{0,8}(?:申报|报名|参[加评与]|报送|申请|自荐)"
    r"|(?:想|打算|准备|有意|拟)(?:要)?(?:申报|报名|参[加评与]|申请)"
)
_ARRIVED = re.compile(
    r"(?:收到|收悉|查收|到)(?:了)?(?:没有?|吗|么|否|沒)(?:[^\u4e00-\u9fff]|$|了|呢|啊)"
    r"|(?:是否|有没有|有无|能否确认|麻烦确认|请确认|帮忙?看[一下]*)[^\n。！？?，,]{0,8}(?:收到|收悉|收齐|齐全)"
    r"|(?:材料|文件|邮件|申报)[^\n。！？?，,]{0,8}(?:齐全|齐)(?:了)?(?:吗|没有?|么|否)"
    r"|(?:审核|受理|处理|办理|审查)[^\n。！？?，,]{0,6}(?:进度|进展|情况如何|到哪|怎么样|通过了?[吗没])"
)


def asks_how_to_apply(words: str) -> bool:
    """Whether somebody wants to know how, whether or with what to apply, and not whether something arrived."""
    return _HOW.search(words) is not None and not asks_how_far(words)


def asks_how_far(words: str) -> bool:
    """Whether somebody asks if their materials arrived, are complete, or how far they are (查询办理情况)."""
    return _ARRIVED.search(words) is not None
