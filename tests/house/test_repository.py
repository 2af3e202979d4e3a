"""What must not stand in any file that git keeps: addresses of indexes, paths of one machine, large files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def kept_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name for name in listed.decode().split("\0") if name]
    assert len(files) > 80, "too few files to prove anything"
    return [path for path in files if path.is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_index_or_registry_address_stands_in_any_file() -> None:
    address = re.compile(r"--(?:extra-)?index-url|pypi\.org|files\.pythonhosted|registry\.npmjs|/simple/?['\"\s]")
    found = [p.name for p in kept_files() if p != Path(__file__).resolve() and address.search(text_of(p))]

    assert found == []


def test_no_path_of_one_machine_stands_in_any_file() -> None:
    # The letters are taken apart so that this file does not find itself.
    path = re.compile(r"(?<![\w.$/-])/(?:ro" + r"ot|ho" + r"me|wo" + r"rk|fa" + r"rm)/[A-Za-z.]")
    found = [str(p.relative_to(ROOT)) for p in kept_files() if path.search(text_of(p))]

    assert found == []


def test_no_large_file_is_kept() -> None:
    large = {str(p.relative_to(ROOT)): p.stat().st_size for p in kept_files() if p.stat().st_size > 1_000_000}

    assert large == {}


def test_locked_dependencies_carry_hashes() -> None:
    for name in ("dev.lock", "demo.lock", "runtime.lock", "model.lock"):
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if re.match(r"^[a-z0-9]", line)]

        assert len(pins) > (0 if name == "model.lock" else 60)
        assert [pin for pin in pins if not pin.endswith("\\")] == [], "a pin without a hash follows no continuation"
