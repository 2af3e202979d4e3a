"""Which letter a submission or a mail gets (处置): one table, read from the top, the first row that fits decides.

| 情形 | 处置 | 回信 |
|---|---|---|
| 带有自动邮件标志，有缺失 | HOLD | 补正（待人工） |
| 自动邮件、退信、广告、无关 | SILENT | 无 |
| 征集开始前的旧邮件 | SILENT | 无 |
| 在垃圾邮件夹中，人工尚未确认 | SILENT | 无 |
| 发件人验证失败 | HOLD | 已收到 |
| 陌生发件人为他人申报补件 | HOLD | 已收到 |
| 索要模板 | ACKNOWLEDGE | 模板寄送 |
| 提问，未附材料，口径为只由人工答复 | HOLD | 无 |
| 提问，未附材料 | ACKNOWLEDGE | 咨询已转办 |
| 告知密码 | SILENT | 无，打开后一并答复 |
| 文字说明、联系人变更 | ACKNOWLEDGE | 咨询已转办 |
| 申报已撤回 | ACKNOWLEDGE | 撤回确认 |
| 要求撤回 | HOLD | 无，登记后发撤回确认 |
| 要求撤回，未找到申报 | HOLD | 已收到 |
| 致谢寒暄，未附材料 | SILENT | 无 |
| 说附有材料，却没有附件 | ACKNOWLEDGE | 请补发附件 |
| 材料不属于任何申报 | HOLD | 已收到 |
| 批量报送的来信（不看某一件） | ACKNOWLEDGE | 批量报送回执 |
| 批量报送中的一件 | SILENT | 由批量报送回执一并告知 |
| 超过征集时间 | HOLD | 逾期收到（待人工） |
| 发件人未经验证，且回信会说出他人来信的内容 | HOLD | 已收到 |
| 有缺失，合并等待未满，尚未回过，限额充裕 | ASK | 收讫待核（先行回执），到时再定 |
| 合并等待未满，已有回执或限额吃紧 | ASK 或 ACKNOWLEDGE | 无，到时再定 |
| 此状态已告知，新登记了纸质件 | ACKNOWLEDGE | 纸质件收讫 |
| 此状态已告知 | SILENT | 无 |
| 同样的文件冒出新的缺失 | HOLD | 补正（待人工） |
| 有缺失 | ASK | 补正、无法打开或云附件请改发 |
| 无缺失，曾要求补正，无存疑 | ACKNOWLEDGE | 补正完成 |
| 无缺失，有存疑 | ACKNOWLEDGE | 收讫待核 |
| 齐全 | ACKNOWLEDGE | 收讫 |

Where staff refused the letter of a state (不发回信), that state counts as told: it is not planned again until the files
or the open 缺失 changed.

The same table stands as data in ``TABLE``. A submission gets at most one receipt at once per settling time, then one
letter that says everything; the next one only when the files or the open 缺失 changed (``flows.replies.state``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.replies.situation import (
    PRIORITY,
    SHORT_FROM,
    Action,
    Arrival,
    Decision,
    PlannedLetter,
    Situation,
    budget_is_short,
    reply_address,
)
from flows.replies.state import (
    ASKING_KINDS,
    FIRST_RECEIPT,
    RECEIPT_KINDS,
    VERDICT_KINDS,
    ToldLetter,
    doubts,
    is_late,
    missing,
    paper_key,
    papers_untold,
    state_key,
    status_of,
    told_already,
)
from flows.replies.timing import answer_moment
from parsers.facts.leaf import Role
from parsers.facts.mails import Address, AuthVerdict, Intent
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding
from store.states import SubmissionStatus, VersionState

__all__ = [
    "PRIORITY",
    "SHORT_FROM",
    "TABLE",
    "Action",
    "Arrival",
    "Decision",
    "PlannedLetter",
    "Situation",
    "ToldLetter",
    "budget_is_short",
    "decide",
    "reply_address",
    "state_key",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: its name, whether it fits, and what follows."""

    name: str
    fits: Callable[[Situation], bool]
    then: Callable[[Situation], Decision]


@dataclass(frozen=True, slots=True)
class _Case:
    """What several rows ask about a submission, worked out once."""

    dossier: Dossier
    key: str
    target: LetterKind
    status: SubmissionStatus
    last: ToldLetter | None
    """The last living letter that told a whole state (the first receipt does not)."""
    refused: ToldLetter | None
    """The letter of a whole state that staff refused, where none was made since."""
    receipts: bool
    asked: bool
    overtaken: tuple[int, ...] = field(default=())
    """Rows of letters that have not left and tell an older state."""
    unsent_receipts: tuple[int, ...] = field(default=())
    """Rows of first receipts that have not left: a letter that says everything takes their place."""
    reached: bool = False
    """Whether any letter about this submission has left."""


