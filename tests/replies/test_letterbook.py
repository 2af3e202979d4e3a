"""The wording is data: staff change it without a release, and a check finds what would break before it goes out."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.call import Call
from config.load import find_call, load_call, packaged_calls
from config.wording import SHARED, templates
from flows.replies.compose import compose, facts_for
from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.replies.letterbook import LETTER_KINDS, LetterFault, letterbook_for, needed_files
from flows.replies.samples import samples
from flows.steps.dry_run.letters_check import check_letters, field_names
from tests.checks.dossiers import cases_2026, complete_dossier
from tests.replies.situations import NOW

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]


@pytest.fixture
def own(tmp_path: Path) -> Call:
    """The main call with letters of its own, each as the shared one is, that a test may change."""
    shutil.copytree(SHARED, tmp_path / "letters")
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
    edit(own, "received/body.j2", '"感谢贵单位报送" ~ parts.papers() ~ "。电子材料已收齐，无须再发邮件。"', '"谢谢。"')
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


def test_a_letter_that_the_call_does_not_word_is_the_shared_one(own: Call) -> None:
    before = compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)
    shutil.rmtree(own.folder / "letters")
    (own.folder / "letters" / "received").mkdir(parents=True)
    subject = own.folder / "letters" / "received" / "subject.txt"
    subject.write_text("【收讫】{{ number }} {{ words.application }}\n", "utf-8")
    after = compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW)
    assert (after.subject, after.text) == ("【收讫】AL2026-0042 优秀案例申报", before.text)
    assert check_letters(own).faults == ()
    subject.unlink()
    assert compose(LetterKind.RECEIVED, complete_dossier(), (), own, NOW).subject == before.subject


def test_a_word_of_the_call_is_said_in_the_shared_letters() -> None:
    call = replace(cases_2026(), words={**cases_2026().words, "application": "征文"})
    letter = compose(LetterKind.RECEIVED, complete_dossier(), (), call, NOW)
    assert letter.subject == "【已收讫·无需操作】AL2026-0042 杭州钱江精密轴承有限公司 征文"
    assert "的征文材料。" in letter.html


def test_a_word_that_the_call_lacks_is_named_with_its_template() -> None:
    words = {key: value for key, value in cases_2026().words.items() if key != "office"}
    report = check_letters(replace(cases_2026(), words=words))
    assert "模板用到了不存在的字段：office，请改用已有字段。" in report.faults
    named = "逾期收到：模板 letters/late/body.j2 无法生成（'dict object' has no attribute 'office'），请改正该模板。"
    assert named in report.faults


def test_each_kind_of_letter_has_its_folder_its_member_and_its_row_and_nothing_is_stray() -> None:
    held = {path.relative_to(SHARED).as_posix() for path in SHARED.rglob("*") if path.is_file()}
    assert held == {*needed_files(), "_base/parts.j2"}
    assert set(LETTER_NAMES) == set(LetterKind)
    assert len(set(LETTER_NAMES.values())) == len(LetterKind)


def test_no_call_keeps_a_copy_of_a_letter_that_all_calls_share() -> None:
    for folder in packaged_calls():
        own = {name: path for name, path in templates(folder).items() if path.is_relative_to(folder)}
        same = [name for name, path in own.items() if path.read_bytes() == (SHARED / name).read_bytes()]
        assert same == []
        letterbook_for(load_call(folder))


def test_the_guide_for_staff_names_every_field_block_and_letter() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "letters.md").read_text("utf-8")
    named = set(re.findall(r"`(?:f\.)?([a-z_-]+)", guide))
    fields: set[str] = set()
    for sample in samples(cases_2026()):
        facts = facts_for(sample.kind, sample.matter, sample.findings, cases_2026(), sample.now, before=sample.previous)
        fields |= set(field_names(facts))
    blocks = (SHARED / "_base" / "blocks.txt").read_text("utf-8")
    macros = set(re.findall(r"\{% macro (\w+)", blocks))
    assert (fields | macros | {kind.value for kind in LETTER_KINDS}) - named == set()
