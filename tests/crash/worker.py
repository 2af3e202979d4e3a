"""Runs the line in children that die where they are told (断电替身).

Started as ``python -m tests.crash.worker``. Each line on standard input is an order; a fresh child carries it out and
its end is told on standard output. The parent of the children has no threads and has everything imported, so a child
costs a fork and not a start of Python.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from config.call import Call, Clause, Window
from flows.replies.budget import Budgets
from flows.steps import leases
from flows.steps.deliver import send, sent_copies
from flows.steps.intake.poll import poll_mailbox
from flows.transport.imap import open_mailbox
from flows.transport.ports import Mailbox
from flows.transport.smtp import SmtpSender
from flows.transport.tls import Account, Encryption
from store.engine import Store, open_store
from store.letters import outbox
from store.mails import messages

ATTEMPTS = 50
"""So many that no mail goes to quarantine because its worker was killed again and again on purpose."""

WINDOW = Window(
    datetime(2026, 3, 16, tzinfo=UTC),
    datetime(2026, 5, 31, tzinfo=UTC),
    ZoneInfo("Asia/Shanghai"),
    Clause("一", "自本文件印发之日起至2026年5月30日截止"),
)
CALL = cast(Call, SimpleNamespace(window=WINDOW))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Opening a store imports what migrations need; the children inherit it.
        open_store("", Path(folder)).close()
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            run_child(json.loads(order))
        _, status = os.waitpid(child, 0)
        ended = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"code": os.WEXITSTATUS(status)}
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


def run_child(order: dict[str, Any]) -> None:
    code = 0
    try:
        carry_out(order)
    except BaseException:  # noqa: BLE001 - told to the parent by the exit code
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


def carry_out(order: dict[str, Any]) -> None:
    """One run of the whole line: poll, work, deliver, settle doubts."""
    checkpoint = dying_at(order.get("point", ""), order.get("count", 0))
    watch_the_disk(checkpoint)
    now = datetime.fromisoformat(order["now"])
    store = open_store("", Path(order["home"]))
    imap = Account("127.0.0.1", order["imap_port"], order["user"], order["password"], Encryption.NONE)
    smtp = Account("127.0.0.1", order["smtp_port"], order["user"], order["password"], Encryption.NONE)
    report = poll_mailbox(store, lambda: cast(Mailbox, open_mailbox(imap)), CALL, now, checkpoint=checkpoint)
    assert not report.fault, report.fault
    answer_everything(store, now, checkpoint)
    sender = SmtpSender(smtp, checkpoint=checkpoint)
    freely = Budgets(0, 100_000, 100_000, 100_000, 100_000, 100_000)
    send.deliver(store, sender, freely, now, checkpoint=checkpoint)
    mailbox = open_mailbox(imap)
    sent_copies.reconcile_unknown(store, mailbox, now, wait=timedelta(minutes=10))
    mailbox.close()
    store.close()


def answer_everything(store: Store, now: datetime, checkpoint: Callable[[str], None]) -> None:
    """The smallest honest examiner: each mail gets one receipt, in the transaction that finishes it."""
    owner = leases.owner_name()
    while leased := leases.lease_next(store, owner, now, 60, max_attempts=ATTEMPTS):
        checkpoint("work:after-lease")
        with store.transaction() as session:
            row = messages.finish(session, leased.sha256, leased.fence)
            row.kind = "submission"
            identity = f"zj.{leased.sha256[:32]}@163.example"
            outbox.queue(
                session,
                subject_key=f"message:{leased.sha256}",
                kind="received",
                state_key="1",
                raw=f"Message-ID: <{identity}>\r\nX-Zhengji-ID: zj-1/{identity}\r\n\r\nreceived\r\n".encode(),
                message_id=f"<{identity}>",
                to_address=f"{leased.sha256[:12]}@firm.example",
                now=now,
                priority=10,
            )
            checkpoint("work:before-commit")
        checkpoint("work:after-commit")


def dying_at(point: str, count: int) -> Callable[[str], None]:
    """Kill this process, as a power cut would, when the point is reached for the ``count``-th time."""
    left = [count]

    def checkpoint(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


def watch_the_disk(checkpoint: Callable[[str], None]) -> None:
    """Make the moments around fsync and rename points to die at, too."""
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(number: int) -> None:
        checkpoint("disk:before-fsync")
        fsync(number)
        checkpoint("disk:after-fsync")

    def watched_replace(self: Path, target: Path) -> Path:
        checkpoint("disk:before-rename")
        moved = replace(self, target)
        checkpoint("disk:after-rename")
        return moved

    os.fsync = watched_fsync  # type: ignore[assignment]
    Path.replace = watched_replace  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    main()
