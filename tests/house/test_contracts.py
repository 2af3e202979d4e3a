"""Each import contract is broken once in a copy of the tree, and ``lint-imports`` sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

BREAKS = {
    "packages": ("parsers/facts/leaf.py", "import store.journal"),
    "inside-flows": ("flows/checks/likeness.py", "import flows.steps.workshop"),
    "rooms-of-parsers": ("parsers/facts/leaf.py", "import parsers.text.count"),
    "rooms-of-store": ("store/journal.py", "import store.views.overview"),
    "rooms-of-steps": ("flows/steps/events.py", "import flows.steps.answer.post"),
    "pure-of-store": ("flows/checks/likeness.py", "from store.mails.messages import lease_next"),
    "pure": ("parsers/text/count.py", "import httpx"),
    "transport-only": ("flows/steps/events.py", "import smtplib"),
    "store-only": ("flows/steps/events.py", "import sqlalchemy"),
    "prefect-only": ("flows/steps/events.py", "import prefect"),
    "doors-of-containers": ("parsers/read.py", "import parsers.containers.decompress"),
    "doors-of-form": ("parsers/read.py", "import parsers.form.dashes"),
    "doors-of-look": ("parsers/read.py", "import parsers.look.pages_in_turn"),
    "doors-of-mail": ("parsers/read.py", "import parsers.mail.addresses"),
    "doors-of-pdf": ("parsers/read.py", "import parsers.pdf.bomb"),
    "doors-of-report": ("parsers/read.py", "import parsers.report.figures"),
    "doors-of-sandbox": ("flows/steps/workshop.py", "import parsers.sandbox.child"),
    "doors-of-seal": ("parsers/read.py", "import parsers.seal.ink"),
    "doors-of-word": ("parsers/read.py", "import parsers.word.docx_styles"),
}
"""By the contract's key: a file, and an import that does not belong there."""


def contracts() -> dict[str, str]:
    """Return the names of our contracts by key."""
    read = ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {key.removeprefix(prefix): read[key]["name"] for key in read.sections() if key.startswith(prefix)}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for package in ("flows", "store", "parsers", "config"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def broken(folder: Path) -> list[str]:
    """Return the names of the contracts that ``lint-imports`` finds broken."""
    done = subprocess.run(
        [str(LINT)], cwd=folder, env={**os.environ, "COLUMNS": "400"}, capture_output=True, text=True, check=False
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return [line.removesuffix(" BROKEN").strip() for line in done.stdout.splitlines() if line.endswith(" BROKEN")]


def test_every_contract_has_a_break_to_try() -> None:
    assert set(BREAKS) == set(contracts())


@pytest.mark.slow
@pytest.mark.parametrize("key", list(BREAKS))
def test_an_import_that_breaks_a_contract_is_seen(copy: Path, key: str) -> None:
    path, line = BREAKS[key]
    file = copy / path
    whole = file.read_text("utf-8")
    file.write_text(
        whole.replace("from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}\n")
    )
    try:
        assert contracts()[key] in broken(copy)
    finally:
        file.write_text(whole)


@pytest.mark.slow
@pytest.mark.parametrize("room", ["parsers/drawer.py", "store/drawer.py", "flows/drawer.py", "flows/steps/drawer.py"])
def test_a_room_that_no_contract_knows_is_refused(copy: Path, room: str) -> None:
    (copy / room).write_text('"""A drawer."""\n')
    done = subprocess.run([str(LINT)], cwd=copy, capture_output=True, text=True, check=False)
    (copy / room).unlink()
    assert done.returncode != 0
    assert "drawer" in done.stdout
