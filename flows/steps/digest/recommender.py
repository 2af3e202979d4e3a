"""A recommender's digest (推荐单位简报): its own firms and nothing of anybody else's.

It tells what is missing once the letter that says so has left; a letter that waits for staff is not anticipated. What
staff still verify is told as 「核实中」 without the doubt, and no telephone number stands in it. It is sent where
somebody asks for it, and by schedule where the setting ``recommender_digest`` says so.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from flows.replies.mime import can_be_sent_to
from flows.replies.timing import may_disturb
from flows.steps.digest.compose import time_left
from flows.steps.digest.content import Content, Digest, Figure, Section
from flows.steps.digest.make import queue_to, written
from flows.steps.lists.quotas import QuotaLine, line_of, routes_ledger
from flows.steps.screens.lines import Line
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop
from parsers.names.company import normalise_name
from store import lists, watermarks
from store.engine import Transaction
from store.filing.quotas import quota_uses
from store.states import LetterState, SubmissionStatus

_DUE = "recommender-digest:"
"""Watermarks under this prefix hold when the schedule last made a recommender's digest, and what it told."""

_STATES = {
    SubmissionStatus.COMPLETE: "材料齐全",
    SubmissionStatus.INCOMPLETE: "待补正",
    SubmissionStatus.DOUBTFUL: "已收到，核实中",
    SubmissionStatus.LATE: "逾期收到，待研究",
}
"""What a recommender may know of a status; withdrawn submissions are left out."""


class NoSuchRecommender(Exception):  # noqa: N818 - it says what is wrong
    """Nobody was recommended by a body of this name, or it cannot be written to. The message is a Chinese sentence."""


def make_recommender_digest(shop: Workshop, recommender: str, now: datetime) -> Digest:
    """Make the digest of one recommender, named in full or by an alias of the imported list.

    ``NoSuchRecommender`` where no submission names it.
    """
    values = register_values(shop, now)
    with shop.store.reading() as session:
        name, numbers = _own(session, shop, recommender)
        quota = line_of(session, shop.call, name) if numbers else None
        elsewhere = frozenset(number for one in routes_ledger(session, shop.call) for number in one.numbers)
    rows = [row for row in values["submissions"] if row["number"] in numbers and row["status"] in _STATES]
    if not rows:
        sentence = f"没有申报由“{recommender}”推荐；请按台账中的推荐单位全称填写。"
        raise NoSuchRecommender(sentence)
    return written(_content(shop, name, rows, quota, now, elsewhere), (), name)


def queue_recommender_digest(shop: Workshop, digest: Digest, now: datetime, address: str = "") -> str:
    """Put it into the outbox, to this address or to the one of the imported list; say in one sentence what was done.

    ``NoSuchRecommender`` where there is no address that can be written to.
    """
    with shop.store.reading() as session:
        entry = lists.recommender_of(session, digest.recommender)
    to = (address or (entry.email if entry else "")).strip().lower()
    if not can_be_sent_to(to) or to in shop.settings.ours:
        sentence = f"推荐单位名单中没有“{digest.recommender}”可用的邮箱；请用 --to 写明收件地址。"
        raise NoSuchRecommender(sentence)
    done = queue_to(shop, digest, to, now)
    return f"已放入发件队列，收件人 {to}。" if done else "今天给该单位的简报已经拟过，不再重复。"


def queue_due_digests(shop: Workshop, now: datetime) -> str:
    """Put into the outbox what the schedule owes to recommenders today; say in one sentence what was done.

    A recommender with a listed address gets its digest on the week's first working day (``weekly``) or on every one
    (``daily``), and only where it says something else than the last one that was made by schedule.
    """
    how = shop.settings.recommender_digest
    if how == "off":
        return "推荐单位简报没有设为定时发送（ZHENGJI_RECOMMENDER_DIGEST）。"
    if not may_disturb(now, shop.call):
        return "现在是夜间或休息日，推荐单位简报不发。"
    local = now.astimezone(shop.call.window.timezone)
    period = f"{local:%G-W%V}" if how == "weekly" else f"{local:%Y-%m-%d}"
    with shop.store.reading() as session:
        names = tuple(dict.fromkeys(use.recommender for use in quota_uses(session, shop.call)))
        listed = [name for name in names if (entry := lists.recommender_of(session, name)) and entry.email]
    sent = sum(_queue_due(shop, name, period, now) for name in listed)
    return f"推荐单位简报已放入发件队列 {sent} 份；{len(names) - len(listed)} 家推荐单位在名单中没有邮箱。"


