"""每日简报: one run makes the digest from the tables and puts it into the outbox."""

from __future__ import annotations

from prefect import flow

from config.settings import load_settings
from flows.clock import moment_of, run_name
from flows.screens import publish
from flows.steps.digest import make_digest, queue_digest, queue_due_digests
from flows.steps.workshop import open_workshop


@flow(name="每日简报", flow_run_name=run_name, persist_result=False)
def daily_digest(now: str = "") -> str:
    """汇总昨天到今天的情况，发给协调人；没有变化也报一声平安。

    Args:
        now: 时钟。留空为现在。

    """
    with open_workshop(load_settings()) as shop:
        sentence = queue_digest(shop, make_digest(shop, moment_of(now)), moment_of(now))
        publish(shop, moment_of(now))
    return sentence


@flow(name="推荐单位简报", flow_run_name=run_name, persist_result=False)
def recommender_digests(now: str = "") -> str:
    """按设置把各推荐单位自己的申报情况发给名单中的邮箱；没有变化不发。

    Args:
        now: 时钟。留空为现在。

    """
    with open_workshop(load_settings()) as shop:
        return queue_due_digests(shop, moment_of(now))
