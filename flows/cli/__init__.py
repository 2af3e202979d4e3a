"""The command line (命令行): ``zhengji``. Every command loads, calls a step, prints."""

from __future__ import annotations

import importlib
import os
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
    """Run the command line. What goes wrong is a few sentences: exit code 2 for a refusal, 1 for a fault of ours."""
    # Applicants' papers are for whoever runs this, and for nobody else on the machine.
    os.umask(0o077)
    try:
        zhengji.main(prog_name="zhengji", standalone_mode=True)
    except SystemExit as ended:
        sys.exit(_flushed(ended.code))
    except Exception as error:  # noqa: BLE001 - the last place: no traceback reaches a person
        sys.exit(_flushed(_told(error)))


def _told(error: Exception) -> int:
    # The types of the refusals load slowly, and are wanted only here.
    refusals = importlib.import_module("flows.cli.refusals")
    sentences = refusals.sentences_of(error)
    for sentence in sentences or (refusals.our_own_fault(error),):
        click.echo(sentence, err=True)
    return 2 if sentences else 1


def _flushed(code: str | int | None) -> str | int | None:
    """Write out what was said; where that cannot be, say so instead of a traceback at the interpreter's end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - takes the broken one's place
        return code if isinstance(error, BrokenPipeError) else _told(error)
    return code
