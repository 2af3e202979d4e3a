"""What a mail itself asks of staff (来信待办): one task a mail and a fact, with the operation filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from parsers.facts.mails import NOTICE_NAMES, Intent, Notice
from parsers.names.company import mention
from store.engine import Transaction
from store.states import MessageKind, SubmissionStatus
from store.views import overview
from store.views.overview import MailWords

_TITLES = {
    Intent.CONTACT: "联系人变更",
    Intent.CORRECTION: "文字说明",
    Intent.PASSWORD: "压缩包密码",
    Intent.MACHINE: "自动邮件",
}
"""What a task is called that is not a question."""
_CURES = {
    Intent.CONTACT: "核实后更正联系方式",
    Intent.CORRECTION: "核对后登记到案卷；须改结论的用“裁定存疑”",
    Intent.PASSWORD: "用此密码打开压缩包核对",
    Intent.MACHINE: "电话联系或更正收件地址",
}
_SETTLES_ITSELF = frozenset({Intent.THANKS, Intent.STATUS, Intent.TEMPLATES})
"""Intents that need nobody: nothing to do, or the letter itself answers."""
_CALLED = 0.7


@dataclass(frozen=True, slots=True)
class MailTask:
    """One thing that a mail asks of staff; the fields are those of a task on the list."""

    kind: str
    about: str
    what: str
    cure: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the mails stands outside the register, where no text of a mail is."""

    settled: frozenset[str]
    """Mails that staff have dealt with."""
    answered: frozenset[str]
    """Mails to which a letter of ours went out."""
    words: Mapping[str, MailWords]
    closes: datetime

    @classmethod
    def of(cls, session: Transaction, closes: datetime) -> Self:
        """Read it."""
        return cls(
            overview.settled_mails(session), overview.answered_mails(session), overview.mail_words(session), closes
        )


_NOTHING = MailWords()


def mail_tasks(values: Mapping[str, Any], seen: Seen) -> Iterator[MailTask]:
    """Yield the tasks of all mails, in the order of the register."""
    rows = {row["number"]: row for row in values["submissions"]}
    for mail in values["messages"]:
        if mail["sha256"] in seen.settled:
            continue
        words = seen.words.get(mail["sha256"], _NOTHING)
        if mail["kind"] == MessageKind.QUARANTINED:
            cure = f"用“重新读取来信”：{_short(mail)}；仍不成的下载原件处理"
            yield MailTask("隔离来信", _short(mail), f"{_who(mail)}。{mail['reason']}", cure, _since(mail))
        elif words.withdrawal:
            yield from _withdrawal(mail, words.withdrawal, rows)
        elif mail["kind"] == MessageKind.INQUIRY and not _needs_nobody(mail, seen):
            yield _inquiry(mail, words)
        if mail["junk"] and mail["kind"] in {MessageKind.SUBMISSION, MessageKind.SUPPLEMENT, MessageKind.INQUIRY}:
            cure = f"确认是来件的用“重新读取来信”：{_short(mail)}；不是的用“标为无关”"
            yield MailTask("垃圾箱来件", _short(mail), f"{_who(mail)}。在“{mail['folder']}”中", cure, _since(mail))


def _needs_nobody(mail: Mapping[str, Any], seen: Seen) -> bool:
    intent = Intent(mail["intent"])
    if intent is Intent.THANKS:
        return True
    if intent is Intent.PASSWORD:
        # It is tried on the submission's archives; one that stays shut is shown itself.
        return bool(mail["numbers"]) and _since(mail) < seen.closes
    return intent in _SETTLES_ITSELF and mail["sha256"] in seen.answered


def _withdrawal(mail: Mapping[str, Any], sentence: str, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[MailTask]:
    said = sentence[:60]
    numbers = _meant(mail, sentence, rows)
    standing = [one for one in numbers if rows[one]["status"] != SubmissionStatus.WITHDRAWN]
    if numbers and not standing:
        return
    for number in standing[:1] or [""]:
        others = f"（另涉及 {'、'.join(standing[1:])}）" if len(standing) > 1 else ""
        what = f"{mail['from']} 来信要求撤回：“{said}”{others}"
        form = f"--number {number or '（受理编号）'} --reason “{mail['received'][:10]} 来信：{said[:30]}”"
        cure = f"向单位核实后用“登记撤回”（desk withdraw {form}）；不是撤回的用“已人工答复”：{_short(mail)}"
        yield MailTask("撤回", number or _short(mail), what, cure, _since(mail))


def _meant(mail: Mapping[str, Any], sentence: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the submissions that the sentence speaks of: those whose firm it calls, else the mail's own."""
    said = f"{mail['subject']}\n{sentence}"
    called = [number for number, row in rows.items() if row["applicant"] and mention(said, row["applicant"]) >= _CALLED]
    return called or [number for number in mail["numbers"] if number in rows]


def _inquiry(mail: Mapping[str, Any], words: MailWords) -> MailTask:
    intent = Intent(mail["intent"])
    title, about = _TITLES.get(intent, "咨询"), _short(mail)
    what = _who(mail)
    if words.notice:
        title, what = "自动邮件", f"{what}。{NOTICE_NAMES[Notice(words.notice)]}"
    elif intent in _TITLES:
        what = f"{what}。{words.text[:80]}"
    done = "办妥后" if intent in _CURES else "答复后"
    cure = _CURES.get(intent, "请在邮箱中答复")
    return MailTask(title, about, what, f"{cure}；{done}用“已人工答复”销去：{about}", _since(mail))


def aside_lines(values: Mapping[str, Any], most: int = 200) -> Sequence[str]:
    """Return what was set aside, newest first, each with the operation that takes it back."""
    kinds = (MessageKind.ASIDE, MessageKind.MACHINE, MessageKind.BOUNCE, MessageKind.IRRELEVANT)
    mails = [mail for mail in reversed(values["messages"]) if mail["kind"] in kinds]
    return [f"{_short(mail)} {_who(mail)}（{mail['reason'].rstrip('。')}）" for mail in mails[:most]]


def _short(mail: Mapping[str, Any]) -> str:
    return str(mail["sha256"][:12])


def _who(mail: Mapping[str, Any]) -> str:
    return f"{mail['from'] or '（无发件地址）'}：{mail['subject'] or '（无主题）'}"


def _since(mail: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(mail["received"])
