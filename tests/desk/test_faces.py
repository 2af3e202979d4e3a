"""The desk has two faces, the command line and the Prefect UI: both offer every operation with the same form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows.cli.desk import desk
from flows.desk import FLOWS
from flows.steps.desk.operations import OPERATIONS
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop
from tests.desk.conftest import FIRST, NOW

pytestmark = pytest.mark.slow
Number = Callable[[str], str]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_the_command_line_has_an_option_for_every_field_of_the_form(operation) -> None:
    command = desk.commands[operation.name]
    options = {one.name for one in command.params if isinstance(one, click.Option)}

    assert options == {*operation.form.model_fields, "now"}
    assert all(one.help for one in command.params if isinstance(one, click.Option))


@pytest.mark.parametrize("index", range(len(OPERATIONS)), ids=lambda index: OPERATIONS[index].name)
def test_the_ui_shows_every_field_with_its_chinese_title_and_help(index: int) -> None:
    fields = OPERATIONS[index].form.model_fields
    schema = FLOWS[index].parameters.model_dump()
    shown = schema["definitions"][OPERATIONS[index].form.__name__]["properties"]

    assert {name: one["title"] for name, one in shown.items()} == {name: one.title for name, one in fields.items()}
    assert all(one.get("description") for one in shown.values())


def environment(shop: Workshop) -> dict[str, str]:
    return {
        "ZHENGJI_HOME": str(shop.settings.home),
        "ZHENGJI_SECRET": "for-tests-only-0123456789",
        "ZHENGJI_REPLY_MODE": "approve",
    }


def test_an_operation_at_the_command_line_changes_the_register(
    shop: Workshop, number: Number, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["withdraw", "--number", number(FIRST), "--by", "李经办", "--reason", "单位来电撤回"]
    done = CliRunner().invoke(desk, [*arguments, "--now", NOW.isoformat()], env=environment(shop))
    again = CliRunner().invoke(desk, [*arguments, "--now", NOW.isoformat()], env=environment(shop))
    row = next(row for row in register_values(shop, NOW)["submissions"] if row["number"] == number(FIRST))

    assert (done.exit_code, done.output) == (0, f"{number(FIRST)} 已登记撤回。\n")
    assert (again.exit_code, again.output) == (2, f"{number(FIRST)} 已是撤回状态，不必再办。\n")
    assert row["status"] == "withdrawn"