_NOT_OURS = (Intent.MACHINE, Intent.BOUNCE, Intent.ADVERT, Intent.IRRELEVANT)


def decide(situation: Situation) -> Decision:
    """Return what the first fitting row of ``TABLE`` says; the last row fits every submission."""
    for row in TABLE:
        if row.fits(situation):
            return row.then(situation)
    return Decision(Action.SILENT, (), None, "没有来信，也没有申报，无需回信。")


def _case(s: Situation) -> _Case:
    assert s.dossier is not None
    dossier, findings = s.dossier, s.findings
    live = sorted((t for t in s.told if t.live and t.kind in VERDICT_KINDS), key=lambda t: (t.at, t.row))
    verdicts = [t for t in live if t.state_key != FIRST_RECEIPT]
    key = state_key(dossier, findings)
    asked = any(t.kind in ASKING_KINDS and not t.waiting for t in live)
    return _Case(
        dossier=dossier,
        key=key,
        target=_target(dossier, findings, asked=asked),
        status=status_of(dossier, findings, s.call),
        last=verdicts[-1] if verdicts else None,
        refused=_refused_last(s.told),
        receipts=bool(live),
        asked=asked,
        overtaken=tuple(t.row for t in verdicts if t.waiting and t.base_key != key),
        unsent_receipts=tuple(t.row for t in live if t.waiting and t.state_key == FIRST_RECEIPT),
        reached=any(not t.waiting for t in live),
    )


def _refused_last(told: tuple[ToldLetter, ...]) -> ToldLetter | None:
    made = [t for t in told if (t.live or t.refused) and t.kind in VERDICT_KINDS and t.state_key != FIRST_RECEIPT]
    last = max(made, key=lambda t: (t.at, t.row), default=None)
    return last if last is not None and last.refused else None


def _target(dossier: Dossier, findings: tuple[Finding, ...], *, asked: bool) -> LetterKind:
    if missing(findings):
        current = [f for f in dossier.files if f.state is VersionState.CURRENT and f.role is not Role.NOISE]
        if dossier.links and not current:
            return LetterKind.CLOUD_LINK
        if current and all(f.role is Role.UNREADABLE and not f.kept_from_us for f in current):
            return LetterKind.UNREADABLE
        return LetterKind.DEFICIENT
    if doubts(findings):
        return LetterKind.RECEIVED_CHECKING
    return LetterKind.COMPLETED if asked else LetterKind.RECEIVED


def _to(s: Situation) -> Address:
    if s.mail is not None:
        return s.mail.reply_to
    if s.dossier is not None and s.dossier.mails:
        mail = s.dossier.mails[-1]
        return Address(mail.sender_name, mail.sender_address)
    return Address()


def _status(s: Situation) -> SubmissionStatus | None:
    return status_of(s.dossier, s.findings, s.call) if s.dossier is not None else None


def _silent(reason: str) -> Callable[[Situation], Decision]:
    return lambda s: Decision(Action.SILENT, (), _status(s), reason)


def _about_mail(kind: LetterKind, action: Action, reason: str) -> Callable[[Situation], Decision]:
    """Answer the mail itself, once, whatever becomes of the submission."""

    def then(s: Situation) -> Decision:
        assert s.mail is not None
        key = f"message:{s.mail.sha256}"
        if any(t.kind is kind and t.state_key == s.mail.sha256 for t in s.told if t.live):
            return Decision(Action.SILENT, (), _status(s), f"这封来信已回过{LETTER_NAMES[kind]}。")
        letter = PlannedLetter(kind, _to(s), s.now, False, reason, key, s.mail.sha256)  # noqa: FBT003 - fields in order
        return Decision(action, (letter,), _status(s), reason)

    return then


