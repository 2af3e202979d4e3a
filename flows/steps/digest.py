"""The daily digest (每日简报): what came, what is wrong, what waits for whom, and whether anything is lost."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.replies.letter import Attachment, Letter, LetterKind
from flows.steps import post
from flows.steps.register import register_values, write_register
from flows.steps.workshop import Workshop
from store.shelf import STATUS_NAMES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines: the same in plain text and in HTML."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest made at one moment."""

    subject: str
    text: str
    html: str
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()


def make_digest(shop: Workshop, now: datetime) -> Digest:
    """Make the digest of the last 24 hours from the same tables that the screens read."""
    values = register_values(shop, now)
    sections = _sections(shop, values, now)
    zone = shop.call.window.timezone
    left = (shop.call.window.closes - now).days
    when = f"距截止 {left} 天" if left >= 0 else "已截止"
    subject = (
        f"【征集简报】{now.astimezone(zone):%m月%d日} {shop.call.short_title}：{len(values['submissions'])} 件，{when}"
    )
    return Digest(subject, _text(subject, sections), _html(subject, sections), sections, (_register(shop, now),))


def queue_digest(shop: Workshop, digest: Digest, now: datetime) -> str:
    """Put the digest into the outbox for every coordinator, once a day; say in one sentence what was done."""
    if not shop.settings.digest_to:
        return "没有设置简报收件人（ZHENGJI_DIGEST_TO），简报未发送。"
    day = now.astimezone(shop.call.window.timezone).date().isoformat()
    count = 0
    with shop.store.transaction() as session:
        for address in shop.settings.digest_to:
            letter = Letter(
                LetterKind.DIGEST, "", address, digest.subject, digest.text, digest.html, digest.attachments
            )
            place = post.Place(f"digest:{day}", f"{day}|{address}")
            count += 1 if post.enqueue(shop, session, letter, place, now, reason="每日简报。") is not None else 0
    return f"简报已放入发件队列，收件人 {count} 位。" if count else "今天的简报已经拟过，不再重复。"


def _sections(shop: Workshop, values: dict[str, Any], now: datetime) -> tuple[Section, ...]:
    since = now - timedelta(days=1)
    statuses = Counter(STATUS_NAMES.get(row["status"], row["status"]) for row in values["submissions"])
    kinds = Counter(row["kind"] for row in values["messages"])
    fresh = [row for row in values["submissions"] if datetime.fromisoformat(row["first_received"]) > since]
    doubtful = [row for row in values["submissions"] if row["status"] in {"doubtful", "late"}]
    short = [row for row in values["submissions"] if row["status"] == "incomplete"]
    policies = [p for p in shop.call.policies.values() if not p.confirmed]
    headline = "，".join(f"{name} {count}" for name, count in statuses.items()) or "还没有申报"
    return (
        Section(
            "总数",
            (
                f"申报 {len(values['submissions'])} 件：{headline}",
                f"来信 {len(values['messages'])} 封：{_kinds(kinds)}",
            ),
        ),
        Section("新增申报", tuple(f"{row['number']} {row['applicant']}" for row in fresh) or ("没有。",)),
        Section("等人工核对", tuple(_waiting(row) for row in doubtful) or ("没有。",)),
        Section("等申报单位补正", tuple(_waiting(row) for row in short) or ("没有。",)),
        Section("尚未确认的口径", tuple(f"{p.question}（现按：{p.value}）" for p in policies) or ("没有。",)),
    )


def _waiting(row: dict[str, Any]) -> str:
    open_items = [f["message"] for f in row["findings"] if f["verdict"] in ("缺失", "存疑")]
    return f"{row['number']} {row['applicant'] or '（单位待核实）'}：{'；'.join(open_items)}"


def _kinds(kinds: Counter[str]) -> str:
    names = {
        "submission": "申报", "supplement": "补件", "inquiry": "咨询", "machine": "自动邮件", "bounce": "退信",
        "irrelevant": "无关", "quarantined": "隔离", "": "待读",
    }  # fmt: skip
    return "，".join(f"{names.get(kind, kind)} {count}" for kind, count in kinds.items())


def _register(shop: Workshop, now: datetime) -> Attachment:
    path = shop.spool / "register.xlsx"
    write_register(shop, path, now)
    return Attachment("台账.xlsx", XLSX, path.read_bytes())


def _text(subject: str, sections: tuple[Section, ...]) -> str:
    parts = [subject]
    for section in sections:
        parts += ["", f"{section.title}", *(f"  · {line}" for line in section.lines)]
    return "\n".join(parts) + "\n"


def _html(subject: str, sections: tuple[Section, ...]) -> str:
    body = "".join(
        f"<h2>{html.escape(s.title)}</h2><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in s.lines)}</ul>"
        for s in sections
    )
    head = '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><body>'
    return f"{head}<h1>{html.escape(subject)}</h1>{body}</body></html>"
