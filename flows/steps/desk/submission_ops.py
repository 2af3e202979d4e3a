"""Operations on whole submissions (申报件办理): versions, mergers, dates, paper, names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from config.call import Call, Material
from flows.steps.answer.judge import judge
from flows.steps.desk.forms import (
    AboutSubmission,
    ExtendForm,
    MergeForm,
    PaperForm,
    RenameForm,
    SplitForm,
    UndoForm,
    VersionForm,
)
from flows.steps.desk.places import submission_of, versions_of
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import Workshop
from parsers.facts.version import READER_VERSION
from parsers.text.credit_code import is_credit_code
from store.dossier.dossier import PaperReceipt
from store.engine import Transaction
from store.filing import submissions
from store.filing.by_hand import ByHand
from store.filing.papers import book_paper
from store.filing.quotas import sharing
from store.letters import due, outbox
from store.tables import SubmissionRow
from store.views import desk_lookups


def accept_versions(shop: Workshop, form: VersionForm, now: datetime) -> str:
    """Take pending files in."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        chosen = versions_of(session, row, _names(form.file), pending=True)
        _again(shop, session, _by_hand(shop, session, form.by, now).accept(chosen, form.reason), now)
        return f"{row.number} 采纳待定文件 {len(chosen)} 个。"


def refuse_versions(shop: Workshop, form: VersionForm, now: datetime) -> str:
    """Refuse pending files; they stay in the dossier, marked."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        chosen = versions_of(session, row, _names(form.file), pending=True)
        _again(shop, session, _by_hand(shop, session, form.by, now).refuse(chosen, form.reason), now)
        return f"{row.number} 不采纳待定文件 {len(chosen)} 个，文件仍保留在案卷中。"


def merge(shop: Workshop, form: MergeForm, now: datetime) -> str:
    """Let one submission take in another."""
    with shop.store.transaction() as session:
        target = submission_of(shop, session, form.number)
        source = submission_of(shop, session, form.source)
        _again(shop, session, _by_hand(shop, session, form.by, now).merge(source, target, form.reason), now)
        for letter in due.letters_about(session, submission_id=source.id):
            outbox.cancel(session, letter.id or 0, f"{source.number} 已并入 {target.number}。", now, form.by)
        return f"{source.number} 已并入 {target.number}。"


def split(shop: Workshop, form: SplitForm, now: datetime) -> str:
    """Take files out into a submission of another enterprise."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        chosen = versions_of(session, row, _names(form.files), pending=False)
        touched = _by_hand(shop, session, form.by, now).split(row, chosen, form.applicant, form.reason)
        _again(shop, session, touched, now)
        numbers = "、".join(one.number for one in touched)
        return f"已拆出 {len(chosen)} 个文件给 {form.applicant}，涉及 {numbers}。"


def rename(shop: Workshop, form: RenameForm, now: datetime) -> str:
    """Set the applicant's name."""
    if form.credit_code and not is_credit_code(form.credit_code.upper()):
        sentence = f"统一社会信用代码 {form.credit_code} 校验不符，请核对 18 位代码。"
        raise DeskRefusal(sentence)
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        desk = _by_hand(shop, session, form.by, now)
        _again(shop, session, desk.rename(row, form.applicant, form.reason, form.credit_code.upper()), now)
        return f"{row.number} 的申报单位定为 {form.applicant}。"


def undo(shop: Workshop, form: UndoForm, now: datetime) -> str:
    """Undo a merge, split or move."""
    with shop.store.transaction() as session:
        operation = desk_lookups.operation(session, form.operation)
        if operation is None:
            sentence = f"没有操作号 {form.operation}，请到案卷页的流水中核对。"
            raise DeskRefusal(sentence)
        touched = _by_hand(shop, session, form.by, now).undo(operation, form.reason)
        _again(shop, session, touched, now)
        return f"操作 {form.operation} 已撤销，涉及 {'、'.join(one.number for one in touched)}。"


