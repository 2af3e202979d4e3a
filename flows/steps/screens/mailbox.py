"""The proof that no mail is lost (收件对账), in lines."""

from __future__ import annotations

from typing import Any

from config.call import Call
from flows.steps.screens.lines import MOST_LINES, Line, bounded, moment_words
from store.states import MessageKind
from store.views.overview import FolderCount

NAMES_OF_KINDS = {
    MessageKind.SUBMISSION: "申报",
    MessageKind.SUPPLEMENT: "补件",
    MessageKind.INQUIRY: "咨询",
    MessageKind.MACHINE: "自动邮件",
    MessageKind.ASIDE: "搁置",
    MessageKind.BOUNCE: "退信",
    MessageKind.IRRELEVANT: "无关",
    MessageKind.QUARANTINED: "隔离",
    MessageKind.UNREAD: "待读",
}


_FATES = (
    ("归档", (MessageKind.SUBMISSION, MessageKind.SUPPLEMENT)),
    ("答复或待办", (MessageKind.INQUIRY, MessageKind.QUARANTINED)),
    ("列入搁置", (MessageKind.ASIDE, MessageKind.MACHINE, MessageKind.BOUNCE, MessageKind.IRRELEVANT)),
    ("待读", (MessageKind.UNREAD,)),
)
"""What becomes of a mail, by its kinds: each mail has one fate, and each fate is somewhere to be seen."""


def _fates(kinds: dict[MessageKind, int], stored: int) -> str:
    counts = {name: sum(kinds.get(kind, 0) for kind in of) for name, of in _FATES}
    told = "，".join(f"{name} {count} 封" for name, count in counts.items() if count) or "尚无来信"
    total = sum(counts.values())
    return f"去向：{told}；合计 {total} 封{'，与入库相符' if total == stored else f'，与入库 {stored} 封不符'}。"


def mailbox_lines(folders: tuple[FolderCount, ...], call: Call) -> tuple[Line, ...]:
    """Return the proof that no mail is lost (零遗漏): what the server has, what we have, by kind, and each gap."""
    if not folders:
        return (Line("还没有收过信，无从对账。"),)
    server, stored = sum(one.server for one in folders), sum(one.stored for one in folders)
    failed = sum(one.failed for one in folders)
    kinds: dict[MessageKind, int] = {}
    for folder in folders:
        for kind, count in folder.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    told = "，".join(f"{NAMES_OF_KINDS[kind]} {count}" for kind, count in kinds.items()) or "尚无来信"
    gaps = [(folder, gap) for folder in folders for gap in folder.gaps]
    sure = server == stored and not failed and not gaps
    verdict = "零遗漏" if sure else "有出入，见下"
    places = "，".join(f"{one.name} {one.server}" for one in folders if one.server or one.stored) or "各文件夹均空"
    lines = [
        Line(
            f"邮箱 {server} 封 {'=' if server == stored else '≠'} 入库 {stored} 封：{verdict}。", f"{told}（{places}）"
        )
    ]
    lines.append(Line(_fates(kinds, stored)))
    if stored > server:
        lines.append(Line(f"{stored - server} 封入库后在邮箱中被移走或删除，原件在库。"))
    if server > stored:
        lines.append(Line(f"{server - stored} 封还没有入库，下次收信时收取；一直如此的请看收件健康页。"))
    if failed:
        lines.append(Line(f"{failed} 封收取失败，请到网页邮箱处理。"))
    proved = [one.reconciled for one in folders if one.reconciled is not None]
    when = f"逐封对账做于 {moment_words(min(proved), call)}" if proved else "逐封对账还没有做过（每日 03:00）"
    lines.append(Line(f"{when}，缺口 {len(gaps)} 处。"))
    lines += [Line(_gap(folder, gap)) for folder, gap in gaps]
    return bounded(tuple(lines), MOST_LINES, "见收件健康页")


def _gap(folder: FolderCount, gap: dict[str, Any]) -> str:
    """Name one gap; a folder whose listing is cut short has a gap without a UID."""
    where = f"“{folder.name}”" + (f" UID {gap['uid']}" if gap.get("uid") else "")
    when = f"，收到于 {gap['received']}，{gap['size']} 字节" if gap.get("received") else ""
    return f"{where}{when}：{gap.get('reason', '')}"
