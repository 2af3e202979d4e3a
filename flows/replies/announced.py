"""Does a mail say that more comes soon (预告)? Then nobody is asked for it before it had time to come: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from config.call import Call
from config.working_days import is_working_day
from store.dossier.dossier import MailSeen

_SOON = r"(?:今天|今日|当天|下午|今晚|晚上|晚点|明天|明日|明早|稍后|随后|马上|等下|一会儿?|另(?:外)?[发封行]|再发|陆续)"
_THING = r"(?:照片|图片|报告|推荐表|材料|其他|其它|其余|剩下|余下|另外?[一几两]?(?:份|家|封))"
_COMES = re.compile(
    rf"{_THING}[^。！？\n]{{0,24}}{_SOON}[^。！？\n]{{0,14}}(?:发|补|传|寄|告知|提供|给)"
    rf"|{_SOON}[^。！？\n]{{0,14}}(?:发|补|传|告知|提供)[^。！？\n]{{0,14}}{_THING}"
    rf"|{_THING}[^。！？\n]{{0,16}}由[^。！？\n]{{0,12}}(?:另|再)?(?:发|告知)"
)
_EVENING = time(18)
_SHARE_OF_REST = 12
"""Near the deadline the wait is at most this part of what is left, as the settling time is."""


def announced_until(mails: Iterable[MailSeen], call: Call, closes: datetime) -> datetime | None:
    """Return until when what the newest mails announce may still come: the evening of the next working day."""
    said = [mail.received for mail in mails if _COMES.search(re.sub(r"[ \t]", "", mail.text))]
    if not said:
        return None
    begun = max(said)
    day = begun.astimezone(call.window.timezone).date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    evening = datetime.combine(day, _EVENING, call.window.timezone)
    rest = (closes - begun) / _SHARE_OF_REST
    return min(evening, begun + rest) if rest > timedelta(0) else None