def _tell(s: Situation, case: _Case, kind: LetterKind, action: Action, reason: str, *, hold: bool = False) -> Decision:
    """Plan the letter about the submission's state, unless this very letter is there already."""
    if case.last is not None and case.last.kind is kind and case.last.base_key == case.key:
        return _told(s)
    if case.refused is not None and case.refused.kind is kind and case.refused.base_key == case.key:
        reason = "这一状态的回信经办已决定不发，此后文件和结论都没有变化。"
        return Decision(Action.SILENT, (), case.status, reason, cancel=case.overtaken)
    rounds = sum(1 for t in s.told if t.kind is kind and t.base_key == case.key)
    letter = PlannedLetter(
        kind,
        _to(s),
        answer_moment(s.now, s.call) if kind in ASKING_KINDS else s.now,
        hold,
        reason,
        f"submission:{case.dossier.number}",
        case.key if rounds == 0 else f"{case.key}#{rounds + 1}",
        first=not case.reached and not hold,
    )
    # A letter that waits for staff tells nobody anything yet: then the receipt still goes.
    replaced = () if hold else case.unsent_receipts
    return Decision(action, (letter,), case.status, reason, cancel=case.overtaken + replaced)


def _not_ours(s: Situation) -> Decision:
    reason = s.mail.machine if s.mail is not None else ""
    return Decision(Action.SILENT, (), _status(s), reason or "来信与征集无关，不回信。")


def _withdrawn(s: Situation) -> Decision:
    return _tell(s, _case(s), LetterKind.WITHDRAWN, Action.ACKNOWLEDGE, "申报已撤回，发撤回确认。")


def _asks_to_withdraw(s: Situation) -> Decision:
    """Leave it to staff: the task holds the form filled in, and the letter follows when they book it."""
    return Decision(Action.HOLD, (), _status(s), "来信要求撤回申报，须人工核实后登记。")


def _asks_of_machine(s: Situation) -> bool:
    marked = s.mail is not None and bool(s.mail.machine) and s.mail.intent not in _NOT_OURS
    return marked and s.dossier is not None and not s.dossier.withdrawn and _case(s).target in ASKING_KINDS


def _held_for_machine(s: Situation) -> Decision:
    """Something must be asked, and the mail bears a machine's mark: staff see to whom it goes."""
    assert s.mail is not None
    if _settling(s):
        return Decision(Action.HOLD, (), _status(s), "等待对方可能连续发来的邮件。", again_at=s.settle_until)
    case = _case(s)
    reason = f"{s.mail.machine}不自动回信，请核对收件人后放行，或电话联系。"
    return _tell(s, case, case.target, Action.HOLD, reason, hold=True)


def _late(s: Situation) -> Decision:
    return _tell(s, _case(s), LetterKind.LATE, Action.HOLD, "来信超过征集时间，已归档，回信待人工放行。", hold=True)


def _not_vouched(s: Situation) -> Decision:
    return _tell(s, _case(s), LetterKind.MINIMAL, Action.HOLD, "发件人未经验证，只回已收到，请人工核实。")


def _settling(s: Situation) -> bool:
    return s.dossier is not None and s.settle_until is not None and s.now < s.settle_until


def _wants_first_receipt(s: Situation) -> bool:
    if not _settling(s):
        return False
    case = _case(s)
    return case.target in ASKING_KINDS and not case.receipts and not s.short


def _first_receipt(s: Situation) -> Decision:
    case = _case(s)
    reason = "首次来信先发回执；材料还有缺失，合并等待期满后一次性告知。"
    letter = PlannedLetter(
        LetterKind.RECEIVED_CHECKING,
        _to(s),
        s.now,
        hold=False,
        reason=reason,
        subject_key=f"submission:{case.dossier.number}",
        state_key=FIRST_RECEIPT,
        first=True,
    )
    return Decision(Action.ASK, (letter,), case.status, reason, again_at=s.settle_until)


def _must_wait(s: Situation) -> bool:
    if not _settling(s) or _is_told(s):
        return False
    case = _case(s)
    return case.receipts or (s.short and case.target in ASKING_KINDS)


def _wait(s: Situation) -> Decision:
    case = _case(s)
    action = Action.ASK if case.target in ASKING_KINDS else Action.ACKNOWLEDGE
    reason = "等待对方可能连续发来的邮件，期满后一并答复。"
    return Decision(action, (), case.status, reason, again_at=s.settle_until, cancel=case.overtaken)


def _is_told(s: Situation) -> bool:
    case = _case(s)
    return case.last is not None and told_already(case.last, case.key, case.target, s.findings)


def _told(s: Situation) -> Decision:
    case = _case(s)
    return Decision(Action.SILENT, (), case.status, "这一状态已告知过，文件和结论都没有变化。", cancel=case.overtaken)


