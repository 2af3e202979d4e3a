"""Operations on sending as a whole (发信): the emergency stop, and letters that went out before a restore."""

from __future__ import annotations

import contextlib
from datetime import datetime

from config.settings import SettingsFault, require_mail
from flows.steps.deliver import older_state
from flows.steps.deliver.sending_state import start, stop
from flows.steps.desk.forms import AdoptForm, SendingForm
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import Workshop
from flows.transport.connect import connect_mailbox
from flows.transport.ports import TransportError
from store import journal
from store.letters import earlier_letters


def switch_sending(shop: Workshop, form: SendingForm, now: datetime) -> str:
    """Stop all sending at once, or start it again."""
    with shop.store.transaction() as session:
        if form.stop:
            stop(session, form.reason, now, form.by)
            return "已停止发信；收信和审核照常进行。"
        start(session, form.reason, now, form.by)
        older = earlier_letters.older_state(session)
        return f"紧急停发已解除，但回信仍全部暂停：{older.sentence()}" if older else "已恢复发信。"


def adopt_sent(shop: Workshop, form: AdoptForm, now: datetime) -> str:
    """Take over from Sent what went out before this state of the database, and let the other letters go."""
    with shop.store.transaction() as session:
        older = earlier_letters.older_state(session)
        if older is None:
            sentence = "数据库不是较早的状态，没有要认领的回信；要停止或恢复发信请用“停止或恢复发信”。"
            raise DeskRefusal(sentence)
    try:
        require_mail(shop.settings)
        with contextlib.closing(connect_mailbox(shop.settings)) as mailbox:
            signs = older_state.signs_of(shop.store, shop.settings)
            adopted = older_state.adopt(shop.store, mailbox, signs, now, form.by, release_all=form.release_all)
    except TransportError as error:
        raise DeskRefusal(f"没能核对“已发送”，什么都没有改动：{error.sentence}") from error
    except SettingsFault as fault:
        raise DeskRefusal("".join(fault.faults)) from fault
    with shop.store.transaction() as session:
        journal.write(session, now, form.by, "sending-confirmed", "sending:", f"确认恢复发信：{form.reason}")
    return adopted.sentence()
