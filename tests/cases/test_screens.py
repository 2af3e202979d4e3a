"""What staff see of a story (看得见的): every screen, export and digest opens, and speaks its own call's words."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from config.faults import CallFault
from config.load import load_call
from flows.checks.registry import open_call
from flows.cli.looking import digest, export, register, show
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.digest.make import make_digest
from flows.steps.digest.recommender import make_recommender_digest
from flows.steps.dry_run.letters_check import check_letters
from flows.steps.screens.pages import pages
from flows.steps.screens.register import register_values
from store.engine import Store
from tests.cases.office import Office, quick_store
from tests.cases.story import Story, all_stories
from tests.cases.telling import CALLS
from tests.cases.written import letters_text, register_text

SECOND = tuple(story for story in all_stories() if story.call == "key-sme-2025")
FIRST = tuple(story for story in all_stories() if story.call == "cases-2026")[::40]
NAMES = ("cases-2026", "key-sme-2025")
OTHERS = {"cases-2026": ("申请表", "佐证材料", "“重点省专”"), "key-sme-2025": ("案例报告", "案例名称", "照片")}
"""Names of papers that only the other call asks for."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own: the commands open it once more, as they do beside a running service."""
    store = quick_store(tmp_path / "home")
    yield store
    store.close()


def everything(office: Office, into: Path) -> dict[str, str]:
    """Open all there is to see and return it as text, by screen."""
    shop, now = office.shop, office.now
    seen = {page.key: page.make().markdown for page in pages(shop, now)}
    made = make_digest(shop, now)
    seen["digest"] = f"{made.subject}\n{made.text}\n{made.html}"
    rows = register_values(shop, now)["submissions"]
    for body in sorted({row["recommender"] for row in rows} - {None}):
        told = make_recommender_digest(shop, body, now)
        seen[f"digest {body}"] = f"{told.subject}\n{told.text}\n{told.html}"
    commands = [(register, ["--json"]), (register, []), (register, ["--xlsx", str(into / "台账.xlsx")])]
    commands += [(show, [row["number"]]) for row in rows]
    commands += [(export, [row["number"], "--into", str(into)]) for row in rows]
    commands += [(export, ["--into", str(into)]), (digest, [])]
    clock = ["--now", now.isoformat()]
    for command, words in commands:
        result = CliRunner().invoke(command, [*words, *clock], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        seen[f"zhengji {command.name} {' '.join(words)}"] = result.output
    for path in sorted(into.iterdir()):
        seen[path.name] = written(path)
    return seen


def written(path: Path) -> str:
    """Return what people read in an exported file: names and texts in a zip, the cells of a table."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    with zipfile.ZipFile(path) as archive:
        told = [archive.read(name).decode() for name in archive.namelist() if name.endswith((".txt", ".json"))]
        return "\n".join([*archive.namelist(), *told])


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(
            story,
            id=f"{story.call}-{story.shape}-{story.name}",
            marks=[] if story in (SECOND[0], SECOND[8], FIRST[0]) else [pytest.mark.slow],
        )
        for story in (*SECOND, *FIRST)
    ],
)
def test_every_screen_opens_and_speaks_of_its_own_calls_papers(
    store: Store, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(store, story)
    office.play()
    for mail in story.mails:
        for file in mail.files:
            store.blobs.put(file.content())
    for name in [name for name in os.environ if name.startswith("ZHENGJI_")]:
        monkeypatch.delenv(name)
    for name, value in (("HOME", store.home), ("CALL", story.call), ("IMAP_USER", "zjzjtxqycjfh@163.com")):
        monkeypatch.setenv(f"ZHENGJI_{name}", str(value))
    monkeypatch.setenv("ZHENGJI_SECRET", "for-stories-only-0123456789")
    values = register_values(office.shop, office.now)
    call = office.shop.call
    (tmp_path / "out").mkdir()
    seen = everything(office, tmp_path / "out")
    for row in values["submissions"]:
        assert list(row["materials"]) == [material.key for material in call.electronic]
        for number, material in enumerate(call.electronic, 1):
            for file in row["materials"][material.key]:
                page, shown = seen[f"dossier-{row['number'].lower()}"], seen[f"zhengji show {row['number']}"]
                assert f"| {material.name} | " in page
                assert f"{material.name}：{file['path']}" in shown
                place = f"{number:02d}_{material.short}/{file['name']}"
                assert file["current"] is (place in seen[f"{row['number']}.zip"].splitlines()), place
    assert json.loads(seen["zhengji register --json"]) == json.loads(json.dumps(values))
    said_by_senders = "\n".join(f"{mail.subject}{mail.text}{file.path}" for mail in story.mails for file in mail.files)
    for name, text in seen.items():
        strange = [word for word in OTHERS[story.call] if word in text and word not in said_by_senders]
        assert strange == [], name


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_a_call_speaks_of_its_own_papers(name: str, tmp_path: Path) -> None:
    report = check_letters(load_call(CALLS / name), into=tmp_path / "letters")
    assert (report.faults, report.rendered > 40) == ((), True)
    texts = [path.read_text("utf-8") for path in (tmp_path / "letters").rglob("*") if path.is_file()]
    assert len(texts) >= report.rendered
    assert {word for text in texts for word in OTHERS[name] if word in text} == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_paper_of_a_call_can_be_booked_by_its_name(name: str, store: Store) -> None:
    story = next(story for story in (*SECOND, *FIRST) if story.call == name)
    office = Office(store, story)
    office.play()
    number = register_values(office.shop, office.now)["submissions"][0]["number"]
    day = office.now.date().isoformat()
    for paper in load_call(CALLS / name).on_paper:
        form = forms.PaperForm(number=number, by="李经办", paper=paper.name, received_on=day)
        assert perform(office.shop, "paper", form, office.now) == f"{number} 的{paper.name}已登记，收到日期 {day}。"
    form = forms.PaperForm(number=number, by="李经办", paper="身份证", received_on=day)
    with pytest.raises(DeskRefusal, match="没有一项叫“身份证”；请写明是哪一项："):
        perform(office.shop, "paper", form, office.now)


def test_a_call_may_give_its_papers_whatever_keys_it_likes(store: Store, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CALLS / "cases-2026", tmp_path / "other-keys"))
    text = (folder / "call.toml").read_text("utf-8")
    for key in ("form", "report", "photos", "paper_form", "paper_report"):
        assert f'\nkey = "{key}"\nrole' in text
        text = text.replace(f'\nkey = "{key}"\nrole', f'\nkey = "my_{key}"\nrole')
    (folder / "call.toml").write_text(text, "utf-8")
    story = next(story for story in FIRST if "supplement" in story.then.get("kinds", ()) or len(story.mails) > 1)
    office = Office(store, story)
    call = replace(open_call(folder), id="cases-2026")
    office.teller.call, office.shop = call, replace(office.shop, call=call)
    office.play()
    assert register_text(office) == (story.folder / "register.txt").read_text("utf-8")
    assert letters_text(office) == (story.folder / "letters.txt").read_text("utf-8")
    row = register_values(office.shop, office.now)["submissions"][0]
    assert list(row["materials"]) == ["my_form", "my_report", "my_photos"]
    assert list(row["facts"]) == ["my_form", "my_report"]
    assert all(page.make().markdown for page in pages(office.shop, office.now))
    assert make_digest(office.shop, office.now).text


def test_a_rule_about_a_paper_that_the_call_does_not_ask_for_is_refused_when_the_call_is_opened(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CALLS / "cases-2026", tmp_path / "no-photos"))
    text = (folder / "call.toml").read_text("utf-8")
    (folder / "call.toml").write_text(text.replace('role = "photo"', 'role = "other"'), "utf-8")
    with pytest.raises(CallFault) as refused:
        open_call(folder)
    told = "要看的材料（role = “photo”）不在 materials 中；请补上材料，或删去规则。"
    assert [fault.sentence for fault in refused.value.faults] == [f"规则 P0{n} {told}" for n in (1, 2, 3)]
