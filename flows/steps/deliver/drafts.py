"""Drafts mode (存草稿): each letter is put into the mailbox's drafts folder once, for staff to look at and send.

This is the one thing that is ever written to the mailbox.
"""

from __future__ import annotations

from datetime import datetime

from flows.steps import leases
from flows.steps.deliver import sending_state
from flows.steps.deliver.send import LEASE_SECONDS, DeliverReport
from flows.steps.deliver.sent_copies import bare, identities_in
from flows.transport.ports import FolderRole, Mailbox, TransportError
from store import journal
from store.engine import Store
from store.frozen import DamagedLetter, thaw
from store.letters import outbox
from store.states import LetterState

_DOUBTFUL = frozenset({LetterState.UNKNOWN})


def deliver_drafts(store: Store, mailbox: Mailbox, now: datetime, *, owner: str = "") -> DeliverReport:
    """Put every queued letter into the drafts folder; letters in doubt are looked for there first.

    Unlike a lost SMTP answer, a lost APPEND can always be settled: what we appended lies there byte for byte.
    """
    report = DeliverReport()
    owner = owner or leases.new_owner()
    with leases.only_one(store, leases.SENDER, owner, now, LEASE_SECONDS) as mine:
        if not mine:
            report.blocked = "另一个进程正在发信，本次不存草稿。"
            return report
        try:
            _deliver(store, mailbox, now, owner, report)
        except TransportError as error:
            report.blocked = error.sentence
    return report


def _deliver(store: Store, mailbox: Mailbox, now: datetime, owner: str, report: DeliverReport) -> None:
    drafts = [folder.name for folder in mailbox.folders() if folder.role is FolderRole.DRAFTS]
    if not drafts:
        sentence = "邮箱里没有草稿箱，无法存草稿：请在网页邮箱建立，或改用其他 ZHENGJI_REPLY_MODE。"
        raise TransportError(sentence, permanent=True)
    _settle_doubts(store, mailbox, now, report)
    while True:
        with store.transaction() as session:
            gate = sending_state.gate(session, now)
            letter = outbox.next_due(session, now)
            if letter is None or gate.reason:
                report.blocked = gate.reason if letter else ""
                return
            try:
                raw = thaw(store.blobs, letter.frozen)
            except DamagedLetter as damaged:
                outbox.hold(session, letter.id, str(damaged), now)
                continue
            outbox.claim(session, letter.id, owner, now)
        mailbox.append_draft(drafts[0], raw, now)
        _drafted(store, letter.id, owner, now, report)


def _settle_doubts(store: Store, mailbox: Mailbox, now: datetime, report: DeliverReport) -> None:
    with store.transaction() as session:
        outbox.orphans_to_unknown(session, "", now)
        doubtful = outbox.in_state(session, LetterState.UNKNOWN)
    if not doubtful:
        return
    there = identities_in(mailbox, FolderRole.DRAFTS) or frozenset()
    with store.transaction() as session:
        for row in doubtful:
            found = bare(row.message_id) in there
            outbox.change_state(
                session,
                row.id or 0,
                now,
                to=LetterState.DRAFTED if found else LetterState.QUEUED,
                reason="在草稿箱找到了这封回信。" if found else "草稿箱里没有这封回信，重新存入。",
                action="letter-drafted" if found else "letter-requeued",
                from_states=_DOUBTFUL,
            )
            if found:
                report.drafted.append(row.id or 0)


def _drafted(store: Store, letter_id: int, owner: str, now: datetime, report: DeliverReport) -> None:
    with store.transaction() as session:
        reason = "已存入草稿箱，等待经办发出"
        outbox.settle(
            session,
            letter_id,
            owner,
            now,
            state=LetterState.DRAFTED,
            outcome="drafted",
            reason=reason,
            counts=False,
        )
        journal.write(session, now, journal.SYSTEM, "letter-drafted", f"letter:{letter_id}", f"{reason}。")
    report.drafted.append(letter_id)
