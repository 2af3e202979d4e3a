"""The desk at the command line (经办): every operation with the same form as in the UI, one option a field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import click
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config.settings import load_settings
from flows.cli.options import now_option
from flows.steps.desk.operations import OPERATIONS, Operation, perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import open_workshop


@click.group()
def desk() -> None:
    """经办：裁定、采纳、归属、合并、放行、登记……与界面中的办理相同。"""


def _command(operation: Operation) -> click.Command:
    def run(now: datetime, **given: Any) -> None:
        try:
            form = operation.form(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                field = operation.form.model_fields.get(str(fault["loc"][0])) if fault["loc"] else None
                click.echo(f"{field.title if field else ''}：{_told(fault)}", err=True)
            raise SystemExit(2) from None
        with open_workshop(load_settings()) as shop:
            try:
                click.echo(perform(shop, operation.name, form, now))
            except DeskRefusal as refusal:
                click.echo(str(refusal), err=True)
                raise SystemExit(2) from None

    command: Callable[..., None] = run
    for name, field in reversed(operation.form.model_fields.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, **_option(field))(command)
    told = click.command(operation.name, short_help=f"{operation.title}。", help=_help(operation))
    return told(now_option(command))


def _help(operation: Operation) -> str:
    return f"{operation.title}。\n\n{operation.description}"


def _option(field: FieldInfo) -> dict[str, Any]:
    kind = field.annotation
    required = field.is_required()
    shown = {"help": f"{field.title}：{field.description or ''}", "required": required}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {**shown, "type": click.Choice([one.value for one in kind]), "default": _default(field)}
    if kind is bool:
        return {"help": shown["help"], "type": bool, "default": field.default, "show_default": True}
    if kind is int:
        return {**shown, "type": int}
    if kind in (date, datetime):
        return {**shown, "type": str, "metavar": "日期" if kind is date else "时刻"}
    return {**shown, "type": str, "default": None if required else _default(field)}


def _default(field: FieldInfo) -> Any:
    return None if field.default is PydanticUndefined else getattr(field.default, "value", field.default)


def _told(fault: Any) -> str:
    told = {
        "string_pattern_mismatch": "格式不对，请对照说明填写",
        "string_too_short": "太短",
        "string_too_long": "太长",
        "missing": "没有填写",
    }
    return told.get(str(fault["type"]), f"填写有误（{fault['msg']}）")


for _operation in OPERATIONS:
    desk.add_command(_command(_operation))
