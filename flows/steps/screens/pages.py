"""The pages that staff read in the Prefect UI (看板内容), as Markdown: 台账, 待办, 收件健康, a 案卷 per submission.

Whatever a sender wrote is escaped: it may not become a heading, a link, a picture or a table cell of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.alarms.alarms import alarms
from flows.steps.screens.mail_tasks import aside_lines
from flows.steps.screens.mailbox import mailbox_lines
from flows.steps.screens.preview import HeldLetter, held_letters
from flows.steps.screens.register import LETTER_STATES, register_values
from flows.steps.screens.waiting import by_kind, waiting
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from parsers.photo.thumbnail import thumbnail
from store import journal, watermarks
from store.blobs.protocol import read_if_whole
from store.filing import submissions
from store.letters import due, outbox
from store.mails import messages
from store.states import LetterState, MessageState
from store.tables import LetterRow
from store.views import overview
from store.views.shelf import STATUS_NAMES

PICTURE_BYTES = 300_000
"""Bytes of pictures on one page: a page is stored twice by Prefect and fetched whole by the browser."""
TODO_LINES, PREVIEWS, PREVIEW_LINES = 300, 20, 120
"""How much the 待办 shows; what is beyond is counted, and comes up when the older ones are settled."""
DOSSIER_LINES = 200
"""Lines of one table or list of a 案卷; the newest of the journal, the first of the others."""

NO_LINKS: Mapping[str, str] = MappingProxyType({})

_ADDRESS = re.compile(r"(https?:|ftp:|www)(?=//|\.)", re.IGNORECASE)
"""Where GitHub's Markdown begins a link of its own accord; a word joiner, which nobody sees, stops it."""
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


