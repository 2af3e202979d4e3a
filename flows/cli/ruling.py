"""Commands around rules and letters (口径与核验): lists, letters, whatif, remind, replay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from config.load import find_call, packaged_calls
from config.settings import load_settings
from flows.checks.registry import open_call
from flows.cli.options import now_option
from flows.steps.answer.remind import queue_reminders
from flows.steps.dry_run.letters_check import check_letters
from flows.steps.dry_run.replay import replay_season
from flows.steps.dry_run.whatif import what_would_change
from flows.steps.lists.import_list import import_list
from flows.steps.workshop import open_workshop
from store.states import ListKind


@click.command()
@click.option("--kind", type=click.Choice(list(ListKind)), required=True, help="名单种类。")
@click.option("--name", required=True, help="名单名称；称号名单写称号，如 省级专精特新中小企业。")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="名单截至日期。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@now_option
@click.pass_context
def lists(ctx: click.Context, *, kind: str, name: str, as_of: datetime, file: Path, now: datetime) -> None:
    """导入名单（xlsx、csv）：称号、会员、推荐单位。有错则整份不导入，逐行说明。"""
    with open_workshop(load_settings()) as shop:
        report = import_list(shop.store, file, kind=kind, name=name, as_of=as_of.date(), now=now)
    for line in report.lines():
        click.echo(line)
    ctx.exit(0 if report.imported else 2)


@click.command()
@click.option("--check", is_flag=True, help="用样例数据渲染全部回信，列出未知或未用的字段。")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="把渲染结果写到这个文件夹。")
@click.pass_context
def letters(ctx: click.Context, *, check: bool, into: Path | None) -> None:
    """检查回信模板：改了措辞之后先跑这个。措辞由各次征集共用，所以每次征集的回信都生成一遍。"""
    del check
    well = True
    for folder in dict.fromkeys((find_call(load_settings().call), *packaged_calls())):
        call = open_call(folder)
        report = check_letters(call, into=into / call.id if into else None)
        for line in report.lines():
            click.echo(f"{call.id}：{line}")
        well = well and report.ok
    ctx.exit(0 if well else 2)


@click.command()
@click.argument("call_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@now_option
def whatif(*, call_folder: Path, now: datetime) -> None:
    """假设：改了规则、数字或措辞之后，全季哪些结论和回信会变（只看不改）。"""
    with open_workshop(load_settings()) as shop:
        for line in what_would_change(shop.store, shop.call, open_call(call_folder), now).lines():
            click.echo(line)


@click.command()
@now_option
def remind(*, now: datetime) -> None:
    """提醒：把今天到期的截止提醒和催补正放入发件队列。"""
    settings = load_settings()
    with open_workshop(settings) as shop:
        for line in queue_reminders(shop.store, shop.call, settings, now).lines():
            click.echo(line)


@click.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="重放到哪个空文件夹；默认用临时文件夹。")
@now_option
@click.pass_context
def replay(ctx: click.Context, *, into: Path | None, now: datetime) -> None:
    """重放：用留存的原始来信在空库里重跑整季，列出与现有台账的差异。"""
    with open_workshop(load_settings()) as shop:
        report = replay_season(shop, into, now)
    for line in report.lines():
        click.echo(line)
    ctx.exit(0 if report.same else 1)
