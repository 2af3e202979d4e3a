"""Commands that look at what is kept (查看): register, show, digest, export."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from config.settings import load_settings
from flows.cli.options import now_option
from flows.steps.digest import (
    make_digest,
    make_recommender_digest,
    queue_digest,
    queue_recommender_digest,
    standalone,
)
from flows.steps.digest.recommender import NoSuchRecommender
from flows.steps.screens.export import export_call, export_submission
from flows.steps.screens.register import register_lines, register_values, write_register
from flows.steps.screens.show import show_submission
from flows.steps.workshop import open_workshop


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出完整 JSON。")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="写成 Excel 文件。")
@now_option
def register(*, as_json: bool, xlsx: Path | None, now: datetime) -> None:
    """台账：全部申报一览。"""
    with open_workshop(load_settings()) as shop:
        if xlsx is not None:
            write_register(shop, xlsx, now)
            click.echo(f"已写入 {xlsx}")
        elif as_json:
            click.echo(json.dumps(register_values(shop, now), ensure_ascii=False, indent=1))
        else:
            for line in register_lines(shop, now):
                click.echo(line)


@click.command()
@click.argument("number")
@now_option
def show(*, number: str, now: datetime) -> None:
    """一件申报：材料、结论与依据、回信、流水。"""
    with open_workshop(load_settings()) as shop:
        for line in show_submission(shop, number, now):
            click.echo(line)


@click.command()
@click.option("--send", is_flag=True, help="放入发件队列（收件人见 ZHENGJI_DIGEST_TO）。")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="写成 HTML 文件。")
@click.option("--recommender", default="", help="只写这家推荐单位推荐的申报；与 --send 同用时发给该单位。")
@click.option("--to", default="", help="推荐单位的收件地址；不写则用推荐单位名单中的邮箱。")
@now_option
def digest(*, send: bool, html: Path | None, recommender: str, to: str, now: datetime) -> None:
    """每日简报。"""
    with open_workshop(load_settings()) as shop:
        try:
            made = make_recommender_digest(shop, recommender, now) if recommender else make_digest(shop, now)
            if send:
                queued = queue_recommender_digest(shop, made, now, to) if recommender else queue_digest(shop, made, now)
                click.echo(queued)
        except NoSuchRecommender as fault:
            raise click.UsageError(str(fault)) from None
        if html is not None:
            html.write_text(standalone(made.html, made.attachments), encoding="utf-8")
            click.echo(f"已写入 {html}")
        if html is None and not send:
            click.echo(made.text)


@click.command()
@click.argument("number", required=False)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("export"), help="放到哪个文件夹。"
)
@now_option
def export(*, number: str | None, into: Path, now: datetime) -> None:
    """导出：一件申报的案卷压缩包；不写编号则导出全部。"""
    with open_workshop(load_settings()) as shop:
        made = [export_submission(shop, number, into, now)] if number else export_call(shop, into, now)
        for path in made:
            click.echo(str(path))