def pages(shop: Workshop, now: datetime, operations: Mapping[str, str] = NO_LINKS) -> list[PageToMake]:
    """Return every page there should be; making one is dear, its fingerprint is cheap.

    ``operations`` has the address of each operation's form by its Chinese title.
    """
    values = register_values(shop, now)
    with shop.store.reading() as session:
        entries = journal.last_entries(session)
    always = f"{now.isoformat()}"
    made = [
        PageToMake("register", _print(values["submissions"]), lambda: register_page(shop, values)),
        PageToMake("todo", always, lambda: todo_page(shop, values, now, operations)),
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


def todo_page(shop: Workshop, values: dict[str, Any], now: datetime, operations: Mapping[str, str] = NO_LINKS) -> Page:
    """Return the 待办: everything that waits for staff, oldest first, with what to do about it; then the held letters.

    ``operations`` has the address of each operation's form by its Chinese title, where the caller knows it.
    """
    tasks = waiting(shop, values, now)
    known = {row["number"] for row in values["submissions"]}
    lines = [f"截至 {_local(shop, now)}，共 {len(tasks)} 项{f'（{by_kind(tasks)}）' if tasks else ''}。", ""]
    if not tasks:
        return Page("todo", "待办", "\n".join([*lines, "没有待办。"]))
    lines += ["| 类别 | 对象 | 事项 | 怎么办 | 自 |", "|---|---|---|---|---|"]
    for task in tasks[:TODO_LINES]:
        about = f"[{task.about}]({page_key(task.about)})" if task.about in known else _plain(task.about)
        cure = _with_links(_plain(task.cure), operations)
        lines.append(f"| {task.kind} | {about} | {_plain(task.what)} | {cure} | {_local(shop, task.since)[5:]} |")
    if len(tasks) > TODO_LINES:
        lines += ["", f"另有 {len(tasks) - TODO_LINES} 项较新的未列，办理后依次显示。"]
    return Page("todo", "待办", "\n".join([*lines, *_previews(held_letters(shop.store))]))


def _previews(held: tuple[HeldLetter, ...]) -> list[str]:
    """Return the letters that wait, as they would go out, with what they say otherwise than the last one."""
    lines = ["", f"## 待放行回信（{len(held)} 封）"] if held else []
    for letter in held[:PREVIEWS]:
        lines += ["", f"### 第 {letter.id} 号 {letter.name}", ""]
        lines += [f"- 收件人：{_plain(letter.to_address)}", f"- 原因：{_plain(letter.why)}"]
        lines += [f"- 主题：{_plain(letter.letter.subject)}"]
        if letter.before:
            changes = [f"  - {_plain(change)}" for change in letter.changes[:PREVIEW_LINES]] or ["  - 文字没有变化。"]
            lines += [f"- 与上一封（{_plain(letter.before)}）相比：", *changes]
        words = [_plain(line) for line in letter.letter.text.splitlines()]
        # Two blanks at the end keep a letter's own line ends; a quotation needs no fence that a sender could close.
        lines += ["", *(f"> {line}  " if line else ">" for line in words[:PREVIEW_LINES])]
        if len(words) > PREVIEW_LINES:
            lines.append(f"> ……（另有 {len(words) - PREVIEW_LINES} 行）")
    if len(held) > PREVIEWS:
        lines += ["", f"另有 {len(held) - PREVIEWS} 封待放行，见上表；放行后依次显示。"]
    return lines


def _with_links(cure: str, operations: Mapping[str, str]) -> str:
    for title, address in operations.items():
        cure = cure.replace(f"“{title}”", f"“[{title}]({address})”")
    return cure


def health_page(shop: Workshop, values: dict[str, Any], now: datetime) -> Page:
    """Return the 收件健康: last poll, server against ledger, letters, what may still be sent, disk, alarms."""
    with shop.store.reading() as session:
        counts = messages.counts(session)
        letters = {state: len(outbox.in_state(session, state)) for state in LETTER_STATES}
        last = watermarks.moment(session, "intake:last-success")
        sent = len(outbox.sends(session, now - timedelta(days=1)))
        folders = overview.folder_counts(session)
    standing = alarms(shop.store, now)
    disk = shutil.disk_usage(shop.settings.home)
    names = {
        MessageState.STORED: "待读",
        MessageState.EXAMINED: "已审",
        MessageState.QUARANTINED: "隔离",
        MessageState.SETTLED: "已处理",
    }
    lines = [
        f"- 最近一次成功收信：{_local(shop, last) if last else '还没有'}",
        f"- 来信 {len(values['messages'])} 封：{'，'.join(f'{names.get(k, k)} {v}' for k, v in counts.items())}",
        f"- 回信：{'，'.join(f'{_state(k)} {v}' for k, v in letters.items() if v) or '0'}",
        f"- 回信方式：{shop.settings.reply_mode}",
        f"- 最近 24 小时发信 {sent} 封，每日上限 {shop.settings.send_per_day} 封",
        f"- 磁盘：剩余 {disk.free / 1e9:.1f} GB，共 {disk.total / 1e9:.1f} GB",
    ]
    told = [f"- **{alarm.title}**：{_plain(alarm.sentence)}" for alarm in standing] or ["- 没有告警。"]
    proof = []
    for line in mailbox_lines(folders, shop.call):
        proof += [f"- {_plain(line.words)}"] + ([f"  - {_plain(line.detail)}"] if line.detail else [])
    aside = [f"- {_plain(line)}" for line in aside_lines(values)] or ["- 没有搁置的来信。"]
    how = "与征集无关、自动发出或退回的来信，不回信也不列待办；有误列的，用“重新读取来信”取回。"
    page = [*lines, "", "## 告警", "", *told, "", "## 对账", "", *proof, "", "## 搁置的来信", "", how, "", *aside]
    return Page("health", "收件健康", "\n".join(page))


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
        shown = [f"| {name} | {_plain(one['path'])} | {'✓' if one['current'] else ''} |" for one in files]
        lines += _bounded(shown) or [f"| {name} | — | |"]
    lines += ["", "## 结论", "", "| 规则 | 判定 | 说明 | 依据 |", "|---|---|---|---|"]
    for finding in row["findings"]:
        basis = "；".join(
            _plain(" ".join(filter(None, (e["file"], e["place"], e["words"])))) for e in finding["evidence"][:8]
        )
        lines.append(f"| {finding['code']} | {finding['verdict']} | {_plain(finding['message'])} | {basis} |")
    lines += _pictures(shop, row)
    with shop.store.reading() as session:
        entries = journal.read(session, f"submission:{number}", limit=DOSSIER_LINES)
        found = submissions.by_number(session, number)
        letters = due.letters_about(session, submission_id=found.id) if found and found.id else ()
    lines += ["", "## 回信", "", "| 回信 | 状态 | 收件人 | 主题 | 凭据 |", "|---|---|---|---|---|"]
    lines += _bounded([_letter_row(shop, one) for one in letters])
    lines += ["", "## 流水", ""]
    lines += [f"- {_local(shop, entry.at)}　{_plain(entry.actor)}　{_plain(entry.sentence)}" for entry in entries]
    return Page(page_key(number), f"案卷 {number}", "\n".join(lines))


def _letter_row(shop: Workshop, letter: LetterRow) -> str:
    """Return one letter with the proof of its state: what the server answered and when, whether it came back."""
    name, state = _letter_name(letter.kind), _state(letter.state)
    return f"| {name} | {state} | {_plain(letter.to_address)} | {_plain(letter.subject)} | {_proof(shop, letter)} |"


def _proof(shop: Workshop, letter: LetterRow) -> str:
    if letter.state == LetterState.SENT and letter.sent is not None:
        return f"已发出，{_local(shop, letter.sent)} 被服务器接收（{_plain(letter.server_answer)}），未见退信"
    return _plain(letter.state_reason)


def _bounded(rows: list[str]) -> list[str]:
    """Return the first rows of a table; the last then says how many are left out."""
    if len(rows) <= DOSSIER_LINES:
        return rows
    return [*rows[:DOSSIER_LINES], f"| 另有 {len(rows) - DOSSIER_LINES} 行未列 |"]


def _pictures(shop: Workshop, row: dict[str, Any]) -> list[str]:
    """Return the evidence as pictures: places on the form, seals, small copies of the photos. Bounded in bytes."""
    lines = ["", "## 图像依据", ""]
    room = PICTURE_BYTES
    shown: set[str] = set()
    for finding in row["findings"]:
        for evidence in finding["evidence"]:
            crop = evidence["crop"]
            data = read_if_whole(shop.store.blobs, crop) if crop and crop not in shown else None
            if data is None or len(data) > room:
                continue
            room -= len(data)
            shown.add(crop)
            what = f"{finding['code']} {evidence['place']}"
            lines += [f"{_plain(what)}", "", f"![{_plain(what)}]({_inline('image/png', data)})", ""]
    photos = shop.call.of_role(Role.PHOTO)
    for photo in row["materials"].get(photos.key, []) if photos else ():
        data = read_if_whole(shop.store.blobs, photo["sha256"]) if photo["current"] else None
        small = thumbnail(data) if data is not None else None
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


def _state(state: LetterState) -> str:
    return LETTER_STATES[state]


def _letter_name(kind: str) -> str:
    return LETTER_NAMES[LetterKind(kind)]


def _plain(words: str) -> str:
    """Escape what Markdown would take for marks or make a link of; one line, bounded."""
    return _ADDRESS.sub("\\1\u2060", _MARKS.sub(r"\\\1", " ".join(words.split())))[:400]


def _codes(row: dict[str, Any], verdict: str) -> str:
    return " ".join(finding["code"] for finding in row["findings"] if finding["verdict"] == verdict)


def _minute(moment: str | None) -> str:
    return moment[5:16].replace("T", " ") if moment else ""


def _local(shop: Workshop, moment: datetime) -> str:
    return f"{moment.astimezone(shop.call.window.timezone):%Y-%m-%d %H:%M}"
