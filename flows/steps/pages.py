"""The pages that staff read in the Prefect UI (看板内容), as Markdown: 台账, 待办, 收件健康, a 案卷 per submission.

Whatever a sender wrote is escaped: it may not become a heading, a link, a picture or a table cell of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.alarm import alarms
from flows.steps.register import register_values
from flows.steps.workshop import Workshop
from parsers.thumbnail import thumbnail
from store import journal, messages, outbox, watermarks
from store.shelf import STATUS_NAMES
from store.suggestions import open_suggestions

PICTURE_BYTES = 300_000
"""Bytes of pictures on one page: a page is stored twice by Prefect and fetched whole by the browser."""

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|!~])")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its stable key (``a-z0-9-``), Chinese title, and Markdown."""

    key: str
    title: str
    markdown: str


@dataclass(frozen=True, slots=True)
class PageToMake:
    """A page that may have to be made: ``fingerprint`` is the same as long as the page would be."""

    key: str
    fingerprint: str
    make: Callable[[], Page]


def pages(shop: Workshop, now: datetime) -> list[PageToMake]:
    """Return every page there should be; making one is dear, its fingerprint is cheap."""
    values = register_values(shop, now)
    with shop.store.reading() as session:
        entries = journal.last_entries(session)
    always = f"{now.isoformat()}"
    made = [
        PageToMake("register", _print(values["submissions"]), lambda: register_page(shop, values)),
        PageToMake("todo", always, lambda: todo_page(shop, values, now)),
        PageToMake("health", always, lambda: health_page(shop, values, now)),
    ]
    for row in values["submissions"]:
        mark = _print([row, entries.get(f"submission:{row['number']}", 0)])
        made.append(PageToMake(page_key(row["number"]), mark, partial(dossier_page, shop, row)))
    return made


