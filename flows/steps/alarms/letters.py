"""Alarms by mail (告警邮件): one letter for each cause and reader, through the outbox like everything else."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

from flows.replies.letter import Letter, LetterKind
from flows.steps.alarms.alarms import Alarm, alarms
from flows.steps.answer import post
from flows.steps.workshop import Workshop


def queue_alarms(shop: Workshop, now: datetime) -> tuple[Alarm, ...]:
    """Put a letter about each standing alarm into the outbox, once for each cause; return the alarms.

    They go to the readers of the digest. Nothing is mailed about sending itself being shut, nor ever to an address of
    our own: mail to oneself is what gets NetEase accounts blocked.
    """
    standing = alarms(shop.store, now, silent=timedelta(minutes=shop.settings.silent_minutes))
    readers = [address for address in shop.settings.digest_to if address not in shop.settings.ours]
    with shop.store.transaction() as session:
        for alarm in standing:
            for reader in readers if alarm.can_mail else ():
                place = post.Place(f"alarm:{alarm.key}", f"{alarm.since.isoformat()}|{reader}")
                post.enqueue(shop, session, _letter(shop, alarm, reader), place, now, reason=f"告警：{alarm.title}。")
    return standing


def _letter(shop: Workshop, alarm: Alarm, reader: str) -> Letter:
    since = alarm.since.astimezone(shop.call.window.timezone)
    lines = (alarm.sentence, f"开始时间：{since:%Y年%m月%d日 %H:%M}。", "处理后自动解除；同一件事不再重复发信。")
    text = "\n\n".join(lines)
    page = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    subject = f"【告警】{alarm.title}（{shop.call.short_title}）"
    return Letter(LetterKind.ALARM, "", reader, subject, f"{text}\n", f"<html><body>{page}</body></html>")
