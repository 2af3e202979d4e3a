"""Sending what lies in the outbox (发信): one sender, one letter at a time, each answer followed by its right action.

A letter is claimed and the claim committed before anything goes over the line. Whatever then happens is one of three:
it went out, it surely did not, or nobody knows; only the second is ever tried again without looking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.settings import Settings
from flows.replies.budget import Attempt, Budgets, next_slot, over_budget
from flows.replies.letter import TO_STAFF
from flows.steps import leases
from flows.steps.checkpoint import nothing
from flows.steps.deliver import sending_state
from flows.transport.ports import Outcome, Sender, Sending
from store import journal
from store.engine import Store, Transaction
from store.frozen import DamagedLetter, thaw
from store.letters import outbox
from store.letters.outbox import Outgoing
from store.states import LetterState

LEASE_SECONDS = 900
"""How long the sender's lease holds without renewal: longer than one letter can take."""

_PATIENCE = 12
"""Throttled attempts of one letter before staff look at it."""

_SEASON = timedelta(days=400)

_LONGEST_WAIT = 60.0


@dataclass(slots=True)
class DeliverReport:
    """What one run of the sender did: numbers of letters, by what became of them."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    drafted: list[int] = field(default_factory=list)
    blocked: str = ""
    """Why sending ended before the outbox was empty, in one Chinese sentence."""
    next_at: datetime | None = None
    """When it is worth running again, where that is known."""


def budgets_of(settings: Settings) -> Budgets:
    """Return the budgets that the settings give."""
    return Budgets(
        interval_seconds=settings.send_interval_seconds,
        per_quarter=settings.send_per_15_minutes,
        per_day=settings.send_per_day,
        address_per_day=settings.letters_per_address_day,
        address_per_season=settings.letters_per_address_season,
        submission_per_day=settings.letters_per_submission_day,
    )


def deliver(
    store: Store,
    sender: Sender,
    budgets: Budgets,
    now: datetime,
    *,
    wait: Callable[[float], datetime] | None = None,
    owner: str = "",
    login: str = "",
    checkpoint: Callable[[str], None] = nothing,
) -> DeliverReport:
    """Send what is due, as far as gate and budgets allow, and report.

    ``login`` is a mark of server, user and code: where the account was refused, another one is tried at once.

    ``wait`` sleeps so many seconds (never more than a minute: the distance between letters) and returns the new
    moment. Without it, and before longer waits, the run ends where the bucket is empty and ``next_at`` says when to
    come back. Where another process is sending, nothing happens.
    """
    report = DeliverReport()
    owner = owner or leases.new_owner()
    with leases.only_one(store, leases.SENDER, owner, now, LEASE_SECONDS) as mine:
        if not mine:
            report.blocked = "另一个进程正在发信，本次不发。"
            return report
        run = _Run(store, sender, budgets, owner, checkpoint, report, login)
        run.recover(now)
        moment: datetime | None = now
        while moment is not None:
            moment = run.step(moment, wait)
    return report


@dataclass(slots=True)
class _Run:
    """One run of the sender; it holds the lease."""

    store: Store
    sender: Sender
    budgets: Budgets
    owner: str
    checkpoint: Callable[[str], None]
    report: DeliverReport
    login: str = ""
    shut: int = 0
    """Recipients in a row that were not taken now."""

    def recover(self, now: datetime) -> None:
        """Letters that a dead sender left in the middle are in doubt; none waits for a clock that stood wrong."""
        with self.store.transaction() as session:
            self.report.unknown += outbox.orphans_to_unknown(session, self.owner, now)
            outbox.bring_back(session, now)
            sending_state.heed_new_login(session, self.login, now)

    def step(self, now: datetime, wait: Callable[[float], datetime] | None) -> datetime | None:
        """Send at most one letter; return the moment at which to go on, or None at the end."""
        with self.store.transaction() as session:
            if not leases.take(session, leases.SENDER, self.owner, now, LEASE_SECONDS):
                self.report.blocked = "发信权已被另一个进程接管，本次到此为止。"
                return None
            gate = sending_state.gate(session, now)
            letter = outbox.next_due(session, now)
            if letter is None or gate.reason:
                self.report.blocked, self.report.next_at = gate.reason if letter else "", gate.until
                return None
            # What lies in the future was written by a clock that stood wrong, and holds nothing up.
            attempts = tuple(one for one in outbox.sends(session, now - _SEASON) if one.at <= now)
            slot = next_slot([attempt.at for attempt in attempts], now, self.budgets)
            reason = self._held_why(session, letter, attempts, now)
            raw = b""
            if reason is None and slot <= now:
                try:
                    raw = thaw(self.store.blobs, letter.frozen)
                except DamagedLetter as damaged:
                    reason = str(damaged)
            if reason is not None:
                self._hold(session, letter, reason, now)
                return now
            if slot <= now:
                outbox.claim(session, letter.id, self.owner, now)
        if slot > now:
            seconds = (slot - now).total_seconds()
            if wait is not None and seconds <= _LONGEST_WAIT:
                return wait(seconds)
            self.report.next_at = slot
            self.report.blocked = f"发信限额暂时用完，{sending_state.clock(slot)} 后继续。"
            return None
        self.checkpoint("send:after-claim")
        sending = self.sender.send(raw, letter.to_address)
        self.checkpoint("send:after-answer")
        with self.store.transaction() as session:
            going_on = self._conclude(session, letter, sending, now)
            self.checkpoint("send:before-commit")
        self.checkpoint("send:after-commit")
        return now if going_on else None

    def _held_why(
        self, session: Transaction, letter: Outgoing, attempts: tuple[outbox.Sent, ...], now: datetime
    ) -> str | None:
        if letter.kind in TO_STAFF or outbox.was_released(session, letter.id):
            return None
        # Only what the reader may have got counts as a letter to him.
        arrived = [
            Attempt(one.at, one.to_address, one.submission_id)
            for one in attempts
            if one.outcome in {"accepted", "lost"}
        ]
        return over_budget(letter.to_address, letter.submission_id, arrived, now, self.budgets)

    def _hold(self, session: Transaction, letter: Outgoing, reason: str, now: datetime) -> None:
        outbox.hold(session, letter.id, reason, now)
        self.report.held.append(letter.id)

    def _conclude(self, session: Transaction, letter: Outgoing, sending: Sending, now: datetime) -> bool:
        """Write down what the answer means and do what it asks for; True where the next letter may go."""
        outcome, answer = sending.outcome, sending.answer
        state, reason, not_before, going_on, said = LetterState.QUEUED, "", None, False, _SAID[outcome]
        if outcome is Outcome.ACCEPTED:
            sending_state.went_well(session)
            state, going_on = LetterState.SENT, True
            self.report.sent.append(letter.id)
        elif outcome is Outcome.LOST:
            state, reason, going_on = LetterState.UNKNOWN, "发出后没有等到服务器答复，不知是否已收下，等待核对", True
            self.report.unknown.append(letter.id)
        elif outcome in _REFUSALS:
            state, reason = LetterState.FAILED, f"{_REFUSALS[outcome]}：{answer}"
            going_on = not (outcome is Outcome.CONTENT and self._is_spam(session, answer, now))
            self.report.failed.append(letter.id)
        elif outcome in _WAITS and letter.attempts + 1 >= _PATIENCE:
            state, reason = LetterState.HELD, f"试了 {letter.attempts + 1} 次，{_WAITS[outcome]}，请经办处理：{answer}"
            going_on = outcome is Outcome.RECIPIENT_LATER
            self.report.held.append(letter.id)
        elif outcome is Outcome.RECIPIENT_LATER and self.shut + 1 < MOST_SHUT:
            not_before, reason, going_on = now + _recipient_pause(letter.attempts), answer, True
            self.report.later.append(letter.id)
        else:
            not_before, reason = self._stand_back(session, outcome, answer, now)
            said = _SAID[Outcome.THROTTLE] if outcome is Outcome.RECIPIENT_LATER else said
            self.report.later.append(letter.id)
        self.shut = self.shut + 1 if outcome is Outcome.RECIPIENT_LATER else 0
        outbox.settle(
            session,
            letter.id,
            self.owner,
            now,
            state=state,
            outcome=outcome.value,
            reason=reason,
            answer=answer,
            queue_id=sending.queue_id,
            not_before=not_before,
            counts=outcome not in {Outcome.UNREACHABLE, Outcome.ACCOUNT},
        )
        about = f"letter:{letter.id}"
        journal.write(session, now, journal.SYSTEM, f"letter-{outcome.value}", about, f"{said}{reason or answer}")
        return going_on

    def _is_spam(self, session: Transaction, answer: str, now: datetime) -> bool:
        """Whether this refusal was one too many; then sending stops."""
        stopped = sending_state.refused_as_spam(session, answer, now)
        if stopped:
            self.report.blocked = sending_state.gate(session, now).reason
        return stopped

    def _stand_back(
        self, session: Transaction, outcome: Outcome, answer: str, now: datetime
    ) -> tuple[datetime | None, str]:
        """Leave the letter in the queue, and close the gate as the answer demands."""
        until: datetime | None = None
        if outcome is Outcome.ACCOUNT:
            sending_state.stop_for_login(session, f"账号被拒，请处理后恢复发信。{answer}", now, self.login)
        elif outcome is Outcome.DAY_QUOTA:
            until = sending_state.freeze_day(session, now)
        else:
            until = sending_state.slow_down(session, now)
        self.report.blocked, self.report.next_at = sending_state.gate(session, now).reason, until
        return until, answer


def _recipient_pause(attempts: int) -> timedelta:
    """Return how long one letter waits for its recipient: a quarter of an hour, twice as long each time, up to 4 h."""
    return timedelta(minutes=min(15 << min(attempts, 8), 240))


MOST_SHUT = 3
"""So many recipients in a row that are not taken now are no longer theirs to answer for: the server wants a pause."""

_WAITS = {
    Outcome.THROTTLE: "服务器一直要求稍后再发",
    Outcome.RECIPIENT_LATER: "对方邮箱一直暂时收不了（常见为邮箱已满）",
}

_REFUSALS = {
    Outcome.CONTENT: "内容被服务器拒收，同样的文字不能再发，请经办处理",
    Outcome.RECIPIENT: "收件地址被拒，请经办电话核对",
    Outcome.MESSAGE: "邮件格式被服务器拒收，请报告给维护人员",
}

_SAID = {
    Outcome.ACCEPTED: "已被发信服务器接收：",
    Outcome.LOST: "结果不明：",
    Outcome.CONTENT: "未发出：",
    Outcome.RECIPIENT: "未发出：",
    Outcome.MESSAGE: "未发出：",
    Outcome.THROTTLE: "服务器要求稍后再发：",
    Outcome.RECIPIENT_LATER: "对方暂时收不了，只这一封稍后再发：",
    Outcome.DAY_QUOTA: "今日限额用完，明日 00:10 后再发：",
    Outcome.ACCOUNT: "账号被拒，发信已停止：",
    Outcome.UNREACHABLE: "连不上发信服务器，稍后再发：",
}