def _queue_due(shop: Workshop, name: str, period: str, now: datetime) -> bool:
    """Queue one recommender's digest where it is due and says something new."""
    key = f"{_DUE}{normalise_name(name)}"
    with shop.store.reading() as session:
        before = (watermarks.get(session, key) or "").split("|")
    if before[0] == period:
        return False
    try:
        made = make_recommender_digest(shop, name, now)
        told = _fingerprint(made)
        if told == before[-1]:
            return False
        queue_recommender_digest(shop, made, now)
    except NoSuchRecommender:
        return False
    with shop.store.transaction() as session:
        watermarks.put(session, key, f"{period}|{told}", now)
    return True


def _fingerprint(digest: Digest) -> str:
    """Return a short hash of what a digest tells of its firms and its places; the days that are left do not count."""
    lines = [f"{line.words}|{line.detail}" for section in digest.sections for line in section.lines]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _own(session: Transaction, shop: Workshop, recommender: str) -> tuple[str, frozenset[str]]:
    """Return the body's full name, and the numbers of its own submissions."""
    entry = lists.recommender_of(session, recommender)
    wanted = normalise_name(entry.name if entry else recommender)
    uses = [use for use in quota_uses(session, shop.call) if normalise_name(use.recommender) == wanted]
    return (uses[0].recommender if uses else recommender), frozenset(use.number for use in uses)


def _content(
    shop: Workshop,
    name: str,
    rows: list[dict[str, Any]],
    quota: QuotaLine | None,
    now: datetime,
    elsewhere: frozenset[str],
) -> Content:
    call = shop.call
    day = now.astimezone(call.window.timezone)
    counts = {state: sum(1 for row in rows if row["status"] == state) for state in _STATES}
    figures = tuple(
        Figure(words, counts[state], "家")
        for state, words in _STATES.items()
        if counts[state] or state == SubmissionStatus.COMPLETE
    )
    contact = f"{call.contact.person}，{call.contact.phone}，{call.contact.email}"
    return Content(
        subject=f"【推荐情况】{day:%m月%d日} {call.short_title}：贵单位推荐 {len(rows)} 家，{time_left(call, now)}",
        lead=f"{name}：截至 {day:%m-%d %H:%M}，贵单位推荐的 {len(rows)} 家单位申报情况如下，{time_left(call, now)}。",
        figures=(Figure("推荐", len(rows), "家"), *figures),
        compared="",
        sections=(
            Section("逐家情况", tuple(_line(row, elsewhere) for row in rows)),
            Section("推荐名额", (Line(_quota(quota, frozenset(row["number"] for row in rows))),)),
        ),
        foot=f"本信只列贵单位推荐的申报。如有不符，请联系：{contact}。",
    )


def _line(row: dict[str, Any], elsewhere: frozenset[str]) -> Line:
    """Return one firm; a doubt is ours to settle and is not told, nor what a letter says that staff still hold.

    That its enterprise came by another way too (``elsewhere``) is told without saying by which.
    """
    missing = [f["message"].rstrip("。") for f in row["findings"] if f["verdict"] == "缺失"]
    waits = bool(row["letters"]) and row["letters"][-1]["state"] == LetterState.HELD
    show = missing and row["status"] == SubmissionStatus.INCOMPLETE and not waits
    words = f"{row['number']} {row['applicant'] or '（单位名称核实中）'}：{_STATES[row['status']]}"
    if row["number"] in elsewhere:
        words += "；另有其他途径的申报，按哪一途径计正在核定"
    return Line(words, f"缺：{'；'.join(missing)}。" if show else "")


def _quota(quota: QuotaLine | None, own: frozenset[str]) -> str:
    """Return the quota in numbers only: under a quota of a whole city other bodies' submissions count in it too."""
    if quota is None or quota.at_most is None:
        return "贵单位不在通知列明的推荐单位之内，或通知没有给出名额，正在核实。"
    whose = "" if set(quota.reserved + quota.confirmed) <= own else "（全市合计，含其他推荐单位）"
    told = f"名额 {quota.limit.places} 个{whose}，已用 {quota.used} 个"
    if quota.used > quota.at_most:
        return f"{told}，超出 {quota.used - quota.at_most} 个，请与我们商定。"
    return f"{told}，还可推荐 {quota.at_most - quota.used} 个。"