def _paper_to_tell(s: Situation) -> bool:
    return s.dossier is not None and _is_told(s) and bool(papers_untold(s.dossier, s.told))


def _tell_paper(s: Situation) -> Decision:
    """Tell of all paper originals at once; a letter about some of them that has not left gives way."""
    case = _case(s)
    reason = "新登记了纸质件，告知收讫。"
    waiting = tuple(t.row for t in s.told if t.kind is LetterKind.PAPER_RECEIVED and t.waiting)
    letter = PlannedLetter(
        LetterKind.PAPER_RECEIVED,
        _to(s),
        s.now + timedelta(minutes=s.call.replies.settle_minutes),
        hold=False,
        reason=reason,
        subject_key=f"submission:{case.dossier.number}",
        state_key=paper_key(case.dossier),
    )
    return Decision(Action.ACKNOWLEDGE, (letter,), case.status, reason, cancel=case.overtaken + waiting)


def _new_defect_in_old_files(s: Situation) -> bool:
    """Whether files that were answered before now show a 缺失 that the answer did not name and staff did not set."""
    case = _case(s)
    last = case.last
    if last is None or last.waiting or case.target not in ASKING_KINDS:
        return False
    if last.kind not in ASKING_KINDS | RECEIPT_KINDS:
        return False
    if last.base_key.partition("-")[0] != case.key.partition("-")[0]:
        return False
    named = {(told.code, told.item) for told in last.said}
    return any((f.code, f.item) not in named and f.ruling is None for f in missing(s.findings))


def _hold_new_defect(s: Situation) -> Decision:
    case = _case(s)
    reason = "文件没有变，却查出上一封信未告知的缺失，有违一次性告知，须人工决定是否发出。"
    return _tell(s, case, case.target, Action.HOLD, reason, hold=True)


def _ask(s: Situation) -> Decision:
    case = _case(s)
    count = len(missing(s.findings))
    reason = f"有 {count} 项缺失，发{LETTER_NAMES[case.target]}通知。"
    return _tell(s, case, case.target, Action.ASK, reason, hold=s.approve)


def _acknowledge(s: Situation) -> Decision:
    case = _case(s)
    reasons = {
        LetterKind.COMPLETED: "此前告知的缺失已全部补齐。",
        LetterKind.RECEIVED_CHECKING: "没有缺失，个别内容由人工核对，先告知收讫。",
    }
    return _tell(s, case, case.target, Action.ACKNOWLEDGE, reasons.get(case.target, "材料齐全。"))


def _says_more_than_sender_knows(s: Situation) -> bool:
    """Whether an unverified sender would read in our letter what somebody else sent (policy 未验证发件人)."""
    if s.mail is None or s.dossier is None or s.mail.authentication is not AuthVerdict.UNKNOWN or _is_told(s):
        return False
    value = s.call.policy("unauthenticated_reply")
    if value != "own_content":
        return value == "minimal"
    # Only mails whose files a letter would list count: a stranger's files that wait for staff are never listed.
    shown = {f.message for f in s.dossier.files if f.state in (VersionState.CURRENT, VersionState.SUPERSEDED)}
    own = {s.mail.reply_to.address, *(m.sender_address for m in s.dossier.mails if m.sha256 == s.mail.sha256)}
    heard = [m for m in s.dossier.mails if m.sha256 in shown]
    if any(t.kind is LetterKind.CONTACT and t.live and not t.waiting and t.to_address in own for t in s.told):
        # The firm's contact: our own letter told it of these files before.
        return False
    others = any(m.sender_address not in own for m in heard)
    wrote_before = any(m.sender_address in own and m.sha256 != s.mail.sha256 for m in heard)
    return others and not wrote_before


def _intends(*intents: Intent) -> Callable[[Situation], bool]:
    return lambda s: s.mail is not None and s.mail.intent in intents