def register_page(shop: Workshop, values: dict[str, Any]) -> Page:
    """Return the 台账: one line a submission."""
    lines = [
        f"{_plain(shop.call.title)}。共 {len(values['submissions'])} 件申报，{len(values['messages'])} 封来信。",
        "",
        "| 受理编号 | 申报单位 | 推荐单位 | 状态 | 缺失 | 存疑 | 最近收到 | 回信 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in values["submissions"]:
        told = row["letters"][-1] if row["letters"] else None
        letter = f"{_letter_name(told['kind'])}（{_state(told['state'])}）" if told else ""
        lines.append(
            f"| [{row['number']}]({page_key(row['number'])}) | {_plain(row['applicant'] or '（单位待核实）')} "
            f"| {_plain(row['recommender'] or '')} | {STATUS_NAMES.get(row['status'], row['status'])} "
            f"| {_codes(row, '缺失')} | {_codes(row, '存疑')} | {_minute(row['last_received'])} | {letter} |"
        )
    return Page("register", "台账", "\n".join(lines))


def todo_page(shop: Workshop, values: dict[str, Any], now: datetime) -> Page:
    """Return the 待办: everything that waits for staff, with what to do about it."""
    lines: list[str] = []
    with shop.store.reading() as session:
        held = outbox.in_state(session, "held", "failed", "unknown", "bounced")
        asked = open_suggestions(session)
    for row in values["submissions"]:
        for finding in row["findings"]:
            if finding["verdict"] == "存疑":
                cure = f"核对后用“裁定存疑”：{row['number']} {finding['code']}"
                lines.append(_todo("存疑", row["number"], f"{finding['code']} {finding['message']}", cure))
    for letter in held:
        does = {"held": "放行回信", "failed": "重发回信", "unknown": "重发回信", "bounced": "电话联系，或重发回信"}
        what = f"第 {letter.id} 号 {_letter_name(letter.kind)} → {letter.to_address}：{letter.state_reason}"
        lines.append(
            _todo(f"回信{_state(letter.state)}", letter.subject_key.partition(":")[2][:16], what, does[letter.state])
        )
    lines += [_todo("归属", one.message[:12], one.reason, "归属来信／采纳待定文件") for one in asked]
    for mail in values["messages"]:
        if mail["kind"] == "quarantined":
            lines.append(_todo("隔离来信", mail["sha256"][:12], mail["reason"], "重新读取来信"))
        if mail["kind"] == "inquiry":
            lines.append(_todo("咨询", mail["sha256"][:12], f"{mail['from']}：{mail['subject']}", "请在邮箱中答复"))
        unreadable = [leaf["name"] for leaf in mail["leaves"] if leaf["role"] == "unreadable"]
        if unreadable:
            lines.append(
                _todo(
                    "无法打开",
                    "、".join(mail["numbers"]) or mail["sha256"][:12],
                    "；".join(unreadable),
                    "已告知对方；必要时电话",
                )
            )
    head = ["| 类别 | 对象 | 事项 | 怎么办 |", "|---|---|---|---|"]
    body = "\n".join([*head, *lines]) if lines else "没有待办。"
    return Page("todo", "待办", f"截至 {_local(shop, now)}，共 {len(lines)} 项。\n\n{body}")


def health_page(shop: Workshop, values: dict[str, Any], now: datetime) -> Page:
    """Return the 收件健康: last poll, states of mails and letters, alarms."""
    with shop.store.reading() as session:
        counts = messages.counts(session)
        letters = {state: len(outbox.in_state(session, state)) for state in _STATES}
        last = watermarks.moment(session, "intake:last-success")
    standing = alarms(shop.store, now)
    names = {"stored": "待读", "examined": "已审", "quarantined": "隔离", "settled": "已处理"}
    lines = [
        f"- 最近一次成功收信：{_local(shop, last) if last else '还没有'}",
        f"- 来信 {len(values['messages'])} 封：{'，'.join(f'{names.get(k, k)} {v}' for k, v in counts.items())}",
        f"- 回信：{'，'.join(f'{_state(k)} {v}' for k, v in letters.items() if v) or '0'}",
        f"- 回信方式：{shop.settings.reply_mode}",
    ]
    told = [f"- **{alarm.title}**：{_plain(alarm.sentence)}" for alarm in standing] or ["- 没有告警。"]
    return Page("health", "收件健康", "\n".join([*lines, "", "## 告警", "", *told]))


def dossier_page(shop: Workshop, row: dict[str, Any]) -> Page:
    """Return the 案卷 of one submission: materials with versions, findings, letters, journal."""
    number = row["number"]
    lines = [
        f"**{_plain(row['applicant'] or '（单位待核实）')}**　{STATUS_NAMES.get(row['status'], row['status'])}",
        "",
        f"推荐单位：{_plain(row['recommender'] or '—')}",
        "",
        f"首次收到：{_minute(row['first_received'])}　最近收到：{_minute(row['last_received'])}",
        "",
        "## 材料",
        "",
        "| 材料 | 文件 | 现行 |",
        "|---|---|---|",
    ]
    for key, files in row["materials"].items():
        name = shop.call.material(key).name
        lines += [f"| {name} | {_plain(one['path'])} | {'✓' if one['current'] else ''} |" for one in files] or [
            f"| {name} | — | |"
        ]
    lines += ["", "## 结论", "", "| 规则 | 判定 | 说明 | 依据 |", "|---|---|---|---|"]
    for finding in row["findings"]:
        basis = "；".join(
            _plain(" ".join(filter(None, (e["file"], e["place"], e["words"])))) for e in finding["evidence"]
        )
        lines.append(f"| {finding['code']} | {finding['verdict']} | {_plain(finding['message'])} | {basis} |")
    lines += _pictures(shop, row)
    lines += ["", "## 回信", "", "| 回信 | 状态 | 收件人 | 主题 |", "|---|---|---|---|"]
    lines += [
        f"| {_letter_name(one['kind'])} | {_state(one['state'])} | {_plain(one['to'])} | {_plain(one['subject'])} |"
        for one in row["letters"]
    ]
    lines += ["", "## 流水", ""]
    with shop.store.reading() as session:
        entries = journal.read(session, f"submission:{number}")
    lines += [f"- {_local(shop, entry.at)}　{_plain(entry.actor)}　{_plain(entry.sentence)}" for entry in entries]
    return Page(page_key(number), f"案卷 {number}", "\n".join(lines))


def _pictures(shop: Workshop, row: dict[str, Any]) -> list[str]:
    """Return the evidence as pictures: places on the form, seals, small copies of the photos. Bounded in bytes."""
    lines = ["", "## 图像依据", ""]
    room = PICTURE_BYTES
    shown: set[str] = set()
    for finding in row["findings"]:
        for evidence in finding["evidence"]:
            crop = evidence["crop"]
            if not crop or crop in shown or not shop.store.blobs.exists(crop):
                continue
            data = shop.store.blobs.read(crop)
            if len(data) > room:
                continue
            room -= len(data)
            shown.add(crop)
            what = f"{finding['code']} {evidence['place']}"
            lines += [f"{_plain(what)}", "", f"![{_plain(what)}]({_inline('image/png', data)})", ""]
    for photo in row["materials"].get("photos", []):
        if not photo["current"] or not shop.store.blobs.exists(photo["sha256"]):
            continue
        small = thumbnail(shop.store.blobs.read(photo["sha256"]))
        if small and len(small) <= room:
            room -= len(small)
            lines += [_plain(photo["name"]), "", f"![{_plain(photo['name'])}]({_inline('image/jpeg', small)})", ""]
    return lines if len(lines) > 3 else []


def _inline(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _print(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def page_key(number: str) -> str:
    """Return the key of a submission's page: ``dossier-al2026-0001``."""
    return f"dossier-{number.lower()}"


_STATES = ("held", "queued", "sending", "sent", "drafted", "failed", "bounced", "unknown", "shadow", "cancelled")
_STATE_NAMES = {
    "held": "待放行", "queued": "待发", "sending": "发送中", "sent": "已发出", "drafted": "已存草稿", "failed": "失败",
    "bounced": "被退回", "unknown": "结果不明", "shadow": "只拟未发", "cancelled": "已取消",
}  # fmt: skip


def _state(state: str) -> str:
    return _STATE_NAMES.get(state, state)


def _letter_name(kind: str) -> str:
    return LETTER_NAMES[LetterKind(kind)]


def _todo(kind: str, about: str, what: str, cure: str) -> str:
    return f"| {kind} | {_plain(about)} | {_plain(what)} | {_plain(cure)} |"


def _plain(words: str) -> str:
    """Escape what Markdown would take for marks; one line, bounded."""
    return _MARKS.sub(r"\\\1", " ".join(words.split()))[:400]


def _codes(row: dict[str, Any], verdict: str) -> str:
    return " ".join(finding["code"] for finding in row["findings"] if finding["verdict"] == verdict)


def _minute(moment: str | None) -> str:
    return moment[5:16].replace("T", " ") if moment else ""


def _local(shop: Workshop, moment: datetime) -> str:
    return f"{moment.astimezone(shop.call.window.timezone):%Y-%m-%d %H:%M}"
