"""What happened, as events (事件): automations in the Prefect UI can be made on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVENTS: dict[str, str] = {
    "zhengji.message.received": "收到一封新来信",
    "zhengji.message.quarantined": "一封来信多次读取失败，已隔离待查",
    "zhengji.submission.opened": "新立一件申报",
    "zhengji.submission.complete": "一件申报材料齐全",
    "zhengji.submission.doubtful": "一件申报有存疑，等人工核对",
    "zhengji.submission.late": "一件申报逾期收到",
    "zhengji.letter.sent": "一封回信已被对方服务器接收",
    "zhengji.letter.failed": "一封回信发送失败",
    "zhengji.letter.unknown": "一封回信结果不明，等待核对",
    "zhengji.letter.bounced": "一封回信被退回",
    "zhengji.sending.frozen": "发信已暂停（限额用完或账号被拒）",
    "zhengji.mailbox.silent": "信箱超过规定时间没有成功收取",
    "zhengji.mailbox.gap": "对账发现服务器与收件登记不一致",
}
"""Every event with what it means, in Chinese."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name (a key of ``EVENTS``), what it is about, and a few plain facts without personal data."""

    name: str
    about: str
    """``submission.AL2026-0001``, ``message.<sha256>``, ``letter.<id>``, ``mailbox``."""
    facts: Mapping[str, str] = field(default_factory=dict)