TABLE: tuple[Row, ...] = (
    Row("带有自动邮件标志，有缺失", _asks_of_machine, _held_for_machine),
    Row(
        "自动邮件、退信、广告、无关",
        lambda s: s.mail is not None and (bool(s.mail.machine) or s.mail.intent in _NOT_OURS),
        _not_ours,
    ),
    Row(
        "征集开始前的旧邮件",
        lambda s: s.mail is not None and s.mail.before_call,
        _silent("来信早于征集开始，只归档，不回信。"),
    ),
    Row(
        "在垃圾邮件夹中，人工尚未确认",
        lambda s: s.mail is not None and s.mail.junk,
        _silent("来信在垃圾邮件夹中，人工确认前不回信。"),
    ),
    Row(
        "发件人验证失败",
        lambda s: s.mail is not None and s.mail.authentication is AuthVerdict.FAIL,
        _about_mail(LetterKind.MINIMAL, Action.HOLD, "发件人验证失败，只回已收到，请人工核实。"),
    ),
    Row(
        "陌生发件人为他人申报补件",
        lambda s: s.mail is not None and s.mail.stranger,
        _about_mail(LetterKind.MINIMAL, Action.HOLD, "发件人与此前来信人不同，文件待人工确认，只回已收到。"),
    ),
    Row(
        "索要模板",
        _intends(Intent.TEMPLATES),
        _about_mail(LetterKind.TEMPLATES, Action.ACKNOWLEDGE, "来信索要模板，寄送附件。"),
    ),
    Row(
        "提问，未附材料，口径为只由人工答复",
        lambda s: _intends(Intent.QUESTION)(s) and s.call.policy("inquiry_reply") == "staff_only",
        lambda s: Decision(Action.HOLD, (), _status(s), "来信咨询，口径为只由人工答复。"),
    ),
    Row(
        "提问，未附材料",
        _intends(Intent.QUESTION, Intent.STATUS),
        _about_mail(LetterKind.INQUIRY, Action.ACKNOWLEDGE, "来信咨询，已转经办人员。"),
    ),
    Row("告知密码", _intends(Intent.PASSWORD), _silent("来信告知密码，随压缩包打开后的结果一并答复。")),
    Row(
        "文字说明、联系人变更",
        lambda s: s.mail is not None and s.dossier is None and s.mail.intent in (Intent.CONTACT, Intent.CORRECTION),
        _about_mail(LetterKind.INQUIRY, Action.ACKNOWLEDGE, "来信说明情况，已转经办人员。"),
    ),
    Row("申报已撤回", lambda s: s.dossier is not None and s.dossier.withdrawn, _withdrawn),
    Row("要求撤回", lambda s: s.dossier is not None and _intends(Intent.WITHDRAWAL)(s), _asks_to_withdraw),
    Row(
        "要求撤回，未找到申报",
        _intends(Intent.WITHDRAWAL),
        _about_mail(LetterKind.MINIMAL, Action.HOLD, "来信要求撤回，须经办核实，先回已收到。"),
    ),
    Row("致谢寒暄，未附材料", _intends(Intent.THANKS), _silent("来信致谢或寒暄，不回信。")),
    Row(
        "批量报送的来信",
        lambda s: s.bundle and s.mail is not None and s.dossier is None,
        _about_mail(LetterKind.BUNDLE, Action.ACKNOWLEDGE, "推荐单位一封信报送多家，发一封批量报送回执。"),
    ),
    Row(
        "批量报送中的一件",
        lambda s: s.bundle,
        _silent("由批量报送回执一并告知推荐单位。"),
    ),
    Row(
        "说附有材料，却没有附件",
        lambda s: s.mail is not None and s.dossier is None and s.mail.forgot,
        _about_mail(LetterKind.NO_ATTACHMENT, Action.ACKNOWLEDGE, "来信说附有材料，却没有附件，请对方补发。"),
    ),
    Row(
        "材料不属于任何申报",
        lambda s: s.mail is not None and s.dossier is None,
        _about_mail(LetterKind.MINIMAL, Action.HOLD, "来信的材料未能归入任何申报，请人工处理，先回已收到。"),
    ),
    Row("超过征集时间", lambda s: s.dossier is not None and is_late(s.dossier, s.findings, s.call), _late),
    Row("发件人未经验证，且回信会说出他人来信的内容", _says_more_than_sender_knows, _not_vouched),
    Row("有缺失，合并等待未满，尚未回过，限额充裕", _wants_first_receipt, _first_receipt),
    Row("合并等待未满，已有回执或限额吃紧", _must_wait, _wait),
    Row("此状态已告知，新登记了纸质件", _paper_to_tell, _tell_paper),
    Row("此状态已告知", lambda s: s.dossier is not None and _is_told(s), _told),
    Row("同样的文件冒出新的缺失", lambda s: s.dossier is not None and _new_defect_in_old_files(s), _hold_new_defect),
    Row("有缺失", lambda s: s.dossier is not None and _case(s).target in ASKING_KINDS, _ask),
    Row("无缺失", lambda s: s.dossier is not None, _acknowledge),
)
"""The decision table as data, in order."""
