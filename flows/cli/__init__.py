"""The command line (命令行): ``zhengji``. Every command loads, calls a step, prints."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "demo": "running",
    "serve": "running",
    "run": "running",
    "register": "looking",
    "show": "looking",
    "digest": "looking",
    "export": "looking",
    "desk": "desk",
    "remind": "ruling",
    "replay": "ruling",
    "lists": "ruling",
    "letters": "ruling",
    "whatif": "ruling",
    "read": "inspecting",
    "doctor": "inspecting",
}
"""Every command with the module that holds it, loaded only when it is called: readers and stores load slowly."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"flows.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="zhengji")
def zhengji() -> None:
    """征集：收信、归档、审核、回信。先试 zhengji demo。"""


def main() -> None:
    """Run the command line. A fault of settings, call, server or store is a few sentences and exit code 2."""
    try:
        zhengji.main(prog_name="zhengji")
    except Exception as error:
        # The types of the refusals load slowly, and are wanted only here.
        sentences = importlib.import_module("flows.cli.refusals").sentences_of(error)
        if not sentences:
            raise
        for sentence in sentences:
            click.echo(sentence, err=True)
        sys.exit(2)
