"""Commands that inspect without storing (检视): read, doctor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from config.load import find_call
from config.settings import load_settings
from flows.checks.registry import open_call
from flows.steps.dry_run.doctor import examine_surroundings
from flows.steps.dry_run.read_files import describe_paths, lines_of

_MARKS = {True: "✓", None: "·", False: "✗"}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个文件一行 JSON。")
@click.option("--call", "call_id", default="", help="按哪个征集的要求来读；空为设置中的征集。")
@click.option("--no-ocr", is_flag=True, help="不识别扫描页（快）。")
def read(*, paths: tuple[Path, ...], as_json: bool, call_id: str, no_ocr: bool) -> None:
    """读来信（.eml）、PDF、Word、图片、压缩包或整个文件夹，只看不存，说明读到了什么。"""
    call = open_call(find_call(call_id or load_settings().call))
    for described in describe_paths(paths, call, ocr=not no_ocr):
        if as_json:
            click.echo(json.dumps(described, ensure_ascii=False))
        else:
            for line in lines_of(described):
                click.echo(line)


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """体检：设置、文件夹、登录、服务器能力、发件箱、磁盘、程序；不改动任何东西。· 请知悉，✗ 要处理（退出码 1）。"""
    checks = examine_surroundings(load_settings())
    for check in checks:
        click.echo(f"{_MARKS[check.ok]} {check.name}：{check.sentence}")
    ctx.exit(1 if any(check.ok is False for check in checks) else 0)
