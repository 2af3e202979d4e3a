"""From facts to what the digest says (简报编排): which sections, in which order, in which words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.call import Call, Policy
from flows.steps.digest.chart import draw
from flows.steps.digest.content import Content, Figure, Section
from flows.steps.digest.facts import DigestFacts
from flows.steps.digest.history import calendar
from flows.steps.screens.lines import MOST_LINES, Line, bounded, moment_words
from flows.steps.screens.mailbox import mailbox_lines
from flows.steps.screens.waiting import LETTER_STATES, Task, by_kind
from store.states import LetterState, SubmissionStatus
from store.views.shelf import STATUS_NAMES

_UNDELIVERED = frozenset(f"回信{name}" for state, name in LETTER_STATES.items() if state != LetterState.HELD)
_NONE = (Line("没有。"),)


def content_of(facts: DigestFacts, call: Call) -> Content:
    """Return what the digest says; a short one where there is nothing to say."""
    if facts.quiet:
        return _quiet(facts, call)
    total = len(facts.values["submissions"])
    day = facts.now.astimezone(call.window.timezone)
    subject = (
        f"【征集简报】{day:%m月%d日} {call.short_title}：{total} 件，齐全 {facts.today['complete']}，"
        f"待办 {len(facts.tasks)}，{time_left(call, facts.now)}"
    )
    first = call.window.opens.date()
    last = (call.window.closes - timedelta(microseconds=1)).date()
    days = calendar(facts.courses, first, max(last, day.date()), facts.now, call.window.timezone)
    return Content(
        subject=subject,
        lead=_lead(facts, call),
        figures=_figures(facts),
        compared=f"括号内为与 {moment_words(facts.since, call)} 相比",
        sections=_sections(facts, call),
        chart=draw(days, first, last) if days else b"",
        chart_words=_progress(facts, call),
        foot="台账见附件，与本信同一时刻取自同一数据库。电话名单含联系方式，请勿转发。",
    )


def time_left(call: Call, now: datetime) -> str:
    """Return how long it is until the deadline: whole days, hours on the last day."""
    left = call.window.closes - now
    if left <= timedelta(0):
        return "已截止"
    return f"距截止 {left.days} 天" if left.days else f"距截止 {int(left.total_seconds() // 3600)} 小时"


def _quiet(facts: DigestFacts, call: Call) -> Content:
    day = facts.now.astimezone(call.window.timezone)
    statuses = "，".join(f"{name} {facts.today[key]}" for key, name in STATUS_NAMES.items() if facts.today[key])
    mailbox = mailbox_lines(facts.folders, call)[0].words
    total = len(facts.values["submissions"])
    lead = (
        f"{moment_words(facts.since, call)} 以来没有新来信，没有状态变化，没有待办，回信都已送出。"
        f"申报共 {total} 件{f'（{statuses}）' if statuses else ''}，{time_left(call, facts.now)}。{mailbox}"
    )
    foot = f"尚未确认的口径还有 {len(facts.policies)} 项。" if facts.policies else ""
    subject = f"【征集简报】{day:%m月%d日} {call.short_title}：没有新情况，{time_left(call, facts.now)}"
    return Content(subject, lead, (), "", (), foot=foot)


def _lead(facts: DigestFacts, call: Call) -> str:
    parts = [f"截至 {moment_words(facts.now, call)}，{time_left(call, facts.now)}。"]
    parts.append(f"等经办处理 {len(facts.tasks)} 项（{by_kind(facts.tasks)}）。" if facts.tasks else "没有待办。")
    if facts.calls:
        parts.append(f"需要电话联系 {len(facts.calls)} 家。")
    if facts.alarms:
        parts.append(f"有 {len(facts.alarms)} 项告警。")
    return "".join(parts)


def _figures(facts: DigestFacts) -> tuple[Figure, ...]:
    today, before = facts.today, facts.before
    made = [Figure("申报", today.total(), "件", today.total() - before.total())]
    for status, name in STATUS_NAMES.items():
        # 逾期 and 已撤回 are shown where there are any; the others always, so that the eye finds them.
        if (
            status in {SubmissionStatus.COMPLETE, SubmissionStatus.INCOMPLETE, SubmissionStatus.DOUBTFUL}
            or today[status]
            or before[status]
        ):
            made.append(Figure(name, today[status], "件", today[status] - before[status]))
    mails = len(facts.values["messages"])
    return (*made, Figure("来信", mails, "封", facts.mails_new), Figure("待办", len(facts.tasks), "项"))


def _progress(facts: DigestFacts, call: Call) -> str:
    week = facts.now - timedelta(days=7)
    arrived = sum(1 for course in facts.courses if course.received > week)
    complete = sum(
        1
        for c in facts.courses
        if c.at(facts.now) == SubmissionStatus.COMPLETE and c.at(week) != SubmissionStatus.COMPLETE
    )
    total = len(facts.courses)
    return (
        f"截至今日收到 {total} 件，其中齐全 {facts.today['complete']} 件；最近 7 天收到 {arrived} 件，"
        f"转为齐全 {complete} 件；征集期 {call.window.opens:%m-%d} 至 "
        f"{call.window.closes - timedelta(microseconds=1):%m-%d}。"
    )


def _sections(facts: DigestFacts, call: Call) -> tuple[Section, ...]:
    undelivered = tuple(task for task in facts.tasks if task.kind in _UNDELIVERED)
    others = tuple(task for task in facts.tasks if task.kind not in _UNDELIVERED)
    alarm = [Section("告警", tuple(Line(f"{one.title}：{one.sentence}") for one in facts.alarms), "bad")]
    return (
        *(alarm if facts.alarms else ()),
        _news("新增申报", facts.opened, "plain"),
        _news("新近齐全", facts.turned(SubmissionStatus.COMPLETE), "good"),
        _news("新近待核实", facts.turned(SubmissionStatus.DOUBTFUL), "warn"),
        Section(
            f"等经办处理（{len(others)} 项，最久的在前）",
            bounded(tuple(_task(task, facts, call) for task in others), MOST_LINES, "见“待办”页") or _NONE,
            "warn" if others else "good",
        ),
        Section(f"电话名单（{len(facts.calls)} 家）", _calls(facts, call) or _NONE, "warn" if facts.calls else "good"),
        Section("推荐名额", bounded(tuple(Line(one) for one in facts.quotas), MOST_LINES, "见附件“名额”表") or _NONE),
        Section("收件对账", mailbox_lines(facts.folders, call), "bad" if facts.lost else "good"),
        Section(
            f"未送达的回信（{len(undelivered)} 封）",
            bounded(tuple(_task(task, facts, call) for task in undelivered), MOST_LINES, "见“待办”页") or _NONE,
            "bad" if undelivered else "good",
        ),
        Section(
            f"尚未确认的口径（{len(facts.policies)} 项，通知没有写明）",
            tuple(Line(policy.question, _policy(policy)) for policy in facts.policies) or _NONE,
        ),
        *_questions(call),
    )


def _policy(policy: Policy) -> str:
    meant = f"（{policy.meaning}）" if policy.meaning != policy.value else ""
    return f"现按 {policy.value}{meant}：{policy.default_reason or '通知没有写。'}（{policy.key}）"


def _questions(call: Call) -> tuple[Section, ...]:
    """Return what the notice leaves open and no setting of the program answers."""
    lines = tuple(Line(one.question, one.meanwhile) for one in call.open_questions)
    return (Section(f"待定问题（{len(lines)} 项，通知没有写明，程序不据以办理）", lines),) if lines else ()


def _news(title: str, rows: tuple[dict[str, Any], ...], tone: str) -> Section:
    names = [(row["number"], row["applicant"] or "（单位待核实）", STATUS_NAMES[row["status"]]) for row in rows]
    lines = tuple(Line(f"{number} {applicant}（{status}）") for number, applicant, status in names)
    shown = bounded(lines, MOST_LINES, "见附件台账") or _NONE
    return Section(f"{title}（{len(rows)} 件）", shown, tone if rows else "plain")


def _task(task: Task, facts: DigestFacts, call: Call) -> Line:
    days = (facts.now - task.since).days
    waited = f"已等 {days} 天" if days else "不到 1 天"
    about = "" if task.what.startswith(task.about) else f"{task.about} "
    return Line(f"【{task.kind}】{about}{task.what}", f"{task.cure}；自 {moment_words(task.since, call)}，{waited}")


def _calls(facts: DigestFacts, call: Call) -> tuple[Line, ...]:
    lines = tuple(
        Line(
            f"{one.number} {one.applicant or '（单位待核实）'}：{one.contact}",
            f"{one.why}（自 {moment_words(one.since, call)}）。缺：{'；'.join(one.missing)}。",
        )
        for one in facts.calls
    )
    return bounded(lines, MOST_LINES, "见附件台账中的“待补正”")