def withdraw(shop: Workshop, form: AboutSubmission, now: datetime) -> str:
    """Book that the applicant takes the submission back."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        if row.withdrawn:
            sentence = f"{row.number} 已是撤回状态，不必再办。"
            raise DeskRefusal(sentence)
        submissions.withdraw(session, row, by=form.by, reason=form.reason, at=now)
        _again(shop, session, (row, *_sharing_its_places(shop, session, row)), now)
        return f"{row.number} 已登记撤回。"


def reinstate(shop: Workshop, form: AboutSubmission, now: datetime) -> str:
    """Undo a withdrawal."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        if not row.withdrawn:
            sentence = f"{row.number} 没有撤回，无须恢复。"
            raise DeskRefusal(sentence)
        submissions.reinstate(session, row, by=form.by, reason=form.reason, at=now)
        _again(shop, session, (row, *_sharing_its_places(shop, session, row)), now)
        return f"{row.number} 已恢复申报。"


def accept_late(shop: Workshop, form: AboutSubmission, now: datetime) -> str:
    """Accept a submission that came after the deadline."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        if row.late_accepted:
            sentence = f"{row.number} 已同意接收逾期材料，不必再办。"
            raise DeskRefusal(sentence)
        if row.last_received < shop.call.window.closes:
            sentence = f"{row.number} 没有逾期材料，无须同意。"
            raise DeskRefusal(sentence)
        submissions.accept_late(session, row, by=form.by, reason=form.reason, at=now)
        judge(shop, session, row.id or 0, now)
        return f"{row.number} 的逾期材料已同意接收。"


def extend(shop: Workshop, form: ExtendForm, now: datetime) -> str:
    """Grant one submission a later closing moment."""
    until = form.until if form.until.tzinfo else form.until.replace(tzinfo=shop.call.window.timezone)
    if until <= shop.call.window.closes:
        sentence = f"延期须晚于征集截止时间（{shop.call.window.closes:%Y-%m-%d %H:%M}）。"
        raise DeskRefusal(sentence)
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        submissions.extend(session, row, until, by=form.by, reason=form.reason, at=now)
        judge(shop, session, row.id or 0, now)
        return f"{row.number} 准予延期至 {until.astimezone(shop.call.window.timezone):%Y-%m-%d %H:%M}。"


def book(shop: Workshop, form: PaperForm, now: datetime) -> str:
    """Book a paper original in."""
    if form.received_on > now.astimezone(shop.call.window.timezone).date():
        sentence = f"收到日期 {form.received_on} 在今天之后，请核对。"
        raise DeskRefusal(sentence)
    paper = _paper(shop.call, form.paper)
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        receipt = PaperReceipt(paper.key, form.received_on, form.courier, form.sealed, form.by)
        if not book_paper(session, row, receipt, paper.name, at=now):
            sentence = f"{row.number} 的{paper.name}已登记过同样的记录，不必再办。"
            raise DeskRefusal(sentence)
        judge(shop, session, row.id or 0, now)
        return f"{row.number} 的{paper.name}已登记，收到日期 {form.received_on}。"


def _paper(call: Call, words: str) -> Material:
    """Return the paper that these words name: the one of that very name, else the only one whose names hold them."""
    named = [one for one in call.on_paper if words in {one.key, one.name, one.short}]
    found = named or [one for one in call.on_paper if any(words in name for name in (one.name, *one.aliases))]
    if len(found) != 1:
        what = "不止一项叫" if found else "没有一项叫"
        sentence = f"本征集的纸质件{what}“{words}”；请写明是哪一项：{'、'.join(one.name for one in call.on_paper)}。"
        raise DeskRefusal(sentence)
    return found[0]


def _by_hand(shop: Workshop, session: Transaction, by: str, now: datetime) -> ByHand:
    return ByHand(session, shop.call, READER_VERSION, by=by, at=now)


def _sharing_its_places(shop: Workshop, session: Transaction, row: SubmissionRow) -> tuple[SubmissionRow, ...]:
    """Return the submissions for which a place becomes free, or is taken, with this one."""
    found = (submissions.by_number(session, number) for number in sharing(session, shop.call, row.number))
    return tuple(one for one in found if one is not None)


def _again(shop: Workshop, session: Transaction, rows: Iterable[SubmissionRow], now: datetime) -> None:
    for row in rows:
        judge(shop, session, row.id or 0, now)


def _names(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.replace("；", ";").split(";") if name.strip())
