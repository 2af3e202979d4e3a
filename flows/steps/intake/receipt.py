"""When a mail was received (收到时间): the receiving server's word, and what speaks against it.

The clock that counts is INTERNALDATE. It is wrong where a server gives none, writes local time with a wrong zone, or
where the mail was copied in later; then the Received field on top of the mail, which the receiving server wrote too, or
the moment at which we already held the mail says something else. As long as all of them lie on one side of the
window's bounds nothing hangs on it; where they do not, the moment in the mail's favour is kept and staff decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from config.call import Window
from flows.transport.ports import NO_MOMENT

AHEAD = timedelta(minutes=15)
"""Two clocks may differ by so much; what lies further ahead of ours is no moment of receipt."""

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The moment that counts, and in one Chinese clause what speaks against it; empty where nothing hangs on it."""

    moment: datetime
    doubt: str = ""


def receipt_of(told: datetime, received_field: str, now: datetime, window: Window) -> Receipt:
    """Weigh what the server ``told``, its top Received field, and that we hold the mail ``now``."""
    stamped = stamp_of(received_field, now)
    given = told != NO_MOMENT
    sane = given and told <= now + AHEAD
    # We hold the mail now, so no later moment can be that of its receipt; an earlier one needs no such proof.
    held = now if not given or told > now else None
    said = [moment for moment in (told if given else None, stamped, held) if moment is not None]
    best = told if sane else (stamped or now)
    if len({_side(moment, window) for moment in said}) == 1 and (sane or stamped is not None or now < window.closes):
        return Receipt(best)
    doubt = _words(told if given else None, stamped, held, window)
    if not sane and stamped is None and now >= window.closes:
        # It came some time before now, and nobody says when: it is not called late.
        return Receipt(window.closes - timedelta(seconds=1), doubt)
    return Receipt(next((moment for moment in said if window.contains(moment)), best), doubt)


def stamp_of(received_field: str, now: datetime) -> datetime | None:
    """Return the moment that a Received field ends with; None where it has none that can be."""
    text = received_field.rpartition(";")[2].strip()
    if text.count(":") < 1:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST < moment <= now + AHEAD else None


def _side(moment: datetime, window: Window) -> int:
    return (moment >= window.opens) + (moment >= window.closes)


def _words(told: datetime | None, stamped: datetime | None, held: datetime | None, window: Window) -> str:
    def shown(moment: datetime) -> str:
        return f"{moment.astimezone(window.timezone):%Y-%m-%d %H:%M:%S}"

    parts = ["收件服务器没有给出收到时间" if told is None else f"收件服务器记为 {shown(told)} 收到"]
    if stamped is not None:
        parts.append(f"信头 Received 写的是 {shown(stamped)}")
    if held is not None:
        parts.append(f"本程序在 {shown(held)} 已取到这封信")
    return "，".join(parts)
