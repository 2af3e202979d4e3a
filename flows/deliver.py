"""发信: one run sends what the outbox holds, as far as the budgets allow."""

from __future__ import annotations

import time
from datetime import datetime

from prefect import flow

from config.settings import load_settings
from flows.announce import announce
from flows.clock import moment_of, run_name
from flows.screens import publish
from flows.steps.cycle import deliver, events_of_delivery, said_of_delivery
from flows.steps.workshop import open_workshop, system_now


def wait(seconds: float) -> datetime:
    """Sleep until the next letter may go, and return the moment then: a run sends one letter after the other."""
    time.sleep(seconds)
    return system_now()


@flow(name="发信", flow_run_name=run_name, persist_result=False)
def deliver_letters(now: str = "") -> str:
    """把发件队列里到时的回信发出去；不超过发信限额。

    Args:
        now: 时钟。留空为现在。

    """
    with open_workshop(load_settings()) as shop:
        report = deliver(shop, moment_of(now), None if now else wait)
        if report.sent or report.failed or report.unknown or report.held:
            publish(shop, moment_of(now))
    announce(events_of_delivery(report))
    return said_of_delivery(report)
