"""What the notice itself answers to a question (通知已写明的): where paper goes, until when, how many places.

Staff answer the question; the letter that says so adds what stands in the notice, the same words for everybody.
Only what a mail asks about is said, and nothing that the notice leaves open.
"""

from __future__ import annotations

import re
from datetime import datetime

from config.call import Call
from flows.replies.facts import deadline_line, posting_contact
from flows.replies.wrap import keep

_PAPER = re.compile(r"纸质|纸件|原件|邮寄|寄[到往给送哪去]|快递|几份|多少份|份数|一式")
_UNTIL = re.compile(
    r"截止|截至|期限|几点|[0-9零二十四]+\s*[时点]|最晚|最迟|延期|延长|宽限|推迟|晚[一几]?天|来得及|赶得上|逾期|过期"
)
_PLACES = re.compile(r"名额|(?:推荐|报|荐)[^\n。！？?]{0,6}(?:几|多少)[家个]|(?:几|多少)[家个][^\n。！？?]{0,8}推荐")


def answers_of_notice(asked: str, call: Call, now: datetime) -> tuple[str, ...]:
    """Return one sentence for each thing that the mail asks about and the notice says."""
    found = []
    if _PAPER.search(asked):
        found.append(_paper(call))
    if _UNTIL.search(asked):
        found.append(_until(call, now))
    if _PLACES.search(asked):
        found.append(_places(asked, call))
    return tuple(filter(None, found))


def _paper(call: Call) -> str:
    wanted = [m for m in call.materials if m.medium in ("paper", "both") and m.copies]
    to = posting_contact(call)
    if not wanted or not to.address:
        return ""
    copies = "、".join(f"{material.name} {material.copies} 份" for material in wanted)
    return f"纸质材料：{copies}，寄至{to.address}，{to.person}收，电话 {keep(to.phone)}。"


def _until(call: Call, now: datetime) -> str:
    deadline = deadline_line(call, now, None)
    if deadline.over:
        return f"截止时间：{deadline.full}（北京时间），现已截止。"
    return f"截止时间：{deadline.full}（北京时间），以本邮箱收到来信的时间为准。"


def _places(asked: str, call: Call) -> str:
    if call.quota_table is not None:
        named = [unit for unit in call.quota_table.units if unit.region.removesuffix("本级") in asked]
        return f"推荐名额：{'，'.join(f'{unit.region} {unit.quota} 个' for unit in named)}。" if named else ""
    pools = [f"{pool.name} {pool.at_least}-{pool.at_most} 个" for pool in call.quota_pools]
    return f"推荐名额：{'；'.join(pools)}。" if pools else ""
