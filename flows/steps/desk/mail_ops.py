"""Operations on mails, letters, policies and sending (来信、回信、口径、发信)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime

from config.call import Call, Policy
from flows.replies.amend import add_paragraph
from flows.steps.answer.judge import judge
from flows.steps.desk.forms import AttributeForm, EditLetterForm, LetterForm, MessageForm, PolicyForm
from flows.steps.desk.places import has_files, leaves_of, message_of, submission_of
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.filing.file_mail import LISTED
from flows.steps.workshop import POLICY_KEY, Workshop
from parsers.facts.version import READER_VERSION
from store import journal, watermarks
from store.engine import Transaction
from store.filing.applicants import remember_alias
from store.filing.by_hand import ByHand
from store.filing.lookups import TAKEN_BACK
from store.filing.submissions import close_unnamed, link_message
from store.filing.suggestions import open_suggestions, settle_suggestion
from store.filing.unsettled import reached_by
from store.frozen import DamagedLetter
from store.letters import due, outbox
from store.mails import messages
from store.states import AliasKind, Basis, LetterState, MessageKind, MessageState, Relation
from store.tables import MessageRow, SubmissionRow
from store.views import desk_lookups
from store.views.open_notes import SETTLED_BY, has_note

_RESENDABLE = frozenset({LetterState.FAILED, LetterState.UNKNOWN, LetterState.BOUNCED})


def attribute_mail(shop: Workshop, form: AttributeForm, now: datetime) -> str:
    """File the leaves of a mail in a submission, and remember the sender where staff say so."""
    with shop.store.transaction() as session:
        row = submission_of(shop, session, form.number)
        mail = message_of(session, form.message)
        if not form.file and not has_files(session, mail):
            return _tie_words(shop, session, mail, row, form, now)
        leaves = leaves_of(session, mail, form.file)
        desk = ByHand(session, shop.call, READER_VERSION, by=form.by, at=now)
        placed = desk.place(mail, leaves, row, form.reason)
        # What lay open may have been what others of this sender lack: they are judged without it now.
        for touched in {one.id: one for one in (*placed, *reached_by(session, shop.call.id, mail))}:
            judge(shop, session, touched or 0, now)
        if form.remember and mail.sender_address:
            remember_alias(
                session, AliasKind.SENDER, mail.sender_address, row.applicant_id, by=form.by, reason=form.reason, at=now
            )
        more = "，并记住该发件人" if form.remember else ""
        return f"来信的 {len(leaves)} 个文件已归到 {row.number}{more}。"


def _tie_words(
    shop: Workshop, session: Transaction, mail: MessageRow, row: SubmissionRow, form: AttributeForm, now: datetime
) -> str:
    """File a mail that brought no file beside a submission, whatever it was taken for."""
    words = f"经办 {form.by} 认定。{form.reason}"
    link_message(session, row, mail, relation=Relation.CONCERNS, basis=Basis.STAFF, reason=words)
    if mail.kind in LISTED:
        mail.kind, mail.reason = MessageKind.INQUIRY, words
        session.add(mail)
    journal.write(session, now, form.by, "placed", f"submission:{row.number}", f"{form.by} 将来信记入 {row.number}。")
    judge(shop, session, row.id or 0, now)
    return f"这封来信没有附件，已记入 {row.number}。"


def mark_irrelevant(shop: Workshop, form: MessageForm, now: datetime) -> str:
    """Say that a mail is none of our business."""
    with shop.store.transaction() as session:
        mail = message_of(session, form.message)
        places = [place for place in due.belongings(session, mail.sha256) if place.relation != Relation.PENDING]
        if places and not _ends_with(session, places, mail, form, now):
            sentence = f"这封来信已归入 {places[0].number}：请先撤回该件或把文件改归，再标为无关。"
            raise DeskRefusal(sentence)
        for letter in due.letters_about(session, message=mail.sha256):
            outbox.cancel(session, letter.id or 0, f"{form.by} 标为无关。", now, form.by)
        mail.state, mail.kind, mail.reason = (
            MessageState.SETTLED,
            MessageKind.IRRELEVANT,
            f"{form.by} 标为无关：{form.reason}",
        )
        mail.answer_due = None
        session.add(mail)
        journal.write(session, now, form.by, "marked-irrelevant", f"message:{mail.sha256}", mail.reason)
        for question in open_suggestions(session):
            if question.message == mail.sha256:
                settle_suggestion(session, question, accepted=False, by=form.by, at=now)
        for other in reached_by(session, shop.call.id, mail):
            judge(shop, session, other.id or 0, now)
        return "这封来信已标为无关，不再处理。"


def _ends_with(
    session: Transaction, places: Sequence[due.Belonging], mail: MessageRow, form: MessageForm, now: datetime
) -> bool:
    """Whether the only place of a mail was a submission of no known firm, which ends with it and its letters."""
    if len(places) != 1:
        return False
    row = session.get_one(SubmissionRow, places[0].submission_id)
    if not close_unnamed(session, row, mail.sha256, by=form.by, reason=form.reason, at=now):
        return False
    for letter in due.letters_about(session, submission_id=row.id):
        outbox.cancel(session, letter.id or 0, f"{form.by} 将来信标为无关。", now, form.by)
    return True


def mark_answered(shop: Workshop, form: MessageForm, now: datetime) -> str:
    """Say that staff answered an inquiry themselves: it waits no longer, and no letter of ours follows theirs."""
    with shop.store.transaction() as session:
        mail = message_of(session, form.message)
        said = f"{form.by} 已人工答复：{form.reason}"
        if mail.kind != MessageKind.INQUIRY and has_note(session, mail.sha256):
            journal.write(session, now, form.by, SETTLED_BY, f"message:{mail.sha256}", said)
            return "这封来信已标为人工答复，从待办中销去。"
        if mail.kind != MessageKind.INQUIRY:
            sentence = "这封来信不是咨询，不能标为已答复；不相干的用“标为无关”，有材料的用“归属来信”。"
            raise DeskRefusal(sentence)
        if mail.state is MessageState.SETTLED:
            sentence = "这封来信已标为人工答复，不必再办。"
            raise DeskRefusal(sentence)
        for letter in due.letters_about(session, message=mail.sha256):
            outbox.cancel(session, letter.id or 0, f"{form.by} 已人工答复。", now, form.by)
        mail.state, mail.answer_due = MessageState.SETTLED, None
        mail.reason = f"{mail.reason.rstrip('。')}。{said}" if mail.reason else said
        session.add(mail)
        journal.write(session, now, form.by, SETTLED_BY, f"message:{mail.sha256}", said)
        return "这封咨询已标为人工答复，从待办中销去。"


def read_again(shop: Workshop, form: MessageForm, now: datetime) -> str:
    """Have a mail read again, from quarantine, from junk, or after the readers changed."""
    with shop.store.transaction() as session:
        mail = message_of(session, form.message)
        mail.junk = False
        session.add(mail)
        if mail.kind in LISTED:
            # Taken back from what was set aside: it is not set aside again.
            watermarks.put(session, f"{TAKEN_BACK}{mail.sha256}", form.by, now)
        messages.run_again(session, mail.sha256, now, form.by, form.reason)
        return "这封来信将在下一轮重新读取。"


def release_letters(shop: Workshop, form: LetterForm, now: datetime) -> str:
    """Let letters go that wait for staff."""
    return _each(shop, form, now, frozenset({LetterState.HELD}), LetterState.QUEUED, "letter-released", "已放行")


def refuse_letters(shop: Workshop, form: LetterForm, now: datetime) -> str:
    """Keep letters from going out, for good."""
    return _each(shop, form, now, outbox.OPEN_STATES, LetterState.REFUSED, "letter-refused", "不发出")


def resend_letters(shop: Workshop, form: LetterForm, now: datetime) -> str:
    """Send letters again that failed, bounced, or whose fate is unknown; staff answer for a double."""
    return _each(shop, form, now, _RESENDABLE, LetterState.QUEUED, outbox.RELEASED, "将再次发出")


def edit_letter(shop: Workshop, form: EditLetterForm, now: datetime) -> str:
    """Put a paragraph of the staff in front of a letter that has not left; it then waits to be released."""
    with shop.store.transaction() as session:
        row = desk_lookups.letter(session, form.letter)
        if row is None:
            sentence = f"没有第 {form.letter} 号回信，请到待办核对。"
            raise DeskRefusal(sentence)
        if row.state not in outbox.OPEN_STATES:
            sentence = f"第 {form.letter} 号回信已是“{row.state}”，不能再改。"
            raise DeskRefusal(sentence)
        try:
            raw = add_paragraph(outbox.bytes_of(session, row), form.addition)
        except DamagedLetter as damaged:
            raise DeskRefusal(str(damaged)) from damaged
        outbox.edit(session, form.letter, raw=raw, subject=row.subject, reason=form.reason, now=now, actor=form.by)
        return f"第 {form.letter} 号回信已加上补充说明，待放行。"


def confirm_policy(shop: Workshop, form: PolicyForm, now: datetime) -> str:
    """Confirm what the call does where the notice is silent, or set it otherwise."""
    policy = _policy(shop.call, form.policy)
    value = form.value or policy.value
    if value not in policy.choices:
        meant = "、".join(f"{one}（{words}）" if words else one for one, words in policy.choices.items())
        sentence = f"口径 {form.policy} 的取值只能是：{meant}。"
        raise DeskRefusal(sentence)
    with shop.store.transaction() as session:
        watermarks.put(session, POLICY_KEY + form.policy, json.dumps({"value": value, "by": form.by}), now)
        sentence = f"{form.by} 确认口径“{policy.question}”为 {value}。{form.reason}"
        journal.write(session, now, form.by, "policy-confirmed", f"policy:{form.policy}", sentence)
    return f"口径 {form.policy} 已确认为 {value}，下一轮审核起生效。"


def _policy(call: Call, key: str) -> Policy:
    """Return the policy that staff decide; one that this call does not ask, or that nothing acts on, is refused."""
    policy = call.policies.get(key)
    if policy is not None and policy.asked:
        return policy
    question = next((one for one in call.open_questions if one.key == key), None)
    if question is not None:
        sentence = f"“{question.question}”是待定问题，程序没有据以办理的设置，这里不能确认。{question.meanwhile}"
        raise DeskRefusal(sentence)
    if policy is not None:
        sentence = f"本次征集用不到口径 {key}（{policy.question}），不必确认。"
        raise DeskRefusal(sentence)
    known = "、".join(sorted(one.key for one in call.policies.values() if one.asked))
    sentence = f"没有口径 {key}；全部口径：{known}。"
    raise DeskRefusal(sentence)


def _each(
    shop: Workshop,
    form: LetterForm,
    now: datetime,
    from_states: frozenset[LetterState],
    to: LetterState,
    action: str,
    done: str,
) -> str:
    numbers = [int(number) for number in re.findall(r"\d+", form.letters)]
    with shop.store.transaction() as session:
        for number in numbers:
            _move(session, number, form, now, from_states, to, action)
    return f"回信 {'、'.join(str(number) for number in numbers)} {done}。"


def _move(
    session: Transaction,
    number: int,
    form: LetterForm,
    now: datetime,
    from_states: frozenset[LetterState],
    to: LetterState,
    action: str,
) -> None:
    if desk_lookups.letter(session, number) is None:
        sentence = f"没有第 {number} 号回信，请到待办核对。"
        raise DeskRefusal(sentence)
    outbox.change_state(
        session, number, now, to=to, reason=form.reason, action=action, from_states=from_states, actor=form.by
    )
