"""LibreOffice in a locked-down child (受限子进程), only to see the structure of old Word files.

Measured: a fresh profile may need a second start; exit code 0 says nothing, so the
output is looked at; what crashes once converts in a fresh process. The child has its own profile with macros off
and links blocked, no network where the system lets us take it away, limits on memory, time and file size, and dies
with its whole process group.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

SECONDS = 25.0
"""Deadline of one attempt; the slowest of 683 files took 3.9 on an idle machine."""
ATTEMPTS = 2
_MEMORY = 2 * 1024**3
_OUTPUT = 128 * 1024 * 1024

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Load", "UserDefinedSettings", "true"),
)


@lru_cache(maxsize=1)
def program() -> str | None:
    """Return where LibreOffice is installed; None where it is not."""
    return shutil.which("soffice", path="/usr/bin:/usr/local/bin:/opt/libreoffice/program") or None


@lru_cache(maxsize=1)
def _cage() -> tuple[str, ...]:
    """Words before the command that take the network and stray children away; empty where the system forbids it."""
    tool = shutil.which("unshare", path="/usr/bin:/bin")
    if tool is None:
        return ()
    for words in (("-r", "-n", "-p", "-f", "--kill-child"), ("-r", "-n")):
        try:
            tried = subprocess.run([tool, *words, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603 - fixed words
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return (tool, *words)
    return ()


def to_docx(data: bytes, ending: str) -> bytes | None:
    """Return the file as docx as LibreOffice sees it; None where that fails or LibreOffice is missing.

    ``ending`` is ``doc`` or ``wps``. Takes two to four seconds.
    """
    soffice = program()
    if soffice is None:
        return None
    for _ in range(ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="zhengji-office-") as folder:
            converted, in_time = _converted(soffice, data, ending, Path(folder))
        if converted is not None or not in_time:
            return converted
    return None


def _converted(soffice: str, data: bytes, ending: str, folder: Path) -> tuple[bytes | None, bool]:
    """Return the result of one attempt in a fresh profile, and whether it ended in time."""
    source = folder / f"in.{ending}"
    source.write_bytes(data)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    items = "\n".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (profile / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), encoding="utf-8")
    command = [
        *_cage(),
        soffice,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    child = subprocess.Popen(  # noqa: S603 - fixed words and paths of our own making
        command,
        env=variables,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_limit,  # noqa: PLW1509 - runs setrlimit only, before any thread of the child
    )
    in_time = True
    try:
        child.wait(SECONDS)
    except subprocess.TimeoutExpired:
        in_time = False
    finally:
        _end(child)
    found = folder / "out" / "in.docx"
    if not found.is_file() or found.stat().st_size > _OUTPUT:
        return None, in_time
    content = found.read_bytes()
    return (content if content.startswith(b"PK") else None), in_time


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child with everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, 30),
        (resource.RLIMIT_FSIZE, _OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901 - the tighter one counts
        resource.setrlimit(kind, (most, most))
