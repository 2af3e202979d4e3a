"""``zhengji doctor`` on a machine that nothing ran on yet: what comes by itself is no fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import inspecting
from flows.steps.dry_run import doctor
from flows.steps.dry_run.doctor import Check

ROOT = Path(__file__).resolve().parents[2]


def said(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> tuple[int, list[str]]:
    monkeypatch.setattr(inspecting, "examine_surroundings", lambda _: checks)
    done = CliRunner().invoke(inspecting.doctor)
    return done.exit_code, done.output.splitlines()


WELL = Check("设置", ok=True, sentence="齐全。")
NOT_YET = Check("数据文件夹", ok=None, sentence="还不存在，首次运行时建立。")
AMISS = Check("收信登录", ok=False, sentence="授权码不对。")


def test_what_people_should_only_know_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, WELL, NOT_YET) == (0, ["✓ 设置：齐全。", "· 数据文件夹：还不存在，首次运行时建立。"])


def test_a_fault_is_marked_and_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, WELL, NOT_YET, AMISS) == (
        1,
        ["✓ 设置：齐全。", "· 数据文件夹：还不存在，首次运行时建立。", "✗ 收信登录：授权码不对。"],
    )


def test_a_missing_program_is_told_with_a_cure_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    *programs, _ = doctor._programs()
    assert [check.ok for check in programs] == [None] * len(programs)
    for check in programs:
        (script,) = re.findall(r"scripts/[a-z-]+", check.sentence)
        assert (ROOT / script).is_file()


def test_every_make_command_that_people_are_told_to_run_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    rooms = [path for room in ("config", "parsers", "store", "flows") for path in (ROOT / room).rglob("*.py")]
    texts = [path.read_text("utf-8") for path in rooms]
    told = {name for text in texts for name in re.findall(r"运行 make ([a-z-]+)", text)}
    shown = re.findall(r"`make ([a-z-]+)[^`]*`", (ROOT / "README.md").read_text("utf-8"))
    assert told | set(shown) <= targets
    assert "demo" in told
