"""What waits for staff (待办): every open question with what to do about it, oldest first; one list for all screens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.call import Call, Verdict
from config.working_days import is_working_day
from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.intake.whole import APART as SHORT_FOR
from flows.steps.screens.mail_tasks import Seen, mail_tasks
from flows.steps.screens.similar import known_similar
from flows.steps.workshop import Workshop
from store import watermarks
from store.dossier.dossier import GIVEN_SHORT
from store.engine import Transaction
from store.filing.suggestions import open_suggestions
from store.letters import earlier_letters, outbox
from store.mails import messages
from store.states import LetterState, MessageKind, SubmissionStatus
from store.views import overview
from store.views.open_notes import NO_ADDRESS, open_notes
from store.views.overview import WaitingFile

LINK_DAYS = timedelta(days=7)
"""So long before its end a cloud link is shown, and three days after it, until the files have come."""
LINK_DAYS_AFTER = timedelta(days=3)

LETTER_STATES = {
    LetterState.HELD: "待放行",
    LetterState.FAILED: "发送失败",
    LetterState.UNKNOWN: "结果不明",
    LetterState.BOUNCED: "被退回",
}
"""States of letters that wait for staff."""

_LETTER_CURES = {
    LetterState.HELD: "核对后用“放行回信”或“不发回信”",
    LetterState.FAILED: "查明原因后用“重发回信”，或电话联系",
    LetterState.UNKNOWN: "到网页邮箱的已发送中核对，没有发出的用“重发回信”",
    LetterState.BOUNCED: "电话联系，或改正地址后用“重发回信”",
}
HELD_UP_FROM = timedelta(minutes=30)
"""Age of a mail from which it is told that it still waits to be examined; short faults pass by themselves."""
UNKNOWN_FIRM = "S02"
"""The rule on the applicant's name: where it doubts and no firm is known, the others wait for its answer."""
PATIENCE_DAYS = 2
"""Working days after the sender's last mail in which a doubt may settle itself (issue: 两个工作日)."""
DAYS_BEFORE_THE_END = 3
"""Working days before the deadline from which no doubt waits any longer."""
_LISTED = frozenset({MessageKind.IRRELEVANT, MessageKind.ASIDE, MessageKind.MACHINE, MessageKind.BOUNCE})
_DONE = frozenset({SubmissionStatus.COMPLETE, SubmissionStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits (待办事项). ``since`` is when the mail or letter came from which it arises."""

    kind: str
    about: str
    """受理编号, or the beginning of a mail's hash."""
    what: str
    cure: str
    """What to do, with the name of the operation."""
    since: datetime
    letter: int = 0
    """Number of the letter, where it is about one."""
    first: bool = False
    """Whether it comes before all others: what waited for itself too long."""


def waiting(shop: Workshop, values: dict[str, Any], now: datetime) -> tuple[Task, ...]:
    """Return everything that waits for staff, oldest first. ``values`` is the register."""
    with shop.store.reading() as session:
        found = [
            *_older_state(session, now),
            *_doubts(shop, values, now),
            *_files(session, shop.call.id),
            *_letters(session),
            *_suggestions(session),
            *_mails(shop, values, Seen.of(session, shop.call.window.closes), now),
            *_held_up(session, now),
            *_unfetched(session, now),
            *_notes(session, values),
            *_links(session, values, now),
            *_similar(shop, values),
        ]
    return tuple(sorted(found, key=lambda task: (not task.first, task.since, task.about, task.kind, task.what)))


def by_kind(tasks: Sequence[Task]) -> str:
    """Return how many of each kind wait, the most frequent first: ``存疑 3，咨询 1``."""
    counted = Counter(task.kind for task in tasks)
    return "，".join(f"{kind} {count}" for kind, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _doubts(shop: Workshop, values: dict[str, Any], now: datetime) -> list[Task]:
    """A doubt waits since the newest mail of its submission: what it rests on came no later.

    One task a fact: where the firm itself is unknown, nothing else is asked about it first; a list that was never
    imported is one task; what may lie in a thing that is still shut is staff's only when it stayed so.
    """
    found: list[Task] = []
    without_list: dict[str, list[str]] = {}
    for row in values["submissions"]:
        if row["status"] == SubmissionStatus.WITHDRAWN:
            continue
        since = datetime.fromisoformat(row["last_received"])
        doubts = [finding for finding in row["findings"] if finding["verdict"] == Verdict.DOUBT]
        who = row["applicant"] or "（单位待核实）"
        if any(one["code"] == UNKNOWN_FIRM for one in doubts) and not row["applicant"]:
            doubts = [one for one in doubts if one["code"] == UNKNOWN_FIRM]
        things = [thing for one in doubts if not one["asked"] for thing in one["waits_for"]]
        if things and overdue(shop.call, since, now):
            codes = "、".join(one["code"] for one in doubts if one["waits_for"])
            what = f"{who}：“{'”“'.join(dict.fromkeys(things))}”仍未读到或归档，{codes} 无法判定"
            cure = f"电话联系，请改用普通附件重发；或核对后用“裁定存疑”：{row['number']}"
            found.append(Task("仍存疑", row["number"], what, cure, since, first=True))
        for one in doubts:
            if one["waits_for"]:
                continue
            if one["message"].startswith("尚未导入"):
                without_list.setdefault(one["message"], []).append(row["number"])
                continue
            cure = f"核对后用“裁定存疑”：{row['number']} {one['code']}"
            found.append(Task("存疑", row["number"], f"{who}：{one['code']} {one['message']}", cure, since))
    first = min((datetime.fromisoformat(row["first_received"]) for row in values["submissions"]), default=now)
    found += [
        Task("名单", "全部", f"{message}（涉及 {len(numbers)} 件）", "用 zhengji import-list 导入名单后自动核对", first)
        for message, numbers in without_list.items()
    ]
    return found


def overdue(call: Call, since: datetime, now: datetime) -> bool:
    """Whether a doubt that was to settle itself is staff's now.

    Two working days after the sender's last mail, or from the third working day before the deadline.
    """
    zone = call.window.timezone
    today, day = now.astimezone(zone).date(), since.astimezone(zone).date()
    passed = 0
    while day < today and passed < PATIENCE_DAYS:
        day += timedelta(days=1)
        passed += is_working_day(day)
    last = (call.window.closes - timedelta(microseconds=1)).astimezone(zone).date()
    left = 0
    while left < DAYS_BEFORE_THE_END:
        left += is_working_day(last)
        last -= timedelta(days=1)
    return passed >= PATIENCE_DAYS or today > last


def _older_state(session: Transaction, now: datetime) -> list[Task]:
    """All letters wait because the database is an older state: nothing else is as urgent."""
    older = earlier_letters.older_state(session)
    if older is None:
        return []
    since = watermarks.written_at(session, earlier_letters.OLDER) or now
    cure = "到网页邮箱的已发送中核对后，用“认领已发回信”：发过的不再发，其余放行"
    return [Task("回信全部暂停", "全部", older.sentence(), cure, since, first=True)]


def _similar(shop: Workshop, values: dict[str, Any]) -> list[Task]:
    """Reports that share text wait since the later of the two came in."""
    since = {row["number"]: datetime.fromisoformat(row["last_received"]) for row in values["submissions"]}
    cure = "对照两份报告；属正常引用的不必处理，须核实的电话联系双方"
    return [
        Task("报告雷同", one.first, one.sentence(), cure, max(since[one.first], since[one.second]))
        for one in known_similar(shop)
        if one.first in since and one.second in since
    ]


def _files(session: Transaction, call_id: str) -> list[Task]:
    """One task for all that a mail brought to a submission; bytes that lie there already are no question."""
    together: dict[tuple[str, str], list[WaitingFile]] = {}
    for one in overview.waiting_files(session, call_id):
        together.setdefault((one.number, one.message), []).append(one)
    cure = "核对后用“采纳待定文件”或“不采纳待定文件”"
    found = []
    for (number, _), files in together.items():
        names = "”“".join(one.name for one in files)
        what = f"{files[0].sender} 发来“{names}”。{files[0].reason}"
        found.append(Task("待定文件", number, what, cure, files[0].received))
    return found


def _letters(session: Transaction) -> list[Task]:
    found = []
    for letter in outbox.in_state(session, *LETTER_STATES):
        name = LETTER_NAMES[LetterKind(letter.kind)]
        key = letter.subject_key.partition(":")[2]
        about = key[:12] if letter.subject_key.startswith("message:") else key[:24]
        what = f"第 {letter.id} 号回信“{name}”→ {letter.to_address}：{letter.state_reason}"
        cure = f"{_LETTER_CURES[letter.state]}（第 {letter.id} 号）"
        kind = f"回信{LETTER_STATES[letter.state]}"
        found.append(Task(kind, about, what, cure, letter.created, letter.id or 0))
    return found


def _held_up(session: Transaction, now: datetime) -> list[Task]:
    """Name the mails that a fault of this machine keeps from being examined: each is tried again, none forgotten."""
    cure = "排除原因后会自动重试；原因已排除仍在的，用“重新读取来信”"
    return [
        Task("暂缓来信", one.message[:12], one.why, cure, one.received)
        for one in overview.held_up(session)
        if now - one.received >= HELD_UP_FROM
    ]


def _suggestions(session: Transaction) -> list[Task]:
    return [
        Task("归属", one.message[:12], one.reason, f"用“归属来信”：{one.message[:12]}", one.at)
        for one in open_suggestions(session)
    ]


def _mails(shop: Workshop, values: dict[str, Any], seen: Seen, now: datetime) -> list[Task]:
    found = [Task(one.kind, one.about, one.what, one.cure, one.since) for one in mail_tasks(values, seen)]
    waited = {row["number"] for row in values["submissions"] if any(one["waits_for"] for one in row["findings"])}
    statuses = {row["number"]: row["status"] for row in values["submissions"]}
    for mail in values["messages"]:
        # What the server may have kept back is no file of the sender's: A01 asks about it.
        shut = [leaf for leaf in mail["leaves"] if leaf["role"] == "unreadable" and GIVEN_SHORT not in leaf["problems"]]
        unreadable = [leaf["name"] for leaf in shut]
        open_numbers = [number for number in mail["numbers"] if statuses.get(number) not in _DONE | {""}]
        since = datetime.fromisoformat(mail["received"])
        # What a shut file may hold is asked for at once, and its doubt has a task of its own when it lasts.
        told = bool(waited & set(mail["numbers"])) or not overdue(shop.call, since, now)
        if unreadable and open_numbers and not told and mail["kind"] not in _LISTED:
            about = "、".join(open_numbers)
            found.append(Task("无法打开", about, "；".join(unreadable), "已告知对方；逾期不改发的请电话联系", since))
    return found


def _notes(session: Transaction, values: dict[str, Any]) -> list[Task]:
    """A mail that nobody can be answered by, and a bounce that names no letter: people telephone."""
    mails = {mail["sha256"]: mail for mail in values["messages"]}
    found = []
    for note in open_notes(session):
        mail, short = mails.get(note.message), note.message[:12]
        who = f"{mail['from'] or '（无发件地址）'}：{mail['subject'] or '（无主题）'}。" if mail else ""
        kind = "无法回信" if note.action == NO_ADDRESS else "退信待核"
        cure = f"电话联系；办妥后用“已人工答复”销去：{short}"
        found.append(Task(kind, note.number or short, f"{who}{note.sentence}", cure, note.received))
    return found


def _unfetched(session: Transaction, now: datetime) -> list[Task]:
    """A mail that the server does not give whole waits for people: they see it in the web mailbox."""
    cure = "请到网页邮箱打开这封信核对；能看全的，把它作为附件转发到本邮箱，收到后即归档"
    return [
        Task(
            "收取不全" if mail.short else "收不下来",
            f"{mail.folder} UID {mail.uid}",
            f"“{mail.folder}”UID {mail.uid}：{mail.note}。",
            cure,
            mail.seen,
        )
        for mail in messages.unfetched(session)
        if mail.given_up or now - mail.seen >= SHORT_FOR
    ]


def _links(session: Transaction, values: dict[str, Any], now: datetime) -> list[Task]:
    """Links of submissions that are complete are of no more interest."""
    statuses = {row["number"]: row["status"] for row in values["submissions"]}
    mails = {mail["sha256"]: mail for mail in values["messages"]}
    found = []
    for seen in overview.ending_links(session):
        mail, ends = mails.get(seen.message), seen.link.expires
        if mail is None or ends is None or not now - LINK_DAYS_AFTER <= ends <= now + LINK_DAYS:
            continue
        numbers = [number for number in mail["numbers"] if statuses.get(number) not in _DONE]
        if mail["numbers"] and not numbers:
            continue
        when = f"{ends:%m-%d %H:%M}"
        state = f"{when} 到期" if ends > now else f"已于 {when} 到期"
        what = f"{seen.link.provider}“{seen.link.name or '（未写文件名）'}”{state}，程序不下载链接。"
        cure = "请对方改用附件发送；急用时由经办在到期前打开链接另存"
        found.append(Task("云附件到期", "、".join(numbers) or seen.message[:12], what, cure, seen.received))
    return found
