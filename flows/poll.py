"""收信与审核: one run polls the mailbox and examines every new mail, one task run a mail; and the daily 对账."""

from __future__ import annotations

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from config.settings import load_settings
from flows.announce import announce
from flows.clock import moment_of, run_name
from flows.screens import publish
from flows.steps.cycle import answer_waiting, events_of_poll, poll, reconcile, said_of_poll
from flows.steps.events import Event
from flows.steps.filing.examine import Examined, Taken, examine, take_next
from flows.steps.screens.similar import find_similar
from flows.steps.workshop import Workshop, open_workshop


@task(name="审核来信", task_run_name="{title}", cache_policy=NO_CACHE, persist_result=False)
def examine_mail(title: str, shop: Workshop, taken: Taken, now: str) -> Examined:
    """File one mail and check what it belongs to. ``title`` names the run: applicant and subject."""
    del title
    return examine(shop, taken, moment_of(now))


@flow(name="收信与审核", flow_run_name=run_name, persist_result=False)
def poll_mailbox(now: str = "") -> str:
    """收取新邮件，逐封归档、审核，并拟好回信。

    Args:
        now: 时钟。留空为现在；演示和补跑时可填 ISO 8601 时刻，如 2026-05-12T15:00+08:00。

    """
    with open_workshop(load_settings()) as shop:
        polled = poll(shop, moment_of(now))
        examined = []
        while taken := take_next(shop, moment_of(now)):
            examined.append(examine_mail(taken.title, shop, taken, now))
        answered = answer_waiting(shop, moment_of(now))
        publish(shop, moment_of(now))
    announce(events_of_poll(polled), *(one.events for one in examined), answered.events)
    return f"{said_of_poll(polled)}；审核 {len(examined)} 封；{answered.sentence()}"


@flow(name="每日对账", flow_run_name=run_name, persist_result=False)
def reconcile_mailbox(now: str = "") -> str:
    """逐个编号核对信箱与收件登记，列出每一处差异（零遗漏）；并比对各单位的案例报告有无雷同。

    Args:
        now: 时钟。留空为现在。

    """
    with open_workshop(load_settings()) as shop:
        report = reconcile(shop, moment_of(now))
        similar = find_similar(shop, moment_of(now))
        publish(shop, moment_of(now))
    gaps = tuple(Event("zhengji.mailbox.gap", "mailbox", {"reason": gap.reason[:200]}) for gap in report.gaps)
    announce(gaps)
    return f"服务器 {report.server} 封，在库 {report.stored} 封，缺口 {len(report.gaps)} 处；雷同报告 {len(similar)} 对"
