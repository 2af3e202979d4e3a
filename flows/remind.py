"""每日提醒: one run queues the reminders that are due today."""

from __future__ import annotations

from prefect import flow

from config.settings import load_settings
from flows.clock import moment_of, run_name
from flows.steps.answer.remind import queue_reminders
from flows.steps.workshop import open_workshop


@flow(name="每日提醒", flow_run_name=run_name, persist_result=False)
def send_reminders(now: str = "") -> str:
    """把今天到期的截止提醒和催补正放入发件队列。

    Args:
        now: 时钟。留空为现在。

    """
    settings = load_settings()
    with open_workshop(settings) as shop:
        report = queue_reminders(shop.store, shop.call, settings, moment_of(now))
    return "；".join(report.lines()) or "今天没有到期的提醒"
