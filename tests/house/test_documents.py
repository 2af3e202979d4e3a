"""Documents that cannot lie: generated pages are up to date, and every link of the README leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from config.policies import policies_page
from config.settings import Settings, settings_table
from flows.cli import COMMANDS
from flows.cli.reference import commands_page
from flows.steps.desk.operations import OPERATIONS
from flows.steps.events import EVENTS

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands_page()


def test_the_page_of_settings_is_what_the_settings_say() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_table()


def test_the_page_of_policies_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "policies.md").read_text(encoding="utf-8") == policies_page()


def test_every_command_and_every_operation_of_the_desk_has_a_help_text_and_stands_in_the_page() -> None:
    page = commands_page()
    missing = [name for name in COMMANDS if f"## `zhengji {name}`" not in page]
    missing += [one.name for one in OPERATIONS if f"## `zhengji desk {one.name}`" not in page]

    assert missing == []
    assert not re.search(r"## `[^`]+`\n\n\n", page), "a command without a help text"


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = []
    for page in pages:
        targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
        local = [target for target in targets if "://" not in target]
        broken += [f"{page.relative_to(ROOT)} → {one}" for one in local if not (page.parent / one).exists()]

    assert len(pages) > 10
    assert broken == []


def test_every_event_of_the_list_is_emitted_somewhere() -> None:
    source = "".join(p.read_text("utf-8") for p in (ROOT / "flows").rglob("*.py") if p.name != "events.py")

    assert [name for name in EVENTS if f'"{name}"' not in source] == []
