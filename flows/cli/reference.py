"""The reference of commands (命令一览), generated from the commands themselves."""

from __future__ import annotations

import sys

import click

from flows.cli import COMMANDS, zhengji
from flows.steps.events import EVENTS


def commands_page() -> str:
    """Return ``docs/commands.md``: every command with its help and options."""
    lines = [
        "# 命令",
        "",
        "由命令本身生成，请勿手改：`python -m flows.cli.reference > docs/commands.md`。",
    ]
    context = click.Context(zhengji, info_name="zhengji")
    for name in COMMANDS:
        command = zhengji.get_command(context, name)
        assert command is not None
        lines += _described(command, f"zhengji {name}", context)
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                one = command.get_command(context, inner)
                assert one is not None
                lines += _described(one, f"zhengji {name} {inner}", context)
    lines += [
        "",
        "# 事件",
        "",
        "Prefect 界面的自动化（Automations）可以用这些事件触发。",
        "",
        "| 事件 | 含义 |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in EVENTS.items()]
    return "\n".join(lines) + "\n"


def _described(command: click.Command, path: str, parent: click.Context) -> list[str]:
    usage = " ".join(command.collect_usage_pieces(click.Context(command, parent=parent)))
    lines = ["", f"## `{path}`", "", (command.help or "").strip(), "", f"`{path} {usage}`".replace(" `", "`")]
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        lines += ["", "| 选项 | 含义 |", "|---|---|"]
        lines += [f"| `{' '.join(one.opts)}` | {(one.help or '').replace('|', '／')} |" for one in options]
    return lines


if __name__ == "__main__":
    sys.stdout.write(commands_page())
