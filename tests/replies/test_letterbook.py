"""The wording is data: staff change it without a release, and a check finds what would break before it goes out."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.call import Call
from config.load import find_call, load_call
from flows.replies.compose import compose, facts_for
from flows.replies.letter import LetterKind
from flows.replies.letterbook import LETTER_KINDS, LetterFault, load_letterbook, needed_files
from flows.replies.samples import samples
from flows.steps.dry_run.letters_check import check_letters, field_names
from tests.checks.dossiers import cases_2026, complete_dossier
from tests.replies.situations import NOW

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]


@pytest.fixture
def own(tmp_path: Path) -> Call:
    """The main call with a copy of its letters that a test may change."""
    shutil.copytree(cases_2026().folder / "letters", tmp_path / "letters")
    return replace(cases_2026(), folder=tmp_path)


def edit(call: Call, name: str, old: str, new: str) -> None:
    path = call.folder / "letters" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("name", ["cases-2026", "key-sme-2025"])
def test_the_letters_of_both_calls_pass_the_check(name: str, tmp_path: Path) -> None:
    report = check_letters(load_call(find_call(name)), into=tmp_path / "seen")
    assert report.faults == ()
    assert report.wide == ()
    assert report.rendered == len(LETTER_KINDS) * 3
    assert len(list((tmp_path / "seen").iterdir())) == report.rendered * 2
    assert report.lines()[-1] == "可以使用。"


def test_samples_reach_every_kind_with_much_and_with_little_to_say() -> None:
    names = {sample.name for sample in samples(cases_2026())}
    assert names == {f"{kind}-{much}" for kind in LETTER_KINDS for much in ("full", "bare", "over")}


def test_changed_wording_is_used_without_a_restart(own: Call) -> None:
    first = compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)
    edit(own, "received/body.j2", "感谢贵单位报送优秀案例。", "谢谢。")
    second = compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)
    assert ("感谢贵单位" in first.text, "感谢贵单位" in second.text) == (True, False)
    assert "谢谢。" in second.html


def test_an_unknown_field_is_named_with_its_template(own: Call) -> None:
    edit(own, "received/subject.txt", "{{ number }}", "{{ numbr }}")
    report = check_letters(own)
    assert report.ok is False
    assert "收讫：模板 letters/received/subject.txt 无法生成（'numbr' is undefined），请改正该模板。" in report.faults
    with pytest.raises(LetterFault, match="numbr"):
        compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)


def test_an_unknown_field_in_a_branch_that_no_sample_takes_is_found_too(own: Call) -> None:
    edit(own, "minimal/body.j2", "{{ parts.hello() }}", "{% if false %}{{ contact.mobile }}{{ pigeon }}{% endif %}")
    assert check_letters(own).faults == (
        "模板用到了不存在的字段：mobile，请改用已有字段。",
        "模板用到了不存在的字段：pigeon，请改用已有字段。",
    )


def test_a_field_that_no_template_uses_is_listed_and_no_fault(own: Call) -> None:
    before = check_letters(own)
    edit(own, "_base/page.txt", "依据：", "")
    edit(own, "_base/page.txt", "document_number ~ ", "")
    edit(own, "_base/page.html", "{{ document_number }}", "")
    after = check_letters(own)
    assert after.ok
    assert set(after.unused) - set(before.unused) == {"document_number"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ parts.next_part() }}", "{% endfi %}", "endfi"),
        ("{{ parts.hello() }}", "{{ ''.__class__.__mro__ }}", "__class__"),
        ("{{ parts.hello() }}", "{{ files.append(1) }}", "append"),
        ("{{ parts.hello() }}", '{% include "/etc/passwd" %}', "passwd"),
    ],
)
def test_broken_or_hostile_wording_is_a_fault_and_never_runs(own: Call, old: str, new: str, said: str) -> None:
    edit(own, "received/body.j2", old, new)
    with pytest.raises(LetterFault, match=said) as fault:
        compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)
    assert fault.value.sentence.startswith("收讫：模板 letters/received/body.j2 无法生成（")
    assert "root:" not in fault.value.sentence


def test_a_subject_of_two_lines_is_a_fault(own: Call) -> None:
    edit(own, "late/subject.txt", "【逾期收到·暂无需操作】", "【逾期收到·暂无需操作】\n")
    assert check_letters(own).faults == ("逾期收到：letters/late/subject.txt 只能有一行，请合成一行。",)


def test_a_missing_template_is_named(own: Call) -> None:
    (own.folder / "letters" / "bundle" / "body.j2").unlink()
    report = check_letters(own)
    assert report.faults == ("信函文件夹 letters 缺少：bundle/body.j2，请补上这些模板。",)


@pytest.mark.parametrize("name", ["cases-2026", "key-sme-2025"])
def test_each_letters_folder_holds_what_is_needed_and_nothing_stray(name: str) -> None:
    folder = load_call(find_call(name)).folder / "letters"
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert held == {*needed_files(), "_base/parts.j2"}
    load_letterbook(folder)


def test_both_calls_share_the_same_blocks() -> None:
    one, two = (load_call(find_call(name)).folder / "letters" / "_base" for name in ("cases-2026", "key-sme-2025"))
    for name in ("blocks.txt", "blocks.html"):
        assert (one / name).read_text("utf-8") == (two / name).read_text("utf-8")


def test_the_guide_for_staff_names_every_field_block_and_letter() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "letters.md").read_text("utf-8")
    named = set(re.findall(r"`(?:f\.)?([a-z_-]+)", guide))
    fields: set[str] = set()
    for sample in samples(cases_2026()):
        facts = facts_for(sample.kind, sample.matter, sample.findings, cases_2026(), sample.now, before=sample.previous)
        fields |= set(field_names(facts))
    blocks = (cases_2026().folder / "letters" / "_base" / "blocks.txt").read_text("utf-8")
    macros = set(re.findall(r"\{% macro (\w+)", blocks))
    assert (fields | macros | {kind.value for kind in LETTER_KINDS}) - named == set()
